#pragma once
// The fast gate: dense tables of fixed capacity, one writer, no allocation after make. It checks an
// order (check.hpp), reserves its exposure when it passes, and follows what the venue does to it.
//
// Ledger. Exposure is reserved by submit, before the order goes out, and released only by what the
// venue reports: a fill moves quantity from open to position (worst case unchanged), everything
// else gives it back. Sending a cancel releases nothing. A refused order changes nothing at all: no
// reservation, no message credit. Each passed new or replace pays one message; cancels pay none.
//
// Fail closed. A gate starts with the firm's kill switch set, knows no account and no instrument,
// and allows no position: set() the rows, then kill_firm(false).
#include <tradsys/risk_spec.hpp>

#include "hostsw/core/prefetch.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/risk/check.hpp"
#include "hostsw/risk/rows.hpp"
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

  /// Books what the venue did. accepted: nothing. filled: position +- qty, qty released. rejected,
  /// canceled, replaced, cancel_rejected: qty released (for a refused replace the quantity it had
  /// added; 0 for a refused cancel). busted: position goes back by qty, nothing is released; it may
  /// end beyond a limit, which then lets only orders pass that do not make it worse. leaves_qty 0
  /// of filled, rejected or canceled ends one open order: exactly one such execution per order that
  /// passed as new.
  void apply(const Execution& e) noexcept;

  /// Reserves r.qty without a check and without message credit: an order that the venue holds
  /// already (a journal lost it), or an overfill about to be booked. `opens_order` counts it as a
  /// live order.
  void adopt(const OrderRequest& r, bool opens_order) noexcept;

  /// Puts a limits row in force and starts a new epoch; false (nothing changed) when an index is
  /// out of range. The first row of an account fills its bucket; later ones keep the credit, cut to
  /// the new burst, and time since the last message refills at the new rate. Tick or lot 0 refuses
  /// every order.
  bool set(const AccountLimits& limits) noexcept;
  bool set(const InstrumentLimits& limits) noexcept;
  bool set(const PositionLimits& limits) noexcept;

  /// Sets or releases an operator's kill switch and starts a new epoch; false (nothing changed)
  /// when out of range. The three are independent of each other and of `killed` in the limits rows:
  /// each must be released by itself, and new limits never release one.
  bool kill_firm(bool killed) noexcept;
  bool kill_account(u16 account, bool killed) noexcept;
  bool kill_instrument(u16 instrument, bool killed) noexcept;

  /// Starts (account, instrument) with a settled position, e.g. of the day before; false when out
  /// of range or beyond +-2^62. Open quantities stay.
  bool load_position(AccountIndex account, InstrumentIndex instrument, i64 position) noexcept;

  /// Whether a kill switch of the operator stops this pair: the firm's, the account's or the
  /// instrument's. Indexes out of range have none of their own.
  [[nodiscard]] bool killed_by_operator(u16 account, u16 instrument) const noexcept {
    return firm_killed_ || (account < config_.accounts_max && accounts_[account].operator_killed) ||
           (instrument < config_.instruments_max && instruments_[instrument].operator_killed);
  }
  /// Limits in force; nullptr for an index that never had any.
  [[nodiscard]] const AccountLimits* account_limits(u16 account) const noexcept {
    const bool known = account < config_.accounts_max && accounts_[account].known;
    return known ? &accounts_[account].limits : nullptr;
  }
  [[nodiscard]] const InstrumentLimits* instrument_limits(u16 instrument) const noexcept {
    const bool known = instrument < config_.instruments_max && instruments_[instrument].known;
    return known ? &instruments_[instrument].limits : nullptr;
  }
  /// Whether `limits` are those in force for their pair.
  [[nodiscard]] bool in_force(const PositionLimits& limits) const noexcept;

  /// Brings the three lines an order will touch towards the cache. Any index is harmless.
  void prefetch(u16 account, u16 instrument) const noexcept {
    if (!in_range(account, instrument)) return;
    prefetch_line(&accounts_[account]);
    prefetch_line(&instruments_[instrument]);
    prefetch_line(&cells_[cell_index(account, instrument)]);
  }

  /// Exposure of a pair; all zero when out of range.
  [[nodiscard]] Exposure exposure(AccountIndex account, InstrumentIndex instrument) const noexcept;
  [[nodiscard]] u32 open_orders(AccountIndex account) const noexcept;
  /// Whether an instrument may be traded, and whether a kill switch of its own is set; for display.
  [[nodiscard]] bool instrument_enabled(u16 instrument) const noexcept {
    return instrument < config_.instruments_max && instruments_[instrument].limits.enabled != 0;
  }
  [[nodiscard]] bool instrument_killed(u16 instrument) const noexcept {
    return instrument >= config_.instruments_max || instruments_[instrument].operator_killed ||
           instruments_[instrument].limits.killed != 0;
  }
  [[nodiscard]] u32 limits_epoch() const noexcept { return limits_epoch_; }
  [[nodiscard]] const GateAnomalies& anomalies() const noexcept { return anomalies_; }
  [[nodiscard]] const GateConfig& config() const noexcept { return config_; }

  /// Fingerprint of all state a verdict depends on: limits, kill switches, epoch, credit, open
  /// orders, exposures. O(1): kept up to date with every change, and independent of the order in
  /// which the state was reached. Anomaly counts are not part of it.
  [[nodiscard]] u64 hash() const noexcept;
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
  void pay_message(u16 account, u64 credit, Nanos now) noexcept;
  void reserve(const OrderRequest& r, u32 qty, bool opens_order) noexcept;
  void settle(const Execution& e, usize cell, bool filled) noexcept;
  void take_back(const Execution& e, usize cell) noexcept;
  void end_order(AccountRow& row, u16 account) noexcept;

  GateConfig config_;
  ZeroTable<AccountRow> accounts_;
  ZeroTable<InstrumentRow> instruments_;
  ZeroTable<PositionCell> cells_;
  u64 hash_{};  ///< sum over all rows and cells; epoch and firm switch are added by hash()
  u32 limits_epoch_{};
  bool firm_killed_{true};
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
  if (!gate.accounts_.ok() || !gate.instruments_.ok() || !gate.cells_.ok())
    return Error{"gate", "no memory for the tables",
                 "lower gate.accounts_max or gate.instruments_max"};
  return gate;
}

}  // namespace tradsys::risk
