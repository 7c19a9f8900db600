#pragma once
// The seed of a random test: printed always, taken from TRADSYS_SEED when set.
#include <cstdio>
#include <cstdlib>

#include "hostsw/core/types.hpp"

namespace tradsys::testing {

/// `fallback` is the test's own seed, so that a plain run is the same everywhere.
inline u64 test_seed(u64 fallback) {
  const char* text = std::getenv("TRADSYS_SEED");
  const u64 seed = text != nullptr ? std::strtoull(text, nullptr, 0) : fallback;
  std::printf("seed %llu (set TRADSYS_SEED to repeat another run)\n",
              static_cast<unsigned long long>(seed));
  return seed;
}

}  // namespace tradsys::testing
