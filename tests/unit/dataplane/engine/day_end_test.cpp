// Goal: the end of a day leaves nothing but orders that are good till canceled, tells each client
// once, and gives back what was reserved. Method: an engine in hand, with a venue that speaks
// before, after, and of what it should not.
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::engine {
namespace {

struct DayEndTest : ::testing::Test {
  Appliance a_;
  DayEndTest() { a_.open_for_trading(); }

  u64 order(u32 ref, u32 qty, TimeInForce tif, bool accepted = true) {
    const u64 id = a_.engine.core().next_order_id();
    ClientRequest r = Appliance::buy(ref, qty);
    r.tif = tif;
    a_.request(r);
    if (accepted) a_.venue(ExecKind::kAccepted, id, qty);
    return id;
  }
  void end_day() { a_.engine.end_day({.ts_ns = 9'000}); }
  [[nodiscard]] u32 told(ReportKind kind) const {
    u32 count = 0;
    for (const ClientReport& r : a_.out.reports) count += r.kind == kind ? 1U : 0U;
    return count;
  }
  /// As the venue echoes our token.
  void accept(u64 id, u32 qty, u32 ref) {
    orders::VenueReport r = a_.report(ExecKind::kAccepted, id, qty);
    r.clordid = encode_token({0, Appliance::kAccount, ref});
    r.side = Side::kBuy;
    r.instrument = Appliance::kInstrument;
    a_.engine.venue_report(r);
  }
  [[nodiscard]] const EngineCounters& counters() const { return a_.engine.core().counters(); }
};

TEST_F(DayEndTest, DayOrdersExpireAndTheirReservationsGoBack) {
  const u64 id = order(1, 300, TimeInForce::kDay);
  a_.venue(ExecKind::kFilled, id, 100);
  order(2, 50, TimeInForce::kDay, false);
  end_day();
  EXPECT_EQ(a_.engine.core().store().size(), 0U);
  ASSERT_EQ(told(ReportKind::kExpired), 2U);
  EXPECT_EQ(a_.exposure().position, 100);
  EXPECT_EQ(a_.exposure().open_buy, 0);
  const risk::ScopeUse& firm = a_.gate.gate().scope(LimitScope::kFirm, 0).use;
  EXPECT_EQ(firm.open_buy, 0U);
  EXPECT_EQ(firm.open_orders, 0U);
  EXPECT_EQ(counters().expired_orders, 2U);
  for (const ClientReport& r : a_.out.reports) {
    if (r.kind != ReportKind::kExpired) continue;
    EXPECT_EQ(r.qty, r.client_ref == 1 ? 200U : 50U);
    EXPECT_EQ(r.leaves_qty, 0U);
    EXPECT_EQ(r.venue_reason, kTimeOver);
  }
}

TEST_F(DayEndTest, GoodTillCanceledStaysWithItsReservationAndIsDoneForDay) {
  order(1, 300, TimeInForce::kGtc);
  end_day();
  EXPECT_EQ(a_.engine.core().store().size(), 1U);
  EXPECT_EQ(a_.exposure().open_buy, 300);
  EXPECT_EQ(told(ReportKind::kDoneForDay), 1U);
  EXPECT_EQ(told(ReportKind::kExpired), 0U);
  EXPECT_TRUE(a_.engine.cancel(0, 1, 0, 9'100)) << "cancels are never blocked";
  EXPECT_EQ(a_.out.canceled.back().first, 1U);
}

TEST_F(DayEndTest, NewOrdersAndReplacesAreRefusedAndTakeNoIdentifier) {
  order(1, 300, TimeInForce::kGtc);
  end_day();
  const u64 next = a_.engine.core().next_order_id();
  for (const bool up : {true, false}) {
    a_.out.up = up;
    a_.request(Appliance::buy(up ? 2 : 4, 10));
    EXPECT_EQ(a_.out.reports.back().reject_reason, RejectReason::kMarketClosed);
    ClientRequest r = Appliance::replace(1, up ? 3 : 5, 100);
    r.tif = TimeInForce::kGtc;
    a_.request(r);
    EXPECT_EQ(a_.out.reports.back().reject_reason, RejectReason::kMarketClosed);
  }
  EXPECT_EQ(a_.engine.core().next_order_id(), next);
  EXPECT_EQ(a_.out.entered.size(), 1U);
  EXPECT_TRUE(a_.out.replaced.empty());
}

TEST_F(DayEndTest, AReplaceUnderWayIsRefusedAndFoundAgainShouldTheVenueHaveMadeIt) {
  order(1, 300, TimeInForce::kGtc);
  ClientRequest r = Appliance::replace(1, 2, 500);
  r.tif = TimeInForce::kGtc;
  a_.request(r);
  EXPECT_EQ(a_.exposure().open_buy, 500);
  end_day();
  EXPECT_EQ(a_.exposure().open_buy, 300);
  EXPECT_EQ(told(ReportKind::kRejected), 1U);
  orders::VenueReport late = a_.report(ExecKind::kReplaced, 2, 500);
  late.previous_order_id = 1;
  late.clordid = encode_token({0, Appliance::kAccount, 2});
  a_.engine.venue_report(late);
  EXPECT_EQ(a_.exposure().open_buy, 500);
  ASSERT_NE(a_.engine.core().store().find(2), nullptr);
}

TEST_F(DayEndTest, NothingIsToldTwiceWhoeverSpeaksFirst) {
  const u64 by_venue = order(1, 100, TimeInForce::kDay);
  const u64 by_us = order(2, 100, TimeInForce::kDay);
  const u64 pending = order(3, 100, TimeInForce::kDay, false);
  a_.venue(ExecKind::kCanceled, by_venue, 100);
  end_day();
  const usize reports = a_.out.reports.size();
  a_.venue(ExecKind::kCanceled, by_us, 100);
  accept(pending, 100, 3);
  a_.venue(ExecKind::kCanceled, pending, 100);
  EXPECT_EQ(a_.out.reports.size(), reports);
  EXPECT_EQ(told(ReportKind::kExpired), 2U);
  EXPECT_EQ(a_.engine.core().store().size(), 0U) << "an acceptance that came late is no adoption";
  EXPECT_EQ(counters().unknown_reports, 0U);
  EXPECT_EQ(counters().adopted, 0U);
  EXPECT_EQ(a_.exposure().open_buy, 0);
}

TEST_F(DayEndTest, ALateExecutionIsBookedAndAnAlarm) {
  const u64 id = order(1, 100, TimeInForce::kDay);
  end_day();
  a_.venue(ExecKind::kFilled, id, 40);
  EXPECT_EQ(a_.exposure().position, 40);
  EXPECT_EQ(counters().late_executions, 1U);
}

TEST_F(DayEndTest, AnOrderThatACrashTookIsStillFoundAndEndsWithTheNextWord) {
  const u64 refused = order(1, 100, TimeInForce::kDay, false);
  a_.engine.reconcile(refused, 2'500);  // never got there: its identifier is used again, by whom
  end_day();  // the journal lost
  accept(refused, 70, 5);
  EXPECT_EQ(counters().adopted, 1U);
  EXPECT_EQ(a_.exposure().open_buy, 70);
  end_day();
  EXPECT_EQ(a_.engine.core().store().size(), 0U);
  EXPECT_EQ(a_.exposure().open_buy, 0);
}

TEST_F(DayEndTest, AReplayComesToTheSameState) {
  order(1, 300, TimeInForce::kGtc);
  order(2, 100, TimeInForce::kDay);
  const u64 before = a_.engine.core().state_hash();
  end_day();
  EXPECT_NE(a_.engine.core().state_hash(), before);
  Appliance again;
  for (const JournalRecord& record : a_.out.records)
    ASSERT_EQ(again.engine.replay(record.type, record.seq, record.payload), ReplayStatus::kApplied);
  EXPECT_EQ(again.engine.core().state_hash(), a_.engine.core().state_hash());
  EXPECT_TRUE(again.engine.core().days().over());
  EXPECT_EQ(again.out.reports.size(), a_.out.reports.size());
}

}  // namespace
}  // namespace tradsys::engine
