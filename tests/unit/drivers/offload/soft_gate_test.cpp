// Goal: the software engine is the gate of hostsw/risk, and counts what passes through it.
// Method: the same script on both; verdicts, exposures and hash must agree; health shows the
// counts.
#include "drivers/offload/soft_gate.hpp"

#include <gtest/gtest.h>

#include "tests/support/gate/world.hpp"

namespace tradsys::offload {
namespace {

using namespace tradsys::testing;

TEST(SoftGate, AnswersAsTheGateDoesAndCounts) {
  const risk::GateConfig config{.accounts_max = 2, .instruments_max = 2};
  SoftGate engine = SoftGate::make(config).value();
  risk::Gate gate = risk::Gate::make(config).value();
  open_gate(engine);
  open_gate(gate);
  EXPECT_TRUE(engine.load_position({0}, {0}, 40, 10'000) &&
              gate.load_position({0}, {0}, 40, 10'000));
  for (const OrderRequest& order : {buy(0, 0), sell(0, 0), buy(0, 1), buy(0, 0, 105)}) {
    EXPECT_EQ(engine.submit(order, open_market(0), {1}), gate.submit(order, open_market(0), {1}));
  }
  engine.apply(execution(buy(0, 0), ExecKind::kFilled, 30, 70));
  gate.apply(execution(buy(0, 0), ExecKind::kFilled, 30, 70));
  EXPECT_EQ(engine.exposure({0}, {0}), (risk::Exposure{70, 70, 100}));
  EXPECT_EQ(engine.hash(), gate.hash());
  EXPECT_EQ(engine.name(), "soft");
  const EngineHealth health = engine.health();
  EXPECT_EQ(health.state, EngineState::kOk);
  EXPECT_EQ(health.submitted, 4U);
  EXPECT_EQ(health.refused, 2U);
  EXPECT_EQ(health.applied, 1U);
}

TEST(SoftGate, PassesOnWhyTheGateCannotBeMade) {
  const auto engine = SoftGate::make({.accounts_max = 0, .instruments_max = 1});
  ASSERT_FALSE(engine.ok());
  EXPECT_EQ(engine.error().where, "gate.accounts_max");
}

}  // namespace
}  // namespace tradsys::offload
