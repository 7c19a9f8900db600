// Goal: the day's trades are found by their whole key, keep their terms, and have one hash whatever
// their order; owners of ended orders are never mixed up. Method: random keys against std::map.
#include "hostsw/orders/trade_store.hpp"

#include <gtest/gtest.h>

#include <map>

#include "hostsw/orders/ended_orders.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::orders {
namespace {

TEST(TradeStore, HoldsWhatAMapHolds) {
  Random random(testing::test_seed(5));
  TradeStore store(2'000);
  std::map<std::pair<u64, u64>, Trade> expected;
  for (u32 i = 0; i < 20'000 && !store.full(); ++i) {
    Trade trade;
    trade.order_id = 1 + random.below(60);  // few orders, few numbers: keys share their halves
    trade.match_number = 1 + random.below(60);
    trade.qty = static_cast<u32>(random.below(1'000));
    const Trade* found = store.find(trade.order_id, trade.match_number);
    const auto it = expected.find({trade.order_id, trade.match_number});
    ASSERT_EQ(found != nullptr, it != expected.end());
    if (found == nullptr) {
      store.insert(trade);
    } else {
      ASSERT_EQ(found->qty, it->second.qty);
      store.update(trade);
    }
    expected[{trade.order_id, trade.match_number}] = trade;
  }
  u64 hash = 0;
  for (const auto& [key, trade] : expected) hash += hash_of(trade);
  EXPECT_EQ(store.hash(), hash);
  EXPECT_EQ(store.size(), expected.size());
  EXPECT_TRUE(store.full());
}

TEST(EndedOrders, KnowsTheLatestIdsOnly) {
  EndedOrders ended(100);  // rounded up to 128
  EXPECT_EQ(ended.find(0), nullptr);
  for (u64 id = 1; id <= 300; ++id) {
    Order order;
    order.order_id = id;
    order.client_ref = static_cast<u32>(id * 7);
    ended.keep(order);
  }
  EXPECT_EQ(ended.find(0), nullptr);
  for (u64 id = 1; id <= 300; ++id) {
    const EndedOrders::Owner* owner = ended.find(id);
    ASSERT_EQ(owner != nullptr, id > 300 - 128) << id;
    if (owner == nullptr) continue;
    ASSERT_EQ(owner->client_ref, id * 7);
  }
}

}  // namespace
}  // namespace tradsys::orders
