#pragma once
// Ethernet frames around UDP payloads, good ones and ones that are wrong in one place, for the
// blocks of fpga/rtl/net.
#include <vector>

#include "dataplane/net/udp.hpp"
#include "hostsw/core/random.hpp"

namespace tradsys::testing {

/// Where a datagram comes from and goes to.
struct FramePlan {
  net::Ipv4 dst;
  u16 dst_port = 0;
  u16 vlan_id = net::kUntagged;
  bool udp_checksum = true;
};

inline constexpr net::Ipv4 kFrameSource{0x0A00'0001};

/// A whole frame, not padded.
inline std::vector<std::byte> make_frame(const FramePlan& plan, Bytes payload) {
  const u32 size = static_cast<u32>(payload.size());
  std::vector<std::byte> out(net::kEthernetBytes + net::kVlanTagBytes + 28 + size);
  std::byte* const base = out.data();
  const net::MacAddress group{0x0100'5E00'0000U | (plan.dst.v & 0x7F'FFFFU)};
  u32 at = net::write_ethernet(base, group, net::MacAddress{0x0200'0000'0001U}, plan.vlan_id,
                               net::kEtherTypeIpv4);
  const net::Ipv4Fields ip{kFrameSource,          plan.dst, net::kProtocolUdp, 32,
                           net::kUdpBytes + size, false};
  at += net::write_ipv4(base + at, ip);
  if (size != 0) std::memcpy(base + at + net::kUdpBytes, payload.data(), size);
  net::write_udp(base + at, ip, 9, plan.dst_port, size);
  if (!plan.udp_checksum) store_be16(base + at + 6, 0);
  out.resize(at + net::kUdpBytes + size);
  return out;
}

/// Writes the checksum of the 20-byte IP header again, after a change of it.
inline void mend_ip_checksum(std::vector<std::byte>& frame, usize ip_at) {
  if (frame.size() < ip_at + net::kIpv4Bytes) return;
  store_be16(frame.data() + ip_at + 10, 0);
  net::checksum_store(frame.data() + ip_at + 10, net::checksum_finish(net::checksum_add(
                                                     0, frame.data() + ip_at, net::kIpv4Bytes)));
}

}  // namespace tradsys::testing
