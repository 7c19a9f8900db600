#pragma once
// What the circuit of the gate must answer: the production gate of hostsw/risk, and beside it the
// one thing the circuit has and the software has not, a smaller number of slots for pairs. Same
// calls as the gate; the market is state, as in the circuit.
#include <map>
#include <utility>
#include <vector>

#include "hostsw/risk/gate.hpp"

namespace tradsys::fpga {

struct ModelVerdict {
  Verdict verdict;
  bool degraded{};  ///< the circuit has no state of the pair, or lost some: refused unless a cancel
};

/// Capacities of a circuit; `slots` pairs have state, slot 0 not counted.
struct CircuitSize {
  u32 accounts{};
  u32 instruments{};
  u32 slots{};
};

class GateModel {
 public:
  explicit GateModel(const CircuitSize& size)
      : size_(size),
        gate_(risk::Gate::make({.accounts_max = size.accounts, .instruments_max = size.instruments})
                  .value()),
        markets_(size.instruments) {}

  [[nodiscard]] ModelVerdict submit(const OrderRequest& r, Nanos now) {
    const MarketState none{};
    const bool known = r.instrument < size_.instruments;
    if (!lost_state_ && !lost(r.account, r.instrument))
      return {gate_.submit(r, known ? markets_[r.instrument] : none, now), false};
    Verdict v{.seq = r.seq, .order_id = r.order_id, .limits_epoch = gate_.limits_epoch()};
    if (r.kind != RequestKind::kCancel) {
      v.fail_bitmap = risk::fail_bit(RejectReason::kSystemBusy);
      v.primary_reason = RejectReason::kSystemBusy;
    }
    return {v, true};
  }
  void apply(const Execution& e) {
    const bool acts = knows(e.account, e.instrument, e.side) && e.kind <= ExecKind::kBusted &&
                      e.kind != ExecKind::kAccepted;
    if (acts && !write(e.account, e.instrument)) lost_state_ = true;
    gate_.apply(e);
  }
  void adopt(const OrderRequest& r, bool opens_order) {
    if (knows(r.account, r.instrument, r.side) && !write(r.account, r.instrument))
      lost_state_ = true;
    gate_.adopt(r, opens_order);
  }
  bool set(const PositionLimits& limits) {
    if (in_range(limits.account, limits.instrument)) write(limits.account, limits.instrument);
    return gate_.set(limits);
  }
  template <class Limits>
  bool set(const Limits& limits) {
    return gate_.set(limits);
  }
  bool move_switch(KillScope scope, u16 index, SwitchState state) {
    return gate_.move_switch(scope, index, state);
  }
  bool load_position(AccountIndex account, InstrumentIndex instrument, i64 position, u32 price) {
    const bool done = gate_.load_position(account, instrument, position, price);
    if (done && !write(account.v, instrument.v)) lost_state_ = true;
    return done;
  }
  void market(const MarketState& state) {
    if (state.instrument < size_.instruments) markets_[state.instrument] = state;
  }
  [[nodiscard]] const MarketState& market_of(u16 instrument) const { return markets_[instrument]; }
  [[nodiscard]] const risk::Gate& gate() const { return gate_; }
  [[nodiscard]] bool lost_state() const { return lost_state_; }

 private:
  [[nodiscard]] bool in_range(u16 account, u16 instrument) const {
    return account < size_.accounts && instrument < size_.instruments;
  }
  [[nodiscard]] bool knows(u16 account, u16 instrument, Side side) const {
    return in_range(account, instrument) && gate_.account_limits(account) != nullptr &&
           (risk::is_buy(side) || risk::is_sell(side));
  }
  [[nodiscard]] bool lost(u16 account, u16 instrument) const {
    const auto found = has_slot_.find({account, instrument});
    return found != has_slot_.end() && !found->second;
  }
  /// A record that changes the pair: gives it a slot while there are any. False: it has none.
  bool write(u16 account, u16 instrument) {
    const auto [found, is_new] =
        has_slot_.try_emplace({account, instrument}, slots_used_ < size_.slots);
    if (is_new && found->second) ++slots_used_;
    return found->second;
  }

  CircuitSize size_;
  risk::Gate gate_;
  std::vector<MarketState> markets_;
  std::map<std::pair<u16, u16>, bool> has_slot_;
  u32 slots_used_{};
  bool lost_state_{};
};

}  // namespace tradsys::fpga
