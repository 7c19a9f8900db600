// Goal: a modify reduces an order and is told as one, is refused where it cannot be passed on, and
// is rebuilt from the journal. Method: scripted inputs against the real software gate.
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::engine {
namespace {

class ModifyTest : public ::testing::Test {
 protected:
  using Canceled = std::vector<std::pair<u64, u32>>;

  void SetUp() override {
    a_.open_for_trading();
    a_.request(Appliance::buy(1, 100));
    a_.venue(ExecKind::kAccepted, 1, 100);
    a_.out.reports.clear();
  }
  bool modify(u32 qty, Side side = Side::kBuy) { return a_.engine.modify(0, 1, side, qty, 5); }
  void expect_replay_agrees() {
    Appliance again;
    for (const JournalRecord& r : a_.out.records)
      ASSERT_EQ(again.engine.replay(r.type, r.seq, r.payload), ReplayStatus::kApplied);
    EXPECT_EQ(again.engine.core().state_hash(), a_.engine.core().state_hash());
    EXPECT_EQ(again.out.reports.back().kind, a_.out.reports.back().kind);
  }
  Appliance a_;
};

TEST_F(ModifyTest, ReducesToATotalWhatHasTradedIncluded) {
  a_.venue(ExecKind::kFilled, 1, 30);
  EXPECT_TRUE(modify(60));
  EXPECT_EQ(a_.out.canceled, (Canceled{{1, 60}}));
  a_.venue(ExecKind::kCanceled, 1, 40);
  EXPECT_EQ(a_.out.reports.back().kind, ReportKind::kModified);
  EXPECT_EQ(a_.out.reports.back().qty, 30U);
  EXPECT_EQ(a_.exposure().open_buy, 30);
  expect_replay_agrees();
  a_.venue(ExecKind::kCanceled, 1, 10);
  EXPECT_EQ(a_.out.reports.back().kind, ReportKind::kCanceled) << "the next one is no modify";
}

TEST_F(ModifyTest, ThatNeverGotThereEndsWithTheReconcile) {
  EXPECT_TRUE(modify(60));
  a_.engine.reconcile(2, 3'000);
  EXPECT_EQ(a_.out.reports.back().kind, ReportKind::kCancelRejected) << "the order stands";
  expect_replay_agrees();
  a_.venue(ExecKind::kCanceled, 1, 10);
  EXPECT_EQ(a_.out.reports.back().kind, ReportKind::kCanceled) << "unsolicited: no modification";
}

TEST_F(ModifyTest, ThatTheVenueRefusesOrAReplaceOvertakesIsOver) {
  EXPECT_TRUE(modify(60));
  a_.venue(ExecKind::kCancelRejected, 1, 0);
  a_.venue(ExecKind::kCanceled, 1, 10);
  EXPECT_EQ(a_.out.reports.back().kind, ReportKind::kCanceled);
  EXPECT_TRUE(modify(50));
  a_.request(Appliance::replace(1, 2, 80));
  a_.venue_replaced(1, 2, 80);
  a_.venue(ExecKind::kCanceled, 2, 10);
  EXPECT_EQ(a_.out.reports.back().kind, ReportKind::kCanceled);
  expect_replay_agrees();
}

TEST_F(ModifyTest, ThatChangesNothingIsIgnored) {
  EXPECT_FALSE(modify(100));
  EXPECT_FALSE(modify(200));
  EXPECT_FALSE(a_.engine.modify(0, 77, Side::kBuy, 1, 5));
  EXPECT_EQ(a_.engine.core().counters().cancels_ignored, 3U);
  EXPECT_TRUE(a_.out.canceled.empty());
  EXPECT_TRUE(a_.out.reports.empty());
}

TEST_F(ModifyTest, ThatCannotBePassedOnLeavesTheOrderAndSaysSo) {
  a_.venue(ExecKind::kFilled, 1, 30);
  const auto refused = [this](u32 qty, Side side) {
    const usize told = a_.out.reports.size();
    return !modify(qty, side) && a_.out.reports.size() == told + 1 &&
           a_.out.reports.back().kind == ReportKind::kCancelRejected;
  };
  EXPECT_TRUE(refused(60, Side::kSell)) << "another side";
  EXPECT_TRUE(refused(30, Side::kBuy)) << "nothing would be left: that is a cancel";
  a_.out.up = false;
  EXPECT_TRUE(refused(60, Side::kBuy)) << "the venue is away";
  a_.out.up = true;
  a_.request(Appliance::replace(1, 2, 200));
  EXPECT_TRUE(refused(60, Side::kBuy)) << "a replace is on its way";
  EXPECT_EQ(a_.engine.core().counters().modifies_refused, 4U);
  EXPECT_TRUE(a_.out.canceled.empty());
  expect_replay_agrees();
}

TEST_F(ModifyTest, ThatMeetsACancelOfTheWholeIsTheCancel) {
  EXPECT_TRUE(modify(60));
  EXPECT_TRUE(a_.engine.cancel(0, 1, 0, 6));
  a_.venue(ExecKind::kCanceled, 1, 100);
  EXPECT_EQ(a_.out.reports.back().kind, ReportKind::kCanceled);
  EXPECT_EQ(a_.engine.core().store().size(), 0U);
}

TEST_F(ModifyTest, ACancelInsteadOfATradeWithTheOwnFirmSaysWhatWasPrevented) {
  orders::VenueReport r = a_.report(ExecKind::kCanceled, 1, 40);
  r.self_trade = 1;
  r.reason = 'Q';
  r.price = 9'990;
  r.match_number = 25;
  a_.engine.venue_report(r);
  const ClientReport& told = a_.out.reports.back();
  EXPECT_EQ(told.kind, ReportKind::kCanceled);
  EXPECT_EQ(told.self_trade, 1);
  EXPECT_EQ(told.qty, 40U);
  EXPECT_EQ(told.price, 9'990U);
  EXPECT_EQ(told.prevented_qty, 25U);
  EXPECT_EQ(told.venue_reason, 'Q');
}

}  // namespace
}  // namespace tradsys::engine
