#pragma once
// A byte stream between two processes through shared memory: one writer, one reader, no lock, no
// system call. Neither side trusts the other: each keeps its own position and only publishes it,
// and what the other one published is checked before every use. An impossible position makes the
// pipe broken for good; it never leads outside the ring.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/contract.hpp"

namespace tradsys::ipc {

/// The shared half of a pipe beside its ring. Both count bytes since the pipe was made.
struct PipePositions {
  alignas(kCacheLineBytes) std::atomic<u64> written{0};
  alignas(kCacheLineBytes) std::atomic<u64> taken{0};
};
static_assert(std::atomic<u64>::is_always_lock_free);

/// The writer's end.
class PipeWriter {
 public:
  PipeWriter() = default;
  /// `ring` is a power of two long; both are fresh and outlive the end.
  PipeWriter(PipePositions& positions, MutableBytes ring) noexcept
      : positions_(&positions), ring_(ring) {
    TRADSYS_ASSERT(std::has_single_bit(ring.size()));
  }

  /// Writes all of it or nothing; false when there is no room, or when the pipe is broken.
  [[nodiscard]] bool try_write(Bytes bytes) noexcept {
    if (bytes.size() > ring_.size() - (written_ - taken_) && !make_room(bytes.size())) return false;
    const usize at = written_ & (ring_.size() - 1);
    const usize first = std::min(bytes.size(), ring_.size() - at);
    std::memcpy(ring_.data() + at, bytes.data(), first);
    std::memcpy(ring_.data(), bytes.data() + first, bytes.size() - first);
    written_ += bytes.size();
    positions_->written.store(written_, std::memory_order_release);
    return true;
  }
  /// The reader published a position it cannot have.
  [[nodiscard]] bool broken() const noexcept { return broken_; }

 private:
  [[nodiscard]] bool make_room(usize wanted) noexcept {
    const u64 taken = positions_->taken.load(std::memory_order_acquire);
    if (broken_ || taken - taken_ > written_ - taken_) {
      broken_ = true;
      return false;
    }
    taken_ = taken;
    return wanted <= ring_.size() - (written_ - taken_);
  }

  PipePositions* positions_ = nullptr;
  MutableBytes ring_;
  u64 written_ = 0;
  u64 taken_ = 0;  ///< as the reader last published it
  bool broken_ = false;
};

/// The reader's end.
class PipeReader {
 public:
  PipeReader() = default;
  /// As PipeWriter.
  PipeReader(PipePositions& positions, Bytes ring) noexcept : positions_(&positions), ring_(ring) {
    TRADSYS_ASSERT(std::has_single_bit(ring.size()));
  }

  /// Copies up to `out.size()` bytes out and gives their room back; returns how many. What is
  /// looked at afterwards is the copy: the writer can change the ring at any time.
  [[nodiscard]] usize take(MutableBytes out) noexcept {
    const usize n = std::min(waiting(), out.size());
    if (n == 0) return 0;
    const usize at = taken_ & (ring_.size() - 1);
    const usize first = std::min(n, ring_.size() - at);
    std::memcpy(out.data(), ring_.data() + at, first);
    std::memcpy(out.data() + first, ring_.data(), n - first);
    taken_ += n;
    positions_->taken.store(taken_, std::memory_order_release);
    return n;
  }
  /// Bytes that can be taken; 0 once the pipe is broken.
  [[nodiscard]] usize waiting() noexcept {
    const u64 waiting = positions_->written.load(std::memory_order_acquire) - taken_;
    if (waiting > ring_.size()) broken_ = true;
    return broken_ ? 0 : waiting;
  }
  /// Bytes taken since the pipe was made.
  [[nodiscard]] u64 taken() const noexcept { return taken_; }
  /// The writer published a position it cannot have.
  [[nodiscard]] bool broken() const noexcept { return broken_; }

 private:
  PipePositions* positions_ = nullptr;
  Bytes ring_;
  u64 taken_ = 0;
  bool broken_ = false;
};

}  // namespace tradsys::ipc
