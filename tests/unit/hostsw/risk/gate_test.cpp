// Goal: the ledger of the gate: reservation at send, release only on the venue's word, exact
// message
//   rate, kill switches and epochs, and a state hash that follows every change.
// Method: short scripts on one account and one instrument, with the ledger written down after each
// step
//   (the race scripts of the domain reference, as far as the gate sees them).
#include "hostsw/risk/gate.hpp"

#include <gtest/gtest.h>

#include "tests/support/gate/world.hpp"

namespace tradsys::risk {
namespace {

using namespace tradsys::testing;

class GateLedger : public ::testing::Test {
 protected:
  void SetUp() override { open_gate(gate_); }
  Verdict send(const OrderRequest& order, i64 now_ns = 0) {
    return gate_.submit(order, open_market(0), {now_ns});
  }
  OrderRequest replace(u32 qty, u32 cum, u32 reserved) {
    OrderRequest r = buy(0, 0, qty);
    r.kind = RequestKind::kReplace;
    r.replaces_cum_qty = cum;
    r.replaces_reserved_qty = reserved;
    r.replaces_reserved_value = u64{r.price} * reserved;
    return r;
  }
  void set_position_limits(u64 max_long, u64 max_short) {
    PositionLimits limits = open_position(0, 0);
    limits.max_long = max_long;
    limits.max_short = max_short;
    gate_.set(limits);
  }
  void venue(const OrderRequest& order, ExecKind kind, u32 qty, u32 leaves) {
    gate_.apply(execution(order, kind, qty, leaves));
  }
  void expect(i64 position, i64 open_buy, i64 open_sell, u32 orders) {
    const Exposure e = gate_.exposure({0}, {0});
    EXPECT_EQ(e, (Exposure{position, open_buy, open_sell}))
        << e.position << " " << e.open_buy << " " << e.open_sell;
    EXPECT_EQ(gate_.open_orders({0}), orders);
    EXPECT_EQ(gate_.hash(), gate_.hash_by_walk());
  }
  Gate gate_ = Gate::make({.accounts_max = 2, .instruments_max = 4}).value();
};

TEST_F(GateLedger, ReservesAtSendAndMovesFillsIntoThePosition) {
  const OrderRequest order = buy(0, 0, 300);
  EXPECT_EQ(send(order).exposure_after, 300);
  expect(0, 300, 0, 1);
  venue(order, ExecKind::kAccepted, 0, 300);
  expect(0, 300, 0, 1);
  venue(order, ExecKind::kFilled, 100, 200);
  expect(100, 200, 0, 1);
  venue(order, ExecKind::kFilled, 200, 0);
  expect(300, 0, 0, 0);
}

TEST_F(GateLedger, ReleasesOnlyOnTheVenuesWord) {
  const OrderRequest order = sell(0, 0, 300);
  EXPECT_EQ(send(order).exposure_after, -300);
  OrderRequest cancel = order;
  cancel.kind = RequestKind::kCancel;
  EXPECT_EQ(send(cancel).exposure_after, -300);
  expect(0, 0, 300, 1);
  venue(order, ExecKind::kFilled, 120, 180);
  venue(order, ExecKind::kCancelRejected, 0, 180);
  expect(-120, 0, 180, 1);
  venue(order, ExecKind::kCanceled, 180, 0);
  expect(-120, 0, 0, 0);
}

TEST_F(GateLedger, GivesBackAllOfARejectedOrder) {
  const OrderRequest order = buy(0, 0, 300);
  (void)send(order);
  venue(order, ExecKind::kRejected, 300, 0);
  expect(0, 0, 0, 0);
}

TEST_F(GateLedger, KeepsAPartlyCanceledOrderOpen) {
  const OrderRequest order = buy(0, 0, 300);
  (void)send(order);
  venue(order, ExecKind::kCanceled, 100, 200);
  expect(0, 200, 0, 1);
}

TEST_F(GateLedger, ReplaceUpWithAFillInFlightReservesTheLarger) {
  (void)send(buy(0, 0, 100));
  const OrderRequest up = replace(150, 0, 100);
  EXPECT_EQ(send(up).exposure_after, 150);
  expect(0, 150, 0, 1);
  venue(up, ExecKind::kFilled, 60, 40);
  expect(60, 90, 0, 1);
  venue(up, ExecKind::kReplaced, 0, 90);
  expect(60, 90, 0, 1);
  venue(up, ExecKind::kFilled, 90, 0);
  expect(150, 0, 0, 0);
}

TEST_F(GateLedger, ReplaceDownFreesNothingUntilItIsInForce) {
  (void)send(buy(0, 0, 100));
  EXPECT_EQ(send(replace(70, 0, 100)).exposure_after, 100);
  expect(0, 100, 0, 1);
  venue(replace(70, 0, 100), ExecKind::kReplaced, 30, 70);
  expect(0, 70, 0, 1);
}

TEST_F(GateLedger, GivesBackWhatARefusedReplaceHadAdded) {
  (void)send(buy(0, 0, 100));
  (void)send(replace(150, 0, 100));
  venue(replace(150, 0, 100), ExecKind::kCancelRejected, 50, 100);
  expect(0, 100, 0, 1);
}

TEST_F(GateLedger, ChainedReplacesReserveTheLargestOfAllVersions) {
  (void)send(buy(0, 0, 100));
  EXPECT_EQ(send(replace(150, 0, 100)).exposure_after, 150);
  EXPECT_EQ(send(replace(170, 0, 150)).exposure_after, 170);
  EXPECT_EQ(send(replace(120, 0, 170)).exposure_after, 170);
  venue(replace(170, 0, 150), ExecKind::kCancelRejected, 20, 100);
  expect(0, 150, 0, 1);
  venue(replace(150, 0, 100), ExecKind::kReplaced, 0, 150);
  expect(0, 150, 0, 1);
}

TEST_F(GateLedger, BooksAFillThatComesAfterTheOrderEnded) {
  const OrderRequest order = buy(0, 0, 100);
  (void)send(order);
  venue(order, ExecKind::kCanceled, 100, 0);
  venue(order, ExecKind::kFilled, 10, 0);
  expect(10, 0, 0, 0);
  EXPECT_EQ(gate_.anomalies(), (GateAnomalies{0, 1, 1}));
}

TEST_F(GateLedger, HoldsTheNextOrderAgainstANewTick) {
  EXPECT_EQ(send(buy(0, 0, 100, 10'005)).fail_bitmap, 0U);
  InstrumentLimits rules = open_instrument(0);
  rules.tick_size = 10;
  gate_.set(rules);
  EXPECT_EQ(send(buy(0, 0, 100, 10'005)).fail_bitmap, fail_bit(RejectReason::kTickSize));
  EXPECT_EQ(send(buy(0, 0, 100, 10'010)).fail_bitmap, 0U);
}

TEST_F(GateLedger, ChargesAReplaceOnlyForWhatItAdds) {
  set_position_limits(100, 0);
  EXPECT_EQ(send(buy(0, 0, 100)).fail_bitmap, 0U);
  EXPECT_EQ(send(replace(110, 0, 100)).fail_bitmap, fail_bit(RejectReason::kPositionLimit));
  set_position_limits(10, 0);
  EXPECT_EQ(send(replace(50, 0, 100)).fail_bitmap, 0U)
      << "limits lowered in flight never trap an order";
  expect(0, 100, 0, 1);
}

TEST_F(GateLedger, LetsAPositionOverItsLimitBeReduced) {
  ASSERT_TRUE(gate_.load_position({0}, {0}, 900, 10'000));
  set_position_limits(100, 50);
  EXPECT_EQ(send(buy(0, 0, 10)).fail_bitmap, fail_bit(RejectReason::kPositionLimit));
  EXPECT_EQ(send(sell(0, 0, 900)).fail_bitmap, 0U);
  EXPECT_EQ(send(sell(0, 0, 50)).fail_bitmap, 0U);
  EXPECT_EQ(send(sell(0, 0, 10)).fail_bitmap, fail_bit(RejectReason::kPositionLimit))
      << "the sign must not flip beyond the other limit";
}

TEST_F(GateLedger, BooksAnOverfillWholeAndCountsIt) {
  const OrderRequest order = buy(0, 0, 100);
  (void)send(order);
  venue(order, ExecKind::kFilled, 101, 0);
  expect(101, 0, 0, 0);
  venue(order, ExecKind::kCanceled, 0, 0);
  EXPECT_EQ(gate_.anomalies(), (GateAnomalies{0, 1, 1}));
}

TEST_F(GateLedger, AdoptsWhatTheVenueHoldsEvenBeyondTheLimits) {
  EXPECT_TRUE(gate_.move_switch(KillScope::kFirm, 0, SwitchState::kHalted));
  gate_.adopt(buy(0, 0, 90'005), true);
  expect(0, 90'005, 0, 1);
  gate_.adopt(sell(0, 0, 7), false);
  expect(0, 90'005, 7, 1);
  gate_.adopt(buy(2, 0), true);
  EXPECT_EQ(gate_.anomalies().unknown_executions, 1U);
}

TEST_F(GateLedger, CountsExecutionsItCannotPlace) {
  Execution e = execution(buy(0, 0), ExecKind::kFilled, 10, 0);
  e.account = 2;
  gate_.apply(e);
  e = execution(buy(0, 9), ExecKind::kFilled, 10, 0);
  gate_.apply(e);
  e = execution(buy(0, 0), ExecKind{9}, 10, 0);
  gate_.apply(e);
  e = execution(buy(0, 0), ExecKind::kFilled, 10, 0);
  e.side = Side::kNone;
  gate_.apply(e);
  EXPECT_EQ(gate_.anomalies(), (GateAnomalies{4, 0, 0}));
  expect(0, 0, 0, 0);
}

TEST_F(GateLedger, RefusedOrdersChangeNothingAtAll) {
  const u64 before = gate_.hash();
  OrderRequest order = buy(0, 0, 105);
  EXPECT_NE(send(order, 5'000).fail_bitmap, 0U);
  EXPECT_EQ(gate_.hash(), before);
  expect(0, 0, 0, 0);
}

TEST_F(GateLedger, CountsOpenOrdersUpToTheLimit) {
  ScopeLimits limits = open_scope(LimitScope::kAccount, 0);
  limits.open_orders_max = 2;
  gate_.set(limits);
  const OrderRequest order = buy(0, 0, 10);
  EXPECT_EQ(send(order).fail_bitmap, 0U);
  EXPECT_EQ(send(order).fail_bitmap, 0U);
  EXPECT_EQ(send(order).fail_bitmap, fail_bit(RejectReason::kOpenOrders));
  EXPECT_EQ(send(replace(20, 0, 10)).fail_bitmap, 0U) << "a replace opens no further order";
  venue(order, ExecKind::kFilled, 10, 0);
  EXPECT_EQ(send(order).fail_bitmap, 0U);
}

TEST_F(GateLedger, RefillsTheMessageRateAtTheExactNanosecond) {
  AccountLimits limits = open_account(0);
  limits.rate_per_s = 3;
  limits.rate_burst = 2;
  gate_.set(limits);
  const OrderRequest order = buy(0, 0, 10);
  EXPECT_EQ(send(order, 1'000).fail_bitmap, 0U);
  EXPECT_EQ(send(order, 1'000).fail_bitmap, 0U);
  EXPECT_EQ(send(order, 1'000).fail_bitmap, fail_bit(RejectReason::kMessageRate));
  EXPECT_EQ(send(order, 333'334'333).fail_bitmap, fail_bit(RejectReason::kMessageRate));
  EXPECT_EQ(send(order, 333'334'334).fail_bitmap, 0U);
  EXPECT_EQ(send(order, 666'667'666).fail_bitmap, fail_bit(RejectReason::kMessageRate));
  EXPECT_EQ(send(order, 666'667'667).fail_bitmap, 0U) << "two thirds of a second hold two messages";
  EXPECT_EQ(send(order, 0).fail_bitmap, fail_bit(RejectReason::kMessageRate))
      << "time ran backwards";
  EXPECT_EQ(send(order, std::numeric_limits<i64>::max()).fail_bitmap, 0U);
  EXPECT_EQ(gate_.hash(), gate_.hash_by_walk());
}

TEST_F(GateLedger, KeepsTheOperatorsKillThroughNewLimits) {
  EXPECT_TRUE(gate_.move_switch(KillScope::kAccount, 0, SwitchState::kHalted));
  gate_.set(open_account(0));
  EXPECT_EQ(send(buy(0, 0)).observed_value, 2);
  EXPECT_TRUE(gate_.move_switch(KillScope::kInstrument, 0, SwitchState::kHalted));
  gate_.set(open_instrument(0));
  EXPECT_TRUE(gate_.move_switch(KillScope::kFirm, 0, SwitchState::kHalted));
  EXPECT_EQ(send(buy(0, 0)).observed_value, 7);
  expect(0, 0, 0, 0);
  EXPECT_TRUE(gate_.move_switch(KillScope::kFirm, 0, SwitchState::kActive));
  EXPECT_EQ(send(buy(0, 0)).observed_value, 6);
  EXPECT_TRUE(gate_.move_switch(KillScope::kAccount, 0, SwitchState::kActive));
  EXPECT_EQ(send(buy(0, 0)).observed_value, 4);
  EXPECT_TRUE(gate_.move_switch(KillScope::kInstrument, 0, SwitchState::kActive));
  EXPECT_EQ(send(buy(0, 0)).fail_bitmap, 0U);
}

TEST_F(GateLedger, StartsAnEpochWithEveryChangeOfLimits) {
  const u32 epoch = gate_.limits_epoch();
  EXPECT_TRUE(gate_.set(open_account(1)));
  EXPECT_TRUE(gate_.set(open_instrument(1)));
  EXPECT_TRUE(gate_.set(open_position(1, 1)));
  EXPECT_TRUE(gate_.move_switch(KillScope::kAccount, 1, SwitchState::kHalted));
  EXPECT_EQ(gate_.limits_epoch(), epoch + 4);
  EXPECT_FALSE(gate_.set(open_account(2)));
  EXPECT_FALSE(gate_.set(open_instrument(4)));
  EXPECT_FALSE(gate_.set(open_position(0, 4)));
  EXPECT_FALSE(gate_.move_switch(KillScope::kInstrument, 4, SwitchState::kHalted));
  EXPECT_FALSE(gate_.load_position({0}, {4}, 1, 0));
  EXPECT_EQ(gate_.limits_epoch(), epoch + 4);
  EXPECT_EQ(send(buy(0, 0)).limits_epoch, epoch + 4);
}

TEST_F(GateLedger, HashesTheSameStateAlikeAndOtherStatesDifferently) {
  Gate other = Gate::make(gate_.config()).value();
  EXPECT_NE(other.hash(), gate_.hash());
  open_gate(other);
  EXPECT_EQ(other.hash(), gate_.hash());
  const OrderRequest order = buy(0, 0, 100);
  (void)send(order);
  EXPECT_NE(other.hash(), gate_.hash());
  (void)other.submit(order, open_market(0), {0});
  EXPECT_EQ(other.hash(), gate_.hash());
  gate_.apply(execution(order, ExecKind::kFilled, 40, 60));
  EXPECT_NE(other.hash(), gate_.hash());
}

TEST_F(GateLedger, ReservesValueInAllFourScopesAndMovesItWithTheTrade) {
  ASSERT_EQ(send(buy(0, 0, 300)).reserved_value, 3'000'000U);
  Execution fill = execution(buy(0, 0, 300), ExecKind::kFilled, 100, 200);
  fill.price = 9'990;  // bought below its limit
  fill.released_value = 1'000'000;
  gate_.apply(fill);
  for (const LimitScope kind :
       {LimitScope::kFirm, LimitScope::kClient, LimitScope::kAccount, LimitScope::kStrategy}) {
    const ScopeUse& use = gate_.scope(kind, 0).use;
    EXPECT_EQ(use.open_buy, 2'000'000U);
    EXPECT_EQ(use.bought, 999'000U);
    EXPECT_EQ(use.open_orders, 1U);
  }
  EXPECT_EQ(gate_.scope(LimitScope::kFirm, 0).use.result, 0) << "marked at its own price";
  ASSERT_EQ(send(buy(0, 0, 10)).fail_bitmap, 0U);
  EXPECT_EQ(gate_.scope(LimitScope::kFirm, 0).use.result, 1'000) << "100 are worth 10 more each";
}

TEST_F(GateLedger, ReplaceReservesTheLargerValueOfBothVersions) {
  (void)send(buy(0, 0, 100));
  OrderRequest cheaper = replace(150, 0, 100);
  cheaper.price = 5'000;
  EXPECT_EQ(send(cheaper).reserved_value, 1'000'000U) << "100 x 10,000 is more than 150 x 5,000";
  EXPECT_EQ(gate_.scope(LimitScope::kAccount, 0).use.open_buy, 1'000'000U);
}

TEST_F(GateLedger, KeepsAValueThatGrewTooLargeWhereItIs) {
  const OrderRequest huge = buy(0, 0, 0xFFFF'FFF0, 0xFFFF'FFF0);
  EXPECT_EQ(gate_.adopt(huge, true), kValueMax);
  gate_.apply(execution(huge, ExecKind::kCanceled, huge.qty, 0));
  EXPECT_EQ(gate_.scope(LimitScope::kFirm, 0).use.open_buy, kValueMax);
  ScopeLimits limits = open_scope(LimitScope::kFirm, 0);
  limits.gross_value_max = kValueMax - 1;
  gate_.set(limits);
  EXPECT_EQ(send(buy(0, 0, 10)).fail_bitmap, fail_bit(RejectReason::kGrossValue));
}

TEST_F(GateLedger, StopsAStrategyThatTradesTooOftenUntilItIsReleased) {
  ScopeLimits limits = open_scope(LimitScope::kStrategy, 0);
  limits.executions_max = 3;
  limits.executions_window_ms = 1;
  gate_.set(limits);
  const auto fill_at = [&](u64 now_ns) {
    ASSERT_EQ(send(buy(0, 0, 10)).fail_bitmap, 0U);
    Execution fill = execution(buy(0, 0, 10), ExecKind::kFilled, 10, 0);
    fill.ts_ns = now_ns;
    gate_.apply(fill);
  };
  fill_at(0);
  fill_at(999'999);
  fill_at(1'000'000);  // a window of its own
  fill_at(1'000'001);
  ASSERT_EQ(send(buy(0, 0, 10)).fail_bitmap, 0U);
  fill_at(1'000'002);
  EXPECT_EQ(send(buy(0, 0, 10)).fail_bitmap, fail_bit(RejectReason::kExecutionThrottle));
  EXPECT_EQ(gate_.switch_state(KillScope::kStrategy, 0), SwitchState::kHalted)
      << "to release it takes two persons";
  EXPECT_TRUE(gate_.move_switch(KillScope::kStrategy, 0, SwitchState::kActive));
  EXPECT_EQ(send(buy(0, 0, 10)).fail_bitmap, 0U);
}

TEST_F(GateLedger, ReduceOnlyLetsThePositionShrinkAndNeverTurn) {
  ASSERT_TRUE(gate_.load_position({0}, {0}, 100, 10'000));
  EXPECT_TRUE(gate_.move_switch(KillScope::kAccount, 0, SwitchState::kReduceOnly));
  EXPECT_EQ(send(buy(0, 0, 10)).fail_bitmap, fail_bit(RejectReason::kReduceOnly));
  EXPECT_EQ(send(sell(0, 0, 60)).fail_bitmap, 0U);
  EXPECT_EQ(send(sell(0, 0, 50)).fail_bitmap, fail_bit(RejectReason::kReduceOnly));
  EXPECT_EQ(send(sell(0, 0, 40)).fail_bitmap, 0U);
}

TEST_F(GateLedger, ForgetsDuplicatesAfterTheirWindowAndCountsNoReplace) {
  AccountLimits limits = open_account(0);
  limits.duplicates_max = 1;
  limits.duplicate_window_ms = 1;
  gate_.set(limits);
  EXPECT_EQ(send(buy(0, 0), 0).fail_bitmap, 0U);
  EXPECT_EQ(send(buy(0, 0), 999'999).fail_bitmap, fail_bit(RejectReason::kDuplicateOrder));
  EXPECT_EQ(send(replace(100, 0, 100), 999'999).fail_bitmap, 0U);
  EXPECT_EQ(send(buy(0, 0, 110), 999'999).fail_bitmap, 0U) << "other terms";
  EXPECT_EQ(send(buy(0, 0), 1'000'000).fail_bitmap, 0U);
}

TEST_F(GateLedger, KeepsAnAccountWithItsClient) {
  AccountLimits moved = open_account(0);
  moved.client = 1;
  EXPECT_FALSE(gate_.set(moved));
  moved.account = 1;
  EXPECT_TRUE(gate_.set(moved));
  EXPECT_EQ(gate_.submit(buy(1, 0), open_market(0), {0}).primary_reason,
            RejectReason::kUnknownAccount)
      << "client 1 has no limits";
}

TEST_F(GateLedger, WhatIfChangesNothing) {
  const u64 before = gate_.hash();
  const Gate& gate = gate_;
  const Verdict expected = gate.what_if(buy(0, 0), open_market(0), {5});
  EXPECT_EQ(gate_.hash(), before);
  EXPECT_EQ(expected, send(buy(0, 0), 5));
  EXPECT_NE(gate_.hash(), before);
  const u64 after = gate_.hash();
  static_cast<void>(gate.what_if(buy(0, 0), open_market(0), {6}));
  EXPECT_EQ(gate_.hash(), after);
}

TEST_F(GateLedger, ListsOnlyPairsInUse) {
  open_gate(gate_, 1, 3);
  (void)gate_.submit(sell(1, 3, 70), open_market(3), {0});
  u32 pairs = 0;
  gate_.for_each([&](AccountIndex account, InstrumentIndex instrument, const Exposure& e) {
    ++pairs;
    EXPECT_EQ(account.v, 1);
    EXPECT_EQ(instrument.v, 3);
    EXPECT_EQ(e.open_sell, 70);
  });
  EXPECT_EQ(pairs, 1U);
}

TEST(GateMake, RefusesCapacitiesOutOfRange) {
  EXPECT_TRUE(Gate::make({.accounts_max = kAccountsMax, .instruments_max = kInstrumentsMax}).ok());
  EXPECT_FALSE(Gate::make({.accounts_max = 0, .instruments_max = 1}).ok());
  const auto wide = Gate::make({.accounts_max = 1, .instruments_max = kInstrumentsMax + 1});
  ASSERT_FALSE(wide.ok());
  EXPECT_EQ(wide.error().where, "gate.instruments_max");
}

}  // namespace
}  // namespace tradsys::risk
