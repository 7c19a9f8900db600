// Goal: a cancel that was asked for is never forgotten, whatever the transport, a replace or a bad
// message do in between. Method: scripted inputs against the real software gate.
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::engine {
namespace {

class OrderCancelTest : public ::testing::Test {
 protected:
  using Canceled = std::vector<std::pair<u64, u32>>;

  void SetUp() override { a_.open_for_trading(); }
  void live_order(u32 ref) {
    a_.request(Appliance::buy(ref, 100));
    a_.venue(ExecKind::kAccepted, a_.engine.core().next_order_id() - 1, 100);
  }
  u32 sweep() {
    return a_.engine.cancel_where([](const orders::Order&) { return true; },
                                  orders::CancelOrigin::kDisconnect, 1, 100);
  }
  Appliance a_;
};

TEST_F(OrderCancelTest, UsesTheRoomThatNewOrdersLeave) {
  live_order(1);
  a_.out.has_room = false;
  a_.request(Appliance::buy(2, 100));
  EXPECT_EQ(a_.out.reports.back().reject_reason, RejectReason::kVenueDown);
  EXPECT_EQ(sweep(), 1U);
  EXPECT_EQ(a_.out.canceled, (Canceled{{1, 0}}));
}

TEST_F(OrderCancelTest, OfAnOrderWithAnUnsentReplaceStandsWhenTheReplaceEnds) {
  live_order(1);
  a_.request(Appliance::replace(1, 2, 150));
  a_.out.up = false;  // the replace never reached the venue
  EXPECT_EQ(sweep(), 1U);
  EXPECT_EQ(sweep(), 0U);
  a_.out.up = true;
  a_.engine.reconcile(2, 5);  // id 2 was never seen
  EXPECT_EQ(a_.out.canceled, (Canceled{{1, 0}}));
  a_.venue(ExecKind::kCanceled, 1, 100);
  EXPECT_EQ(a_.engine.core().store().size(), 0U);
  EXPECT_EQ(a_.exposure().open_buy, 0);
}

TEST_F(OrderCancelTest, OfAnOrderWithARefusedReplaceStands) {
  live_order(1);
  a_.request(Appliance::replace(1, 2, 150));
  a_.out.up = false;
  EXPECT_EQ(sweep(), 1U);
  a_.venue(ExecKind::kRejected, 2, 0);
  a_.out.up = true;
  a_.engine.reconcile(3, 5);
  EXPECT_EQ(a_.out.canceled, (Canceled{{1, 0}}));
}

TEST_F(OrderCancelTest, FollowsAReplaceThatWentThrough) {
  live_order(1);
  a_.request(Appliance::replace(1, 2, 150));
  a_.out.up = false;
  EXPECT_EQ(sweep(), 1U);
  a_.venue_replaced(1, 2, 150);
  a_.out.up = true;
  a_.engine.reconcile(3, 5);
  EXPECT_EQ(a_.out.canceled, (Canceled{{2, 0}}));
}

TEST_F(OrderCancelTest, ASweepTakesTheWholeOrderThoughTheClientCanceledItsReplace) {
  live_order(1);
  a_.request(Appliance::replace(1, 2, 150));
  EXPECT_TRUE(a_.engine.cancel(0, 2, 0, 1));
  a_.out.canceled.clear();
  EXPECT_EQ(sweep(), 1U);
  EXPECT_EQ(a_.out.canceled, (Canceled{{1, 0}, {2, 0}}));
}

TEST_F(OrderCancelTest, AReplaceCannotChangeTheTimeInForce) {
  live_order(1);
  ClientRequest r = Appliance::replace(1, 2, 150);
  r.tif = TimeInForce::kIoc;
  a_.request(r);
  EXPECT_EQ(a_.out.reports.back().reject_reason, RejectReason::kUnsupported);
  EXPECT_TRUE(a_.out.replaced.empty());
}

TEST_F(OrderCancelTest, WhatTheVenueHasNoOrderForIsRefused) {
  ClientRequest r = Appliance::buy(1, 100);
  r.tif = TimeInForce::kGtc;
  a_.out.takes_gtc = false;
  a_.request(r);
  EXPECT_EQ(a_.out.reports.back().reject_reason, RejectReason::kUnsupported);
  EXPECT_EQ(a_.exposure().open_buy, 0);
  a_.out.takes_gtc = true;
  r.client_ref = 2;
  a_.request(r);
  ASSERT_EQ(a_.out.entered.size(), 1U);
  EXPECT_EQ(a_.out.entered.back().tif, TimeInForce::kGtc);
}

TEST_F(OrderCancelTest, MessagesOfTheVenueWithoutAnIdTouchNoOrder) {
  live_order(1);
  const u64 before = a_.engine.core().store().hash();
  for (const ExecKind kind : {ExecKind::kFilled, ExecKind::kCanceled, ExecKind::kRejected,
                              ExecKind::kCancelRejected, ExecKind::kAccepted})
    a_.venue(kind, 0, 100);
  a_.venue_replaced(1, 0, 100);
  EXPECT_EQ(a_.engine.core().store().hash(), before);
  EXPECT_EQ(a_.engine.core().counters().unknown_reports, 6U);
  EXPECT_EQ(a_.exposure().position, 0);
  a_.venue(ExecKind::kCanceled, 1, 100);
  a_.venue(ExecKind::kFilled, 0, 100);  // and none where no order is left
  EXPECT_EQ(a_.engine.core().store().size(), 0U);
}

TEST_F(OrderCancelTest, ThatOvertakesAReplaceGivesBackAllThatWasReserved) {
  const risk::ScopeUse& firm = a_.gate.gate().scope(LimitScope::kFirm, 0).use;
  const std::vector<std::vector<std::pair<ExecKind, u32>>> ends{
      {{ExecKind::kCanceled, 100}},
      {{ExecKind::kCanceled, 40}, {ExecKind::kCanceled, 60}},
      {{ExecKind::kFilled, 40}, {ExecKind::kCanceled, 60}}};
  u32 ref = 0;
  for (const auto& end : ends) {
    const u64 id = a_.engine.core().next_order_id();
    live_order(++ref);
    a_.request(Appliance::replace(ref, ref + 1, 150));
    ++ref;
    for (const auto& [kind, qty] : end) a_.venue(kind, id, qty);
    EXPECT_EQ(a_.engine.core().store().size(), 0U);
    EXPECT_EQ(firm.open_buy, 0U) << "value";
    EXPECT_EQ(firm.open_orders, 0U);
    EXPECT_EQ(a_.exposure().open_buy, 0) << "quantity";
  }
}

}  // namespace
}  // namespace tradsys::engine
