#pragma once
// When the venue's trading day is over: the feed's end of messages or the end of the order session
// says so, whichever comes first, and what is under way then gets its time to arrive.
#include "hostsw/core/units.hpp"
#include "hostsw/orders/day_events.hpp"

namespace tradsys::dataplane {

class DayWatch {
 public:
  /// Executions and cancels of the close arrive before the session was quiet for so long.
  static constexpr Nanos kQuiet{1'000'000'000};

  /// The venue said that its day is over; the first word counts.
  void heard(orders::DayEndCause cause, Nanos now) noexcept {
    if (heard_at_.v != 0) return;
    cause_ = cause;
    heard_at_ = now;
  }
  /// Whether the day ends now; `last_message_at` of the order session.
  [[nodiscard]] bool due(Nanos last_message_at, Nanos now) const noexcept {
    return heard_at_.v != 0 && now - heard_at_ >= kQuiet && now - last_message_at >= kQuiet;
  }
  [[nodiscard]] orders::DayEndCause cause() const noexcept { return cause_; }

 private:
  orders::DayEndCause cause_ = orders::DayEndCause::kFeed;
  Nanos heard_at_{};
};

}  // namespace tradsys::dataplane
