#pragma once
// A circuit that works until it is told to lie, to fall silent or to run out of slots.
#include <memory>
#include <utility>

#include "drivers/offload/gate_circuit.hpp"

namespace tradsys::testing {

enum class CircuitFault : u8 {
  kNone,
  kRefuses,  ///< refuses what it should pass
  kPasses,  ///< passes what it should refuse
  kMiscounts,  ///< reports another exposure
  kTakesNothing,
  kAnswersNothing,
  kIsFull,
};

/// Breaks with the order of number `at`, counted from 0.
class FaultyCircuit final : public offload::GateCircuit {
 public:
  FaultyCircuit(std::unique_ptr<offload::GateCircuit> inner, CircuitFault fault, u64 at)
      : inner_(std::move(inner)), fault_(fault), at_(at) {}

  [[nodiscard]] bool put(const offload::GateBeat& beat) noexcept override {
    if (fault_ == CircuitFault::kTakesNothing && orders_ >= at_) return false;
    return inner_->put(beat);
  }
  [[nodiscard]] std::optional<offload::CircuitVerdict> take_verdict() noexcept override {
    std::optional<offload::CircuitVerdict> answer = inner_->take_verdict();
    if (!answer || orders_++ < at_) return answer;
    Verdict& verdict = answer->verdict;
    switch (fault_) {
      case CircuitFault::kAnswersNothing:
        return std::nullopt;
      case CircuitFault::kRefuses:
        verdict.fail_bitmap |= u64{1} << static_cast<u8>(RejectReason::kKill);
        verdict.primary_reason = RejectReason::kKill;
        break;
      case CircuitFault::kPasses:
        verdict.fail_bitmap = 0;
        verdict.primary_reason = RejectReason::kNone;
        break;
      case CircuitFault::kMiscounts:
        ++verdict.exposure_after;
        break;
      case CircuitFault::kIsFull:
        answer->degraded = true;
        break;
      case CircuitFault::kNone:
      case CircuitFault::kTakesNothing:
        break;
    }
    return answer;
  }
  [[nodiscard]] offload::CircuitCapacity capacity() const noexcept override {
    return inner_->capacity();
  }
  [[nodiscard]] std::string_view name() const noexcept override { return inner_->name(); }

 private:
  std::unique_ptr<offload::GateCircuit> inner_;
  CircuitFault fault_;
  u64 at_, orders_{};
};

/// What makes circuits of `good` that break so.
inline offload::CircuitMaker faulty_maker(offload::CircuitMaker good, CircuitFault fault, u64 at) {
  return [good = std::move(good), fault, at]() -> Result<std::unique_ptr<offload::GateCircuit>> {
    Result<std::unique_ptr<offload::GateCircuit>> inner = good();
    if (!inner) return inner.error();
    return std::unique_ptr<offload::GateCircuit>(
        std::make_unique<FaultyCircuit>(std::move(inner).value(), fault, at));
  };
}

}  // namespace tradsys::testing
