#pragma once
// The way out: finds the Ethernet address of the next hop, writes link headers and hands frames to
// the port. Shared by ARP, ICMP, IGMP, UDP and TCP of one interface.
#include "dataplane/net/arp.hpp"
#include "dataplane/net/net_config.hpp"
#include "dataplane/net/udp.hpp"
#include "hostsw/core/frame.hpp"

namespace tradsys::net {

template <nic::FramePort Port>
class Link {
 public:
  Link(Port& port, const NetConfig& config, NetCounters& counters)
      : port_(port),
        config_(config),
        counters_(counters),
        arp_(config.arp_entries, config.arp_reachable, config.arp_retry, config.arp_tries) {}

  /// A buffer to write a frame into, or nullptr (counted).
  [[nodiscard]] std::byte* alloc() noexcept {
    std::byte* frame = port_.tx_alloc();
    if (frame == nullptr) [[unlikely]]
      ++counters_.tx_no_buffer;
    return frame;
  }

  /// Sends the last alloc(); short frames are padded with zeros.
  bool send(std::byte* frame, u32 len_bytes) noexcept {
    if (len_bytes < kFrameBytesMin) {
      std::memset(frame + len_bytes, 0, kFrameBytesMin - len_bytes);
      len_bytes = kFrameBytesMin;
    }
    const bool sent = port_.tx_send(len_bytes);
    ++counters_.tx_frames;
    counters_.tx_bytes += len_bytes;
    if (!sent) [[unlikely]]
      ++counters_.tx_dropped;
    return sent;
  }

  /// Gives the last alloc() back unsent.
  void abandon() noexcept { port_.tx_abandon(); }

  /// Writes the Ethernet header for `dst`; returns its bytes.
  u32 write_header(std::byte* frame, MacAddress dst, u16 ether_type) const noexcept {
    return write_ethernet(frame, dst, config_.mac, config_.vlan_id, ether_type);
  }

  /// Largest IPv4 packet that fits a frame of this interface.
  [[nodiscard]] u32 ip_bytes_max() const noexcept {
    return nic::kTxCapacityBytes - kEthernetBytes -
           (config_.vlan_id == kUntagged ? 0 : kVlanTagBytes);
  }

  /// Where a packet for `dst` goes first: itself, the gateway, or nowhere (0.0.0.0).
  [[nodiscard]] Ipv4 next_hop(Ipv4 dst) const noexcept {
    const bool on_link = ((dst.v ^ config_.ip.v) & prefix_mask(config_.prefix_bits)) == 0;
    return on_link ? dst : config_.gateway;
  }

  /// The Ethernet address for `dst`. False when it is not known yet; a request is then under way.
  [[nodiscard]] bool resolve(Ipv4 dst, Nanos now, MacAddress& mac) noexcept {
    if (is_multicast(dst)) {
      mac = multicast_mac(dst);
      return true;
    }
    if (dst == kBroadcastIp) {
      mac = kBroadcastMac;
      return true;
    }
    const Ipv4 hop = next_hop(dst);
    if (hop.v == 0) return false;
    const ArpTable::Lookup found = arp_.lookup(hop, now, mac);
    if (found == ArpTable::Lookup::kAsk) send_arp_request(hop);
    return found == ArpTable::Lookup::kFound;
  }

  void send_arp_request(Ipv4 target) noexcept {
    send_arp(kBroadcastMac, {kArpRequest, config_.mac, config_.ip, kNoMac, target});
  }
  void send_arp(MacAddress dst, const ArpPacket& packet) noexcept {
    std::byte* frame = alloc();
    if (frame == nullptr) return;
    const u32 header_bytes = write_header(frame, dst, kEtherTypeArp);
    write_arp(frame + header_bytes, packet);
    send(frame, header_bytes + kArpBytes);
  }

  /// Writes Ethernet and IPv4 headers and returns where the IP payload goes.
  std::byte* write_ip_headers(std::byte* frame, MacAddress dst,
                              const Ipv4Fields& ip) const noexcept {
    std::byte* packet = frame + write_header(frame, dst, kEtherTypeIpv4);
    return packet + write_ipv4(packet, ip);
  }

  [[nodiscard]] ArpTable& arp() noexcept { return arp_; }
  [[nodiscard]] const ArpTable& arp() const noexcept { return arp_; }
  [[nodiscard]] const NetConfig& config() const noexcept { return config_; }
  [[nodiscard]] NetCounters& counters() noexcept { return counters_; }

 private:
  Port& port_;
  const NetConfig& config_;
  NetCounters& counters_;
  ArpTable arp_;
};

}  // namespace tradsys::net
