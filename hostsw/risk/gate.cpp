#include "hostsw/risk/gate.hpp"

#include <algorithm>
#include <limits>

#include "hostsw/core/random.hpp"
#include "hostsw/risk/state_hash.hpp"

namespace tradsys::risk {
namespace {

constexpr i64 kPositionMax = i64{1} << 62;

[[nodiscard]] i64 cut(u64 limit) noexcept {
  return static_cast<i64>(std::min<u64>(limit, std::numeric_limits<i64>::max()));
}

}  // namespace

Gate::Gate(const GateConfig& config) noexcept
    : config_(config),
      accounts_(config.accounts_max),
      instruments_(config.instruments_max),
      cells_(usize{config.accounts_max} * config.instruments_max) {}

Verdict Gate::submit(const OrderRequest& r, const MarketState& market, Nanos now) noexcept {
  prefetch(r.account, r.instrument);  // the pair's line is the coldest; ask for it before all else
  GateView view{.market = &market, .limits_epoch = limits_epoch_, .firm_killed = firm_killed_};
  if (r.account < config_.accounts_max && accounts_[r.account].known) [[likely]] {
    view.account = &accounts_[r.account];
    view.rate_credit = credit_at(view.account->bucket, view.account->limits, now);
  }
  if (r.instrument < config_.instruments_max && instruments_[r.instrument].known) [[likely]]
    view.instrument = &instruments_[r.instrument];
  if (view.account != nullptr && view.instrument != nullptr) [[likely]]
    view.position = &cells_[cell_index(r.account, r.instrument)];
  const Verdict verdict = evaluate(r, view);
  if (verdict.fail_bitmap == 0 && r.kind != RequestKind::kCancel) [[likely]] {
    pay_message(r.account, view.rate_credit, now);
    reserve(r, extra_qty(r), r.kind == RequestKind::kNew);
  }
  return verdict;
}

void Gate::adopt(const OrderRequest& r, bool opens_order) noexcept {
  if (!in_range(r.account, r.instrument) || !(is_buy(r.side) || is_sell(r.side))) {
    ++anomalies_.unknown_executions;
    return;
  }
  reserve(r, r.qty, opens_order);
}

void Gate::pay_message(u16 account, u64 credit, Nanos now) noexcept {
  TokenBucket& bucket = accounts_[account].bucket;
  const TokenBucket after{.credit = credit - kMessageCost,
                          .refilled_ns = std::max(now.v, bucket.refilled_ns)};
  hash_ += bucket_hash(account, after) - bucket_hash(account, bucket);
  bucket = after;
}

void Gate::reserve(const OrderRequest& r, u32 qty, bool opens_order) noexcept {
  accounts_[r.account].open_orders += opens_order;
  const Exposure change{.open_buy = pick<i64>(is_sell(r.side), qty, 0),
                        .open_sell = pick<i64>(is_sell(r.side), 0, qty)};
  Exposure& e = cells_[cell_index(r.account, r.instrument)].exposure;
  e.open_buy += change.open_buy;
  e.open_sell += change.open_sell;
  hash_ +=
      open_orders_hash(r.account, opens_order) + exposure_hash(r.account, r.instrument, change);
}

void Gate::apply(const Execution& e) noexcept {
  const bool known = in_range(e.account, e.instrument) && (is_buy(e.side) || is_sell(e.side)) &&
                     e.kind <= ExecKind::kBusted;
  if (!known) [[unlikely]] {
    ++anomalies_.unknown_executions;
    return;
  }
  if (e.kind == ExecKind::kAccepted) return;
  if (e.kind == ExecKind::kBusted) return take_back(e, cell_index(e.account, e.instrument));
  settle(e, cell_index(e.account, e.instrument), e.kind == ExecKind::kFilled);
  const bool may_end =
      e.kind == ExecKind::kFilled || e.kind == ExecKind::kRejected || e.kind == ExecKind::kCanceled;
  if (may_end && e.leaves_qty == 0) end_order(accounts_[e.account], e.account);
}

void Gate::settle(const Execution& e, usize cell, bool filled) noexcept {
  Exposure& exposure = cells_[cell].exposure;
  const i64 qty = e.qty;
  i64& open = is_buy(e.side) ? exposure.open_buy : exposure.open_sell;
  const i64 released = std::min(qty, open);
  if (released != qty) [[unlikely]]
    ++anomalies_.excess_releases;
  open -= released;
  Exposure change;
  (is_buy(e.side) ? change.open_buy : change.open_sell) = -released;
  if (filled) change.position = is_buy(e.side) ? qty : -qty;
  exposure.position += change.position;
  hash_ += exposure_hash(e.account, e.instrument, change);
}

void Gate::take_back(const Execution& e, usize cell) noexcept {
  Exposure change;
  change.position = is_buy(e.side) ? -i64{e.qty} : i64{e.qty};
  cells_[cell].exposure.position += change.position;
  hash_ += exposure_hash(e.account, e.instrument, change);
}

void Gate::end_order(AccountRow& row, u16 account) noexcept {
  if (row.open_orders == 0) [[unlikely]] {
    ++anomalies_.excess_ends;
    return;
  }
  --row.open_orders;
  hash_ -= open_orders_hash(account, 1);
}

bool Gate::set(const AccountLimits& limits) noexcept {
  if (limits.account >= config_.accounts_max) return false;
  AccountRow& row = accounts_[limits.account];
  hash_ -= account_hash(row, limits.account);
  const u64 capacity = limits.rate_burst * kMessageCost;
  row.bucket.credit = row.known ? std::min(row.bucket.credit, capacity) : capacity;
  row.limits = limits;
  row.known = true;
  hash_ += account_hash(row, limits.account);
  ++limits_epoch_;
  return true;
}

bool Gate::set(const InstrumentLimits& limits) noexcept {
  if (limits.instrument >= config_.instruments_max) return false;
  InstrumentRow& row = instruments_[limits.instrument];
  hash_ -= instrument_hash(row, limits.instrument);
  const bool operator_killed = row.operator_killed;
  row = make_instrument_row(limits);
  row.operator_killed = operator_killed;
  hash_ += instrument_hash(row, limits.instrument);
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
  hash_ += position_limits_hash(cell, limits.account, limits.instrument);
  ++limits_epoch_;
  return true;
}

bool Gate::in_force(const PositionLimits& limits) const noexcept {
  if (limits.account >= config_.accounts_max || limits.instrument >= config_.instruments_max)
    return false;
  const PositionCell& cell = cells_[cell_index(limits.account, limits.instrument)];
  return cell.max_long == cut(limits.max_long) && cell.max_short == cut(limits.max_short);
}

bool Gate::kill_firm(bool killed) noexcept {
  firm_killed_ = killed;
  ++limits_epoch_;
  return true;
}

bool Gate::kill_account(u16 account, bool killed) noexcept {
  if (account >= config_.accounts_max) return false;
  AccountRow& row = accounts_[account];
  hash_ -= account_hash(row, account);
  row.operator_killed = killed;
  hash_ += account_hash(row, account);
  ++limits_epoch_;
  return true;
}

bool Gate::kill_instrument(u16 instrument, bool killed) noexcept {
  if (instrument >= config_.instruments_max) return false;
  InstrumentRow& row = instruments_[instrument];
  hash_ -= instrument_hash(row, instrument);
  row.operator_killed = killed;
  hash_ += instrument_hash(row, instrument);
  ++limits_epoch_;
  return true;
}

bool Gate::load_position(AccountIndex account, InstrumentIndex instrument, i64 position) noexcept {
  if (!in_range(account.v, instrument.v)) return false;
  if (position > kPositionMax || position < -kPositionMax) return false;
  Exposure& exposure = cells_[cell_index(account.v, instrument.v)].exposure;
  hash_ += exposure_hash(account.v, instrument.v, {.position = position - exposure.position});
  exposure.position = position;
  return true;
}

Exposure Gate::exposure(AccountIndex account, InstrumentIndex instrument) const noexcept {
  if (!in_range(account.v, instrument.v)) return {};
  return cells_[cell_index(account.v, instrument.v)].exposure;
}

u32 Gate::open_orders(AccountIndex account) const noexcept {
  return account.v < config_.accounts_max ? accounts_[account.v].open_orders : 0;
}

u64 Gate::hash() const noexcept { return mix64(hash_ + (u64{limits_epoch_} << 1) + firm_killed_); }

u64 Gate::hash_by_walk() const noexcept {
  u64 sum = 0;
  for (u32 a = 0; a < config_.accounts_max; ++a) {
    sum += account_hash(accounts_[a], static_cast<u16>(a));
    for (u32 i = 0; i < config_.instruments_max; ++i) {
      const PositionCell& cell = cells_[cell_index(a, i)];
      sum += position_limits_hash(cell, static_cast<u16>(a), static_cast<u16>(i));
      sum += exposure_hash(static_cast<u16>(a), static_cast<u16>(i), cell.exposure);
    }
  }
  for (u32 i = 0; i < config_.instruments_max; ++i)
    sum += instrument_hash(instruments_[i], static_cast<u16>(i));
  return mix64(sum + (u64{limits_epoch_} << 1) + firm_killed_);
}

}  // namespace tradsys::risk
