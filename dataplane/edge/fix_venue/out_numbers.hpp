#pragma once
// Which numbers of ours a FIX session with the venue may use. Messages leave before their records
// are on disk; so a bound is journaled ahead of them, and after a crash the session goes on at the
// bound: above everything that can have been sent. The venue asks for the hole and gets a gap fill.
#include "hostsw/core/types.hpp"

namespace tradsys::dataplane {

class OutNumbers {
 public:
  /// Numbers that one record reserves.
  static constexpr u64 kBlock = 16'384;
  /// Of them, what new orders leave for cancels and session messages.
  static constexpr u64 kReserve = 1'024;

  /// All below `bound` is reserved on disk.
  void restore(u64 bound) noexcept { bound_ = durable_bound_ = bound; }
  /// Whether it is time to reserve more; then `bound` is to be journaled.
  [[nodiscard]] bool wants_more(u64 next_out) const noexcept {
    return next_out + kBlock / 2 > bound_;
  }
  /// A record with this bound was handed to the journal.
  void reserved(u64 bound, u64 event_seq) noexcept {
    bound_ = bound;
    event_seq_ = event_seq;
  }
  void on_durable(u64 durable_seq) noexcept {
    if (durable_seq >= event_seq_) durable_bound_ = bound_;
  }
  /// Numbers begin again: nothing is reserved on disk until the record is.
  void restart() noexcept { durable_bound_ = 0; }
  /// Whether a new order may take the number. Cancels do not wait for a disk.
  [[nodiscard]] bool allows(u64 next_out) const noexcept {
    return next_out + kReserve <= durable_bound_;
  }

 private:
  u64 bound_ = 1;
  u64 durable_bound_ = 1;
  u64 event_seq_ = 0;
};

}  // namespace tradsys::dataplane
