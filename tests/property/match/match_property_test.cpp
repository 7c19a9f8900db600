// Goal: the fast engine is the obvious engine, whatever it is asked. Method: random calls (live,
// dead and colliding ids, prices near and far, full tables, invalid fields) on both; after each
// call the same events, best prices and counts, and now and then the same whole state. TRADSYS_SEED
// repeats a run.
#include <gtest/gtest.h>

#include "hostsw/core/random.hpp"
#include "tests/support/match_differential.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::testing {
namespace {

TEST(MatchProperty, FastEngineDoesWhatTheReferenceDoes) {
  const u64 seed = test_seed(20'260'101);
  u64 trades = 0;
  for (u64 round = 0; round < 40; ++round) {
    Random random(seed + round);
    MatchDifferential both;
    for (int call = 0; call < 2'000; ++call) {
      const auto difference = both.step(random);
      ASSERT_FALSE(difference) << "round " << round << " call " << call << ": " << *difference;
      if (call % 50 == 0) {
        const auto state = both.compare_state();
        ASSERT_FALSE(state) << "round " << round << " call " << call << ": " << *state;
      }
    }
    trades += both.trades();
  }
  EXPECT_GT(trades, 5'000U) << "the flow hardly trades: it tests nothing";
}

}  // namespace
}  // namespace tradsys::testing
