#pragma once
// Ethernet, 802.1Q and IPv4: reading with every length checked, and writing. Lengths come from the
// IP header, never from the frame, because short frames are padded.
#include "dataplane/net/address.hpp"
#include "dataplane/net/checksum.hpp"

namespace tradsys::net {

inline constexpr u32 kEthernetBytes = 14;
inline constexpr u32 kVlanTagBytes = 4;
inline constexpr u32 kIpv4Bytes = 20;
inline constexpr u32 kFrameBytesMin = 60;  ///< shorter frames are padded before they are sent

inline constexpr u16 kEtherTypeIpv4 = 0x0800;
inline constexpr u16 kEtherTypeArp = 0x0806;
inline constexpr u16 kEtherTypeVlan = 0x8100;

inline constexpr u8 kProtocolIcmp = 1;
inline constexpr u8 kProtocolIgmp = 2;
inline constexpr u8 kProtocolTcp = 6;
inline constexpr u8 kProtocolUdp = 17;

inline constexpr u16 kUntagged = 0;  ///< VLAN 0: no tag, or a tag that carries a priority only

/// An Ethernet frame taken apart; `payload` still has the padding of short frames.
struct EthernetFrame {
  MacAddress dst;
  MacAddress src;
  u16 ether_type = 0;
  u16 vlan_id = kUntagged;
  Bytes payload;
};

/// False when the frame is shorter than its own headers.
[[nodiscard]] inline bool parse_ethernet(Bytes frame, EthernetFrame& out) noexcept {
  if (frame.size() < kEthernetBytes) return false;
  const std::byte* p = frame.data();
  out.dst.v = load_be48(p);
  out.src.v = load_be48(p + 6);
  out.ether_type = load_be16(p + 12);
  out.vlan_id = kUntagged;
  usize header_bytes = kEthernetBytes;
  if (out.ether_type == kEtherTypeVlan) {
    if (frame.size() < kEthernetBytes + kVlanTagBytes) return false;
    out.vlan_id = load_be16(p + 14) & 0x0FFFU;
    out.ether_type = load_be16(p + 16);
    header_bytes += kVlanTagBytes;
  }
  out.payload = frame.subspan(header_bytes);
  return true;
}

/// Writes an Ethernet header, tagged unless `vlan_id` is kUntagged; returns its bytes.
inline u32 write_ethernet(std::byte* out, MacAddress dst, MacAddress src, u16 vlan_id,
                          u16 ether_type) noexcept {
  store_be48(out, dst.v);
  store_be48(out + 6, src.v);
  if (vlan_id == kUntagged) {
    store_be16(out + 12, ether_type);
    return kEthernetBytes;
  }
  store_be16(out + 12, kEtherTypeVlan);
  store_be16(out + 14, vlan_id);
  store_be16(out + 16, ether_type);
  return kEthernetBytes + kVlanTagBytes;
}

/// Why an IPv4 packet is refused.
enum class Ipv4Fault : u8 {
  kNone,
  kTruncated,  ///< shorter than its header or its total length says
  kMalformed,  ///< wrong version or header length
  kChecksum,
  kFragment,  ///< fragments are not reassembled: exchanges send none
  kOptions,  ///< only IGMP may carry them (router alert)
};

/// An IPv4 packet taken apart; `payload` has exactly the bytes the total length announces.
struct Ipv4Packet {
  Ipv4 src;
  Ipv4 dst;
  u8 protocol = 0;
  u8 ttl = 0;
  Bytes payload;
};

[[nodiscard]] inline Ipv4Fault parse_ipv4_packet(Bytes in, Ipv4Packet& out) noexcept {
  if (in.size() < kIpv4Bytes) return Ipv4Fault::kTruncated;
  const std::byte* p = in.data();
  const u32 header_bytes = (load_u8(p) & 0x0FU) * 4U;
  if ((load_u8(p) >> 4) != 4 || header_bytes < kIpv4Bytes) return Ipv4Fault::kMalformed;
  const u32 total_bytes = load_be16(p + 2);
  if (total_bytes < header_bytes) return Ipv4Fault::kMalformed;
  if (total_bytes > in.size()) return Ipv4Fault::kTruncated;
  if (!checksum_valid(checksum_add(0, p, header_bytes))) return Ipv4Fault::kChecksum;
  if ((load_be16(p + 6) & 0x3FFFU) != 0)
    return Ipv4Fault::kFragment;  // more fragments, or an offset
  out.protocol = load_u8(p + 9);
  if (header_bytes != kIpv4Bytes && out.protocol != kProtocolIgmp) return Ipv4Fault::kOptions;
  out.ttl = load_u8(p + 8);
  out.src.v = load_be32(p + 12);
  out.dst.v = load_be32(p + 16);
  out.payload = in.subspan(header_bytes, total_bytes - header_bytes);
  return Ipv4Fault::kNone;
}

/// The fields of an IPv4 header that differ from packet to packet. Identification is 0 and "don't
/// fragment" is set, as RFC 6864 allows for packets that are never fragmented.
struct Ipv4Fields {
  Ipv4 src;
  Ipv4 dst;
  u8 protocol = 0;
  u8 ttl = 64;
  u32 payload_bytes = 0;
  bool router_alert = false;  ///< adds the option of RFC 2113, which IGMP must carry
};

/// Writes an IPv4 header with its checksum; returns its bytes (20, or 24 with router alert).
inline u32 write_ipv4(std::byte* out, const Ipv4Fields& f) noexcept {
  const u32 header_bytes = f.router_alert ? kIpv4Bytes + 4 : kIpv4Bytes;
  store_u8(out, static_cast<u8>(0x40U | (header_bytes / 4)));
  store_u8(out + 1, 0);
  store_be16(out + 2, static_cast<u16>(header_bytes + f.payload_bytes));
  store_be32(out + 4, 0x0000'4000);
  store_u8(out + 8, f.ttl);
  store_u8(out + 9, f.protocol);
  store_be16(out + 10, 0);
  store_be32(out + 12, f.src.v);
  store_be32(out + 16, f.dst.v);
  if (f.router_alert) store_be32(out + 20, 0x9404'0000);
  checksum_store(out + 10, checksum_finish(checksum_add(0, out, header_bytes)));
  return header_bytes;
}

}  // namespace tradsys::net
