#pragma once
// When to send again and how much may be under way: round-trip time and timeout (RFC 6298, Karn's
// rule), tail-loss probe (RFC 8985), congestion window (RFC 5681) and fast recovery (RFC 6582).
// Functions of the session alone.
#include "dataplane/net/tcp/tcp_session.hpp"

namespace tradsys::net {

constexpr Nanos clamp_rto(Nanos rto, const TcpConfig& c) noexcept {
  return rto < c.rto_min ? c.rto_min : rto > c.rto_max ? c.rto_max : rto;
}

inline void start_recovery_state(TcpSession& s, const TcpConfig& c) noexcept {
  s.rto = clamp_rto(c.rto_initial, c);
  s.cwnd = c.congestion_window_bytes;
  s.ssthresh = c.congestion_window_bytes;
}

/// A measured round trip: SRTT, RTTVAR and the timeout that follows from them.
inline void on_round_trip(TcpSession& s, Nanos rtt) noexcept {
  if (rtt.v < 1) rtt.v = 1;
  if (s.srtt.v == 0) {
    s.srtt = rtt;
    s.rttvar.v = rtt.v / 2;
  } else {
    const i64 error = rtt.v - s.srtt.v;
    s.rttvar.v += ((error < 0 ? -error : error) - s.rttvar.v) / 4;
    s.srtt.v += error / 8;
    if (s.srtt.v < 1) s.srtt.v = 1;
  }
}

/// The timeout without back-off.
inline Nanos base_rto(const TcpSession& s, const TcpConfig& c) noexcept {
  return s.srtt.v == 0 ? clamp_rto(c.rto_initial, c) : clamp_rto({s.srtt.v + 4 * s.rttvar.v}, c);
}

/// Timeout and probe time after a measurement, or after what had put them off is over. A probe
/// waits two round trips, and for a peer whose answers vary as long as the timer without its floor.
inline void restore_rto(TcpSession& s, const TcpConfig& c) noexcept {
  s.rto = base_rto(s, c);
  const i64 usual = s.srtt.v > 4 * s.rttvar.v ? s.srtt.v * 2 : s.srtt.v + 4 * s.rttvar.v;
  const Nanos silence = usual > c.tail_probe_min.v ? Nanos{usual} : c.tail_probe_min;
  const bool worth = c.tail_probe_min.v != 0 && s.srtt.v != 0 && silence < s.rto;
  s.tail_probe = worth ? silence : Nanos{};
}

/// How long the oldest byte under way may stay unanswered: until a tail-loss probe, if one is due
/// before the timeout and none was sent yet, else until the timeout.
[[nodiscard]] inline Nanos arm_span(TcpSession& s) noexcept {
  s.probe_armed =
      s.tail_probe.v != 0 && !s.tail_probed && !s.in_recovery && s.retries == 0 && s.snd_wnd != 0;
  return s.probe_armed ? s.tail_probe : s.rto;
}

/// A probe goes out. The next one waits twice as long, until a round trip is measured again: what
/// was sent twice measures nothing (Karn), and a peer slower than the probe would never be
/// measured.
inline void on_tail_probe(TcpSession& s) noexcept {
  s.tail_probed = true;
  s.tail_probe.v *= 2;
  if (s.tail_probe >= s.rto) s.tail_probe = Nanos{};
}

/// Bytes sent and not acknowledged.
inline u32 flight_bytes(const TcpSession& s) noexcept { return s.snd_max - s.snd_una; }

inline u32 half_flight(const TcpSession& s) noexcept {
  const u32 half = flight_bytes(s) / 2;
  return half > 2U * s.mss ? half : 2U * s.mss;
}

/// The timer expired: everything is sent again from the oldest, slowly, and later each time.
inline void on_timeout(TcpSession& s, const TcpConfig& c) noexcept {
  if (s.retries == 0) s.ssthresh = half_flight(s);
  ++s.retries;
  s.rto = clamp_rto({s.rto.v * 2}, c);
  s.cwnd = c.congestion_window_floor_bytes > s.mss ? c.congestion_window_floor_bytes : s.mss;
  s.snd_nxt = s.snd_una;
  s.recover = s.snd_max;
  s.rtt_running = false;
  s.in_recovery = false;
  s.duplicate_acks = 0;
}

/// A duplicate ACK. True when the oldest segment is to be sent again now (the third in a row).
[[nodiscard]] inline bool on_duplicate_ack(TcpSession& s) noexcept {
  ++s.duplicate_acks;
  if (s.in_recovery) {
    s.cwnd += s.mss;
    return false;
  }
  if (s.duplicate_acks != 3 || seq_before(s.snd_una, s.recover)) return false;
  s.ssthresh = half_flight(s);
  s.cwnd = s.ssthresh + 3U * s.mss;
  s.recover = s.snd_max;
  s.in_recovery = true;
  s.rtt_running = false;
  return true;
}

/// The peer acknowledged up to `ack`, beyond snd_una: moves it and the windows. True when fast
/// recovery goes on and the segment now oldest is to be sent again (a partial ACK).
[[nodiscard]] inline bool on_new_ack(TcpSession& s, u32 ack, Nanos now,
                                     const TcpConfig& c) noexcept {
  if (s.rtt_running && seq_at_or_before(s.rtt_seq, ack)) {
    s.rtt_running = false;
    on_round_trip(s, now - s.rtt_sent_at);
    restore_rto(s, c);  // only a measurement ends the back-off (Karn)
  }
  const u32 acked = ack - s.snd_una;
  s.snd_una = ack;
  s.snd_nxt = seq_max(s.snd_nxt, ack);
  if (!s.in_recovery) s.recover = seq_max(s.recover, ack);  // never 2 GiB behind
  s.duplicate_acks = 0;
  s.retries = 0;
  s.tail_probed = false;
  if (s.in_recovery) {
    if (seq_before(ack, s.recover)) {
      s.cwnd = s.cwnd > acked + s.mss ? s.cwnd - acked + s.mss : s.mss;
      return true;
    }
    s.in_recovery = false;
    s.cwnd = s.ssthresh;
  } else if (s.cwnd < s.ssthresh) {
    s.cwnd += acked < s.mss ? acked : s.mss;
  } else {
    s.cwnd += u32{s.mss} * s.mss / s.cwnd + 1;
  }
  const u32 floor = c.congestion_window_floor_bytes;
  if (s.cwnd < floor) s.cwnd = floor;
  if (s.cwnd > c.congestion_window_bytes) s.cwnd = c.congestion_window_bytes;
  return false;
}

}  // namespace tradsys::net
