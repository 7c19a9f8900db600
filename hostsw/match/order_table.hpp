#pragma once
// All live orders of an engine, found by id, and the queues they stand in.
//
// An order lives in its home slot, chosen by the low bits of its id, so that the usual case (ids
// handed out in sequence) needs no map at all: neighbours in time are neighbours in memory. A home
// slot taken by another live order sends the newcomer to the overflow region, which a hash table
// indexes. Memory is fixed: whatever the ids are, `orders_max` orders fit and not one more.
//
// A queue is a ring of links through the orders and one link of the price level itself; links are
// named by their offset in one arena, so that unlinking never asks whether a neighbour is an order
// or the level.
#include <tradsys/risk_spec.hpp>

#include <bit>
#include <new>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/prefetch.hpp"
#include "hostsw/core/random.hpp"
#include "hostsw/core/types.hpp"
#include "hostsw/match/index_pool.hpp"
#include "hostsw/match/page_array.hpp"

namespace tradsys::match {

/// Offset of a link in the arena, in links.
using LinkRef = u32;

struct Link {
  LinkRef next;
  LinkRef prev;
};

/// A live order; a free slot has qty 0. Two of them make a cache line.
struct Order {
  Link link;
  u64 id;
  u32 level;  ///< price block * 64 + place in it
  u32 qty;  ///< open quantity
  u32 owner;
  u16 instrument;
  Side side;
  u8 overflowed;  ///< the table's: how many orders at home in this slot live in the overflow region
};
static_assert(sizeof(Order) == 32 && sizeof(Link) == 8);

/// The orders and queues of one engine.
class OrderTable {
 public:
  static constexpr LinkRef kNoOrder = 0xFFFF'FFFF;

  /// `levels` queues, numbered from 0; at least one order.
  OrderTable(u32 orders_max, u32 levels)
      : orders_max_(orders_max),
        home_mask_(std::bit_ceil(2 * usize{orders_max}) - 1),
        overflow_base_(static_cast<LinkRef>((home_mask_ + 1) * kLinksPerOrder)),
        level_base_(static_cast<LinkRef>(overflow_base_ + usize{orders_max} * kLinksPerOrder)),
        arena_(level_base_ + usize{levels}),
        index_(std::bit_ceil(2 * usize{orders_max})),
        free_(orders_max) {
    TRADSYS_ASSERT((home_mask_ + 1 + orders_max) * kLinksPerOrder + levels < kNoOrder);
  }

  [[nodiscard]] Link& link(LinkRef ref) noexcept { return arena_[ref]; }
  [[nodiscard]] const Link& link(LinkRef ref) const noexcept { return arena_[ref]; }
  [[nodiscard]] Order& order(LinkRef ref) noexcept {
    return *std::launder(reinterpret_cast<Order*>(&arena_[ref]));
  }
  [[nodiscard]] const Order& order(LinkRef ref) const noexcept {
    return *std::launder(reinterpret_cast<const Order*>(&arena_[ref]));
  }
  [[nodiscard]] LinkRef level_link(u32 level) const noexcept { return level_base_ + level; }

  [[nodiscard]] u32 live() const noexcept { return live_; }
  [[nodiscard]] bool full() const noexcept { return live_ == orders_max_; }

  /// The live order of this id, or kNoOrder.
  [[nodiscard]] LinkRef find(u64 id) const noexcept {
    const LinkRef home = home_of(id);
    const Order& order_at_home = order(home);
    if (order_at_home.id == id && order_at_home.qty != 0) [[likely]]
      return home;
    return order_at_home.overflowed == 0 ? kNoOrder : find_overflow(id);
  }

  /// Stores an order whose id is not live, qty > 0; requires !full(). `overflowed` is ignored.
  [[nodiscard]] LinkRef insert(const Order& fields) noexcept {
    ++live_;
    const LinkRef home = home_of(fields.id);
    const LinkRef ref = order(home).qty == 0 ? home : insert_overflow(home, fields.id);
    const u8 overflowed = order(ref).overflowed;
    order(ref) = fields;
    order(ref).overflowed = overflowed;
    return ref;
  }

  /// Frees the slot of an order that stands in no queue any more; the id may be used again.
  void erase(LinkRef ref) noexcept {
    --live_;
    order(ref).qty = 0;
    if (ref >= overflow_base_) [[unlikely]]
      erase_overflow(ref);
  }

  void prefetch(u64 id) const noexcept { prefetch_line(&arena_[home_of(id)]); }

 private:
  static constexpr usize kLinksPerOrder = sizeof(Order) / sizeof(Link);
  static constexpr u8 kManyOverflowed = 255;  // counted no further, neither up nor down

  /// Ids in sequence get slots in sequence; the high half (a session, a day) moves the whole run.
  [[nodiscard]] LinkRef home_of(u64 id) const noexcept {
    const u64 slot = (id + (id >> 32) * 0x9E37'79B1ULL) & home_mask_;
    return static_cast<LinkRef>(slot * kLinksPerOrder);
  }
  [[nodiscard]] usize index_of(u64 id) const noexcept { return mix64(id) & (index_.size() - 1); }
  [[nodiscard]] usize next_index(usize at) const noexcept { return (at + 1) & (index_.size() - 1); }

  [[gnu::noinline]] LinkRef find_overflow(u64 id) const noexcept {
    for (usize at = index_of(id); index_[at] != 0; at = next_index(at)) {
      if (order(index_[at]).id == id) return index_[at];
    }
    return kNoOrder;
  }

  [[gnu::noinline]] LinkRef insert_overflow(LinkRef home, u64 id) noexcept {
    u8& overflowed = order(home).overflowed;
    if (overflowed != kManyOverflowed) ++overflowed;
    const LinkRef ref = static_cast<LinkRef>(overflow_base_ + free_.take() * kLinksPerOrder);
    usize at = index_of(id);
    while (index_[at] != 0) at = next_index(at);
    index_[at] = ref;
    return ref;
  }

  /// Linear probing with backward shift: no tombstones, so lookups do not age.
  [[gnu::noinline]] void erase_overflow(LinkRef ref) noexcept {
    u8& overflowed = order(home_of(order(ref).id)).overflowed;
    if (overflowed != kManyOverflowed) --overflowed;
    usize hole = index_of(order(ref).id);
    while (index_[hole] != ref) hole = next_index(hole);
    for (usize at = next_index(hole); index_[at] != 0; at = next_index(at)) {
      const usize wanted = index_of(order(index_[at]).id);
      const usize mask = index_.size() - 1;
      if (((at - wanted) & mask) >= ((at - hole) & mask)) {
        index_[hole] = index_[at];
        hole = at;
      }
    }
    index_[hole] = 0;
    free_.give(static_cast<u32>((ref - overflow_base_) / kLinksPerOrder));
  }

  u32 orders_max_;
  u32 live_ = 0;
  u64 home_mask_;
  LinkRef overflow_base_;
  LinkRef level_base_;
  PageArray<Link> arena_;
  PageArray<LinkRef>
      index_;  // of the overflow region; 0 = free (the arena starts with a home slot)
  IndexPool free_;
};

}  // namespace tradsys::match
