#pragma once
// The card in process: the RTL of the risk gate, Verilated, with a clock that runs only while the
// host waits for it. Full size: 256 accounts, 4,096 instruments, 16,383 pairs.
#include <memory>

#include "drivers/offload/gate_circuit.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::offload {

/// Whether this build has the circuit; else an Error that says how to get it.
[[nodiscard]] Status rtl_circuit_built();

/// A circuit after reset with its tables clear, about a quarter of a million clocks. An Error in a
/// build without Verilator.
[[nodiscard]] Result<std::unique_ptr<GateCircuit>> make_rtl_circuit();

}  // namespace tradsys::offload
