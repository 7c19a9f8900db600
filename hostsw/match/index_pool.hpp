#pragma once
// The free places of a fixed table, as a stack: the place freed last, still warm, is taken first.
#include "hostsw/core/contract.hpp"
#include "hostsw/core/types.hpp"
#include "hostsw/match/page_array.hpp"

namespace tradsys::match {

/// Hands out each index in [0, size) at most once at a time; the first ones in ascending order.
class IndexPool {
 public:
  explicit IndexPool(u32 size) : free_(size), count_(size) {
    for (u32 i = 0; i < size; ++i) free_[i] = size - 1 - i;
  }
  [[nodiscard]] u32 free_count() const noexcept { return count_; }
  [[nodiscard]] u32 take() noexcept {
    TRADSYS_ASSERT(count_ > 0);
    return free_[--count_];
  }
  void give(u32 index) noexcept {
    TRADSYS_ASSERT(count_ < free_.size());
    free_[count_++] = index;
  }

 private:
  PageArray<u32> free_;
  u32 count_;
};

}  // namespace tradsys::match
