#pragma once
// Notices a peer that takes no more bytes while its connection lives: a stopped program or a closed
// window, behind which orders would wait and go out at a market that has moved on.
#include <algorithm>

#include "dataplane/net/tcp/tcp_session.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::dataplane {

/// Of one connection at a time.
class StallWatch {
 public:
  /// From here on nothing new may be sent.
  static constexpr Nanos kStalled{1'000'000'000};
  /// From here on the connection is given up: what it holds must not go out any more.
  static constexpr Nanos kDead{5'000'000'000};

  /// To be called every few milliseconds, nullptr where there is no connection.
  void look(const net::TcpSession* s, Nanos now) noexcept {
    // A time in which this process stood still says nothing of the peer.
    const Nanos passed{std::min((now - looked_at_).v, kTickMax.v)};
    looked_at_ = now;
    const bool waits = s != nullptr && s->unacked_bytes() != 0;
    if (!waits || s->snd_una != acked_)
      waited_ = {};
    else
      waited_ = waited_ + passed;
    if (s != nullptr) acked_ = s->snd_una;
  }
  [[nodiscard]] bool stalled() const noexcept { return waited_ >= kStalled; }
  [[nodiscard]] bool dead() const noexcept { return waited_ >= kDead; }

 private:
  static constexpr Nanos kTickMax{100'000'000};

  Nanos looked_at_{};
  Nanos waited_{};  ///< without a byte taken
  u32 acked_ = 0;
};

}  // namespace tradsys::dataplane
