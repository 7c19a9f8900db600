#pragma once
// One FIX session with the venue (initiator), kept up. The number expected of the venue is the
// journal's venue_seq; our own go on above everything that can have been sent. After each logon the
// venue's stream is taken from the first message that the journal lacks; when it is quiet, the
// status of every live order is asked for, and trading goes on (ADR 0012).
#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/fix/fix_order.hpp"
#include "dataplane/edge/fix_venue/fix_venue_meaning.hpp"
#include "dataplane/edge/fix_venue/fix_venue_writer.hpp"
#include "dataplane/edge/fix_venue/out_numbers.hpp"
#include "dataplane/edge/fix_venue/status_round.hpp"
#include "dataplane/edge/venue_state.hpp"
#include "dataplane/engine/venue_stream.hpp"
#include "dataplane/net/tcp/tcp_session.hpp"
#include "hostsw/wire/fix/session.hpp"

namespace tradsys::dataplane {

[[nodiscard]] fix::SessionConfig fix_session_config(const VenueConfig& config);
/// What the journal calls the session: another pair of CompIDs has another stream.
[[nodiscard]] std::array<char, 10> fix_session_name(const FixVenueConfig& config) noexcept;

/// `Owner` gets: venue_report(VenueReport), venue_reconciled(next_order_id), venue_session(),
/// venue_session_begins(name), venue_numbers(VenueNumbersEvent) and has: engine(), durable_seq(),
/// market(), find_symbol(Symbol), wall_ns().
template <class Owner, class Tcp>
class FixVenueLink {
 public:
  FixVenueLink(Owner& owner, const VenueConfig& config, u32 orders_max)
      : owner_(owner),
        config_(config),
        name_(fix_session_name(config.fix)),
        store_(kStoreBytes, kStoreMessages),
        session_(fix_session_config(config), *this, store_),
        writer_(config_),
        round_(orders_max) {}
  FixVenueLink(const FixVenueLink&) = delete;
  FixVenueLink& operator=(const FixVenueLink&) = delete;

  /// After the journal was replayed.
  void attach(Tcp& tcp) noexcept {
    tcp_ = &tcp;
    const engine::VenueStream& stream = owner_.engine().core().venue_stream();
    const u64 next_out = std::max<u64>(stream.out_bound(), 1);
    session_.restore({.next_in = stream.seq() + 1, .next_out = next_out});
    numbers_.restore(next_out);
    skips_ids_ = owner_.engine().event_seq() != 0;
  }

  // --- from the TCP engine -----------------------------------------------------------------------
  [[nodiscard]] bool owns(net::ConnId conn) const noexcept {
    return conn == conn_ && conn != net::kNoConn;
  }
  [[nodiscard]] net::ConnId connection() const noexcept { return conn_; }
  void on_connected(Nanos now) noexcept {
    now_ = now;
    const bool resets = reset_due();
    if (resets && !config_.fix.reset_flag) {
      session_.restore_reset();
      on_reset();
    }
    session_.start(wall(), resets && config_.fix.reset_flag);
  }
  void on_data(Bytes bytes, Nanos now) noexcept {
    now_ = now;
    session_.on_bytes(bytes, wall());
    follow_numbers();
  }
  void on_closed(Nanos now) noexcept {
    now_ = now;
    conn_ = net::kNoConn;
    if (session_.closed())
      go_down();
    else
      session_.on_disconnected();
  }
  void on_timer(Nanos now) noexcept {
    now_ = now;
    reserve_numbers();
    session_.on_timer(wall());
    follow_numbers();
    switch (state_) {
      case VenueState::kDown:
        return connect();
      case VenueState::kReplaying:
        return end_replay();
      case VenueState::kReconciling:
        return reconcile();
      case VenueState::kReady:
        return end_day();
      case VenueState::kConnecting:
      case VenueState::kStopped:
        return;
    }
  }

  // --- from the order engine ---------------------------------------------------------------------
  [[nodiscard]] bool ready() noexcept {
    return open() && !session_.has_gap() && tcp_->send_space(conn_) >= kReservedBytes &&
           numbers_.allows(session_.numbers().next_out) &&
           owner_.engine().core().next_order_id() <= kVenueOrderIdMax;
  }
  /// Also not while the session says goodbye, e.g. for a message of the venue that it cannot take.
  [[nodiscard]] bool open() const noexcept {
    return state_ == VenueState::kReady && session_.active();
  }
  [[nodiscard]] u32 cancels_that_fit() const noexcept {
    return open() ? tcp_->send_space(conn_) / kCancelBytes : ~u32{0};
  }
  void enter(const orders::Order& order, Symbol symbol) noexcept {
    const Nanos at = wall();
    TRADSYS_ASSERT(send_request("D", writer_.enter(order, symbol, at), at));
  }
  void replace(const orders::Order& order, Symbol symbol) noexcept {
    const Nanos at = wall();
    TRADSYS_ASSERT(send_request("G", writer_.replace(order, symbol, at), at));
  }
  [[nodiscard]] bool cancel(u64 order_id) noexcept {
    const orders::Order* order = find(order_id);
    if (order == nullptr) return true;
    const Nanos at = wall();
    cancel_us_ = std::max(cancel_us_ + 1, static_cast<u64>(at.v) / 1'000);
    return send_request("F",
                        writer_.cancel(*order, version_of(*order, order_id), symbol_of(*order),
                                       id_of_cancel(order_id, cancel_us_), at),
                        at);
  }
  void set_now(Nanos now) noexcept { now_ = now; }

  [[nodiscard]] static constexpr bool takes(TimeInForce) noexcept { return true; }
  [[nodiscard]] Nanos last_message_at() const noexcept { return last_message_at_; }
  [[nodiscard]] VenueState state() const noexcept { return state_; }
  [[nodiscard]] const VenueCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] u64 next_out() const noexcept { return session_.numbers().next_out; }
  [[nodiscard]] const fix::SessionCounters& session_counters() const noexcept {
    return session_.counters();
  }

  // --- handler of the session --------------------------------------------------------------------
  bool send(std::string_view bytes) noexcept {
    return conn_ != net::kNoConn && tcp_->send(conn_, std::as_bytes(std::span(bytes)));
  }
  bool on_logon(const fix::Message&) noexcept { return true; }
  /// The journal's position has a meaning in one session only.
  void on_logged_on() noexcept {
    const bool first = owner_.venue_session() == std::array<char, 10>{};
    if (!first && owner_.venue_session() != name_) return stop();
    if (first) owner_.venue_session_begins(name_);
    if (state_ != VenueState::kConnecting) return;  // the venue began at 1 again, in between
    ++counters_.connects;
    state_ = VenueState::kReplaying;
    last_message_at_ = now_;
  }
  bool on_application(const fix::Message& m) noexcept {
    ++counters_.messages_in;
    counters_.malformed +=
        session_.counters().defective - std::exchange(defective_, session_.counters().defective);
    last_message_at_ = now_;
    const std::string_view type = m.type();
    if (type == "8" || type == "9") {
      take(read_fix_venue_report(m), sequence_of(m));
      return true;
    }
    if (type != fix::type::kBusinessReject) return false;
    const VenueId id = read_venue_id(m.text(fix::tag::kBusinessRejectRefID)).value_or(VenueId{});
    const bool unknown = m.text(fix::tag::kBusinessRejectReason) == "1";
    refused(m, m.text(fix::tag::kRefMsgType), id, unknown);
    return true;
  }
  void on_reject(const fix::Message& m) noexcept {
    last_message_at_ = now_;
    refused(m, {}, {}, false);
  }
  /// An order of long ago must not trade now: what the venue missed is asked for by its status, and
  /// ends.
  [[nodiscard]] bool wants_resend(std::string_view, std::string_view, Nanos) const noexcept {
    return false;
  }
  void on_kept(std::string_view, std::string_view) noexcept {}
  void on_reset() noexcept {
    numbers_.restart();
    const u64 bound = 1 + OutNumbers::kBlock;
    owner_.venue_numbers({.ts_ns = owner_.wall_ns(), .out_bound = bound, .reset = 1});
    numbers_.reserved(bound, owner_.engine().event_seq());
  }
  void on_closed(fix::CloseReason reason) noexcept {
    const bool refused =
        reason == fix::CloseReason::kLogonRefused || reason == fix::CloseReason::kNotALogon ||
        (reason == fix::CloseReason::kLoggedOut && state_ == VenueState::kConnecting);
    if (refused && !leaving_) ++counters_.login_rejects;
    // What a dead connection still holds must not reach the venue behind the reconcile.
    const bool dead = reason == fix::CloseReason::kTimeout;
    if (conn_ != net::kNoConn) dead ? tcp_->abort(conn_) : tcp_->close(conn_);
    conn_ = net::kNoConn;
    if (reason != fix::CloseReason::kSequenceTooLow) return go_down();
    ++counters_.stream_mismatches;  // what is missing between would hide executions
    state_ = VenueState::kStopped;
  }

 private:
  /// Room that new orders leave for cancels in the transport's ring.
  static constexpr u32 kReservedBytes = 16'384;
  static constexpr u32 kCancelBytes = 2 * 1'024;
  /// What was sent is kept to say which order a reject means, not to be sent again.
  static constexpr usize kStoreMessages = 1U << 14;
  static constexpr usize kStoreBytes = usize{kStoreMessages} * 384;
  /// Identifiers that an order may have had which a crash took out of the journal.
  static constexpr u64 kLostIdsMax = OutNumbers::kBlock;

  [[nodiscard]] Nanos wall() const noexcept { return Nanos{static_cast<i64>(owner_.wall_ns())}; }
  static u64 sequence_of(const fix::Message& m) noexcept {
    return m.number(fix::tag::kMsgSeqNum).value_or(0);
  }
  [[nodiscard]] const orders::Order* find(u64 order_id) const noexcept {
    return owner_.engine().core().store().find(order_id);
  }
  [[nodiscard]] Symbol symbol_of(const orders::Order& order) const noexcept {
    return owner_.market().symbol_of(order.instrument);
  }
  static OrderVersion version_of(const orders::Order& order, u64 order_id) noexcept {
    return order_id == order.order_id ? OrderVersion::kCurrent : OrderVersion::kPending;
  }

  bool send_request(std::string_view type, std::string_view body, Nanos at) noexcept {
    session_.pump(at);
    const bool sent = session_.send_application(type, body);
    ++(sent ? counters_.messages_out : counters_.send_refused);
    return sent;
  }

  // Numbers and days: fix_venue_steps.hpp, as what follows.
  void reserve_numbers() noexcept;
  void follow_numbers() noexcept;
  /// Of the session hours; nothing outside them.
  [[nodiscard]] std::optional<i64> day_of(u64 wall_ns) const noexcept {
    return session_day(config_.fix.hours, Nanos{static_cast<i64>(wall_ns)});
  }
  [[nodiscard]] bool reset_due() const noexcept;
  void connect() noexcept;
  void end_replay() noexcept;
  void reconcile() noexcept;
  void end_day() noexcept;
  void finish_reconcile() noexcept;
  void go_down() noexcept;
  void stop() noexcept;

  // Reports: fix_venue_steps.hpp.
  void take(const FixVenueReport& r, u64 sequence) noexcept;
  void tell(const FixVenueMeaning& meaning, orders::VenueReport& report, u64 sequence,
            Symbol symbol) noexcept;
  [[nodiscard]] u64 traded_as(const FixVenueReport& r) const noexcept;
  void refused(const fix::Message& m, std::string_view type, VenueId id, bool unknown) noexcept;

  Owner& owner_;
  const VenueConfig config_;
  const std::array<char, 10> name_;
  Tcp* tcp_ = nullptr;
  wire::SequencedStore store_;
  fix::Session<FixVenueLink> session_;
  FixVenueWriter writer_;
  StatusRound round_;
  OutNumbers numbers_;
  net::ConnId conn_ = net::kNoConn;
  VenueState state_ = VenueState::kDown;
  VenueCounters counters_;
  bool skips_ids_ = false;  ///< the first reconcile of this process is yet to come
  bool leaving_ = false;  ///< it was us who said goodbye
  u64 defective_ = 0;  ///< of the session's counter, what is counted as malformed
  u64 skipped_ = 0;  ///< of the session's counter, what was asked for by status
  u64 cancel_us_ = 0;  ///< of the last cancel's ClOrdID
  Nanos now_{};
  Nanos next_attempt_{};
  Nanos last_message_at_{};
};

}  // namespace tradsys::dataplane

#include "dataplane/edge/fix_venue/fix_venue_steps.hpp"
