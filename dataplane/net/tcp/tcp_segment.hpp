#pragma once
// TCP segments: sequence arithmetic, reading with length, options and checksum verified.
#include "dataplane/net/udp.hpp"

namespace tradsys::net {

inline constexpr u32 kTcpBytes = 20;

inline constexpr u8 kTcpFin = 0x01;
inline constexpr u8 kTcpSyn = 0x02;
inline constexpr u8 kTcpRst = 0x04;
inline constexpr u8 kTcpPsh = 0x08;
inline constexpr u8 kTcpAck = 0x10;
inline constexpr u8 kTcpSynAck = kTcpSyn | kTcpAck;
inline constexpr u8 kTcpRstAck = kTcpRst | kTcpAck;
inline constexpr u8 kTcpFinAck = kTcpFin | kTcpAck;
inline constexpr u8 kTcpPshAck = kTcpPsh | kTcpAck;

inline constexpr u16 kTcpMssDefault = 536;  ///< when the peer announces none (RFC 9293, MUST-15)
inline constexpr u16 kTcpMssMin = 64;  ///< a smaller announcement is taken as this

// Sequence numbers wrap: a is before b when the signed distance says so (within 2^31).
constexpr bool seq_before(u32 a, u32 b) noexcept { return static_cast<i32>(a - b) < 0; }
constexpr bool seq_at_or_before(u32 a, u32 b) noexcept { return static_cast<i32>(a - b) <= 0; }
constexpr u32 seq_max(u32 a, u32 b) noexcept { return seq_before(a, b) ? b : a; }
/// True when `seq` lies in [first, first + size).
constexpr bool seq_in(u32 seq, u32 first, u32 size) noexcept { return seq - first < size; }
static_assert(seq_before(0xFFFF'FFF0U, 5) && !seq_before(5, 0xFFFF'FFF0U) &&
              seq_in(2, 0xFFFF'FFFEU, 8));

/// A received segment taken apart.
struct TcpSegment {
  Ipv4 src_ip;
  u16 src_port = 0;
  u16 dst_port = 0;
  u32 seq = 0;
  u32 ack = 0;
  u8 flags = 0;
  u16 window = 0;
  u16 mss = 0;  ///< announced in a SYN; 0 = not announced
  Bytes payload;
  MacAddress src_mac;

  [[nodiscard]] bool has(u8 flag) const noexcept { return (flags & flag) != 0; }
  /// Sequence numbers it occupies: the payload, and one each for SYN and FIN.
  [[nodiscard]] u32 length() const noexcept {
    return static_cast<u32>(payload.size()) + (has(kTcpSyn) ? 1U : 0U) + (has(kTcpFin) ? 1U : 0U);
  }
};

/// Looks for the MSS option; unknown options are skipped. False when an option runs over its end.
[[nodiscard]] inline bool parse_tcp_options(Bytes options, u16& mss) noexcept {
  while (!options.empty()) {
    const u8 kind = load_u8(options.data());
    if (kind == 0) return true;
    if (kind == 1) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2) return false;
    const u32 bytes = load_u8(options.data() + 1);
    if (bytes < 2 || bytes > options.size()) return false;
    if (kind == 2 && bytes == 4) mss = load_be16(options.data() + 2);
    options = options.subspan(bytes);
  }
  return true;
}

[[nodiscard]] inline L4Fault parse_tcp(const Ipv4Packet& ip, TcpSegment& out) noexcept {
  const usize bytes = ip.payload.size();
  if (bytes < kTcpBytes) return L4Fault::kTruncated;
  const std::byte* p = ip.payload.data();
  const u32 header_bytes = (load_u8(p + 12) >> 4) * 4U;
  if (header_bytes < kTcpBytes) return L4Fault::kMalformed;
  if (header_bytes > bytes) return L4Fault::kTruncated;
  const u64 sum = pseudo_header_sum(ip.src.v, ip.dst.v, kProtocolTcp, static_cast<u32>(bytes));
  if (!checksum_valid(checksum_add(sum, p, bytes))) return L4Fault::kChecksum;
  out.src_ip = ip.src;
  out.src_port = load_be16(p);
  out.dst_port = load_be16(p + 2);
  out.seq = load_be32(p + 4);
  out.ack = load_be32(p + 8);
  out.flags = load_u8(p + 13) & 0x1FU;
  out.window = load_be16(p + 14);
  out.mss = 0;
  out.payload = ip.payload.subspan(header_bytes);
  if (out.src_port == 0 || out.dst_port == 0) return L4Fault::kMalformed;
  if (header_bytes > kTcpBytes &&
      !parse_tcp_options(ip.payload.subspan(20, header_bytes - 20), out.mss))
    return L4Fault::kMalformed;
  return L4Fault::kNone;
}

}  // namespace tradsys::net
