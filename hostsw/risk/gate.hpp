#pragma once
// The fast gate: dense tables of fixed capacity, one writer, no allocation after make. It checks an
// order (check.hpp), reserves its exposure when it passes, and follows what the venue does to it.
//
// Ledger. Exposure (quantity of the pair, value of the four scopes) is reserved by submit, before
// the order goes out, and released only by what the venue reports: a fill moves quantity from open
// to position (worst case unchanged), everything else gives it back. Sending a cancel releases
// nothing. A refused order changes nothing at all: no reservation, no message credit. Each passed
// new or replace pays one message; cancels pay none.
//
// Fail closed. A gate starts with the firm's kill switch set, knows no account, no instrument and
// no scope, and allows no position: set() the rows, then release the firm's switch.
#include <tradsys/risk_spec.hpp>

#include "hostsw/core/prefetch.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/risk/evaluate.hpp"
#include "hostsw/risk/rows.hpp"
#include "hostsw/risk/state_hash.hpp"
#include "hostsw/risk/zero_table.hpp"

namespace tradsys::risk {

/// Capacity of a gate; indexes at or above it are unknown.
struct GateConfig {
  u32 accounts_max{16};
  u32 instruments_max{8192};
};

class Gate {
 public:
  /// Allocates the tables; refuses capacities outside 1..kAccountsMax and 1..kInstrumentsMax.
  [[nodiscard]] static Result<Gate> make(const GateConfig& config);

  /// Checks `r` against `market` (the row of r.instrument) at `now` and, when it passes, reserves
  /// it.
  [[nodiscard]] Verdict submit(const OrderRequest& r, const MarketState& market,
                               Nanos now) noexcept;

  /// The verdict that submit would give; changes nothing.
  [[nodiscard]] Verdict what_if(const OrderRequest& r, const MarketState& market,
                                Nanos now) const noexcept;

  /// Books what the venue did. accepted: nothing. filled: position +- qty, qty and released_value
  /// released, qty * price traded. rejected, canceled, replaced, cancel_rejected: qty and
  /// released_value released (for a refused replace what it had added; 0 for a refused cancel).
  /// busted: position and traded value go back by qty, nothing is released; it may end beyond a
  /// limit, which then lets only orders pass that do not make it worse. leaves_qty 0 of filled,
  /// rejected or canceled ends one open order: exactly one such execution per order that passed as
  /// new.
  void apply(const Execution& e) noexcept;

  /// Reserves r.qty and its value without a check and without message credit: an order that the
  /// venue holds already (a journal lost it), or an overfill about to be booked. `opens_order`
  /// counts it as a live order. Returns the value reserved: qty * price, 0 for a market order.
  u64 adopt(const OrderRequest& r, bool opens_order) noexcept;

  /// Puts a limits row in force and starts a new epoch; false (nothing changed) when an index is
  /// out of range or a known account would change its client. The first row of an account fills its
  /// bucket; later ones keep the credit, cut to the new burst, and time since the last message
  /// refills at the new rate. Tick or lot 0 refuses every order.
  bool set(const AccountLimits& limits) noexcept;
  bool set(const ScopeLimits& limits) noexcept;
  bool set(const InstrumentLimits& limits) noexcept;
  bool set(const PositionLimits& limits) noexcept;

  /// Moves an operator's switch and starts a new epoch; false (nothing changed) when out of range;
  /// the firm's index is 0. All are independent of each other and of `killed` in the limits rows:
  /// each must be released by itself, and new limits never release one. Releasing a strategy ends
  /// its execution throttle, too.
  bool move_switch(KillScope scope, u16 index, SwitchState state) noexcept;

  /// Where a switch stands; active where there is none, halted for a strategy that is throttled.
  [[nodiscard]] SwitchState switch_state(KillScope scope, u16 index) const noexcept;

  /// Starts (account, instrument) with a settled position, e.g. of the day before, held at `price`:
  /// profit and loss of the day count from there. False when out of range or beyond +-2^62. Open
  /// quantities stay.
  bool load_position(AccountIndex account, InstrumentIndex instrument, i64 position,
                     u32 price) noexcept;

  /// Whether an operator halted this order's firm, client, account, strategy or instrument. Indexes
  /// out of range have no switch of their own.
  [[nodiscard]] bool killed_by_operator(u16 account, u16 instrument, u8 strategy) const noexcept {
    const auto halted = [](SwitchState state) { return state == SwitchState::kHalted; };
    if (halted(scopes_[0].operator_switch) || halted(strategy_switch(strategy))) return true;
    if (instrument < config_.instruments_max && halted(instruments_[instrument].operator_switch))
      return true;
    if (account >= config_.accounts_max) return false;
    const u16 client = accounts_[account].limits.client;
    return halted(scope(LimitScope::kAccount, account).operator_switch) ||
           halted(scope(LimitScope::kClient, client).operator_switch);
  }
  /// Limits in force; nullptr for an index that never had any.
  [[nodiscard]] const AccountLimits* account_limits(u16 account) const noexcept {
    const bool known = account < config_.accounts_max && accounts_[account].known;
    return known ? &accounts_[account].limits : nullptr;
  }
  [[nodiscard]] const InstrumentLimits* instrument_limits(u16 instrument) const noexcept {
    const bool known = instrument < config_.instruments_max && instruments_[instrument].known;
    return known ? &rules_[instrument] : nullptr;
  }
  [[nodiscard]] const ScopeLimits* scope_limits(LimitScope kind, u16 index) const noexcept {
    const bool known = index < scope_count(kind) && scope(kind, index).known;
    return known ? &scope(kind, index).limits : nullptr;
  }
  /// Limits of a pair in range; max_long and max_short as cut.
  [[nodiscard]] PositionLimits position_limits(u16 account, u16 instrument) const noexcept;
  /// Whether `limits` are those in force for their pair.
  [[nodiscard]] bool in_force(const PositionLimits& limits) const noexcept;

  /// Brings the lines an order will touch towards the cache. Any index is harmless.
  void prefetch(u16 account, u16 instrument) const noexcept {
    if (!in_range(account, instrument)) return;
    prefetch_line(&accounts_[account]);
    prefetch_line(&accounts_[account].requests);
    prefetch_line(&instruments_[instrument]);
    prefetch_line(&cells_[cell_index(account, instrument)]);
    prefetch_line(&cells_[cell_index(account, instrument)].day);
  }

  /// Exposure of a pair; all zero when out of range.
  [[nodiscard]] Exposure exposure(AccountIndex account, InstrumentIndex instrument) const noexcept;
  /// Ledger and limits of a pair, for reports; nullptr when out of range.
  [[nodiscard]] const PositionCell* cell(u16 account, u16 instrument) const noexcept {
    return in_range(account, instrument) ? &cells_[cell_index(account, instrument)] : nullptr;
  }
  /// Limits and use of a scope; `index` < scope_count(kind).
  [[nodiscard]] const ScopeRow& scope(LimitScope kind, u16 index) const noexcept {
    return scopes_[scope_number(kind, index)];
  }
  /// Calls f(const ScopeRow&) for every scope that has limits.
  template <class F>
  void for_each_scope(F&& f) const {
    for (usize kind = 0; kind < kScopes; ++kind) {
      for (u32 index = 0; index < scope_ends_[kind]; ++index) {
        const ScopeRow& row = scope(static_cast<LimitScope>(kind), static_cast<u16>(index));
        if (row.known) f(row);
      }
    }
  }
  [[nodiscard]] u32 scope_count(LimitScope kind) const noexcept {
    switch (kind) {
      case LimitScope::kFirm:
        return 1;
      case LimitScope::kClient:
        return kClientsMax;
      case LimitScope::kAccount:
        return config_.accounts_max;
      case LimitScope::kStrategy:
        return kStrategiesMax;
    }
    return 0;
  }
  [[nodiscard]] u32 open_orders(AccountIndex account) const noexcept {
    return account.v < config_.accounts_max ? scope(LimitScope::kAccount, account.v).use.open_orders
                                            : 0;
  }
  /// Whether an instrument may be traded, and whether a kill switch of its own is set; for display.
  [[nodiscard]] bool instrument_enabled(u16 instrument) const noexcept {
    return instrument < config_.instruments_max && instruments_[instrument].enabled != 0;
  }
  [[nodiscard]] bool instrument_killed(u16 instrument) const noexcept {
    return instrument >= config_.instruments_max ||
           instruments_[instrument].operator_switch == SwitchState::kHalted ||
           instruments_[instrument].killed != 0;
  }
  [[nodiscard]] u32 limits_epoch() const noexcept { return limits_epoch_; }
  [[nodiscard]] const GateAnomalies& anomalies() const noexcept { return anomalies_; }
  [[nodiscard]] const GateConfig& config() const noexcept { return config_; }

  /// Fingerprint of all state a verdict depends on: limits, switches, epoch, credit, exposures,
  /// values. Walks accounts and scopes, not pairs; independent of the order in which the state was
  /// reached. Anomaly counts are not part of it.
  [[nodiscard]] u64 hash() const noexcept { return hash_with(hash_); }
  /// The same number from a walk over all tables: cold, for tests and audits.
  [[nodiscard]] u64 hash_by_walk() const noexcept;

  /// Calls f(AccountIndex, InstrumentIndex, const Exposure&) for every pair whose exposure is not
  /// all zero, by instrument, then account. Cold: walks the whole table.
  template <class F>
  void for_each(F&& f) const {
    for (u32 i = 0; i < config_.instruments_max; ++i) {
      for (u32 a = 0; a < config_.accounts_max; ++a) {
        const Exposure& e = cells_[cell_index(a, i)].exposure;
        if (e != Exposure{})
          f(AccountIndex{static_cast<u16>(a)}, InstrumentIndex{static_cast<u16>(i)}, e);
      }
    }
  }

 private:
  explicit Gate(const GateConfig& config) noexcept;

  [[nodiscard]] usize cell_index(usize account, usize instrument) const noexcept {
    return instrument * config_.accounts_max + account;  // busy instruments share pages
  }
  [[nodiscard]] bool in_range(u16 account, u16 instrument) const noexcept {
    return account < config_.accounts_max && instrument < config_.instruments_max;
  }
  /// Firm, clients, accounts, strategies: one after the other.
  [[nodiscard]] static constexpr usize scope_number(LimitScope kind, usize index) noexcept {
    constexpr std::array<usize, kScopes> kFirst{0, 1, 1 + usize{kClientsMax},
                                                1 + usize{kClientsMax} + kAccountsMax};
    return kFirst[static_cast<usize>(kind)] + index;
  }
  static constexpr usize kScopeRows = 1 + usize{kClientsMax} + kAccountsMax + kStrategiesMax;

  [[nodiscard]] SwitchState strategy_switch(u8 strategy) const noexcept {
    return scope(LimitScope::kStrategy, strategy).operator_switch;
  }
  [[nodiscard]] GateView view_of(const OrderRequest& r, const MarketState& market,
                                 Nanos now) const noexcept;
  void note_scope(LimitScope kind, u32 index) noexcept {
    u32& end = scope_ends_[static_cast<usize>(kind)];
    end = end > index ? end : index + 1;
  }
  /// Calls f(ScopeRow&) for the four scopes an order of a known account counts in.
  template <class F>
  void for_scopes(u16 account, u8 strategy, F&& f) noexcept {
    f(scopes_[0]);
    f(scopes_[scope_number(LimitScope::kClient, accounts_[account].limits.client)]);
    f(scopes_[scope_number(LimitScope::kAccount, account)]);
    f(scopes_[scope_number(LimitScope::kStrategy, strategy)]);
  }
  [[nodiscard]] bool knows(u16 account, u16 instrument, Side side) const noexcept {
    return in_range(account, instrument) && accounts_[account].known &&
           (is_buy(side) || is_sell(side));
  }
  void pay_message(u16 account, u64 credit, u64 key, Nanos now) noexcept;
  void reserve(const OrderRequest& r, i64 qty, u64 value, i64 mark_change,
               bool opens_order) noexcept;
  void change_cell(u16 account, u16 instrument, const CellChange& change) noexcept;
  void change_result(u16 account, i64 change) noexcept;
  void release(const Execution& e, CellChange& change) noexcept;
  void trade(const Execution& e, CellChange& change) noexcept;
  void mark_at_trade(const Execution& e, CellChange& change) noexcept;
  void take_back(const Execution& e) noexcept;
  void end_order(const Execution& e) noexcept;
  /// hash() where instruments and cells add up to `sum`.
  [[nodiscard]] u64 hash_with(u64 sum) const noexcept;
  void count_execution(ScopeRow& strategy, i64 now_ns) noexcept;

  GateConfig config_;
  ZeroTable<ScopeRow> scopes_;
  ZeroTable<AccountRow> accounts_;
  ZeroTable<InstrumentRow> instruments_;
  ZeroTable<InstrumentLimits> rules_;  ///< what instruments_ was made from
  ZeroTable<PositionCell> cells_;
  std::array<u32, kScopes> scope_ends_{};  ///< by LimitScope: behind the last row ever used
  u64 hash_{};  ///< sum over instruments and cells; hash() adds the rest
  u32 limits_epoch_{};
  GateAnomalies anomalies_{};
};

inline Result<Gate> Gate::make(const GateConfig& config) {
  const auto out_of_range = [](u32 value, u32 max) { return value < 1 || value > max; };
  if (out_of_range(config.accounts_max, kAccountsMax))
    return Error{"gate.accounts_max", std::to_string(config.accounts_max) + " is out of range",
                 "use 1.." + std::to_string(kAccountsMax)};
  if (out_of_range(config.instruments_max, kInstrumentsMax))
    return Error{"gate.instruments_max",
                 std::to_string(config.instruments_max) + " is out of range",
                 "use 1.." + std::to_string(kInstrumentsMax)};
  Gate gate(config);
  if (!gate.scopes_.ok() || !gate.accounts_.ok() || !gate.instruments_.ok() || !gate.rules_.ok() ||
      !gate.cells_.ok())
    return Error{"gate", "no memory for the tables",
                 "lower gate.accounts_max or gate.instruments_max"};
  gate.scopes_[0].operator_switch = SwitchState::kHalted;
  gate.note_scope(LimitScope::kFirm, 0);
  return gate;
}

}  // namespace tradsys::risk
