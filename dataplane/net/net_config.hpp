#pragma once
// Configuration and counters of one network interface and its TCP engine.
#include "dataplane/net/address.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::net {

/// Fixed capacities and timing of a TCP engine. Everything is allocated once, from these numbers.
struct TcpConfig {
  u32 sessions_max = 16;  ///< open, half-open and lingering connections together
  u32 listeners_max = 8;  ///< ports that accept connections
  u32 send_ring_bytes = 1U << 16;  ///< per session: unacknowledged and waiting bytes; power of two
  u32 receive_window_bytes =
      1U << 16;  ///< per session: how far ahead a peer may send; power of two
  u32 congestion_window_bytes = 1U << 16;  ///< at start, and the most it grows to
  u32 congestion_window_floor_bytes =
      14'600;  ///< after a loss; a session in a rack needs no slow start
  Nanos rto_initial{200'000'000};  ///< before the first round trip is measured
  Nanos rto_min{10'000'000};  ///< RFC 6298 says 1 s; an order cannot wait for that
  Nanos rto_max{2'000'000'000};
  /// The least silence before a tail-loss probe (RFC 8985): the end of what is under way leaves
  /// again before the timer, and a peer that only delays its ACKs answers it. 0 = no probes.
  Nanos tail_probe_min{2'000'000};
  u32 retransmits_max = 12;  ///< unanswered in a row; then the peer is taken for dead
  u32 syn_retransmits_max = 5;
  Nanos time_wait{1'000'000'000};  ///< how long a closed connection answers late segments
  Nanos fin_wait{5'000'000'000};  ///< how long a closed connection waits for the peer's FIN
  /// How long a closed connection may take to deliver what was queued; then it is reset, whether or
  /// not the peer still answers.
  Nanos close_max{10'000'000'000};
  Nanos keepalive_idle{0};  ///< silence after which the peer is probed; 0 = never
  Nanos keepalive_interval{1'000'000'000};
  u32 keepalive_probes = 5;
  u32 challenge_acks_per_second = 100;  ///< per session (RFC 5961)
  u64 secret = 0x7472'6164'7379'7331;  ///< keys initial sequence numbers and the session table
};

/// An interface's addresses and the behaviour of its helpers.
struct NetConfig {
  MacAddress mac;
  Ipv4 ip;
  u32 prefix_bits = 24;
  Ipv4 gateway;  ///< 0.0.0.0 = none: only the own network can be reached
  u16 vlan_id = 0;  ///< 802.1Q tag to send and expect; 0 = untagged
  bool accept_any_vlan = false;  ///< receive frames of every tag: taps and replayed captures
  bool verify_udp_checksum = true;
  u32 arp_entries = 64;
  Nanos arp_reachable{60'000'000'000};
  Nanos arp_retry{1'000'000'000};
  u32 arp_tries = 3;
  u32 igmp_version = 3;  ///< 2 or 3; an older querier is followed in any case
  u32 igmp_groups_max = 16;
  TcpConfig tcp;
};

/// What an interface saw and refused. Written by its own thread.
struct NetCounters {
  u64 rx_frames = 0;
  u64 rx_bytes = 0;
  u64 rx_truncated = 0;  ///< shorter than a header or an announced length
  u64 rx_malformed = 0;  ///< fields that contradict each other
  u64 rx_bad_ip_checksum = 0;
  u64 rx_bad_udp_checksum = 0;
  u64 rx_bad_tcp_checksum = 0;
  u64 rx_fragments = 0;
  u64 rx_ip_options = 0;
  u64 rx_not_for_us = 0;  ///< another host's frame or packet
  u64 rx_bad_source = 0;  ///< a source no host can have, or our own
  u64 rx_wrong_vlan = 0;
  u64 rx_unknown_type = 0;  ///< neither IPv4 nor ARP, or an unknown IP protocol
  u64 rx_udp = 0;
  u64 rx_udp_not_joined = 0;  ///< multicast groups nobody asked for
  u64 rx_tcp = 0;
  u64 rx_icmp = 0;
  u64 rx_igmp = 0;
  u64 rx_arp = 0;
  u64 tx_frames = 0;
  u64 tx_bytes = 0;
  u64 tx_no_buffer = 0;  ///< the port had no buffer
  u64 tx_dropped = 0;  ///< the port took the frame and dropped it
  u64 tx_unresolved = 0;  ///< no Ethernet address yet: a request went out instead
  u64 tx_too_long = 0;
};

/// What a TCP engine did.
struct TcpCounters {
  u64 segments_in = 0;
  u64 segments_out = 0;
  u64 connects = 0;  ///< handshakes completed by us
  u64 accepts = 0;  ///< handshakes completed towards a listener
  u64 syn_refused = 0;  ///< no listener on that port: answered with RST
  u64 syn_dropped = 0;  ///< no free session: left to the peer's retransmission
  u64 resets_in = 0;
  u64 resets_out = 0;
  u64 challenge_acks = 0;  ///< suspicious segments answered with an ACK (RFC 5961)
  u64 out_of_window = 0;
  u64 out_of_order = 0;  ///< segments kept until the hole before them is filled
  u64 reorder_dropped = 0;  ///< segments not kept: too many separate holes
  u64 duplicate_acks = 0;
  u64 invalid_acks = 0;
  u64 fast_retransmits = 0;
  u64 timeouts = 0;  ///< retransmission timer expired
  u64 tail_probes = 0;  ///< the end of what was under way sent again before the timer (RFC 8985)
  u64 retransmitted_bytes = 0;
  u64 window_probes = 0;
  u64 keepalives = 0;
  u64 unreachable = 0;  ///< ICMP errors about segments under way (RFC 5927)
  u64 gave_up = 0;  ///< connections closed because the peer stopped answering
  u64 send_refused = 0;  ///< send without room for the whole message, or on a closed connection
};

/// Refuses a configuration that cannot work, and says why. Call it before NetInterface is built.
[[nodiscard]] inline Status validate(const NetConfig& c) {
  const auto power_of_two = [](u32 v) {
    return v >= 2048 && v <= (1U << 24) && (v & (v - 1)) == 0;
  };
  if (c.mac.v == 0 || is_group(c.mac) || (c.mac.v >> 48) != 0)
    return Error{"net.mac", to_string(c.mac) + " is not a host's address",
                 "use one like 02:00:00:00:00:01"};
  if (!is_host(c.ip)) return Error{"net.ip", to_string(c.ip) + " is not a host's address", ""};
  if (c.prefix_bits < 1 || c.prefix_bits > 32)
    return Error{"net.prefix_bits", std::to_string(c.prefix_bits) + " is out of range 1..32", ""};
  if (c.gateway.v != 0 && ((c.gateway.v ^ c.ip.v) & prefix_mask(c.prefix_bits)) != 0)
    return Error{"net.gateway", to_string(c.gateway) + " is outside the interface's own network",
                 ""};
  if (c.vlan_id > 4094)
    return Error{"net.vlan_id", std::to_string(c.vlan_id) + " is out of range 0..4094", ""};
  if (c.arp_entries < 1 || c.arp_entries > 4096)
    return Error{"net.arp_entries", "out of range 1..4096", ""};
  if (c.igmp_version != 2 && c.igmp_version != 3)
    return Error{"net.igmp_version", "must be 2 or 3", ""};
  if (c.tcp.sessions_max < 1 || c.tcp.sessions_max > 16'384)
    return Error{"net.tcp.sessions_max", "out of range 1..16384", ""};
  if (!power_of_two(c.tcp.send_ring_bytes))
    return Error{"net.tcp.send_ring_bytes", "must be a power of two, 2048..16777216", ""};
  if (!power_of_two(c.tcp.receive_window_bytes) || c.tcp.receive_window_bytes > 65'536)
    return Error{"net.tcp.receive_window_bytes", "must be a power of two, 2048..65536", ""};
  if (c.tcp.tail_probe_min.v < 0)
    return Error{"net.tcp.tail_probe_min", "must not be negative", "0 switches the probes off"};
  if (c.tcp.rto_min.v < 1'000'000 || c.tcp.rto_max < c.tcp.rto_min)
    return Error{"net.tcp.rto_min", "must be at least 1 ms and not above rto_max", ""};
  return Done{};
}

}  // namespace tradsys::net
