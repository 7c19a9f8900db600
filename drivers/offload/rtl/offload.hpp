#pragma once
// Where the gate of a program runs, as operators name it.
#include "drivers/offload/gate_circuit.hpp"

namespace tradsys::offload {

enum class Offload : u8 {
  kSoft = 0,  ///< on this host
  kRtl = 1,  ///< in the Verilated circuit, in process
};

[[nodiscard]] std::string_view name_of(Offload where) noexcept;
/// "soft" or "rtl"; nothing for any other text.
[[nodiscard]] std::optional<Offload> offload_of(std::string_view name) noexcept;

/// Whether this build can run a gate there; else an Error that says how to get one that can.
[[nodiscard]] Status offload_built(Offload where);

/// What makes the circuit for OffloadGate::make.
[[nodiscard]] CircuitMaker circuit_maker(Offload where);

}  // namespace tradsys::offload
