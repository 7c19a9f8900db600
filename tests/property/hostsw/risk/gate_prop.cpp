// Goal: the fast gate gives the same verdicts (every field), exposures, counts and epochs as the
// obvious
//   one, for any sequence of calls, valid or not.
// Method: random streams of all calls over few accounts and instruments, with values drawn from the
// edges
//   of each check. Reasons are counted, so that a stream that stops reaching one fails the test.
#include <gtest/gtest.h>

#include <array>
#include <bit>

#include "hostsw/core/random.hpp"
#include "tests/support/gate/draw.hpp"
#include "tests/support/gate/pair.hpp"
#include "tests/support/gate/world.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::testing {
namespace {

constexpr u16 kAccounts = 3, kInstruments = 4;

void control_step(GatePair& pair, GateDraw& draw) {
  switch (draw.below(9)) {
    case 0:
      return pair.control([row = draw.account_row()](auto& g) { return g.set(row); });
    case 1:
      return pair.control([row = draw.instrument_row()](auto& g) { return g.set(row); });
    case 2:
    case 3:
      return pair.control([row = draw.position_row()](auto& g) { return g.set(row); });
    case 4:
    case 5:
      return pair.control([row = draw.scope_row()](auto& g) { return g.set(row); });
    case 6: {
      const KillScope scope = static_cast<KillScope>(draw.rarely() ? 5 : draw.below(5));
      const u16 index = scope == KillScope::kFirm ? u16{0} : draw.account();
      const SwitchState state = draw.switch_state();
      return pair.control([=](auto& g) { return g.move_switch(scope, index, state); });
    }
    case 7: {
      const AccountIndex account{draw.account()};
      const InstrumentIndex instrument{draw.instrument()};
      const i64 position = i64{draw.of({0, 100, 5'000})} * (draw.below(2) == 0 ? 1 : -1);
      return pair.control(
          [=](auto& g) { return g.load_position(account, instrument, position, 10'000); });
    }
    default:
      return pair.adopt(draw.order(0), draw.below(2) == 0);
  }
}

/// Everything open, so that streams start where orders pass.
void open_all(GatePair& pair) {
  pair.control([](auto& g) { return g.move_switch(KillScope::kFirm, 0, SwitchState::kActive); });
  for (u16 n = 0; n < kAccounts; ++n) {
    AccountLimits account = open_account(n);
    account.client = n % 2;
    pair.control([=](auto& g) { return g.set(account); });
    for (u8 scope = 0; scope < 4; ++scope) {
      const ScopeLimits row = open_scope(static_cast<LimitScope>(scope), n);
      pair.control([=](auto& g) { return g.set(row); });
    }
    for (u16 i = 0; i < kInstruments; ++i)
      pair.control([=](auto& g) { return g.set(open_position(n, i)); });
  }
  for (u16 i = 0; i < kInstruments; ++i)
    pair.control([=](auto& g) { return g.set(open_instrument(i)); });
}

TEST(GateProperty, AgreesWithTheReferenceOnRandomStreams) {
  const u64 seed = test_seed(20'260'701);
  std::array<u64, 64> reached{};
  u64 passed = 0;
  for (u64 stream = 0; stream < 200; ++stream) {
    SCOPED_TRACE("stream " + std::to_string(stream));
    GatePair pair(kAccounts, kInstruments);
    GateDraw draw(mix64(seed + stream), kAccounts, kInstruments);
    open_all(pair);
    i64 now_ns = 0;
    OrderRequest order = draw.order(0);
    for (u64 step = 0; step < 2'000; ++step) {
      const u64 choice = draw.below(100);
      if (choice < 8) {
        control_step(pair, draw);
      } else if (choice < 35) {
        pair.apply(draw.execution_of_any());
      } else {
        now_ns += draw.time_step();
        if (draw.below(6) != 0) order = draw.order(step);  // else the same terms again
        const Verdict v = pair.submit(order, draw.market(order.instrument), {now_ns});
        passed += v.fail_bitmap == 0;
        for (u64 bits = v.fail_bitmap; bits != 0; bits &= bits - 1)
          ++reached[static_cast<usize>(std::countr_zero(bits))];
      }
      ASSERT_EQ(pair.difference(), "") << "step " << step;
    }
    pair.compare_all();
    ASSERT_EQ(pair.difference(), "");
  }
  EXPECT_GT(passed, 5'000U);
  for (u32 code = 1; code <= static_cast<u32>(RejectReason::kExecutionThrottle); ++code)
    EXPECT_GT(reached[code], 20U) << name_of(static_cast<RejectReason>(code));
}

TEST(GateProperty, NamesTheLowestFailingReason) {
  const u64 seed = test_seed(7);
  GateDraw draw(seed, kAccounts, kInstruments);
  risk::Gate gate =
      risk::Gate::make({.accounts_max = kAccounts, .instruments_max = kInstruments}).value();
  open_gate(gate);
  for (u64 step = 0; step < 20'000; ++step) {
    const OrderRequest order = draw.order(step);
    const Verdict v = gate.submit(order, draw.market(order.instrument), {static_cast<i64>(step)});
    const u32 lowest = v.fail_bitmap == 0 ? 0 : static_cast<u32>(std::countr_zero(v.fail_bitmap));
    ASSERT_EQ(static_cast<u32>(v.primary_reason), lowest);
    ASSERT_EQ(v.fail_bitmap >> kRejectReasonCount, 0U);
  }
}

}  // namespace
}  // namespace tradsys::testing
