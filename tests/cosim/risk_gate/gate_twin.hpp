#pragma once
// The model and the circuit side by side: every call changes the model at once and goes to the
// circuit as beats; verdicts are compared when they come out.
#include <string>

#include "tests/cosim/risk_gate/gate_dut.hpp"

namespace tradsys::testing {

template <class V>
class GateTwin {
 public:
  GateTwin(const fpga::CircuitSize& size, u64 seed)
      : model_(size), instruments_(size.instruments), dut_(seed) {}

  Verdict submit(const OrderRequest& r, Nanos now) {
    const fpga::ModelVerdict verdict = model_.submit(r, now);
    dut_.expect(verdict);
    dut_.put(offload::beat_of(r, now));
    return verdict.verdict;
  }
  void apply(const Execution& e) {
    model_.apply(e);
    dut_.put(offload::beat_of(e));
  }
  void adopt(const OrderRequest& r, bool opens_order) {
    model_.adopt(r, opens_order);
    dut_.put(offload::adoption_beat(r, opens_order));
  }
  void set(const InstrumentLimits& limits) {
    model_.set(limits);
    for (const offload::GateBeat& beat : instruments_.beats_of(limits)) dut_.put(beat);
  }
  template <class Limits>
  void set(const Limits& limits) {
    model_.set(limits);
    dut_.put(offload::beat_of(limits));
  }
  void market(const MarketState& state) {
    model_.market(state);
    dut_.put(instruments_.beat_of(state));
  }
  void move_switch(KillScope scope, u16 index, SwitchState state) {
    model_.move_switch(scope, index, state);
    dut_.put(offload::switch_beat(scope, index, state));
  }
  void load_position(AccountIndex account, InstrumentIndex instrument, i64 position, u32 price) {
    model_.load_position(account, instrument, position, price);
    dut_.put(offload::holding_beat(account, instrument, position, price));
  }

  /// All verdicts, and what else the circuit counts.
  [[nodiscard]] std::string finish() {
    dut_.drain();
    if (!dut_.difference().empty() || model_.lost_state()) return dut_.difference();
    const risk::GateAnomalies& anomalies = model_.gate().anomalies();
    if (dut_.pins().limits_epoch_o != model_.gate().limits_epoch()) return "limits_epoch differs";
    if (dut_.pins().unknown_executions_o != anomalies.unknown_executions ||
        dut_.pins().excess_releases_o != anomalies.excess_releases ||
        dut_.pins().excess_ends_o != anomalies.excess_ends)
      return "anomalies differ";
    return {};
  }
  [[nodiscard]] GateDut<V>& dut() { return dut_; }
  [[nodiscard]] fpga::GateModel& model() { return model_; }

 private:
  fpga::GateModel model_;
  offload::InstrumentBeats instruments_;
  GateDut<V> dut_;
};

}  // namespace tradsys::testing
