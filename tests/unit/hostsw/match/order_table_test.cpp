// Goal: an order is found by its id whatever the ids are, in fixed memory. Method: ids in sequence,
// ids chosen to share one home slot, then random ids against std::map.
#include "hostsw/match/order_table.hpp"

#include <gtest/gtest.h>

#include <map>

namespace tradsys::match {
namespace {

constexpr u32 kOrdersMax = 100;  // 256 home slots
constexpr u64 kCollides = 256;

class Table : public ::testing::Test {
 protected:
  LinkRef add(u64 id) { return table_.insert({{0, 0}, id, 0, 1, 0, 0, Side::kBuy, 0}); }
  OrderTable table_{kOrdersMax, 64};
};

TEST_F(Table, FindsLiveIdsOnly) {
  EXPECT_EQ(table_.find(0), OrderTable::kNoOrder);
  const LinkRef ref = add(0);
  EXPECT_EQ(table_.find(0), ref);
  EXPECT_EQ(table_.find(kCollides), OrderTable::kNoOrder);
  table_.erase(ref);
  EXPECT_EQ(table_.find(0), OrderTable::kNoOrder);
  EXPECT_EQ(table_.live(), 0U);
}

TEST_F(Table, HoldsAsManyCollidingIdsAsAnyOthers) {
  std::map<u64, LinkRef> model;
  for (u64 i = 0; i < kOrdersMax; ++i) {
    ASSERT_FALSE(table_.full());
    model[i * kCollides] = add(i * kCollides);
  }
  EXPECT_TRUE(table_.full());
  for (const auto& [id, ref] : model) ASSERT_EQ(table_.find(id), ref);
}

TEST_F(Table, KeepsAnOverflowOrderFoundAfterItsHomeSlotIsFreed) {
  const LinkRef home = add(1);
  const LinkRef overflow = add(1 + kCollides);
  table_.erase(home);
  EXPECT_EQ(table_.find(1 + kCollides), overflow);
  EXPECT_EQ(add(1), home);
}

TEST_F(Table, FindsOverflowOrdersOfASlotThatSentAwayMoreThanItCounts) {
  OrderTable table(1'000, 1);  // 2048 home slots
  std::map<u64, LinkRef> model;
  for (u64 i = 0; i < 600; ++i) {
    model[i * 2'048] = table.insert({{0, 0}, i * 2'048, 0, 1, 0, 0, Side::kBuy, 0});
  }
  for (u64 i = 0; i < 400; ++i) table.erase(model[i * 2'048]);
  for (u64 i = 0; i < 600; ++i) {
    ASSERT_EQ(table.find(i * 2'048), i < 400 ? OrderTable::kNoOrder : model[i * 2'048]);
  }
}

TEST_F(Table, AgreesWithAMapOnRandomIds) {
  Random random(3);
  std::map<u64, LinkRef> model;
  for (int i = 0; i < 50'000; ++i) {
    const u64 id = random.below(8) * kCollides + random.below(40);
    const auto found = model.find(id);
    ASSERT_EQ(table_.find(id), found == model.end() ? OrderTable::kNoOrder : found->second);
    if (found != model.end()) {
      table_.erase(found->second);
      model.erase(found);
    } else if (!table_.full()) {
      model[id] = add(id);
    }
    ASSERT_EQ(table_.live(), model.size());
  }
}

}  // namespace
}  // namespace tradsys::match
