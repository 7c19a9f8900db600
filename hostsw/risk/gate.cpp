#include "hostsw/risk/gate.hpp"

#include <algorithm>
#include <limits>

#include "hostsw/core/random.hpp"
#include "hostsw/risk/state_hash.hpp"

namespace tradsys::risk {
namespace {

constexpr i64 kPositionMax = i64{1} << 62;

/// Of a switch that a scope row has: its kind.
constexpr std::array<LimitScope, kKillScopeCount> kRowOf{LimitScope::kFirm, LimitScope::kAccount,
                                                         LimitScope::kFirm, LimitScope::kClient,
                                                         LimitScope::kStrategy};

[[nodiscard]] i64 cut(u64 limit) noexcept {
  return static_cast<i64>(std::min<u64>(limit, std::numeric_limits<i64>::max()));
}

}  // namespace

Gate::Gate(const GateConfig& config) noexcept
    : config_(config),
      scopes_(kScopeRows),
      accounts_(config.accounts_max),
      instruments_(config.instruments_max),
      rules_(config.instruments_max),
      cells_(usize{config.accounts_max} * config.instruments_max) {}

inline GateView Gate::view_of(const OrderRequest& r, const MarketState& market,
                              Nanos now) const noexcept {
  GateView view{.market = &market, .now_ns = now.v, .limits_epoch = limits_epoch_};
  view.scopes[0] = &scopes_[0];
  view.scopes[3] = &scope(LimitScope::kStrategy, r.strategy);
  if (r.account < config_.accounts_max && accounts_[r.account].known) [[likely]] {
    view.account = &accounts_[r.account];
    view.rate_credit = credit_at(view.account->bucket, view.account->limits, now);
    view.scopes[1] = &scope(LimitScope::kClient, view.account->limits.client);
    view.scopes[2] = &scope(LimitScope::kAccount, r.account);
  }
  if (r.instrument < config_.instruments_max && instruments_[r.instrument].known) [[likely]]
    view.instrument = &instruments_[r.instrument], view.rules = &rules_[r.instrument];
  if (view.account != nullptr && view.instrument != nullptr) [[likely]]
    view.position = &cells_[cell_index(r.account, r.instrument)];
  return view;
}

Verdict Gate::what_if(const OrderRequest& r, const MarketState& market, Nanos now) const noexcept {
  const GateView view = view_of(r, market, now);
  return evaluate(r, view).verdict;
}

Verdict Gate::submit(const OrderRequest& r, const MarketState& market, Nanos now) noexcept {
  prefetch(r.account, r.instrument);  // the pair's lines are the coldest; ask for them before all
  const GateView view = view_of(r, market, now);
  const Decision decision = evaluate(r, view);
  const Verdict& verdict = decision.verdict;
  const Claim& claim = decision.claim;
  if (verdict.fail_bitmap == 0 && r.kind != RequestKind::kCancel) [[likely]] {
    pay_message(r.account, view.rate_credit, claim.key, now);
    reserve(r, claim.extra_qty, claim.extra_value, claim.mark_change, r.kind == RequestKind::kNew);
  }
  return verdict;
}

u64 Gate::adopt(const OrderRequest& r, bool opens_order) noexcept {
  if (!knows(r.account, r.instrument, r.side)) {
    ++anomalies_.unknown_executions;
    return 0;
  }
  const u64 value = r.price == kMarketPrice ? 0 : cut_product(r.price, r.qty);
  note_scope(LimitScope::kClient, accounts_[r.account].limits.client);
  note_scope(LimitScope::kStrategy, r.strategy);
  reserve(r, r.qty, value, 0, opens_order);
  return value;
}

inline void Gate::pay_message(u16 account, u64 credit, u64 key, Nanos now) noexcept {
  AccountRow& row = accounts_[account];
  row.bucket = {.credit = credit - kMessageCost,
                .refilled_ns = std::max(now.v, row.bucket.refilled_ns)};
  ++row.requests;
  if (key != 0) row.recent.put(key, now.v);
}

[[gnu::always_inline]] inline void Gate::change_cell(u16 account, u16 instrument,
                                                     const CellChange& change) noexcept {
  PositionCell& cell = cells_[cell_index(account, instrument)];
  cell.exposure.position += change.exposure.position;
  cell.exposure.open_buy += change.exposure.open_buy;
  cell.exposure.open_sell += change.exposure.open_sell;
  cell.day.bought += change.day.bought;
  cell.day.sold += change.day.sold;
  cell.day.shorted += change.day.shorted;
  cell.day.open_short += change.day.open_short;
  cell.cash += change.cash;
  cell.marked += change.marked;
  hash_ += cell_hash(cell_key(account, instrument), change);
}

/// A pair's profit or loss changed: firm, client and account follow.
inline void Gate::change_result(u16 account, i64 change) noexcept {
  const u16 client = accounts_[account].limits.client;
  scopes_[0].use.result += change;
  scopes_[scope_number(LimitScope::kClient, client)].use.result += change;
  scopes_[scope_number(LimitScope::kAccount, account)].use.result += change;
}

inline void Gate::reserve(const OrderRequest& r, i64 qty, u64 value, i64 mark_change,
                          bool opens_order) noexcept {
  const bool sells = is_sell(r.side);
  const u64 buy_value = pick<u64>(sells, value, 0);
  const u64 sell_value = pick<u64>(sells, 0, value);
  for_scopes(r.account, r.strategy, [&](ScopeRow& row) {
    row.use.open_buy = add_value(row.use.open_buy, buy_value);
    row.use.open_sell = add_value(row.use.open_sell, sell_value);
    row.use.open_orders += opens_order;
  });
  change_result(r.account, mark_change);
  CellChange change;
  change.exposure.open_buy = pick<i64>(sells, qty, 0);
  change.exposure.open_sell = pick<i64>(sells, 0, qty);
  change.day.open_short = pick<i64>(is_short(r.side), 0, qty);
  change.marked = mark_change;
  change_cell(r.account, r.instrument, change);
}

void Gate::apply(const Execution& e) noexcept {
  if (!knows(e.account, e.instrument, e.side) || e.kind > ExecKind::kBusted) [[unlikely]] {
    ++anomalies_.unknown_executions;
    return;
  }
  if (e.kind == ExecKind::kAccepted) return;
  if (e.kind == ExecKind::kBusted) return take_back(e);
  CellChange change;
  release(e, change);
  if (e.kind == ExecKind::kFilled) trade(e, change);
  change_cell(e.account, e.instrument, change);
  const bool may_end =
      e.kind == ExecKind::kFilled || e.kind == ExecKind::kRejected || e.kind == ExecKind::kCanceled;
  if (may_end && e.leaves_qty == 0) end_order(e);
}

/// Quantity and value that no longer wait for a trade.
void Gate::release(const Execution& e, CellChange& change) noexcept {
  const PositionCell& cell = cells_[cell_index(e.account, e.instrument)];
  const bool buys = is_buy(e.side);
  const i64 released =
      std::min<i64>(e.qty, buys ? cell.exposure.open_buy : cell.exposure.open_sell);
  if (released != e.qty) [[unlikely]]
    ++anomalies_.excess_releases;
  (buys ? change.exposure.open_buy : change.exposure.open_sell) = -released;
  if (is_short(e.side)) change.day.open_short = -std::min(released, cell.day.open_short);
  for_scopes(e.account, e.strategy, [&](ScopeRow& row) {
    u64& open = buys ? row.use.open_buy : row.use.open_sell;
    open = take_value(open, e.released_value);
  });
}

/// Profit or loss of the pair at the price of the trade that `change` is about.
void Gate::mark_at_trade(const Execution& e, CellChange& change) noexcept {
  const PositionCell& cell = cells_[cell_index(e.account, e.instrument)];
  const i128 position = cell.exposure.position + change.exposure.position;
  change.marked = cut_result(position * e.price + cell.cash + change.cash) - cell.marked;
  change_result(e.account, change.marked);
}

/// Quantity and value that traded.
void Gate::trade(const Execution& e, CellChange& change) noexcept {
  const i64 qty = e.qty;
  const bool buys = is_buy(e.side);
  const u64 value = cut_product(e.price, e.qty);
  const i64 cash = cells_[cell_index(e.account, e.instrument)].cash;
  const i64 paid = static_cast<i64>(value);
  change.exposure.position = buys ? qty : -qty;
  change.cash = cut_result(i128{cash} + (buys ? -paid : paid)) - cash;
  (buys ? change.day.bought : is_short(e.side) ? change.day.shorted : change.day.sold) = qty;
  mark_at_trade(e, change);
  for_scopes(e.account, e.strategy, [&](ScopeRow& row) {
    u64& traded = buys ? row.use.bought : row.use.sold;
    traded = add_value(traded, value);
  });
  ++accounts_[e.account].trades;
  count_execution(scopes_[scope_number(LimitScope::kStrategy, e.strategy)],
                  static_cast<i64>(e.ts_ns));
}

void Gate::count_execution(ScopeRow& strategy, i64 now_ns) noexcept {
  if (strategy.limits.executions_max == kNoLimit32 || !strategy.known) return;
  const i64 window_ns = i64{strategy.limits.executions_window_ms} * 1'000'000;
  if (strategy.use.executions == 0 || now_ns - strategy.use.window_from_ns >= window_ns) {
    strategy.use.window_from_ns = now_ns;
    strategy.use.executions = 0;
  }
  if (++strategy.use.executions >= strategy.limits.executions_max) strategy.throttled = true;
}

void Gate::take_back(const Execution& e) noexcept {
  const i64 qty = e.qty;
  const bool buys = is_buy(e.side);
  const u64 value = cut_product(e.price, e.qty);
  const PositionCell& cell = cells_[cell_index(e.account, e.instrument)];
  const i64 paid = static_cast<i64>(value);
  CellChange change;
  change.exposure.position = buys ? -qty : qty;
  change.cash = cut_result(i128{cell.cash} + (buys ? paid : -paid)) - cell.cash;
  (buys ? change.day.bought : is_short(e.side) ? change.day.shorted : change.day.sold) = -qty;
  mark_at_trade(e, change);
  change_cell(e.account, e.instrument, change);
  for_scopes(e.account, e.strategy, [&](ScopeRow& row) {
    u64& traded = buys ? row.use.bought : row.use.sold;
    traded = take_value(traded, value);
  });
}

void Gate::end_order(const Execution& e) noexcept {
  if (scope(LimitScope::kAccount, e.account).use.open_orders == 0) [[unlikely]] {
    ++anomalies_.excess_ends;
    return;
  }
  for_scopes(e.account, e.strategy, [](ScopeRow& row) {
    if (row.use.open_orders != 0) --row.use.open_orders;
  });
}

bool Gate::set(const ScopeLimits& limits) noexcept {
  if (static_cast<usize>(limits.scope) >= kScopes || limits.index >= scope_count(limits.scope))
    return false;
  ScopeRow& row = scopes_[scope_number(limits.scope, limits.index)];
  note_scope(limits.scope, limits.index);
  row.limits = with_no_limits(limits);
  row.known = true;
  ++limits_epoch_;
  return true;
}

bool Gate::set(const AccountLimits& limits) noexcept {
  if (limits.account >= config_.accounts_max || limits.client >= kClientsMax) return false;
  AccountRow& row = accounts_[limits.account];
  if (row.known && row.limits.client != limits.client) return false;
  note_scope(LimitScope::kAccount, limits.account);
  const u64 capacity = limits.rate_burst * kMessageCost;
  row.bucket.credit = row.known ? std::min(row.bucket.credit, capacity) : capacity;
  row.limits = limits;
  row.known = true;
  ++limits_epoch_;
  return true;
}

bool Gate::set(const InstrumentLimits& limits) noexcept {
  if (limits.instrument >= config_.instruments_max) return false;
  InstrumentRow& row = instruments_[limits.instrument];
  InstrumentLimits& rules = rules_[limits.instrument];
  hash_ -= instrument_hash(row, rules, limits.instrument);
  row = make_instrument_row(limits, row.operator_switch);
  rules = limits;
  hash_ += instrument_hash(row, rules, limits.instrument);
  ++limits_epoch_;
  return true;
}

bool Gate::set(const PositionLimits& limits) noexcept {
  if (limits.account >= config_.accounts_max || limits.instrument >= config_.instruments_max)
    return false;
  PositionCell& cell = cells_[cell_index(limits.account, limits.instrument)];
  hash_ -= position_limits_hash(cell, limits.account, limits.instrument);
  cell.max_long = cut(limits.max_long);
  cell.max_short = cut(limits.max_short);
  cell.max_value = limits.max_value;
  cell.daily_qty_max = limits.daily_qty_max;
  cell.buy_qty_max = limits.buy_qty_max;
  cell.sell_qty_max = limits.sell_qty_max;
  cell.same_day_qty_max = limits.same_day_qty_max;
  cell.short_qty_max = limits.short_qty_max;
  cell.restrictions = limits.restrictions;
  hash_ += position_limits_hash(cell, limits.account, limits.instrument);
  ++limits_epoch_;
  return true;
}

PositionLimits Gate::position_limits(u16 account, u16 instrument) const noexcept {
  const PositionCell& cell = cells_[cell_index(account, instrument)];
  return {.max_long = static_cast<u64>(cell.max_long),
          .max_short = static_cast<u64>(cell.max_short),
          .max_value = cell.max_value,
          .daily_qty_max = cell.daily_qty_max,
          .buy_qty_max = cell.buy_qty_max,
          .sell_qty_max = cell.sell_qty_max,
          .same_day_qty_max = cell.same_day_qty_max,
          .short_qty_max = cell.short_qty_max,
          .account = account,
          .instrument = instrument,
          .restrictions = cell.restrictions};
}

bool Gate::in_force(const PositionLimits& limits) const noexcept {
  if (!in_range(limits.account, limits.instrument)) return false;
  PositionLimits asked = limits;
  asked.max_long = static_cast<u64>(cut(limits.max_long));
  asked.max_short = static_cast<u64>(cut(limits.max_short));
  return position_limits(limits.account, limits.instrument) == asked;
}

bool Gate::move_switch(KillScope scope, u16 index, SwitchState state) noexcept {
  if (static_cast<usize>(scope) >= kRowOf.size() || state > SwitchState::kHalted) return false;
  if (scope == KillScope::kInstrument) {
    if (index >= config_.instruments_max) return false;
    InstrumentRow& row = instruments_[index];
    hash_ -= instrument_hash(row, rules_[index], index);
    row.operator_switch = state;
    hash_ += instrument_hash(row, rules_[index], index);
  } else {
    const LimitScope kind = kRowOf[static_cast<usize>(scope)];
    if (index >= scope_count(kind)) return false;
    note_scope(kind, index);
    ScopeRow& row = scopes_[scope_number(kind, index)];
    row.operator_switch = state;
    if (state == SwitchState::kActive) {
      row.throttled = false;
      row.use.executions = 0;
    }
  }
  ++limits_epoch_;
  return true;
}

SwitchState Gate::switch_state(KillScope kind, u16 index) const noexcept {
  if (static_cast<usize>(kind) >= kRowOf.size()) return SwitchState::kActive;
  if (kind == KillScope::kInstrument) {
    const bool known = index < config_.instruments_max;
    return known ? instruments_[index].operator_switch : SwitchState::kActive;
  }
  const LimitScope row = kRowOf[static_cast<usize>(kind)];
  if (index >= scope_count(row)) return SwitchState::kActive;
  return scope(row, index).throttled ? SwitchState::kHalted : scope(row, index).operator_switch;
}

bool Gate::load_position(AccountIndex account, InstrumentIndex instrument, i64 position,
                         u32 price) noexcept {
  if (!in_range(account.v, instrument.v)) return false;
  if (position > kPositionMax || position < -kPositionMax) return false;
  const PositionCell& cell = cells_[cell_index(account.v, instrument.v)];
  const i64 added = position - cell.exposure.position;
  CellChange change;
  change.exposure.position = added;
  change.cash = cut_result(cell.cash - static_cast<i128>(added) * price) - cell.cash;
  change_cell(account.v, instrument.v, change);
  return true;
}

Exposure Gate::exposure(AccountIndex account, InstrumentIndex instrument) const noexcept {
  if (!in_range(account.v, instrument.v)) return {};
  return cells_[cell_index(account.v, instrument.v)].exposure;
}

u64 Gate::hash_with(u64 sum) const noexcept {
  for (u32 a = 0; a < scope_ends_[static_cast<usize>(LimitScope::kAccount)]; ++a)
    sum += account_hash(accounts_[a], static_cast<u16>(a));
  for (usize kind = 0; kind < kScopes; ++kind) {
    for (u32 index = 0; index < scope_ends_[kind]; ++index) {
      const usize number = scope_number(static_cast<LimitScope>(kind), index);
      sum += scope_hash(scopes_[number], static_cast<u32>(number));
    }
  }
  return mix64(sum + limits_epoch_);
}

u64 Gate::hash_by_walk() const noexcept {
  u64 sum = 0;
  for (u32 i = 0; i < config_.instruments_max; ++i) {
    const u16 instrument = static_cast<u16>(i);
    sum += instrument_hash(instruments_[i], rules_[i], instrument);
    for (u32 a = 0; a < config_.accounts_max; ++a) {
      const u16 account = static_cast<u16>(a);
      const PositionCell& cell = cells_[cell_index(a, i)];
      sum += position_limits_hash(cell, account, instrument);
      sum += cell_hash(
          cell_key(account, instrument),
          {.exposure = cell.exposure, .day = cell.day, .cash = cell.cash, .marked = cell.marked});
    }
  }
  return hash_with(sum);
}

}  // namespace tradsys::risk
