#pragma once
// The link from the edge tile to the journal tile: one ring of fixed slots, and the way back, the
// number of the last record that is on disk.
#include <algorithm>
#include <atomic>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/contract.hpp"
#include "hostsw/core/spsc_ring.hpp"

namespace tradsys::dataplane {

/// One record on its way to the journal.
struct JournalEntry {
  static constexpr usize kPayloadBytes = 232;
  u64 seq;
  u64 ts_ns;
  u16 type;
  u16 payload_bytes;
  u32 reserved;
  std::byte payload[kPayloadBytes];
};
static_assert(sizeof(JournalEntry) == 256);

/// Shared by exactly one producer (edge tile) and one consumer (journal tile).
class JournalLink {
 public:
  /// `slots` bounds what may be unjournaled; a quarter of them is kept for cancels and executions.
  explicit JournalLink(u32 slots) : ring_(slots), reserve_(slots / 4) {}

  /// Producer. New orders are refused with system_busy while this is false: the ring fills up, or
  /// the disk takes no more than what cancels and executions need.
  [[nodiscard]] bool ready() const noexcept {
    return ring_.free_slots() > reserve_ && !failed_.load(std::memory_order_relaxed) &&
           !short_of_space_.load(std::memory_order_relaxed);
  }
  /// Producer. While false the edge tile takes no input at all: nothing may be left unjournaled.
  [[nodiscard]] bool has_room(u32 records) const noexcept { return ring_.free_slots() >= records; }
  /// Producer. The caller made sure of room.
  void push(u16 type, u64 seq, u64 ts_ns, Bytes payload) noexcept {
    TRADSYS_ASSERT(payload.size() <= JournalEntry::kPayloadBytes);
    JournalEntry entry;
    entry.seq = seq;
    entry.ts_ns = ts_ns;
    entry.type = type;
    entry.payload_bytes = static_cast<u16>(payload.size());
    entry.reserved = 0;
    std::ranges::copy(payload, entry.payload);
    TRADSYS_ASSERT(ring_.try_push(entry));
  }
  /// Any thread: everything up to this event is durable.
  [[nodiscard]] u64 durable_seq() const noexcept {
    return durable_seq_.load(std::memory_order_acquire);
  }
  /// Any thread: the journal cannot be written any more; trading goes cancel-only.
  [[nodiscard]] bool failed() const noexcept { return failed_.load(std::memory_order_relaxed); }

  /// Consumer.
  [[nodiscard]] usize pop_burst(JournalEntry* out, usize limit) noexcept {
    return ring_.pop_burst(out, limit);
  }
  /// Consumer; also once at start, with the last record of the replayed journal.
  void set_durable(u64 seq) noexcept { durable_seq_.store(seq, std::memory_order_release); }
  /// Consumer: the next segment cannot be prepared; the open one still takes records.
  void set_short_of_space(bool value) noexcept {
    short_of_space_.store(value, std::memory_order_relaxed);
  }
  /// Consumer.
  void set_failed() noexcept { failed_.store(true, std::memory_order_relaxed); }

 private:
  SpscRing<JournalEntry> ring_;
  u32 reserve_;
  alignas(kCacheLineBytes) std::atomic<u64> durable_seq_{0};
  std::atomic<bool> failed_{false};
  std::atomic<bool> short_of_space_{false};
};

}  // namespace tradsys::dataplane
