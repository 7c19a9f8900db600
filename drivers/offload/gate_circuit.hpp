#pragma once
// A circuit of the gate as the host sees it: beats go in, verdicts come out, both within a bounded
// number of clocks or not at all. In process it is the Verilated RTL (rtl/); tests put one that
// lies or hangs in its place.
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tradsys/risk_spec.hpp>

#include "drivers/offload/gate_beats.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::offload {

struct CircuitVerdict {
  Verdict verdict;
  bool degraded{};  ///< the circuit could not decide and refused; the software must
};

/// Capacities of a circuit.
struct CircuitCapacity {
  u32 accounts{};
  u32 instruments{};
};

class GateCircuit {
 public:
  GateCircuit() = default;
  GateCircuit(const GateCircuit&) = delete;
  GateCircuit& operator=(const GateCircuit&) = delete;
  virtual ~GateCircuit() = default;

  /// Hands over one beat; false when the circuit did not take it in time.
  [[nodiscard]] virtual bool put(const GateBeat& beat) noexcept = 0;
  /// The verdict of the oldest order that has none yet; nothing when it did not come in time.
  [[nodiscard]] virtual std::optional<CircuitVerdict> take_verdict() noexcept = 0;
  [[nodiscard]] virtual CircuitCapacity capacity() const noexcept = 0;
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
};

/// Makes a circuit after reset, as empty as a new gate. Empty where the software decides alone.
using CircuitMaker = std::function<Result<std::unique_ptr<GateCircuit>>()>;

}  // namespace tradsys::offload
