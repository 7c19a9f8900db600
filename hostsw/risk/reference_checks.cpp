// The checks of the reference gate: one plain rule after the other.
#include <algorithm>
#include <limits>

#include "hostsw/risk/reference_gate.hpp"

namespace tradsys::risk {
namespace {

constexpr i128 kOneMessage = 1'000'000'000;
constexpr i128 kMillisecond = 1'000'000;
constexpr i128 kLargest = std::numeric_limits<i64>::max();

template <class Map, class Key>
[[nodiscard]] auto get(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}
[[nodiscard]] bool sells(Side side) { return side == Side::kSell || side == Side::kSellShort; }
[[nodiscard]] i128 collar_of(i128 bp) { return std::min<i128>(bp, 10'000'000); }
[[nodiscard]] i128 highest(i128 doubled, i128 collar) {
  return doubled * (10'000 + collar) / 20'000;
}
[[nodiscard]] i128 lowest(i128 doubled, i128 collar) {
  const i128 floor_20000 = doubled * std::max<i128>(0, 10'000 - collar);
  return floor_20000 / 20'000 + (floor_20000 % 20'000 != 0 ? 1 : 0);
}
[[nodiscard]] bool has(u16 bits, Restriction bit) { return (bits & static_cast<u16>(bit)) != 0; }

}  // namespace

i128 ReferenceGate::doubled_reference(const MarketState& m) {
  if (m.bid_price > 0 && m.ask_price > 0) return static_cast<i128>(m.bid_price) + m.ask_price;
  if (m.last_price > 0) return static_cast<i128>(m.last_price) * 2;
  return static_cast<i128>(m.reference_price) * 2;
}

i128 ReferenceGate::credit(u16 account, i128 now_ns) const {
  const Sent sent = get(sent_, account);
  const AccountLimits limits = get(account_limits_, account);
  const i128 waited_ns = std::max<i128>(0, now_ns - sent.bucket_ns);
  return std::min<i128>(sent.nano_messages + waited_ns * limits.rate_per_s,
                        limits.rate_burst * kOneMessage);
}

bool ReferenceGate::known(const OrderRequest& r) const {
  return account_limits_.contains(r.account) && instrument_limits_.contains(r.instrument);
}

bool ReferenceGate::scopes_known(const OrderRequest& r) const {
  if (!account_limits_.contains(r.account)) return false;
  const std::vector<Scope> scopes = scopes_of(r.account, r.strategy);
  return std::all_of(scopes.begin(), scopes.end(),
                     [&](const Scope& scope) { return scope_limits_.contains(scope); });
}

i128 ReferenceGate::switched(const OrderRequest& r, SwitchState state) const {
  i128 bits = 0;
  const auto look = [&](KillScope scope, u16 index, i128 bit) {
    if (get(switches_, std::pair{scope, index}) == state) bits += bit;
  };
  look(KillScope::kFirm, 0, 1);
  if (account_limits_.contains(r.account)) {
    look(KillScope::kAccount, r.account, 2);
    look(KillScope::kClient, account_limits_.at(r.account).client, 8);
  }
  if (instrument_limits_.contains(r.instrument)) look(KillScope::kInstrument, r.instrument, 4);
  look(KillScope::kStrategy, r.strategy, 16);
  return bits;
}

void ReferenceGate::check_switches(const Asked& q, Failures& out) const {
  const OrderRequest& r = q.order;
  i128 bits = switched(r, SwitchState::kHalted);
  const bool account_row = get(account_limits_, r.account).killed != 0;
  const bool instrument_row = get(instrument_limits_, r.instrument).killed != 0;
  if (account_limits_.contains(r.account) && account_row && bits / 2 % 2 == 0) bits += 2;
  if (instrument_limits_.contains(r.instrument) && instrument_row && bits / 4 % 2 == 0) bits += 4;
  if (bits != 0) out[RejectReason::kKill] = {0, bits};
  const bool side_ok = r.side == Side::kBuy || sells(r.side);
  const i128 careful = switched(r, SwitchState::kReduceOnly);
  if (known(r) && side_ok && careful != 0 && !q.reduces)
    out[RejectReason::kReduceOnly] = {0, careful};
  if (get(used_, Scope{LimitScope::kStrategy, r.strategy}).throttled)
    out[RejectReason::kExecutionThrottle] = {0, 0};
  if (r.crosses_own != 0) out[RejectReason::kSelfTrade] = {0, 0};
}

void ReferenceGate::check_form(const Asked& q, Failures& out) const {
  const OrderRequest& r = q.order;
  bool account_ok = account_limits_.contains(r.account);
  if (account_ok) {
    account_ok =
        scope_limits_.contains({LimitScope::kFirm, 0}) &&
        scope_limits_.contains({LimitScope::kAccount, r.account}) &&
        scope_limits_.contains({LimitScope::kClient, account_limits_.at(r.account).client});
  }
  if (!account_ok) out[RejectReason::kUnknownAccount] = {0, r.account};
  if (!instrument_limits_.contains(r.instrument))
    out[RejectReason::kUnknownInstrument] = {0, r.instrument};
  if (!scope_limits_.contains({LimitScope::kStrategy, r.strategy}))
    out[RejectReason::kUnknownStrategy] = {0, r.strategy};
  if (r.side != Side::kBuy && !sells(r.side))
    out[RejectReason::kInvalidSide] = {0, static_cast<i128>(r.side)};
  const std::pair<OrderType, TimeInForce> pair{r.order_type, r.tif};
  const bool pair_ok = pair == std::pair{OrderType::kLimit, TimeInForce::kDay} ||
                       pair == std::pair{OrderType::kLimit, TimeInForce::kIoc} ||
                       pair == std::pair{OrderType::kLimit, TimeInForce::kGtc} ||
                       pair == std::pair{OrderType::kMarket, TimeInForce::kIoc};
  const bool kind_ok = r.kind == RequestKind::kNew || r.kind == RequestKind::kReplace;
  if (!pair_ok || !kind_ok) {
    const i128 digits = (static_cast<i128>(r.kind) * 256 + static_cast<i128>(r.order_type)) * 256 +
                        static_cast<i128>(r.tif);
    out[RejectReason::kInvalidType] = {0, digits};
  }
  if (r.qty == 0) out[RejectReason::kInvalidQuantity] = {0, 0};
  const bool marked_market = r.price == kMarketPrice;
  const bool price_ok =
      r.order_type == OrderType::kMarket ? marked_market : !marked_market && r.price > 0;
  if (!price_ok) out[RejectReason::kInvalidPrice] = {0, r.price};
}

void ReferenceGate::check_market(const Asked& q, Failures& out) const {
  const MarketState& m = q.market;
  if (m.market_open != 1) out[RejectReason::kMarketClosed] = {0, m.market_open};
  if (m.trading != 1) out[RejectReason::kInstrumentHalted] = {0, m.trading};
  if (m.stale != 0 || m.instrument != q.order.instrument)
    out[RejectReason::kBookStale] = {0, m.stale};
  if (doubled_reference(m) == 0) out[RejectReason::kNoReferencePrice] = {0, 0};
  if (!instrument_limits_.contains(q.order.instrument)) return;
  const i128 max_ms = instrument_limits_.at(q.order.instrument).feed_silence_max_ms;
  const i128 silence_ns = q.now_ns - static_cast<i128>(m.heard_ns);
  if (max_ms != kNoLimit32 && silence_ns > max_ms * kMillisecond)
    out[RejectReason::kFeedSilent] = {max_ms * kMillisecond, silence_ns};
}

void ReferenceGate::check_rules(const Asked& q, Failures& out) const {
  const OrderRequest& r = q.order;
  if (!instrument_limits_.contains(r.instrument)) return;
  const InstrumentLimits& limits = instrument_limits_.at(r.instrument);
  if (limits.enabled != 1) out[RejectReason::kInstrumentDisabled] = {0, limits.enabled};
  if (r.qty < limits.min_qty) out[RejectReason::kMinQuantity] = {limits.min_qty, r.qty};
  if (limits.lot_size == 0 || r.qty % limits.lot_size != 0)
    out[RejectReason::kLotSize] = {limits.lot_size, r.qty};
  const bool short_ok =
      r.order_type != OrderType::kMarket && q.market.bid_price != 0 && r.price > q.market.bid_price;
  if (r.side == Side::kSellShort && limits.short_sale_restricted != 0 && !short_ok)
    out[RejectReason::kShortSalePrice] = {q.market.bid_price, r.price};
}

void ReferenceGate::check_prices(const Asked& q, Failures& out) const {
  const OrderRequest& r = q.order;
  if (!instrument_limits_.contains(r.instrument) || r.order_type == OrderType::kMarket) return;
  const InstrumentLimits& limits = instrument_limits_.at(r.instrument);
  if (limits.tick_size == 0 || r.price % limits.tick_size != 0)
    out[RejectReason::kTickSize] = {limits.tick_size, r.price};
  if (r.price > limits.band_high) out[RejectReason::kPriceBand] = {limits.band_high, r.price};
  if (r.price < limits.band_low) out[RejectReason::kPriceBand] = {limits.band_low, r.price};
  const i128 doubled = doubled_reference(q.market);
  if (doubled == 0) return;
  const auto hold = [&](RejectReason reason, i128 collar) {
    const i128 top = highest(doubled, collar), bottom = lowest(doubled, collar);
    if (r.side == Side::kBuy && r.price > top) out[reason] = {top, r.price};
    if (sells(r.side) && r.price < bottom) out[reason] = {bottom, r.price};
  };
  hold(RejectReason::kPriceCollar, collar_of(limits.collar_bp));
  const u16 bits = get(position_limits_, Pair{r.account, r.instrument}).restrictions;
  if (account_limits_.contains(r.account) && limits.fat_finger_bp != kNoLimit32 &&
      !has(bits, Restriction::kConfirmed))
    hold(RejectReason::kFatFinger, collar_of(limits.fat_finger_bp));
}

void ReferenceGate::check_size(const Asked& q, Failures& out) const {
  const OrderRequest& r = q.order;
  i128 max_qty = std::numeric_limits<u64>::max();
  i128 max_value = std::numeric_limits<u64>::max();
  if (account_limits_.contains(r.account)) {
    max_qty = std::min<i128>(max_qty, account_limits_.at(r.account).max_qty);
    max_value = std::min<i128>(max_value, account_limits_.at(r.account).max_notional);
  }
  if (instrument_limits_.contains(r.instrument)) {
    max_qty = std::min<i128>(max_qty, instrument_limits_.at(r.instrument).max_qty);
    max_value = std::min<i128>(max_value, instrument_limits_.at(r.instrument).max_notional);
  }
  const bool any = account_limits_.contains(r.account) || instrument_limits_.contains(r.instrument);
  const i128 value = q.price * r.qty;
  if (any && r.qty > max_qty) out[RejectReason::kMaxQuantity] = {max_qty, r.qty};
  if (any && value > max_value) out[RejectReason::kMaxNotional] = {max_value, value};
}

void ReferenceGate::check_account(const Asked& q, Failures& out) const {
  if (!account_limits_.contains(q.order.account)) return;
  const AccountLimits& limits = account_limits_.at(q.order.account);
  if (limits.enabled != 1) out[RejectReason::kAccountDisabled] = {0, limits.enabled};
  const i128 left = credit(q.order.account, q.now_ns);
  if (left < kOneMessage) out[RejectReason::kMessageRate] = {kOneMessage, left};
  const Sent sent = get(sent_, q.order.account);
  const i128 requests = sent.requests + 1;
  const i128 allowed =
      std::max<i128>(limits.orders_per_trade_from, sent.trades * limits.orders_per_trade_max);
  if (limits.orders_per_trade_max != kNoLimit32 && requests > allowed)
    out[RejectReason::kOrderToTrade] = {allowed, requests};
  check_duplicates(q, out);
}

void ReferenceGate::check_duplicates(const Asked& q, Failures& out) const {
  const OrderRequest& r = q.order;
  const AccountLimits& limits = account_limits_.at(r.account);
  if (limits.duplicates_max == 0 || r.kind != RequestKind::kNew) return;
  i128 equal = 0;
  for (const auto& [order, when_ns] : get(sent_, r.account).recent) {
    const bool same = order.instrument == r.instrument && order.side == r.side &&
                      order.order_type == r.order_type && order.price == r.price &&
                      order.qty == r.qty;
    if (same && when_ns > q.now_ns - limits.duplicate_window_ms * kMillisecond) equal += 1;
  }
  if (equal >= limits.duplicates_max)
    out[RejectReason::kDuplicateOrder] = {limits.duplicates_max, equal + 1};
}

void ReferenceGate::check_pair(const Asked& q, Failures& out) const {
  const OrderRequest& r = q.order;
  if (!known(r) || (r.side != Side::kBuy && !sells(r.side))) return;
  const PositionLimits limits = get(position_limits_, Pair{r.account, r.instrument});
  u16 forbidden = static_cast<u16>(Restriction::kSanctions);
  const auto forbid = [&](Restriction bit) {
    forbidden = static_cast<u16>(forbidden | static_cast<u16>(bit));
  };
  if (r.side == Side::kBuy) forbid(Restriction::kBuy);
  if (sells(r.side)) forbid(Restriction::kSell);
  if (r.side == Side::kSellShort) forbid(Restriction::kShort);
  if (r.side != Side::kSell) forbid(Restriction::kSharia);
  if ((limits.restrictions & forbidden) != 0)
    out[RejectReason::kRestricted] = {0, limits.restrictions & forbidden};
  if (q.added_qty == 0) return;
  const i128 max_long = std::min<i128>(limits.max_long, kLargest);
  const i128 max_short = std::min<i128>(limits.max_short, kLargest);
  if (r.side == Side::kBuy && q.worst > max_long)
    out[RejectReason::kPositionLimit] = {max_long, q.worst};
  if (sells(r.side) && q.worst < -max_short)
    out[RejectReason::kPositionLimit] = {-max_short, q.worst};
  const i128 far = std::max<i128>(0, r.side == Side::kBuy ? q.worst : -q.worst);
  const i128 value = std::min<i128>(far * doubled_reference(q.market), kValueMax) / 2;
  if (limits.max_value < kValueMax && value > static_cast<i128>(limits.max_value))
    out[RejectReason::kConcentration] = {static_cast<i128>(limits.max_value), value};
  check_day(q, out);
}

void ReferenceGate::check_day(const Asked& q, Failures& out) const {
  const OrderRequest& r = q.order;
  const PositionLimits limits = get(position_limits_, Pair{r.account, r.instrument});
  const Holding h = get(holdings_, Pair{r.account, r.instrument});
  const i128 all = h.bought + h.sold + h.shorted + h.open_buy + h.open_sell + q.added_qty;
  if (all > static_cast<i128>(limits.daily_qty_max))
    out[RejectReason::kDailyQuantity] = {static_cast<i128>(limits.daily_qty_max), all};
  if (r.side == Side::kBuy) {
    const i128 bought = h.bought + h.open_buy + q.added_qty;
    if (limits.buy_qty_max != kNoLimit32 && bought > limits.buy_qty_max)
      out[RejectReason::kForeignOwnership] = {limits.buy_qty_max, bought};
  } else if (r.side == Side::kSellShort) {
    const i128 shorted = h.shorted + h.open_short + q.added_qty;
    if (limits.short_qty_max != kNoLimit32 && shorted > limits.short_qty_max)
      out[RejectReason::kLocate] = {limits.short_qty_max, shorted};
  } else {
    const i128 sold = h.sold + h.open_sell - h.open_short + q.added_qty;
    const i128 deliverable =
        limits.sell_qty_max + std::min<i128>(h.bought, limits.same_day_qty_max);
    if (limits.sell_qty_max != kNoLimit32 && sold > deliverable)
      out[RejectReason::kSellAvailability] = {deliverable, sold};
  }
}

void ReferenceGate::check_scope(const Asked& q, Scope scope, Failures& out) const {
  const ScopeLimits limits = get(scope_limits_, scope);
  const Used used = get(used_, scope);
  const bool buys = q.order.side == Side::kBuy;
  const i128 open_buy = used.open_buy + (buys ? q.added_value : 0);
  const i128 open_sell = used.open_sell + (buys ? 0 : q.added_value);
  const auto hold = [&](RejectReason reason, i128 limit, i128 amount) {
    if (limit < kValueMax && amount > limit) out.try_emplace(reason, limit, amount);
  };
  if (q.order.kind == RequestKind::kNew)
    hold(RejectReason::kOpenOrders, limits.open_orders_max, used.open_orders + 1);
  if (q.added_value > 0) {
    hold(RejectReason::kOpenValue, limits.open_value_max, open_buy + open_sell);
    hold(RejectReason::kGrossValue, limits.gross_value_max,
         used.bought + used.sold + open_buy + open_sell);
    hold(RejectReason::kNetValue, limits.net_value_max,
         buys ? used.bought - used.sold + open_buy : used.sold - used.bought + open_sell);
    if (buys) hold(RejectReason::kBuyingPower, limits.buying_power, used.bought + open_buy);
  }
  if (scope.first == LimitScope::kStrategy) return;
  const i128 marked = get(holdings_, Pair{q.order.account, q.order.instrument}).marked;
  const i128 loss = -(used.result - marked + q.marked);
  const i128 halt = static_cast<i128>(limits.loss_halt);
  const i128 most = static_cast<i128>(limits.loss_max);
  if (halt < kValueMax && loss > halt)
    out.try_emplace(RejectReason::kLossLimit, -halt, -loss);
  else if (most < kValueMax && loss > most && !q.reduces)
    out.try_emplace(RejectReason::kLossLimit, -most, -loss);
}

ReferenceGate::Failures ReferenceGate::check(const Asked& q) const {
  Failures failures;
  check_switches(q, failures);
  check_form(q, failures);
  check_market(q, failures);
  check_rules(q, failures);
  check_prices(q, failures);
  check_size(q, failures);
  check_account(q, failures);
  check_pair(q, failures);
  const bool side_ok = q.order.side == Side::kBuy || sells(q.order.side);
  if (known(q.order) && side_ok && scopes_known(q.order)) {
    for (const Scope& scope : scopes_of(q.order.account, q.order.strategy))
      check_scope(q, scope, failures);
  }
  return failures;
}

}  // namespace tradsys::risk
