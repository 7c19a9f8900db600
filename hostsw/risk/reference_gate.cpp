#include "hostsw/risk/reference_gate.hpp"

#include <algorithm>
#include <limits>

namespace tradsys::risk {
namespace {

constexpr i128 kOneMessage = 1'000'000'000;
constexpr i128 kMostValue = kValueMax;

template <class Map, class Key>
[[nodiscard]] auto get(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}
[[nodiscard]] bool sells(Side side) { return side == Side::kSell || side == Side::kSellShort; }
[[nodiscard]] i64 shown(i128 amount) {
  constexpr i128 kLargest = std::numeric_limits<i64>::max();
  return static_cast<i64>(std::clamp<i128>(amount, -kLargest, kLargest));
}
[[nodiscard]] i128 bounded(i128 value) { return std::clamp<i128>(value, -kMostValue, kMostValue); }
/// A sum of values stays at the most once it got there.
[[nodiscard]] i128 less(i128 sum, i128 value) {
  return sum == kMostValue ? sum : std::max<i128>(0, sum - value);
}

}  // namespace

i128 ReferenceGate::marked_at(const Holding& h, i128 doubled) {
  return bounded(h.position * doubled / 2 + h.cash);
}

std::vector<ReferenceGate::Scope> ReferenceGate::scopes_of(u16 account, u8 strategy) const {
  return {{LimitScope::kFirm, 0},
          {LimitScope::kClient, get(account_limits_, account).client},
          {LimitScope::kAccount, account},
          {LimitScope::kStrategy, strategy}};
}

ReferenceGate::Asked ReferenceGate::ask(const OrderRequest& r, const MarketState& market,
                                        Nanos now) const {
  Asked q{.order = r, .market = market, .now_ns = now.v};
  const bool replaces = r.kind == RequestKind::kReplace;
  if (r.kind == RequestKind::kNew) q.leaves = q.added_qty = r.qty;
  if (replaces) {
    q.leaves = std::max<i128>(0, static_cast<i128>(r.qty) - r.replaces_cum_qty);
    q.added_qty = std::max<i128>(0, q.leaves - r.replaces_reserved_qty);
  }
  q.price = r.price;
  if (r.order_type == OrderType::kMarket) {
    q.price = 0;
    if (instrument_limits_.contains(r.instrument)) {
      const i128 bp = std::min<i128>(instrument_limits_.at(r.instrument).collar_bp, 10'000'000);
      q.price = doubled_reference(market) * (10'000 + bp) / 20'000;
    }
  }
  const i128 held = replaces ? bounded(static_cast<i128>(r.replaces_reserved_value)) : 0;
  q.held_value = std::max(held, bounded(q.price * q.leaves));
  q.added_value = q.held_value - held;
  const bool side_ok = r.side == Side::kBuy || sells(r.side);
  if (!known(r) || !side_ok) return q;
  const Holding h = get(holdings_, Pair{r.account, r.instrument});
  if (r.side == Side::kBuy) q.worst = h.position + h.open_buy + q.added_qty;
  if (sells(r.side)) q.worst = h.position - h.open_sell - q.added_qty;
  q.reduces = (q.added_qty == 0 && q.added_value == 0) ||
              (r.side == Side::kBuy ? q.worst <= 0 : q.worst >= 0);
  const i128 doubled = doubled_reference(market);
  q.marked = doubled > 0 ? marked_at(h, doubled) : h.marked;
  return q;
}

Verdict ReferenceGate::submit(const OrderRequest& r, const MarketState& market, Nanos now) {
  const Asked q = ask(r, market, now);
  Verdict verdict{.seq = r.seq, .order_id = r.order_id};
  verdict.exposure_after = static_cast<i64>(q.worst);
  verdict.reserved_value = static_cast<u64>(q.held_value);
  verdict.limits_epoch = limits_epoch_;
  if (r.kind == RequestKind::kCancel) return verdict;
  const Failures failures = check(q);
  for (const auto& [reason, why] : failures)
    verdict.fail_bitmap |= u64{1} << static_cast<u8>(reason);
  if (!failures.empty()) {
    verdict.primary_reason = failures.begin()->first;
    verdict.limit_value = shown(failures.begin()->second.first);
    verdict.observed_value = shown(failures.begin()->second.second);
    return verdict;
  }
  Sent& sent = sent_[r.account];
  sent.nano_messages = credit(r.account, now.v) - kOneMessage;
  sent.bucket_ns = std::max<i128>(sent.bucket_ns, now.v);
  sent.requests += 1;
  if (account_limits_.at(r.account).duplicates_max != 0 && r.kind == RequestKind::kNew) {
    sent.recent.emplace_back(r, now.v);
    if (sent.recent.size() > kDuplicatesWatched) sent.recent.pop_front();
  }
  mark(r.account, r.instrument, q.marked);
  reserve(r, q.added_qty, q.added_value, r.kind == RequestKind::kNew);
  return verdict;
}

u64 ReferenceGate::adopt(const OrderRequest& r, bool opens_order) {
  const bool side_ok = r.side == Side::kBuy || sells(r.side);
  if (!account_limits_.contains(r.account) || r.instrument >= instruments_max_ || !side_ok) {
    ++anomalies_.unknown_executions;
    return 0;
  }
  const i128 value = r.price == kMarketPrice ? 0 : bounded(static_cast<i128>(r.price) * r.qty);
  reserve(r, r.qty, value, opens_order);
  return static_cast<u64>(value);
}

void ReferenceGate::mark(u16 account, u16 instrument, i128 marked) {
  Holding& h = holdings_[{account, instrument}];
  for (const Scope& scope : scopes_of(account, 0)) {
    if (scope.first != LimitScope::kStrategy) used_[scope].result += marked - h.marked;
  }
  h.marked = marked;
}

void ReferenceGate::reserve(const OrderRequest& r, i128 qty, i128 value, bool opens_order) {
  Holding& h = holdings_[{r.account, r.instrument}];
  (r.side == Side::kBuy ? h.open_buy : h.open_sell) += qty;
  if (r.side == Side::kSellShort) h.open_short += qty;
  for (const Scope& scope : scopes_of(r.account, r.strategy)) {
    Used& used = used_[scope];
    i128& open = r.side == Side::kBuy ? used.open_buy : used.open_sell;
    open = bounded(open + value);
    if (opens_order) used.open_orders += 1;
  }
}

void ReferenceGate::apply(const Execution& e) {
  const bool side_ok = e.side == Side::kBuy || sells(e.side);
  if (!account_limits_.contains(e.account) || e.instrument >= instruments_max_ || !side_ok ||
      e.kind > ExecKind::kBusted) {
    ++anomalies_.unknown_executions;
    return;
  }
  if (e.kind == ExecKind::kAccepted) return;
  Holding& h = holdings_[{e.account, e.instrument}];
  if (e.kind == ExecKind::kBusted) return trade(e, h, -1);
  release(e, h);
  if (e.kind == ExecKind::kFilled) trade(e, h, 1);
  const bool ends = e.kind != ExecKind::kReplaced && e.kind != ExecKind::kCancelRejected;
  if (e.leaves_qty == 0 && ends) end_order(e);
}

void ReferenceGate::release(const Execution& e, Holding& h) {
  i128& open = e.side == Side::kBuy ? h.open_buy : h.open_sell;
  const i128 released = std::min<i128>(open, e.qty);
  if (released < e.qty) ++anomalies_.excess_releases;
  open -= released;
  if (e.side == Side::kSellShort) h.open_short -= std::min(h.open_short, released);
  for (const Scope& scope : scopes_of(e.account, e.strategy)) {
    i128& value = e.side == Side::kBuy ? used_[scope].open_buy : used_[scope].open_sell;
    value = less(value, static_cast<i128>(e.released_value));
  }
}

/// `sign` -1: the trade is taken back.
void ReferenceGate::trade(const Execution& e, Holding& h, i128 sign) {
  const bool buys = e.side == Side::kBuy;
  const i128 qty = sign * e.qty;
  const i128 value = bounded(static_cast<i128>(e.price) * e.qty);
  h.position += buys ? qty : -qty;
  h.cash = bounded(h.cash + sign * (buys ? -value : value));
  (buys ? h.bought : e.side == Side::kSell ? h.sold : h.shorted) += qty;
  mark(e.account, e.instrument, marked_at(h, static_cast<i128>(e.price) * 2));
  for (const Scope& scope : scopes_of(e.account, e.strategy)) {
    i128& traded = buys ? used_[scope].bought : used_[scope].sold;
    traded = sign > 0 ? bounded(traded + value) : less(traded, value);
  }
  if (sign < 0) return;
  sent_[e.account].trades += 1;
  const Scope strategy{LimitScope::kStrategy, e.strategy};
  const ScopeLimits limits = get(scope_limits_, strategy);
  if (!scope_limits_.contains(strategy) || limits.executions_max == kNoLimit32) return;
  Used& used = used_[strategy];
  const i128 window_ns = static_cast<i128>(limits.executions_window_ms) * 1'000'000;
  const i128 now_ns = static_cast<i64>(e.ts_ns);
  if (used.executions == 0 || now_ns - used.window_from_ns >= window_ns) {
    used.window_from_ns = now_ns;
    used.executions = 0;
  }
  used.executions += 1;
  if (used.executions >= limits.executions_max) used.throttled = true;
}

void ReferenceGate::end_order(const Execution& e) {
  if (used_[{LimitScope::kAccount, e.account}].open_orders == 0) {
    ++anomalies_.excess_ends;
    return;
  }
  for (const Scope& scope : scopes_of(e.account, e.strategy)) {
    i128& orders = used_[scope].open_orders;
    orders = std::max<i128>(0, orders - 1);
  }
}

bool ReferenceGate::set(const AccountLimits& limits) {
  if (limits.account >= accounts_max_ || limits.client >= kClientsMax) return false;
  const bool first = !account_limits_.contains(limits.account);
  if (!first && account_limits_.at(limits.account).client != limits.client) return false;
  account_limits_[limits.account] = limits;
  i128& held = sent_[limits.account].nano_messages;
  const i128 full = limits.rate_burst * kOneMessage;
  held = first ? full : std::min(held, full);
  ++limits_epoch_;
  return true;
}

bool ReferenceGate::set(const ScopeLimits& limits) {
  const std::map<LimitScope, u32> counts{{LimitScope::kFirm, 1},
                                         {LimitScope::kClient, kClientsMax},
                                         {LimitScope::kAccount, accounts_max_},
                                         {LimitScope::kStrategy, kStrategiesMax}};
  if (limits.index >= get(counts, limits.scope)) return false;
  scope_limits_[{limits.scope, limits.index}] = limits;
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

bool ReferenceGate::move_switch(KillScope scope, u16 index, SwitchState state) {
  const std::map<KillScope, u32> counts{{KillScope::kFirm, 1},
                                        {KillScope::kAccount, accounts_max_},
                                        {KillScope::kInstrument, instruments_max_},
                                        {KillScope::kClient, kClientsMax},
                                        {KillScope::kStrategy, kStrategiesMax}};
  if (index >= get(counts, scope) || state > SwitchState::kHalted) return false;
  switches_[{scope, index}] = state;
  if (scope == KillScope::kStrategy && state == SwitchState::kActive) {
    used_[{LimitScope::kStrategy, index}].throttled = false;
    used_[{LimitScope::kStrategy, index}].executions = 0;
  }
  ++limits_epoch_;
  return true;
}

bool ReferenceGate::load_position(AccountIndex account, InstrumentIndex instrument, i64 position,
                                  u32 price) {
  constexpr i64 kMost = i64{1} << 62;
  if (account.v >= accounts_max_ || instrument.v >= instruments_max_) return false;
  if (position > kMost || position < -kMost) return false;
  Holding& h = holdings_[{account.v, instrument.v}];
  h.cash = bounded(h.cash - (position - h.position) * price);
  h.position = position;
  return true;
}

Exposure ReferenceGate::exposure(AccountIndex account, InstrumentIndex instrument) const {
  const Holding h = get(holdings_, Pair{account.v, instrument.v});
  return {static_cast<i64>(h.position), static_cast<i64>(h.open_buy),
          static_cast<i64>(h.open_sell)};
}

DayQty ReferenceGate::day(u16 account, u16 instrument) const {
  const Holding h = get(holdings_, Pair{account, instrument});
  return {static_cast<i64>(h.bought), static_cast<i64>(h.sold), static_cast<i64>(h.shorted),
          static_cast<i64>(h.open_short)};
}

ScopeUse ReferenceGate::use(LimitScope kind, u16 index) const {
  const Used used = get(used_, Scope{kind, index});
  return {.open_buy = static_cast<u64>(used.open_buy),
          .open_sell = static_cast<u64>(used.open_sell),
          .bought = static_cast<u64>(used.bought),
          .sold = static_cast<u64>(used.sold),
          .result = static_cast<i64>(used.result),
          .window_from_ns = static_cast<i64>(used.window_from_ns),
          .executions = static_cast<u32>(used.executions),
          .open_orders = static_cast<u32>(used.open_orders)};
}

}  // namespace tradsys::risk
