#pragma once
// ICMP: answers echo requests and reads errors about what we sent; everything else is only counted.
#include "dataplane/net/headers.hpp"

namespace tradsys::net {

inline constexpr u32 kIcmpBytes = 8;
inline constexpr u8 kIcmpEchoReply = 0;
inline constexpr u8 kIcmpUnreachable = 3;
inline constexpr u8 kIcmpEchoRequest = 8;

/// What an ICMP message is to us.
enum class IcmpKind : u8 { kEchoRequest, kUnreachable, kOther, kMalformed };

/// What "destination unreachable" means to the sender (RFC 1122 section 3.2.2.1).
enum class UnreachableKind : u8 {
  kSoft,  ///< a network or host that may come back
  kHard,  ///< the host says that nobody serves that protocol or port
  kTooBig,  ///< a router would have had to fragment
};

/// An error about a packet of ours, with the start of that packet.
struct IcmpError {
  UnreachableKind kind = UnreachableKind::kSoft;
  u8 protocol = 0;
  Ipv4 local_ip;
  Ipv4 remote_ip;
  u16 local_port = 0;
  u16 remote_port = 0;
  u32 seq = 0;  ///< TCP: of the segment it is about
  u32 mtu_bytes = 0;  ///< kTooBig: what fits; 0 when the router does not say
};

[[nodiscard]] inline IcmpKind classify_icmp(Bytes message) noexcept {
  if (message.size() < kIcmpBytes) return IcmpKind::kMalformed;
  if (!checksum_valid(checksum_add(0, message.data(), message.size()))) return IcmpKind::kMalformed;
  const u8 type = load_u8(message.data());
  if (type == kIcmpUnreachable) return IcmpKind::kUnreachable;
  const bool echo = type == kIcmpEchoRequest && load_u8(message.data() + 1) == 0;
  return echo ? IcmpKind::kEchoRequest : IcmpKind::kOther;
}

/// Reads a kUnreachable message; false when it does not quote a packet's header and eight bytes.
[[nodiscard]] inline bool parse_icmp_error(Bytes message, IcmpError& out) noexcept {
  if (message.size() < kIcmpBytes + kIpv4Bytes + 8) return false;
  const u8 code = load_u8(message.data() + 1);
  out.kind = code == 4                ? UnreachableKind::kTooBig
             : code == 2 || code == 3 ? UnreachableKind::kHard
                                      : UnreachableKind::kSoft;
  out.mtu_bytes = load_be16(message.data() + 6);
  const std::byte* ip = message.data() + kIcmpBytes;
  const u32 header_bytes = (load_u8(ip) & 0x0FU) * 4U;
  if ((load_u8(ip) >> 4) != 4 || header_bytes < kIpv4Bytes ||
      message.size() < kIcmpBytes + header_bytes + 8)
    return false;
  out.protocol = load_u8(ip + 9);
  out.local_ip.v = load_be32(ip + 12);
  out.remote_ip.v = load_be32(ip + 16);
  const std::byte* l4 = ip + header_bytes;
  out.local_port = load_be16(l4);
  out.remote_port = load_be16(l4 + 2);
  out.seq = load_be32(l4 + 4);
  return true;
}

/// Writes the reply to an echo request: the same bytes, but for the type and the checksum it
/// changes.
inline void write_echo_reply(std::byte* out, Bytes request) noexcept {
  std::memcpy(out, request.data(), request.size());
  const u16 before = checksum_load(out);
  store_u8(out, kIcmpEchoReply);
  checksum_store(out + 2, checksum_update(checksum_load(out + 2), before, checksum_load(out)));
}

}  // namespace tradsys::net
