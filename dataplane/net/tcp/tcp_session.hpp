#pragma once
// One TCP connection as plain data: no pointer, no behaviour, trivially copyable, so that it can be
// journaled, exported to a standby or compared. Its byte rings lie in the SessionTable.
#include <array>
#include <type_traits>

#include "dataplane/net/arp.hpp"
#include "dataplane/net/net_config.hpp"
#include "dataplane/net/tcp/tcp_segment.hpp"

namespace tradsys::net {

/// Names a connection: slot and generation. An id of an ended connection is refused everywhere.
struct ConnId {
  u32 v = 0;
  constexpr bool operator==(const ConnId&) const = default;
};
inline constexpr ConnId kNoConn{0};

/// RFC 9293 section 3.3.2. LISTEN is a port in the table, not a session.
enum class TcpState : u8 {
  kClosed,
  kSynSent,
  kSynReceived,
  kEstablished,
  kFinWait1,
  kFinWait2,
  kCloseWait,
  kClosing,
  kLastAck,
  kTimeWait,
};

/// Why on_tcp_closed was called.
enum class TcpCloseReason : u8 {
  kLocalClosed,  ///< close() was called and both sides have finished
  kPeerClosed,  ///< the peer finished first
  kReset,  ///< the peer reset the connection
  kRefused,  ///< nobody listens there
  kTimedOut,  ///< the peer stopped answering
};

/// Bytes [begin, end) in sequence space that arrived before the ones in front of them.
struct TcpInterval {
  u32 begin = 0;
  u32 end = 0;
};
inline constexpr u32 kTcpIntervalsMax = 16;  ///< separate holes remembered per session

/// Ethernet, 802.1Q, IPv4 and TCP headers of 58 bytes, rounded up to be copied as one block.
inline constexpr u32 kTcpTemplateBytes = 64;

struct TcpSession {
  // Read or written by every segment.
  TcpState state = TcpState::kClosed;
  bool ack_due = false;  ///< the peer is owed an ACK
  bool pending = false;  ///< stands in the table's list of sessions with something due
  bool flush_due = false;  ///< queued bytes wait for a buffer
  bool rtt_running = false;
  bool in_recovery = false;  ///< fast recovery (RFC 6582)
  bool close_wanted = false;  ///< a FIN follows the queued bytes
  bool fin_arrived = false;  ///< fin_seq is known, perhaps ahead of a hole
  bool detached = false;  ///< the handler was told that it is over
  bool passive = false;  ///< came through a listener
  bool link_ready = false;  ///< the prepared header has the neighbour's address
  bool probe_armed = false;  ///< rexmit_at is the time of a tail-loss probe (RFC 8985)
  bool tail_probed = false;  ///< one was sent since the peer last acknowledged something
  u8 interval_count = 0;
  u8 header_bytes = 0;  ///< of the prepared header: 54, or 58 tagged
  u16 generation = 0;
  u16 mss = kTcpMssDefault;  ///< most payload per segment to this peer
  u32 snd_una = 0;  ///< first unacknowledged
  u32 snd_nxt = 0;  ///< next to send; goes back to snd_una after a timeout
  u32 snd_max = 0;  ///< behind everything ever sent
  u32 snd_end = 0;  ///< behind everything queued; a FIN takes this number
  u32 snd_wnd = 0;
  u32 snd_wl1 = 0;  ///< segment that set the window last
  u32 snd_wl2 = 0;
  u32 rcv_nxt = 0;
  u32 cwnd = 0;
  u32 ip_sum = 0;  ///< checksum parts that never change (RFC 1071 sums, folded)
  u32 tcp_sum = 0;
  Nanos rexmit_at{kNever};  ///< retransmission, tail-loss probe or window probe
  std::array<std::byte, kTcpTemplateBytes> header{};  ///< prepared header

  // Recovery and round-trip time (RFC 6298, 5681, 6582).
  u32 duplicate_acks = 0;
  u32 retries = 0;  ///< timeouts since the peer last acknowledged something
  u32 ssthresh = 0;
  u32 recover = 0;
  u32 rtt_seq = 0;
  Nanos rtt_sent_at{};
  Nanos srtt{};  ///< 0 = not measured yet
  Nanos rttvar{};
  Nanos rto{};
  Nanos tail_probe{};  ///< silence before a tail-loss probe; 0 = none: the timer comes sooner

  // Seldom.
  u32 iss = 0;
  u32 irs = 0;
  u32 snd_wnd_max = 0;
  u32 fin_seq = 0;
  Ipv4 remote_ip;
  Ipv4 next_hop;
  u16 remote_port = 0;
  u16 local_port = 0;
  u16 challenge_count = 0;
  u16 keepalive_count = 0;
  Nanos challenge_window{};  ///< start of the second that challenge_count counts
  Nanos heard_at{};  ///< last segment of the peer
  Nanos linger_at{kNever};  ///< end of TIME-WAIT or FIN-WAIT-2, or next keepalive
  std::array<TcpInterval, kTcpIntervalsMax> intervals{};  ///< sorted, disjoint, all behind rcv_nxt

  /// Oldest payload byte still kept for retransmission. Told by the state and not by comparison
  /// with the first number: after 2 GiB that one counts as the future.
  [[nodiscard]] u32 unacked_data() const noexcept {
    const bool opening = state == TcpState::kSynSent || state == TcpState::kSynReceived;
    return opening ? iss + 1 : snd_una;
  }
  /// Payload bytes queued or sent that the peer has not acknowledged.
  [[nodiscard]] u32 unacked_bytes() const noexcept {
    const u32 first = unacked_data();
    return seq_before(first, snd_end) ? snd_end - first : 0;  // behind it once our FIN is acked
  }
  /// True from the handshake until we have sent our FIN.
  [[nodiscard]] bool can_send() const noexcept {
    return (state == TcpState::kEstablished || state == TcpState::kCloseWait) && !close_wanted;
  }
};
static_assert(std::is_trivially_copyable_v<TcpSession>);

}  // namespace tradsys::net
