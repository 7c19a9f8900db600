// Goal: the appliance does the same, bit by bit, whether software or the RTL decides, and a circuit
// that breaks in the middle of order flow costs no order and no limit. Method: the same seeds with
// and without a circuit; then circuits that break after some hundred orders. Replays are part of
// each world.
#include <gtest/gtest.h>

#include "drivers/nic/eal.hpp"
#include "drivers/offload/rtl/rtl_circuit.hpp"
#include "sim/world/world.hpp"
#include "tests/support/gate/faulty_circuit.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::sim {
namespace {

using testing::CircuitFault;

WorldConfig rough_world(u64 seed) {
  WorldConfig config;
  config.seed = seed;
  config.orders = 2'000;
  config.wire.drop_per_million = 5'000;
  config.crashes = seed % 2;
  config.disconnects = 1;
  config.busts = config.corrections = 10;
  config.rolls = seed % 3 == 0 ? 1 : 0;
  return config;
}

WorldResult run(const WorldConfig& config) {
  Result<WorldResult> result = run_world(config);
  EXPECT_TRUE(result) << result.error().message();
  if (!result) return {};
  EXPECT_TRUE(result.value().violations.empty())
      << "seed " << config.seed << ": " << result.value().violations.front();
  EXPECT_EQ(result.value().terminal, config.orders) << "seed " << config.seed;
  return std::move(result).value();
}

TEST(Offload, LeavesTheSameTraceAsSoftware) {
  const u64 first = testing::test_seed(300);
  for (u64 seed = first; seed < first + 4; ++seed) {
    WorldConfig config = rough_world(seed);
    const WorldResult soft = run(config);
    config.make_circuit = offload::make_rtl_circuit;
    const WorldResult rtl = run(config);
    EXPECT_EQ(rtl.trace_hash, soft.trace_hash) << "seed " << seed;
    EXPECT_EQ(rtl.state_hash, soft.state_hash) << "seed " << seed;
    EXPECT_GT(rtl.compared, config.orders);
    EXPECT_EQ(rtl.fallbacks, 0U);
    EXPECT_EQ(soft.compared, 0U);
  }
}

/// Breaks in every process that is started, also in the one that replays the journal.
void expect_to_survive(CircuitFault fault, bool same_trace) {
  WorldConfig config = rough_world(testing::test_seed(301));
  const WorldResult soft = run(config);
  config.make_circuit = testing::faulty_maker(offload::make_rtl_circuit, fault, 700);
  const WorldResult broken = run(config);
  EXPECT_GT(broken.fallbacks, 0U);
  EXPECT_GE(broken.compared, 700U);
  EXPECT_EQ(broken.trace_hash == soft.trace_hash, same_trace);
}

TEST(Offload, GoesOnInSoftwareWhenTheCircuitFallsSilent) {
  expect_to_survive(CircuitFault::kAnswersNothing, true);
}
TEST(Offload, GoesOnInSoftwareWhenTheCircuitTakesNothing) {
  expect_to_survive(CircuitFault::kTakesNothing, true);
}
TEST(Offload, GoesOnInSoftwareWhenTheCircuitLetsPassTooMuch) {
  expect_to_survive(CircuitFault::kPasses, true);
}
TEST(Offload, RefusesOneOrderWhenTheCircuitRefusesTooMuch) {
  expect_to_survive(CircuitFault::kRefuses, false);
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
