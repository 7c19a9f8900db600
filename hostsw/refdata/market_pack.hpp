#pragma once
// A market's rules as effective-dated data. Each rule says where it comes from, how far that can be
// trusted, and whether it can stop an order; when several rules of a kind cover a day, the one that
// came into force last applies.
#include <span>
#include <string>
#include <vector>

#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/refdata/date.hpp"
#include "hostsw/refdata/session.hpp"
#include "hostsw/refdata/tick_table.hpp"

namespace tradsys::refdata {

enum class Confidence : u8 { kLow = 0, kMedium = 1, kHigh = 2 };

/// What every rule carries beside its values.
struct Rule {
  std::string name;  ///< board, regime or holiday it speaks of
  Date from{kFirstDate};
  Date to{kLastDate};  ///< last day in force
  std::string source;
  Confidence confidence{Confidence::kLow};
  bool hard_block{};  ///< can stop an order by itself
  bool reviewed{};  ///< a person has checked the values against the market
  std::string where;  ///< "egx.toml:12"
};

/// What a tick follows from: the price of each order, or the instrument's last close, fixed for a
/// week.
enum class TickBasis : u8 { kOrderPrice = 0, kWeeklyClose = 1 };

struct TickRule : Rule {
  TickBasis basis{TickBasis::kOrderPrice};
  TickTable table;
};
/// How far from the previous close a price may lie, in basis points.
struct PriceLimitRule : Rule {
  u32 up_bp{};
  u32 down_bp{};
};
struct LotRule : Rule {
  u32 size{1};
};
struct UtcOffsetRule : Rule {
  Nanos offset{};
};
struct SessionRule : Rule {
  std::vector<Phase> phases;
};
struct HolidayRule : Rule {};

/// Everything one pack file says.
struct MarketPack {
  std::string market;  ///< "egx"
  std::string title;
  std::string mic;
  std::string currency;
  std::string time_zone;
  u32 price_decimals{};
  u8 trading_weekdays{};  ///< bit n = weekday n, Sunday 0
  Nanos clock_guard{};
  std::vector<UtcOffsetRule> utc_offsets;
  std::vector<SessionRule> sessions;
  std::vector<HolidayRule> holidays;
  std::vector<TickRule> tick_tables;
  std::vector<PriceLimitRule> price_limits;
  std::vector<LotRule> lots;
};

/// The rule in force on `date`: of those that cover it (and bear `name`, unless empty) the one that
/// came into force last; null for none.
template <class R>
[[nodiscard]] const R* in_force(const std::vector<R>& rules, Date date,
                                std::string_view name = {}) {
  const R* best = nullptr;
  for (const R& rule : rules) {
    if (rule.from > date || rule.to < date || (!name.empty() && rule.name != name)) continue;
    if (best == nullptr || rule.from > best->from) best = &rule;
  }
  return best;
}

/// The day `local` of the market: no phases on a weekend, a holiday, or a day without a session or
/// a UTC offset in force (closed is the safe answer).
[[nodiscard]] DayPlan plan_day(const MarketPack& pack, Date local);

/// Whether the market takes orders at a UTC time of the local day `local`. Plan the day once and
/// ask the plan where it matters.
[[nodiscard]] bool market_open(const MarketPack& pack, Date local, Nanos utc_of_day);

/// Band around the previous close, rounded inwards to the tick: {lowest, highest} valid price.
/// Nothing when a rule is missing or no price fits.
struct PriceBand {
  Price low{};
  Price high{};
  bool operator==(const PriceBand&) const = default;
};
[[nodiscard]] std::optional<PriceBand> price_band(const PriceLimitRule& limits,
                                                  const TickTable& ticks, Price previous_close);

/// Production refuses a pack while a rule that can stop an order by itself has low confidence and
/// no review. The error names the first such rule, and how many there are.
[[nodiscard]] Status check_for_production(const MarketPack& pack);

}  // namespace tradsys::refdata
