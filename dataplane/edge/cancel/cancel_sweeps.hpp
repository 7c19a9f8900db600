#pragma once
// Cancels that concern many orders: of a client that is gone, of a kill, of a mass cancel. What
// has no room yet goes on with the next step, also after a restart.
#include <array>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/orders/events.hpp"

namespace tradsys::dataplane {

/// Orders one step of a sweep cancels.
inline constexpr u32 kSweepOrders = 1'024;
/// After a restart, clients that do not come back within this time count as disconnected.
inline constexpr Nanos kRestartGrace{5'000'000'000};

class CancelSweeps {
 public:
  explicit CancelSweeps(usize clients) : gone_(clients, 0) {}

  /// The client's orders are canceled from now on, or no longer.
  void set_gone(u16 client, bool gone) noexcept { gone_[client] = gone ? 1 : 0; }
  /// From now on clients have kRestartGrace to come back. False when that began before.
  [[nodiscard]] bool begin_grace(Nanos now) noexcept {
    if (grace_since_.v != 0) return false;
    grace_since_ = now;
    return true;
  }
  /// Those of clients that are not back in time are canceled; `desk` knows who is.
  template <class Desk>
  void end_grace(const Desk& desk, Nanos now) noexcept {
    if (grace_since_.v == 0 || grace_over_ || now - grace_since_ < kRestartGrace) return;
    grace_over_ = true;
    for (u16 c = 0; c < gone_.size(); ++c) {
      if (desk.config(c).cancel_on_disconnect && !desk.logged_in(c)) set_gone(c, true);
    }
  }
  /// Orders in the scope of a kill are canceled.
  void set_killing() noexcept { killing_ = true; }
  /// No mass cancel can begin now.
  [[nodiscard]] bool full() const noexcept { return count_ == kMassCancelsMax; }
  /// In a replay nearly all of them are over: the oldest makes room.
  void begin(const orders::MassCancelEvent& event) noexcept {
    if (full()) drop_oldest();
    mass_cancels_[count_++] = event;
  }

  /// `cancel(wanted, origin)` cancels orders for which wanted(order), as many as there is room for,
  /// and says whether none is left; `killed(order)` whether a switch halts it.
  template <class Cancel, class Killed>
  void step(Cancel&& cancel, Killed&& killed) noexcept {
    using orders::CancelOrigin;
    using orders::Order;
    for (u16 c = 0; c < gone_.size(); ++c) {
      const auto of_client = [c](const Order& order) {
        return order.session == c && order.tif != TimeInForce::kGtc;  // outlives its day, too
      };
      if (gone_[c] != 0 && cancel(of_client, CancelOrigin::kDisconnect)) gone_[c] = 0;
    }
    if (killing_ && cancel(killed, CancelOrigin::kKill)) killing_ = false;
    while (count_ != 0) {
      const auto meant = [this](const Order& order) { return names(mass_cancels_[0], order); };
      if (!cancel(meant, CancelOrigin::kMassCancel)) return;
      drop_oldest();
    }
  }

 private:
  static constexpr u32 kMassCancelsMax = 16;

  void drop_oldest() noexcept {
    for (u32 i = 1; i < count_; ++i) mass_cancels_[i - 1] = mass_cancels_[i];
    --count_;
  }

  std::vector<u8> gone_;
  std::array<orders::MassCancelEvent, kMassCancelsMax> mass_cancels_{};  ///< oldest first
  u32 count_ = 0;
  Nanos grace_since_{};
  bool grace_over_ = false;
  bool killing_ = false;
};

}  // namespace tradsys::dataplane
