#pragma once
// Segments in, as RFC 9293 section 3.10.7 orders it, with the defences of RFC 5961. The segment
// that is next in order on an established connection takes a short way.
#include "dataplane/net/icmp.hpp"
#include "dataplane/net/tcp/tcp_lifecycle.hpp"
#include "dataplane/net/tcp/tcp_reorder.hpp"

namespace tradsys::net {

template <class Link, Clock Clk, class Handler>
class TcpInput {
 public:
  TcpInput(SessionTable& table, TcpOutput<Link, Clk>& output,
           TcpLifecycle<Link, Clk, Handler>& lifecycle, Handler& handler, TcpCounters& counters)
      : table_(table),
        output_(output),
        lifecycle_(lifecycle),
        handler_(handler),
        counters_(counters) {}

  /// A segment whose checksum and lengths are right.
  void on_segment(const TcpSegment& in, Nanos now) noexcept {
    ++counters_.segments_in;
    TcpSession* s = table_.find(tcp_key(in.src_ip, in.src_port, in.dst_port));
    if (s == nullptr) [[unlikely]]
      return on_unknown(in, now);
    if (is_expected(*s, in)) [[likely]] {
      s->heard_at = now;
      if (on_ack(*s, in, now)) deliver(*s, in.payload);
      return;
    }
    on_known(*s, in, now);
  }

  /// An ICMP error about a segment of ours; ignored unless that segment may be under way.
  void on_icmp_error(const IcmpError& error) noexcept {
    TcpSession* s = table_.find(tcp_key(error.remote_ip, error.remote_port, error.local_port));
    if (s == nullptr || error.seq - s->snd_una >= s->snd_max - s->snd_una) return;
    if (error.kind == UnreachableKind::kTooBig) return output_.shrink_mss(*s, error.mtu_bytes);
    lifecycle_.on_unreachable(*s, error.kind == UnreachableKind::kHard);
  }

 private:
  /// Established, the very next bytes, nothing special, no hole.
  [[nodiscard]] bool is_expected(const TcpSession& s, const TcpSegment& in) const noexcept {
    return s.state == TcpState::kEstablished && (in.flags & ~kTcpPsh) == kTcpAck &&
           in.seq == s.rcv_nxt && s.interval_count == 0 && !s.fin_arrived &&
           in.payload.size() <= table_.receive_window();
  }

  void on_unknown(const TcpSegment& in, Nanos now) noexcept {
    if (in.has(kTcpRst)) {
      ++counters_.resets_in;
      return;
    }
    const bool opens = (in.flags & (kTcpSyn | kTcpAck | kTcpFin)) == kTcpSyn;
    if (opens && table_.is_listening(in.dst_port)) return lifecycle_.accept(in, now);
    if (opens) ++counters_.syn_refused;
    output_.send_reset(in);
  }

  void on_known(TcpSession& s, const TcpSegment& in, Nanos now) noexcept {
    if (s.state == TcpState::kSynSent) return on_syn_sent(s, in, now);
    if (s.state == TcpState::kTimeWait && reopens(s, in))
      return lifecycle_.accept(in, now, lifecycle_.supersede(s));
    const bool syn_again = s.state == TcpState::kSynReceived && in.seq == s.irs &&
                           (in.flags & (kTcpSyn | kTcpAck | kTcpRst)) == kTcpSyn;
    if (syn_again) return output_.send_syn(s);
    if (!is_acceptable(s, in)) return on_unacceptable(s, in, now);
    if (in.has(kTcpRst)) return on_reset(s, in, now);
    if (in.has(kTcpSyn)) return challenge(s, now);
    if (!in.has(kTcpAck)) return;
    s.heard_at = now;
    if (s.state == TcpState::kSynReceived && !on_handshake_ack(s, in, now)) return;
    if (on_ack(s, in, now)) on_payload(s, in, now);
  }

  void on_syn_sent(TcpSession& s, const TcpSegment& in, Nanos now) noexcept {
    const bool acks_syn = in.has(kTcpAck) && in.ack == s.iss + 1;
    if (in.has(kTcpAck) && !acks_syn) {
      if (!in.has(kTcpRst)) output_.send_reset(in);
      return;
    }
    if (in.has(kTcpRst)) {
      ++counters_.resets_in;
      if (acks_syn) lifecycle_.end(s, TcpCloseReason::kRefused);
      return;
    }
    if (!in.has(kTcpSyn)) return;
    lifecycle_.on_peer_syn(s, in);
    s.heard_at = now;
    if (acks_syn) {
      s.snd_una = in.ack;
      output_.request_ack(s);
      lifecycle_.establish(s, now);
    } else {
      s.state = TcpState::kSynReceived;  // both sides opened at once
      output_.send_syn(s);
    }
  }

  /// A new connection from the port of one that lingers here (RFC 9293 section 3.6.1).
  [[nodiscard]] bool reopens(const TcpSession& s, const TcpSegment& in) const noexcept {
    const u8 kind = in.flags & (kTcpSyn | kTcpAck | kTcpRst | kTcpFin);
    return kind == kTcpSyn && seq_before(s.rcv_nxt, in.seq) && table_.is_listening(in.dst_port);
  }

  [[nodiscard]] bool is_acceptable(const TcpSession& s, const TcpSegment& in) const noexcept {
    const u32 window = table_.receive_window();
    const u32 length = in.length();
    return seq_in(in.seq, s.rcv_nxt, window) ||
           (length != 0 && seq_in(in.seq + length - 1, s.rcv_nxt, window));
  }

  /// Old bytes are acknowledged again, since the ACK may have been lost; anything else is answered
  /// sparsely.
  void on_unacceptable(TcpSession& s, const TcpSegment& in, Nanos now) noexcept {
    ++counters_.out_of_window;
    if (in.has(kTcpRst)) return;
    if (s.state == TcpState::kTimeWait && in.has(kTcpFin))
      table_.set_linger(s, now + table_.config().time_wait);
    if (in.length() != 0 && !in.has(kTcpSyn)) return output_.request_ack(s);
    challenge(s, now);
  }

  /// Only the exact next number resets (RFC 5961 section 3).
  void on_reset(TcpSession& s, const TcpSegment& in, Nanos now) noexcept {
    if (in.seq != s.rcv_nxt) return challenge(s, now);
    ++counters_.resets_in;
    const bool refused = s.state == TcpState::kSynReceived && !s.passive;
    lifecycle_.end(s, refused ? TcpCloseReason::kRefused : TcpCloseReason::kReset);
  }

  void challenge(TcpSession& s, Nanos now) noexcept {
    if (now - s.challenge_window >= kSecond) {
      s.challenge_window = now;
      s.challenge_count = 0;
    }
    if (s.challenge_count >= table_.config().challenge_acks_per_second) return;
    ++s.challenge_count;
    ++counters_.challenge_acks;
    output_.send_ack(s);
  }

  /// False when the segment does not complete the handshake.
  bool on_handshake_ack(TcpSession& s, const TcpSegment& in, Nanos now) noexcept {
    if (in.ack != s.iss + 1) {
      output_.send_reset(in);
      return false;
    }
    const u16 generation = s.generation;
    s.snd_una = in.ack;
    update_window(s, in);
    lifecycle_.establish(s, now);
    return s.generation == generation;
  }

  void update_window(TcpSession& s, const TcpSegment& in) noexcept {
    s.snd_wnd = in.window;
    s.snd_wl1 = in.seq;
    s.snd_wl2 = in.ack;
    if (s.snd_wnd > s.snd_wnd_max) s.snd_wnd_max = s.snd_wnd;
  }

  /// The acknowledgement and window of an acceptable segment. False when the segment is to be
  /// dropped or the session ended.
  bool on_ack(TcpSession& s, const TcpSegment& in, Nanos now) noexcept {
    const u32 advance = in.ack - s.snd_una;
    if (advance > s.snd_max - s.snd_una) [[unlikely]]
      return on_odd_ack(s, in, now);
    const u32 window_before = s.snd_wnd;
    const bool newer = seq_before(s.snd_wl1, in.seq) ||
                       (s.snd_wl1 == in.seq && seq_at_or_before(s.snd_wl2, in.ack));
    if (newer) update_window(s, in);
    if (advance == 0) {
      const bool duplicate = in.payload.empty() && !in.has(kTcpFin) && s.snd_una != s.snd_max &&
                             in.window == window_before && in.window != 0;
      if (duplicate) on_duplicate(s);
      if (s.snd_wnd == 0) s.retries = 0;  // the peer lives, its window is closed
      if (window_before == 0 && s.snd_wnd != 0) return on_window_opened(s, now);
      if (s.snd_nxt != s.snd_end) output_.flush(s);
      return true;
    }
    const bool hole = on_new_ack(s, in.ack, now, table_.config());
    if (window_before == 0 && s.snd_wnd != 0) restore_rto(s, table_.config());
    s.rexmit_at = kNever;
    if (s.snd_una != s.snd_max) output_.arm(s, now);
    if (hole) output_.retransmit_oldest(s);
    if (s.close_wanted && s.snd_una == s.snd_end + 1) return lifecycle_.on_fin_acked(s, now);
    if (s.snd_nxt != s.snd_end) output_.flush(s);
    return true;
  }

  /// The probes of a closed window have put the timer off; what may leave now starts anew, or one
  /// loss would cost as much as the last probe's wait.
  bool on_window_opened(TcpSession& s, Nanos now) noexcept {
    restore_rto(s, table_.config());
    s.rexmit_at = kNever;
    if (s.snd_nxt != s.snd_end) output_.flush(s);
    if (s.snd_una != s.snd_max && s.rexmit_at == kNever) output_.arm(s, now);
    return true;
  }

  /// Acknowledges what was never sent, or what was acknowledged long ago (RFC 5961 section 5).
  bool on_odd_ack(TcpSession& s, const TcpSegment& in, Nanos now) noexcept {
    const bool old = seq_before(in.ack, s.snd_una) && s.snd_una - in.ack <= s.snd_wnd_max;
    if (old) return true;
    ++counters_.invalid_acks;
    challenge(s, now);
    return false;
  }

  void on_duplicate(TcpSession& s) noexcept {
    ++counters_.duplicate_acks;
    if (!on_duplicate_ack(s)) return;
    ++counters_.fast_retransmits;
    output_.retransmit_oldest(s);
  }

  [[nodiscard]] static bool receives(TcpState state) noexcept {
    return state == TcpState::kEstablished || state == TcpState::kFinWait1 ||
           state == TcpState::kFinWait2;
  }

  /// Bytes and FIN of a segment that need not be the next in order.
  void on_payload(TcpSession& s, const TcpSegment& in, Nanos now) noexcept {
    if (in.payload.empty() && !in.has(kTcpFin)) return;
    if (!receives(s.state)) return output_.request_ack(s);
    u32 seq = in.seq;
    Bytes data = in.payload;
    bool fin = in.has(kTcpFin);
    if (seq_before(seq, s.rcv_nxt)) {
      const usize old = s.rcv_nxt - seq;
      data = data.subspan(old < data.size() ? old : data.size());
      seq = s.rcv_nxt;
    }
    const usize room = table_.receive_window() - (seq - s.rcv_nxt);
    if (data.size() > room) {
      data = data.first(room);
      fin = false;
    }
    if (fin) {
      s.fin_arrived = true;
      s.fin_seq = seq + static_cast<u32>(data.size());
    }
    if (seq != s.rcv_nxt) return keep(s, seq, data);
    const u16 generation = s.generation;
    output_.request_ack(s);
    deliver(s, data);
    if (s.generation == generation) drain(s, generation, now);
  }

  /// Bytes ahead of a hole: kept if there is room, and the hole is named at once by a duplicate
  /// ACK.
  void keep(TcpSession& s, u32 seq, Bytes data) noexcept {
    if (!data.empty()) {
      if (add_interval(s, seq, seq + static_cast<u32>(data.size()))) {
        table_.put_receive(s, seq, data);
        ++counters_.out_of_order;
      } else {
        ++counters_.reorder_dropped;
      }
    }
    output_.send_ack(s);
  }

  /// The next bytes in order, straight from the frame; nobody wants those of a connection that was
  /// closed before it stood.
  void deliver(TcpSession& s, Bytes data) noexcept {
    if (data.empty()) return;
    s.rcv_nxt += static_cast<u32>(data.size());
    output_.request_ack(s);
    if (!s.detached) handler_.on_tcp_data(table_.id_of(s), data);
  }

  /// What waited behind the hole that was just filled, then the FIN if it is next.
  void drain(TcpSession& s, u16 generation, Nanos now) noexcept {
    u32 end = 0;
    while (take_interval(s, s.rcv_nxt, end)) {
      while (seq_before(s.rcv_nxt, end)) {
        deliver(s, table_.receive_piece(s, s.rcv_nxt, end));
        if (s.generation != generation) return;
      }
    }
    if (!s.fin_arrived || s.rcv_nxt != s.fin_seq) return;
    s.fin_arrived = false;
    ++s.rcv_nxt;
    s.interval_count = 0;  // nothing comes behind a FIN
    output_.request_ack(s);
    lifecycle_.on_peer_finished(s, now);
  }

  SessionTable& table_;
  TcpOutput<Link, Clk>& output_;
  TcpLifecycle<Link, Clk, Handler>& lifecycle_;
  Handler& handler_;
  TcpCounters& counters_;
};

}  // namespace tradsys::net
