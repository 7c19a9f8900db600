#pragma once
// Time is injected. Production reads the calibrated TSC (drivers/clock), simulation a virtual
// clock.
#include <concepts>

#include "hostsw/core/units.hpp"

namespace tradsys {

/// Something that tells the time in nanoseconds, monotonically.
template <class C>
concept Clock = requires(const C& c) {
  { c.now() }
  noexcept->std::same_as<Nanos>;
};

/// A clock that moves only when told to.
class VirtualClock {
 public:
  [[nodiscard]] Nanos now() const noexcept { return now_; }
  void advance_to(Nanos t) noexcept {
    if (t > now_) now_ = t;
  }
  void advance_by(Nanos d) noexcept { now_ = now_ + d; }

 private:
  Nanos now_{};
};
static_assert(Clock<VirtualClock>);

}  // namespace tradsys
