#pragma once
// UDP: reading with length and checksum verified, and writing.
#include "dataplane/net/headers.hpp"

namespace tradsys::net {

inline constexpr u32 kUdpBytes = 8;

/// One received datagram, as a handler sees it. The payload is valid during the callback only.
struct UdpDatagram {
  Ipv4 dst_ip;  ///< our own address, or the multicast group
  u16 dst_port = 0;
  Ipv4 src_ip;
  u16 src_port = 0;
  Bytes payload;
  Nanos received_at;  ///< the poll that found it
};

/// Why a UDP or TCP header is refused.
enum class L4Fault : u8 { kNone, kTruncated, kMalformed, kChecksum };

/// The payload has the bytes that the UDP length announces, which may be fewer than IP carried.
[[nodiscard]] inline L4Fault parse_udp(const Ipv4Packet& ip, bool verify_checksum,
                                       UdpDatagram& out) noexcept {
  if (ip.payload.size() < kUdpBytes) return L4Fault::kTruncated;
  const std::byte* p = ip.payload.data();
  const u32 bytes = load_be16(p + 4);
  if (bytes < kUdpBytes) return L4Fault::kMalformed;
  if (bytes > ip.payload.size()) return L4Fault::kTruncated;
  if (verify_checksum && load_be16(p + 6) != 0) {
    const u64 sum = pseudo_header_sum(ip.src.v, ip.dst.v, kProtocolUdp, bytes);
    if (!checksum_valid(checksum_add(sum, p, bytes))) return L4Fault::kChecksum;
  }
  out.src_ip = ip.src;
  out.dst_ip = ip.dst;
  out.src_port = load_be16(p);
  out.dst_port = load_be16(p + 2);
  out.payload = ip.payload.subspan(kUdpBytes, bytes - kUdpBytes);
  return L4Fault::kNone;
}

/// Completes the UDP header at `out`, behind which `payload_bytes` of payload already stand.
inline void write_udp(std::byte* out, const Ipv4Fields& ip, u16 src_port, u16 dst_port,
                      u32 payload_bytes) noexcept {
  const u32 bytes = kUdpBytes + payload_bytes;
  store_be16(out, src_port);
  store_be16(out + 2, dst_port);
  store_be16(out + 4, static_cast<u16>(bytes));
  store_be16(out + 6, 0);
  const u64 sum = pseudo_header_sum(ip.src.v, ip.dst.v, kProtocolUdp, bytes);
  const u16 checksum = checksum_finish(checksum_add(sum, out, bytes));
  checksum_store(out + 6, checksum == 0 ? u16{0xFFFF} : checksum);
}

}  // namespace tradsys::net
