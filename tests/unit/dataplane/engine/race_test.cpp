// Goal: the races of orders and executions that a venue can make, each with the ledger it must
// leave. Method: scripted inputs against the real software gate; T1 to T16 are the classic cases of
// pre-trade risk (FIX Appendix D and its kin), in that order.
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::engine {
namespace {

class RaceTest : public ::testing::Test {
 protected:
  static constexpr u64 kFirst = 1;  ///< id of the first order
  static constexpr u64 kSecond = 2;

  void SetUp() override { a_.open_for_trading(); }
  /// Order 1, over `qty`, rests at the venue.
  void live_order(u32 qty = 100) {
    a_.request(Appliance::buy(1, qty));
    a_.venue(ExecKind::kAccepted, kFirst, qty);
  }
  void fill(u64 id, u32 qty, u64 match_number) { told(ExecKind::kFilled, id, qty, match_number); }
  void told(ExecKind kind, u64 id, u32 qty, u64 match_number) {
    orders::VenueReport r = a_.report(kind, id, qty);
    r.match_number = match_number;
    a_.engine.venue_report(r);
  }
  void expect_ledger(i64 position, i64 open_buy) const {
    const risk::Exposure e = a_.exposure();
    EXPECT_EQ(e.position, position);
    EXPECT_EQ(e.open_buy, open_buy);
    EXPECT_EQ(e.open_sell, 0);
  }
  void expect_no_orders() const {
    EXPECT_EQ(a_.engine.core().store().size(), 0U);
    EXPECT_EQ(a_.gate.gate().open_orders(AccountIndex{Appliance::kAccount}), 0U);
  }
  const EngineCounters& counters() const { return a_.engine.core().counters(); }
  const ClientReport& last() const { return a_.out.reports.back(); }
  /// The journal rebuilds the state.
  void expect_replay() const {
    Appliance again;
    for (const JournalRecord& r : a_.out.records)
      ASSERT_EQ(again.engine.replay(r.type, r.seq, r.payload), ReplayStatus::kApplied);
    EXPECT_EQ(again.engine.core().state_hash(), a_.engine.core().state_hash());
  }
  Appliance a_;
};

TEST_F(RaceTest, T01ReplaceUpWhileAFillCrosses) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 150));
  expect_ledger(0, 150);
  fill(kFirst, 60, 1);
  expect_ledger(60, 90);
  a_.venue_replaced(kFirst, kSecond, 90);
  expect_ledger(60, 90);
  fill(kSecond, 90, 2);
  expect_ledger(150, 0);
  expect_no_orders();
}

TEST_F(RaceTest, T01TheVenueReplacesByMoreThanWasAskedFor) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 150));
  orders::VenueReport r = a_.report(ExecKind::kReplaced, kSecond, 200);
  r.previous_order_id = kFirst;
  r.price = 10'100;
  a_.engine.venue_report(r);
  expect_ledger(0, 200);
  const risk::ScopeUse& firm = a_.gate.scope_use(LimitScope::kFirm, 0);
  EXPECT_EQ(firm.open_buy, 200U * 10'100);
  EXPECT_EQ(firm.open_orders, 1U);
  EXPECT_EQ(counters().unexpected_reports, 1U);
  EXPECT_EQ(last().qty, 200U);
  fill(kSecond, 200, 1);
  expect_ledger(200, 0);
  EXPECT_EQ(firm.open_buy, 0U);
  EXPECT_EQ(counters().overfills, 0U);
  expect_no_orders();
  expect_replay();
}

TEST_F(RaceTest, T01TheVenueReplacesAtAHigherPriceThanWasAskedFor) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 150));
  orders::VenueReport r = a_.report(ExecKind::kReplaced, kSecond, 150);
  r.previous_order_id = kFirst;
  r.price = 10'100;
  a_.engine.venue_report(r);
  expect_ledger(0, 150);
  EXPECT_EQ(a_.gate.scope_use(LimitScope::kFirm, 0).open_buy, 150U * 10'100);
  expect_replay();
}

TEST_F(RaceTest, T02ReplaceDownBelowWhatTradedMeanwhile) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 70));
  expect_ledger(0, 100);
  fill(kFirst, 80, 1);
  expect_ledger(80, 20);
  a_.venue(ExecKind::kCanceled, kFirst, 20);  // nothing is left of the smaller order
  expect_ledger(80, 0);
  expect_no_orders();
}

TEST_F(RaceTest, T03ASecondReplaceWhileOneIsPendingIsRefused) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 150));
  a_.request(Appliance::replace(2, 3, 300));
  EXPECT_EQ(last().reject_reason, RejectReason::kUnknownOrder);
  expect_ledger(0, 150);
  a_.venue_replaced(kFirst, kSecond, 150);
  expect_ledger(0, 150);
}

TEST_F(RaceTest, T04CancelThatComesTooLate) {
  live_order(100);
  EXPECT_TRUE(a_.engine.cancel(0, 1, 0, 1));
  expect_ledger(0, 100);  // sending a cancel releases nothing
  fill(kFirst, 100, 1);
  a_.venue(ExecKind::kCancelRejected, kFirst, 0);
  expect_ledger(100, 0);
  expect_no_orders();
  EXPECT_EQ(counters().unknown_reports, 0U);
}

TEST_F(RaceTest, T05ExecutionAfterAnUnsolicitedCancel) {
  live_order(100);
  a_.venue(ExecKind::kCanceled, kFirst, 100);
  expect_ledger(0, 0);
  fill(kFirst, 40, 7);
  expect_ledger(40, 0);
  expect_no_orders();
  EXPECT_EQ(counters().late_executions, 1U);
  EXPECT_EQ(last().kind, ReportKind::kExecuted);
  EXPECT_EQ(last().client_ref, 1U);
  EXPECT_EQ(last().qty, 40U);
  expect_replay();
}

TEST_F(RaceTest, T05ExecutionOfAReplacedIdBelongsToItsAccountAndLeavesTheNewOrderAlone) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 100));
  a_.venue_replaced(kFirst, kSecond, 100);
  fill(kFirst, 30, 7);
  expect_ledger(30, 100);
  EXPECT_EQ(last().client_ref, 1U);
  fill(kSecond, 100, 8);
  expect_ledger(130, 0);
  expect_no_orders();
}

TEST_F(RaceTest, T06OverfillIsBookedWhole) {
  live_order(100);
  fill(kFirst, 101, 1);
  expect_ledger(101, 0);
  expect_no_orders();
  EXPECT_EQ(counters().overfills, 1U);
}

TEST_F(RaceTest, AFillBeforeTheAcceptanceAcceptsTheOrder) {
  a_.request(Appliance::buy(1, 100));
  fill(kFirst, 40, 1);
  ASSERT_EQ(a_.out.reports.size(), 2U);
  EXPECT_EQ(a_.out.reports[0].kind, ReportKind::kAccepted);
  EXPECT_EQ(a_.out.reports[0].qty, 100U);
  EXPECT_EQ(a_.out.reports[0].price, 10'000U);
  EXPECT_EQ(a_.out.reports[1].kind, ReportKind::kExecuted);
  EXPECT_EQ(counters().accepted, 1U);
  a_.engine.reconcile(kFirst, 5);  // that the venue had it is known
  expect_ledger(40, 60);
  a_.request(Appliance::replace(1, 2, 150));
  ASSERT_EQ(a_.out.replaced.size(), 1U);
  a_.venue_replaced(kFirst, kSecond, 110);
  expect_ledger(40, 110);
  expect_replay();
}

TEST_F(RaceTest, T07ExecutionOfAnOrderNobodyKnowsIsAnAlarmAndStaysInTheJournal) {
  const usize before = a_.out.records.size();
  fill(99, 100, 1);
  expect_ledger(0, 0);
  EXPECT_EQ(counters().unknown_reports, 1U);
  EXPECT_EQ(counters().unknown_executions, 1U);
  EXPECT_EQ(a_.engine.core().unknown_execution().qty, 100U);
  EXPECT_EQ(a_.engine.core().unknown_execution().match_number, 1U);
  ASSERT_EQ(a_.out.records.size(), before + 1);
  EXPECT_EQ(a_.out.records.back().type, orders::EventType::kVenue);
}

TEST_F(RaceTest, T08AnExecutionToldTwiceIsBookedOnce) {
  live_order(100);
  fill(kFirst, 40, 5);
  fill(kFirst, 40, 5);
  expect_ledger(40, 60);
  EXPECT_EQ(counters().duplicate_executions, 1U);
  fill(kFirst, 60, 6);
  fill(kFirst, 60, 6);  // also when the order is over
  expect_ledger(100, 0);
  EXPECT_EQ(counters().duplicate_executions, 2U);
  EXPECT_EQ(counters().executed_qty, 100U);
}

TEST_F(RaceTest, T09ATradeIsTakenBackAfterTheOrderClosed) {
  live_order(100);
  fill(kFirst, 60, 5);
  fill(kFirst, 40, 6);
  expect_no_orders();
  told(ExecKind::kBusted, kFirst, 0, 5);
  expect_ledger(40, 0);
  expect_no_orders();
  EXPECT_EQ(last().kind, ReportKind::kBroken);
  EXPECT_EQ(last().match_number, 5U);
  EXPECT_EQ(last().qty, 60U);
  told(ExecKind::kBusted, kFirst, 0, 5);  // only once
  expect_ledger(40, 0);
  EXPECT_EQ(counters().busted_trades, 1U);
  EXPECT_EQ(counters().unknown_reports, 1U);
  expect_replay();
}

TEST_F(RaceTest, T09ATradeOfALiveOrderIsTakenBackWithoutReviving) {
  live_order(100);
  fill(kFirst, 60, 5);
  told(ExecKind::kBusted, kFirst, 0, 5);
  expect_ledger(0, 40);
  fill(kFirst, 40, 6);
  expect_ledger(40, 0);
  expect_no_orders();
}

TEST_F(RaceTest, T09ATradeIsTakenBackUnderTheIdOfALaterVersion) {
  live_order(100);
  fill(kFirst, 30, 5);
  a_.request(Appliance::replace(1, 2, 100));
  a_.venue_replaced(kFirst, kSecond, 70);
  ClientRequest sell = Appliance::buy(1, 30);  // the other side of the same match is ours, too
  sell.side = Side::kSell;
  sell.session = 1;
  a_.request(sell);
  fill(3, 30, 5);
  expect_ledger(0, 70);
  told(ExecKind::kBusted, kSecond, 0, 5);
  expect_ledger(-30, 70);
  EXPECT_EQ(last().kind, ReportKind::kBroken);
  EXPECT_EQ(last().client_ref, 1U) << "the client heard of the trade under this one";
  EXPECT_EQ(last().qty, 30U);
  fill(kSecond, 70, 6);
  told(ExecKind::kBusted, kSecond, 0, 5);  // only once
  told(ExecKind::kBusted, 3, 0, 6);  // a match of others is not the seller's
  expect_ledger(40, 0);
  EXPECT_EQ(counters().busted_trades, 1U);
  EXPECT_EQ(counters().unknown_reports, 2U);
  expect_replay();
}

TEST_F(RaceTest, T09ATradeOfAnEarlierVersionIsCorrectedAfterTheOrderClosed) {
  live_order(100);
  fill(kFirst, 30, 5);
  a_.request(Appliance::replace(1, 2, 100));
  a_.venue_replaced(kFirst, kSecond, 70);
  fill(kSecond, 70, 6);
  expect_no_orders();
  told(ExecKind::kCorrected, kSecond, 20, 5);
  expect_ledger(90, 0);
  EXPECT_EQ(last().kind, ReportKind::kCorrected);
  expect_replay();
}

TEST_F(RaceTest, T09ATradeIsCorrectedInQuantityAndPrice) {
  live_order(100);
  fill(kFirst, 100, 5);
  orders::VenueReport r = a_.report(ExecKind::kCorrected, kFirst, 70);
  r.match_number = 5;
  r.price = 9'990;
  a_.engine.venue_report(r);
  expect_ledger(70, 0);
  expect_no_orders();
  EXPECT_EQ(last().kind, ReportKind::kCorrected);
  EXPECT_EQ(last().price, 9'990U);
  told(ExecKind::kBusted, kFirst, 0, 5);  // of what it was corrected to
  expect_ledger(0, 0);
  expect_replay();
}

TEST_F(RaceTest, T09WhatDoesNotFitTheTableIsBookedAndSaid) {
  live_order(2'000);
  for (u64 match = 1; match <= 1'001; ++match) fill(kFirst, 1, match);
  expect_ledger(1'001, 999);
  EXPECT_EQ(counters().untracked_trades, 1U);
  told(ExecKind::kBusted, kFirst, 0, 1'001);
  expect_ledger(1'001, 999);
  EXPECT_EQ(counters().unknown_reports, 1U);
}

TEST_F(RaceTest, T10RejectAfterAPartialFillChangesNothing) {
  live_order(100);
  fill(kFirst, 40, 1);
  a_.venue(ExecKind::kRejected, kFirst, 0);
  expect_ledger(40, 60);
  EXPECT_EQ(a_.engine.core().store().size(), 1U);
  EXPECT_EQ(counters().unexpected_reports, 1U);
}

TEST_F(RaceTest, T11OrdersOutliveALostSession) {
  for (u32 ref = 1; ref <= 3; ++ref) a_.request(Appliance::buy(ref, 100));
  a_.venue(ExecKind::kAccepted, 1, 100);
  a_.venue(ExecKind::kAccepted, 2, 100);
  a_.out.up = false;
  a_.request(Appliance::buy(4, 100));
  EXPECT_EQ(last().reject_reason, RejectReason::kVenueDown);
  expect_ledger(0, 300);
  a_.out.up = true;
  fill(1, 100, 1);  // of the stream that is replayed after the login
  a_.engine.reconcile(3, 5);  // the third never arrived
  expect_ledger(100, 100);
  EXPECT_EQ(a_.engine.core().store().size(), 1U);
  EXPECT_EQ(counters().unsent, 1U);
}

TEST_F(RaceTest, T12SelfMatchCancelOfAnOrderWhoseReplaceIsPending) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 150));
  a_.venue(ExecKind::kCanceled, kFirst, 100);
  expect_ledger(0, 0);
  expect_no_orders();
  a_.venue(ExecKind::kRejected, kSecond, 0);  // the replace found nothing to replace
  expect_ledger(0, 0);
  EXPECT_EQ(counters().unknown_reports, 0U);
}

TEST_F(RaceTest, T12TheReplaceOfAnOrderThatFilledIsRefusedTooLate) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 150));
  fill(kFirst, 100, 1);
  expect_ledger(100, 0);
  a_.venue(ExecKind::kRejected, kSecond, 0);
  EXPECT_EQ(counters().unknown_reports, 0U);
  expect_no_orders();
}

TEST_F(RaceTest, T13ALimitLoweredBelowWhatIsOutBlocksOnlyNewRisk) {
  live_order(100);
  PositionLimits position = testing::open_position(Appliance::kAccount, Appliance::kInstrument);
  position.max_long = position.max_short = 50;
  position.account = Appliance::kAccount;
  position.instrument = Appliance::kInstrument;
  a_.engine.set(position, 1);
  a_.request(Appliance::buy(2, 1));
  EXPECT_EQ(last().reject_reason, RejectReason::kPositionLimit);
  fill(kFirst, 100, 1);
  expect_ledger(100, 0);
  ClientRequest sell = Appliance::buy(3, 100);
  sell.side = Side::kSell;
  a_.request(sell);
  EXPECT_EQ(a_.exposure().open_sell, 100);
}

TEST_F(RaceTest, T14TheBucketHasAMessageAtTheExactNanosecond) {
  AccountLimits account = *a_.gate.account_limits(Appliance::kAccount);
  account.rate_per_s = 1'000;
  account.rate_burst = 1;
  a_.engine.set(account, 1);
  const auto passes = [&](u32 ref, u64 ts_ns) {
    const u64 before = counters().passed;
    a_.engine.request(Appliance::buy(ref, 1), Appliance::market(), ts_ns);
    return counters().passed != before;
  };
  EXPECT_TRUE(passes(1, 5'000'000));
  EXPECT_FALSE(passes(2, 5'999'999));
  EXPECT_TRUE(passes(3, 6'000'000));
}

TEST_F(RaceTest, T15QuantityTimesPriceBeyond64BitsIsRefusedNotWrapped) {
  AccountLimits account = *a_.gate.account_limits(Appliance::kAccount);
  account.max_qty = 0xFFFF'FFFF;
  account.max_notional = (u64{1} << 63) - 1;
  a_.engine.set(account, 1);
  orders::InstrumentEvent instrument;
  instrument.limits = *a_.gate.instrument_limits(Appliance::kInstrument);
  instrument.limits.max_qty = 0xFFFF'FFFF;
  instrument.limits.max_notional = account.max_notional;
  instrument.limits.collar_bp = 10'000;
  a_.engine.set(instrument, 1);
  PositionLimits position = testing::open_position(Appliance::kAccount, Appliance::kInstrument);
  position.max_long = position.max_short = u64{1} << 40;
  position.account = Appliance::kAccount;
  position.instrument = Appliance::kInstrument;
  a_.engine.set(position, 1);
  ClientRequest order = Appliance::buy(1, 0xFFFF'FFFF);
  order.price = 0xF000'0000;
  MarketState market = Appliance::market();
  market.bid_price = order.price - 1;
  market.ask_price = order.price + 1;
  a_.engine.request(order, market, 1);
  EXPECT_EQ(last().reject_reason, RejectReason::kMaxNotional);
  expect_ledger(0, 0);
}

TEST_F(RaceTest, T16ATickThatChangesOverNightHoldsForWhatIsNew) {
  ClientRequest odd = Appliance::buy(1, 100);
  odd.price = 10'003;
  a_.request(odd);
  a_.venue(ExecKind::kAccepted, kFirst, 100);
  orders::InstrumentEvent instrument;
  instrument.limits = *a_.gate.instrument_limits(Appliance::kInstrument);
  instrument.limits.tick_size = 5;
  a_.engine.set(instrument, 1);
  ClientRequest replace = Appliance::replace(1, 2, 200);
  replace.price = 10'003;
  a_.request(replace);
  EXPECT_EQ(last().reject_reason, RejectReason::kTickSize);
  EXPECT_TRUE(a_.engine.cancel(0, 1, 0, 1));  // what rests can always be canceled
  a_.venue(ExecKind::kCanceled, kFirst, 100);
  expect_ledger(0, 0);
  expect_no_orders();
}

/// What a crash lost: the venue's stream tells of requests that no journal holds.
class LostRequestTest : public RaceTest {
 protected:
  void told_of(ExecKind kind, u64 id, u32 client_ref) {
    orders::VenueReport r = a_.report(kind, id, 100);
    r.clordid = encode_token({0, Appliance::kAccount, client_ref});
    r.instrument = Appliance::kInstrument;
    r.side = Side::kBuy;
    a_.engine.venue_report(r);
  }
  /// Kind and reference of each report.
  std::vector<std::pair<ReportKind, u32>> reports() const {
    std::vector<std::pair<ReportKind, u32>> all;
    for (const ClientReport& r : a_.out.reports) all.emplace_back(r.kind, r.client_ref);
    return all;
  }
};

TEST_F(LostRequestTest, WhatWasSentBeforeAFoundOrderAndIsNotKnownIsRefused) {
  a_.request(Appliance::buy(1, 100));
  a_.out.reports.clear();
  told_of(ExecKind::kAccepted, 4, 4);  // 2 and 3 were refused by us before the crash
  EXPECT_EQ(reports(), (std::vector<std::pair<ReportKind, u32>>{{ReportKind::kRejected, 2},
                                                                {ReportKind::kRejected, 3},
                                                                {ReportKind::kAccepted, 4}}));
  EXPECT_EQ(a_.engine.core().next_order_id(), 5U);
  expect_replay();
}

TEST_F(LostRequestTest, WhatIsRefusedWhileTheVenueIsAwayTakesNoIdOfALostOne) {
  a_.request(Appliance::buy(1, 100));
  a_.out.up = false;  // after the crash; the strategy does not wait for the venue
  ClientRequest of_strategy = Appliance::buy(1, 100);
  of_strategy.session = orders::kStrategySession;
  a_.request(of_strategy);
  of_strategy.client_ref = 2;
  a_.request(of_strategy);
  a_.out.up = true;
  a_.out.reports.clear();
  told_of(ExecKind::kAccepted, 4, 4);
  EXPECT_EQ(reports(), (std::vector<std::pair<ReportKind, u32>>{{ReportKind::kRejected, 2},
                                                                {ReportKind::kRejected, 3},
                                                                {ReportKind::kAccepted, 4}}));
  expect_replay();
}

TEST_F(LostRequestTest, ACancelWhileAReplaceIsPendingGivesAllValueBack) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 300));
  a_.venue(ExecKind::kCanceled, kFirst, 100);
  expect_ledger(0, 0);
  const risk::ScopeUse& firm = a_.gate.scope_use(LimitScope::kFirm, 0);
  EXPECT_EQ(firm.open_buy, 0U);
  EXPECT_EQ(firm.open_orders, 0U);
}

TEST_F(RaceTest, ASweepAlsoCancelsTheReplacementOfAnOrderThatIsBeingCanceled) {
  live_order(100);
  a_.request(Appliance::replace(1, 2, 150));
  ASSERT_TRUE(a_.engine.cancel(0, 1, 0, 3'000));
  const auto all = [](const orders::Order&) { return true; };
  EXPECT_EQ(a_.engine.cancel_where(all, orders::CancelOrigin::kKill, 3'000, 10), 1U);
  EXPECT_EQ(a_.out.canceled.back().first, a_.out.replaced.back().pending_order_id);
  EXPECT_EQ(a_.engine.cancel_where(all, orders::CancelOrigin::kKill, 3'000, 10), 0U);
}

TEST_F(LostRequestTest, AFoundReplaceAtAHigherPriceReservesItsWholeValue) {
  live_order(100);
  orders::VenueReport r = a_.report(ExecKind::kReplaced, kSecond, 100);
  r.previous_order_id = kFirst;
  r.price = 10'100;
  r.clordid = encode_token({0, Appliance::kAccount, 2});
  a_.engine.venue_report(r);
  expect_ledger(0, 100);
  const risk::ScopeUse& firm = a_.gate.scope_use(LimitScope::kFirm, 0);
  EXPECT_EQ(firm.open_buy, 100U * 10'100);
  EXPECT_EQ(firm.open_orders, 1U);
  a_.venue(ExecKind::kCanceled, kSecond, 100);
  EXPECT_EQ(firm.open_buy, 0U);
  expect_ledger(0, 0);
  expect_replay();
}

TEST_F(LostRequestTest, AClientThatLeavesHolesIsNotToldOfEachNumber) {
  told_of(ExecKind::kAccepted, 2, 1'000'000);
  EXPECT_EQ(reports(),
            (std::vector<std::pair<ReportKind, u32>>{{ReportKind::kAccepted, 1'000'000}}));
}

TEST_F(LostRequestTest, ARefusalOfALostOrderReachesItsClient) {
  told_of(ExecKind::kRejected, 1, 1);
  EXPECT_EQ(reports(), (std::vector<std::pair<ReportKind, u32>>{{ReportKind::kRejected, 1}}));
  EXPECT_EQ(counters().unknown_reports, 0U);
  expect_ledger(0, 0);
  expect_replay();
}

}  // namespace
}  // namespace tradsys::engine
