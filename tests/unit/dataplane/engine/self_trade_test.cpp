// Goal: an account never sends an order that would trade with one of its own, in each policy, and a
// replay comes to the same end. Method: resting orders on one side, then one that reaches them.
#include <gtest/gtest.h>

#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::engine {
namespace {

class SelfTradeTest : public ::testing::Test {
 protected:
  void SetUp() override { a_.open_for_trading(); }
  void TearDown() override {
    Appliance again;
    for (const JournalRecord& r : a_.out.records)
      ASSERT_EQ(again.engine.replay(r.type, r.seq, r.payload), ReplayStatus::kApplied);
    EXPECT_EQ(again.engine.core().state_hash(), a_.engine.core().state_hash());
  }
  void use(SelfTrade policy) {
    AccountLimits limits = *a_.gate.account_limits(Appliance::kAccount);
    limits.self_trade = policy;
    a_.engine.set(limits, 1);
  }
  static ClientRequest sell(u32 ref, u32 qty, u32 price) {
    ClientRequest r = Appliance::buy(ref, qty);
    r.side = Side::kSell;
    r.price = price;
    return r;
  }
  /// A sell of 100 at 10,000 that the venue holds; its id.
  u64 rest(u32 ref, u32 price = 10'000) {
    a_.request(sell(ref, 100, price));
    const u64 id = a_.out.entered.back().order_id;
    orders::VenueReport accepted = a_.report(ExecKind::kAccepted, id, 100);
    accepted.price = price;
    a_.engine.venue_report(accepted);
    return id;
  }
  const ClientReport& last() const { return a_.out.reports.back(); }

  Appliance a_;
};

TEST_F(SelfTradeTest, CancelNewestRefusesTheNewOrder) {
  use(SelfTrade::kCancelNewest);
  rest(1);
  a_.request(Appliance::buy(2, 50));
  EXPECT_EQ(last().reject_reason, RejectReason::kSelfTrade);
  EXPECT_EQ(a_.out.entered.size(), 1U);
  EXPECT_TRUE(a_.out.canceled.empty());
  ClientRequest below = Appliance::buy(3, 50);
  below.price = 9'999;
  a_.request(below);
  EXPECT_EQ(a_.out.entered.size(), 2U) << "it does not reach the sell";
}

TEST_F(SelfTradeTest, AnOrderTheVenueHasNotAnsweredCountsAsResting) {
  use(SelfTrade::kCancelNewest);
  a_.request(sell(1, 100, 10'000));
  a_.request(Appliance::buy(2, 50));
  EXPECT_EQ(last().reject_reason, RejectReason::kSelfTrade);
}

TEST_F(SelfTradeTest, OfAPendingReplaceTheMoreAggressivePriceCounts) {
  use(SelfTrade::kCancelNewest);
  rest(1, 10'020);
  ClientRequest lower = Appliance::replace(1, 2, 100);
  lower.price = 10'000;
  a_.request(lower);
  a_.request(Appliance::buy(3, 50));
  EXPECT_EQ(last().reject_reason, RejectReason::kSelfTrade);
}

TEST_F(SelfTradeTest, AReplaceMayNotReachAnOwnOrderEither) {
  use(SelfTrade::kCancelNewest);
  rest(1, 10'020);
  a_.request(Appliance::buy(2, 50));
  a_.venue(ExecKind::kAccepted, a_.out.entered.back().order_id, 50);
  ClientRequest higher = Appliance::replace(2, 3, 50);
  higher.price = 10'020;
  a_.request(higher);
  EXPECT_EQ(last().reject_reason, RejectReason::kSelfTrade);
  EXPECT_TRUE(a_.out.replaced.empty());
}

TEST_F(SelfTradeTest, CancelOldestTakesTheRestingOrdersAwayFirst) {
  use(SelfTrade::kCancelOldest);
  const u64 first = rest(1), second = rest(2);
  rest(3, 10'050);  // out of reach
  a_.request(Appliance::buy(4, 50));
  ASSERT_EQ(a_.out.canceled.size(), 2U);
  EXPECT_TRUE(a_.out.canceled[0].first == first || a_.out.canceled[0].first == second);
  EXPECT_EQ(a_.out.entered.size(), 4U);
  a_.request(Appliance::buy(5, 50));
  EXPECT_EQ(a_.out.canceled.size(), 2U) << "those cancels are on their way";
  EXPECT_EQ(a_.out.entered.size(), 5U);
}

TEST_F(SelfTradeTest, CancelOldestCancelsNothingForAnOrderThatIsRefusedAnyway) {
  use(SelfTrade::kCancelOldest);
  rest(1);
  ClientRequest far = Appliance::buy(2, 50);
  far.price = 20'000;
  a_.request(far);
  EXPECT_EQ(last().reject_reason, RejectReason::kPriceCollar);
  EXPECT_TRUE(a_.out.canceled.empty());
}

TEST_F(SelfTradeTest, OfAnOrderUnderReplacementBothVersionsAreCanceled) {
  use(SelfTrade::kCancelOldest);
  const u64 resting = rest(1, 10'020);
  ClientRequest lower = Appliance::replace(1, 2, 100);
  lower.price = 10'000;
  a_.request(lower);
  const u64 replacement = a_.out.replaced.back().pending_order_id;
  a_.request(Appliance::buy(3, 50));
  ASSERT_EQ(a_.out.canceled.size(), 2U);
  EXPECT_EQ(a_.out.canceled[0].first, resting);
  EXPECT_EQ(a_.out.canceled[1].first, replacement);
}

TEST_F(SelfTradeTest, CancelBothTakesBothAway) {
  use(SelfTrade::kCancelBoth);
  rest(1);
  a_.request(Appliance::buy(2, 50));
  EXPECT_EQ(a_.out.canceled.size(), 1U);
  EXPECT_EQ(last().reject_reason, RejectReason::kSelfTrade);
  EXPECT_EQ(a_.out.entered.size(), 1U);
}

TEST_F(SelfTradeTest, MoreOrdersThanOneRequestMayCancelRefuseIt) {
  use(SelfTrade::kCancelOldest);
  for (u32 ref = 1; ref <= kSelfCancelsMax + 1; ++ref) rest(ref);
  a_.request(Appliance::buy(100, 50));
  EXPECT_EQ(last().reject_reason, RejectReason::kSelfTrade);
  EXPECT_TRUE(a_.out.canceled.empty());
}

TEST_F(SelfTradeTest, OtherAccountsAndEndedOrdersDoNotCount) {
  use(SelfTrade::kCancelNewest);
  const u64 ended = rest(1);
  a_.venue(ExecKind::kCanceled, ended, 100);
  ClientRequest other = sell(2, 100, 10'000);
  other.account = 1;
  a_.request(other);
  a_.request(Appliance::buy(3, 50));
  EXPECT_EQ(a_.out.entered.size(), 3U);
}

TEST_F(SelfTradeTest, AMarketOrderReachesEveryPrice) {
  use(SelfTrade::kCancelNewest);
  rest(1, 10'400);
  ClientRequest market = Appliance::buy(2, 50);
  market.order_type = OrderType::kMarket;
  market.tif = TimeInForce::kIoc;
  market.price = kMarketPrice;
  a_.request(market);
  EXPECT_EQ(last().reject_reason, RejectReason::kSelfTrade);
}

}  // namespace
}  // namespace tradsys::engine
