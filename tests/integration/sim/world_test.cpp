// Goal: the whole appliance keeps its invariants whatever the seed does to it, and the same seed
// does the same. Method: virtual-time worlds over DPDK ring ports; clean ones, bad cables, cut
// clients, crashes, trades taken back.
#include "sim/world/world.hpp"

#include <gtest/gtest.h>

#include "drivers/nic/eal.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::sim {
namespace {

WorldResult run(const WorldConfig& config) {
  Result<WorldResult> result = run_world(config);
  EXPECT_TRUE(result) << result.error().message();
  return result ? result.value() : WorldResult{};
}

void expect_sound(const WorldConfig& config, const WorldResult& result) {
  EXPECT_TRUE(result.violations.empty())
      << "seed " << config.seed << ": " << result.violations.front();
  EXPECT_EQ(result.orders, config.orders) << "seed " << config.seed;
  EXPECT_EQ(result.terminal, result.orders) << "seed " << config.seed;
  EXPECT_EQ(result.venue_cuts, config.venue_cuts) << "seed " << config.seed;
  EXPECT_EQ(result.rolls, config.rolls) << "seed " << config.seed;
}

TEST(World, EveryOrderEndsOnceAndPositionsAgreeForManySeeds) {
  WorldConfig config;
  const u64 first = testing::test_seed(1);
  for (u64 i = 0; i < 500; ++i) {
    config.seed = first + i;
    config.orders = i % 2 == 0 ? 1'000 : 400;
    // Every fault is met by many seeds, alone and together.
    config.wire = {};
    if (i % 2 == 1) {
      config.wire.drop_per_million = 5'000;
      config.wire.reorder_per_million = 10'000;
      config.wire.duplicate_per_million = 5'000;
      config.wire.corrupt_per_million = 1'000;
    }
    config.crashes = i % 3 == 0 ? 2 : 0;
    config.disconnects = i % 4 == 0 ? 2 : 0;
    config.venue_cuts = i % 5 < 2 ? 2 : 0;
    config.busts = config.corrections = i % 5 == 0 ? 20 : 0;
    config.rolls = i % 7 == 0 ? 1 + i % 2 : 0;
    expect_sound(config, run(config));
    if (HasFailure()) break;
  }
}

TEST(World, TheSameSeedLeavesTheSameTrace) {
  WorldConfig config;
  config.seed = testing::test_seed(42);
  config.orders = 3'000;
  config.crashes = 2;
  config.disconnects = 2;
  config.wire.drop_per_million = 10'000;
  const WorldResult once = run(config);
  const WorldResult twice = run(config);
  EXPECT_EQ(once.trace_hash, twice.trace_hash);
  EXPECT_EQ(once.state_hash, twice.state_hash);
  config.seed += 1;
  EXPECT_NE(run(config).trace_hash, once.trace_hash);
}

TEST(World, TrafficReallyFlowsBothWays) {
  WorldConfig config;
  config.orders = 2'000;
  config.busts = config.corrections = 20;
  const WorldResult result = run(config);
  EXPECT_GT(result.fills, 500U);
  EXPECT_GT(result.rejected, 10U);
  EXPECT_GT(result.replaced, 50U);
  EXPECT_EQ(result.busts, 20U);
  EXPECT_EQ(result.corrections, 20U);
  EXPECT_GT(result.canceled, 100U);
  EXPECT_GT(result.strategy_orders, 0U);
  EXPECT_GT(result.copied, 1'000U);
  EXPECT_GT(result.strategy_copied, 0U);
  EXPECT_GT(result.feed_messages, 1'000U);
}

}  // namespace
}  // namespace tradsys::sim

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (tradsys::Status eal = tradsys::nic::Eal::init({.memory_mib = 256}); !eal) {
    std::fprintf(stderr, "%s\n", eal.error().message().c_str());
    return 1;
  }
  return RUN_ALL_TESTS();
}
