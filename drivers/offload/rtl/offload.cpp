#include "drivers/offload/rtl/offload.hpp"

#include "drivers/offload/rtl/rtl_circuit.hpp"

namespace tradsys::offload {

std::string_view name_of(Offload where) noexcept { return where == Offload::kRtl ? "rtl" : "soft"; }

std::optional<Offload> offload_of(std::string_view name) noexcept {
  if (name == "soft") return Offload::kSoft;
  if (name == "rtl") return Offload::kRtl;
  return std::nullopt;
}

Status offload_built(Offload where) {
  return where == Offload::kRtl ? rtl_circuit_built() : Status(Done{});
}

CircuitMaker circuit_maker(Offload where) {
  return where == Offload::kRtl ? CircuitMaker(make_rtl_circuit) : CircuitMaker();
}

}  // namespace tradsys::offload
