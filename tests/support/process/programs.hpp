#pragma once
// Where tests find the programs of this build, and a way to wait for what they do.
#include <time.h>

#include <cstdlib>
#include <string>

#include "hostsw/core/types.hpp"

namespace tradsys::testing {

inline void sleep_ms(u64 ms) {
  const timespec nap{static_cast<time_t>(ms / 1'000), static_cast<long>(ms % 1'000) * 1'000'000};
  nanosleep(&nap, nullptr);
}

inline std::string bin_dir() {
  const char* bin = std::getenv("TRADSYS_BIN");
  return bin ? bin : "build/dev/bin";
}

/// Looks every few milliseconds; false when `done()` is not within `ms`.
template <class Done>
bool wait_until(Done done, u64 ms) {
  for (u64 waited = 0; waited < ms; waited += 2, sleep_ms(2))
    if (done()) return true;
  return done();
}

}  // namespace tradsys::testing
