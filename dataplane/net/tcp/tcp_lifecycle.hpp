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

  /// What a connection must know of the one whose 4-tuple it takes over.
  struct Successor {
    bool follows = false;
    u32 after = 0;  ///< every number of the old connection lies before
  };

  /// Ends a lingering connection in favour of a new one between the same ports.
  Successor supersede(TcpSession& old) noexcept {
    const Successor successor{true, old.snd_max};
    table_.release(old);
    return successor;
  }

  /// Active open. nullptr when the 4-tuple is in use, no session is free, or the address is no
  /// other host's.
  TcpSession* open(Ipv4 remote_ip, u16 remote_port, u16 local_port, Nanos now) noexcept {
    const NetConfig& own = link_.config();
    const Ipv4 broadcast = broadcast_of(own.ip, own.prefix_bits);
    if (remote_ip.v == own.ip.v || remote_ip.v == broadcast.v) return nullptr;
    const u64 key = tcp_key(remote_ip, remote_port, local_port);
    TcpSession* old = table_.find(key);
    if (old != nullptr && old->state != TcpState::kTimeWait) return nullptr;
    const Successor successor = old == nullptr ? Successor{} : supersede(*old);
    TcpSession* s = claim(remote_ip, remote_port, local_port, true, now);
    if (s == nullptr) return nullptr;
    succeed(*s, successor);
    s->state = TcpState::kSynSent;
    MacAddress mac;
    if (link_.resolve(remote_ip, now, mac)) output_.prepare(*s, mac);
    output_.send_syn(*s);
    return s;
  }

  /// Passive open: a SYN for a listening port. Its sender's Ethernet address serves until ARP knows
  /// better.
  void accept(const TcpSegment& syn, Nanos now, Successor successor = {}) noexcept {
    TcpSession* s = claim(syn.src_ip, syn.src_port, syn.dst_port, false, now);
    if (s == nullptr) {
      ++counters_.syn_dropped;
      return;
    }
    succeed(*s, successor);
    s->passive = true;
    MacAddress mac;
    output_.prepare(*s, link_.resolve(syn.src_ip, now, mac) ? mac : syn.src_mac);
    on_peer_syn(*s, syn);
    s->state = TcpState::kSynReceived;
    output_.send_syn(*s);
  }

  /// Goes on where another engine with this interface's address left an established connection, or
  /// one whose peer has finished. What it had kept behind a hole is not taken along: the peer,
  /// whose bytes were not acknowledged, sends them again. nullptr when the state is another one,
  /// does not fit, or the 4-tuple is in use.
  TcpSession* take_over(const TcpSession& from, Bytes unacknowledged, Nanos now) noexcept {
    const bool open = from.state == TcpState::kEstablished || from.state == TcpState::kCloseWait;
    const TcpConfig& c = table_.config();
    if (!open || from.close_wanted || unacknowledged.size() != from.unacked_bytes() ||
        unacknowledged.size() > c.send_ring_bytes ||
        table_.find(tcp_key(from.remote_ip, from.remote_port, from.local_port)) != nullptr)
      return nullptr;
    TcpSession* s = claim(from.remote_ip, from.remote_port, from.local_port, true, now);
    if (s == nullptr) return nullptr;
    s->state = from.state;
    s->passive = from.passive;
    s->mss = from.mss < output_.mss_limit() ? from.mss : output_.mss_limit();
    s->snd_una = s->snd_nxt = from.snd_una;  // nobody knows what of the rest was lost
    s->snd_max = s->recover = from.snd_max;
    s->snd_end = from.snd_end;
    s->snd_wnd = from.snd_wnd;
    s->snd_wl1 = from.snd_wl1;
    s->snd_wl2 = from.snd_wl2;
    s->snd_wnd_max = from.snd_wnd_max;
    s->rcv_nxt = from.rcv_nxt;
    s->iss = from.iss;
    s->irs = from.irs;
    s->srtt = from.srtt;
    s->rttvar = from.rttvar;
    restore_rto(*s, c);
    table_.put_send(*s, s->snd_una, unacknowledged);
    MacAddress mac;
    if (link_.resolve(s->remote_ip, now, mac)) output_.prepare(*s, mac);
    if (s->state == TcpState::kEstablished) arm_keepalive(*s, now);
    output_.flush(*s);
    output_.request_ack(*s);  // what the peer misses follows its answer
    return s;
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
    restore_rto(s, table_.config());
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

  /// The network says that the peer cannot be reached (RFC 9293 section 3.9.2.2). Only a connection
  /// that does not stand yet ends by it, and only when the host itself said so: an established one
  /// would be ended by anyone who guesses a number (RFC 5927 section 5.2); its timers decide.
  void on_unreachable(TcpSession& s, bool hard) noexcept {
    ++counters_.unreachable;
    const bool opening = s.state == TcpState::kSynSent || s.state == TcpState::kSynReceived;
    if (hard && opening) end(s, TcpCloseReason::kRefused);
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
    begin_at(*s, initial_sequence(c.secret, tcp_key(ip, remote_port, local_port), now));
    s->heard_at = now;
    start_recovery_state(*s, c);
    return s;
  }

  static void begin_at(TcpSession& s, u32 iss) noexcept {
    s.iss = s.snd_una = iss;
    s.snd_nxt = s.snd_max = s.snd_end = s.recover = iss + 1;
  }

  /// A fast connection outruns the clock behind initial numbers; its successor must begin behind
  /// it, or the peer takes old segments for new ones (RFC 9293 section 3.6.1).
  static void succeed(TcpSession& s, Successor successor) noexcept {
    if (successor.follows && seq_at_or_before(s.iss, successor.after))
      begin_at(s, successor.after + kSuccessorGap);
  }

  static constexpr u32 kSuccessorGap = 1U << 16;  ///< what the peer's window may still hold
  static constexpr Nanos kHalfOpenPatience = kSecond;

  Link& link_;
  SessionTable& table_;
  TcpOutput<Link, Clk>& output_;
  Handler& handler_;
  TcpCounters& counters_;
};

}  // namespace tradsys::net
