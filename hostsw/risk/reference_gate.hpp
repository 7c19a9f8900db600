#pragma once
// The gate written for obviousness: maps, 128-bit numbers, one plain rule after the other. Tests
// hold the fast gate, and later the circuit, against it. It shares no code with check.hpp; what
// both must do is described there and in gate.hpp.
#include <map>
#include <utility>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/units.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::risk {

/// Same calls and meaning as Gate.
class ReferenceGate {
 public:
  ReferenceGate(u32 accounts_max, u32 instruments_max)
      : accounts_max_(accounts_max), instruments_max_(instruments_max) {}

  [[nodiscard]] Verdict submit(const OrderRequest& r, const MarketState& market, Nanos now);
  void apply(const Execution& e);
  void adopt(const OrderRequest& r, bool opens_order);
  bool set(const AccountLimits& limits);
  bool set(const InstrumentLimits& limits);
  bool set(const PositionLimits& limits);
  bool kill_firm(bool killed);
  bool kill_account(u16 account, bool killed);
  bool kill_instrument(u16 instrument, bool killed);
  bool load_position(AccountIndex account, InstrumentIndex instrument, i64 position);

  [[nodiscard]] Exposure exposure(AccountIndex account, InstrumentIndex instrument) const;
  [[nodiscard]] u32 open_orders(AccountIndex account) const;
  [[nodiscard]] u32 limits_epoch() const { return limits_epoch_; }
  [[nodiscard]] const GateAnomalies& anomalies() const { return anomalies_; }

 private:
  using Pair = std::pair<u16, u16>;
  struct Bucket {
    i128 nano_messages{};
    i128 time_ns{};
  };
  struct Holding {
    i128 position{}, open_buy{}, open_sell{};
  };
  /// Failing checks with the limit and the observation behind each, in order of priority.
  using Failures = std::map<RejectReason, std::pair<i128, i128>>;
  /// Bid and ask doubled, or another price doubled; 0 for none.
  [[nodiscard]] static i128 doubled_reference(const MarketState& market);
  [[nodiscard]] i128 credit(u16 account, Nanos now) const;
  [[nodiscard]] i128 added_qty(const OrderRequest& r) const;
  [[nodiscard]] i128 order_value(const OrderRequest& r, const MarketState& market) const;
  [[nodiscard]] i128 worst_case(const OrderRequest& r) const;
  [[nodiscard]] bool known(const OrderRequest& r) const;

  void check_kill(const OrderRequest& r, Failures& out) const;
  void check_form(const OrderRequest& r, Failures& out) const;
  void check_market(const OrderRequest& r, const MarketState& market, Failures& out) const;
  void check_rules(const OrderRequest& r, Failures& out) const;
  void check_collar(const OrderRequest& r, const MarketState& market, Failures& out) const;
  void check_size(const OrderRequest& r, const MarketState& market, Failures& out) const;
  void check_account(const OrderRequest& r, Nanos now, Failures& out) const;
  void check_position(const OrderRequest& r, Failures& out) const;

  u32 accounts_max_, instruments_max_;
  std::map<u16, AccountLimits> account_limits_;
  std::map<u16, InstrumentLimits> instrument_limits_;
  std::map<Pair, PositionLimits> position_limits_;
  std::map<u16, Bucket> buckets_;
  std::map<u16, i128> open_orders_;
  std::map<Pair, Holding> holdings_;
  std::map<u16, bool> killed_accounts_, killed_instruments_;
  bool firm_killed_{true};
  u32 limits_epoch_{};
  GateAnomalies anomalies_{};
};

}  // namespace tradsys::risk
