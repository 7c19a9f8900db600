#pragma once
// ICMP: answers echo requests; everything else is only counted.
#include "dataplane/net/headers.hpp"

namespace tradsys::net {

inline constexpr u32 kIcmpBytes = 8;
inline constexpr u8 kIcmpEchoReply = 0;
inline constexpr u8 kIcmpEchoRequest = 8;

/// What an ICMP message is to us.
enum class IcmpKind : u8 { kEchoRequest, kOther, kMalformed };

[[nodiscard]] inline IcmpKind classify_icmp(Bytes message) noexcept {
  if (message.size() < kIcmpBytes) return IcmpKind::kMalformed;
  if (!checksum_valid(checksum_add(0, message.data(), message.size()))) return IcmpKind::kMalformed;
  const bool echo = load_u8(message.data()) == kIcmpEchoRequest && load_u8(message.data() + 1) == 0;
  return echo ? IcmpKind::kEchoRequest : IcmpKind::kOther;
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
