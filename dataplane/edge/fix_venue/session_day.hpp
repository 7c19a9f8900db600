#pragma once
// When a FIX session with a venue is up, and when a trading day of it began.
#include "hostsw/core/units.hpp"

namespace tradsys::dataplane {

/// From `start_s` to `end_s` of each UTC day, over midnight where the end comes first; always where
/// both are the same. A day of the session begins at `start_s`.
class SessionDay {
 public:
  constexpr SessionDay(u32 start_s, u32 end_s) noexcept
      : start_ns_(ns(start_s)), end_ns_(ns(end_s)) {}

  [[nodiscard]] constexpr bool is_up(u64 wall_ns) const noexcept {
    if (start_ns_ == end_ns_) return true;
    const u64 length_ns = (end_ns_ + kDay - start_ns_) % kDay;
    return (wall_ns + kDay - start_ns_) % kDay < length_ns;
  }
  /// When the day of the session began that `wall_ns` is in.
  [[nodiscard]] constexpr u64 began_ns(u64 wall_ns) const noexcept {
    return wall_ns - (wall_ns + kDay - start_ns_) % kDay;
  }

 private:
  static constexpr u64 kDay = 86'400'000'000'000;
  static constexpr u64 ns(u32 second) noexcept { return u64{second % 86'400} * 1'000'000'000; }

  u64 start_ns_;
  u64 end_ns_;
};

}  // namespace tradsys::dataplane
