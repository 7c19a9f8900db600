#pragma once
// One direction of a shared-memory wire: a ring of frames between two processes, either of which
// may die at any instruction. A frame exists once the sender has moved `head` over it and until the
// receiver has moved `tail` over it; a death before that loses one frame, as a pulled cable would,
// and nothing else.
#include <algorithm>
#include <atomic>
#include <cstring>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/contract.hpp"
#include "hostsw/core/frame.hpp"

namespace tradsys::nic {

/// Bytes of one slot: the length, then the frame.
inline constexpr u32 kShmSlotBytes = 2'048;
/// The frame starts here in its slot, so that the IP header behind 14 bytes of Ethernet is aligned.
inline constexpr u32 kShmFrameOffset = 2 + sizeof(u64) * 2;
static_assert(kShmFrameOffset + kTxCapacityBytes <= kShmSlotBytes);

/// Positions in shared memory. They only grow; a slot's index is position & (slots - 1).
struct ShmRingHeader {
  alignas(kCacheLineBytes) std::atomic<u64> head;  ///< written by the sender alone
  alignas(kCacheLineBytes) std::atomic<u64> tail;  ///< written by the receiver alone
};
static_assert(std::atomic<u64>::is_always_lock_free &&
              sizeof(ShmRingHeader) == 2 * kCacheLineBytes);

/// The writing end, in the memory of the process that writes. Trusts nothing that the other side
/// writes.
class ShmSender {
 public:
  ShmSender() = default;
  /// Takes up where the last sender stopped.
  ShmSender(ShmRingHeader* header, std::byte* slots, u32 slot_count) noexcept
      : header_(header), slots_(slots), slot_count_(slot_count) {
    head_ = header_->head.load(std::memory_order_relaxed);
    tail_seen_ = header_->tail.load(std::memory_order_acquire);
  }

  /// Hot. Where the next frame is to be written; nullptr when the ring is full.
  [[nodiscard]] std::byte* reserve() noexcept {
    if (head_ - tail_seen_ >= slot_count_) {
      tail_seen_ = header_->tail.load(std::memory_order_acquire);
      if (head_ - tail_seen_ >= slot_count_) return nullptr;
    }
    return slot() + kShmFrameOffset;
  }
  /// Hot. Publishes what was written behind reserve().
  void publish(u32 len_bytes) noexcept {
    std::memcpy(slot(), &len_bytes, sizeof len_bytes);
    header_->head.store(++head_, std::memory_order_release);
  }

 private:
  [[nodiscard]] std::byte* slot() const noexcept {
    return slots_ + (head_ & (slot_count_ - 1)) * kShmSlotBytes;
  }
  ShmRingHeader* header_ = nullptr;
  std::byte* slots_ = nullptr;
  u64 slot_count_ = 0;
  u64 head_ = 0;
  u64 tail_seen_ = 0;
};

/// The reading end. Frames are read in place and freed in the order in which they came.
class ShmReceiver {
 public:
  ShmReceiver() = default;
  /// Starts empty: what was sent while nobody received is gone, as on a link that is down.
  ShmReceiver(ShmRingHeader* header, const std::byte* slots, u32 slot_count) noexcept
      : header_(header), slots_(slots), slot_count_(slot_count) {
    skip_all();
  }

  /// Hot. Next frame not handed out yet; false when there is none. A length that no sender writes
  /// gives an empty frame.
  [[nodiscard]] bool next(RxFrame& out) noexcept {
    if (next_ == head_seen_ && !refresh()) return false;
    const std::byte* slot = slots_ + (next_ & (slot_count_ - 1)) * kShmSlotBytes;
    u32 len_bytes = 0;
    std::memcpy(&len_bytes, slot, sizeof len_bytes);
    if (len_bytes > kTxCapacityBytes) [[unlikely]]
      len_bytes = 0;
    out = RxFrame{slot + kShmFrameOffset, len_bytes, 0, nullptr};
    ++next_;
    return true;
  }
  /// Hot. Frees the `count` oldest frames that were handed out.
  void free_oldest(u32 count) noexcept {
    TRADSYS_ASSERT(count <= next_ - tail_);
    tail_ += count;
    header_->tail.store(tail_, std::memory_order_release);
  }
  /// Frames handed out and not freed.
  [[nodiscard]] u32 held_count() const noexcept { return static_cast<u32>(next_ - tail_); }
  /// Times the sender's position made no sense and everything was skipped.
  [[nodiscard]] u64 resync_count() const noexcept { return resync_count_; }

 private:
  [[nodiscard]] bool refresh() noexcept {
    const u64 head = header_->head.load(std::memory_order_acquire);
    if (head - tail_ > slot_count_ || head - next_ > slot_count_) [[unlikely]] {
      if (held_count() == 0) {
        ++resync_count_;
        skip_all();
      }
      return false;
    }
    head_seen_ = head;
    return next_ != head_seen_;
  }
  void skip_all() noexcept {
    tail_ = next_ = head_seen_ = header_->head.load(std::memory_order_acquire);
    header_->tail.store(tail_, std::memory_order_release);
  }
  ShmRingHeader* header_ = nullptr;
  const std::byte* slots_ = nullptr;
  u64 slot_count_ = 0;
  u64 tail_ = 0;
  u64 next_ = 0;
  u64 head_seen_ = 0;
  u64 resync_count_ = 0;
};

}  // namespace tradsys::nic
