#pragma once
// How connections begin and end: opening in both roles, closing, lingering, and the one callback
// that tells the handler that it is over.
#include "dataplane/net/tcp/tcp_isn.hpp"
#include "dataplane/net/tcp/tcp_output.hpp"

namespace tradsys::net {

template <class Link, Clock Clk, class Handler>
class TcpLifecycle {
 public:
  TcpLifecycle(Link& link, SessionTable& table, TcpOutput<Link, Clk>& output, Handler& handler,
               TcpCounters& counters)
      : link_(link), table_(table), output_(output), handler_(handler), counters_(counters) {}

  /// Active open. nullptr when the 4-tuple is in use or no session is free.
  TcpSession* open(Ipv4 remote_ip, u16 remote_port, u16 local_port, Nanos now) noexcept {
    const u64 key = tcp_key(remote_ip, remote_port, local_port);
    TcpSession* old = table_.find(key);
    if (old != nullptr && old->state != TcpState::kTimeWait) return nullptr;
    if (old != nullptr) table_.release(*old);
    TcpSession* s = claim(remote_ip, remote_port, local_port, true, now);
    if (s == nullptr) return nullptr;
    s->state = TcpState::kSynSent;
    MacAddress mac;
    if (link_.resolve(remote_ip, now, mac)) output_.prepare(*s, mac);
    output_.send_syn(*s);
    return s;
  }

  /// Passive open: a SYN for a listening port. Its sender's Ethernet address serves until ARP knows
  /// better.
  void accept(const TcpSegment& syn, Nanos now) noexcept {
    TcpSession* s = claim(syn.src_ip, syn.src_port, syn.dst_port, false, now);
    if (s == nullptr) {
      ++counters_.syn_dropped;
      return;
    }
    s->passive = true;
    MacAddress mac;
    output_.prepare(*s, link_.resolve(syn.src_ip, now, mac) ? mac : syn.src_mac);
    on_peer_syn(*s, syn);
    s->state = TcpState::kSynReceived;
    output_.send_syn(*s);
  }

  /// The peer's SYN: its numbers, window and segment size.
  void on_peer_syn(TcpSession& s, const TcpSegment& syn) noexcept {
    s.irs = syn.seq;
    s.rcv_nxt = syn.seq + 1;
    s.snd_wnd = s.snd_wnd_max = syn.window;
    s.snd_wl1 = syn.seq;
    s.snd_wl2 = syn.ack;
    u16 mss = syn.mss == 0 ? kTcpMssDefault : syn.mss;
    if (mss < kTcpMssMin) mss = kTcpMssMin;
    s.mss = mss < output_.mss_limit() ? mss : output_.mss_limit();
  }

  /// The handshake is complete. The handler hears of it last: it may send, close or abort at once.
  void establish(TcpSession& s, Nanos now) noexcept {
    s.state = TcpState::kEstablished;
    s.rexmit_at = kNever;
    s.retries = 0;
    if (s.rtt_running) on_round_trip(s, now - s.rtt_sent_at);
    s.rtt_running = false;
    s.rto = base_rto(s, table_.config());
    arm_keepalive(s, now);
    const ConnId conn = table_.id_of(s);
    if (s.close_wanted) {
      finish_sending(s);
    } else if (s.passive) {
      ++counters_.accepts;
      handler_.on_tcp_accepted(conn, s.local_port);
    } else {
      ++counters_.connects;
      handler_.on_tcp_connected(conn);
    }
  }

  void arm_keepalive(TcpSession& s, Nanos now) noexcept {
    const TcpConfig& c = table_.config();
    s.heard_at = now;
    if (c.keepalive_idle.v != 0) table_.set_linger(s, now + c.keepalive_idle);
  }

  /// close(): what is queued is still delivered, then FIN.
  void close(TcpSession& s) noexcept {
    if (s.close_wanted) return;
    if (s.state == TcpState::kSynSent) return table_.release(s);
    s.close_wanted = true;
    s.detached = s.state == TcpState::kSynReceived;  // never connected: nothing to tell
    if (!s.detached) finish_sending(s);
  }

  /// abort(): RST, and the session is gone. No callback.
  void abort(TcpSession& s) noexcept {
    if (s.state != TcpState::kSynSent) output_.send_reset(s);
    table_.release(s);
  }

  /// Ends a session and tells the handler, unless it was told before. The last thing a caller does.
  void end(TcpSession& s, TcpCloseReason reason) noexcept {
    const ConnId conn = table_.id_of(s);
    const bool told = s.detached || (s.passive && s.state == TcpState::kSynReceived);
    table_.release(s);
    if (!told) handler_.on_tcp_closed(conn, reason);
  }

  /// Both sides have finished: late segments are answered for a while, the handler is told now.
  void enter_time_wait(TcpSession& s, Nanos now) noexcept {
    s.state = TcpState::kTimeWait;
    s.rexmit_at = kNever;
    table_.set_linger(s, now + table_.config().time_wait);
    tell_closed(s, TcpCloseReason::kLocalClosed);
  }

  /// The peer's FIN has arrived in order; it is acknowledged already.
  void on_peer_finished(TcpSession& s, Nanos now) noexcept {
    switch (s.state) {
      case TcpState::kEstablished:
        s.state = TcpState::kCloseWait;
        s.linger_at = kNever;
        return on_half_closed(s);
      case TcpState::kFinWait1:
        s.state = TcpState::kClosing;
        return;
      case TcpState::kFinWait2:
        return enter_time_wait(s, now);
      default:
        return;
    }
  }

  /// Our FIN was acknowledged. False when the session ended with it.
  bool on_fin_acked(TcpSession& s, Nanos now) noexcept {
    switch (s.state) {
      case TcpState::kFinWait1:
        s.state = TcpState::kFinWait2;
        table_.set_linger(s, now + table_.config().fin_wait);
        return true;
      case TcpState::kClosing:
        enter_time_wait(s, now);
        return true;
      case TcpState::kLastAck:
        end(s, TcpCloseReason::kPeerClosed);
        return false;
      default:
        return true;
    }
  }

 private:
  /// A handler that wants half-closed connections has on_tcp_peer_closed(conn) and closes by
  /// itself; for all others the connection is over: what they queued is delivered, then our FIN
  /// follows.
  void on_half_closed(TcpSession& s) noexcept {
    const ConnId conn = table_.id_of(s);
    if constexpr (requires { handler_.on_tcp_peer_closed(conn); }) {
      handler_.on_tcp_peer_closed(conn);
    } else {
      s.close_wanted = true;
      finish_sending(s);
      tell_closed(s, TcpCloseReason::kPeerClosed);
    }
  }

  void finish_sending(TcpSession& s) noexcept {
    s.state = s.state == TcpState::kCloseWait ? TcpState::kLastAck : TcpState::kFinWait1;
    table_.set_linger(s, output_.now() + table_.config().close_max);
    output_.flush(s);
  }

  void tell_closed(TcpSession& s, TcpCloseReason reason) noexcept {
    if (s.detached) return;
    const ConnId conn = table_.id_of(s);
    s.detached = true;
    handler_.on_tcp_closed(conn, reason);
  }

  TcpSession* claim(Ipv4 ip, u16 remote_port, u16 local_port, bool active, Nanos now) noexcept {
    TcpSession* s = table_.claim(ip, remote_port, local_port);
    if (s == nullptr) {
      // Our own connections come first; a peer's waits for those that answered nothing for a while.
      TcpSession* victim = table_.replaceable(active ? now : now - kHalfOpenPatience);
      if (victim == nullptr) return nullptr;
      table_.release(*victim);
      s = table_.claim(ip, remote_port, local_port);
    }
    const TcpConfig& c = table_.config();
    s->next_hop = link_.next_hop(ip);
    s->iss = initial_sequence(c.secret, tcp_key(ip, remote_port, local_port), now);
    s->snd_una = s->iss;
    s->snd_nxt = s->snd_max = s->snd_end = s->recover = s->iss + 1;
    s->heard_at = now;
    start_recovery_state(*s, c);
    return s;
  }

  static constexpr Nanos kHalfOpenPatience = kSecond;

  Link& link_;
  SessionTable& table_;
  TcpOutput<Link, Clk>& output_;
  Handler& handler_;
  TcpCounters& counters_;
};

}  // namespace tradsys::net
