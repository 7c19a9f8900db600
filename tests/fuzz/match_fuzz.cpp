// Goal: no sequence of calls parts the fast matching engine from the reference, or breaks it.
// Method: the input's bytes choose the calls; events and state are compared as in the property
// test.
#include <cstdio>
#include <cstdlib>

#include "hostsw/core/types.hpp"
#include "tests/support/match_differential.hpp"

namespace {

/// Draws bounded numbers from the input; zeros when it is used up.
struct ByteSource {
  const std::uint8_t* at;
  const std::uint8_t* end;

  tradsys::u64 below(tradsys::u64 bound) {
    tradsys::u64 value = 0;
    for (tradsys::u64 reach = 1; reach < bound && at != end; reach <<= 8)
      value = (value << 8) | *at++;
    return value % bound;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  ByteSource source{data, data + bytes};
  tradsys::testing::MatchDifferential both;
  while (source.at != source.end) {
    if (const auto difference = both.step(source)) {
      std::fprintf(stderr, "%s\n", difference->c_str());
      std::abort();
    }
  }
  if (const auto difference = both.compare_state()) {
    std::fprintf(stderr, "%s\n", difference->c_str());
    std::abort();
  }
  return 0;
}
