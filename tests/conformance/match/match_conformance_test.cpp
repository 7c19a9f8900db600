// Goal: every matching engine of the project means the same by price-time priority, order by order
// and event by event. Method: short hand-written flows whose events were derived by hand from the
// rules in match_types.hpp (never from an engine's output), run against each engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hostsw/match/match_engine.hpp"
#include "hostsw/match/reference_match.hpp"
#include "tests/support/match_recorder.hpp"

namespace tradsys::match {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using tradsys::testing::MatchRecorder;
using tradsys::testing::resting_lines;

template <class Engine>
class Match : public ::testing::Test {
 protected:
  static constexpr u16 kInstrument = 1;
  static constexpr MatchConfig kConfig{
      .instruments_max = 3, .orders_max = 8, .price_blocks_max = 64, .first_match_number = 1};

  NewOrder order(u64 id, Side side, u32 qty, u32 price) const {
    return {id, 1, kInstrument, side, OrderType::kLimit, TimeInForce::kDay, price, qty};
  }
  void buy(u64 id, u32 qty, u32 price) { engine_.submit(order(id, Side::kBuy, qty, price)); }
  void sell(u64 id, u32 qty, u32 price) { engine_.submit(order(id, Side::kSell, qty, price)); }
  void ioc(u64 id, Side side, u32 qty, u32 price) {
    NewOrder o = order(id, side, qty, price);
    o.tif = TimeInForce::kIoc;
    engine_.submit(o);
  }
  void market(u64 id, Side side, u32 qty) {
    NewOrder o = order(id, side, qty, 0);
    o.type = OrderType::kMarket;
    engine_.submit(o);
  }
  auto bids() const { return resting_lines(engine_, kInstrument, Side::kBuy); }
  auto asks() const { return resting_lines(engine_, kInstrument, Side::kSell); }

  /// A call that must change nothing but say `lines`.
  template <class Call>
  void expect_refused(Call call, const std::string& line) {
    const u64 before = engine_.hash();
    const u32 live = engine_.live_orders();
    recorder_.take();
    call();
    EXPECT_THAT(recorder_.take(), ElementsAre(line));
    EXPECT_EQ(engine_.hash(), before);
    EXPECT_EQ(engine_.live_orders(), live);
  }

  MatchRecorder recorder_;
  Engine engine_{kConfig, recorder_};
};

using Engines = ::testing::Types<ReferenceMatch<MatchRecorder>, MatchEngine<MatchRecorder>>;
struct EngineName {
  template <class Engine>
  static std::string GetName(int) {
    return std::is_same_v<Engine, ReferenceMatch<MatchRecorder>> ? "Reference" : "Engine";
  }
};
TYPED_TEST_SUITE(Match, Engines, EngineName);

TYPED_TEST(Match, RestsAnOrderThatMeetsNobody) {
  this->buy(1, 100, 1000);
  EXPECT_THAT(this->recorder_.take(), ElementsAre("accept 1", "A 1 buy 100@1000 owner 1 i1"));
  EXPECT_EQ(this->engine_.best_price(1, Side::kBuy), 1000U);
  EXPECT_EQ(this->engine_.best_price(1, Side::kSell), 0U);
  EXPECT_EQ(this->engine_.live_orders(), 1U);
}

TYPED_TEST(Match, TradesAtTheRestingPriceNotAtTheAggressorsPrice) {
  this->sell(1, 100, 1000);
  this->recorder_.take();
  this->buy(2, 100, 1005);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 2", "trade 1<2 100@1000 #1 left 0/0 owner 1<1 i1 buy"));
  EXPECT_EQ(this->engine_.live_orders(), 0U);
}

TYPED_TEST(Match, ServesTheOldestOrderOfAPriceFirst) {
  this->buy(5, 10, 1000);
  this->buy(3, 10, 1000);
  this->buy(4, 10, 1000);
  this->recorder_.take();
  this->sell(9, 25, 1000);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 9", "trade 5<9 10@1000 #1 left 0/15 owner 1<1 i1 sell",
                          "trade 3<9 10@1000 #2 left 0/5 owner 1<1 i1 sell",
                          "trade 4<9 5@1000 #3 left 5/0 owner 1<1 i1 sell"));
  EXPECT_THAT(this->bids(), ElementsAre("4 buy 5@1000 owner 1 i1"));
}

TYPED_TEST(Match, ServesTheBestPriceBeforeAnOlderOrder) {
  this->sell(1, 10, 1002);
  this->sell(2, 10, 1001);
  this->sell(3, 10, 1100);
  this->recorder_.take();
  this->buy(9, 30, 1002);
  EXPECT_THAT(
      this->recorder_.take(),
      ElementsAre("accept 9", "trade 2<9 10@1001 #1 left 0/20 owner 1<1 i1 buy",
                  "trade 1<9 10@1002 #2 left 0/10 owner 1<1 i1 buy", "A 9 buy 10@1002 owner 1 i1"));
  EXPECT_EQ(this->engine_.best_price(1, Side::kBuy), 1002U);
  EXPECT_EQ(this->engine_.best_price(1, Side::kSell), 1100U);
}

TYPED_TEST(Match, RestedRemainderBecomesTheTouchAndTradesNext) {
  this->sell(1, 10, 1000);
  this->buy(2, 30, 1000);
  this->recorder_.take();
  this->sell(3, 20, 990);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 3", "trade 2<3 20@1000 #2 left 0/0 owner 1<1 i1 sell"));
}

TYPED_TEST(Match, DoesNotTradeOneStepApart) {
  this->sell(1, 10, 1001);
  this->buy(2, 10, 1000);
  EXPECT_THAT(this->bids(), ElementsAre("2 buy 10@1000 owner 1 i1"));
  EXPECT_THAT(this->asks(), ElementsAre("1 sell 10@1001 owner 1 i1"));
}

TYPED_TEST(Match, CancelsTheRemainderOfAnImmediateOrder) {
  this->sell(1, 10, 1000);
  this->sell(2, 10, 1001);
  this->recorder_.take();
  this->ioc(3, Side::kBuy, 15, 1000);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 3", "trade 1<3 10@1000 #1 left 0/5 owner 1<1 i1 buy",
                          "cancel 3 -5 left 0 immediate owner 1 i1 buy @1000"));
  EXPECT_THAT(this->bids(), IsEmpty());
}

TYPED_TEST(Match, MarketOrderOnAnEmptyBookIsCanceled) {
  this->market(1, Side::kSell, 10);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 1", "cancel 1 -10 left 0 market owner 1 i1 sell @0"));
  EXPECT_EQ(this->engine_.live_orders(), 0U);
}

TYPED_TEST(Match, MarketOrderTakesEveryPriceAndNeverRests) {
  this->buy(1, 10, 1);
  this->buy(2, 10, kMarketPrice - 1);
  this->recorder_.take();
  this->market(3, Side::kSell, 25);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 3", "trade 2<3 10@4294967294 #1 left 0/15 owner 1<1 i1 sell",
                          "trade 1<3 10@1 #2 left 0/5 owner 1<1 i1 sell",
                          "cancel 3 -5 left 0 market owner 1 i1 sell @0"));
}

TYPED_TEST(Match, MarketBuyTakesTheHighestAsk) {
  this->sell(1, 10, kMarketPrice - 1);
  this->recorder_.take();
  this->market(2, Side::kBuy, 10);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 2", "trade 1<2 10@4294967294 #1 left 0/0 owner 1<1 i1 buy"));
}

TYPED_TEST(Match, ShortSaleRestsAndTradesAsASale) {
  this->engine_.submit(this->order(1, Side::kSellShort, 10, 1000));
  this->sell(2, 10, 1000);
  this->recorder_.take();
  this->buy(3, 15, 1000);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 3", "trade 1<3 10@1000 #1 left 0/5 owner 1<1 i1 buy",
                          "trade 2<3 5@1000 #2 left 5/0 owner 1<1 i1 buy"));
  this->engine_.submit(this->order(4, Side::kSellShort, 10, 1001));
  EXPECT_THAT(this->recorder_.take(), ElementsAre("accept 4", "A 4 sell_short 10@1001 owner 1 i1"));
}

TYPED_TEST(Match, CancelTakesAnOrderOutOfTheMiddleOfItsQueue) {
  for (u64 id = 1; id <= 5; ++id) this->buy(id, 10, 1000);
  this->recorder_.take();
  this->engine_.cancel(3, 0);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("cancel 3 -10 left 0 requested owner 1 i1 buy @1000",
                          "D 3 buy 10@1000 owner 1 i1"));
  this->engine_.cancel(1, 0);
  this->engine_.cancel(5, 0);
  EXPECT_THAT(this->bids(), ElementsAre("2 buy 10@1000 owner 1 i1", "4 buy 10@1000 owner 1 i1"));
}

TYPED_TEST(Match, CancelOfTheLastOrderAtTheBestPriceUncoversTheNext) {
  this->sell(1, 10, 1000);
  this->sell(2, 10, 70'000'000);
  this->engine_.cancel(1, 0);
  EXPECT_EQ(this->engine_.best_price(1, Side::kSell), 70'000'000U);
  this->engine_.cancel(2, 0);
  EXPECT_EQ(this->engine_.best_price(1, Side::kSell), 0U);
}

TYPED_TEST(Match, ReduceKeepsThePlaceInTheQueue) {
  this->buy(1, 100, 1000);
  this->buy(2, 100, 1000);
  this->recorder_.take();
  this->engine_.cancel(1, 40);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("cancel 1 -60 left 40 requested owner 1 i1 buy @1000",
                          "X 1 buy 40@1000 owner 1 i1 -60"));
  this->ioc(3, Side::kSell, 50, 1000);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 3", "trade 1<3 40@1000 #1 left 0/10 owner 1<1 i1 sell",
                          "trade 2<3 10@1000 #2 left 90/0 owner 1<1 i1 sell"));
}

TYPED_TEST(Match, ReduceAfterAPartialFillCountsOpenQuantity) {
  this->buy(1, 100, 1000);
  this->ioc(2, Side::kSell, 30, 1000);
  this->engine_.cancel(1, 50);
  EXPECT_THAT(this->bids(), ElementsAre("1 buy 50@1000 owner 1 i1"));
  this->expect_refused([this] { this->engine_.cancel(1, 50); }, "cancel-reject 1 invalid_quantity");
  this->expect_refused([this] { this->engine_.cancel(1, 70); }, "cancel-reject 1 invalid_quantity");
}

TYPED_TEST(Match, ReplaceAtAnotherPriceMovesTheOrder) {
  this->buy(1, 100, 1000);
  this->recorder_.take();
  this->engine_.replace(1, 2, 1001, 150);
  EXPECT_THAT(this->recorder_.take(), ElementsAre("replace 1>2 100@1000 > 150@1001 owner 1 i1 buy",
                                                  "U 1>2 buy 150@1001 owner 1 i1"));
  EXPECT_THAT(this->bids(), ElementsAre("2 buy 150@1001 owner 1 i1"));
  this->expect_refused([this] { this->engine_.cancel(1, 0); }, "cancel-reject 1 unknown_order");
}

TYPED_TEST(Match, ReplaceLosesThePlaceInTheQueueEvenWhenItOnlyReduces) {
  this->sell(1, 100, 1000);
  this->sell(2, 100, 1000);
  this->engine_.replace(1, 3, 1000, 50);
  EXPECT_THAT(this->asks(), ElementsAre("2 sell 100@1000 owner 1 i1", "3 sell 50@1000 owner 1 i1"));
}

TYPED_TEST(Match, ReplaceIntoTheOtherSideTradesAndRestsTheRemainder) {
  this->sell(1, 30, 1005);
  this->buy(2, 100, 1000);
  this->recorder_.take();
  this->engine_.replace(2, 3, 1005, 80);
  EXPECT_THAT(
      this->recorder_.take(),
      ElementsAre("replace 2>3 100@1000 > 80@1005 owner 1 i1 buy", "D 2 buy 100@1000 owner 1 i1",
                  "trade 1<3 30@1005 #1 left 0/50 owner 1<1 i1 buy", "A 3 buy 50@1005 owner 1 i1"));
}

TYPED_TEST(Match, ReplaceThatTradesInFullLeavesNothing) {
  this->sell(1, 30, 1005);
  this->buy(2, 30, 1000);
  this->recorder_.take();
  this->engine_.replace(2, 3, 1010, 30);
  EXPECT_THAT(
      this->recorder_.take(),
      ElementsAre("replace 2>3 30@1000 > 30@1010 owner 1 i1 buy", "D 2 buy 30@1000 owner 1 i1",
                  "trade 1<3 30@1005 #1 left 0/0 owner 1<1 i1 buy"));
  EXPECT_EQ(this->engine_.live_orders(), 0U);
}

TYPED_TEST(Match, ReplaceOfAPartlyFilledOrderUsesTheNewOpenQuantity) {
  this->buy(1, 100, 1000);
  this->ioc(2, Side::kSell, 60, 1000);
  this->recorder_.take();
  this->engine_.replace(1, 3, 1000, 70);
  EXPECT_THAT(this->recorder_.take(), ElementsAre("replace 1>3 40@1000 > 70@1000 owner 1 i1 buy",
                                                  "U 1>3 buy 70@1000 owner 1 i1"));
}

TYPED_TEST(Match, RefusesToCancelOrReplaceAFilledOrder) {
  this->buy(1, 100, 1000);
  this->sell(2, 100, 1000);
  for (const u64 id : {u64{1}, u64{2}, u64{77}}) {
    const std::string name = std::to_string(id);
    this->expect_refused([&] { this->engine_.cancel(id, 0); },
                         "cancel-reject " + name + " unknown_order");
    this->expect_refused([&] { this->engine_.replace(id, 5, 1000, 10); },
                         "replace-reject " + name + ">5 unknown_order");
  }
}

TYPED_TEST(Match, RefusesADuplicateOfALiveIdOnEveryInstrument) {
  this->buy(1, 100, 1000);
  this->buy(2, 100, 1000);
  NewOrder again = this->order(1, Side::kSell, 5, 2000);
  again.instrument = 2;
  this->expect_refused([&] { this->engine_.submit(again); }, "reject 1 duplicate_id");
  this->expect_refused([&] { this->engine_.replace(1, 2, 1000, 10); },
                       "replace-reject 1>2 duplicate_id");
  this->expect_refused([&] { this->engine_.replace(1, 1, 1000, 10); },
                       "replace-reject 1>1 duplicate_id");
}

TYPED_TEST(Match, TakesTheIdOfADeadOrderAgain) {
  this->buy(1, 100, 1000);
  this->engine_.cancel(1, 0);
  this->sell(1, 50, 1000);
  EXPECT_THAT(this->asks(), ElementsAre("1 sell 50@1000 owner 1 i1"));
  EXPECT_THAT(this->bids(), IsEmpty());
}

TYPED_TEST(Match, RefusesOrdersThatAreNotOrders) {
  const auto refuse = [&](auto change, const char* reason) {
    NewOrder o = this->order(9, Side::kBuy, 10, 1000);
    change(o);
    this->expect_refused([&] { this->engine_.submit(o); }, std::string("reject 9 ") + reason);
  };
  this->engine_.set_rules(2, {.price_step = 100, .price_max = 20'000});
  refuse([](NewOrder& o) { o.instrument = 3; }, "unknown_instrument");
  refuse([](NewOrder& o) { o.instrument = 0xFFFF; }, "unknown_instrument");
  refuse([](NewOrder& o) { o.side = Side::kNone; }, "invalid_side");
  refuse([](NewOrder& o) { o.side = static_cast<Side>(200); }, "invalid_side");
  refuse([](NewOrder& o) { o.type = static_cast<OrderType>(2); }, "invalid_type");
  refuse([](NewOrder& o) { o.tif = static_cast<TimeInForce>(2); }, "invalid_type");
  refuse([](NewOrder& o) { o.qty = 0; }, "invalid_quantity");
  refuse([](NewOrder& o) { o.price = 0; }, "invalid_price");
  refuse([](NewOrder& o) { o.price = kMarketPrice; }, "invalid_price");
  refuse([](NewOrder& o) { o = {9, 1, 2, Side::kBuy, o.type, o.tif, 20'100, 1}; }, "invalid_price");
  refuse([](NewOrder& o) { o = {9, 1, 2, Side::kBuy, o.type, o.tif, 10'050, 1}; }, "tick_size");
}

TYPED_TEST(Match, ReplaceRefusesWhatANewOrderMayNotBeAndTheOrderStands) {
  this->engine_.set_rules(1, {.price_step = 10, .price_max = 20'000});
  this->buy(1, 100, 1000);
  const auto refuse = [&](u32 price, u32 qty, const char* reason) {
    this->expect_refused([&] { this->engine_.replace(1, 2, price, qty); },
                         std::string("replace-reject 1>2 ") + reason);
  };
  refuse(1000, 0, "invalid_quantity");
  refuse(0, 10, "invalid_price");
  refuse(20'010, 10, "invalid_price");
  refuse(1005, 10, "tick_size");
  EXPECT_THAT(this->bids(), ElementsAre("1 buy 100@1000 owner 1 i1"));
}

TYPED_TEST(Match, RefusesTheOrderThatDoesNotFitAndServesThoseThatNeedNoPlace) {
  for (u64 id = 1; id <= 8; ++id) this->buy(id, 10, 1000);
  this->expect_refused([this] { this->sell(9, 10, 1000); }, "reject 9 system_busy");
  this->engine_.replace(1, 10, 1001, 10);
  EXPECT_EQ(this->engine_.best_price(1, Side::kBuy), 1001U);
  this->ioc(11, Side::kSell, 10, 1001);
  this->buy(12, 10, 900);
  EXPECT_EQ(this->engine_.live_orders(), 8U);
}

TYPED_TEST(Match, OrdersOfOneOwnerTradeAndTheTradeNamesBothOwners) {
  NewOrder o = this->order(1, Side::kBuy, 10, 1000);
  o.owner = 7;
  this->engine_.submit(o);
  o = this->order(2, Side::kSell, 4, 1000);
  o.owner = 7;
  this->engine_.submit(o);
  o = this->order(3, Side::kSell, 6, 1000);
  o.owner = 8;
  this->recorder_.take();
  this->engine_.submit(o);
  EXPECT_THAT(this->recorder_.take(),
              ElementsAre("accept 3", "trade 1<3 6@1000 #2 left 0/0 owner 7<8 i1 sell"));
}

TYPED_TEST(Match, NumbersTradesWithoutGapsOverAllInstruments) {
  for (u16 instrument = 0; instrument < 3; ++instrument) {
    NewOrder o = this->order(1, Side::kBuy, 10, 1000);
    o.instrument = instrument;
    this->engine_.submit(o);
    o.side = Side::kSell;
    o.order_id = 2;
    this->recorder_.take();
    this->engine_.submit(o);
    EXPECT_THAT(this->recorder_.lines.back(),
                ::testing::HasSubstr(" #" + std::to_string(instrument + 1) + " "));
  }
  EXPECT_EQ(this->engine_.next_match_number(), 4U);
}

TYPED_TEST(Match, InstrumentsDoNotMeet) {
  NewOrder o = this->order(1, Side::kSell, 10, 1000);
  o.instrument = 0;
  this->engine_.submit(o);
  this->buy(2, 10, 1000);
  EXPECT_EQ(this->engine_.best_price(0, Side::kSell), 1000U);
  EXPECT_EQ(this->engine_.best_price(1, Side::kBuy), 1000U);
}

TYPED_TEST(Match, FindsALiveOrderByItsId) {
  this->buy(1, 100, 1000);
  this->ioc(2, Side::kSell, 30, 1000);
  RestingOrder found;
  ASSERT_TRUE(this->engine_.find(1, found));
  EXPECT_EQ(found, (RestingOrder{1, 1, 1, Side::kBuy, 1000, 70}));
  EXPECT_FALSE(this->engine_.find(2, found));
}

TYPED_TEST(Match, HashTellsStatesApartThatDifferOnlyInPriority) {
  this->buy(1, 10, 1000);
  this->buy(2, 10, 1000);
  const u64 first = this->engine_.hash();
  this->engine_.replace(1, 3, 1000, 10);
  this->engine_.replace(3, 1, 1000, 10);
  EXPECT_NE(this->engine_.hash(), first);
  this->engine_.replace(2, 3, 1000, 10);
  this->engine_.replace(3, 2, 1000, 10);
  EXPECT_EQ(this->engine_.hash(), first);
}

}  // namespace
}  // namespace tradsys::match
