#pragma once
// What one request asks of the ledger, worked out once for all checks.
#include <limits>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/types.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/risk/reference_price.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::risk {

/// Number of LimitScope values: each order counts in all of them.
inline constexpr usize kScopes = kLimitScopeCount;

/// All that a verdict depends on. `account` and `instrument` are null when unknown; `position` is
/// set exactly when both are known; `market` is never null.
struct GateView {
  const AccountRow* account{};
  const InstrumentRow* instrument{};
  const InstrumentLimits* rules{};  ///< what `instrument` was made from; read by explain only
  const PositionCell* position{};
  const MarketState* market{};
  /// By LimitScope; kNoScope where the account is not known.
  std::array<const ScopeRow*, kScopes> scopes{&kNoScope, &kNoScope, &kNoScope, &kNoScope};
  u64 rate_credit{};  ///< credit_at the time of the request
  i64 now_ns{};
  u32 limits_epoch{};

  [[nodiscard]] constexpr const ScopeRow& scope(LimitScope kind) const noexcept {
    return *scopes[static_cast<usize>(kind)];
  }
};

[[nodiscard]] constexpr bool is_buy(Side side) noexcept { return side == Side::kBuy; }
[[nodiscard]] constexpr bool is_short(Side side) noexcept { return side == Side::kSellShort; }
[[nodiscard]] constexpr bool is_sell(Side side) noexcept {
  return side == Side::kSell || is_short(side);
}

/// Quantity that may trade once the request is in force; 0 for a cancel.
[[nodiscard]] constexpr u32 leaves_qty(const OrderRequest& r) noexcept {
  const u32 executed = r.kind == RequestKind::kReplace ? r.replaces_cum_qty : 0;
  const u32 leaves = r.qty > executed ? r.qty - executed : 0;
  return r.kind == RequestKind::kNew || r.kind == RequestKind::kReplace ? leaves : 0;
}

/// Quantity the ledger must reserve on top of what it holds for the order; 0 for a cancel.
[[nodiscard]] constexpr u32 extra_qty(const OrderRequest& r) noexcept {
  const u32 reserved = r.kind == RequestKind::kReplace ? r.replaces_reserved_qty : 0;
  const u32 leaves = leaves_qty(r);
  return leaves > reserved ? leaves - reserved : 0;
}

/// Price an order is valued at: its limit or, without one, the top of the instrument's collar, on
/// both sides, so that a sell never looks small; 0 where no price is known.
[[nodiscard]] constexpr u64 worst_price(const OrderRequest& r, const GateView& v) noexcept {
  if (r.order_type != OrderType::kMarket) return r.price;
  if (v.instrument == nullptr) return 0;
  return collar_top(reference_doubled(*v.market), v.instrument->collar_bp);
}

[[nodiscard]] constexpr u64 cut_product(u64 price, u64 qty) noexcept {
  const u128 value = static_cast<u128>(price) * qty;
  return value < kValueMax ? static_cast<u64>(value) : kValueMax;
}

/// What a request asks of the ledger. Quantities are never negative.
struct Claim {
  u128 notional{};  ///< of the whole order
  u64 reserved_value{};  ///< held for the order once it passed
  u64 extra_value{};  ///< of that, not held yet
  u64 key{};  ///< order_key of a new order whose duplicates are counted; else 0
  i64 extra_qty{};
  bool buys{};
  bool sells{};
  // Of the pair, whose line is the coldest of all: filled in last, by add_pair.
  /// Whatever trades, the position gets smaller and does not change sides.
  bool reduces{};
  i64 worst{};  ///< position on the order's side once it passed; 0 when the pair is not known
  i64 mark_change{};  ///< of PositionCell::marked at the reference price; 0 without one
};

/// Profit or loss of the day in one pair, at half of `doubled`.
[[nodiscard]] constexpr i64 marked_at(const PositionCell& cell, u64 doubled) noexcept {
  const i128 value = static_cast<i128>(cell.exposure.position) * static_cast<i128>(doubled) / 2;
  return cut_result(value + cell.cash);
}

[[nodiscard]] constexpr Claim claim_of(const OrderRequest& r, const GateView& v) noexcept {
  Claim c;
  const u64 price = worst_price(r, v);
  const u64 held = r.kind == RequestKind::kReplace ? cut_value(r.replaces_reserved_value) : 0;
  const u64 asked = cut_product(price, leaves_qty(r));
  c.notional = static_cast<u128>(price) * r.qty;
  c.reserved_value = asked > held ? asked : held;
  c.extra_value = c.reserved_value - held;
  c.extra_qty = extra_qty(r);
  c.buys = is_buy(r.side);
  c.sells = is_sell(r.side);
  const bool counts = v.account != nullptr && v.account->limits.duplicates_max != 0;
  if (counts && r.kind == RequestKind::kNew) c.key = order_key(r);
  return c;
}

/// Completes a claim by what its pair says.
constexpr void add_pair(Claim& c, const GateView& v) noexcept {
  if (v.position == nullptr || !(c.buys || c.sells)) return;
  const Exposure& e = v.position->exposure;
  c.worst = pick(c.sells, e.worst_long() + c.extra_qty, e.worst_short() - c.extra_qty);
  c.reduces = pick(c.sells, -c.worst, c.worst) >= 0 || (c.extra_qty == 0 && c.extra_value == 0);
  const u64 doubled = reference_doubled(*v.market);
  if (doubled != 0) c.mark_change = marked_at(*v.position, doubled) - v.position->marked;
}

/// Amounts of one scope as they would be once the claim is reserved.
struct ScopeAmounts {
  u64 gross{};
  u64 open{};
  u64 net{};  ///< on the side of the order; 0 when it is on the other side
  u64 buys{};  ///< 0 for a sell
  u64 open_orders{};
};

[[nodiscard]] constexpr ScopeAmounts amounts_after(const ScopeUse& use, const Claim& c,
                                                   bool opens) noexcept {
  ScopeAmounts a;
  const u64 open_buy = use.open_buy + pick<u64>(c.buys, 0, c.extra_value);
  const u64 open_sell = use.open_sell + pick<u64>(c.sells, 0, c.extra_value);
  a.open = open_buy + open_sell;
  a.gross = use.bought + use.sold + a.open;
  const i64 long_net = static_cast<i64>(use.bought + open_buy) - static_cast<i64>(use.sold);
  const i64 short_net = static_cast<i64>(use.sold + open_sell) - static_cast<i64>(use.bought);
  const i64 net = pick(c.sells, long_net, short_net);
  a.net = static_cast<u64>(net > 0 ? net : 0);
  a.buys = pick<u64>(c.buys, 0, use.bought + open_buy);
  a.open_orders = use.open_orders + u64{opens};
  return a;
}

/// Loss of the day of a scope at the claim's mark; 0 for a profit.
[[nodiscard]] constexpr u64 loss_after(const ScopeUse& use, const Claim& c) noexcept {
  const i64 result = use.result + c.mark_change;
  return static_cast<u64>(result < 0 ? -result : 0);
}

}  // namespace tradsys::risk
