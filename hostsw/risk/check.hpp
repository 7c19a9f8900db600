#pragma once
// The pre-trade check: a pure function of one request and what the gate knows. This is the
// definition that every engine (software, RTL, card) must match bit by bit.
//
// Every check is evaluated, whatever the others say; `fail_bitmap` holds all that failed and
// `primary_reason` is the lowest. A check that would read an unknown account or instrument, or
// needs a valid side, is left out: the unknown or invalid thing is itself the reason. In the order
// of RejectReason:
//
//   kill                 firm, account or instrument, by the operator or by the limits row
//   unknown_account      never set, or out of range; likewise unknown_instrument
//   invalid_side         neither buy, sell nor sell_short (a short sale counts as a sell here)
//   invalid_type         pairs are limit/day, limit/ioc, market/ioc; also an unknown request kind
//   market_closed        market_open is not 1
//   account_disabled     enabled is not 1; likewise instrument_disabled
//   instrument_halted    trading is not 1
//   book_stale           stale is not 0, or the market state is another instrument's
//   invalid_quantity     0
//   lot_size, tick_size  not a multiple (tick: not for market orders); a zero lot or tick refuses
//   all invalid_price        limit: 0 or market_price; market: anything but market_price
//   no_reference_price   reference_price.hpp finds none, for limit and market orders alike
//   price_collar         limit orders: a buy above, a sell below the collar around the reference
//   max_quantity         above the account's or the instrument's; a replace counts its new total
//   max_notional         qty * price in 128 bits, above the account's or the instrument's; a market
//   order
//                        counts at the top of its collar on both sides, so that a sell never looks
//                        small
//   message_rate         less than one message of credit; only passed new and replace requests pay
//   open_orders          new orders only
//   position_limit       worst case on the order's side, open orders included; see worst_after
//
// A cancel always passes. A replace reserves only what it adds: max(0, qty - executed - reserved);
// one that adds nothing is never refused for position, even when limits were lowered below what is
// in use. An order that reduces a position is held only against the limit of the other side, where
// the position counts in its favour: being over a limit never blocks the way back.
#include <bit>
#include <limits>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/types.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/risk/reference_price.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::risk {

/// All that a verdict depends on. `account` and `instrument` are null when unknown; `position` is
/// set exactly when both are known; `market` is never null.
struct GateView {
  const AccountRow* account{};
  const InstrumentRow* instrument{};
  const PositionCell* position{};
  const MarketState* market{};
  u64 rate_credit{};  ///< credit_at the time of the request
  u32 limits_epoch{};
  bool firm_killed{true};
};

/// Bit of a reason in Verdict::fail_bitmap.
[[nodiscard]] constexpr u64 fail_bit(RejectReason reason, bool fails = true) noexcept {
  return static_cast<u64>(fails) << static_cast<u32>(reason);
}
[[nodiscard]] constexpr bool is_buy(Side side) noexcept { return side == Side::kBuy; }
[[nodiscard]] constexpr bool is_sell(Side side) noexcept {
  return side == Side::kSell || side == Side::kSellShort;
}

/// Quantity the ledger must reserve on top of what it holds for the order; 0 for a cancel.
[[nodiscard]] constexpr u32 extra_qty(const OrderRequest& r) noexcept {
  const bool replaces = r.kind == RequestKind::kReplace;
  const u32 executed = replaces ? r.replaces_cum_qty : 0;
  const u32 reserved = replaces ? r.replaces_reserved_qty : 0;
  const u32 leaves = r.qty > executed ? r.qty - executed : 0;
  const u32 extra = leaves > reserved ? leaves - reserved : 0;
  return r.kind == RequestKind::kNew || replaces ? extra : 0;
}

/// Worst-case position on the request's side once it is reserved: worst_long for a buy, worst_short
/// for a sell; 0 when the pair or the side is unknown.
[[nodiscard]] constexpr i64 worst_after(const OrderRequest& r, const GateView& v) noexcept {
  const bool valid = is_buy(r.side) || is_sell(r.side);
  if (v.position == nullptr || !valid) return 0;
  const Exposure& e = v.position->exposure;
  const i64 extra = extra_qty(r);
  return pick(is_sell(r.side), e.worst_long() + extra, e.worst_short() - extra);
}

/// Quantity times price, of a market order at the top of its collar; 0 where no price is known.
[[nodiscard]] constexpr u128 notional(const OrderRequest& r, const GateView& v) noexcept {
  if (r.order_type != OrderType::kMarket) return static_cast<u128>(r.price) * r.qty;
  if (v.instrument == nullptr) return 0;
  const u64 price = collar_top(reference_doubled(*v.market), collar_bp(v.instrument->limits));
  return static_cast<u128>(price) * r.qty;
}

namespace detail {

/// Which kill switches are set: 1 firm, 2 account, 4 instrument.
[[nodiscard]] constexpr u32 kill_scopes(const GateView& v) noexcept {
  u32 scopes = v.firm_killed ? 1U : 0U;
  if (v.account != nullptr && (v.account->operator_killed || v.account->limits.killed != 0))
    scopes |= 2U;
  if (v.instrument != nullptr &&
      (v.instrument->operator_killed || v.instrument->limits.killed != 0))
    scopes |= 4U;
  return scopes;
}

[[nodiscard]] constexpr bool valid_type(const OrderRequest& r) noexcept {
  const bool pair = (r.order_type == OrderType::kLimit &&
                     (r.tif == TimeInForce::kDay || r.tif == TimeInForce::kIoc)) ||
                    (r.order_type == OrderType::kMarket && r.tif == TimeInForce::kIoc);
  return pair && (r.kind == RequestKind::kNew || r.kind == RequestKind::kReplace);
}

[[nodiscard]] constexpr u64 static_fails(const OrderRequest& r, const GateView& v) noexcept {
  const MarketState& market = *v.market;
  const bool limit_price_ok = r.price != 0 && r.price != kMarketPrice;
  const bool price_ok =
      r.order_type == OrderType::kMarket ? r.price == kMarketPrice : limit_price_ok;
  return fail_bit(RejectReason::kKill, kill_scopes(v) != 0) |
         fail_bit(RejectReason::kUnknownAccount, v.account == nullptr) |
         fail_bit(RejectReason::kUnknownInstrument, v.instrument == nullptr) |
         fail_bit(RejectReason::kInvalidSide, !is_buy(r.side) && !is_sell(r.side)) |
         fail_bit(RejectReason::kInvalidType, !valid_type(r)) |
         fail_bit(RejectReason::kMarketClosed, market.market_open != 1) |
         fail_bit(RejectReason::kInstrumentHalted, market.trading != 1) |
         fail_bit(RejectReason::kBookStale,
                  market.stale != 0 || market.instrument != r.instrument) |
         fail_bit(RejectReason::kInvalidQuantity, r.qty == 0) |
         fail_bit(RejectReason::kInvalidPrice, !price_ok) |
         fail_bit(RejectReason::kNoReferencePrice, reference_doubled(market) == 0);
}

[[nodiscard]] constexpr u64 account_fails(const OrderRequest& r, const GateView& v,
                                          u128 value) noexcept {
  const AccountRow& row = *v.account;
  return fail_bit(RejectReason::kAccountDisabled, row.limits.enabled != 1) |
         fail_bit(RejectReason::kMaxQuantity, r.qty > row.limits.max_qty) |
         fail_bit(RejectReason::kMaxNotional, value > row.limits.max_notional) |
         fail_bit(RejectReason::kMessageRate, v.rate_credit < kMessageCost) |
         fail_bit(RejectReason::kOpenOrders,
                  r.kind == RequestKind::kNew && row.open_orders >= row.limits.open_orders_max);
}

[[nodiscard]] constexpr u64 instrument_fails(const OrderRequest& r, const GateView& v,
                                             u128 value) noexcept {
  const InstrumentRow& row = *v.instrument;
  const bool priced = r.order_type != OrderType::kMarket;
  const bool on_tick = row.limits.tick_size != 0 && is_multiple(r.price, row.tick_inverse);
  const bool on_lot = row.limits.lot_size != 0 && is_multiple(r.qty, row.lot_inverse);
  const u64 doubled = reference_doubled(*v.market);
  const u64 collar = collar_bp(row.limits);
  const bool through = ((u32{is_buy(r.side)} & u32{above_collar(r.price, doubled, collar)}) |
                        (u32{is_sell(r.side)} & u32{below_collar(r.price, doubled, collar)})) != 0;
  return fail_bit(RejectReason::kInstrumentDisabled, row.limits.enabled != 1) |
         fail_bit(RejectReason::kLotSize, !on_lot) |
         fail_bit(RejectReason::kTickSize, priced && !on_tick) |
         fail_bit(RejectReason::kPriceCollar, priced && doubled != 0 && through) |
         fail_bit(RejectReason::kMaxQuantity, r.qty > row.limits.max_qty) |
         fail_bit(RejectReason::kMaxNotional, value > row.limits.max_notional);
}

[[nodiscard]] constexpr u64 position_fails(const OrderRequest& r, const GateView& v) noexcept {
  const bool sell = is_sell(r.side);
  const i64 worst = worst_after(r, v);
  const i64 limit = pick(sell, v.position->max_long, v.position->max_short);
  return fail_bit(RejectReason::kPositionLimit,
                  pick(sell, worst, -worst) > limit && extra_qty(r) != 0);
}

/// A 64- or 128-bit amount as a verdict carries it: cut at the largest i64.
[[nodiscard]] constexpr i64 reported(u128 amount) noexcept {
  constexpr u128 kLargest = std::numeric_limits<i64>::max();
  return static_cast<i64>(amount < kLargest ? amount : kLargest);
}

/// The smaller of a limit of the account and of the instrument, over those that are known.
template <class Limit>
[[nodiscard]] constexpr u64 tightest(const GateView& v, Limit limit) noexcept {
  const u64 a = v.account ? limit(v.account->limits) : std::numeric_limits<u64>::max();
  const u64 b = v.instrument ? limit(v.instrument->limits) : std::numeric_limits<u64>::max();
  return a < b ? a : b;
}

struct Explanation {
  i64 limit_value{};
  i64 observed_value{};
};

/// Limit and observation behind checks that are not limits: what was found, in the request or the
/// rows.
[[nodiscard]] constexpr i64 observed_state(RejectReason reason, const OrderRequest& r,
                                           const GateView& v) noexcept {
  switch (reason) {
    case RejectReason::kKill:
      return kill_scopes(v);
    case RejectReason::kUnknownAccount:
      return r.account;
    case RejectReason::kUnknownInstrument:
      return r.instrument;
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
      return v.instrument->limits.enabled;
    case RejectReason::kInstrumentHalted:
      return v.market->trading;
    case RejectReason::kBookStale:
      return v.market->stale;
    case RejectReason::kInvalidPrice:
      return r.price;
    default:
      return 0;
  }
}

/// limit_value and observed_value of the primary reason. Kill: the scopes of kill_scopes;
/// invalid_type: kind, type and time in force as base-256 digits; message_rate: 1e-9 messages;
/// position_limit: signed positions, so a short limit is negative; the other pairs in the unit of
/// their limit.
[[nodiscard, gnu::cold, gnu::noinline]] constexpr Explanation explain(RejectReason reason,
                                                                      const OrderRequest& r,
                                                                      const GateView& v) noexcept {
  switch (reason) {
    case RejectReason::kLotSize:
      return {v.instrument->limits.lot_size, r.qty};
    case RejectReason::kTickSize:
      return {v.instrument->limits.tick_size, r.price};
    case RejectReason::kPriceCollar: {
      const u64 doubled = reference_doubled(*v.market);
      const u64 collar = collar_bp(v.instrument->limits);
      const u64 edge =
          is_buy(r.side) ? collar_top(doubled, collar) : collar_bottom(doubled, collar);
      return {reported(edge), r.price};
    }
    case RejectReason::kMaxQuantity:
      return {reported(tightest(v, [](const auto& limits) { return u64{limits.max_qty}; })), r.qty};
    case RejectReason::kMaxNotional:
      return {reported(tightest(v, [](const auto& limits) { return limits.max_notional; })),
              reported(notional(r, v))};
    case RejectReason::kMessageRate:
      return {reported(kMessageCost), reported(v.rate_credit)};
    case RejectReason::kOpenOrders:
      return {v.account->limits.open_orders_max, i64{v.account->open_orders} + 1};
    case RejectReason::kPositionLimit:
      return {is_buy(r.side) ? v.position->max_long : -v.position->max_short, worst_after(r, v)};
    default:
      return {0, observed_state(reason, r, v)};
  }
}

}  // namespace detail

/// Bitmap of every check that fails; 0 for a pass.
[[nodiscard]] constexpr u64 failing_checks(const OrderRequest& r, const GateView& v) noexcept {
  if (r.kind == RequestKind::kCancel) return 0;
  const u128 value = notional(r, v);
  u64 fails = detail::static_fails(r, v);
  if (v.account != nullptr) fails |= detail::account_fails(r, v, value);
  if (v.instrument != nullptr) fails |= detail::instrument_fails(r, v, value);
  if (v.position != nullptr) fails |= detail::position_fails(r, v);
  return fails;
}

/// The gate's answer. Pure: changes nothing, depends on its arguments only.
[[nodiscard]] constexpr Verdict evaluate(const OrderRequest& r, const GateView& v) noexcept {
  Verdict verdict;
  verdict.seq = r.seq;
  verdict.order_id = r.order_id;
  verdict.limits_epoch = v.limits_epoch;
  verdict.exposure_after = worst_after(r, v);
  verdict.fail_bitmap = failing_checks(r, v);
  if (verdict.fail_bitmap != 0) [[unlikely]] {
    verdict.primary_reason = static_cast<RejectReason>(std::countr_zero(verdict.fail_bitmap));
    const detail::Explanation why = detail::explain(verdict.primary_reason, r, v);
    verdict.limit_value = why.limit_value;
    verdict.observed_value = why.observed_value;
  }
  return verdict;
}

}  // namespace tradsys::risk
