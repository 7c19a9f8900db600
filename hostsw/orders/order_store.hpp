#pragma once
// All live orders of one dataplane, in fixed memory. An order is found by its own id, by the id of
// its pending replace, and by the client's references of both. Walks and counts cost what is live,
// not what there is room for: both run beside trading.
#include <array>
#include <vector>

#include "hostsw/core/fixed_map.hpp"
#include "hostsw/orders/order.hpp"
#include "hostsw/orders/own_orders.hpp"

namespace tradsys::orders {

/// Terminal orders leave the store at once: late messages about them are counted by the owner.
class OrderStore {
 public:
  /// Sessions of the orders are below `sessions`.
  OrderStore(u32 capacity, u32 sessions)
      : orders_(capacity),
        slots_(capacity),
        places_(capacity),
        by_id_(capacity * 2),
        by_client_(capacity * 2),
        own_(capacity),
        by_session_(sessions) {
    for (u32 i = 0; i < capacity; ++i) slots_[i] = places_[i] = i;
  }

  [[nodiscard]] u32 size() const noexcept { return size_; }
  [[nodiscard]] bool full() const noexcept { return size_ == orders_.size(); }
  [[nodiscard]] u32 count(OrderState state) const noexcept {
    return by_state_[static_cast<u8>(state)];
  }
  [[nodiscard]] u32 count_of_session(u16 session) const noexcept { return by_session_[session]; }
  /// Orders of the day before that the venue has not spoken of.
  [[nodiscard]] u32 unconfirmed() const noexcept { return unconfirmed_; }
  /// Sum of hash_of over all orders in the store.
  [[nodiscard]] u64 hash() const noexcept { return hash_; }

  /// nullptr when unknown. Finds an order also by the id of its pending replace.
  [[nodiscard]] const Order* find(u64 order_id) const noexcept { return at(by_id_.find(order_id)); }
  [[nodiscard]] const Order* find_client(u16 session, u32 client_ref) const noexcept {
    return at(by_client_.find(client_key(session, client_ref)));
  }

  /// nullptr when the store is full, an id is taken or there is no such session; nothing changes
  /// then.
  [[nodiscard]] const Order* insert(const Order& order) noexcept {
    if (full() || by_id_.find(order.order_id) != FixedMap::kNone) return nullptr;
    if (order.session >= by_session_.size()) return nullptr;
    const u32 slot = slots_[size_];
    if (!by_client_.insert(client_key(order.session, order.client_ref), slot)) return nullptr;
    TRADSYS_ASSERT(by_id_.insert(order.order_id, slot));
    ++size_;
    orders_[slot] = order;
    own_.add(slot, order);
    count_in(order);
    return &orders_[slot];
  }

  /// Replaces the stored order by `next`, keeping every index true. The caller hands back a changed
  /// copy of an order it found; `order_id` names the stored one (a finished replace changes
  /// next.order_id).
  void update(u64 order_id, const Order& next) noexcept {
    const u32 slot = by_id_.find(order_id);
    TRADSYS_ASSERT(slot != FixedMap::kNone);
    Order& order = orders_[slot];
    TRADSYS_ASSERT(next.session == order.session && next.account == order.account &&
                   next.instrument == order.instrument && next.side == order.side);
    count_out(order);
    reindex(by_id_, slot, {order.order_id, order.pending_order_id},
            {next.order_id, next.pending_order_id});
    reindex(by_client_, slot, keys(order), keys(next));
    order = next;
    own_.reprice(slot, order);
    count_in(order);
  }

  /// Removes a (terminal) order and its references.
  void erase(u64 order_id) noexcept {
    const u32 slot = by_id_.find(order_id);
    TRADSYS_ASSERT(slot != FixedMap::kNone);
    Order& order = orders_[slot];
    count_out(order);
    reindex(by_id_, slot, {order.order_id, order.pending_order_id}, {0, 0});
    reindex(by_client_, slot, keys(order), {0, 0});
    own_.remove(slot, order);
    order = Order{};
    const u32 last = slots_[--size_];
    slots_[places_[slot]] = last;
    places_[last] = places_[slot];
    slots_[size_] = slot;
    places_[slot] = size_;
  }

  /// Calls visit(const Order&) for each live order of the account that an order at `price` would
  /// trade with, until it returns false. `visit` may update the order it was given.
  template <class Visit>
  void for_each_crossing(u16 account, u16 instrument, bool buys, u32 price,
                         Visit&& visit) const noexcept {
    own_.for_each_crossing(account, instrument, buys, price,
                           [&](u32 slot) { return visit(orders_[slot]); });
  }

  /// Visits every live order, in an order that follows from the sequence of changes. `visit` gets a
  /// copy and may update or erase the order it was given; orders it inserts are not visited.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (u32 place = size_; place-- > 0;) {
      const Order copy = orders_[slots_[place]];  // an erased one is replaced by one visited before
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
  void count_in(const Order& order) noexcept {
    hash_ += hash_of(order);
    ++by_state_[static_cast<u8>(order.state)];
    ++by_session_[order.session];
    unconfirmed_ += order.unconfirmed;
  }
  void count_out(const Order& order) noexcept {
    hash_ -= hash_of(order);
    --by_state_[static_cast<u8>(order.state)];
    --by_session_[order.session];
    unconfirmed_ -= order.unconfirmed;
  }

  std::vector<Order> orders_;
  std::vector<u32> slots_;  ///< every slot once: the first size_ are in use, the others free
  std::vector<u32> places_;  ///< where in slots_ a slot stands
  FixedMap by_id_;
  FixedMap by_client_;
  OwnOrders own_;
  std::vector<u32> by_session_;
  std::array<u32, kOrderStateCount> by_state_{};
  u32 size_ = 0;
  u32 unconfirmed_ = 0;
  u64 hash_ = 0;
};

}  // namespace tradsys::orders
