// Goal: every marked index is published once, oldest first, and none is lost. Method: cases by hand
// and a random run against a plain set.
#include "hostsw/ipc/dirty_set.hpp"

#include <gtest/gtest.h>

#include <set>

#include "hostsw/core/random.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::ipc {
namespace {

TEST(DirtySet, MarkingTwicePublishesOnceInOrderOfTheFirstMark) {
  DirtySet dirty(8);
  for (const u32 index : {5U, 2U, 5U, 7U, 2U}) dirty.mark(index);
  EXPECT_EQ(dirty.waiting(), 3U);
  std::vector<u32> out;
  EXPECT_EQ(dirty.drain(2, [&](u32 index) { out.push_back(index); }), 2U);
  dirty.mark(5);
  EXPECT_EQ(dirty.drain(9, [&](u32 index) { out.push_back(index); }), 2U);
  EXPECT_EQ(out, (std::vector<u32>{5, 2, 7, 5}));
  EXPECT_EQ(dirty.drain(9, [](u32) { FAIL(); }), 0U);
}

TEST(DirtySet, EveryIndexCanWaitAtOnce) {
  DirtySet dirty(3);
  for (int round = 0; round < 5; ++round) {
    for (u32 index = 0; index < 3; ++index) dirty.mark(index);
    EXPECT_EQ(dirty.drain(3, [](u32) {}), 3U);
  }
}

TEST(DirtySet, AgreesWithAPlainSet) {
  Random random(tradsys::testing::test_seed(3));
  DirtySet dirty(50);
  std::set<u32> expected;
  for (int step = 0; step < 20'000; ++step) {
    if (random.chance(600'000)) {
      const u32 index = static_cast<u32>(random.below(50));
      dirty.mark(index);
      expected.insert(index);
    } else {
      dirty.drain(static_cast<u32>(random.below(4)),
                  [&](u32 index) { ASSERT_EQ(expected.erase(index), 1U); });
    }
    ASSERT_EQ(dirty.waiting(), expected.size());
  }
}

TEST(DirtySetDeathTest, AnIndexOutsideIsABrokenInvariant) {
  DirtySet dirty(3);
  EXPECT_DEATH(dirty.mark(3), "broken invariant");
}

}  // namespace
}  // namespace tradsys::ipc
