#pragma once
// The link between two tiles: one producer thread, one consumer thread, no lock, no allocation
// after make. Boost.Lockfree's spsc_queue carries it (ADR 0003).
#include <boost/lockfree/spsc_queue.hpp>
#include <type_traits>

#include "hostsw/core/types.hpp"

namespace tradsys {

/// A bounded queue of trivially copyable records; `slots` are allocated once, in the constructor.
template <class T>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit SpscRing(usize slots) : queue_(slots) {}

  /// Producer only. False when full: the caller decides what that means, visibly.
  [[nodiscard]] bool try_push(const T& record) noexcept { return queue_.push(record); }
  /// Consumer only. False when empty.
  [[nodiscard]] bool try_pop(T& record) noexcept { return queue_.pop(record); }
  /// Consumer only: pops up to `limit` records into `out`, returns how many.
  [[nodiscard]] usize pop_burst(T* out, usize limit) noexcept { return queue_.pop(out, limit); }
  /// Producer's view of the free slots.
  [[nodiscard]] usize free_slots() const noexcept { return queue_.write_available(); }
  /// Consumer's view of the waiting records.
  [[nodiscard]] usize waiting() const noexcept { return queue_.read_available(); }

 private:
  boost::lockfree::spsc_queue<T> queue_;
};

}  // namespace tradsys
