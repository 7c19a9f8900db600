#pragma once
// One OUCH 5.0 session with the venue over SoupBinTCP, kept up. After each login the venue's stream
// is replayed from the first message the journal does not hold; when it is quiet, an Account Query
// tells which of our orders the venue has seen, and trading goes on.
#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/ouch/ouch_venue.hpp"
#include "dataplane/edge/venue_state.hpp"
#include "dataplane/net/tcp/tcp_session.hpp"
#include "hostsw/wire/soup_client_session.hpp"

namespace tradsys::dataplane {

/// `Owner` gets: venue_report(VenueReport), venue_reconciled(next_order_id), venue_seq(),
/// venue_session(), venue_session_begins(name), find_symbol(Symbol), wall_ns().
template <class Owner, class Tcp>
class OuchVenueLink {
 public:
  OuchVenueLink(Owner& owner, const VenueConfig& config)
      : owner_(owner), config_(config), soup_(config.soup, *this) {}

  void attach(Tcp& tcp) noexcept { tcp_ = &tcp; }

  // --- from the TCP engine -----------------------------------------------------------------------
  [[nodiscard]] bool owns(net::ConnId conn) const noexcept {
    return conn == conn_ && conn != net::kNoConn;
  }
  [[nodiscard]] net::ConnId connection() const noexcept { return conn_; }
  void on_connected(Nanos now) noexcept {
    wire::SoupLogin login = config_.login;
    login.sequence = owner_.venue_seq() + 1;
    soup_.start(login, now);
  }
  void on_data(Bytes bytes, Nanos now) noexcept {
    now_ = now;
    soup_.on_bytes(bytes, now);
  }
  void on_closed(Nanos now) noexcept {
    now_ = now;
    conn_ = net::kNoConn;
    if (soup_.closed())
      go_down();
    else
      soup_.on_disconnected();
  }

  /// Connects, beats, and moves on from replay to reconcile.
  void on_timer(Nanos now) noexcept {
    now_ = now;
    soup_.on_timer(now);
    if (state_ == VenueState::kDown && now >= next_attempt_) {
      next_attempt_ = now + config_.reconnect_wait;
      conn_ = tcp_->connect(config_.server.ip, config_.server.port, config_.local_port);
      if (conn_ != net::kNoConn) state_ = VenueState::kConnecting;
    } else if (state_ == VenueState::kReplaying && now - last_message_at_ >= config_.quiet) {
      std::byte query[kOuchInboundBytesMax];
      answered_ = false;
      if (send_message({query, encode_account_query(query)})) state_ = VenueState::kReconciling;
    } else if (state_ == VenueState::kReconciling && answered_ &&
               now - last_message_at_ >= config_.quiet) {
      state_ = VenueState::kReady;
      owner_.venue_reconciled(next_ref_);
    }
  }

  // --- from the order engine ---------------------------------------------------------------------
  /// New orders may go out: the session is reconciled and the transport has room.
  [[nodiscard]] bool ready() noexcept {
    return state_ == VenueState::kReady && tcp_->send_space(conn_) >= kReservedBytes;
  }
  /// Cancels may go out: they have the room that new orders leave.
  [[nodiscard]] bool open() const noexcept { return state_ == VenueState::kReady; }
  /// How many orders can be canceled (each by two ids) before the transport is full. While the
  /// session is away there is no bound: cancels are remembered.
  [[nodiscard]] u32 cancels_that_fit() const noexcept {
    return open() ? tcp_->send_space(conn_) / kCancelBytes : ~u32{0};
  }
  /// OUCH has no time in force that outlives the day.
  [[nodiscard]] static constexpr bool takes(TimeInForce tif) noexcept {
    return tif != TimeInForce::kGtc;
  }
  /// A cancel that finds no room is to be sent again; orders are sent while ready().
  void enter(const orders::Order& order, Symbol symbol) noexcept {
    std::byte m[kOuchInboundBytesMax];
    TRADSYS_ASSERT(send_message({m, encode_enter(order, symbol, m)}));
  }
  void replace(const orders::Order& order, Symbol) noexcept {
    std::byte m[kOuchInboundBytesMax];
    TRADSYS_ASSERT(send_message({m, encode_replace(order, m)}));
  }
  [[nodiscard]] bool cancel(u64 order_id, u32 qty) noexcept {
    std::byte m[kOuchInboundBytesMax];
    return send_message({m, encode_cancel(order_id, qty, m)});
  }
  [[nodiscard]] bool send_message(Bytes message) noexcept {
    const bool sent = soup_.send_unsequenced(message, now_);
    ++(sent ? counters_.messages_out : counters_.send_refused);
    return sent;
  }
  /// The time that outgoing packets are stamped with for heartbeats.
  void set_now(Nanos now) noexcept { now_ = now; }

  [[nodiscard]] VenueState state() const noexcept { return state_; }
  [[nodiscard]] Nanos last_message_at() const noexcept { return last_message_at_; }
  [[nodiscard]] const VenueCounters& counters() const noexcept { return counters_; }

  // --- handler of the SoupBinTCP session ---------------------------------------------------------
  bool send(Bytes packet) noexcept { return tcp_->send(conn_, packet); }
  /// The journal's position has a meaning in one session only, and a stream that starts elsewhere
  /// would hide executions: then nothing of it is taken, and no order goes out.
  void on_login_accepted(const wire::SoupSessionName& session, u64 sequence) noexcept {
    const bool first = owner_.venue_session() == wire::SoupSessionName{};
    if (first && session == owner_.previous_venue_session()) {  // still in the day before
      ++counters_.login_rejects;
      return soup_.logout(now_);
    }
    if ((!first && session != owner_.venue_session()) || sequence != owner_.venue_seq() + 1) {
      ++counters_.stream_mismatches;
      state_ = VenueState::kStopped;
      soup_.logout(now_);
      return;
    }
    if (first) owner_.venue_session_begins(session);
    ++counters_.connects;
    state_ = VenueState::kReplaying;
    last_message_at_ = now_;
  }
  void on_login_rejected(char) noexcept { ++counters_.login_rejects; }
  void on_sequenced(u64 sequence, Bytes message) noexcept {
    ++counters_.messages_in;
    last_message_at_ = now_;
    orders::VenueReport report;
    Symbol symbol;
    u32 next_ref = 0;
    report.venue_seq = sequence;
    report.ts_ns = owner_.wall_ns();
    const VenueMessage kind = decode_venue_message(message, report, symbol, next_ref);
    if (kind == VenueMessage::kMalformed) ++counters_.malformed;
    report.ignored = kind != VenueMessage::kReport;
    if (report.ignored == 0) report.instrument = owner_.find_symbol(symbol);
    owner_.venue_report(report);
    if (state_ != VenueState::kReconciling) return;
    // A replay that stalled may hold an old answer: one counts only when nothing follows it.
    answered_ = kind == VenueMessage::kAccountQueryResponse;
    next_ref_ = next_ref;
    if (!answered_) state_ = VenueState::kReplaying;
  }
  /// There is no reconnect to an ended session (SoupBinTCP 3.00).
  void on_end_of_session() noexcept {
    ended_ = true;
    owner_.venue_day_over();
  }
  /// What a dead connection still holds must not reach the venue behind the reconcile.
  void on_closed(wire::SoupClose reason) noexcept {
    const bool orderly = reason == wire::SoupClose::kLogout ||
                         reason == wire::SoupClose::kRejected ||
                         reason == wire::SoupClose::kEndOfSession;
    if (conn_ != net::kNoConn) orderly ? tcp_->close(conn_) : tcp_->abort(conn_);
    conn_ = net::kNoConn;
    go_down();
  }

 private:
  /// Room that new orders leave for cancels in the transport's ring.
  static constexpr u32 kReservedBytes = 8'192;
  static constexpr u32 kCancelBytes =
      2 * (wire::kSoupHeaderBytes + ouch50::inbound::CancelOrder::kBytes);

  void go_down() noexcept {
    if (state_ == VenueState::kReady || state_ == VenueState::kReplaying ||
        state_ == VenueState::kReconciling) {
      ++counters_.disconnects;
    }
    if (ended_ || state_ == VenueState::kStopped) {
      state_ = VenueState::kStopped;
      return;
    }
    state_ = VenueState::kDown;
    next_attempt_ = now_ + config_.reconnect_wait;
  }

  Owner& owner_;
  VenueConfig config_;
  Tcp* tcp_ = nullptr;
  wire::SoupClientSession<OuchVenueLink> soup_;
  net::ConnId conn_ = net::kNoConn;
  VenueState state_ = VenueState::kDown;
  VenueCounters counters_;
  bool ended_ = false;
  bool answered_ = false;  ///< kReconciling: the last message was the answer to the query
  u32 next_ref_ = 0;  ///< what it said
  Nanos now_{};
  Nanos next_attempt_{};
  Nanos last_message_at_{};
};

}  // namespace tradsys::dataplane
