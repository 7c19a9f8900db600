#pragma once
// How long random cosimulations run: TRADSYS_COSIM_SCALE times the length of a plain run.
#include <algorithm>
#include <cstdlib>

#include "hostsw/core/types.hpp"

namespace tradsys::testing {

inline u32 cosim_scale() {
  const char* text = std::getenv("TRADSYS_COSIM_SCALE");
  const unsigned long scale = text == nullptr ? 1 : std::strtoul(text, nullptr, 10);
  return static_cast<u32>(std::clamp(scale, 1UL, 100'000UL));
}

}  // namespace tradsys::testing
