#include "hostsw/book/ladder.hpp"

namespace tradsys::book {

u32 Ladder::find_deep(u32 key, const PriceTreePool& pool) const noexcept {
  u32 level = kNoLevel;
  return pool.find(root_, key, level) ? level : kNoLevel;
}

// The window is full, or the price belongs below a window that has deeper prices.
bool Ladder::insert_full(u32 index, PriceEntry entry, PriceTreePool& pool) noexcept {
  if (index == count_) return pool.insert(root_, entry);
  if (!pool.insert(root_, {keys_[kWindow - 1], levels_[kWindow - 1]})) return false;
  --count_;
  open_gap(index);
  put(index, entry);
  return true;
}

void Ladder::erase_deep(u32 key, PriceTreePool& pool) noexcept {
  u32 level = kNoLevel;
  const bool erased = pool.erase(root_, key, level);
  TRADSYS_ASSERT(erased);
}

void Ladder::refill(PriceTreePool& pool) noexcept {
  while (root_ != 0 && count_ < kRefillTo) {
    const PriceEntry entry = pool.highest(root_);
    u32 level = kNoLevel;
    pool.erase(root_, entry.key, level);
    put(count_++, entry);
  }
}

}  // namespace tradsys::book
