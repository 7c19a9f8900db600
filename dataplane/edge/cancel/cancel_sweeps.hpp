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
/// A cancel that the venue refused is sent again after this time, while its cause stands.
inline constexpr Nanos kRefusedCancelWait{100'000'000};

class CancelSweeps {
 public:
  explicit CancelSweeps(usize clients) : gone_(clients) {}

  /// The client is gone: its orders with identifiers below this are canceled, also when it is back
  /// before that is done.
  void set_gone(u16 client, u64 orders_before) noexcept { gone_[client] = {orders_before, true}; }
  /// The venue refused a cancel: what a sweep had done is looked at again, soon.
  void cancel_refused(Nanos now) noexcept {
    if (again_at_.v == 0) again_at_ = now + kRefusedCancelWait;
  }
  /// From now on clients have kRestartGrace to come back. False when that began before.
  [[nodiscard]] bool begin_grace(Nanos now) noexcept {
    if (grace_since_.v != 0) return false;
    grace_since_ = now;
    return true;
  }
  /// Those of clients that are not back in time are canceled; `desk` knows who is.
  template <class Desk>
  void end_grace(const Desk& desk, u64 next_order_id, Nanos now) noexcept {
    if (grace_since_.v == 0 || grace_over_ || now - grace_since_ < kRestartGrace) return;
    grace_over_ = true;
    for (u16 c = 0; c < gone_.size(); ++c) {
      if (desk.config(c).cancel_on_disconnect && !desk.logged_in(c)) set_gone(c, next_order_id);
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
  void step(Nanos now, Cancel&& cancel, Killed&& killed) noexcept {
    using orders::CancelOrigin;
    using orders::Order;
    look_again(now);
    for (u16 c = 0; c < gone_.size(); ++c) {
      const auto of_client = [c, before = gone_[c].orders_before](const Order& order) {
        return order.session == c && order.order_id < before &&
               order.tif != TimeInForce::kGtc;  // outlives its day, too
      };
      if (gone_[c].sweeps && cancel(of_client, CancelOrigin::kDisconnect)) gone_[c].sweeps = false;
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

  /// Of a client that was gone at some time.
  struct Gone {
    u64 orders_before = 0;  ///< all of these are to be canceled; 0: it never was
    bool sweeps = false;
  };

  void look_again(Nanos now) noexcept {
    if (again_at_.v == 0 || now < again_at_) return;
    again_at_ = {};
    killing_ = true;
    for (Gone& client : gone_) client.sweeps = client.orders_before != 0;
  }
  void drop_oldest() noexcept {
    for (u32 i = 1; i < count_; ++i) mass_cancels_[i - 1] = mass_cancels_[i];
    --count_;
  }

  std::vector<Gone> gone_;
  std::array<orders::MassCancelEvent, kMassCancelsMax> mass_cancels_{};  ///< oldest first
  u32 count_ = 0;
  Nanos grace_since_{};
  Nanos again_at_{};  ///< 0: no cancel was refused
  bool grace_over_ = false;
  bool killing_ = false;
};

}  // namespace tradsys::dataplane
