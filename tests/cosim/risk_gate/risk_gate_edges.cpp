// Goal: where the circuit has less than the software it says so and refuses, and never guesses: no
// slot left for a pair, prices made with other rules, tables not clear yet, killed from outside.
// Method: the circuit in its full width (4 096 instruments, 256 accounts) but with 15 slots; the
// model keeps count of slots and says which requests are degraded.
#include <gtest/gtest.h>

#include <array>

#include "Vrisk_gate_wide.h"
#include "tests/cosim/risk_gate/gate_twin.hpp"
#include "tests/support/gate/world.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::testing {
namespace {

constexpr fpga::CircuitSize kWide{.accounts = 256, .instruments = 4'096, .slots = 15};
using Twin = GateTwin<Vrisk_gate_wide>;

/// Account and instrument `n` of the widest indexes down, open for orders.
void open_pair(Twin& twin, u16 n) {
  AccountLimits account = open_account(static_cast<u16>(255 - n % 16));
  account.client = 255;
  twin.set(account);
  twin.set(open_scope(LimitScope::kAccount, account.account));
  const u16 instrument = static_cast<u16>(4'095 - n);
  twin.set(open_instrument(instrument));
  twin.market(open_market(instrument));
  twin.set(open_position(account.account, instrument));
}
OrderRequest order_of(u16 n) {
  return buy(static_cast<u16>(255 - n % 16), static_cast<u16>(4'095 - n));
}
void open_scopes(Twin& twin) {
  twin.set(open_scope(LimitScope::kFirm, 0));
  twin.set(open_scope(LimitScope::kClient, 255));
  twin.set(open_scope(LimitScope::kStrategy, 0));
  twin.move_switch(KillScope::kFirm, 0, SwitchState::kActive);
}

TEST(RiskGateEdges, PairsWithoutASlotAreRefusedAndTheOthersGoOn) {
  Twin twin(kWide, 1);
  open_scopes(twin);
  for (u16 n = 0; n < 20; ++n) open_pair(twin, n);
  for (u16 n = 0; n < 20; ++n) {
    const Verdict v = twin.submit(order_of(n), {1});
    EXPECT_EQ(v.primary_reason, n < 15 ? RejectReason::kNone : RejectReason::kSystemBusy) << n;
  }
  OrderRequest cancel = order_of(19);
  cancel.kind = RequestKind::kCancel;
  EXPECT_EQ(twin.submit(cancel, {1}).fail_bitmap, 0U);
  ASSERT_EQ(twin.finish(), "");
  EXPECT_EQ(twin.dut().pins().lost_state_o, 0);

  // A trade of a pair that is not here: from now on nothing is known.
  twin.apply(execution(order_of(19), ExecKind::kFilled, 10, 90));
  EXPECT_EQ(twin.submit(order_of(0), {1}).primary_reason, RejectReason::kSystemBusy);
  cancel = order_of(0);
  cancel.kind = RequestKind::kCancel;
  EXPECT_EQ(twin.submit(cancel, {1}).fail_bitmap, 0U);
  EXPECT_EQ(twin.finish(), "");
  EXPECT_EQ(twin.dut().pins().lost_state_o, 1);
}

TEST(RiskGateEdges, RandomPairsOverflowAsTheModelSays) {
  const u64 seed = test_seed(15);
  Twin twin(kWide, seed);
  Random random(seed);
  twin.dut().stalls({.input = 300'000, .output = 300'000});
  open_scopes(twin);
  for (u16 n = 0; n < 24; ++n) open_pair(twin, n);
  for (u32 step = 0; step < 5'000; ++step) {
    OrderRequest order = order_of(static_cast<u16>(random.below(24)));
    order.seq = step;
    order.side = static_cast<Side>(1 + random.below(3));
    if (random.below(20) == 0) order.kind = RequestKind::kCancel;
    twin.submit(order, {static_cast<i64>(step) * 1'000'000});
    const u16 traded = static_cast<u16>(random.below(15));
    if (random.below(3) == 0) twin.apply(execution(order_of(traded), ExecKind::kCanceled, 100, 0));
    twin.dut().keep_short();
  }
  ASSERT_EQ(twin.finish(), "");
  for (u32 step = 0; step < 2'000;
       ++step) {  // executions of any pair: state is lost sooner or later
    const OrderRequest order = order_of(static_cast<u16>(random.below(24)));
    twin.submit(order, {10'000'000'000});
    if (random.below(100) == 0)
      twin.apply(execution(order_of(static_cast<u16>(random.below(24))), ExecKind::kFilled, 1, 1));
    twin.dut().keep_short();
  }
  EXPECT_EQ(twin.finish(), "");
  EXPECT_TRUE(twin.model().lost_state());
}

TEST(RiskGateEdges, PricesMadeWithOtherRulesAreRefused) {
  Twin twin(kWide, 1);
  open_scopes(twin);
  open_pair(twin, 0);
  const OrderRequest order = order_of(0);
  EXPECT_EQ(twin.submit(order, {1}).fail_bitmap, 0U);
  // The rules change without the prices that go with them.
  offload::InstrumentBeats others(kWide.instruments);
  const InstrumentLimits rules = open_instrument(order.instrument);
  (void)others.beats_of(rules);
  (void)others.beat_of(open_market(order.instrument));
  const std::array<offload::GateBeat, 2> beats = others.beats_of(rules);
  twin.model().set(rules);
  twin.dut().put(beats[0]);
  Verdict v{.seq = order.seq,
            .order_id = order.order_id,
            .fail_bitmap = risk::fail_bit(RejectReason::kSystemBusy),
            .limits_epoch = twin.model().gate().limits_epoch(),
            .primary_reason = RejectReason::kSystemBusy};
  twin.dut().expect({v, true});
  twin.dut().put(offload::beat_of(order, {1}));
  twin.dut().put(beats[1]);
  EXPECT_EQ(twin.submit(order, {1}).fail_bitmap, 0U);
  EXPECT_EQ(twin.finish(), "");
}

TEST(RiskGateEdges, AKillFromOutsideRefusesOrdersAndChangesNothing) {
  Twin twin(kWide, 1);
  open_scopes(twin);
  open_pair(twin, 0);
  OrderRequest order = order_of(0);
  EXPECT_EQ(twin.submit(order, {1}).fail_bitmap, 0U);
  ASSERT_EQ(twin.finish(), "");
  twin.dut().kill(true);
  Verdict v = twin.model().gate().what_if(order, twin.model().market_of(order.instrument), {1});
  v.fail_bitmap = risk::fail_bit(RejectReason::kKill);
  v.primary_reason = RejectReason::kKill;
  v.observed_value = 1;
  twin.dut().expect({v, false});
  twin.dut().put(offload::beat_of(order, {1}));
  ASSERT_EQ(twin.finish(), "");
  order.kind = RequestKind::kCancel;
  EXPECT_EQ(twin.submit(order, {1}).fail_bitmap, 0U);
  ASSERT_EQ(twin.finish(), "");
  twin.dut().kill(false);
  order.kind = RequestKind::kNew;
  EXPECT_EQ(twin.submit(order, {1}).fail_bitmap, 0U);
  EXPECT_EQ(twin.finish(), "");
}

TEST(RiskGateEdges, AResetForgetsEverythingAndStartsClosed) {
  Twin twin(kWide, 1);
  open_scopes(twin);
  open_pair(twin, 0);
  EXPECT_EQ(twin.submit(order_of(0), {1}).fail_bitmap, 0U);
  ASSERT_EQ(twin.finish(), "");
  twin.dut().reset();
  fpga::GateModel fresh(kWide);
  const fpga::ModelVerdict verdict = fresh.submit(order_of(0), {1});
  EXPECT_EQ(verdict.verdict.primary_reason, RejectReason::kKill);
  twin.dut().expect(verdict);
  twin.dut().put(offload::beat_of(order_of(0), {1}));
  twin.dut().drain();
  EXPECT_EQ(twin.dut().difference(), "");
  EXPECT_EQ(twin.dut().pins().limits_epoch_o, 0U);
}

}  // namespace
}  // namespace tradsys::testing
