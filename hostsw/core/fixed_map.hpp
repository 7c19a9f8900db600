#pragma once
// Hash map of fixed capacity from non-zero 64-bit keys to 32-bit values: open addressing, linear
// probing, backward-shift deletion. Memory is taken once; a hostile key costs a probe, never
// memory.
#include <bit>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/random.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys {

/// At most `capacity` entries; the table is kept at most half full, so probes stay short.
class FixedMap {
 public:
  static constexpr u32 kNone = 0xFFFF'FFFF;

  explicit FixedMap(u32 capacity)
      : mask_(std::bit_ceil(u64{capacity} * 2 + 2) - 1), capacity_(capacity), entries_(mask_ + 1) {}

  /// Value of `key`, or kNone; key 0 is never there.
  [[nodiscard]] u32 find(u64 key) const noexcept {
    if (key == 0) [[unlikely]]
      return kNone;
    for (u64 i = home(key);; i = (i + 1) & mask_) {
      if (entries_[i].key == key) return entries_[i].value;
      if (entries_[i].key == 0) return kNone;
    }
  }

  /// False when the key is 0, is there already, or the map is full; nothing changes then.
  [[nodiscard]] bool insert(u64 key, u32 value) noexcept {
    if (key == 0 || size_ == capacity_) return false;
    u64 i = home(key);
    for (; entries_[i].key != 0; i = (i + 1) & mask_) {
      if (entries_[i].key == key) return false;
    }
    entries_[i] = {key, value, 0};
    ++size_;
    return true;
  }

  /// False when the key is not there.
  bool erase(u64 key) noexcept {
    if (key == 0) return false;
    u64 hole = home(key);
    for (; entries_[hole].key != key; hole = (hole + 1) & mask_) {
      if (entries_[hole].key == 0) return false;
    }
    for (u64 i = (hole + 1) & mask_; entries_[i].key != 0; i = (i + 1) & mask_) {
      // An entry may move back only if its home is not between the hole and itself.
      if (((i - home(entries_[i].key)) & mask_) >= ((i - hole) & mask_)) {
        entries_[hole] = entries_[i];
        hole = i;
      }
    }
    entries_[hole] = {};
    --size_;
    return true;
  }

  [[nodiscard]] u32 size() const noexcept { return size_; }
  [[nodiscard]] u32 capacity() const noexcept { return capacity_; }

 private:
  struct Entry {
    u64 key;
    u32 value;
    u32 reserved;
  };
  [[nodiscard]] u64 home(u64 key) const noexcept { return mix64(key) & mask_; }

  u64 mask_;
  u32 capacity_;
  u32 size_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace tradsys
