#pragma once
// Writes TCP segments field by field, right or wrong, and frames around them.
#include <string>
#include <vector>

#include "dataplane/net/tcp/tcp_segment.hpp"

namespace tradsys::net {

/// A TCP segment to write; `mss` 0 writes no option.
struct SegmentFields {
  u32 seq = 0;
  u32 ack = 0;
  u8 flags = kTcpAck;
  u16 window = 65'535;
  u16 mss = 0;
  std::string payload;
  std::string options = {};  ///< raw, behind the MSS option; filled up to a multiple of four
  bool bad_checksum = false;
};

/// Builds a whole frame around an IP payload.
inline std::vector<std::byte> ip_frame(MacAddress dst, MacAddress src, Ipv4Fields ip, Bytes payload,
                                       u16 vlan_id = kUntagged) {
  ip.payload_bytes = static_cast<u32>(payload.size());
  std::vector<std::byte> frame(64 + payload.size());
  u32 at = write_ethernet(frame.data(), dst, src, vlan_id, kEtherTypeIpv4);
  at += write_ipv4(frame.data() + at, ip);
  if (!payload.empty()) std::memcpy(frame.data() + at, payload.data(), payload.size());
  frame.resize(at + payload.size());
  return frame;
}

inline std::vector<std::byte> tcp_bytes(Ipv4 src, u16 src_port, Ipv4 dst, u16 dst_port,
                                        const SegmentFields& f) {
  const u32 mss_bytes = f.mss == 0 ? 0 : 4;
  const u32 option_bytes = static_cast<u32>(f.options.size() + 3) / 4 * 4;
  const u32 header_bytes = kTcpBytes + mss_bytes + option_bytes;
  std::vector<std::byte> out(header_bytes + f.payload.size());
  std::byte* p = out.data();
  store_be16(p, src_port);
  store_be16(p + 2, dst_port);
  store_be32(p + 4, f.seq);
  store_be32(p + 8, f.ack);
  store_u8(p + 12, static_cast<u8>(header_bytes / 4 << 4));
  store_u8(p + 13, f.flags);
  store_be16(p + 14, f.window);
  if (f.mss != 0) store_be32(p + 20, 0x02040000U | f.mss);
  std::memcpy(p + kTcpBytes + mss_bytes, f.options.data(), f.options.size());
  std::memcpy(p + header_bytes, f.payload.data(), f.payload.size());
  const u64 pseudo = pseudo_header_sum(src.v, dst.v, kProtocolTcp, static_cast<u32>(out.size()));
  const u16 checksum = checksum_finish(checksum_add(pseudo, p, out.size()));
  checksum_store(p + 16, f.bad_checksum ? static_cast<u16>(checksum ^ 0x0100U) : checksum);
  return out;
}

}  // namespace tradsys::net
