#pragma once
// How much of each limit of a scope is used, and the level at which it warns. For reports and
// alarms; the gate itself needs none of it.
#include <array>
#include <string_view>

#include "hostsw/risk/rows.hpp"

namespace tradsys::risk {

/// One limit and what is used of it, in the unit of the limit.
struct Headroom {
  std::string_view name;
  u64 used{};
  u64 limit{};
  bool is_value{};  ///< in book value units; else a count

  [[nodiscard]] constexpr bool limited() const noexcept {
    return is_value ? limit < kValueMax : limit < kNoLimit32;
  }
  /// 100, 90 or 70 once that much of the limit is used; else 0.
  [[nodiscard]] constexpr u32 level_percent() const noexcept {
    if (!limited() || used == 0) return 0;
    for (const u32 level : {100U, 90U, 70U}) {
      if (static_cast<u128>(used) * 100 >= static_cast<u128>(limit) * level) return level;
    }
    return 0;
  }
};

/// All limits of a scope, in the order of ScopeLimits.
[[nodiscard]] constexpr std::array<Headroom, 7> headroom(const ScopeLimits& limits,
                                                         const ScopeUse& use) noexcept {
  const u64 open = use.open_buy + use.open_sell;
  const i64 sold_less_bought = static_cast<i64>(use.sold) - static_cast<i64>(use.bought);
  const i64 longest = static_cast<i64>(use.open_buy) - sold_less_bought;
  const i64 shortest = static_cast<i64>(use.open_sell) + sold_less_bought;
  const i64 net = longest > shortest ? longest : shortest;
  const u64 loss = static_cast<u64>(use.result < 0 ? -use.result : 0);
  return {{{"gross_value_max", use.bought + use.sold + open, limits.gross_value_max, true},
           {"net_value_max", static_cast<u64>(net > 0 ? net : 0), limits.net_value_max, true},
           {"open_value_max", open, limits.open_value_max, true},
           {"buying_power", use.bought + use.open_buy, limits.buying_power, true},
           {"loss_max", loss, limits.loss_max, true},
           {"loss_halt", loss, limits.loss_halt, true},
           {"open_orders_max", use.open_orders, limits.open_orders_max, false}}};
}

/// The highest level of any limit of a scope.
[[nodiscard]] constexpr u32 level_percent(const ScopeRow& row) noexcept {
  u32 level = 0;
  for (const Headroom& h : headroom(row.limits, row.use))
    level = h.level_percent() > level ? h.level_percent() : level;
  return level;
}

}  // namespace tradsys::risk
