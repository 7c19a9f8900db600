#pragma once
// All live orders of one dataplane, in fixed memory. An order is found by its own id, by the id of
// its pending replace, and by the client's references of both.
#include <vector>

#include "hostsw/core/fixed_map.hpp"
#include "hostsw/orders/order.hpp"

namespace tradsys::orders {

/// Terminal orders leave the store at once: late messages about them are counted by the owner.
class OrderStore {
 public:
  explicit OrderStore(u32 capacity)
      : orders_(capacity),
        free_(capacity),
        by_id_(capacity * 2),
        by_client_(capacity * 2),
        free_count_(capacity) {
    for (u32 i = 0; i < capacity; ++i) free_[i] = capacity - 1 - i;
  }

  [[nodiscard]] u32 size() const noexcept { return static_cast<u32>(orders_.size()) - free_count_; }
  [[nodiscard]] bool full() const noexcept { return free_count_ == 0; }
  /// Sum of hash_of over all orders in the store.
  [[nodiscard]] u64 hash() const noexcept { return hash_; }

  /// nullptr when unknown. Finds an order also by the id of its pending replace.
  [[nodiscard]] const Order* find(u64 order_id) const noexcept { return at(by_id_.find(order_id)); }
  [[nodiscard]] const Order* find_client(u16 session, u32 client_ref) const noexcept {
    return at(by_client_.find(client_key(session, client_ref)));
  }

  /// nullptr when the store is full or an id is taken; nothing changes then.
  [[nodiscard]] const Order* insert(const Order& order) noexcept {
    if (full() || by_id_.find(order.order_id) != FixedMap::kNone) return nullptr;
    const u32 slot = free_[free_count_ - 1];
    if (!by_client_.insert(client_key(order.session, order.client_ref), slot)) return nullptr;
    TRADSYS_ASSERT(by_id_.insert(order.order_id, slot));
    --free_count_;
    orders_[slot] = order;
    hash_ += hash_of(order);
    return &orders_[slot];
  }

  /// Replaces the stored order by `next`, keeping every index true. The caller hands back a changed
  /// copy of an order it found; `order_id` names the stored one (a finished replace changes
  /// next.order_id).
  void update(u64 order_id, const Order& next) noexcept {
    const u32 slot = by_id_.find(order_id);
    TRADSYS_ASSERT(slot != FixedMap::kNone);
    Order& order = orders_[slot];
    hash_ -= hash_of(order);
    reindex(by_id_, slot, {order.order_id, order.pending_order_id},
            {next.order_id, next.pending_order_id});
    reindex(by_client_, slot, keys(order), keys(next));
    order = next;
    hash_ += hash_of(order);
  }

  /// Removes a (terminal) order and its references.
  void erase(u64 order_id) noexcept {
    const u32 slot = by_id_.find(order_id);
    TRADSYS_ASSERT(slot != FixedMap::kNone);
    Order& order = orders_[slot];
    hash_ -= hash_of(order);
    reindex(by_id_, slot, {order.order_id, order.pending_order_id}, {0, 0});
    reindex(by_client_, slot, keys(order), {0, 0});
    order = Order{};
    free_[free_count_++] = slot;
  }

  /// Visits every live order in slot order (deterministic for the same sequence of changes).
  /// `visit` gets a copy and may update or erase the order it was given.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Order& order : orders_) {
      if (order.order_id == 0) continue;
      const Order copy = order;
      visit(copy);
    }
  }

 private:
  struct Keys {
    u64 current;
    u64 pending;
  };
  static u64 client_key(u16 session, u32 client_ref) noexcept {
    return (u64{session} + 1) << 32 | client_ref;
  }
  static Keys keys(const Order& order) noexcept {
    return {client_key(order.session, order.client_ref),
            order.pending_order_id == 0 ? 0 : client_key(order.session, order.pending_client_ref)};
  }
  static void reindex(FixedMap& map, u32 slot, Keys before, Keys after) noexcept {
    if (before.current == after.current && before.pending == after.pending) return;
    map.erase(before.current);
    if (before.pending != 0) map.erase(before.pending);
    if (after.current != 0) TRADSYS_ASSERT(map.insert(after.current, slot));
    if (after.pending != 0) TRADSYS_ASSERT(map.insert(after.pending, slot));
  }
  [[nodiscard]] const Order* at(u32 slot) const noexcept {
    return slot == FixedMap::kNone ? nullptr : &orders_[slot];
  }

  std::vector<Order> orders_;
  std::vector<u32> free_;  ///< slots not in use: the first free_count_
  FixedMap by_id_;
  FixedMap by_client_;
  u32 free_count_;
  u64 hash_ = 0;
};

}  // namespace tradsys::orders
