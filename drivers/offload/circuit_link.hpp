#pragma once
// The stream of one gate into one circuit: every call becomes beats, and the market of an order is
// sent ahead of it when the circuit has another. The first beat that is not taken ends the stream:
// what the circuit did not hear of it can never decide on.
#include <memory>
#include <optional>
#include <vector>

#include "drivers/offload/gate_circuit.hpp"

namespace tradsys::offload {

class CircuitLink {
 public:
  /// `instruments_max` of the gate beside it.
  CircuitLink(std::unique_ptr<GateCircuit> circuit, u32 instruments_max);

  /// The circuit's verdict of an order of an instrument in range, whose market this is; nothing
  /// when it gave none in time.
  [[nodiscard]] std::optional<CircuitVerdict> ask(const OrderRequest& request,
                                                  const MarketState& market, Nanos now) noexcept;
  /// Sends a beat without an answer; false when the circuit did not take it in time.
  bool put(const GateBeat& beat) noexcept { return circuit_->put(beat); }
  bool put(const InstrumentLimits& limits) noexcept;
  [[nodiscard]] std::string_view name() const noexcept { return circuit_->name(); }

 private:
  bool send_market(const MarketState& market) noexcept;

  std::unique_ptr<GateCircuit> circuit_;
  InstrumentBeats instruments_;
  std::vector<MarketState> sent_;  ///< by instrument: what the circuit has
};

}  // namespace tradsys::offload
