#pragma once
// The sequenced messages of one session, kept for replay: a byte ring of fixed size in which the
// newest messages push out the oldest. Each is kept as the SoupBinTCP packet it is sent in.
#include <bit>
#include <optional>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/wire/soup.hpp"

namespace tradsys::wire {

/// Written and read by one thread. It outlives connections: the numbers are the session's, not
/// theirs.
class SequencedStore {
 public:
  /// Room for `bytes` of packets (3 bytes more than each message) and `messages` (rounded up to a
  /// power of two) of them, whichever ends first. The first message gets `first_sequence`: above 1
  /// when a session goes on after a restart.
  SequencedStore(usize bytes, usize messages, u64 first_sequence = 1)
      : ring_(bytes),
        entries_(std::bit_ceil(messages)),
        first_(first_sequence),
        next_(first_sequence),
        mask_(entries_.size() - 1) {
    TRADSYS_ASSERT(bytes > kSoupHeaderBytes && messages > 0 && first_sequence > 0);
  }

  /// Number of the oldest message that can still be replayed; next_seq() when there is none.
  [[nodiscard]] u64 first_seq() const noexcept { return first_; }
  /// Number the next message gets.
  [[nodiscard]] u64 next_seq() const noexcept { return next_; }

  /// First number that may not leave yet: sessions send only what is below it. Without hold_from()
  /// everything may leave at once.
  [[nodiscard]] u64 shown_seq() const noexcept { return held_from_ < next_ ? held_from_ : next_; }
  /// Keeps back the messages from `sequence` on, until a later call: they are not durable yet.
  void hold_from(u64 sequence) noexcept { held_from_ = sequence; }

  /// Forgets everything; the next message gets `first_sequence`.
  void restart(u64 first_sequence) noexcept {
    first_ = next_ = first_sequence;
    head_ = 0;
    offset_ = 0;
    held_from_ = UINT64_MAX;
  }

  /// Keeps a message; returns its number, or 0 (and keeps nothing) when it can never fit.
  u64 append(Bytes message) noexcept {
    const usize need = kSoupHeaderBytes + message.size();
    if (message.size() > kSoupPayloadMaxBytes || need > ring_.size()) return 0;
    if (need > ring_.size() - offset_) {  // a packet never wraps
      head_ += ring_.size() - offset_;
      offset_ = 0;
    }
    while (first_ != next_ &&
           (next_ - first_ > mask_ || head_ + need - entry(first_).start > ring_.size()))
      ++first_;
    soup::encode(soup::SequencedData{}, message, ring_.data() + offset_);
    entry(next_) = {head_, offset_, need};
    head_ += need;
    offset_ += need;
    return next_++;
  }

  /// The message as a packet ready to send; nothing when it is not (or no longer) there. Valid
  /// until `append`.
  [[nodiscard]] std::optional<Bytes> packet(u64 sequence) const noexcept {
    if (sequence < first_ || sequence >= next_) return std::nullopt;
    const Entry& found = entries_[sequence & mask_];
    return Bytes(ring_).subspan(found.offset, found.bytes);
  }
  /// The message itself; as `packet`.
  [[nodiscard]] std::optional<Bytes> get(u64 sequence) const noexcept {
    const std::optional<Bytes> found = packet(sequence);
    if (!found) return std::nullopt;
    return found->subspan(kSoupHeaderBytes);
  }

 private:
  struct Entry {
    u64 start = 0;  // counted from the first byte ever written, with what was skipped at the end
    usize offset = 0;
    usize bytes = 0;
  };
  [[nodiscard]] Entry& entry(u64 sequence) noexcept { return entries_[sequence & mask_]; }

  std::vector<std::byte> ring_;
  std::vector<Entry> entries_;
  u64 first_;
  u64 next_;
  u64 mask_;
  u64 head_ = 0;
  u64 held_from_ = ~u64{0};
  usize offset_ = 0;  // of head_ in the ring
};

}  // namespace tradsys::wire
