#pragma once
// Live messages that wait for an earlier one. Messages are kept one by one, because two lines cut
// the same stream into different packets. Bounded in messages and in bytes; all memory is taken by
// the constructor.
#include <bit>
#include <vector>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/contract.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::feed {

/// Storage is handed out in chunks of this size: the longest message a feed can carry fits one.
inline constexpr u32 kReorderChunkBytes = 1U << 16;
inline constexpr u32 kReorderMessagesMax = 1U << 24;
inline constexpr u32 kReorderBytesMax = 1U << 30;

/// A window of sequence numbers over a ring of slots. A slot belongs to number `sequence & mask`,
/// so the caller keeps all numbers inside [low, low + capacity()), low being the first number not
/// yet taken.
class ReorderBuffer {
 public:
  /// `messages` is rounded up to a power of two of at least 64, `bytes` down to whole chunks.
  ReorderBuffer(u32 messages, u32 bytes);

  [[nodiscard]] u64 capacity() const noexcept { return slots_.size(); }
  [[nodiscard]] bool empty() const noexcept { return waiting_ == 0; }
  /// Messages that wait.
  [[nodiscard]] u64 waiting() const noexcept { return waiting_; }
  [[nodiscard]] bool has(u64 sequence) const noexcept {
    const u64 i = sequence & mask_;
    return (present_[i >> 6] >> (i & 63)) & 1U;
  }
  /// Copies a message that is not there yet; false when no byte is left for it.
  [[nodiscard]] bool put(u64 sequence, Bytes message, Nanos now) noexcept;
  /// The message, which must be there; valid until `drop(sequence)`.
  [[nodiscard]] Bytes get(u64 sequence) const noexcept {
    TRADSYS_ASSERT(has(sequence));
    const Slot& slot = slots_[sequence & mask_];
    return {storage_.data() + slot.position, slot.length};
  }
  /// When the message, which must be there, came.
  [[nodiscard]] Nanos arrival(u64 sequence) const noexcept {
    TRADSYS_ASSERT(has(sequence));
    return slots_[sequence & mask_].arrival;
  }
  /// Forgets a message, which must be there.
  void drop(u64 sequence) noexcept;
  /// First number in [from, to) that is there, or `to`; to - from <= capacity().
  [[nodiscard]] u64 first_waiting(u64 from, u64 to) const noexcept;
  void clear() noexcept;

 private:
  struct Slot {
    Nanos arrival;
    u32 position = 0;
    u32 length = 0;
  };
  struct Chunk {
    u32 used_bytes = 0;
    u32 live_messages = 0;
  };
  static constexpr u32 kNoChunk = ~u32{0};

  [[nodiscard]] bool open_chunk() noexcept;
  void reset_chunks() noexcept;

  std::vector<Slot> slots_;
  std::vector<u64> present_;  // one bit per slot
  std::vector<std::byte> storage_;
  std::vector<Chunk> chunks_;
  std::vector<u32> free_chunks_;  // a stack; `free_count_` of them are free
  u64 mask_;
  u64 waiting_ = 0;
  u32 free_count_ = 0;
  u32 open_ = kNoChunk;  // the chunk that takes new messages
};

inline ReorderBuffer::ReorderBuffer(u32 messages, u32 bytes)
    : slots_(std::bit_ceil(messages < 64 ? 64U : messages)),
      present_(slots_.size() / 64),
      storage_(bytes / kReorderChunkBytes * kReorderChunkBytes),
      chunks_(bytes / kReorderChunkBytes),
      free_chunks_(chunks_.size()),
      mask_(slots_.size() - 1) {
  TRADSYS_ASSERT(messages <= kReorderMessagesMax);
  TRADSYS_ASSERT(bytes >= kReorderChunkBytes && bytes <= kReorderBytesMax);
  reset_chunks();
}

inline void ReorderBuffer::reset_chunks() noexcept {
  free_count_ = 0;
  for (u32 i = static_cast<u32>(chunks_.size()); i > 0; --i) {
    chunks_[i - 1] = {};
    free_chunks_[free_count_++] = i - 1;
  }
  open_ = kNoChunk;
}

inline bool ReorderBuffer::open_chunk() noexcept {
  if (free_count_ == 0) return false;
  open_ = free_chunks_[--free_count_];
  chunks_[open_].used_bytes = 0;
  return true;
}

inline bool ReorderBuffer::put(u64 sequence, Bytes message, Nanos now) noexcept {
  TRADSYS_ASSERT(!has(sequence) && message.size() < kReorderChunkBytes);
  const u32 length = static_cast<u32>(message.size());
  const u32 room = length != 0 ? length : 1;  // an empty message, too, lies inside its chunk
  const bool full = open_ == kNoChunk || room > kReorderChunkBytes - chunks_[open_].used_bytes;
  if (full && !open_chunk()) return false;
  Chunk& chunk = chunks_[open_];
  const u32 position = open_ * kReorderChunkBytes + chunk.used_bytes;
  if (length != 0) std::memcpy(storage_.data() + position, message.data(), length);
  chunk.used_bytes += length;
  ++chunk.live_messages;
  slots_[sequence & mask_] = {now, position, length};
  const u64 i = sequence & mask_;
  present_[i >> 6] |= u64{1} << (i & 63);
  ++waiting_;
  return true;
}

inline void ReorderBuffer::drop(u64 sequence) noexcept {
  TRADSYS_ASSERT(has(sequence));
  const u64 i = sequence & mask_;
  present_[i >> 6] &= ~(u64{1} << (i & 63));
  --waiting_;
  const u32 index = slots_[i].position / kReorderChunkBytes;
  Chunk& chunk = chunks_[index];
  if (--chunk.live_messages != 0) return;
  chunk.used_bytes = 0;
  if (index != open_) free_chunks_[free_count_++] = index;
}

inline u64 ReorderBuffer::first_waiting(u64 from, u64 to) const noexcept {
  TRADSYS_ASSERT(from <= to && to - from <= capacity());
  if (waiting_ == 0) return to;
  for (u64 at = from; at < to;) {
    const u64 i = at & mask_;
    const u64 word = present_[i >> 6] >> (i & 63);
    if (word != 0) {
      const u64 found = at + static_cast<u64>(std::countr_zero(word));
      return found < to ? found : to;
    }
    at += 64 - (i & 63);
  }
  return to;
}

inline void ReorderBuffer::clear() noexcept {
  for (u64& word : present_) word = 0;
  waiting_ = 0;
  reset_chunks();
}

}  // namespace tradsys::feed
