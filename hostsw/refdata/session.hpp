#pragma once
// A trading day as data: phases in local time, and what each takes. Pure functions of (plan, time),
// cheap enough for a dataplane's housekeeping.
#include <array>
#include <string_view>

#include "hostsw/core/types.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/refdata/date.hpp"

namespace tradsys::refdata {

enum class PhaseKind : u8 {
  kClosed = 0,
  kPreOpen = 1,
  kContinuous = 2,
  kCloseAuction = 3,
  kTradeAtLast = 4,
};
[[nodiscard]] constexpr std::string_view name_of(PhaseKind kind) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"closed", "pre_open", "continuous",
                                                   "close_auction", "trade_at_last"};
  const auto index = static_cast<usize>(kind);
  return index < kNames.size() ? kNames[index] : "?";
}

/// What a phase takes, as bits.
inline constexpr u8 kTakesLimit = 1;
inline constexpr u8 kTakesMarket = 2;
inline constexpr u8 kTakesCancel = 4;

/// [begin, end) in nanoseconds of the local day.
struct Phase {
  Nanos begin{};
  Nanos end{};
  PhaseKind kind{PhaseKind::kClosed};
  u8 takes{};
  bool operator==(const Phase&) const = default;
};

inline constexpr usize kPhasesMax = 16;

/// One day of one market. Phases ascend and do not overlap; what lies between them is closed.
struct DayPlan {
  std::array<Phase, kPhasesMax> phases{};
  u32 phase_count{};  ///< 0 on a day without trading
  Nanos utc_offset{};  ///< local time = UTC + utc_offset
  Nanos clock_guard{};  ///< how far our clock may be off the market's
};

/// The phase at a UTC time of day; closed where none is.
[[nodiscard]] constexpr Phase phase_at(const DayPlan& plan, Nanos utc_of_day) noexcept {
  const Nanos local = utc_of_day + plan.utc_offset;
  for (u32 i = 0; i < plan.phase_count; ++i)
    if (plan.phases[i].begin <= local && local < plan.phases[i].end) return plan.phases[i];
  return {};
}

/// What the market takes at a UTC time of day. Within the clock guard of a boundary only what both
/// sides take: an order that might arrive in the wrong phase is not sent.
[[nodiscard]] constexpr u8 takes_at(const DayPlan& plan, Nanos utc_of_day) noexcept {
  const u8 early = phase_at(plan, utc_of_day - plan.clock_guard).takes;
  const u8 late = phase_at(plan, utc_of_day + plan.clock_guard).takes;
  return early & late;
}

/// Whether the market takes orders: MarketState::market_open.
[[nodiscard]] constexpr bool market_open(const DayPlan& plan, Nanos utc_of_day) noexcept {
  return (takes_at(plan, utc_of_day) & (kTakesLimit | kTakesMarket)) != 0;
}

}  // namespace tradsys::refdata
