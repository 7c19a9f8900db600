// Goal: the store finds every live order by each of its references and nothing else, and its hash
// depends only on what is in it. Method: random insert, replace, erase against a std::map;
// hand-made edges.
#include "hostsw/orders/order_store.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "hostsw/core/random.hpp"

namespace tradsys::orders {
namespace {

Order make_order(u64 id, u16 session, u32 ref) {
  Order order;
  order.order_id = id;
  order.session = session;
  order.client_ref = ref;
  order.qty = order.leaves_qty = 100;
  return order;
}

TEST(OrderStore, RefusesAnIdOrClientReferenceThatIsTaken) {
  OrderStore store(4, 2);
  ASSERT_NE(store.insert(make_order(1, 0, 7)), nullptr);
  EXPECT_EQ(store.insert(make_order(1, 0, 8)), nullptr);
  EXPECT_EQ(store.insert(make_order(2, 0, 7)), nullptr);
  EXPECT_NE(store.insert(make_order(2, 1, 7)), nullptr);
  EXPECT_EQ(store.insert(make_order(3, 2, 7)), nullptr);  // there is no session 2
  EXPECT_EQ(store.size(), 2U);
  EXPECT_EQ(store.find_client(0, 8), nullptr);
}

TEST(OrderStore, RefusesMoreOrdersThanItHasRoomFor) {
  OrderStore store(2, 1);
  ASSERT_NE(store.insert(make_order(1, 0, 1)), nullptr);
  ASSERT_NE(store.insert(make_order(2, 0, 2)), nullptr);
  EXPECT_TRUE(store.full());
  EXPECT_EQ(store.insert(make_order(3, 0, 3)), nullptr);
  store.erase(1);
  EXPECT_NE(store.insert(make_order(3, 0, 3)), nullptr);
}

TEST(OrderStore, FindsAnOrderByItsPendingReplaceUntilThatEnds) {
  OrderStore store(2, 4);
  ASSERT_NE(store.insert(make_order(1, 3, 10)), nullptr);
  Order pending = *store.find(1);
  pending.pending_order_id = 2;
  pending.pending_client_ref = 11;
  store.update(1, pending);
  ASSERT_NE(store.find(2), nullptr);
  EXPECT_EQ(store.find_client(3, 11)->order_id, 1U);
  Order replaced = pending;
  replaced.order_id = 2;
  replaced.client_ref = 11;
  replaced.pending_order_id = 0;
  replaced.pending_client_ref = 0;
  store.update(1, replaced);
  EXPECT_EQ(store.find(1), nullptr);
  EXPECT_EQ(store.find_client(3, 10), nullptr);
  EXPECT_EQ(store.find(2)->client_ref, 11U);
}

TEST(OrderStore, AgreesWithAMapAndItsHashDependsOnlyOnItsContent) {
  const char* given = std::getenv("TRADSYS_SEED");
  const u64 seed = given ? std::strtoull(given, nullptr, 10) : 1;
  SCOPED_TRACE(::testing::Message() << "TRADSYS_SEED=" << seed);
  Random random(seed);
  OrderStore store(500, 8);
  std::map<u64, Order> model;
  u64 next_id = 1;
  for (int step = 0; step < 50'000; ++step) {
    const u64 pick = random.below(3);
    if (pick == 0 && model.size() < 500) {
      const Order order =
          make_order(next_id, static_cast<u16>(random.below(8)), static_cast<u32>(next_id));
      ASSERT_NE(store.insert(order), nullptr);
      model.emplace(next_id++, order);
    } else if (!model.empty()) {
      auto it = model.lower_bound(random.below(next_id));
      if (it == model.end()) it = model.begin();
      ASSERT_EQ(hash_of(*store.find(it->first)), hash_of(it->second));
      if (pick == 1) {
        it->second.leaves_qty = static_cast<u32>(random.below(100));
        it->second.state = random.below(2) == 0 ? OrderState::kPendingNew : OrderState::kLive;
        store.update(it->first, it->second);
      } else {
        store.erase(it->first);
        ASSERT_EQ(store.find(it->first), nullptr);
        model.erase(it);
      }
    }
    ASSERT_EQ(store.size(), model.size());
  }
  u64 hash = 0;
  std::map<OrderState, u32> by_state;
  std::map<u16, u32> by_session;
  for (const auto& [id, order] : model) {
    hash += hash_of(order);
    ++by_state[order.state];
    ++by_session[order.session];
  }
  EXPECT_EQ(store.hash(), hash);
  for (const OrderState state : {OrderState::kPendingNew, OrderState::kLive})
    EXPECT_EQ(store.count(state), by_state[state]);
  for (u16 session = 0; session < 8; ++session)
    EXPECT_EQ(store.count_of_session(session), by_session[session]);
}

TEST(OrderStore, AWalkSeesEachOrderOnceThoughItsVisitorErasesThem) {
  OrderStore store(100, 1);
  for (u32 i = 1; i <= 60; ++i) ASSERT_NE(store.insert(make_order(i, 0, i)), nullptr);
  for (u32 i = 5; i <= 60; i += 5) store.erase(i);
  std::map<u64, u32> visits;
  u64 inserted = 1'000;
  store.for_each([&](const Order& order) {
    ++visits[order.order_id];
    if (order.order_id % 2 == 0) store.erase(order.order_id);
    if (order.order_id % 3 == 0) {
      ASSERT_NE(store.insert(make_order(inserted, 0, static_cast<u32>(inserted))), nullptr);
      ++inserted;
    }
  });
  EXPECT_EQ(visits.size(), 48U);
  for (const auto& [id, count] : visits) {
    EXPECT_EQ(count, 1U) << id;
    EXPECT_LE(id, 60U);
    EXPECT_EQ(store.find(id) == nullptr, id % 2 == 0) << id;
  }
}

}  // namespace
}  // namespace tradsys::orders
