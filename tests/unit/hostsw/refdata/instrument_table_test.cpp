// Goal: instruments are found by symbol and by venue number, capacity is a wall, and nothing is
// found that
//   was not put in. Method: a full table of random symbols against std::map; hand-made refusals.
#include "hostsw/refdata/instrument_table.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/seed.hpp"

namespace tradsys::refdata {
namespace {

InstrumentTable make_table(u32 capacity) {
  InstrumentTable table = InstrumentTable::make(capacity).value();
  EXPECT_EQ(table.add_tick_table(BookTicks::fixed(100)).value(), 0);
  return table;
}
Instrument named(std::string_view name, u16 locate = 0) {
  return {.symbol = Symbol::from(name), .venue_locate = locate};
}

TEST(InstrumentTable, FindsWhatWasAddedAndNothingElse) {
  InstrumentTable table = make_table(3);
  EXPECT_EQ(table.add(named("COMI", 17)).value(), InstrumentIndex{0});
  EXPECT_EQ(table.add(named("FAB", 4)).value(), InstrumentIndex{1});
  EXPECT_EQ(table.find(Symbol::from("COMI")), InstrumentIndex{0});
  EXPECT_EQ(table.find(Symbol::from("COM")), kNoInstrument);
  EXPECT_EQ(table.by_locate(4), InstrumentIndex{1});
  EXPECT_EQ(table.by_locate(5), kNoInstrument);
  EXPECT_EQ(table.by_locate(0), kNoInstrument);
  EXPECT_EQ(table.row({1}).symbol.str(), "FAB");
  EXPECT_EQ(table.row({1}).state, TradingState::kUnknown);
  EXPECT_EQ(table.ticks({1}).tick_at(5), 100U);
}

TEST(InstrumentTable, AgreesWithAMapWhenFull) {
  Random random(testing::test_seed(11));
  constexpr u32 kCapacity = 8'192;
  InstrumentTable table = make_table(kCapacity);
  std::map<std::string, u16> expected;
  while (expected.size() < kCapacity) {
    std::string name;
    for (u64 n = random.between(1, 8); n > 0; --n)
      name += static_cast<char>('A' + random.below(26));
    const bool fresh = !expected.contains(name);
    const auto added = table.add(named(name));
    ASSERT_EQ(added.ok(), fresh) << name;
    if (fresh) expected[name] = added.value().v;
  }
  EXPECT_FALSE(table.add(named("lower")).ok());
  for (const auto& [name, index] : expected)
    ASSERT_EQ(table.find(Symbol::from(name)), InstrumentIndex{index}) << name;
  for (u32 i = 0; i < 10'000; ++i) {
    const std::string absent = "#" + std::to_string(i);
    ASSERT_EQ(table.find(Symbol::from(absent)), kNoInstrument);
  }
}

TEST(InstrumentTable, RefusesWhatCannotBeTraded) {
  InstrumentTable table = make_table(2);
  ASSERT_TRUE(table.add(named("A", 1)).ok());
  EXPECT_FALSE(table.add(named("A", 2)).ok());
  EXPECT_FALSE(table.add(named("B", 1)).ok());
  Instrument wrong = named("B", 2);
  wrong.lot_size = 0;
  EXPECT_FALSE(table.add(wrong).ok());
  wrong = named("B", 2);
  wrong.price_decimals = 9;
  EXPECT_FALSE(table.add(wrong).ok());
  wrong = named("B", 2);
  wrong.tick_table = 1;
  EXPECT_FALSE(table.add(wrong).ok());
  EXPECT_EQ(table.count(), 1U);
  EXPECT_TRUE(table.add(named("B", 2)).ok());
  EXPECT_FALSE(table.add(named("C")).ok()) << "full";
  EXPECT_FALSE(InstrumentTable::make(0).ok());
  EXPECT_FALSE(InstrumentTable::make(65'536).ok());
}

TEST(InstrumentTable, MovesVenueNumbersFromDayToDay) {
  InstrumentTable table = make_table(2);
  ASSERT_TRUE(table.add(named("A", 1)).ok());
  ASSERT_TRUE(table.add(named("B", 2)).ok());
  EXPECT_FALSE(table.bind_locate({0}, 2)) << "taken";
  EXPECT_TRUE(table.bind_locate({1}, 0));
  EXPECT_TRUE(table.bind_locate({0}, 2));
  EXPECT_EQ(table.by_locate(2), InstrumentIndex{0});
  EXPECT_EQ(table.by_locate(1), kNoInstrument);
  EXPECT_TRUE(table.bind_locate({0}, 2)) << "again";
}

TEST(InstrumentTable, SharesEqualTickTablesAndChangesThemLater) {
  InstrumentTable table = make_table(1);
  EXPECT_EQ(table.add_tick_table(BookTicks::fixed(100)).value(), 0);
  EXPECT_EQ(table.add_tick_table(BookTicks::fixed(1)).value(), 1);
  EXPECT_FALSE(table.add_tick_table(BookTicks{}).ok());
  ASSERT_TRUE(table.add(named("A")).ok());
  EXPECT_TRUE(table.set_tick_table({0}, 1));
  EXPECT_EQ(table.ticks({0}).tick_at(9), 1U);
  EXPECT_FALSE(table.set_tick_table({0}, 2));
  table.set_state({0}, TradingState::kHalted);
  EXPECT_EQ(table.row({0}).state, TradingState::kHalted);
}

}  // namespace
}  // namespace tradsys::refdata
