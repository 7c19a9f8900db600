// Goal: with a circuit beside it the gate answers as the software gate does, and whatever the
// circuit does wrong, no order is lost, none beyond a limit passes and the software goes on.
// Method: the same calls to a gate with the RTL and to one without, first at random, then with a
// circuit that breaks at a known order. Seed: printed, TRADSYS_SEED overrides.
#include "drivers/offload/offload_gate.hpp"

#include <gtest/gtest.h>

#include <string>

#include "drivers/offload/rtl/rtl_circuit.hpp"
#include "tests/support/gate/draw.hpp"
#include "tests/support/gate/faulty_circuit.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::offload {
namespace {

using namespace tradsys::testing;

constexpr u16 kAccounts = 3, kInstruments = 4;
constexpr risk::GateConfig kConfig{.accounts_max = kAccounts, .instruments_max = kInstruments};
constexpr u64 kBreaksAt = 5;
constexpr u32 kHalfLot = 105;  // no multiple of the lot: refused

/// A gate with a circuit and one without, given the same.
struct Twins {
  explicit Twins(CircuitFault fault = CircuitFault::kNone)
      : gate(OffloadGate::make(kConfig, faulty_maker(make_rtl_circuit, fault, kBreaksAt)).value()),
        soft(SoftGate::make(kConfig).value()) {
    for (u16 account = 0; account < kAccounts; ++account) {
      for (u16 instrument = 0; instrument < kInstruments; ++instrument)
        each([&](auto& g) { open_gate(g, account, instrument); });
    }
  }
  template <class F>
  void each(F&& f) {
    f(gate);
    f(soft);
  }
  /// Both verdicts are the same; returns it.
  Verdict submit(const OrderRequest& r, const MarketState& market, Nanos now) {
    const Verdict expected = soft.submit(r, market, now);
    const Verdict verdict = gate.submit(r, market, now);
    EXPECT_EQ(verdict, expected) << "order " << r.seq;
    return verdict;
  }

  OffloadGate gate;
  SoftGate soft;
};

OrderRequest order_number(u64 number, u32 qty = 100) {
  OrderRequest order = buy(0, 0, qty);
  order.seq = order.order_id = number;
  return order;
}

std::string text_of(const Disagreement& d) {
  const auto text = [](const Verdict& v) {
    return " bitmap " + std::to_string(v.fail_bitmap) + " limit " + std::to_string(v.limit_value) +
           " observed " + std::to_string(v.observed_value) + " exposure " +
           std::to_string(v.exposure_after) + " epoch " + std::to_string(v.limits_epoch) +
           " reserved " + std::to_string(v.reserved_value);
  };
  return "; account " + std::to_string(d.request.account) + " instrument " +
         std::to_string(d.request.instrument) + "; circuit" + text(d.circuit) + "; software" +
         text(d.software);
}

/// A row, switch, holding or execution at random, for both.
void change_something(Twins& twins, GateDraw& draw) {
  const auto set = [&](const auto& row) { twins.each([&](auto& g) { g.set(row); }); };
  switch (draw.below(8)) {
    case 0:
      return set(draw.account_row());
    case 1:
      return set(draw.instrument_row());
    case 2:
      return set(draw.position_row());
    case 3:
      return set(draw.scope_row());
    case 4: {
      const auto scope = static_cast<KillScope>(draw.below(5));
      const u16 index = static_cast<u16>(draw.below(3));
      const SwitchState state = draw.switch_state();
      return twins.each([&](auto& g) { g.move_switch(scope, index, state); });
    }
    case 5: {
      const AccountIndex account{draw.account()};
      const InstrumentIndex instrument{draw.instrument()};
      const i64 position = static_cast<i64>(draw.below(4'000)) - 2'000;
      return twins.each([&](auto& g) { g.load_position(account, instrument, position, 10'000); });
    }
    case 6: {
      const OrderRequest order = draw.order(0);
      return twins.each([&](auto& g) { g.adopt(order, order.qty % 20 == 0); });
    }
    default:
      const Execution execution = draw.execution_of_any();
      return twins.each([&](auto& g) { g.apply(execution); });
  }
}

TEST(OffloadGate, AnswersAsTheSoftwareDoesForRandomCalls) {
  const u64 seed = test_seed(4'242);
  u64 passed = 0, refused = 0;
  i64 now_ns = 0;
  for (u64 round = 0; round < 10; ++round) {
    Twins twins;
    GateDraw draw(seed + round, kAccounts, kInstruments);
    ASSERT_TRUE(twins.gate.arm());
    for (u64 step = 1; step <= 1'500 && !HasFailure(); ++step) {
      if (draw.below(round % 2 == 0 ? 40 : 5) == 0) change_something(twins, draw);
      now_ns += draw.time_step();
      const OrderRequest order = draw.order(step);
      const Verdict v = twins.submit(order, draw.market(order.instrument), {now_ns});
      ++(v.fail_bitmap == 0 ? passed : refused);
      ASSERT_EQ(twins.gate.health().owner, Ownership::kCircuit)
          << "round " << round << " step " << step << text_of(twins.gate.disagreement());
    }
    EXPECT_EQ(twins.gate.hash(), twins.soft.hash());
    EXPECT_GT(twins.gate.health().compared, 1'000U);
  }
  EXPECT_GT(passed, 500U);
  EXPECT_GT(refused, 5'000U);
}

struct FaultCase {
  CircuitFault fault;
  Fallback cause;
};

class OffloadFault : public ::testing::TestWithParam<FaultCase> {};

TEST_P(OffloadFault, LetsTheSoftwareGoOnWithAllStateAndAllLimits) {
  for (const bool armed : {true, false}) {
    Twins twins(GetParam().fault);
    ASSERT_TRUE(!armed || twins.gate.arm());
    for (u64 n = 0; n < kBreaksAt; ++n) twins.submit(order_number(n), open_market(0), {1});
    EXPECT_EQ(twins.gate.name(), "rtl");
    EXPECT_EQ(twins.gate.health().owner, armed ? Ownership::kCircuit : Ownership::kFollowing);
    const bool lets_pass = GetParam().fault == CircuitFault::kPasses;
    const OrderRequest broken = order_number(kBreaksAt, lets_pass ? kHalfLot : 100);
    if (armed && GetParam().fault == CircuitFault::kRefuses) {
      const Verdict v = twins.gate.submit(broken, open_market(0), {1});
      EXPECT_EQ(v.primary_reason, RejectReason::kSystemBusy) << "the stricter decides";
      EXPECT_EQ(v.order_id, kBreaksAt);
      EXPECT_EQ(twins.gate.disagreement().circuit.primary_reason, RejectReason::kKill);
      EXPECT_EQ(twins.gate.disagreement().software.fail_bitmap, 0U);
    } else {
      twins.submit(broken, open_market(0), {1});
    }
    const EngineHealth health = twins.gate.health();
    EXPECT_EQ(health.state, EngineState::kDegraded);
    EXPECT_EQ(health.owner, Ownership::kSoftware);
    EXPECT_EQ(health.fallback, GetParam().cause);
    EXPECT_EQ(health.submitted, kBreaksAt + 1);
    EXPECT_FALSE(twins.gate.fallback_text().empty());
    EXPECT_EQ(twins.gate.name(), "soft");
    EXPECT_FALSE(twins.gate.arm()) << "there is no way back";
    u32 passed = 0;
    for (u64 n = kBreaksAt + 1; n < 100; ++n)
      passed += twins.submit(order_number(n), open_market(0), {1}).fail_bitmap == 0;
    EXPECT_GT(passed, 40U);
    EXPECT_EQ(twins.gate.exposure({0}, {0}).open_buy, 5'000) << "up to the limit, no further";
    EXPECT_EQ(twins.gate.hash(), twins.soft.hash());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Every, OffloadFault,
    ::testing::Values(FaultCase{CircuitFault::kRefuses, Fallback::kMismatch},
                      FaultCase{CircuitFault::kPasses, Fallback::kMismatch},
                      FaultCase{CircuitFault::kMiscounts, Fallback::kMismatch},
                      FaultCase{CircuitFault::kTakesNothing, Fallback::kTimeout},
                      FaultCase{CircuitFault::kAnswersNothing, Fallback::kTimeout},
                      FaultCase{CircuitFault::kIsFull, Fallback::kFull}));

TEST(OffloadGate, GivesTheSoftwaresReasonWhenBothRefuse) {
  Twins twins(CircuitFault::kRefuses);
  ASSERT_TRUE(twins.gate.arm());
  for (u64 n = 0; n < kBreaksAt; ++n) twins.submit(order_number(n), open_market(0), {1});
  const Verdict v = twins.submit(order_number(kBreaksAt, kHalfLot), open_market(0), {1});
  EXPECT_EQ(v.primary_reason, RejectReason::kLotSize);
  EXPECT_EQ(twins.gate.health().fallback, Fallback::kMismatch);
}

TEST(OffloadGate, FallsBackWhereverTheStreamBreaksAndKeepsTheCall) {
  const auto broken = [](auto&& call) {
    Twins twins(CircuitFault::kTakesNothing);
    ASSERT_TRUE(twins.gate.arm());
    for (u64 n = 0; n < kBreaksAt; ++n) twins.submit(order_number(n), open_market(0), {1});
    twins.each(call);
    EXPECT_EQ(twins.gate.health().fallback, Fallback::kTimeout);
    EXPECT_EQ(twins.gate.health().owner, Ownership::kSoftware);
    EXPECT_EQ(twins.gate.hash(), twins.soft.hash());
  };
  broken([](auto& g) { g.apply(execution(buy(0, 0), ExecKind::kFilled, 10, 90)); });
  broken([](auto& g) { g.adopt(buy(0, 0), true); });
  broken([](auto& g) { g.set(open_account(0)); });
  broken([](auto& g) { g.set(open_instrument(0)); });
  broken([](auto& g) { g.move_switch(KillScope::kFirm, 0, SwitchState::kHalted); });
  broken([](auto& g) { g.load_position({0}, {0}, 10, 10'000); });
}

TEST(OffloadGate, IsTheSoftwareWhereNoCircuitWasAskedFor) {
  OffloadGate gate = OffloadGate::make(kConfig, {}).value();
  EXPECT_FALSE(gate.arm());
  EXPECT_EQ(gate.name(), "soft");
  EXPECT_EQ(gate.health().state, EngineState::kOk);
  EXPECT_EQ(gate.health().owner, Ownership::kSoftware);
}

TEST(OffloadGate, RefusesACircuitThatIsTooSmall) {
  const auto gate = OffloadGate::make({2, 4'097}, make_rtl_circuit);
  ASSERT_FALSE(gate.ok());
  EXPECT_NE(gate.error().message().find("4096 instruments"), std::string::npos);
  EXPECT_NE(gate.error().message().find("books.instruments_max"), std::string::npos);
}

}  // namespace
}  // namespace tradsys::offload
