// Goal: every race between client, gate and venue leaves order, ledger and reports as the protocol
// and the ledger rules say. Method: scripted inputs against the real software gate.
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::engine {
namespace {

class OrderEngineTest : public ::testing::Test {
 protected:
  void SetUp() override { a_.open_for_trading(); }
  const ClientReport& last() const { return a_.out.reports.back(); }
  Appliance a_;
};

TEST_F(OrderEngineTest, APassedOrderIsReservedSentAndReportedWhenTheVenueAccepts) {
  a_.request(Appliance::buy(1, 100));
  ASSERT_EQ(a_.out.entered.size(), 1U);
  EXPECT_EQ(a_.exposure().open_buy, 100);
  EXPECT_TRUE(a_.out.reports.empty());
  a_.venue(ExecKind::kAccepted, 1, 100);
  EXPECT_EQ(last().kind, ReportKind::kAccepted);
  EXPECT_EQ(last().client_ref, 1U);
}

TEST_F(OrderEngineTest, AFillTurnsReservationIntoPositionAndEndsTheOrder) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.venue(ExecKind::kFilled, 1, 40);
  EXPECT_EQ(a_.exposure().position, 40);
  EXPECT_EQ(a_.exposure().open_buy, 60);
  a_.venue(ExecKind::kFilled, 1, 60);
  EXPECT_EQ(a_.exposure().position, 100);
  EXPECT_EQ(a_.exposure().open_buy, 0);
  EXPECT_EQ(last().leaves_qty, 0U);
  EXPECT_EQ(a_.engine.core().store().size(), 0U);
  EXPECT_EQ(a_.engine.core().counters().filled_orders, 1U);
}

TEST_F(OrderEngineTest, ARefusedOrderNeverReachesTheVenueAndSaysWhy) {
  ClientRequest r = Appliance::buy(1, 100);
  r.price = 20'000;
  a_.request(r);
  EXPECT_TRUE(a_.out.entered.empty());
  EXPECT_EQ(last().kind, ReportKind::kRejected);
  EXPECT_EQ(last().reject_reason, RejectReason::kPriceCollar);
  EXPECT_EQ(a_.exposure().open_buy, 0);
}

TEST_F(OrderEngineTest, AReferenceThatIsNotHigherIsARetransmissionAndIgnored) {
  a_.request(Appliance::buy(5, 100));
  a_.request(Appliance::buy(5, 100));
  a_.request(Appliance::buy(4, 100));
  EXPECT_EQ(a_.out.entered.size(), 1U);
  EXPECT_EQ(a_.engine.core().counters().retransmissions, 2U);
}

TEST_F(OrderEngineTest, AReplaceReservesOnlyTheDifferenceAndGivesItBackWhenRefused) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.request(Appliance::replace(1, 2, 150));
  EXPECT_EQ(a_.exposure().open_buy, 150);
  a_.venue(ExecKind::kRejected, 2, 0);
  EXPECT_EQ(a_.exposure().open_buy, 100);
  EXPECT_EQ(last().kind, ReportKind::kRejected);
  EXPECT_EQ(last().client_ref, 2U);
  EXPECT_NE(a_.engine.core().store().find(1), nullptr);
}

TEST_F(OrderEngineTest, AFillWhileAReplaceIsPendingCountsAgainstTheOldTerms) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.request(Appliance::replace(1, 2, 150));
  a_.venue(ExecKind::kFilled, 1, 60);
  EXPECT_EQ(a_.exposure().position, 60);
  EXPECT_EQ(a_.exposure().open_buy, 90);
  a_.venue_replaced(1, 2, 90);
  EXPECT_EQ(a_.exposure().open_buy, 90);
  EXPECT_EQ(last().kind, ReportKind::kReplaced);
  EXPECT_EQ(last().previous_client_ref, 1U);
  a_.venue(ExecKind::kFilled, 2, 90);
  EXPECT_EQ(a_.exposure().position, 150);
  EXPECT_EQ(a_.exposure().open_buy, 0);
}

TEST_F(OrderEngineTest, ACompleteFillEndsAPendingReplaceTooWithoutLeakingItsReservation) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.request(Appliance::replace(1, 2, 150));
  a_.venue(ExecKind::kFilled, 1, 100);
  EXPECT_EQ(a_.exposure().open_buy, 0);
  EXPECT_EQ(a_.exposure().position, 100);
  EXPECT_EQ(a_.engine.core().store().size(), 0U);
}

TEST_F(OrderEngineTest, ADownsizingReplaceFreesNothingBeforeTheVenueAgrees) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.request(Appliance::replace(1, 2, 70));
  EXPECT_EQ(a_.exposure().open_buy, 100);
  a_.venue_replaced(1, 2, 70);
  EXPECT_EQ(a_.exposure().open_buy, 70);
}

TEST_F(OrderEngineTest, ACancelReleasesOnlyWhenTheVenueConfirms) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  EXPECT_TRUE(a_.engine.cancel(0, 1, 0, 1'500));
  EXPECT_EQ(a_.exposure().open_buy, 100);
  a_.venue(ExecKind::kCanceled, 1, 100);
  EXPECT_EQ(a_.exposure().open_buy, 0);
  EXPECT_EQ(a_.engine.core().counters().canceled_orders, 1U);
}

TEST_F(OrderEngineTest, ACancelOfAnUnknownOrderIsIgnoredAndCounted) {
  EXPECT_FALSE(a_.engine.cancel(0, 77, 0, 1'500));
  EXPECT_EQ(a_.engine.core().counters().cancels_ignored, 1U);
  EXPECT_TRUE(a_.out.canceled.empty());
}

TEST_F(OrderEngineTest, AnOverfillIsBookedInFullAndCounted) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.venue(ExecKind::kFilled, 1, 101);
  EXPECT_EQ(a_.exposure().position, 101);
  EXPECT_EQ(a_.exposure().open_buy, 0);
  EXPECT_EQ(a_.engine.core().counters().overfills, 1U);
}

TEST_F(OrderEngineTest, AReportOfAnOrderNobodyKnowsIsCountedAndChangesNothing) {
  a_.venue(ExecKind::kFilled, 99, 10);
  EXPECT_EQ(a_.engine.core().counters().unknown_reports, 1U);
  EXPECT_EQ(a_.exposure().position, 0);
}

TEST_F(OrderEngineTest, AReplayedVenueMessageIsAppliedOnce) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  orders::VenueReport fill = a_.report(ExecKind::kFilled, 1, 30);
  a_.engine.venue_report(fill);
  a_.engine.venue_report(fill);
  EXPECT_EQ(a_.exposure().position, 30);
}

TEST_F(OrderEngineTest, OrdersTheVenueNeverSawEndAtTheReconcile) {
  a_.request(Appliance::buy(1, 100));
  a_.request(Appliance::buy(2, 50));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.engine.reconcile(2, 3'000);
  EXPECT_EQ(last().kind, ReportKind::kRejected);
  EXPECT_EQ(last().client_ref, 2U);
  EXPECT_EQ(last().reject_reason, RejectReason::kVenueDown);
  EXPECT_EQ(a_.exposure().open_buy, 100);
}

TEST_F(OrderEngineTest, AnOrderTheJournalLostIsAdoptedFromTheVenuesStream) {
  orders::VenueReport accepted = a_.report(ExecKind::kAccepted, 9, 100);
  accepted.side = Side::kBuy;
  accepted.instrument = Appliance::kInstrument;
  accepted.clordid = encode_token({0, Appliance::kAccount, 42});
  a_.engine.venue_report(accepted);
  EXPECT_EQ(a_.engine.core().counters().adopted, 1U);
  EXPECT_EQ(a_.exposure().open_buy, 100);
  EXPECT_EQ(last().client_ref, 42U);
  a_.request(Appliance::buy(42, 100));  // the client sends it again: no second order
  EXPECT_TRUE(a_.out.entered.empty());
  EXPECT_EQ(a_.engine.core().next_order_id(), 10U);
}

TEST_F(OrderEngineTest, CancelsWhileTheVenueIsAwayGoOutWithTheReconcile) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.out.up = false;
  EXPECT_TRUE(a_.engine.cancel(0, 1, 0, 1'500));
  EXPECT_TRUE(a_.out.canceled.empty());
  a_.out.up = true;
  a_.engine.reconcile(2, 3'000);
  ASSERT_EQ(a_.out.canceled.size(), 1U);
  EXPECT_EQ(a_.out.canceled[0].first, 1U);
}

TEST_F(OrderEngineTest, NewOrdersAreRefusedWhileVenueOrJournalCannotTakeThem) {
  a_.out.up = false;
  a_.request(Appliance::buy(1, 100));
  EXPECT_EQ(last().reject_reason, RejectReason::kVenueDown);
  a_.out.up = true;
  a_.out.journal_has_room = false;
  a_.request(Appliance::buy(2, 100));
  EXPECT_EQ(last().reject_reason, RejectReason::kSystemBusy);
}

TEST_F(OrderEngineTest, TheKillSwitchBlocksNewOrdersAndCancelsWhatLivesInItsScopeByOneRecord) {
  a_.request(Appliance::buy(1, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.request(Appliance::replace(1, 2, 150));
  ClientRequest elsewhere = Appliance::buy(1, 100);
  elsewhere.account = 1;
  elsewhere.session = 1;
  a_.request(elsewhere);
  const usize records = a_.out.records.size();
  a_.engine.kill({.ts_ns = 5, .index = 0, .scope = KillScope::kAccount});
  EXPECT_EQ(a_.out.records.size(), records + 1);
  using Canceled = std::vector<std::pair<u64, u32>>;
  EXPECT_EQ(a_.out.canceled, (Canceled{{1, 0}, {2, 0}})) << "the order and its pending replace";
  a_.request(Appliance::buy(3, 100));
  EXPECT_EQ(last().reject_reason, RejectReason::kKill);
  elsewhere.client_ref = 2;
  a_.request(elsewhere);
  EXPECT_EQ(a_.engine.core().store().size(), 3U) << "the other account goes on";
  a_.engine.kill({.ts_ns = 6, .index = 0, .scope = KillScope::kAccount});
  EXPECT_EQ(a_.out.canceled.size(), 2U) << "no cancel goes out twice";
  EXPECT_EQ(a_.engine.cancel_where([](const orders::Order& o) { return o.account == 0; },
                                   orders::CancelOrigin::kKill, 6, 100),
            0U);
  Appliance again;
  for (const JournalRecord& r : a_.out.records)
    ASSERT_EQ(again.engine.replay(r.type, r.seq, r.payload), ReplayStatus::kApplied);
  EXPECT_EQ(again.engine.core().state_hash(), a_.engine.core().state_hash());
  EXPECT_TRUE(again.out.canceled.empty());
}

}  // namespace
}  // namespace tradsys::engine
