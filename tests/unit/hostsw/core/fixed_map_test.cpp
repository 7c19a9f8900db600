// Goal: the map keeps what it was given and nothing else, also under keys that are not allowed.
// Method: random inserts and erases against std::map, keys chosen to collide; hand-made edges.
#include "hostsw/core/fixed_map.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/seed.hpp"

namespace tradsys {
namespace {

TEST(FixedMap, KeyZeroIsNeverThere) {
  FixedMap map(4);
  EXPECT_EQ(map.find(0), FixedMap::kNone);
  EXPECT_FALSE(map.insert(0, 7));
  EXPECT_FALSE(map.erase(0));
  ASSERT_TRUE(map.insert(5, 50));
  EXPECT_FALSE(map.erase(0));
  EXPECT_EQ(map.size(), 1U);
  EXPECT_EQ(map.find(5), 50U);
}

TEST(FixedMap, RefusesMoreThanItsCapacityAndDoubles) {
  FixedMap map(2);
  ASSERT_TRUE(map.insert(1, 1));
  EXPECT_FALSE(map.insert(1, 2));
  ASSERT_TRUE(map.insert(2, 2));
  EXPECT_FALSE(map.insert(3, 3));
  EXPECT_EQ(map.find(1), 1U);
  EXPECT_TRUE(map.erase(1));
  EXPECT_TRUE(map.insert(3, 3));
}

TEST(FixedMap, AgreesWithAMap) {
  const u64 seed = testing::test_seed(1);
  SCOPED_TRACE(::testing::Message() << "TRADSYS_SEED=" << seed);
  Random random(seed);
  FixedMap map(64);
  std::map<u64, u32> model;
  for (u32 step = 0; step < 100'000; ++step) {
    const u64 key = 1 + random.below(96);
    if (random.below(2) == 0) {
      const bool fits = model.size() < 64 && !model.contains(key);
      ASSERT_EQ(map.insert(key, step), fits);
      if (fits) model.emplace(key, step);
    } else {
      ASSERT_EQ(map.erase(key), model.erase(key) == 1);
    }
    ASSERT_EQ(map.size(), model.size());
    const u64 look = 1 + random.below(96);
    const auto it = model.find(look);
    ASSERT_EQ(map.find(look), it == model.end() ? FixedMap::kNone : it->second);
  }
}

}  // namespace
}  // namespace tradsys
