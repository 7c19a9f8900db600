#pragma once
// One network interface on one core: polls a port, checks and sorts what arrives, answers ARP, ICMP
// echo and IGMP, and carries UDP and TCP to a handler. No allocation after the constructor.
#include "dataplane/net/icmp.hpp"
#include "dataplane/net/igmp.hpp"
#include "dataplane/net/tcp/tcp_engine.hpp"
#include "hostsw/core/prefetch.hpp"

namespace tradsys::net {

/// What the user of an interface implements: TCP callbacks, and on_udp for datagrams to our
/// address, to the broadcast address and to joined groups, on any port.
template <class H>
concept NetHandler = TcpHandler<H> && requires(H& h, const UdpDatagram& d) {
  h.on_udp(d);
};

/// `Handler` models NetHandler; it may be incomplete here, so that it can own its interface.
template <nic::FramePort Port, Clock Clk, class Handler>
class NetInterface {
 public:
  using LinkType = Link<Port>;
  using Tcp = TcpEngine<LinkType, Clk, Handler>;

  /// `config` has passed validate(). Port, clock and handler must outlive the interface.
  NetInterface(Port& port, const Clk& clock, Handler& handler, const NetConfig& config)
      : port_(port),
        clock_(clock),
        handler_(handler),
        config_(config),
        own_broadcast_(broadcast_of(config.ip, config.prefix_bits)),
        link_(port, config_, counters_),
        igmp_(config.igmp_groups_max, config.igmp_version, config.tcp.secret ^ config.mac.v),
        tcp_(link_, clock, handler) {
    static_assert(NetHandler<Handler>);
    TRADSYS_ASSERT(validate(config).ok());
  }
  NetInterface(const NetInterface&) = delete;
  NetInterface& operator=(const NetInterface&) = delete;

  /// Hot: takes up to `budget` frames (at most 32), handles each, acknowledges. Returns their
  /// number.
  u32 poll(u32 budget) noexcept {
    nic::RxFrame frames[kBurst];
    const u32 count = port_.rx_burst(frames, budget < kBurst ? budget : kBurst);
    if (count != 0) {
      const Nanos now = clock_.now();
      for (u32 i = 0; i < count; ++i) {
        if (i + 1 < count) prefetch_line(frames[i + 1].data);
        on_frame({frames[i].data, frames[i].len_bytes}, now);
      }
      port_.release(frames, count);
    }
    tcp_.serve_pending();
    return count;
  }

  /// Warm: timers of ARP, IGMP and TCP. To be called every millisecond or so.
  void housekeep(Nanos now) noexcept {
    link_.arp().housekeep(now, [this](Ipv4 ip) { link_.send_arp_request(ip); });
    igmp_.housekeep(now, [this](const IgmpMessage& m) { send_igmp(m); });
    tcp_.housekeep(now);
  }

  /// No timer of the interface fires before this time; a simulation may jump there.
  [[nodiscard]] Nanos next_deadline() const noexcept {
    Nanos next = tcp_.next_deadline();
    if (igmp_.next_deadline() < next) next = igmp_.next_deadline();
    const Nanos arp = link_.arp().next_deadline();
    return arp < next ? arp : next;
  }

  /// Sends one datagram at once. False when it is too
  /// long, no buffer is free, or the neighbour is not known yet: a request is then under way, send
  /// again.
  bool udp_send(Ipv4 dst, u16 dst_port, u16 src_port, Bytes payload) noexcept {
    MacAddress mac;
    if (payload.size() + kIpv4Bytes + kUdpBytes > link_.ip_bytes_max()) {
      ++counters_.tx_too_long;
      return false;
    }
    if (!link_.resolve(dst, clock_.now(), mac)) {
      ++counters_.tx_unresolved;
      return false;
    }
    std::byte* frame = link_.alloc();
    if (frame == nullptr) return false;
    const u32 bytes = static_cast<u32>(payload.size());
    const u8 ttl = is_multicast(dst) ? kMulticastTtl : u8{64};
    const Ipv4Fields ip{config_.ip, dst, kProtocolUdp, ttl, kUdpBytes + bytes, false};
    std::byte* udp = link_.write_ip_headers(frame, mac, ip);
    if (bytes != 0) std::memcpy(udp + kUdpBytes, payload.data(), bytes);
    write_udp(udp, ip, src_port, dst_port, bytes);
    return link_.send(frame, static_cast<u32>(udp - frame) + kUdpBytes + bytes);
  }

  /// Wants the datagrams of a multicast group; the report goes out at the next housekeep.
  bool join(Ipv4 group) noexcept { return igmp_.join(group, clock_.now()); }
  void leave(Ipv4 group) noexcept { igmp_.leave(group, clock_.now()); }

  /// Announces our address to everyone, after start or take-over.
  void announce() noexcept {
    link_.send_arp(kBroadcastMac, {kArpRequest, config_.mac, config_.ip, kNoMac, config_.ip});
  }
  /// A neighbour that is never asked for; false when the table is full.
  bool add_static_neighbour(Ipv4 ip, MacAddress mac) noexcept {
    if (!link_.arp().set_static(ip, mac)) return false;
    tcp_.on_neighbour(ip, mac);
    return true;
  }
  /// Starts to look for a neighbour, so that later sends find it; true when it is known already.
  bool resolve(Ipv4 ip) noexcept {
    MacAddress mac;
    return link_.resolve(ip, clock_.now(), mac);
  }

  [[nodiscard]] Tcp& tcp() noexcept { return tcp_; }
  [[nodiscard]] const NetConfig& config() const noexcept { return config_; }
  [[nodiscard]] const NetCounters& counters() const noexcept { return counters_; }

 private:
  static constexpr u32 kBurst = 32;
  static constexpr u8 kMulticastTtl = 32;

  void on_frame(Bytes bytes, Nanos now) noexcept {
    ++counters_.rx_frames;
    counters_.rx_bytes += bytes.size();
    EthernetFrame frame;
    if (!parse_ethernet(bytes, frame)) [[unlikely]] {
      ++counters_.rx_truncated;
    } else if (frame.dst != config_.mac && !is_group(frame.dst)) [[unlikely]] {
      ++counters_.rx_not_for_us;
    } else if (frame.vlan_id != config_.vlan_id && !config_.accept_any_vlan) [[unlikely]] {
      ++counters_.rx_wrong_vlan;
    } else if (frame.ether_type == kEtherTypeIpv4) [[likely]] {
      on_ipv4(frame, now);
    } else if (frame.ether_type == kEtherTypeArp) {
      on_arp(frame, now);
    } else {
      ++counters_.rx_unknown_type;
    }
  }

  void on_ipv4(const EthernetFrame& frame, Nanos now) noexcept {
    Ipv4Packet ip;
    const Ipv4Fault fault = parse_ipv4_packet(frame.payload, ip);
    if (fault != Ipv4Fault::kNone) [[unlikely]]
      return count(fault);
    const bool ours = ip.dst == config_.ip;
    if (!ours && !is_multicast(ip.dst) && !is_broadcast(ip.dst)) [[unlikely]] {
      ++counters_.rx_not_for_us;
    } else if (!is_host(ip.src) || ip.src == config_.ip || is_broadcast(ip.src)) [[unlikely]] {
      ++counters_.rx_bad_source;
    } else if (ip.protocol == kProtocolUdp) {
      on_udp(ip, now);
    } else if (ip.protocol == kProtocolTcp && ours && !is_group(frame.dst)) {
      on_tcp(ip, frame.src, now);
    } else {
      on_control(ip, frame.src, ours, now);
    }
  }

  void on_udp(const Ipv4Packet& ip, Nanos now) noexcept {
    ++counters_.rx_udp;
    if (is_multicast(ip.dst) && !igmp_.is_member(ip.dst)) {
      ++counters_.rx_udp_not_joined;
      return;
    }
    UdpDatagram datagram;
    const L4Fault fault = parse_udp(ip, config_.verify_udp_checksum, datagram);
    if (fault != L4Fault::kNone) [[unlikely]]
      return count(fault, counters_.rx_bad_udp_checksum);
    datagram.received_at = now;
    handler_.on_udp(static_cast<const UdpDatagram&>(datagram));
  }

  void on_tcp(const Ipv4Packet& ip, MacAddress src_mac, Nanos now) noexcept {
    ++counters_.rx_tcp;
    TcpSegment segment;
    const L4Fault fault = parse_tcp(ip, segment);
    if (fault != L4Fault::kNone) [[unlikely]]
      return count(fault, counters_.rx_bad_tcp_checksum);
    segment.src_mac = src_mac;
    tcp_.on_segment(segment, now);
  }

  void on_control(const Ipv4Packet& ip, MacAddress src_mac, bool ours, Nanos now) noexcept {
    if (ip.protocol == kProtocolIcmp) {
      on_icmp(ip, src_mac, ours);
    } else if (ip.protocol == kProtocolIgmp) {
      ++counters_.rx_igmp;
      if (!igmp_.on_message(ip.payload, now)) ++counters_.rx_malformed;
    } else {
      ++counters_.rx_unknown_type;
    }
  }

  /// Echo requests to our own address are answered to where they came from; errors go to TCP.
  void on_icmp(const Ipv4Packet& ip, MacAddress src_mac, bool ours) noexcept {
    ++counters_.rx_icmp;
    const IcmpKind kind = classify_icmp(ip.payload);
    if (kind == IcmpKind::kMalformed) ++counters_.rx_malformed;
    if (kind == IcmpKind::kUnreachable && ours) return on_icmp_error(ip.payload);
    const u32 bytes = static_cast<u32>(ip.payload.size());
    if (kind != IcmpKind::kEchoRequest || !ours || bytes + kIpv4Bytes > link_.ip_bytes_max())
      return;
    std::byte* frame = link_.alloc();
    if (frame == nullptr) return;
    std::byte* out = link_.write_ip_headers(frame, src_mac,
                                            {config_.ip, ip.src, kProtocolIcmp, 64, bytes, false});
    write_echo_reply(out, ip.payload);
    link_.send(frame, static_cast<u32>(out - frame) + bytes);
  }

  void on_icmp_error(Bytes message) noexcept {
    IcmpError error;
    if (!parse_icmp_error(message, error)) {
      ++counters_.rx_malformed;
    } else if (error.protocol == kProtocolTcp && error.local_ip == config_.ip) {
      tcp_.on_icmp_error(error);
    }
  }

  void on_arp(const EthernetFrame& frame, Nanos now) noexcept {
    ++counters_.rx_arp;
    ArpPacket arp;
    if (!parse_arp(frame.payload, arp)) {
      ++counters_.rx_malformed;
      return;
    }
    const bool asked = arp.operation == kArpRequest && arp.target_ip == config_.ip;
    if (arp.sender_ip == Ipv4{} && asked) {  // a probe for our address (RFC 5227): it is taken
      link_.send_arp(arp.sender_mac,
                     {kArpReply, config_.mac, config_.ip, arp.sender_mac, arp.sender_ip});
      return;
    }
    if (arp.sender_ip == config_.ip || ((arp.sender_ip.v ^ config_.ip.v) & own_mask()) != 0) {
      ++counters_.rx_bad_source;
      return;
    }
    if (link_.arp().learn(arp.sender_ip, arp.sender_mac, asked, now))
      tcp_.on_neighbour(arp.sender_ip, arp.sender_mac);
    if (asked)
      link_.send_arp(arp.sender_mac,
                     {kArpReply, config_.mac, config_.ip, arp.sender_mac, arp.sender_ip});
  }

  void send_igmp(const IgmpMessage& m) noexcept {
    std::byte* frame = link_.alloc();
    if (frame == nullptr) return;
    std::byte* out = link_.write_ip_headers(frame, multicast_mac(m.dst),
                                            {config_.ip, m.dst, kProtocolIgmp, 1, m.bytes, true});
    std::memcpy(out, m.data.data(), m.bytes);
    link_.send(frame, static_cast<u32>(out - frame) + m.bytes);
  }

  [[nodiscard]] u32 own_mask() const noexcept { return prefix_mask(config_.prefix_bits); }
  [[nodiscard]] bool is_broadcast(Ipv4 ip) const noexcept {
    return ip == kBroadcastIp || ip == own_broadcast_;
  }

  [[gnu::cold, gnu::noinline]] void count(Ipv4Fault fault) noexcept {
    switch (fault) {
      case Ipv4Fault::kTruncated:
        ++counters_.rx_truncated;
        break;
      case Ipv4Fault::kMalformed:
        ++counters_.rx_malformed;
        break;
      case Ipv4Fault::kChecksum:
        ++counters_.rx_bad_ip_checksum;
        break;
      case Ipv4Fault::kFragment:
        ++counters_.rx_fragments;
        break;
      case Ipv4Fault::kOptions:
        ++counters_.rx_ip_options;
        break;
      case Ipv4Fault::kNone:
        break;
    }
  }
  [[gnu::cold, gnu::noinline]] void count(L4Fault fault, u64& bad_checksum) noexcept {
    if (fault == L4Fault::kTruncated) ++counters_.rx_truncated;
    if (fault == L4Fault::kMalformed) ++counters_.rx_malformed;
    if (fault == L4Fault::kChecksum) ++bad_checksum;
  }

  Port& port_;
  const Clk& clock_;
  Handler& handler_;
  const NetConfig config_;
  const Ipv4 own_broadcast_;
  NetCounters counters_;
  LinkType link_;
  IgmpHost igmp_;
  Tcp tcp_;
};

}  // namespace tradsys::net
