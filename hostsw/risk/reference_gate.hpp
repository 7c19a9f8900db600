#pragma once
// The gate written for obviousness: maps, 128-bit numbers, one plain rule after the other. Tests
// hold the fast gate, and later the circuit, against it. It shares no code with check.hpp; what
// both must do is described there and in gate.hpp.
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/units.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::risk {

/// Same calls and meaning as Gate.
class ReferenceGate {
 public:
  ReferenceGate(u32 accounts_max, u32 instruments_max)
      : accounts_max_(accounts_max), instruments_max_(instruments_max) {
    switches_[{KillScope::kFirm, 0}] = SwitchState::kHalted;
  }

  [[nodiscard]] Verdict submit(const OrderRequest& r, const MarketState& market, Nanos now);
  void apply(const Execution& e);
  u64 adopt(const OrderRequest& r, bool opens_order);
  bool set(const AccountLimits& limits);
  bool set(const ScopeLimits& limits);
  bool set(const InstrumentLimits& limits);
  bool set(const PositionLimits& limits);
  bool move_switch(KillScope scope, u16 index, SwitchState state);
  bool load_position(AccountIndex account, InstrumentIndex instrument, i64 position, u32 price);

  [[nodiscard]] Exposure exposure(AccountIndex account, InstrumentIndex instrument) const;
  [[nodiscard]] DayQty day(u16 account, u16 instrument) const;
  [[nodiscard]] ScopeUse use(LimitScope kind, u16 index) const;
  [[nodiscard]] u32 open_orders(AccountIndex account) const {
    return use(LimitScope::kAccount, account.v).open_orders;
  }
  [[nodiscard]] u32 limits_epoch() const { return limits_epoch_; }
  [[nodiscard]] const GateAnomalies& anomalies() const { return anomalies_; }

 private:
  using Pair = std::pair<u16, u16>;
  using Scope = std::pair<LimitScope, u16>;
  struct Sent {
    i128 requests{}, trades{};
    i128 nano_messages{}, bucket_ns{};
    std::deque<std::pair<OrderRequest, i128>> recent;
  };
  struct Holding {
    i128 position{}, open_buy{}, open_sell{}, open_short{};
    i128 bought{}, sold{}, shorted{};
    i128 cash{}, marked{};
  };
  struct Used {
    i128 open_buy{}, open_sell{}, bought{}, sold{}, result{};
    i128 open_orders{}, executions{}, window_from_ns{};
    bool throttled{};
  };
  /// Failing checks with the limit and the observation behind each, in order of priority.
  using Failures = std::map<RejectReason, std::pair<i128, i128>>;
  struct Asked {  ///< the request, what it is held against, and what it adds
    const OrderRequest& order;
    const MarketState& market;
    i128 now_ns{};
    i128 leaves{}, added_qty{}, price{}, held_value{}, added_value{}, worst{}, marked{};
    bool reduces{};
  };

  [[nodiscard]] Asked ask(const OrderRequest& r, const MarketState& market, Nanos now) const;
  [[nodiscard]] Failures check(const Asked& q) const;
  /// Bid and ask doubled, or another price doubled; 0 for none.
  [[nodiscard]] static i128 doubled_reference(const MarketState& market);
  [[nodiscard]] i128 credit(u16 account, i128 now_ns) const;
  [[nodiscard]] bool known(const OrderRequest& r) const;
  [[nodiscard]] bool scopes_known(const OrderRequest& r) const;
  [[nodiscard]] std::vector<Scope> scopes_of(u16 account, u8 strategy) const;
  [[nodiscard]] i128 switched(const OrderRequest& r, SwitchState state) const;
  [[nodiscard]] static i128 marked_at(const Holding& h, i128 doubled);

  void check_switches(const Asked& q, Failures& out) const;
  void check_form(const Asked& q, Failures& out) const;
  void check_market(const Asked& q, Failures& out) const;
  void check_rules(const Asked& q, Failures& out) const;
  void check_prices(const Asked& q, Failures& out) const;
  void check_size(const Asked& q, Failures& out) const;
  void check_account(const Asked& q, Failures& out) const;
  void check_duplicates(const Asked& q, Failures& out) const;
  void check_pair(const Asked& q, Failures& out) const;
  void check_day(const Asked& q, Failures& out) const;
  void check_scope(const Asked& q, Scope scope, Failures& out) const;

  void mark(u16 account, u16 instrument, i128 marked);
  void reserve(const OrderRequest& r, i128 qty, i128 value, bool opens_order);
  void release(const Execution& e, Holding& h);
  void trade(const Execution& e, Holding& h, i128 sign);
  void end_order(const Execution& e);

  u32 accounts_max_, instruments_max_;
  std::map<u16, AccountLimits> account_limits_;
  std::map<Scope, ScopeLimits> scope_limits_;
  std::map<u16, InstrumentLimits> instrument_limits_;
  std::map<Pair, PositionLimits> position_limits_;
  std::map<u16, Sent> sent_;
  std::map<Pair, Holding> holdings_;
  std::map<Scope, Used> used_;
  std::map<std::pair<KillScope, u16>, SwitchState> switches_;
  u32 limits_epoch_{};
  GateAnomalies anomalies_{};
};

}  // namespace tradsys::risk
