#include "drivers/offload/offload_gate.hpp"

namespace tradsys::offload {
namespace {

/// The circuit refused what the software would have passed. The reason is one no gate gives: who
/// journals it knows that a replay must not ask the gate again.
Verdict refused_by_circuit(const OrderRequest& request, u32 limits_epoch) noexcept {
  return {.seq = request.seq,
          .order_id = request.order_id,
          .fail_bitmap = risk::fail_bit(RejectReason::kSystemBusy),
          .limits_epoch = limits_epoch,
          .primary_reason = RejectReason::kSystemBusy};
}

}  // namespace

Result<OffloadGate> OffloadGate::make(const risk::GateConfig& config,
                                      const CircuitMaker& make_circuit) {
  Result<SoftGate> soft = SoftGate::make(config);
  if (!soft) return soft.error();
  OffloadGate gate(std::move(soft).value());
  if (!make_circuit) return gate;
  Result<std::unique_ptr<GateCircuit>> circuit = make_circuit();
  if (!circuit) return circuit.error();
  const CircuitCapacity room = circuit.value()->capacity();
  if (config.accounts_max > room.accounts)
    return Error{"gate.offload",
                 "the circuit holds " + std::to_string(room.accounts) + " accounts, not " +
                     std::to_string(config.accounts_max),
                 "use fewer accounts, or offload = \"soft\""};
  if (config.instruments_max > room.instruments)
    return Error{"gate.offload",
                 "the circuit holds " + std::to_string(room.instruments) + " instruments, not " +
                     std::to_string(config.instruments_max),
                 "lower books.instruments_max, or use offload = \"soft\""};
  gate.link_ = std::make_unique<CircuitLink>(std::move(circuit).value(), config.instruments_max);
  gate.owner_ = Ownership::kFollowing;
  return gate;
}

bool OffloadGate::arm() noexcept {
  if (link_ == nullptr) return false;
  owner_ = Ownership::kCircuit;
  return true;
}

Verdict OffloadGate::submit_to_circuit(const OrderRequest& request, const MarketState& market,
                                       Nanos now) noexcept {
  // The circuit cannot be told of the market of an instrument out of range, or of one that is not
  // the order's. The software refuses such orders and passes such cancels: neither changes state.
  if (!in_range(request.instrument) || request.instrument != market.instrument)
    return soft_.submit(request, market, now);
  const std::optional<CircuitVerdict> answer = link_->ask(request, market, now);
  // Looking aside, an order without a verdict has gone nowhere: the software may decide it.
  if (!answer || answer->degraded) {
    fall_back(answer ? Fallback::kFull : Fallback::kTimeout);
    return soft_.submit(request, market, now);
  }
  ++compared_;
  const Verdict& circuit = answer->verdict;
  const bool refuses = owner_ == Ownership::kCircuit && circuit.fail_bitmap != 0;
  const Verdict expected = soft_.what_if(request, market, now);
  if (circuit == expected) return soft_.submit(request, market, now);
  disagreement_ = {request, circuit, expected};
  fall_back(Fallback::kMismatch);
  if (!refuses || expected.fail_bitmap != 0) return soft_.submit(request, market, now);
  ++overruled_;  // the stricter of the two decides, and the software keeps nothing of the order
  return refused_by_circuit(request, expected.limits_epoch);
}

void OffloadGate::tell(const GateBeat& beat) noexcept {
  if (!link_->put(beat)) fall_back(Fallback::kTimeout);
}

void OffloadGate::tell_of(u16 instrument, const GateBeat& beat) noexcept {
  if (in_range(instrument)) tell(beat);
}

void OffloadGate::tell_row(const InstrumentLimits& limits) noexcept {
  if (!link_->put(limits)) fall_back(Fallback::kTimeout);
}

void OffloadGate::fall_back(Fallback cause) noexcept {
  fallback_ = cause;
  owner_ = Ownership::kSoftware;
  link_.reset();
}

std::string OffloadGate::fallback_text() const {
  switch (fallback_) {
    case Fallback::kNone:
      return {};
    case Fallback::kTimeout:
      return "timeout, the circuit took no beat or gave no verdict";
    case Fallback::kFull:
      return "the circuit is full";
    case Fallback::kMismatch:
      break;
  }
  return "mismatch at order " + std::to_string(disagreement_.request.order_id) +
         ", reject bitmap of the circuit " + std::to_string(disagreement_.circuit.fail_bitmap) +
         ", of the software " + std::to_string(disagreement_.software.fail_bitmap);
}

EngineHealth OffloadGate::health() const noexcept {
  EngineHealth health = soft_.health();
  health.state = fallback_ == Fallback::kNone ? EngineState::kOk : EngineState::kDegraded;
  health.submitted += overruled_;
  health.refused += overruled_;
  health.owner = owner_;
  health.fallback = fallback_;
  health.compared = compared_;
  return health;
}

}  // namespace tradsys::offload
