// Goal: the ladder finds the next occupied tick at any distance, and gives every node back. Method:
// hand-made ticks at the borders of blocks and levels, then random ticks against std::set.
#include "hostsw/match/price_ladder.hpp"

#include <gtest/gtest.h>

#include <set>

#include "hostsw/core/random.hpp"

namespace tradsys::match {
namespace {

constexpr u32 kLowest = 0;
constexpr u32 kHighest = 0xFFFF'FFFF;

class Ladder : public ::testing::Test {
 protected:
  void add(u32 tick) { ladders_.occupy(ladders_.touch(root_, tick), tick); }
  void drop(u32 tick) { ladders_.vacate(root_, ladders_.find(root_, tick), tick); }
  u32 above(u32 tick) {
    return ladders_.next_above(root_, ladders_.find(root_, tick), tick, kHighest);
  }
  u32 below(u32 tick) {
    return ladders_.next_below(root_, ladders_.find(root_, tick), tick, kLowest);
  }

  PriceLadders ladders_{64};
  LadderRoot root_;
};

TEST_F(Ladder, FindsNeighboursInOneBlockAndAcrossBlocks) {
  for (const u32 tick : {1U, 63U, 64U, 4'095U, 4'096U, 262'143U, 262'144U, 4'294'967'294U})
    add(tick);
  EXPECT_EQ(above(1), 63U);
  EXPECT_EQ(above(63), 64U);
  EXPECT_EQ(above(64), 4'095U);
  EXPECT_EQ(above(4'096), 262'143U);
  EXPECT_EQ(above(262'144), 4'294'967'294U);
  EXPECT_EQ(above(4'294'967'294U), kHighest);
  EXPECT_EQ(below(4'294'967'294U), 262'144U);
  EXPECT_EQ(below(262'143), 4'096U);
  EXPECT_EQ(below(4'096), 4'095U);
  EXPECT_EQ(below(1), kLowest);
}

TEST_F(Ladder, DoesNotFindWhatIsNotThere) {
  EXPECT_EQ(ladders_.find(root_, 5), PriceLadders::kNone);
  add(5);
  EXPECT_NE(ladders_.find(root_, 5), PriceLadders::kNone);
  EXPECT_EQ(ladders_.find(root_, 64), PriceLadders::kNone);
  EXPECT_EQ(ladders_.find(root_, 4'000'000'000U), PriceLadders::kNone);
}

TEST_F(Ladder, GivesEveryBlockAndNodeBack) {
  const u32 nodes = ladders_.nodes_free();
  add(100);
  const u32 nodes_of_one = ladders_.nodes_free();
  add(4'294'967'294U);
  EXPECT_EQ(root_.height, PriceLadders::kHeightMax);
  drop(4'294'967'294U);
  EXPECT_EQ(root_.height, 1U) << "one far price must not leave a tall tree behind";
  EXPECT_EQ(ladders_.nodes_free(), nodes_of_one);
  drop(100);
  EXPECT_EQ(root_.height, 0U);
  EXPECT_EQ(ladders_.nodes_free(), nodes);
  EXPECT_EQ(ladders_.blocks_free(), 64U);
}

TEST_F(Ladder, SaysWhenThereIsNoRoomForAnotherBlock) {
  for (u32 i = 0; i < 64; ++i) {
    ASSERT_TRUE(ladders_.has_room());
    add(64 * i + 1);
  }
  EXPECT_FALSE(ladders_.has_room());
  EXPECT_NE(ladders_.find(root_, 64 * 63 + 5), PriceLadders::kNone)
      << "old blocks still take ticks";
}

TEST_F(Ladder, TreesShareThePoolsButNotTheTicks) {
  LadderRoot other;
  add(100);
  ladders_.occupy(ladders_.touch(other, 100), 100);
  ladders_.occupy(ladders_.touch(other, 101), 101);
  EXPECT_EQ(above(100), kHighest);
  drop(100);
  EXPECT_EQ(ladders_.next_above(other, ladders_.find(other, 100), 100, kHighest), 101U);
}

TEST_F(Ladder, AgreesWithASortedSetOnRandomTicks) {
  Random random(7);
  std::set<u32> model;
  for (int i = 0; i < 20'000; ++i) {
    const u32 range = 1U << (4 + random.below(28));
    const u32 tick = 1 + static_cast<u32>(random.below(range));
    if (model.size() < 40 && ladders_.has_room() && model.insert(tick).second) {
      add(tick);
    } else if (!model.empty()) {
      const auto victim = std::next(model.begin(), static_cast<long>(random.below(model.size())));
      const auto next = std::next(victim);
      ASSERT_EQ(above(*victim), next == model.end() ? kHighest : *next);
      ASSERT_EQ(below(*victim), victim == model.begin() ? kLowest : *std::prev(victim));
      drop(*victim);
      model.erase(victim);
    }
  }
}

}  // namespace
}  // namespace tradsys::match
