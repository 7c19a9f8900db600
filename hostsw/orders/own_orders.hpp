#pragma once
// The live orders of each account by instrument and side: what a new order of the same account
// could trade with. An account's orders on one side are a chain; a side without orders costs one
// probe.
#include <algorithm>
#include <vector>

#include "hostsw/core/fixed_map.hpp"
#include "hostsw/orders/order.hpp"

namespace tradsys::orders {

/// The price at which an order may trade at worst: of its own and its pending version the more
/// aggressive one. A market order trades at any.
[[nodiscard]] inline u32 most_aggressive_price(const Order& order) noexcept {
  const bool buys = order.side == Side::kBuy;
  if (order.order_type == OrderType::kMarket) return buys ? kNoLimit32 : 0;
  if (order.pending_order_id == 0) return order.price;
  return buys ? std::max(order.price, order.pending_price)
              : std::min(order.price, order.pending_price);
}

/// Chains of slots of an OrderStore, in fixed memory.
class OwnOrders {
 public:
  explicit OwnOrders(u32 capacity) : heads_(capacity), nodes_(capacity) {}

  void add(u32 slot, const Order& order) noexcept {
    Node& node = nodes_[slot];
    node = {kEnd, kEnd, most_aggressive_price(order)};
    const u64 key = key_of(order.account, order.instrument, order.side == Side::kBuy);
    const u32 head = heads_.find(key);
    if (head == FixedMap::kNone) {
      TRADSYS_ASSERT(heads_.insert(key, slot));
      return;
    }
    node.before = head;  // the head stays, so that the map is left alone
    node.next = nodes_[head].next;
    if (node.next != kEnd) nodes_[node.next].before = slot;
    nodes_[head].next = slot;
  }
  void reprice(u32 slot, const Order& order) noexcept {
    nodes_[slot].price = most_aggressive_price(order);
  }
  void remove(u32 slot, const Order& order) noexcept {
    const Node node = nodes_[slot];
    if (node.next != kEnd) nodes_[node.next].before = node.before;
    if (node.before != kEnd) {
      nodes_[node.before].next = node.next;
      return;
    }
    const u64 key = key_of(order.account, order.instrument, order.side == Side::kBuy);
    TRADSYS_ASSERT(heads_.erase(key));
    if (node.next != kEnd) TRADSYS_ASSERT(heads_.insert(key, node.next));
  }

  /// Calls visit(slot) for each order on the other side that `price` reaches, until it returns
  /// false. A market order's price is that of most_aggressive_price.
  template <class Visit>
  void for_each_crossing(u16 account, u16 instrument, bool buys, u32 price,
                         Visit&& visit) const noexcept {
    const u32 head = heads_.find(key_of(account, instrument, !buys));
    if (head == FixedMap::kNone) return;
    for (u32 slot = head; slot != kEnd;) {
      const Node& node = nodes_[slot];
      const u32 next = node.next;
      if ((buys ? price >= node.price : price <= node.price) && !visit(slot)) return;
      slot = next;
    }
  }

 private:
  static constexpr u32 kEnd = 0xFFFF'FFFF;
  struct Node {
    u32 before;
    u32 next;
    u32 price;
  };
  static u64 key_of(u16 account, u16 instrument, bool buys) noexcept {
    return (u64{account} << 18) | (u64{instrument} << 2) | (buys ? 2U : 1U);
  }

  FixedMap heads_;
  std::vector<Node> nodes_;
};

}  // namespace tradsys::orders
