#pragma once
// When and of whom to ask for missing messages. One request is outstanding at a time; the answer
// may be partial, then the rest is asked for at once; silence is answered by the next server and a
// longer wait.
#include "dataplane/feed/feed_config.hpp"

namespace tradsys::feed {

/// The timing of one re-request loop; it sends nothing itself.
class RerequestTimer {
 public:
  explicit RerequestTimer(const FeedConfig& config) noexcept
      : servers_(config.request_servers),
        attempts_max_(config.request_attempts_max),
        timeout_first_(config.request_timeout),
        timeout_max_(config.request_timeout_max),
        timeout_(config.request_timeout) {}

  [[nodiscard]] bool outstanding() const noexcept { return outstanding_; }
  [[nodiscard]] bool expired(Nanos now) const noexcept { return outstanding_ && now >= deadline_; }
  [[nodiscard]] u32 server() const noexcept { return server_; }
  [[nodiscard]] bool has_servers() const noexcept { return servers_ != 0; }

  /// A request for `sequence` goes out now.
  void sent(u64 sequence, Nanos now) noexcept {
    outstanding_ = true;
    asked_from_ = sequence;
    deadline_ = now + timeout_;
  }
  /// The stream moved: the next wait is short again.
  void progressed() noexcept {
    attempts_ = 0;
    timeout_ = timeout_first_;
  }
  /// The wait ran out with `expected` still missing. False when that was the last attempt.
  [[nodiscard]] bool timed_out(u64 expected) noexcept {
    if (expected > asked_from_) {
      progressed();
      return true;
    }
    if (++attempts_ >= attempts_max_) return false;
    if (servers_ != 0) server_ = (server_ + 1) % servers_;
    timeout_ = timeout_.v > timeout_max_.v / 2 ? timeout_max_ : timeout_ + timeout_;
    return true;
  }
  /// Nothing is missing any more. The server that answered last is asked first next time.
  void idle() noexcept {
    outstanding_ = false;
    progressed();
  }

 private:
  u32 servers_;
  u32 attempts_max_;
  Nanos timeout_first_;
  Nanos timeout_max_;
  Nanos timeout_;
  Nanos deadline_{};
  u64 asked_from_ = 0;
  u32 attempts_ = 0;
  u32 server_ = 0;
  bool outstanding_ = false;
};

}  // namespace tradsys::feed
