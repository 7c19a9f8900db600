#include "hostsw/risk/reference_gate.hpp"

#include <algorithm>
#include <limits>

namespace tradsys::risk {
namespace {

constexpr i128 kOneMessage = 1'000'000'000;
constexpr i128 kLargest = std::numeric_limits<i64>::max();

template <class Map, class Key>
[[nodiscard]] auto get(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}
[[nodiscard]] bool sells(Side side) { return side == Side::kSell || side == Side::kSellShort; }
[[nodiscard]] i64 shown(i128 amount) { return static_cast<i64>(std::min(amount, kLargest)); }
[[nodiscard]] i128 collar_of(const InstrumentLimits& limits) {
  return std::min<i128>(limits.collar_bp, 10'000'000);
}

}  // namespace

i128 ReferenceGate::doubled_reference(const MarketState& m) {
  if (m.bid_price > 0 && m.ask_price > 0) return static_cast<i128>(m.bid_price) + m.ask_price;
  if (m.last_price > 0) return static_cast<i128>(m.last_price) * 2;
  return static_cast<i128>(m.reference_price) * 2;
}

i128 ReferenceGate::credit(u16 account, Nanos now) const {
  const Bucket bucket = get(buckets_, account);
  const AccountLimits limits = get(account_limits_, account);
  const i128 waited_ns = std::max<i128>(0, now.v - bucket.time_ns);
  return std::min<i128>(bucket.nano_messages + waited_ns * limits.rate_per_s,
                        limits.rate_burst * kOneMessage);
}

i128 ReferenceGate::added_qty(const OrderRequest& r) const {
  if (r.kind == RequestKind::kNew) return r.qty;
  if (r.kind != RequestKind::kReplace) return 0;
  const i128 leaves = std::max<i128>(0, static_cast<i128>(r.qty) - r.replaces_cum_qty);
  return std::max<i128>(0, leaves - r.replaces_reserved_qty);
}

bool ReferenceGate::known(const OrderRequest& r) const {
  return account_limits_.contains(r.account) && instrument_limits_.contains(r.instrument);
}

i128 ReferenceGate::order_value(const OrderRequest& r, const MarketState& market) const {
  if (r.order_type != OrderType::kMarket) return static_cast<i128>(r.qty) * r.price;
  if (!instrument_limits_.contains(r.instrument)) return 0;
  const i128 collar = collar_of(instrument_limits_.at(r.instrument));
  const i128 highest = doubled_reference(market) * (10'000 + collar) / 20'000;
  return highest * r.qty;
}

i128 ReferenceGate::worst_case(const OrderRequest& r) const {
  if (!known(r)) return 0;
  const Holding h = get(holdings_, Pair{r.account, r.instrument});
  if (r.side == Side::kBuy) return h.position + h.open_buy + added_qty(r);
  if (sells(r.side)) return h.position - h.open_sell - added_qty(r);
  return 0;
}

void ReferenceGate::check_kill(const OrderRequest& r, Failures& out) const {
  i128 scopes = 0;
  if (firm_killed_) scopes += 1;
  if (account_limits_.contains(r.account) &&
      (get(killed_accounts_, r.account) || account_limits_.at(r.account).killed != 0))
    scopes += 2;
  if (instrument_limits_.contains(r.instrument) &&
      (get(killed_instruments_, r.instrument) || instrument_limits_.at(r.instrument).killed != 0))
    scopes += 4;
  if (scopes != 0) out[RejectReason::kKill] = {0, scopes};
}

void ReferenceGate::check_form(const OrderRequest& r, Failures& out) const {
  if (!account_limits_.contains(r.account)) out[RejectReason::kUnknownAccount] = {0, r.account};
  if (!instrument_limits_.contains(r.instrument))
    out[RejectReason::kUnknownInstrument] = {0, r.instrument};
  if (r.side != Side::kBuy && !sells(r.side))
    out[RejectReason::kInvalidSide] = {0, static_cast<i128>(r.side)};
  const std::pair<OrderType, TimeInForce> pair{r.order_type, r.tif};
  const bool pair_ok = pair == std::pair{OrderType::kLimit, TimeInForce::kDay} ||
                       pair == std::pair{OrderType::kLimit, TimeInForce::kIoc} ||
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

void ReferenceGate::check_market(const OrderRequest& r, const MarketState& m, Failures& out) const {
  if (m.market_open != 1) out[RejectReason::kMarketClosed] = {0, m.market_open};
  if (m.trading != 1) out[RejectReason::kInstrumentHalted] = {0, m.trading};
  if (m.stale != 0 || m.instrument != r.instrument) out[RejectReason::kBookStale] = {0, m.stale};
  if (doubled_reference(m) == 0) out[RejectReason::kNoReferencePrice] = {0, 0};
}

void ReferenceGate::check_rules(const OrderRequest& r, Failures& out) const {
  if (!instrument_limits_.contains(r.instrument)) return;
  const InstrumentLimits& limits = instrument_limits_.at(r.instrument);
  if (limits.enabled != 1) out[RejectReason::kInstrumentDisabled] = {0, limits.enabled};
  if (limits.lot_size == 0 || r.qty % limits.lot_size != 0)
    out[RejectReason::kLotSize] = {limits.lot_size, r.qty};
  if (r.order_type != OrderType::kMarket &&
      (limits.tick_size == 0 || r.price % limits.tick_size != 0))
    out[RejectReason::kTickSize] = {limits.tick_size, r.price};
}

void ReferenceGate::check_collar(const OrderRequest& r, const MarketState& m, Failures& out) const {
  const i128 doubled = doubled_reference(m);
  if (!instrument_limits_.contains(r.instrument) || r.order_type == OrderType::kMarket ||
      doubled == 0)
    return;
  const i128 collar = collar_of(instrument_limits_.at(r.instrument));
  const i128 highest = doubled * (10'000 + collar) / 20'000;
  const i128 floor_20000 = doubled * std::max<i128>(0, 10'000 - collar);
  const i128 lowest = floor_20000 / 20'000 + (floor_20000 % 20'000 != 0 ? 1 : 0);
  if (r.side == Side::kBuy && r.price > highest)
    out[RejectReason::kPriceCollar] = {highest, r.price};
  if (sells(r.side) && r.price < lowest) out[RejectReason::kPriceCollar] = {lowest, r.price};
}

void ReferenceGate::check_size(const OrderRequest& r, const MarketState& m, Failures& out) const {
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
  const i128 value = order_value(r, m);
  if (any && r.qty > max_qty) out[RejectReason::kMaxQuantity] = {max_qty, r.qty};
  if (any && value > max_value) out[RejectReason::kMaxNotional] = {max_value, value};
}

void ReferenceGate::check_account(const OrderRequest& r, Nanos now, Failures& out) const {
  if (!account_limits_.contains(r.account)) return;
  const AccountLimits& limits = account_limits_.at(r.account);
  if (limits.enabled != 1) out[RejectReason::kAccountDisabled] = {0, limits.enabled};
  const i128 left = credit(r.account, now);
  if (left < kOneMessage) out[RejectReason::kMessageRate] = {kOneMessage, left};
  const i128 orders = get(open_orders_, r.account) + 1;
  if (r.kind == RequestKind::kNew && orders > limits.open_orders_max)
    out[RejectReason::kOpenOrders] = {limits.open_orders_max, orders};
}

void ReferenceGate::check_position(const OrderRequest& r, Failures& out) const {
  if (!known(r) || added_qty(r) == 0) return;
  const PositionLimits limits = get(position_limits_, Pair{r.account, r.instrument});
  const i128 max_long = std::min<i128>(limits.max_long, kLargest);
  const i128 max_short = std::min<i128>(limits.max_short, kLargest);
  const i128 worst = worst_case(r);
  if (r.side == Side::kBuy && worst > max_long)
    out[RejectReason::kPositionLimit] = {max_long, worst};
  if (sells(r.side) && worst < -max_short) out[RejectReason::kPositionLimit] = {-max_short, worst};
}

Verdict ReferenceGate::submit(const OrderRequest& r, const MarketState& market, Nanos now) {
  Verdict verdict{.seq = r.seq, .order_id = r.order_id};
  verdict.exposure_after = static_cast<i64>(worst_case(r));
  verdict.limits_epoch = limits_epoch_;
  if (r.kind == RequestKind::kCancel) return verdict;
  Failures failures;
  check_kill(r, failures);
  check_form(r, failures);
  check_market(r, market, failures);
  check_rules(r, failures);
  check_collar(r, market, failures);
  check_size(r, market, failures);
  check_account(r, now, failures);
  check_position(r, failures);
  for (const auto& [reason, why] : failures)
    verdict.fail_bitmap |= u64{1} << static_cast<u8>(reason);
  if (!failures.empty()) {
    verdict.primary_reason = failures.begin()->first;
    verdict.limit_value = shown(failures.begin()->second.first);
    verdict.observed_value = shown(failures.begin()->second.second);
    return verdict;
  }
  Bucket& bucket = buckets_[r.account];
  bucket.nano_messages = credit(r.account, now) - kOneMessage;
  bucket.time_ns = std::max<i128>(bucket.time_ns, now.v);
  Holding& h = holdings_[{r.account, r.instrument}];
  (r.side == Side::kBuy ? h.open_buy : h.open_sell) += added_qty(r);
  if (r.kind == RequestKind::kNew) open_orders_[r.account] += 1;
  return verdict;
}

void ReferenceGate::adopt(const OrderRequest& r, bool opens_order) {
  const bool side_ok = r.side == Side::kBuy || sells(r.side);
  if (r.account >= accounts_max_ || r.instrument >= instruments_max_ || !side_ok) {
    ++anomalies_.unknown_executions;
    return;
  }
  Holding& h = holdings_[{r.account, r.instrument}];
  (r.side == Side::kBuy ? h.open_buy : h.open_sell) += r.qty;
  if (opens_order) open_orders_[r.account] += 1;
}

void ReferenceGate::apply(const Execution& e) {
  const bool side_ok = e.side == Side::kBuy || sells(e.side);
  if (e.account >= accounts_max_ || e.instrument >= instruments_max_ || !side_ok ||
      e.kind > ExecKind::kBusted) {
    ++anomalies_.unknown_executions;
    return;
  }
  if (e.kind == ExecKind::kAccepted) return;
  Holding& h = holdings_[{e.account, e.instrument}];
  if (e.kind == ExecKind::kBusted) {
    h.position += e.side == Side::kBuy ? -i128{e.qty} : i128{e.qty};
    return;
  }
  i128& open = e.side == Side::kBuy ? h.open_buy : h.open_sell;
  open -= e.qty;
  if (open < 0) {
    open = 0;
    ++anomalies_.excess_releases;
  }
  if (e.kind == ExecKind::kFilled) {
    const i128 traded = e.qty;
    h.position += e.side == Side::kBuy ? traded : -traded;
  }
  if (e.leaves_qty != 0 || e.kind == ExecKind::kReplaced || e.kind == ExecKind::kCancelRejected)
    return;
  i128& orders = open_orders_[e.account];
  if (orders == 0)
    ++anomalies_.excess_ends;
  else
    orders -= 1;
}

bool ReferenceGate::set(const AccountLimits& limits) {
  if (limits.account >= accounts_max_) return false;
  const bool first = !account_limits_.contains(limits.account);
  account_limits_[limits.account] = limits;
  i128& held = buckets_[limits.account].nano_messages;
  const i128 full = limits.rate_burst * kOneMessage;
  held = first ? full : std::min(held, full);
  ++limits_epoch_;
  return true;
}

bool ReferenceGate::set(const InstrumentLimits& limits) {
  if (limits.instrument >= instruments_max_) return false;
  instrument_limits_[limits.instrument] = limits;
  ++limits_epoch_;
  return true;
}

bool ReferenceGate::set(const PositionLimits& limits) {
  if (limits.account >= accounts_max_ || limits.instrument >= instruments_max_) return false;
  position_limits_[{limits.account, limits.instrument}] = limits;
  ++limits_epoch_;
  return true;
}

bool ReferenceGate::kill_firm(bool killed) {
  firm_killed_ = killed;
  ++limits_epoch_;
  return true;
}

bool ReferenceGate::kill_account(u16 account, bool killed) {
  if (account >= accounts_max_) return false;
  killed_accounts_[account] = killed;
  ++limits_epoch_;
  return true;
}

bool ReferenceGate::kill_instrument(u16 instrument, bool killed) {
  if (instrument >= instruments_max_) return false;
  killed_instruments_[instrument] = killed;
  ++limits_epoch_;
  return true;
}

bool ReferenceGate::load_position(AccountIndex account, InstrumentIndex instrument, i64 position) {
  constexpr i64 kMost = i64{1} << 62;
  if (account.v >= accounts_max_ || instrument.v >= instruments_max_) return false;
  if (position > kMost || position < -kMost) return false;
  holdings_[{account.v, instrument.v}].position = position;
  return true;
}

Exposure ReferenceGate::exposure(AccountIndex account, InstrumentIndex instrument) const {
  const Holding h = get(holdings_, Pair{account.v, instrument.v});
  return {static_cast<i64>(h.position), static_cast<i64>(h.open_buy),
          static_cast<i64>(h.open_sell)};
}

u32 ReferenceGate::open_orders(AccountIndex account) const {
  return static_cast<u32>(get(open_orders_, account.v));
}

}  // namespace tradsys::risk
