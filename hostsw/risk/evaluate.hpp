#pragma once
// The gate's answer to one request: the checks (check.hpp), and what the verdict tells of the first
// that failed.
#include <bit>

#include "hostsw/risk/check.hpp"

namespace tradsys::risk {

/// Limit and observation behind one reason.
struct Explanation {
  i64 limit_value{};
  i64 observed_value{};
};

namespace detail {

/// A 64- or 128-bit amount as a verdict carries it: cut at the largest i64.
[[nodiscard]] constexpr i64 reported(u128 amount) noexcept {
  constexpr u128 kLargest = std::numeric_limits<i64>::max();
  return static_cast<i64>(amount < kLargest ? amount : kLargest);
}

/// The smaller of a limit of the account and of the instrument, over those that are known.
template <class Limit>
[[nodiscard]] constexpr u64 tightest(const GateView& v, Limit limit) noexcept {
  const u64 a = v.account ? limit(v.account->limits) : std::numeric_limits<u64>::max();
  const u64 b = v.instrument ? limit(*v.instrument) : std::numeric_limits<u64>::max();
  return a < b ? a : b;
}

/// Checks that are not limits: what was found, in the request or the rows.
[[nodiscard]] constexpr i64 observed_state(RejectReason reason, const OrderRequest& r,
                                           const GateView& v) noexcept {
  switch (reason) {
    case RejectReason::kKill:
      return kill_scopes(v);
    case RejectReason::kUnknownAccount:
      return r.account;
    case RejectReason::kUnknownInstrument:
      return r.instrument;
    case RejectReason::kUnknownStrategy:
      return r.strategy;
    case RejectReason::kInvalidSide:
      return static_cast<i64>(r.side);
    case RejectReason::kInvalidType:
      return static_cast<i64>(r.kind) * 65'536 + static_cast<i64>(r.order_type) * 256 +
             static_cast<i64>(r.tif);
    case RejectReason::kMarketClosed:
      return v.market->market_open;
    case RejectReason::kAccountDisabled:
      return v.account->limits.enabled;
    case RejectReason::kInstrumentDisabled:
      return v.instrument->enabled;
    case RejectReason::kInstrumentHalted:
      return v.market->trading;
    case RejectReason::kBookStale:
      return v.market->stale;
    case RejectReason::kRestricted:
      return forbidding(r, v.position->restrictions);
    case RejectReason::kInvalidPrice:
      return r.price;
    case RejectReason::kReduceOnly:
      return switched(v, SwitchState::kReduceOnly);
    default:
      return 0;
  }
}

/// The edge of a collar on the order's side, and the order's price.
[[nodiscard]] constexpr Explanation explain_collar(const OrderRequest& r, const GateView& v,
                                                   u64 bp) noexcept {
  const u64 doubled = reference_doubled(*v.market);
  return {reported(is_buy(r.side) ? collar_top(doubled, bp) : collar_bottom(doubled, bp)), r.price};
}

/// Limits on one order and on how an account behaves.
[[nodiscard]] constexpr Explanation explain_order(RejectReason reason, const OrderRequest& r,
                                                  const GateView& v, const Claim& c) noexcept {
  switch (reason) {
    case RejectReason::kFeedSilent:
      return {silence_max_ns(v), static_cast<i64>(silence_ns(v))};
    case RejectReason::kMinQuantity:
      return {v.instrument->min_qty, r.qty};
    case RejectReason::kLotSize:
      return {v.rules->lot_size, r.qty};
    case RejectReason::kTickSize:
      return {v.rules->tick_size, r.price};
    case RejectReason::kPriceBand:
      return {r.price < v.instrument->band_low ? v.instrument->band_low : v.instrument->band_high,
              r.price};
    case RejectReason::kPriceCollar:
      return explain_collar(r, v, v.instrument->collar_bp);
    case RejectReason::kFatFinger:
      return explain_collar(r, v, v.instrument->fat_finger_bp);
    case RejectReason::kMaxQuantity:
      return {reported(tightest(v, [](const auto& limits) { return u64{limits.max_qty}; })), r.qty};
    case RejectReason::kMaxNotional:
      return {reported(tightest(v, [](const auto& limits) { return limits.max_notional; })),
              reported(c.notional)};
    case RejectReason::kMessageRate:
      return {reported(kMessageCost), reported(v.rate_credit)};
    case RejectReason::kOrderToTrade: {
      const u64 allowed = v.account->trades * v.account->limits.orders_per_trade_max;
      const u64 from = v.account->limits.orders_per_trade_from;
      return {reported(allowed > from ? allowed : from), reported(v.account->requests + 1)};
    }
    case RejectReason::kDuplicateOrder:
      return {v.account->limits.duplicates_max, i64{duplicates({r, v, c})} + 1};
    case RejectReason::kShortSalePrice:
      return {v.market->bid_price, r.price};
    default:
      return {0, observed_state(reason, r, v)};
  }
}

/// Limits of the pair.
[[nodiscard]] constexpr Explanation explain_pair(RejectReason reason, const GateView& v,
                                                 const Claim& c) noexcept {
  const PositionCell& cell = *v.position;
  switch (reason) {
    case RejectReason::kPositionLimit:
      return {c.buys ? cell.max_long : -cell.max_short, c.worst};
    case RejectReason::kConcentration:
      return {reported(cell.max_value), reported(worst_value(v, c))};
    case RejectReason::kDailyQuantity:
      return {reported(cell.daily_qty_max), day_qty(cell, c)};
    case RejectReason::kSellAvailability:
      return {deliverable(cell), long_sells(cell, c)};
    case RejectReason::kLocate:
      return {cell.short_qty_max, short_sells(cell, c)};
    default:
      return {cell.buy_qty_max, day_buys(cell, c)};
  }
}

struct ScopeExplanation : Explanation {
  bool fails{};
};

[[nodiscard]] constexpr ScopeExplanation explain_in(RejectReason reason, const ScopeRow& row,
                                                    const Claim& c, bool opens) noexcept {
  const ScopeLimits& limits = row.limits;
  const ScopeAmounts a = amounts_after(row.use, c, opens);
  const auto held = [](u64 limit, u64 amount) {
    return ScopeExplanation{{reported(limit), reported(amount)}, amount > limit};
  };
  switch (reason) {
    case RejectReason::kLossLimit: {
      const u64 loss = loss_after(row.use, c);
      const u64 limit = loss > limits.loss_halt ? limits.loss_halt : limits.loss_max;
      return {{-reported(limit), -reported(loss)}, loses_too_much(limits, loss, c.reduces)};
    }
    case RejectReason::kOpenOrders:
      return held(limits.open_orders_max, a.open_orders);
    case RejectReason::kOpenValue:
      return held(limits.open_value_max, a.open);
    case RejectReason::kGrossValue:
      return held(limits.gross_value_max, a.gross);
    case RejectReason::kNetValue:
      return held(limits.net_value_max, a.net);
    default:
      return held(limits.buying_power, a.buys);
  }
}

/// Of the scopes that fail, the first by LimitScope.
[[nodiscard]] constexpr Explanation explain_scopes(RejectReason reason, const OrderRequest& r,
                                                   const GateView& v, const Claim& c) noexcept {
  for (const ScopeRow* row : v.scopes) {
    const ScopeExplanation why = explain_in(reason, *row, c, r.kind == RequestKind::kNew);
    if (why.fails) return why;
  }
  return {};
}

}  // namespace detail

/// limit_value and observed_value of a reason that failed. Kill and reduce_only: the scopes of
/// switched; invalid_type: kind, type and time in force as base-256 digits; restricted: the
/// bits; message_rate: 1e-9 messages; feed_silent: ns; position_limit and loss_limit: signed, so
/// that a short limit and a loss are negative; the other pairs in the unit of their limit.
[[nodiscard, gnu::cold, gnu::noinline]] constexpr Explanation explain(RejectReason reason,
                                                                      const OrderRequest& r,
                                                                      const GateView& v,
                                                                      const Claim& c) noexcept {
  switch (reason) {
    case RejectReason::kPositionLimit:
    case RejectReason::kConcentration:
    case RejectReason::kDailyQuantity:
    case RejectReason::kSellAvailability:
    case RejectReason::kLocate:
    case RejectReason::kForeignOwnership:
      return detail::explain_pair(reason, v, c);
    case RejectReason::kLossLimit:
    case RejectReason::kOpenOrders:
    case RejectReason::kOpenValue:
    case RejectReason::kGrossValue:
    case RejectReason::kNetValue:
    case RejectReason::kBuyingPower:
      return detail::explain_scopes(reason, r, v, c);
    default:
      return detail::explain_order(reason, r, v, c);
  }
}

/// The gate's answer, and what it will reserve when that is a pass.
struct Decision {
  Verdict verdict;
  Claim claim;
};

/// Makes `verdict` a refusal.
[[gnu::cold, gnu::noinline]] constexpr void refuse(Verdict& verdict, const Question& q) noexcept {
  verdict.fail_bitmap = failing_checks(q);
  verdict.primary_reason = static_cast<RejectReason>(std::countr_zero(verdict.fail_bitmap));
  const Explanation why = explain(verdict.primary_reason, q.r, q.v, q.c);
  verdict.limit_value = why.limit_value;
  verdict.observed_value = why.observed_value;
}

/// The gate's answer. Pure: changes nothing, depends on its arguments only.
[[nodiscard, gnu::always_inline]] constexpr Decision evaluate(const OrderRequest& r,
                                                              const GateView& v) noexcept {
  Decision d{.verdict = {}, .claim = claim_of(r, v)};
  const Question q{r, v, d.claim};
  bool fails = order_fails(q);
  add_pair(d.claim, v);
  if (!fails) fails = pair_fails(q);
  d.verdict.seq = r.seq;
  d.verdict.order_id = r.order_id;
  d.verdict.limits_epoch = v.limits_epoch;
  d.verdict.exposure_after = d.claim.worst;
  d.verdict.reserved_value = d.claim.reserved_value;
  if (fails && r.kind != RequestKind::kCancel) [[unlikely]]
    refuse(d.verdict, q);
  return d;
}

}  // namespace tradsys::risk
