#pragma once
// TCP for one interface on one core: client and listener. Fixed session table, no allocation after
// the constructor, time from the Clock, frames through the Link, callbacks straight into the
// handler.
#include "dataplane/net/tcp/tcp_input.hpp"
#include "dataplane/net/tcp/tcp_timers.hpp"

namespace tradsys::net {

/// What a TCP user implements. Callbacks may call any function of the engine, for any connection.
///   on_tcp_connected(conn)        connect() succeeded
///   on_tcp_accepted(conn, port)   a peer connected to our listening `port`
///   on_tcp_data(conn, bytes)      the next bytes of the stream, all to be taken now
///   on_tcp_closed(conn, reason)   over; once per connection that was connected, accepted or
///   refused, never
///                                 after abort(), nor after close() of one that was not connected
///                                 yet
/// Optional: on_tcp_peer_closed(conn): the peer has finished but still receives; close() is then
/// owed.
template <class H>
concept TcpHandler = requires(H& h, ConnId conn, u16 port, Bytes bytes, TcpCloseReason reason) {
  h.on_tcp_connected(conn);
  h.on_tcp_accepted(conn, port);
  h.on_tcp_data(conn, bytes);
  h.on_tcp_closed(conn, reason);
};

/// The far end of a connection.
struct TcpPeer {
  Ipv4 ip;
  u16 port = 0;
};

template <class Link, Clock Clk, class Handler>
class TcpEngine {
 public:
  TcpEngine(Link& link, const Clk& clock, Handler& handler)
      : clock_(clock),
        table_(link.config().tcp),
        output_(link, clock, table_, counters_),
        lifecycle_(link, table_, output_, handler, counters_),
        input_(table_, output_, lifecycle_, handler, counters_),
        timers_(link, table_, output_, lifecycle_, counters_) {}
  TcpEngine(const TcpEngine&) = delete;
  TcpEngine& operator=(const TcpEngine&) = delete;

  /// Starts to connect; on_tcp_connected or on_tcp_closed follows. `local_port` 0 picks one from
  /// 49152 up. kNoConn when no session is free, the 4-tuple is in use, or no other host can have
  /// `ip`.
  [[nodiscard]] ConnId connect(Ipv4 ip, u16 port, u16 local_port = 0) noexcept {
    if (!is_host(ip) || port == 0) return kNoConn;
    if (local_port == 0) local_port = pick_port(ip, port);
    TcpSession* s = lifecycle_.open(ip, port, local_port, clock_.now());
    return s == nullptr ? kNoConn : table_.id_of(*s);
  }

  /// Accepts connections to `port` while sessions are free. False when there are too many
  /// listeners.
  bool listen(u16 port) noexcept { return table_.listen(port); }
  /// New connections to `port` are refused from now on; those accepted live on.
  void stop_listening(u16 port) noexcept { table_.stop_listening(port); }

  /// Sends all of `data`, or queues what the windows do not allow yet; false, and nothing is taken,
  /// when it does not fit into the session's ring or the connection is not open for sending.
  [[nodiscard]] bool send(ConnId conn, Bytes data) noexcept {
    TcpSession* s = table_.get(conn);
    if (s == nullptr || !s->can_send() || !output_.send(*s, data)) [[unlikely]] {
      ++counters_.send_refused;
      return false;
    }
    return true;
  }

  /// The direct way: a place for `bytes` of payload inside a frame that can leave at once, to be
  /// followed by commit_send() before anything else is sent on this interface, or by cancel_send().
  /// nullptr when the bytes would have to wait or are more than a segment holds: then use send().
  [[nodiscard]] std::byte* begin_send(ConnId conn, u32 bytes) noexcept {
    TcpSession* s = table_.get(conn);
    if (s == nullptr || !s->can_send() || bytes > table_.send_space(*s)) return nullptr;
    direct_frame_ = output_.begin(*s, bytes);
    direct_session_ = s;
    return direct_frame_ == nullptr ? nullptr : direct_frame_ + s->header_bytes;
  }
  /// `bytes` may be fewer than begin_send() was asked for, but not zero.
  void commit_send(u32 bytes) noexcept {
    TRADSYS_ASSERT(direct_frame_ != nullptr && bytes != 0);
    output_.commit(*direct_session_, direct_frame_, bytes);
    direct_frame_ = nullptr;
  }
  void cancel_send() noexcept {
    TRADSYS_ASSERT(direct_frame_ != nullptr);
    output_.cancel();
    direct_frame_ = nullptr;
  }

  /// Bytes that send() would take now.
  [[nodiscard]] u32 send_space(ConnId conn) noexcept {
    const TcpSession* s = table_.get(conn);
    return s == nullptr || !s->can_send() ? 0 : table_.send_space(*s);
  }
  /// Bytes queued or sent that the peer has not acknowledged.
  [[nodiscard]] u32 unacknowledged(ConnId conn) noexcept {
    const TcpSession* s = table_.get(conn);
    return s == nullptr ? 0 : s->unacked_bytes();
  }
  [[nodiscard]] TcpPeer peer(ConnId conn) noexcept {
    const TcpSession* s = table_.get(conn);
    return s == nullptr ? TcpPeer{} : TcpPeer{s->remote_ip, s->remote_port};
  }
  /// The state as plain data; nullptr for an id that is no more.
  [[nodiscard]] const TcpSession* session(ConnId conn) noexcept { return table_.get(conn); }

  /// Copies the payload that the peer has not acknowledged, oldest first, to `out`, which has room
  /// for it: with session(), all that another process needs to go on with the connection.
  void copy_unacknowledged(ConnId conn, std::byte* out) noexcept {
    const TcpSession* s = table_.get(conn);
    if (s != nullptr) table_.get_send(*s, s->unacked_data(), out, s->unacked_bytes());
  }
  /// Goes on with a connection of another engine that had this interface's addresses and sends no
  /// more: `from` is its last state, and everything before `from.rcv_nxt` has reached its handler.
  /// No callback. kNoConn, and nothing done, when it was not open, does not fit into the rings, or
  /// the 4-tuple is in use.
  [[nodiscard]] ConnId take_over(const TcpSession& from, Bytes unacknowledged) noexcept {
    TcpSession* s = lifecycle_.take_over(from, unacknowledged, clock_.now());
    return s == nullptr ? kNoConn : table_.id_of(*s);
  }

  /// Finishes: what is queued is delivered first. Data of the peer still arrives until
  /// on_tcp_closed.
  void close(ConnId conn) noexcept {
    if (TcpSession* s = table_.get(conn)) lifecycle_.close(*s);
  }
  /// Ends at once with a reset; the id is dead and no callback follows.
  void abort(ConnId conn) noexcept {
    if (TcpSession* s = table_.get(conn)) lifecycle_.abort(*s);
  }

  // For the interface that owns the engine.
  void on_segment(const TcpSegment& segment, Nanos now) noexcept {
    input_.on_segment(segment, now);
  }
  /// An ICMP error about a segment of this interface.
  void on_icmp_error(const IcmpError& error) noexcept { input_.on_icmp_error(error); }
  /// End of a poll: pays the ACKs that no data carried.
  void serve_pending() noexcept {
    if (table_.has_pending()) output_.serve_pending();
  }
  void housekeep(Nanos now) noexcept {
    timers_.housekeep(now);
    serve_pending();
  }
  /// A neighbour became known or moved: prepared headers follow, waiting handshakes start.
  void on_neighbour(Ipv4 ip, MacAddress mac) noexcept {
    for (TcpSession& s : table_.sessions()) {
      if (s.state == TcpState::kClosed || s.next_hop != ip) continue;
      const bool waiting = !s.link_ready;
      output_.prepare(s, mac);
      if (!waiting) continue;
      const bool opening = s.state == TcpState::kSynSent || s.state == TcpState::kSynReceived;
      opening ? output_.send_syn(s) : output_.flush(s);
    }
  }
  /// No timer fires before this time.
  [[nodiscard]] Nanos next_deadline() const noexcept { return table_.next_deadline(); }
  /// Sessions in use, lingering ones among them.
  [[nodiscard]] u32 open_count() const noexcept { return table_.open_count(); }
  [[nodiscard]] const TcpCounters& counters() const noexcept { return counters_; }

 private:
  u16 pick_port(Ipv4 ip, u16 port) noexcept {
    constexpr u16 kFirst = 49'152;
    for (u32 i = 0; i <= table_.sessions().size(); ++i) {
      const u16 candidate = next_port_;
      next_port_ = next_port_ == 0xFFFF ? kFirst : static_cast<u16>(next_port_ + 1);
      if (table_.find(tcp_key(ip, port, candidate)) == nullptr) return candidate;
    }
    return next_port_;
  }

  const Clk& clock_;
  TcpCounters counters_;
  SessionTable table_;
  TcpOutput<Link, Clk> output_;
  TcpLifecycle<Link, Clk, Handler> lifecycle_;
  TcpInput<Link, Clk, Handler> input_;
  TcpTimers<Link, Clk, Handler> timers_;
  TcpSession* direct_session_ = nullptr;
  std::byte* direct_frame_ = nullptr;
  u16 next_port_ = 49'152;
};

}  // namespace tradsys::net
