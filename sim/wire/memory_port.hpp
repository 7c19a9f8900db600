#pragma once
// Two ports of one in-memory cable: what one sends, the other receives, in order and at once. Fixed
// buffers, no EAL, one thread. Drops happen only when the receiver's buffers are used up, and are
// counted.
#include <cstring>
#include <memory>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/frame.hpp"

namespace tradsys::sim {

/// What one MemoryPort did so far.
struct MemoryPortCounters {
  u64 rx_frames = 0;
  u64 tx_frames = 0;
  u64 tx_exhausted = 0;  ///< tx_alloc found no free buffer at the far end, or no far end
};

/// One end of the cable. The buffers of a direction belong to its receiving end.
class MemoryPort {
 public:
  static constexpr u32 kBufferBytes = 2048;  ///< room for a tagged frame, as a NIC's buffers have

  /// A port that can hold `buffer_count` frames in its receive direction (waiting or not yet
  /// released).
  explicit MemoryPort(u32 buffer_count = 512)
      : memory_(std::make_unique_for_overwrite<std::byte[]>(usize{buffer_count} * kBufferBytes)),
        free_(buffer_count),
        queue_(buffer_count),
        free_count_(buffer_count) {
    TRADSYS_ASSERT(buffer_count > 0);
    for (u32 i = 0; i < buffer_count; ++i) free_[i] = buffer_count - 1 - i;
  }
  MemoryPort(const MemoryPort&) = delete;
  MemoryPort& operator=(const MemoryPort&) = delete;

  /// Plugs two ports together. Both must outlive the last use of either.
  static void join(MemoryPort& a, MemoryPort& b) noexcept {
    a.peer_ = &b;
    b.peer_ = &a;
  }

  // FramePort
  [[nodiscard]] u32 rx_burst(nic::RxFrame* out, u32 max) noexcept {
    const u32 count = waiting_ < max ? waiting_ : max;
    for (u32 i = 0; i < count; ++i) {
      const Slot& slot = queue_[head_];
      head_ = next(head_);
      std::byte* data = buffer(slot.index);
      out[i] = {data, slot.len_bytes, 0, data};
    }
    waiting_ -= count;
    counters_.rx_frames += count;
    return count;
  }
  void release(const nic::RxFrame* frames, u32 count) noexcept {
    for (u32 i = 0; i < count; ++i) {
      const auto offset =
          static_cast<usize>(static_cast<std::byte*>(frames[i].handle) - memory_.get());
      TRADSYS_ASSERT(free_count_ < free_.size());
      free_[free_count_++] = static_cast<u32>(offset / kBufferBytes);
    }
  }
  [[nodiscard]] std::byte* tx_alloc() noexcept {
    TRADSYS_ASSERT(!tx_open_);
    if (peer_ == nullptr || peer_->free_count_ == 0) {
      ++counters_.tx_exhausted;
      return nullptr;
    }
    tx_open_ = true;
    tx_index_ = peer_->free_[--peer_->free_count_];
    return peer_->buffer(tx_index_);
  }
  bool tx_send(u32 len_bytes) noexcept {
    TRADSYS_ASSERT(tx_open_ && len_bytes <= kBufferBytes);
    tx_open_ = false;
    peer_->push({tx_index_, len_bytes});
    ++counters_.tx_frames;
    return true;
  }
  void tx_abandon() noexcept {
    TRADSYS_ASSERT(tx_open_);
    tx_open_ = false;
    peer_->free_[peer_->free_count_++] = tx_index_;
  }

  /// Frames that wait to be received.
  [[nodiscard]] u32 waiting() const noexcept { return waiting_; }
  /// Buffers not in use: all of them once every received frame was released (leak check).
  [[nodiscard]] u32 free_buffers() const noexcept { return free_count_; }
  [[nodiscard]] const MemoryPortCounters& counters() const noexcept { return counters_; }

 private:
  struct Slot {
    u32 index;
    u32 len_bytes;
  };

  std::byte* buffer(u32 index) noexcept { return memory_.get() + usize{index} * kBufferBytes; }
  [[nodiscard]] u32 next(u32 position) const noexcept {
    return position + 1 == queue_.size() ? 0 : position + 1;
  }
  void push(Slot slot) noexcept {
    queue_[tail_] = slot;
    tail_ = next(tail_);
    ++waiting_;
  }

  std::unique_ptr<std::byte[]> memory_;
  std::vector<u32> free_;
  std::vector<Slot> queue_;
  u32 free_count_;
  u32 head_ = 0;
  u32 tail_ = 0;
  u32 waiting_ = 0;
  u32 tx_index_ = 0;
  bool tx_open_ = false;
  MemoryPort* peer_ = nullptr;
  MemoryPortCounters counters_;
};
static_assert(nic::FramePort<MemoryPort>);

}  // namespace tradsys::sim
