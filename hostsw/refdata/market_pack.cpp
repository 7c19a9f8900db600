#include "hostsw/refdata/market_pack.hpp"

#include <algorithm>

namespace tradsys::refdata {
namespace {

struct Unreviewed {
  const Rule* first{};
  u32 count{};
};

template <class R>
void collect(const std::vector<R>& rules, Unreviewed& out) {
  for (const R& rule : rules) {
    if (!rule.hard_block || rule.reviewed || rule.confidence != Confidence::kLow) continue;
    if (out.first == nullptr) out.first = &rule;
    ++out.count;
  }
}

/// amount * (10000 + bp) / 10000, rounded down; 128 bits, because prices are 1e-8 units.
[[nodiscard]] i64 scaled_down(i64 amount, i64 bp) {
  return static_cast<i64>(static_cast<i128>(amount) * (10'000 + bp) / 10'000);
}
[[nodiscard]] i64 scaled_up(i64 amount, i64 bp) {
  return static_cast<i64>((static_cast<i128>(amount) * (10'000 + bp) + 9'999) / 10'000);
}

}  // namespace

DayPlan plan_day(const MarketPack& pack, Date local) {
  DayPlan plan{.clock_guard = pack.clock_guard};
  const UtcOffsetRule* offset = in_force(pack.utc_offsets, local);
  const SessionRule* session = in_force(pack.sessions, local);
  const bool trades = (pack.trading_weekdays >> weekday(local) & 1U) != 0;
  if (!trades || offset == nullptr || session == nullptr ||
      in_force(pack.holidays, local) != nullptr)
    return plan;
  plan.utc_offset = offset->offset;
  TRADSYS_ASSERT(session->phases.size() <= kPhasesMax);
  std::copy(session->phases.begin(), session->phases.end(), plan.phases.begin());
  plan.phase_count = static_cast<u32>(session->phases.size());
  return plan;
}

bool market_open(const MarketPack& pack, Date local, Nanos utc_of_day) {
  return market_open(plan_day(pack, local), utc_of_day);
}

std::optional<PriceBand> price_band(const PriceLimitRule& limits, const TickTable& ticks,
                                    Price previous_close) {
  if (previous_close.v <= 0 || ticks.count() == 0 || limits.down_bp > 10'000) return std::nullopt;
  const i64 low = scaled_up(previous_close.v, -i64{limits.down_bp});
  const i64 high = scaled_down(previous_close.v, limits.up_bp);
  const PriceBand band{{ticks.round_up(low)}, {ticks.round_down(high)}};
  if (band.low.v > band.high.v) return std::nullopt;
  return band;
}

Status check_for_production(const MarketPack& pack) {
  Unreviewed found;
  collect(pack.utc_offsets, found);
  collect(pack.sessions, found);
  collect(pack.holidays, found);
  collect(pack.tick_tables, found);
  collect(pack.price_limits, found);
  collect(pack.lots, found);
  if (found.first == nullptr) return Done{};
  return Error{found.first->where,
               "rule '" + found.first->name +
                   "' can stop orders, has low confidence and no review (" +
                   std::to_string(found.count) + " such rules in pack '" + pack.market + "')",
               "check it against the market's own notice and set reviewed = true"};
}

}  // namespace tradsys::refdata
