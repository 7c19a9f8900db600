// What stands for the circuit in a build without Verilator.
#include "drivers/offload/rtl/rtl_circuit.hpp"

namespace tradsys::offload {

Status rtl_circuit_built() {
  return Error{"gate.offload", "\"rtl\" needs a build with Verilator, and this is none",
               "build with the Debian package verilator installed, or use \"soft\""};
}

Result<std::unique_ptr<GateCircuit>> make_rtl_circuit() { return rtl_circuit_built().error(); }

}  // namespace tradsys::offload
