// Goal: the market maker's mind follows the stream exactly, leans against its position, never
// quotes beyond its bound or where there is no market. Method: events and prices by hand.
#include "hostsw/client/examples/maker.hpp"

#include <gtest/gtest.h>

namespace tradsys::client {
namespace {

/// A row of the board with nothing but its prices.
constexpr Quote quote_of(u32 bid, u32 ask, u32 trading = 1) {
  Quote q;
  q.bid_price = bid;
  q.ask_price = ask;
  q.trading = trading;
  return q;
}
constexpr Quote kMarket = quote_of(10'000, 10'200);

class MakerTest : public ::testing::Test {
 protected:
  Maker maker_{{.symbol = {}, .qty = 100, .edge = 200, .tick = 100, .position_max = 1'000}};

  void live(Event::Kind kind, u32 ref, Way way, u32 qty, u32 price) {
    maker_.on_event({.kind = kind, .ref = ref, .qty = qty, .price = price, .way = way});
  }
  void about(Event::Kind kind, u32 ref, u32 qty = 0) {
    maker_.on_event({.kind = kind, .ref = ref, .qty = qty});
  }
  /// Buys so much in orders of their own.
  void buy(u32 qty) {
    live(Event::Kind::kAccepted, 90, Way::kBuy, qty, 1);
    about(Event::Kind::kExecuted, 90, qty);
  }
  [[nodiscard]] Target bid(const Quote& q = kMarket) { return maker_.target(maker_.side(0), q); }
  [[nodiscard]] Target ask(const Quote& q = kMarket) { return maker_.target(maker_.side(1), q); }
};

TEST_F(MakerTest, WithoutAPositionItQuotesBehindBothBestPrices) {
  EXPECT_EQ(bid().price, 9'800U);
  EXPECT_EQ(ask().price, 10'400U);
  EXPECT_EQ(bid().qty, 100U);
}

TEST_F(MakerTest, WhatItHoldsMovesBothQuotesAwayFromMore) {
  buy(500);
  EXPECT_EQ(maker_.position(), 500);
  EXPECT_EQ(bid().price, 9'700U);
  EXPECT_EQ(ask().price, 10'300U);
}

TEST_F(MakerTest, ItNeverQuotesBeyondItsBound) {
  buy(950);
  EXPECT_EQ(bid().qty, 50U);
  buy(50);
  EXPECT_EQ(bid().qty, 0U);
  EXPECT_EQ(ask().qty, 100U);
  EXPECT_EQ(ask().price, 10'200U) << "at its bound it sells at the best price, not through it";
}

TEST_F(MakerTest, WithoutAMarketItQuotesNothing) {
  for (const Quote& q : {quote_of(10'000, 10'200, 0), quote_of(0, 10'200), quote_of(10'000, 0),
                         quote_of(10'000, 10'000), quote_of(150, 160)})
    EXPECT_EQ(bid(q).qty, 0U);
}

TEST_F(MakerTest, AReplacedOrderKeepsWhatWasFilled) {
  live(Event::Kind::kAccepted, 1, Way::kSell, 100, 10'400);
  about(Event::Kind::kExecuted, 1, 30);
  live(Event::Kind::kReplaced, 2, Way::kSell, 70, 10'300);
  EXPECT_EQ(maker_.side(1).ref, 2U);
  EXPECT_EQ(maker_.side(1).filled, 30U);
  EXPECT_EQ(maker_.side(1).open, 70U);
  EXPECT_EQ(maker_.position(), -30);
  about(Event::Kind::kCanceled, 2, 70);
  EXPECT_TRUE(maker_.flat_book());
}

TEST_F(MakerTest, ARefusalIsTakenUntilThePriceChanges) {
  maker_.side(0).asked = 7;
  EXPECT_FALSE(maker_.flat_book());
  about(Event::Kind::kRejected, 7);
  EXPECT_TRUE(maker_.side(0).refused);
  EXPECT_FALSE(maker_.side(1).refused);
  EXPECT_EQ(maker_.rejects(), 1U);
  EXPECT_TRUE(maker_.flat_book());
}

TEST_F(MakerTest, AnOrderThatDiedOnArrivalIsNone) {
  maker_.side(0).asked = 3;
  live(Event::Kind::kAccepted, 3, Way::kBuy, 0, 9'800);
  EXPECT_TRUE(maker_.flat_book());
}

}  // namespace
}  // namespace tradsys::client
