#pragma once
// Which instruments changed since they were last published: the hot path marks, the warm path
// drains a bounded number.
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::ipc {

/// A set of indexes below a fixed count. Marking twice keeps one entry; draining is first in, first
/// out, so that a busy instrument cannot starve a quiet one. One thread.
class DirtySet {
 public:
  explicit DirtySet(u32 count) : marked_(count, 0), queue_(count) {}

  /// Hot: two stores.
  void mark(u32 index) noexcept {
    TRADSYS_ASSERT(index < marked_.size());
    if (marked_[index] != 0) return;
    marked_[index] = 1;
    queue_[tail_] = index;
    tail_ = next(tail_);
    ++waiting_;
  }
  /// Calls `publish(index)` for up to `limit` marked indexes and unmarks them; returns how many.
  template <class Publish>
  u32 drain(u32 limit, Publish&& publish) {
    u32 done = 0;
    for (; done < limit && waiting_ > 0; ++done) {
      const u32 index = queue_[head_];
      head_ = next(head_);
      --waiting_;
      marked_[index] = 0;
      publish(index);
    }
    return done;
  }
  [[nodiscard]] u32 waiting() const noexcept { return waiting_; }

 private:
  [[nodiscard]] u32 next(u32 position) const noexcept {
    return position + 1 == queue_.size() ? 0 : position + 1;
  }

  std::vector<u8> marked_;
  std::vector<u32> queue_;
  u32 head_ = 0;
  u32 tail_ = 0;
  u32 waiting_ = 0;
};

}  // namespace tradsys::ipc
