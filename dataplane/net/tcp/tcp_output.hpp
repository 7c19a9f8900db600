#pragma once
// Segments out. A session keeps its headers ready with the constant part of both checksums summed;
// a send copies them, patches seven fields, gives the frame to the port, and only then does its
// bookkeeping.
#include "dataplane/net/link.hpp"
#include "dataplane/net/tcp/session_table.hpp"
#include "dataplane/net/tcp/tcp_recovery.hpp"
#include "hostsw/core/clock.hpp"

namespace tradsys::net {

template <class Link, Clock Clk>
class TcpOutput {
 public:
  TcpOutput(Link& link, const Clk& clock, SessionTable& table, TcpCounters& counters)
      : link_(link), clock_(clock), table_(table), counters_(counters) {}

  [[nodiscard]] Nanos now() const noexcept { return clock_.now(); }

  /// Builds the prepared header towards `mac`.
  void prepare(TcpSession& s, MacAddress mac) noexcept {
    const NetConfig& own = link_.config();
    std::byte* frame = s.header.data();
    const Ipv4Fields ip{own.ip, s.remote_ip, kProtocolTcp, 64, kTcpBytes, false};
    std::byte* tcp = link_.write_ip_headers(frame, mac, ip);
    s.header_bytes = static_cast<u8>(tcp + kTcpBytes - frame);
    std::byte* packet = tcp - kIpv4Bytes;
    store_be16(packet + 2, 0);
    store_be16(packet + 10, 0);
    s.ip_sum = checksum_fold(checksum_add(0, packet, kIpv4Bytes));
    std::memset(tcp, 0, kTcpBytes);
    store_be16(tcp, s.local_port);
    store_be16(tcp + 2, s.remote_port);
    store_u8(tcp + 12, 0x50);
    store_be16(tcp + 14, static_cast<u16>(table_.receive_window()));
    const u64 pseudo = pseudo_header_sum(own.ip.v, s.remote_ip.v, kProtocolTcp, 0);
    s.tcp_sum = checksum_fold(checksum_add(pseudo, tcp, kTcpBytes));
    s.link_ready = true;
  }

  /// Queues all of `data` and sends what the windows allow; false (nothing queued) when it does not
  /// fit.
  [[nodiscard]] bool send(TcpSession& s, Bytes data) noexcept {
    const u32 bytes = static_cast<u32>(data.size());
    if (data.size() > table_.send_space(s)) return false;
    std::byte* frame = begin(s, bytes);
    if (frame != nullptr) [[likely]] {
      std::memcpy(frame + s.header_bytes, data.data(), bytes);
      finish(s, frame, s.snd_nxt, kTcpPshAck, bytes);
      table_.put_send(s, s.snd_end, data);
      s.snd_end += bytes;
      sent(s, s.snd_nxt, bytes);
      return true;
    }
    if (bytes == 0) return true;
    table_.put_send(s, s.snd_end, data);
    s.snd_end += bytes;
    flush(s);
    return true;
  }

  /// A frame with headers in place for `bytes` of payload that may leave at once; nullptr when
  /// something is queued before it, a window is closed, or no buffer is free.
  [[nodiscard]] std::byte* begin(TcpSession& s, u32 bytes) noexcept {
    const u32 window = s.snd_wnd < s.cwnd ? s.snd_wnd : s.cwnd;
    if (s.snd_nxt != s.snd_end || bytes > s.mss || bytes == 0 || !s.link_ready ||
        s.snd_nxt + bytes - s.snd_una > window) [[unlikely]]
      return nullptr;
    return copy_header(s);
  }

  /// Completes the direct send that begin() opened: `bytes` of payload stand behind the header.
  /// Once sent, the frame is the port's, so the copy for retransmission is taken first.
  void commit(TcpSession& s, std::byte* frame, u32 bytes) noexcept {
    table_.put_send(s, s.snd_end, {frame + s.header_bytes, bytes});
    finish(s, frame, s.snd_nxt, kTcpPshAck, bytes);
    s.snd_end += bytes;
    sent(s, s.snd_nxt, bytes);
  }

  /// Gives back the frame that begin() opened.
  void cancel() noexcept { link_.abandon(); }

  /// Sends queued bytes and the FIN as far as the windows and the port allow.
  void flush(TcpSession& s) noexcept {
    s.flush_due = false;
    if (!s.link_ready) return;
    while (seq_before(s.snd_nxt, s.snd_end)) {
      const u32 window = s.snd_wnd < s.cwnd ? s.snd_wnd : s.cwnd;
      const u32 used = s.snd_nxt - s.snd_una;
      const u32 waiting = s.snd_end - s.snd_nxt;
      u32 bytes = window > used ? window - used : 0;
      if (bytes > s.mss) bytes = s.mss;
      if (bytes > waiting) bytes = waiting;
      const bool silly = bytes < waiting && bytes < s.mss && bytes < s.snd_wnd_max / 2 && used != 0;
      if (bytes == 0 || silly) break;
      if (!send_queued(s, s.snd_nxt, bytes)) return;
    }
    if (s.close_wanted && s.snd_nxt == s.snd_end) send_fin(s);
    const bool stuck = seq_before(s.snd_una, s.snd_end) && s.snd_nxt == s.snd_una;
    if (stuck && s.rexmit_at == kNever) arm_timeout(s, clock_.now());
  }

  /// Sends the oldest unacknowledged bytes again (at most one segment).
  void retransmit_oldest(TcpSession& s) noexcept {
    if (!s.link_ready) return;
    const u32 nxt = s.snd_nxt;
    const u32 sent_data = seq_before(s.snd_max, s.snd_end) ? s.snd_max : s.snd_end;
    u32 bytes = sent_data - s.snd_una;
    if (bytes > s.mss) bytes = s.mss;
    if (bytes != 0) {
      send_queued(s, s.snd_una, bytes);
    } else if (s.close_wanted && s.snd_una == s.snd_end) {
      send_fin(s);
    }
    s.snd_nxt = nxt;
  }

  /// The retransmission timer proper, from now on.
  void arm_timeout(TcpSession& s, Nanos now) noexcept {
    s.probe_armed = false;
    table_.set_rexmit(s, now + s.rto);
  }
  /// The same, or a tail-loss probe before it.
  void arm(TcpSession& s, Nanos now) noexcept { table_.set_rexmit(s, now + arm_span(s)); }

  /// Sends the end of what is under way again (at most one segment, and the FIN): if the peer
  /// misses it, that is the repair, and a peer that does not miss it answers at once. New bytes
  /// never wait here, since flush() sends them as soon as the windows allow.
  void probe_tail(TcpSession& s) noexcept {
    if (!s.link_ready) return;
    const u32 nxt = s.snd_nxt;
    const u32 sent_data = seq_before(s.snd_max, s.snd_end) ? s.snd_max : s.snd_end;
    u32 bytes = seq_before(s.snd_una, sent_data) ? sent_data - s.snd_una : 0;
    if (bytes > s.mss) bytes = s.mss;
    if (bytes != 0) send_queued(s, sent_data - bytes, bytes);
    if (seq_before(s.snd_end, s.snd_max)) send_fin(s);
    s.snd_nxt = nxt;
    s.rtt_running = false;  // Karn
  }

  /// One byte beyond a closed window, to learn when it opens.
  void probe_window(TcpSession& s) noexcept {
    ++counters_.window_probes;
    if (!s.link_ready || s.snd_una == s.snd_end) return;
    send_queued(s, s.snd_una, 1);
    s.snd_nxt = s.snd_una;
    s.rtt_running = false;
  }

  /// A segment without payload. False when no buffer was free.
  bool send_control(TcpSession& s, u32 seq, u8 flags) noexcept {
    if (!s.link_ready) return false;
    std::byte* frame = copy_header(s);
    if (frame == nullptr) return false;
    finish(s, frame, seq, flags, 0);
    return true;
  }
  /// An ACK stands behind everything sent, even while older bytes are sent again, or the peer would
  /// not accept it; against a closed window it stands where the window does.
  bool send_ack(TcpSession& s) noexcept {
    return send_control(s, s.snd_wnd == 0 ? s.snd_nxt : s.snd_max, kTcpAck);
  }

  /// SYN or SYN|ACK with our MSS.
  void send_syn(TcpSession& s) noexcept {
    const Nanos now = clock_.now();
    arm_timeout(s, now);
    if (!s.link_ready) return;
    std::byte* frame = copy_header(s);
    if (frame == nullptr) return;
    s.rtt_running = s.rtt_seq == 0;  // a SYN sent twice measures nothing (Karn)
    s.rtt_seq = s.iss + 1;
    s.rtt_sent_at = now;
    std::byte* tcp = frame + s.header_bytes - kTcpBytes;
    store_u8(tcp + 12, 0x60);
    store_be32(tcp + kTcpBytes, 0x0204'0000U | mss_limit());
    const bool reply = s.state == TcpState::kSynReceived;
    const u64 extra = word_of(static_cast<u16>(0x1000));  // the longer data offset
    finish(s, frame, s.iss, reply ? kTcpSynAck : kTcpSyn, 4, extra);
  }

  /// The list's turn: pays the ACK that no data carried, sends what waited for a buffer.
  void serve_pending() noexcept {
    table_.serve_pending([this](TcpSession& s) {
      if (s.flush_due) flush(s);
      if (s.ack_due && s.state != TcpState::kClosed) send_ack(s);
      return !s.ack_due && !s.flush_due;
    });
  }

  /// The peer is owed an ACK: on the next segment, or at the end of this poll.
  void request_ack(TcpSession& s) noexcept {
    s.ack_due = true;
    table_.mark_pending(s);
  }

  /// Answers a segment that belongs to no session (RFC 9293 section 3.10.7.1).
  void send_reset(const TcpSegment& in) noexcept {
    TcpSession s;
    s.remote_ip = in.src_ip;
    s.remote_port = in.src_port;
    s.local_port = in.dst_port;
    prepare(s, in.src_mac);
    const bool acked = in.has(kTcpAck);
    s.rcv_nxt = acked ? 0 : in.seq + in.length();
    ++counters_.resets_out;
    send_control(s, acked ? in.ack : 0, acked ? kTcpRst : kTcpRstAck);
  }
  /// Tells the peer that the session is over.
  void send_reset(TcpSession& s) noexcept {
    ++counters_.resets_out;
    send_control(s, s.snd_max, kTcpRstAck);
  }

  /// A router on the way carries no more than `mtu_bytes` (RFC 1191); what was too long is sent
  /// again by the timer. Anyone may say so, hence not below the default of a peer that says
  /// nothing.
  void shrink_mss(TcpSession& s, u32 mtu_bytes) noexcept {
    ++counters_.unreachable;
    const u32 headers = kIpv4Bytes + kTcpBytes;
    const u32 limit = mtu_bytes < headers + kTcpMssDefault ? kTcpMssDefault : mtu_bytes - headers;
    if (limit < s.mss) s.mss = static_cast<u16>(limit);
  }

  /// The largest payload of one segment that this interface can carry.
  [[nodiscard]] u16 mss_limit() const noexcept {
    return static_cast<u16>(link_.ip_bytes_max() - kIpv4Bytes - kTcpBytes);
  }

 private:
  [[nodiscard]] std::byte* copy_header(TcpSession& s) noexcept {
    std::byte* frame = link_.alloc();
    if (frame == nullptr) [[unlikely]]
      return nullptr;
    std::memcpy(frame, s.header.data(), kTcpTemplateBytes);
    return frame;
  }

  /// Patches the headers and sends. `bytes` stand behind the 20-byte TCP header (payload or
  /// options).
  void finish(TcpSession& s, std::byte* frame, u32 seq, u8 flags, u32 bytes, u64 sum = 0) noexcept {
    std::byte* tcp = frame + s.header_bytes - kTcpBytes;
    std::byte* packet = tcp - kIpv4Bytes;
    const u16 total = static_cast<u16>(kIpv4Bytes + kTcpBytes + bytes);
    store_be16(packet + 2, total);
    checksum_store(packet + 10, checksum_finish(s.ip_sum + word_of(total)));
    const u32 ack = (flags & kTcpAck) != 0 ? s.rcv_nxt : 0;
    store_be32(tcp + 4, seq);
    store_be32(tcp + 8, ack);
    store_u8(tcp + 13, flags);
    sum += s.tcp_sum + word_of(static_cast<u16>(kTcpBytes + bytes)) + word_of(seq) + word_of(ack) +
           word_of(u16{flags});
    checksum_store(tcp + 16, checksum_finish(checksum_add(sum, tcp + kTcpBytes, bytes)));
    link_.send(frame, s.header_bytes + bytes);
    ++counters_.segments_out;
    s.ack_due = false;
  }

  /// Bookkeeping after [seq, seq + bytes) went out: send variables, round-trip timing, timer.
  void sent(TcpSession& s, u32 seq, u32 bytes) noexcept {
    const u32 end = seq + bytes;
    const bool fresh = seq_before(s.snd_max, end);
    if (s.rexmit_at == kNever || (fresh && !s.rtt_running)) {
      const Nanos now = clock_.now();
      if (s.rexmit_at == kNever) arm(s, now);
      if (fresh && !s.rtt_running && seq == s.snd_max) {
        s.rtt_running = true;
        s.rtt_seq = end;
        s.rtt_sent_at = now;
      }
    }
    if (!fresh) counters_.retransmitted_bytes += bytes;
    if (fresh) s.snd_max = end;
    s.snd_nxt = end;
  }

  bool send_queued(TcpSession& s, u32 seq, u32 bytes) noexcept {
    std::byte* frame = copy_header(s);
    if (frame == nullptr) {
      s.flush_due = true;
      table_.mark_pending(s);
      return false;
    }
    table_.get_send(s, seq, frame + s.header_bytes, bytes);
    const bool last = seq + bytes == s.snd_end;
    finish(s, frame, seq, last ? kTcpPshAck : kTcpAck, bytes);
    sent(s, seq, bytes);
    return true;
  }

  void send_fin(TcpSession& s) noexcept {
    if (!send_control(s, s.snd_end, kTcpFinAck)) {
      s.flush_due = true;
      table_.mark_pending(s);
      return;
    }
    sent(s, s.snd_end, 1);
  }

  Link& link_;
  const Clk& clock_;
  SessionTable& table_;
  TcpCounters& counters_;
};

}  // namespace tradsys::net
