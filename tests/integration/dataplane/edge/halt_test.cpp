// Goal: a halt takes effect whatever else is broken, and comes back with a restart. Method: the
// edge tile in virtual time with a journal that can stand still and a cable that can be cut; the
// venue does not cancel by itself.
#include <gtest/gtest.h>

#include "tests/integration/dataplane/edge/fault_rack.hpp"

namespace tradsys::testing {
namespace {

constexpr u32 kOrders = 3;
/// Less than a kill may take (1 ms), and enough for a cable.
constexpr Nanos kAtOnce{500'000};

class Halt : public ::testing::Test {
 protected:
  void SetUp() override { rack_.open(kOrders); }

  /// The journal takes no more than what it keeps for operators.
  void stop_the_journal() {
    rack_.journal.stand_still(dataplane::kOperatorReserve);
    ASSERT_FALSE(rack_.journal.has_room(dataplane::kRecordsPerPoll));
  }
  void kill_account_0() {
    const auto outcome = rack_.tile->kill({.scope = KillScope::kAccount, .index = 0});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->orders, kOrders);
  }
  /// The venue trades what no order of ours stands for.
  void unknown_execution() {
    const engine::OrderCore<offload::SoftGate, FaultRack::Tile>& core = rack_.tile->engine().core();
    orders::VenueReport report;
    report.kind = ExecKind::kFilled;
    report.order_id = core.next_order_id() + 1'000;
    report.venue_seq = core.venue_seq() + 1;
    report.qty = 100;
    report.price = 10'000;
    report.match_number = 77;
    rack_.tile->venue_report(report);
  }

  FaultRack rack_;
};

TEST_F(Halt, CancelsAtTheVenueAtOnceWhileTheJournalStandsStill) {
  stop_the_journal();
  const usize records = rack_.journal.records().size();
  kill_account_0();
  EXPECT_EQ(rack_.journal.records().size(), records + 1) << "it has one place for a kill";
  rack_.run(kAtOnce);
  EXPECT_EQ(rack_.resting_at_venue(0), 0U);
  EXPECT_EQ(rack_.resting_at_venue(1), kOrders);
  EXPECT_EQ(rack_.live(0), kOrders) << "the venue's word waits for room";
}

TEST_F(Halt, SendsItsCancelsAgainWhileTheJournalStandsStill) {
  stop_the_journal();
  rack_.venue_nic.cut(true);
  kill_account_0();
  rack_.run(kAtOnce);
  rack_.venue_nic.cut(false);
  EXPECT_EQ(rack_.resting_at_venue(0), kOrders) << "the cable took them";
  const auto gone = [this] { return rack_.resting_at_venue(0) == 0; };
  EXPECT_LT(rack_.run_until(gone, kSecond), milliseconds(50));
}

TEST_F(Halt, CancelsAgainWhatTheVenueRefusedToCancel) {
  rack_.venue_nic.cut(true);
  kill_account_0();
  rack_.run(milliseconds(10));
  ASSERT_EQ(rack_.journaled_cancels(orders::CancelOrigin::kKill), 0U) << "they are in the kill's";
  const auto& core = rack_.tile->engine().core();
  orders::VenueReport refused;
  refused.kind = ExecKind::kCancelRejected;
  refused.venue_seq = core.venue_seq() + 1;
  core.store().for_each([&](const orders::Order& order) {
    if (order.account == 0) refused.order_id = order.order_id;
  });
  rack_.tile->venue_report(refused);
  rack_.run(milliseconds(50));
  EXPECT_EQ(rack_.journaled_cancels(orders::CancelOrigin::kKill), 0U) << "not in a storm";
  rack_.run(milliseconds(100));
  EXPECT_EQ(rack_.journaled_cancels(orders::CancelOrigin::kKill), 1U);
}

TEST_F(Halt, ComesBackWithARestartBehindAStoppedJournal) {
  stop_the_journal();
  kill_account_0();
  rack_.restart();
  EXPECT_TRUE(rack_.gate.killed_by_operator(0, 1, 0));
  EXPECT_FALSE(rack_.gate.killed_by_operator(1, 1, 0));
}

TEST_F(Halt, AnswersAnExecutionThatNobodyKnows) {
  EXPECT_FALSE(rack_.tile->killed());
  unknown_execution();
  EXPECT_TRUE(rack_.tile->killed());
  rack_.run(milliseconds(5));
  EXPECT_EQ(rack_.resting_at_venue(0) + rack_.resting_at_venue(1), 0U);
}

TEST_F(Halt, AnswersAnUnknownExecutionAlsoWhenACrashTookTheAnswer) {
  unknown_execution();
  rack_.journal.crash_after(static_cast<u16>(orders::EventType::kVenue));
  rack_.restart();
  EXPECT_TRUE(rack_.tile->killed()) << "the record of the execution is there, that of the halt not";
}

TEST_F(Halt, OfAnUnknownExecutionEndsWithTheReleaseForGood) {
  unknown_execution();
  ASSERT_TRUE(rack_.tile->kill({.state = SwitchState::kActive}));
  rack_.restart();
  EXPECT_FALSE(rack_.tile->killed());
}

}  // namespace
}  // namespace tradsys::testing
