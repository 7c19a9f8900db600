#include "hostsw/book/order_table.hpp"

#include <bit>

#include "hostsw/core/random.hpp"

namespace tradsys::book {
namespace {

// Slots for each order: references of a day are neither dense nor short-lived, and a collision
// costs more than the memory.
constexpr u32 kSlotsPerOrder = 8;
constexpr u32 kDirectMin = 64;
constexpr u32 kDirectMax = 1U << 29;

u32 direct_slots(u32 orders_max) noexcept {
  const u64 wanted = std::bit_ceil(u64{orders_max} * kSlotsPerOrder);
  return static_cast<u32>(wanted < kDirectMin   ? kDirectMin
                          : wanted > kDirectMax ? kDirectMax
                                                : wanted);
}

}  // namespace

OrderTable::OrderTable(u32 orders_max)
    : slots_(usize{kFirstSlot} + direct_slots(orders_max) + orders_max),
      home_mask_(direct_slots(orders_max) - 1),
      direct_count_(kFirstSlot + direct_slots(orders_max)),
      heads_mask_(std::bit_ceil(orders_max) - 1),
      heads_(usize{heads_mask_} + 1),
      links_(orders_max) {
  for (u32 i = orders_max; i-- > 0;) {
    slots_[direct_count_ + i].next = overflow_free_;
    overflow_free_ = direct_count_ + i;
  }
}

usize OrderTable::bytes_for(u32 orders_max) noexcept {
  const usize slots = usize{kFirstSlot} + direct_slots(orders_max) + orders_max;
  return slots * sizeof(OrderSlot) + std::bit_ceil(usize{orders_max}) * sizeof(u32) +
         orders_max * sizeof(Links);
}

// The link that holds `ref`, or the empty one where it belongs. Bits from the top lead the way, the
// low ones choose the tree.
u32* OrderTable::overflow_link(u64 ref) noexcept {
  u64 path = mix64(ref ^ kSalt);
  u32* link = &heads_[path & heads_mask_];
  while (*link != kNone && slots_[*link].ref != ref) {
    link = &links(*link).child[path >> 63];
    path <<= 1;
  }
  return link;
}

u32 OrderTable::find_overflow(u64 ref) const noexcept {
  u64 path = mix64(ref ^ kSalt);
  u32 slot = heads_[path & heads_mask_];
  while (slot != kNone && slots_[slot].ref != ref) {
    slot = links_[slot - direct_count_].child[path >> 63];
    path <<= 1;
  }
  return slot;
}

u32 OrderTable::place_overflow(u64 ref) noexcept {
  TRADSYS_ASSERT(overflow_free_ != kNone);
  const u32 slot = overflow_free_;
  overflow_free_ = slots_[slot].next;
  ++overflow_count_;
  links(slot) = {};
  *overflow_link(ref) = slot;
  u8& bucket = slots_[home(ref) & ~1U].overflow;
  if (bucket != 0xFF) ++bucket;
  return slot;
}

// A leaf of its subtree takes the place of the released node: paths only get shorter.
void OrderTable::release_overflow(u32 slot) noexcept {
  u32* place = overflow_link(slots_[slot].ref);
  TRADSYS_ASSERT(*place == slot);
  u32* leaf = place;
  while (links(*leaf).child[0] != kNone || links(*leaf).child[1] != kNone) {
    const Links& below = links(*leaf);
    leaf = &links(*leaf).child[below.child[0] != kNone ? 0 : 1];
  }
  const u32 heir = *leaf;
  *leaf = kNone;
  if (heir != slot) {
    links(heir) = links(slot);
    *place = heir;
  }
  u8& bucket = slots_[home(slots_[slot].ref) & ~1U].overflow;
  if (bucket != 0xFF) --bucket;
  slots_[slot].next = overflow_free_;
  overflow_free_ = slot;
  --overflow_count_;
}

}  // namespace tradsys::book
