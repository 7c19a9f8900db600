#include "drivers/offload/rtl/rtl_circuit.hpp"

#include <cstring>
#include <utility>

#include "Vrisk_gate_card.h"

namespace tradsys::offload {
namespace {

/// Clocks after which a beat or a verdict counts as lost. A healthy circuit needs 8 for a verdict
/// and holds a beat back for 14 at most, behind an account's row.
constexpr u32 kPatienceClocks = 256;
/// Tables are cleared one row a clock; the directory of pairs is the largest, four to a row.
constexpr u32 kClearClocksMax = (256 * 4'096 / 4) + kPatienceClocks;

class RtlCircuit final : public GateCircuit {
 public:
  RtlCircuit() : pins_(&context_) {}
  ~RtlCircuit() override { pins_.final(); }
  RtlCircuit(const RtlCircuit&) = delete;
  RtlCircuit& operator=(const RtlCircuit&) = delete;

  /// False when the tables do not come clear.
  [[nodiscard]] bool reset() noexcept {
    pins_.rst = 1;
    for (u32 i = 0; i < 4; ++i) clock();
    pins_.rst = 0;
    for (u32 i = 0; i < kClearClocksMax; ++i) {
      clock();
      if (pins_.cleared_o != 0) return true;
    }
    return false;
  }

  [[nodiscard]] bool put(const GateBeat& beat) noexcept override {
    pins_.s_beat_i = static_cast<u8>(beat.kind);
    pins_.s_now_ns_i = static_cast<u64>(beat.now_ns);
    std::memcpy(&pins_.s_data_i, beat.bytes.data(), beat.bytes.size());
    pins_.s_valid_i = 1;
    bool taken = false;
    for (u32 i = 0; i < kPatienceClocks && !taken; ++i) {
      fall();
      taken = pins_.s_ready_o != 0;
      rise();
    }
    pins_.s_valid_i = 0;
    return taken;
  }

  [[nodiscard]] std::optional<CircuitVerdict> take_verdict() noexcept override {
    std::optional<CircuitVerdict> answer;
    pins_.m_ready_i = 1;
    for (u32 i = 0; i < kPatienceClocks && !answer; ++i) {
      fall();
      if (pins_.m_valid_o != 0) {
        answer.emplace();
        std::memcpy(static_cast<void*>(&answer->verdict), &pins_.m_verdict_o, sizeof(Verdict));
        answer->degraded = pins_.m_degraded_o != 0;
      }
      rise();
    }
    pins_.m_ready_i = 0;
    return answer;
  }

  [[nodiscard]] CircuitCapacity capacity() const noexcept override {
    return {.accounts = 256, .instruments = 4'096};
  }
  [[nodiscard]] std::string_view name() const noexcept override { return "rtl"; }

 private:
  /// Outputs of this clock can be read after its falling edge; its rising edge takes the inputs.
  void fall() noexcept {
    pins_.clk = 0;
    pins_.eval();
  }
  void rise() noexcept {
    pins_.clk = 1;
    pins_.eval();
  }
  void clock() noexcept {
    fall();
    rise();
  }

  VerilatedContext context_;
  Vrisk_gate_card pins_;
};

}  // namespace

Status rtl_circuit_built() { return Done{}; }

Result<std::unique_ptr<GateCircuit>> make_rtl_circuit() {
  auto circuit = std::make_unique<RtlCircuit>();
  if (!circuit->reset())
    return Error{"gate.offload", "the circuit's tables do not come clear", "use \"soft\""};
  return std::unique_ptr<GateCircuit>(std::move(circuit));
}

}  // namespace tradsys::offload
