// Goal: a tree of the pool is an ordered map, whatever the order of keys, and never leaks a node.
// Method: random, rising, falling and churning keys against std::map; the pool's free count at the
// end.
#include "hostsw/book/price_tree.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "hostsw/core/random.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::book {
namespace {

constexpr u32 kEntries = 20'000;

class PriceTree : public ::testing::Test {
 protected:
  void insert(u32 key, u32 value) {
    ASSERT_TRUE(pool_.insert(root_, {key, value})) << "pool exhausted at " << model_.size();
    model_[key] = value;
  }
  void erase(u32 key) {
    u32 value = 0;
    const auto found = model_.find(key);
    ASSERT_EQ(pool_.erase(root_, key, value), found != model_.end());
    if (found == model_.end()) return;
    ASSERT_EQ(value, found->second);
    model_.erase(found);
  }
  void compare() {
    std::vector<PriceEntry> got, want;
    pool_.descend(root_, [&](const PriceEntry& entry) {
      got.push_back(entry);
      return true;
    });
    for (auto it = model_.rbegin(); it != model_.rend(); ++it)
      want.push_back({it->first, it->second});
    ASSERT_EQ(got, want);
    if (!want.empty()) {
      ASSERT_EQ(pool_.highest(root_), want.front());
    }
  }

  PriceTreePool pool_{kEntries};
  const u32 free_at_start_ = pool_.nodes_free();
  u32 root_ = 0;
  std::map<u32, u32> model_;
};

TEST_F(PriceTree, AgreesWithAnOrderedMapUnderRandomChurn) {
  const u64 seed = testing::test_seed(7);
  Random random{seed};
  for (u32 phase = 0; phase < 12; ++phase) {
    const u32 insert_per_million = phase % 2 == 0 ? 700'000 : 300'000;
    for (u32 i = 0; i < 8'000; ++i) {
      const u32 key = static_cast<u32>(1 + random.below(30'000)) * 143'165U;
      u32 value = 0;
      ASSERT_EQ(pool_.find(root_, key, value), model_.contains(key)) << "seed " << seed;
      if (random.chance(insert_per_million)) {
        if (!model_.contains(key) && model_.size() < kEntries) insert(key, i);
      } else {
        erase(key);
      }
      ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
    }
    compare();
  }
  while (!model_.empty())
    erase(model_.lower_bound(static_cast<u32>(random.next()) % model_.rbegin()->first)->first);
  EXPECT_EQ(root_, 0U);
  EXPECT_EQ(pool_.nodes_free(), free_at_start_);
}

// A leaf emptied between full neighbours is dropped, and its inner node may end on any child.
TEST_F(PriceTree, AgreesWithAnOrderedMapWhenWholeRangesGoAndComeBack) {
  const u64 seed = testing::test_seed(11);
  Random random{seed};
  for (u32 round = 0; round < 400; ++round) {
    const u32 start = static_cast<u32>(1 + random.below(kEntries));
    const u32 end = start + static_cast<u32>(random.below(900));
    const bool up = random.chance(500'000);
    for (u32 i = start; i < end && model_.size() < kEntries; ++i) {
      const u32 key = up ? i : start + end - i;
      if (!model_.contains(key)) insert(key, i);
    }
    const u32 first = static_cast<u32>(1 + random.below(kEntries));
    for (u32 key = first; key < first + 700; ++key) erase(key);
    compare();
    ASSERT_FALSE(HasFatalFailure()) << "seed " << seed << " round " << round;
  }
}

TEST_F(PriceTree, HoldsAllEntriesWhenKeysOnlyRiseOrOnlyFall) {
  for (const bool rising : {true, false}) {
    for (u32 i = 0; i < kEntries; ++i) insert(rising ? 1 + i : 0xFFFF'FFFE - i, i);
    compare();
    while (!model_.empty()) erase(rising ? model_.begin()->first : model_.rbegin()->first);
    EXPECT_EQ(root_, 0U);
  }
  EXPECT_EQ(pool_.nodes_free(), free_at_start_);
}

// Filling and thinning out at a moving front leaves the sparsest nodes: the pool must still
// suffice.
TEST_F(PriceTree, KeepsRoomWhenEveryNodeIsThinnedOut) {
  u32 next = 1;
  for (u32 round = 0; round < 60; ++round) {
    while (model_.size() < kEntries) insert(next++, round);
    u32 index = 0;
    std::vector<u32> doomed;
    for (const auto& entry : model_) {
      if (index++ % 8 != round % 8) doomed.push_back(entry.first);
    }
    for (const u32 key : doomed) erase(key);
    ASSERT_FALSE(HasFatalFailure()) << "round " << round;
  }
  compare();
}

TEST_F(PriceTree, ServesManyTreesFromOnePool) {
  std::vector<u32> roots(500, 0);
  for (u32 i = 0; i < kEntries; ++i) {
    ASSERT_TRUE(pool_.insert(roots[i % 500], {1 + i, i}));
  }
  for (u32 i = 0; i < kEntries; ++i) {
    u32 value = 0;
    ASSERT_FALSE(pool_.find(roots[(i + 1) % 500], 1 + i, value));
    ASSERT_TRUE(pool_.erase(roots[i % 500], 1 + i, value));
    ASSERT_EQ(value, i);
  }
  EXPECT_EQ(pool_.nodes_free(), free_at_start_);
}

TEST_F(PriceTree, RefusesWithoutChangeWhenThePoolIsExhausted) {
  std::vector<u32> roots(kEntries, 0);
  u32 made = 0;
  while (made < kEntries && pool_.insert(roots[made], {1, made})) ++made;
  ASSERT_LT(made, kEntries) << "one node for each tree must not fit";
  EXPECT_EQ(roots[made], 0U);
  u32 value = 0;
  EXPECT_TRUE(pool_.find(roots[0], 1, value));
}

}  // namespace
}  // namespace tradsys::book
