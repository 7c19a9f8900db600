#pragma once
// One side of one book: which prices have orders, best first, and the level that holds them.
//
// The best 14 prices stand in two cache lines (keys in one, levels in the other), so that a lookup
// is one vector comparison and no search; the deeper ones in a tree of the shared pool. Both sides
// use the same code: a key is the price for bids and its complement for asks, so the best key is
// always the highest.
#include "hostsw/book/price_tree.hpp"

namespace tradsys::book {

/// Prices of one side. All-zero bytes are an empty side. Keys are never 0.
class alignas(kCacheLineBytes) Ladder {
 public:
  static constexpr u32 kWindow = 14;
  static constexpr u32 kNoLevel = ~u32{0};

  [[nodiscard]] u32 best_key() const noexcept { return keys_[0]; }
  /// Level of the best price; the side must not be empty.
  [[nodiscard]] u32 best_level() const noexcept { return levels_[0]; }

  /// Level at `key`, or kNoLevel.
  [[nodiscard]] u32 find(u32 key, const PriceTreePool& pool) const noexcept {
    const u32 index = rank(key);
    if (index < count_ && keys_[index] == key) return levels_[index];
    return index == count_ && root_ != 0 ? find_deep(key, pool) : kNoLevel;
  }

  /// Adds a price that is not there; false, and nothing changed, when the pool is exhausted.
  [[nodiscard]] bool insert(u32 key, u32 level, PriceTreePool& pool) noexcept {
    const u32 index = rank(key);
    if (count_ == kWindow || (index == count_ && root_ != 0)) [[unlikely]] {
      return insert_full(index, {key, level}, pool);
    }
    open_gap(index);
    put(index, {key, level});
    return true;
  }

  /// Removes a price that is there.
  void erase(u32 key, PriceTreePool& pool) noexcept {
    const u32 index = rank(key);
    if (index == count_) [[unlikely]] {
      erase_deep(key, pool);
      return;
    }
    close_gap(index);
    if (root_ != 0 && count_ < kRefillBelow) [[unlikely]]
      refill(pool);
  }

  /// Calls `visit(key and level)` from the best price down, until it returns false.
  template <class Visit>
  void descend(const PriceTreePool& pool, Visit&& visit) const noexcept {
    for (u32 i = 0; i < count_; ++i) {
      if (!visit(PriceEntry{keys_[i], levels_[i]})) return;
    }
    pool.descend(root_, visit);
  }

 private:
  static constexpr u32 kLanes = kCacheLineBytes / sizeof(u32);
  static constexpr u32 kRefillBelow = 4;
  static constexpr u32 kRefillTo = 8;

  // How many keys of the window are above `key`; unused places hold 0, which is above nothing.
  [[nodiscard]] u32 rank(u32 key) const noexcept {
    u32 above = 0;
    for (u32 i = 0; i < kLanes; ++i) above += keys_[i] > key ? 1U : 0U;
    return above;
  }
  void open_gap(u32 index) noexcept {
    for (u32 i = kWindow - 1; i > index; --i) {
      keys_[i] = keys_[i - 1];
      levels_[i] = levels_[i - 1];
    }
    ++count_;
  }
  void close_gap(u32 index) noexcept {
    for (u32 i = index; i < kWindow - 1; ++i) {
      keys_[i] = keys_[i + 1];
      levels_[i] = levels_[i + 1];
    }
    keys_[kWindow - 1] = 0;
    --count_;
  }
  void put(u32 index, PriceEntry entry) noexcept {
    keys_[index] = entry.key;
    levels_[index] = entry.value;
  }
  [[nodiscard]] u32 find_deep(u32 key, const PriceTreePool& pool) const noexcept;
  [[nodiscard]] bool insert_full(u32 index, PriceEntry entry, PriceTreePool& pool) noexcept;
  void erase_deep(u32 key, PriceTreePool& pool) noexcept;
  void refill(PriceTreePool& pool) noexcept;

  u32 keys_[kLanes];  // descending; the last two lanes stay 0
  u32 levels_[kWindow];
  u32 count_;
  u32 root_;  // of the deeper prices, all below the window's
};
static_assert(sizeof(Ladder) == 2 * kCacheLineBytes);

}  // namespace tradsys::book
