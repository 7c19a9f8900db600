// Goal: any set of references fits in the table up to its capacity and is found again, also one
// chosen by somebody who knows the mixer. Method: sets built to collide (same bucket; same tree, by
// inverting the mixer), with removals in random order, against std::map.
#include "hostsw/book/order_table.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <vector>

#include "hostsw/core/random.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::book {
namespace {

constexpr u32 kOrders = 4'096;

// Inverse of mix64: multiplicative inverses modulo 2^64, xor-shifts undone.
constexpr u64 inverse(u64 odd) {
  u64 x = odd;
  for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
  return x;
}
constexpr u64 undo_shift(u64 x, u32 shift) {
  u64 result = x;
  for (u32 done = shift; done < 64; done += shift) result = x ^ (result >> shift);
  return result;
}
constexpr u64 unmix64(u64 x) {
  x = undo_shift(x, 31) * inverse(0x94D049BB133111EBULL);
  x = undo_shift(x, 27) * inverse(0xBF58476D1CE4E5B9ULL);
  return undo_shift(x, 30);
}
static_assert(unmix64(mix64(0x1234'5678'9ABC'DEF0ULL)) == 0x1234'5678'9ABC'DEF0ULL);

class OrderTableTest : public ::testing::Test {
 protected:
  // Fills the table with refs(0..), removes them in random order, twice.
  void fill_and_drain(const std::function<u64(u64)>& refs) {
    const u64 seed = testing::test_seed(3);
    Random random{seed};
    for (u32 round = 0; round < 2; ++round) {
      std::map<u64, u32> live;
      for (u32 i = 0; i < kOrders; ++i) {
        const u64 ref = refs(i);
        ASSERT_EQ(table_.find(ref), OrderTable::kNone);
        live[ref] = table_.place(ref, 1);
      }
      for (const auto& [ref, slot] : live) ASSERT_EQ(table_.find(ref), slot);
      while (!live.empty()) {
        auto at = live.lower_bound(random.next());
        if (at == live.end()) at = live.begin();
        table_.release(at->second);
        ASSERT_EQ(table_.find(at->first), OrderTable::kNone) << "seed " << seed;
        live.erase(at);
        if (!live.empty()) {
          ASSERT_EQ(table_.find(live.begin()->first), live.begin()->second);
        }
        if (live.size() % 64 == 0) {
          for (const auto& [ref, slot] : live) ASSERT_EQ(table_.find(ref), slot) << "seed " << seed;
        }
      }
      EXPECT_EQ(table_.overflow_count(), 0U);
    }
  }
  OrderTable table_{kOrders};
};

TEST_F(OrderTableTest, KeepsConsecutiveReferencesInTheirHomeSlots) {
  for (u64 i = 0; i < kOrders; ++i) EXPECT_EQ(table_.place(i, 1), table_.home(i));
  EXPECT_EQ(table_.overflow_count(), 0U);
}

TEST_F(OrderTableTest, HoldsRandomReferences) {
  fill_and_drain([](u64 i) { return mix64(i + 1); });
}

TEST_F(OrderTableTest, HoldsReferencesThatShareOneBucket) {
  fill_and_drain([](u64 i) { return i << 44; });
}

TEST_F(OrderTableTest, HoldsReferencesThatShareOneTree) {
  // Same bucket and same low bits after mixing cannot both be forced cheaply: same tree is, by
  // inversion.
  constexpr u64 kTableSalt = 0xA24BAED4963EE407ULL;
  std::vector<u64> refs;
  for (u64 i = 0; refs.size() < kOrders; ++i) refs.push_back(unmix64(i << 40) ^ kTableSalt);
  fill_and_drain([&](u64 i) { return refs[i]; });
}

TEST_F(OrderTableTest, MemoryDependsOnCapacityOnly) {
  const usize bytes = table_.bytes();
  fill_and_drain([](u64 i) { return i << 51; });
  EXPECT_EQ(table_.bytes(), bytes);
}

}  // namespace
}  // namespace tradsys::book
