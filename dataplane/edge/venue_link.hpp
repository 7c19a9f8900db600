#pragma once
// The venue's side of the edge tile: one session in the protocol that the configuration says,
// decided once. Both have the same functions; a branch that is always taken the same way costs an
// order less than a call through a table.
#include <optional>

#include "dataplane/edge/fix_venue/fix_venue_link.hpp"
#include "dataplane/edge/ouch/ouch_venue_link.hpp"
#include "dataplane/edge/stall_watch.hpp"

namespace tradsys::dataplane {

/// `Owner` as for OuchVenueLink and FixVenueLink.
template <class Owner, class Tcp>
class VenueLink {
 public:
  VenueLink(Owner& owner, const EdgeConfig& config) : protocol_(config.venue.protocol) {
    if (protocol_ == VenueProtocol::kOuch50)
      ouch_.emplace(owner, config.venue);
    else
      fix_.emplace(owner, config.venue, config.orders_max);
  }

  /// After the journal was replayed.
  void attach(Tcp& tcp) noexcept {
    tcp_ = &tcp;
    ouch_ ? ouch_->attach(tcp) : fix_->attach(tcp);
  }

  // --- from the TCP engine -----------------------------------------------------------------------
  [[nodiscard]] bool owns(net::ConnId conn) const noexcept {
    return ouch_ ? ouch_->owns(conn) : fix_->owns(conn);
  }
  void on_connected(Nanos now) noexcept {
    ouch_ ? ouch_->on_connected(now) : fix_->on_connected(now);
  }
  void on_data(Bytes bytes, Nanos now) noexcept {
    ouch_ ? ouch_->on_data(bytes, now) : fix_->on_data(bytes, now);
  }
  void on_closed(Nanos now) noexcept { ouch_ ? ouch_->on_closed(now) : fix_->on_closed(now); }
  /// Connects, beats, and moves on from replay to reconcile.
  void on_timer(Nanos now) noexcept {
    watch(now);
    ouch_ ? ouch_->on_timer(now) : fix_->on_timer(now);
  }

  // --- from the order engine ---------------------------------------------------------------------
  /// New orders may go out: the session is reconciled, the venue takes what is sent, and the
  /// transport has room.
  [[nodiscard]] bool ready() noexcept {
    return !stall_.stalled() && (ouch_ ? ouch_->ready() : fix_->ready());
  }
  /// Cancels may go out: they have the room that new orders leave.
  [[nodiscard]] bool open() const noexcept { return ouch_ ? ouch_->open() : fix_->open(); }
  /// An order can be reduced without being replaced. FIX has no such request.
  [[nodiscard]] bool reduces() const noexcept { return ouch_.has_value(); }
  /// How many orders can be canceled (each by two ids) before the transport is full. While the
  /// session is away there is no bound: cancels are remembered.
  [[nodiscard]] u32 cancels_that_fit() const noexcept {
    return ouch_ ? ouch_->cancels_that_fit() : fix_->cancels_that_fit();
  }
  /// Whether orders of this time in force can be passed on; what is no time in force at all is the
  /// gate's to name.
  [[nodiscard]] bool takes(TimeInForce tif) const noexcept {
    return ouch_ ? ouch_->takes(tif) : fix_->takes(tif);
  }
  void enter(const orders::Order& order, Symbol symbol) noexcept {
    ouch_ ? ouch_->enter(order, symbol) : fix_->enter(order, symbol);
  }
  void replace(const orders::Order& order, Symbol symbol) noexcept {
    ouch_ ? ouch_->replace(order, symbol) : fix_->replace(order, symbol);
  }
  /// False: it found no way out, and is to be sent again.
  [[nodiscard]] bool cancel(u64 order_id, u32 qty) noexcept {
    return ouch_ ? ouch_->cancel(order_id, qty) : fix_->cancel(order_id);
  }
  /// The time that outgoing packets are stamped with for heartbeats.
  void set_now(Nanos now) noexcept { ouch_ ? ouch_->set_now(now) : fix_->set_now(now); }

  [[nodiscard]] VenueProtocol protocol() const noexcept { return protocol_; }
  [[nodiscard]] VenueState state() const noexcept { return ouch_ ? ouch_->state() : fix_->state(); }
  [[nodiscard]] const VenueCounters& counters() const noexcept {
    return ouch_ ? ouch_->counters() : fix_->counters();
  }
  /// Connections given up because the venue took nothing any more.
  [[nodiscard]] u64 stalls() const noexcept { return stalls_; }
  /// When the venue last said anything of orders.
  [[nodiscard]] Nanos last_message_at() const noexcept {
    return ouch_ ? ouch_->last_message_at() : fix_->last_message_at();
  }
  /// Number of our next message; 0 where ours have none.
  [[nodiscard]] u64 next_sequence_out() const noexcept { return ouch_ ? 0 : fix_->next_out(); }

 private:
  void watch(Nanos now) noexcept {
    const net::ConnId conn = ouch_ ? ouch_->connection() : fix_->connection();
    stall_.look(conn == net::kNoConn ? nullptr : tcp_->session(conn), now);
    if (!stall_.dead()) return;
    ++stalls_;
    stall_ = {};
    tcp_->abort(conn);
    on_closed(now);
  }

  const VenueProtocol protocol_;
  Tcp* tcp_ = nullptr;
  StallWatch stall_;
  u64 stalls_ = 0;
  std::optional<OuchVenueLink<Owner, Tcp>> ouch_;
  std::optional<FixVenueLink<Owner, Tcp>> fix_;
};

}  // namespace tradsys::dataplane
