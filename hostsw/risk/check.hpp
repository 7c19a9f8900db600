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
#include <tuple>

#include "hostsw/risk/claim.hpp"

namespace tradsys::risk {

/// Bit of a reason in Verdict::fail_bitmap.
[[nodiscard]] constexpr u64 fail_bit(RejectReason reason, bool fails = true) noexcept {
  return static_cast<u64>(fails) << static_cast<u32>(reason);
}

/// One request with all it is held against.
struct Question {
  const OrderRequest& r;
  const GateView& v;
  const Claim& c;
};

/// A reason and the question that decides it. The tables below are read in two ways: is there any
/// that fails (the hot path: one compare and one branch that is never taken each), and which all
/// (the cold one). What depends on the side is computed without a branch: sides come at random.
template <class Fails>
struct Check {
  RejectReason reason;
  Fails fails;
};
template <class Fails>
Check(RejectReason, Fails) -> Check<Fails>;

template <class... Checks, class... Args>
[[nodiscard, gnu::always_inline]] constexpr bool any_fails(const std::tuple<Checks...>& checks,
                                                           const Args&... args) noexcept {
  return std::apply([&](const auto&... check) { return (check.fails(args...) || ...); }, checks);
}
template <class... Checks, class... Args>
[[nodiscard]] constexpr u64 failing(const std::tuple<Checks...>& checks,
                                    const Args&... args) noexcept {
  return std::apply(
      [&](const auto&... check) {
        return (fail_bit(check.reason, check.fails(args...)) | ... | u64{0});
      },
      checks);
}

/// Bit of each scope whose switch is at `state`: 1 firm, 2 account, 4 instrument, 8 client, 16
/// strategy.
[[nodiscard]] constexpr u32 switched(const GateView& v, SwitchState state) noexcept {
  const auto at = [&](LimitScope scope) {
    return static_cast<u32>(v.scope(scope).operator_switch == state);
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
  if (v.instrument != nullptr) scopes |= static_cast<u32>(v.instrument->killed != 0) << 2;
  return scopes;
}

/// The account with all scopes above it has limits.
[[nodiscard]] constexpr bool knows_account(const GateView& v) noexcept {
  return v.account != nullptr && v.scope(LimitScope::kFirm).known &&
         v.scope(LimitScope::kClient).known && v.scope(LimitScope::kAccount).known;
}
[[nodiscard]] constexpr bool knows_strategy(const GateView& v) noexcept {
  return v.scope(LimitScope::kStrategy).known;
}
[[nodiscard]] constexpr bool is_market(const OrderRequest& r) noexcept {
  return r.order_type == OrderType::kMarket;
}
[[nodiscard]] constexpr bool is_new(const OrderRequest& r) noexcept {
  return r.kind == RequestKind::kNew;
}
[[nodiscard]] constexpr bool valid_type(const OrderRequest& r) noexcept {
  const bool pair = (r.order_type == OrderType::kLimit && r.tif <= TimeInForce::kGtc) ||
                    (is_market(r) && r.tif == TimeInForce::kIoc);
  return pair && (is_new(r) || r.kind == RequestKind::kReplace);
}
[[nodiscard]] constexpr bool valid_price(const OrderRequest& r) noexcept {
  return is_market(r) ? r.price == kMarketPrice : r.price != 0 && r.price != kMarketPrice;
}

/// What every request is asked, whether account and instrument are known or not.
inline constexpr std::tuple kOrderChecks{
    Check{RejectReason::kKill, [](const Question& q) { return kill_scopes(q.v) != 0; }},
    Check{RejectReason::kUnknownAccount, [](const Question& q) { return !knows_account(q.v); }},
    Check{RejectReason::kUnknownInstrument,
          [](const Question& q) { return q.v.instrument == nullptr; }},
    Check{RejectReason::kUnknownStrategy, [](const Question& q) { return !knows_strategy(q.v); }},
    Check{RejectReason::kInvalidSide, [](const Question& q) { return !(q.c.buys | q.c.sells); }},
    Check{RejectReason::kInvalidType, [](const Question& q) { return !valid_type(q.r); }},
    Check{RejectReason::kMarketClosed,
          [](const Question& q) { return q.v.market->market_open != 1; }},
    Check{RejectReason::kInstrumentHalted,
          [](const Question& q) { return q.v.market->trading != 1; }},
    Check{RejectReason::kBookStale,
          [](const Question& q) {
            return q.v.market->stale != 0 || q.v.market->instrument != q.r.instrument;
          }},
    Check{RejectReason::kInvalidQuantity, [](const Question& q) { return q.r.qty == 0; }},
    Check{RejectReason::kInvalidPrice, [](const Question& q) { return !valid_price(q.r); }},
    Check{RejectReason::kNoReferencePrice,
          [](const Question& q) { return reference_doubled(*q.v.market) == 0; }},
    Check{RejectReason::kSelfTrade, [](const Question& q) { return q.r.crosses_own != 0; }},
    Check{RejectReason::kExecutionThrottle,
          [](const Question& q) { return q.v.scope(LimitScope::kStrategy).throttled; }}};

[[nodiscard]] constexpr bool too_many_requests(const AccountRow& row) noexcept {
  const u64 requests = row.requests + 1;
  return row.limits.orders_per_trade_max != kNoLimit32 &&
         requests > row.limits.orders_per_trade_from &&
         requests > row.trades * row.limits.orders_per_trade_max;
}
/// Equal orders of the account that passed within its window.
[[nodiscard]] constexpr u32 duplicates(const Question& q) noexcept {
  if (q.c.key == 0) return 0;
  const AccountRow& row = *q.v.account;
  return row.recent.equal(q.c.key, q.v.now_ns, row.limits.duplicate_window_ms);
}

/// What needs the account.
inline constexpr std::tuple kAccountChecks{
    Check{RejectReason::kAccountDisabled,
          [](const Question& q) { return q.v.account->limits.enabled != 1; }},
    Check{RejectReason::kMaxQuantity,
          [](const Question& q) { return q.r.qty > q.v.account->limits.max_qty; }},
    Check{RejectReason::kMaxNotional,
          [](const Question& q) { return q.c.notional > q.v.account->limits.max_notional; }},
    Check{RejectReason::kMessageRate,
          [](const Question& q) { return q.v.rate_credit < kMessageCost; }},
    Check{RejectReason::kOrderToTrade,
          [](const Question& q) { return too_many_requests(*q.v.account); }},
    Check{RejectReason::kDuplicateOrder, [](const Question& q) {
            const u32 equal = duplicates(q);
            return equal != 0 && equal >= q.v.account->limits.duplicates_max;
          }}};

/// Whether the price is further through the reference than `bp`, on the aggressive side.
[[nodiscard]] constexpr bool through(const Question& q, u64 bp) noexcept {
  const u64 doubled = reference_doubled(*q.v.market);
  const u32 above = u32{q.c.buys} & u32{above_collar(q.r.price, doubled, bp)};
  const u32 below = u32{q.c.sells} & u32{below_collar(q.r.price, doubled, bp)};
  return (above | below) != 0 && doubled != 0;
}
[[nodiscard]] constexpr i128 silence_ns(const GateView& v) noexcept {
  return i128{v.now_ns} - static_cast<i128>(v.market->heard_ns);
}
[[nodiscard]] constexpr i64 silence_max_ns(const GateView& v) noexcept {
  return i64{v.instrument->feed_silence_max_ms} * 1'000'000;
}

/// What needs the instrument.
inline constexpr std::tuple kInstrumentChecks{
    Check{RejectReason::kInstrumentDisabled,
          [](const Question& q) { return q.v.instrument->enabled != 1; }},
    Check{RejectReason::kFeedSilent,
          [](const Question& q) {
            return silence_ns(q.v) > silence_max_ns(q.v) &&
                   q.v.instrument->feed_silence_max_ms != kNoLimit32;
          }},
    Check{RejectReason::kMinQuantity,
          [](const Question& q) { return q.r.qty < q.v.instrument->min_qty; }},
    Check{RejectReason::kLotSize,
          [](const Question& q) {
            return !q.v.instrument->has_lot || !is_multiple(q.r.qty, q.v.instrument->lot_inverse);
          }},
    Check{RejectReason::kTickSize,
          [](const Question& q) {
            const InstrumentRow& row = *q.v.instrument;
            return (!row.has_tick || !is_multiple(q.r.price, row.tick_inverse)) && !is_market(q.r);
          }},
    Check{RejectReason::kPriceBand,
          [](const Question& q) {
            const InstrumentRow& row = *q.v.instrument;
            return (q.r.price < row.band_low || q.r.price > row.band_high) && !is_market(q.r);
          }},
    Check{
        RejectReason::kPriceCollar,
        [](const Question& q) { return through(q, q.v.instrument->collar_bp) && !is_market(q.r); }},
    Check{RejectReason::kMaxQuantity,
          [](const Question& q) { return q.r.qty > q.v.instrument->max_qty; }},
    Check{RejectReason::kMaxNotional,
          [](const Question& q) { return q.c.notional > q.v.instrument->max_notional; }},
    Check{RejectReason::kShortSalePrice, [](const Question& q) {
            const u32 bid = q.v.market->bid_price;
            return is_short(q.r.side) && q.v.instrument->short_sale_restricted != 0 &&
                   (is_market(q.r) || bid == 0 || q.r.price <= bid);
          }}};

/// Limits on values and counts of one scope, `a` as it would be.
inline constexpr std::tuple kScopeChecks{
    Check{RejectReason::kOpenOrders,
          [](const Question& q, const ScopeLimits& limits, const ScopeAmounts& a) {
            return a.open_orders > limits.open_orders_max && is_new(q.r);
          }},
    Check{RejectReason::kOpenValue,
          [](const Question& q, const ScopeLimits& limits, const ScopeAmounts& a) {
            return a.open > limits.open_value_max && q.c.extra_value != 0;
          }},
    Check{RejectReason::kGrossValue,
          [](const Question& q, const ScopeLimits& limits, const ScopeAmounts& a) {
            return a.gross > limits.gross_value_max && q.c.extra_value != 0;
          }},
    Check{RejectReason::kNetValue,
          [](const Question& q, const ScopeLimits& limits, const ScopeAmounts& a) {
            return a.net > limits.net_value_max && q.c.extra_value != 0;
          }},
    Check{RejectReason::kBuyingPower,
          [](const Question& q, const ScopeLimits& limits, const ScopeAmounts& a) {
            return a.buys > limits.buying_power && q.c.extra_value != 0;
          }}};

/// Whether the loss stops an order in a scope.
[[nodiscard]] constexpr bool loses_too_much(const ScopeLimits& limits, u64 loss,
                                            bool reduces) noexcept {
  return loss > limits.loss_halt || (loss > limits.loss_max && !reduces);
}
/// What needs the mark of the pair, of firm, client and account.
inline constexpr std::tuple kLossChecks{
    Check{RejectReason::kLossLimit, [](const Question& q, const ScopeRow& row) {
            return loses_too_much(row.limits, loss_after(row.use, q.c), q.c.reduces);
          }}};

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
/// Worst case on the order's side; negative where the position helps.
[[nodiscard]] constexpr i64 worst_on_side(const Claim& c) noexcept {
  return pick(c.sells, c.worst, -c.worst);
}
/// Value of the worst case at the reference price; 0 on the side where it helps.
[[nodiscard]] constexpr u64 worst_value(const GateView& v, const Claim& c) noexcept {
  const i64 worst = worst_on_side(c);
  return cut_product(static_cast<u64>(worst > 0 ? worst : 0), reference_doubled(*v.market)) / 2;
}
[[nodiscard]] constexpr bool sells_long(const Question& q) noexcept {
  return q.r.side == Side::kSell;
}

/// What needs the pair of a known account and instrument and a valid side.
inline constexpr std::tuple kPairChecks{
    Check{RejectReason::kRestricted,
          [](const Question& q) {
            const u16 bits = q.v.position->restrictions;
            return bits != 0 && forbidding(q.r, bits) != 0;
          }},
    Check{RejectReason::kFatFinger,
          [](const Question& q) {
            const u32 bp = q.v.instrument->fat_finger_bp;
            return bp != kNoLimit32 && through(q, bp) && !is_market(q.r) &&
                   !has(q.v.position->restrictions, Restriction::kConfirmed);
          }},
    Check{RejectReason::kReduceOnly,
          [](const Question& q) {
            return switched(q.v, SwitchState::kReduceOnly) != 0 && !q.c.reduces;
          }},
    Check{RejectReason::kPositionLimit,
          [](const Question& q) {
            const PositionCell& cell = *q.v.position;
            const i64 limit = pick(q.c.sells, cell.max_long, cell.max_short);
            return worst_on_side(q.c) > limit && q.c.extra_qty != 0;
          }},
    Check{RejectReason::kConcentration,
          [](const Question& q) {
            const u64 limit = q.v.position->max_value;
            return limit < kValueMax && worst_value(q.v, q.c) > limit && q.c.extra_qty != 0;
          }},
    Check{RejectReason::kDailyQuantity,
          [](const Question& q) {  // negative where more was taken back than had traded
            const i64 day = day_qty(*q.v.position, q.c);
            return day > 0 && static_cast<u64>(day) > q.v.position->daily_qty_max &&
                   q.c.extra_qty != 0;
          }},
    Check{RejectReason::kSellAvailability,
          [](const Question& q) {
            const PositionCell& cell = *q.v.position;
            const bool more = long_sells(cell, q.c) > deliverable(cell);
            return (u32{more} & u32{sells_long(q)}) != 0 && cell.sell_qty_max != kNoLimit32 &&
                   q.c.extra_qty != 0;
          }},
    Check{RejectReason::kLocate,
          [](const Question& q) {
            const PositionCell& cell = *q.v.position;
            return is_short(q.r.side) && short_sells(cell, q.c) > i64{cell.short_qty_max} &&
                   cell.short_qty_max != kNoLimit32 && q.c.extra_qty != 0;
          }},
    Check{RejectReason::kForeignOwnership, [](const Question& q) {
            const PositionCell& cell = *q.v.position;
            const bool more = day_buys(cell, q.c) > i64{cell.buy_qty_max};
            return (u32{more} & u32{q.c.buys}) != 0 && cell.buy_qty_max != kNoLimit32 &&
                   q.c.extra_qty != 0;
          }}};

/// Whether any check fails that does not read the pair. These come first, so that the pair's line,
/// the coldest, has time to arrive.
[[nodiscard, gnu::always_inline]] constexpr bool order_fails(const Question& q) noexcept {
  if (any_fails(kOrderChecks, q) || any_fails(kAccountChecks, q) || any_fails(kInstrumentChecks, q))
    return true;
  const bool opens = is_new(q.r);
  for (const ScopeRow* row : q.v.scopes) {
    if (any_fails(kScopeChecks, q, row->limits, amounts_after(row->use, q.c, opens))) return true;
  }
  return false;
}
/// Whether any check of the pair fails; account, instrument and side are known to be good.
[[nodiscard, gnu::always_inline]] constexpr bool pair_fails(const Question& q) noexcept {
  for (usize s = 0; s < static_cast<usize>(LimitScope::kStrategy); ++s) {
    if (any_fails(kLossChecks, q, *q.v.scopes[s])) return true;
  }
  return any_fails(kPairChecks, q);
}

/// Bitmap of every check that fails; 0 for a pass. Cold: only refused requests need it.
[[nodiscard]] constexpr u64 failing_checks(const Question& q) noexcept {
  u64 fails = failing(kOrderChecks, q);
  if (q.v.account != nullptr) fails |= failing(kAccountChecks, q);
  if (q.v.instrument != nullptr) fails |= failing(kInstrumentChecks, q);
  if (q.v.position == nullptr || !(q.c.buys || q.c.sells)) return fails;
  fails |= failing(kPairChecks, q);
  if (!knows_account(q.v) || !knows_strategy(q.v)) return fails;
  for (const ScopeRow* row : q.v.scopes)
    fails |= failing(kScopeChecks, q, row->limits, amounts_after(row->use, q.c, is_new(q.r)));
  for (usize s = 0; s < static_cast<usize>(LimitScope::kStrategy); ++s)
    fails |= failing(kLossChecks, q, *q.v.scopes[s]);
  return fails;
}

}  // namespace tradsys::risk
