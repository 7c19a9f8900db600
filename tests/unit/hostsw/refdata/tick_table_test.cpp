// Goal: price steps by band are exact on every edge. Method: the ADX and EGX tables by hand, and
// every price
//   of a small range against a search by trial.
#include "hostsw/refdata/tick_table.hpp"

#include <gtest/gtest.h>

namespace tradsys::refdata {
namespace {

BookTicks adx_in_fils() {
  BookTicks ticks;
  EXPECT_EQ(ticks.append(0, 1), nullptr);
  EXPECT_EQ(ticks.append(1'000, 10), nullptr);
  EXPECT_EQ(ticks.append(10'000, 20), nullptr);
  EXPECT_EQ(ticks.append(50'000, 50), nullptr);
  EXPECT_EQ(ticks.append(100'000, 100), nullptr);
  return ticks;
}

TEST(TickTable, ChangesTheStepExactlyAtTheEdgeOfABand) {
  const BookTicks ticks = adx_in_fils();
  EXPECT_EQ(ticks.tick_at(999), 1U);
  EXPECT_EQ(ticks.tick_at(1'000), 10U);
  EXPECT_EQ(ticks.tick_at(9'999), 10U);
  EXPECT_EQ(ticks.tick_at(49'980), 20U);
  EXPECT_EQ(ticks.tick_at(50'000), 50U);
  EXPECT_EQ(ticks.tick_at(4'000'000'000U), 100U);
  EXPECT_EQ(ticks.finest(), 1U);
  EXPECT_TRUE(ticks.on_tick(49'980));
  EXPECT_FALSE(ticks.on_tick(49'990));
  EXPECT_TRUE(ticks.on_tick(50'000));
}

TEST(TickTable, RoundsToTheNearestValidPriceAcrossBands) {
  const BookTicks ticks = adx_in_fils();
  for (u32 price = 9'900; price < 10'100; ++price) {
    u32 down = price, up = price;
    while (!ticks.on_tick(down)) --down;
    while (!ticks.on_tick(up)) ++up;
    EXPECT_EQ(ticks.round_down(price), down) << price;
    EXPECT_EQ(ticks.round_up(price), up) << price;
  }
  EXPECT_EQ(ticks.round_up(49'990), 50'000U);
}

TEST(TickTable, ReachesTheStartOfABandThatIsOffTheGridBelow) {
  BookTicks ticks;
  ASSERT_EQ(ticks.append(0, 7), nullptr);
  ASSERT_EQ(ticks.append(100, 10), nullptr);
  EXPECT_EQ(ticks.round_up(99), 100U);
  EXPECT_EQ(ticks.round_down(99), 98U);
}

TEST(TickTable, RefusesBandsThatMakeNoTable) {
  BookTicks ticks;
  EXPECT_NE(ticks.append(5, 1), nullptr) << "must start at 0";
  EXPECT_NE(ticks.append(0, 0), nullptr) << "a tick must be above 0";
  EXPECT_EQ(ticks.append(0, 1), nullptr);
  EXPECT_NE(ticks.append(0, 1), nullptr) << "must ascend";
  EXPECT_NE(ticks.append(15, 10), nullptr) << "must start on its own grid";
  for (u32 band = 1; band < kTickBandsMax; ++band) EXPECT_EQ(ticks.append(band * 10, 1), nullptr);
  EXPECT_NE(ticks.append(1'000, 1), nullptr) << "must fit";
  EXPECT_FALSE(BookTicks{}.on_tick(5)) << "an empty table has no valid price";
}

TEST(TickTable, ConvertsToBookUnitsOnlyWithoutLoss) {
  TickTable egx;
  ASSERT_EQ(egx.append(0, 100'000), nullptr);  // 0.001
  ASSERT_EQ(egx.append(200'000'000, 1'000'000), nullptr);  // 0.01 from 2.00
  const auto ticks = to_book_ticks(egx, 3);
  ASSERT_TRUE(ticks.ok());
  EXPECT_EQ(ticks.value().tick_at(1'999), 1U);
  EXPECT_EQ(ticks.value().tick_at(2'000), 10U);
  EXPECT_FALSE(to_book_ticks(egx, 2).ok()) << "0.001 has no place in two decimals";
}

}  // namespace
}  // namespace tradsys::refdata
