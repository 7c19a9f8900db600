#pragma once
// The pre-trade check: a pure function of one request and what the gate knows. This is the
// definition that every engine (software, RTL, card) must match bit by bit.
//
// Every check is evaluated, whatever the others say; `fail_bitmap` holds all that failed and
// `primary_reason` is the lowest. A check that would read an unknown account, instrument or
// strategy, or needs a valid side, is left out: the unknown or invalid thing is itself the reason.
// In the order of RejectReason:
//
//   kill                 firm, client, account, strategy or instrument: halted by the operator or
//                        killed by the limits row
//   unknown_account      never set, or out of range, or its client's, its own or the firm's scope
//                        has no limits; likewise unknown_instrument, unknown_strategy
//   invalid_side         neither buy, sell nor sell_short
//   invalid_type         pairs are limit/day, limit/ioc, market/ioc; also an unknown request kind
//   market_closed        market_open is not 1
//   account_disabled     enabled is not 1; likewise instrument_disabled
//   instrument_halted    trading is not 1
//   book_stale           stale is not 0, or the market state is another instrument's
//   feed_silent          the feed was heard longer ago than feed_silence_max_ms
//   restricted           a bit of the pair forbids this side (Restriction)
//   invalid_quantity     0
//   min_quantity         below the instrument's
//   lot_size, tick_size  not a multiple (tick: not for market orders); a zero lot or tick refuses
//   all invalid_price        limit: 0 or market_price; market: anything but market_price
//   price_band           limit orders outside the venue's band of the day
//   no_reference_price   reference_price.hpp finds none, for limit and market orders alike
//   price_collar         limit orders: a buy above, a sell below the collar around the reference
//   fat_finger           the same at fat_finger_bp, unless a person confirmed it for the pair
//   max_quantity         above the account's or the instrument's; a replace counts its new total
//   max_notional         qty * price in 128 bits, above the account's or the instrument's; a market
//   order
//                        counts at the top of its collar on both sides, so that a sell never looks
//                        small
//   message_rate         less than one message of credit; only passed new and replace requests pay
//   order_to_trade       more requests, this one included, than orders_per_trade_max for each trade
//   duplicate_order      new orders: duplicates_max equal ones passed within the window
//   reduce_only          a switch says so, and the order does not only reduce
//   loss_limit           loss of firm, client or account above loss_max and the order does not only
//                        reduce, or above loss_halt
//   position_limit       worst case on the order's side, open orders included
//   concentration        the same at the reference price, against the pair's max_value
//   daily_quantity       traded today + open on both sides of the pair
//   open_orders          new orders only; any of the four scopes, as all up to buying_power
//   open_value, gross_value, net_value, buying_power
//                        ScopeLimits; an order that adds no value is never refused for one
//   sell_availability    sells that are not short: sold + open above what can be delivered
//   locate               short sales: sold short + open above what was located
//   short_sale_price     short sales not above the best bid where the instrument forbids them
//   foreign_ownership    buys: bought + open above the headroom
//   self_trade           the caller says that it crosses an order of the same account
//   execution_throttle   the strategy's executions stopped it
//
// A cancel always passes. A replace reserves only what it adds: max(0, qty - executed - reserved),
// and likewise of value; one that adds nothing is never refused for position or value, even when
// limits were lowered below what is in use. An order that reduces a position is held only against
// the limit of the other side, where the position counts in its favour: being over a limit never
// blocks the way back.
#include <bit>

#include "hostsw/risk/claim.hpp"

namespace tradsys::risk {

/// Bit of a reason in Verdict::fail_bitmap.
[[nodiscard]] constexpr u64 fail_bit(RejectReason reason, bool fails = true) noexcept {
  return static_cast<u64>(fails) << static_cast<u32>(reason);
}

namespace detail {

/// Bit of each scope whose switch is at `state`: 1 firm, 2 account, 4 instrument, 8 client, 16
/// strategy.
[[nodiscard]] constexpr u32 switched(const GateView& v, SwitchState state) noexcept {
  const auto at = [&](LimitScope scope) {
    return static_cast<u32>(v.scopes[static_cast<usize>(scope)]->operator_switch == state);
  };
  u32 scopes = at(LimitScope::kFirm) | at(LimitScope::kAccount) << 1 |
               at(LimitScope::kClient) << 3 | at(LimitScope::kStrategy) << 4;
  if (v.instrument != nullptr)
    scopes |= static_cast<u32>(v.instrument->operator_switch == state) << 2;
  return scopes;
}

/// Which kill switches are set, as bits of `switched`.
[[nodiscard]] constexpr u32 kill_scopes(const GateView& v) noexcept {
  u32 scopes = switched(v, SwitchState::kHalted);
  if (v.account != nullptr) scopes |= static_cast<u32>(v.account->limits.killed != 0) << 1;
  if (v.instrument != nullptr) scopes |= static_cast<u32>(v.instrument->limits.killed != 0) << 2;
  return scopes;
}

[[nodiscard]] constexpr bool valid_type(const OrderRequest& r) noexcept {
  const bool pair = (r.order_type == OrderType::kLimit &&
                     (r.tif == TimeInForce::kDay || r.tif == TimeInForce::kIoc)) ||
                    (r.order_type == OrderType::kMarket && r.tif == TimeInForce::kIoc);
  return pair && (r.kind == RequestKind::kNew || r.kind == RequestKind::kReplace);
}

/// The account with all scopes above it has limits.
[[nodiscard]] constexpr bool knows_account(const GateView& v) noexcept {
  const auto known = [&](LimitScope scope) { return v.scopes[static_cast<usize>(scope)]->known; };
  return v.account != nullptr && known(LimitScope::kFirm) && known(LimitScope::kClient) &&
         known(LimitScope::kAccount);
}
[[nodiscard]] constexpr bool knows_strategy(const GateView& v) noexcept {
  return v.scopes[static_cast<usize>(LimitScope::kStrategy)]->known;
}

[[nodiscard]] constexpr u64 static_fails(const OrderRequest& r, const GateView& v) noexcept {
  const MarketState& market = *v.market;
  const bool limit_price_ok = r.price != 0 && r.price != kMarketPrice;
  const bool price_ok =
      r.order_type == OrderType::kMarket ? r.price == kMarketPrice : limit_price_ok;
  const bool throttled = v.scopes[static_cast<usize>(LimitScope::kStrategy)]->throttled;
  return fail_bit(RejectReason::kKill, kill_scopes(v) != 0) |
         fail_bit(RejectReason::kUnknownAccount, !knows_account(v)) |
         fail_bit(RejectReason::kUnknownInstrument, v.instrument == nullptr) |
         fail_bit(RejectReason::kUnknownStrategy, !knows_strategy(v)) |
         fail_bit(RejectReason::kInvalidSide, !is_buy(r.side) && !is_sell(r.side)) |
         fail_bit(RejectReason::kInvalidType, !valid_type(r)) |
         fail_bit(RejectReason::kMarketClosed, market.market_open != 1) |
         fail_bit(RejectReason::kInstrumentHalted, market.trading != 1) |
         fail_bit(RejectReason::kBookStale,
                  market.stale != 0 || market.instrument != r.instrument) |
         fail_bit(RejectReason::kInvalidQuantity, r.qty == 0) |
         fail_bit(RejectReason::kInvalidPrice, !price_ok) |
         fail_bit(RejectReason::kNoReferencePrice, reference_doubled(market) == 0) |
         fail_bit(RejectReason::kSelfTrade, r.crosses_own != 0) |
         fail_bit(RejectReason::kExecutionThrottle, throttled);
}

[[nodiscard]] constexpr bool too_many_requests(const AccountRow& row) noexcept {
  const u64 requests = row.requests + 1;
  return row.limits.orders_per_trade_max != kNoLimit32 &&
         requests > row.limits.orders_per_trade_from &&
         requests > row.trades * row.limits.orders_per_trade_max;
}
[[nodiscard]] constexpr u32 duplicates(const OrderRequest& r, const GateView& v) noexcept {
  if (v.account->limits.duplicates_max == 0 || r.kind != RequestKind::kNew) return 0;
  return v.account->recent.equal(order_key(r), v.now_ns, v.account->limits.duplicate_window_ms);
}

[[nodiscard]] constexpr u64 account_fails(const OrderRequest& r, const GateView& v,
                                          const Claim& c) noexcept {
  const AccountLimits& limits = v.account->limits;
  const u32 equal = duplicates(r, v);
  return fail_bit(RejectReason::kAccountDisabled, limits.enabled != 1) |
         fail_bit(RejectReason::kMaxQuantity, r.qty > limits.max_qty) |
         fail_bit(RejectReason::kMaxNotional, c.notional > limits.max_notional) |
         fail_bit(RejectReason::kMessageRate, v.rate_credit < kMessageCost) |
         fail_bit(RejectReason::kOrderToTrade, too_many_requests(*v.account)) |
         fail_bit(RejectReason::kDuplicateOrder, equal != 0 && equal >= limits.duplicates_max);
}

/// Whether the price is further through the reference than `bp`, on the aggressive side.
[[nodiscard]] constexpr bool through(const OrderRequest& r, u64 doubled, u64 bp) noexcept {
  return ((u32{is_buy(r.side)} & u32{above_collar(r.price, doubled, bp)}) |
          (u32{is_sell(r.side)} & u32{below_collar(r.price, doubled, bp)})) != 0;
}
[[nodiscard]] constexpr bool feed_silent(const GateView& v) noexcept {
  const u32 max_ms = v.instrument->limits.feed_silence_max_ms;
  const i64 silence_ns = v.now_ns - static_cast<i64>(v.market->heard_ns);
  return max_ms != kNoLimit32 && silence_ns > i64{max_ms} * 1'000'000;
}

[[nodiscard]] constexpr u64 instrument_fails(const OrderRequest& r, const GateView& v,
                                             const Claim& c) noexcept {
  const InstrumentRow& row = *v.instrument;
  const InstrumentLimits& limits = row.limits;
  const bool priced = r.order_type != OrderType::kMarket;
  const bool on_tick = limits.tick_size != 0 && is_multiple(r.price, row.tick_inverse);
  const bool on_lot = limits.lot_size != 0 && is_multiple(r.qty, row.lot_inverse);
  const bool in_band = r.price >= limits.band_low && r.price <= limits.band_high;
  const u64 doubled = reference_doubled(*v.market);
  const bool low_short = is_short(r.side) && limits.short_sale_restricted != 0 &&
                         (!priced || v.market->bid_price == 0 || r.price <= v.market->bid_price);
  return fail_bit(RejectReason::kInstrumentDisabled, limits.enabled != 1) |
         fail_bit(RejectReason::kFeedSilent, feed_silent(v)) |
         fail_bit(RejectReason::kMinQuantity, r.qty < limits.min_qty) |
         fail_bit(RejectReason::kLotSize, !on_lot) |
         fail_bit(RejectReason::kTickSize, priced && !on_tick) |
         fail_bit(RejectReason::kPriceBand, priced && !in_band) |
         fail_bit(RejectReason::kPriceCollar,
                  priced && doubled != 0 && through(r, doubled, collar_bp(limits))) |
         fail_bit(RejectReason::kMaxQuantity, r.qty > limits.max_qty) |
         fail_bit(RejectReason::kMaxNotional, c.notional > limits.max_notional) |
         fail_bit(RejectReason::kShortSalePrice, low_short);
}

[[nodiscard]] constexpr bool has(u16 bits, Restriction bit) noexcept {
  return (bits & static_cast<u32>(bit)) != 0;
}
/// The bits of the pair that forbid the order.
[[nodiscard]] constexpr u32 forbidding(const OrderRequest& r, u16 bits) noexcept {
  u32 wanted = static_cast<u32>(Restriction::kSanctions);
  if (is_buy(r.side))
    wanted |= static_cast<u32>(Restriction::kBuy) | static_cast<u32>(Restriction::kSharia);
  if (is_sell(r.side)) wanted |= static_cast<u32>(Restriction::kSell);
  if (is_short(r.side))
    wanted |= static_cast<u32>(Restriction::kShort) | static_cast<u32>(Restriction::kSharia);
  return bits & wanted;
}

/// What may be delivered: the balance, and what was bought today as far as that may be sold.
[[nodiscard]] constexpr i64 deliverable(const PositionCell& cell) noexcept {
  const i64 bought = cell.day.bought;
  const i64 same_day = cell.same_day_qty_max;
  return i64{cell.sell_qty_max} + (bought < same_day ? bought : same_day);
}
[[nodiscard]] constexpr i64 long_sells(const PositionCell& cell, const Claim& c) noexcept {
  return cell.day.sold + cell.exposure.open_sell - cell.day.open_short + c.extra_qty;
}
[[nodiscard]] constexpr i64 short_sells(const PositionCell& cell, const Claim& c) noexcept {
  return cell.day.shorted + cell.day.open_short + c.extra_qty;
}
[[nodiscard]] constexpr i64 day_buys(const PositionCell& cell, const Claim& c) noexcept {
  return cell.day.bought + cell.exposure.open_buy + c.extra_qty;
}
[[nodiscard]] constexpr i64 day_qty(const PositionCell& cell, const Claim& c) noexcept {
  return cell.day.bought + cell.day.sold + cell.day.shorted + cell.exposure.open_buy +
         cell.exposure.open_sell + c.extra_qty;
}
/// Value of the worst case at the reference price; 0 on the side where it helps.
[[nodiscard]] constexpr u64 worst_value(const GateView& v, const Claim& c) noexcept {
  const i64 worst = pick(c.sells, c.worst, -c.worst);
  const u64 doubled = reference_doubled(*v.market);
  return cut_product(static_cast<u64>(worst > 0 ? worst : 0), doubled) / 2;
}

[[nodiscard]] constexpr u64 position_fails(const OrderRequest& r, const GateView& v,
                                           const Claim& c) noexcept {
  const PositionCell& cell = *v.position;
  const bool adds = c.extra_qty != 0;
  const i64 limit = pick(c.sells, cell.max_long, cell.max_short);
  const bool sells_own = c.sells && !is_short(r.side) && cell.sell_qty_max != kNoLimit32;
  const bool sells_short = is_short(r.side) && cell.short_qty_max != kNoLimit32;
  const bool counts_buys = c.buys && cell.buy_qty_max != kNoLimit32;
  const bool too_dear = cell.max_value < kValueMax && worst_value(v, c) > cell.max_value;
  const i64 day = day_qty(cell, c);  // negative where more was taken back than had traded
  const u32 fat_bp = v.instrument->limits.fat_finger_bp;
  const bool fat =
      fat_bp != kNoLimit32 && r.order_type != OrderType::kMarket &&
      !has(cell.restrictions, Restriction::kConfirmed) &&
      through(r, reference_doubled(*v.market), fat_bp < kCollarBpMax ? u64{fat_bp} : kCollarBpMax);
  return fail_bit(RejectReason::kRestricted, forbidding(r, cell.restrictions) != 0) |
         fail_bit(RejectReason::kFatFinger, fat && reference_doubled(*v.market) != 0) |
         fail_bit(RejectReason::kReduceOnly,
                  switched(v, SwitchState::kReduceOnly) != 0 && !c.reduces) |
         fail_bit(RejectReason::kPositionLimit, adds && pick(c.sells, c.worst, -c.worst) > limit) |
         fail_bit(RejectReason::kConcentration, adds && too_dear) |
         fail_bit(RejectReason::kDailyQuantity,
                  adds && day > 0 && static_cast<u64>(day) > cell.daily_qty_max) |
         fail_bit(RejectReason::kSellAvailability,
                  adds && sells_own && long_sells(cell, c) > deliverable(cell)) |
         fail_bit(RejectReason::kLocate,
                  adds && sells_short && short_sells(cell, c) > i64{cell.short_qty_max}) |
         fail_bit(RejectReason::kForeignOwnership,
                  adds && counts_buys && day_buys(cell, c) > i64{cell.buy_qty_max});
}

/// Whether the loss stops an order in a scope.
[[nodiscard]] constexpr bool loses_too_much(const ScopeLimits& limits, u64 loss,
                                            bool reduces) noexcept {
  return loss > limits.loss_halt || (loss > limits.loss_max && !reduces);
}

[[nodiscard]] constexpr u64 scope_fails(const OrderRequest& r, const GateView& v,
                                        const Claim& c) noexcept {
  const bool opens = r.kind == RequestKind::kNew;
  const bool adds = c.extra_value != 0;
  u64 fails = 0;
  for (usize s = 0; s < kScopes; ++s) {
    const ScopeLimits& limits = v.scopes[s]->limits;
    const ScopeAmounts a = amounts_after(v.scopes[s]->use, c, *v.position, opens);
    const bool keeps_result = s != static_cast<usize>(LimitScope::kStrategy);
    fails |= fail_bit(RejectReason::kLossLimit,
                      keeps_result && loses_too_much(limits, a.loss, c.reduces)) |
             fail_bit(RejectReason::kOpenOrders, opens && a.open_orders > limits.open_orders_max) |
             fail_bit(RejectReason::kOpenValue, adds && a.open > limits.open_value_max) |
             fail_bit(RejectReason::kGrossValue, adds && a.gross > limits.gross_value_max) |
             fail_bit(RejectReason::kNetValue, adds && a.net > limits.net_value_max) |
             fail_bit(RejectReason::kBuyingPower, adds && a.buys > limits.buying_power);
  }
  return fails;
}

}  // namespace detail

/// Bitmap of every check that fails; 0 for a pass.
[[nodiscard]] constexpr u64 failing_checks(const OrderRequest& r, const GateView& v,
                                           const Claim& c) noexcept {
  if (r.kind == RequestKind::kCancel) return 0;
  u64 fails = detail::static_fails(r, v);
  if (v.account != nullptr) fails |= detail::account_fails(r, v, c);
  if (v.instrument != nullptr) fails |= detail::instrument_fails(r, v, c);
  if (v.position != nullptr && (c.buys || c.sells)) {
    fails |= detail::position_fails(r, v, c);
    if (detail::knows_account(v) && detail::knows_strategy(v))
      fails |= detail::scope_fails(r, v, c);
  }
  return fails;
}

}  // namespace tradsys::risk
