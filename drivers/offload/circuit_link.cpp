#include "drivers/offload/circuit_link.hpp"

#include <utility>

namespace tradsys::offload {

CircuitLink::CircuitLink(std::unique_ptr<GateCircuit> circuit, u32 instruments_max)
    : circuit_(std::move(circuit)), instruments_(instruments_max), sent_(instruments_max) {}

std::optional<CircuitVerdict> CircuitLink::ask(const OrderRequest& request,
                                               const MarketState& market, Nanos now) noexcept {
  if (!send_market(market) || !put(beat_of(request, now))) return std::nullopt;
  return circuit_->take_verdict();
}

bool CircuitLink::put(const InstrumentLimits& limits) noexcept {
  for (const GateBeat& beat : instruments_.beats_of(limits)) {
    if (!put(beat)) return false;
  }
  return true;
}

bool CircuitLink::send_market(const MarketState& market) noexcept {
  MarketState& sent = sent_[market.instrument];
  if (market == sent) return true;
  sent = market;
  return put(instruments_.beat_of(market));
}

}  // namespace tradsys::offload
