#pragma once
// Two persons release a kill switch: the first one's request is only noted, the same request of
// another operator within five minutes carries it out.
#include <array>

#include "dataplane/edge/cancel/kill_switch.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::dataplane {

/// Keeps the latest requests; the oldest gives way.
class ReleaseDesk {
 public:
  static constexpr Nanos kValid{300'000'000'000};

  /// Whether another operator asked the same not long ago; else the request is noted.
  [[nodiscard]] bool second_person(const KillOrder& order, Nanos now) noexcept {
    for (Request& request : requests_) {
      if (!request.pending || now - request.at > kValid) continue;
      const KillOrder& first = request.order;
      if (first.scope != order.scope || first.index != order.index || first.state != order.state)
        continue;
      if (first.operator_name == order.operator_name) {
        request.at = now;
        return false;
      }
      request.pending = false;
      return true;
    }
    requests_[next_++ % requests_.size()] = {order, now, true};
    return false;
  }

  /// A kill makes earlier requests to release the same scope void.
  void forget(const KillOrder& order) noexcept {
    for (Request& request : requests_) {
      if (request.order.scope == order.scope && request.order.index == order.index)
        request.pending = false;
    }
  }

 private:
  struct Request {
    KillOrder order{};
    Nanos at{};
    bool pending = false;
  };
  std::array<Request, 16> requests_{};
  usize next_ = 0;
};

}  // namespace tradsys::dataplane
