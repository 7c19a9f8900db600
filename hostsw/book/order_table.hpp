#pragma once
// Live orders by reference, in fixed memory, for any 64-bit references.
//
// Venues number orders upwards, so most references live in the place that their low bits name: a
// bucket of two slots in one cache line, reached without hashing and, for new orders, without a
// cache miss. What finds its bucket full goes to an overflow area of `orders_max` slots, indexed by
// a forest of digital search trees over a mixed reference: the mixer is a bijection, so no set of
// references, chosen however, makes a path longer than 64 steps, fills the table before orders_max
// orders, or makes it grow.
#include "hostsw/book/fixed_table.hpp"

namespace tradsys::book {

/// One order in its slot; two fill a cache line. All-zero bytes are a free slot. `prev` and `next`
/// link the queue of its level, 0 ends it. The table owns ref, side (0 = free) and overflow; the
/// books the rest.
struct alignas(32) OrderSlot {
  u64 ref;
  u32 qty;
  u32 price;
  u32 level;
  u32 prev;
  u32 next;
  u16 instrument;
  u8 side;
  u8 overflow;  // first slot of a bucket: its orders in the overflow area, 255 = that many or more
};
static_assert(sizeof(OrderSlot) == 32);

/// Slot numbers stay valid until the order is released. Slot 0 is never used: it means none.
class OrderTable {
 public:
  static constexpr u32 kNone = 0;

  explicit OrderTable(u32 orders_max);

  [[nodiscard]] OrderSlot& operator[](u32 slot) noexcept { return slots_[slot]; }
  [[nodiscard]] const OrderSlot& operator[](u32 slot) const noexcept { return slots_[slot]; }

  /// Slot of a live order, or kNone.
  [[nodiscard]] u32 find(u64 ref) const noexcept {
    const u32 slot = home(ref);
    if (holds(slots_[slot], ref)) return slot;
    if (holds(slots_[slot ^ 1U], ref)) return slot ^ 1U;
    return slots_[slot & ~1U].overflow == 0 ? kNone : find_overflow(ref);
  }

  /// Takes a slot for `ref`, which must not be live, and marks it with `side`. Fewer than
  /// orders_max orders must be live.
  u32 place(u64 ref, u8 side) noexcept {
    u32 slot = home(ref);
    if (slots_[slot].side != 0) [[unlikely]] {
      slot ^= 1U;
      if (slots_[slot].side != 0) slot = place_overflow(ref);
    }
    slots_[slot].ref = ref;
    slots_[slot].side = side;
    return slot;
  }

  /// Frees the slot of a live order.
  void release(u32 slot) noexcept {
    slots_[slot].side = 0;
    if (slot >= direct_count_) [[unlikely]]
      release_overflow(slot);
  }

  /// Where `ref` is looked for first: what a caller prefetches.
  [[nodiscard]] u32 home(u64 ref) const noexcept {
    return kFirstSlot + (static_cast<u32>(ref) & home_mask_);
  }
  [[nodiscard]] u32 overflow_count() const noexcept { return overflow_count_; }
  /// What bytes() will be.
  [[nodiscard]] static usize bytes_for(u32 orders_max) noexcept;
  [[nodiscard]] usize bytes() const noexcept {
    return slots_.bytes() + heads_.bytes() + links_.bytes();
  }

 private:
  static constexpr u32 kFirstSlot = 2;  // keeps slot 0 free and buckets on their cache lines
  static constexpr u64 kSalt = 0xA24BAED4963EE407ULL;

  struct Links {
    u32 child[2];
  };

  static bool holds(const OrderSlot& slot, u64 ref) noexcept {
    return slot.ref == ref && slot.side != 0;
  }
  [[nodiscard]] u32* overflow_link(u64 ref) noexcept;
  [[nodiscard]] u32 find_overflow(u64 ref) const noexcept;
  u32 place_overflow(u64 ref) noexcept;
  void release_overflow(u32 slot) noexcept;
  [[nodiscard]] Links& links(u32 slot) noexcept { return links_[slot - direct_count_]; }

  FixedTable<OrderSlot> slots_;  // direct buckets, then the overflow area
  u32 home_mask_ = 0;
  u32 direct_count_ = 0;
  u32 overflow_free_ = 0;
  u32 overflow_count_ = 0;
  u32 heads_mask_ = 0;
  FixedTable<u32> heads_;
  FixedTable<Links> links_;
};

}  // namespace tradsys::book
