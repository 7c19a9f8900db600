#pragma once
// Ethernet and IPv4 addresses as integers in host byte order, and their text forms for the control
// path.
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "hostsw/core/units.hpp"

namespace tradsys::net {

/// An IPv4 address; 10.0.0.1 is 0x0A000001.
using Ipv4 = Unit<struct Ipv4Tag, u32>;
/// An Ethernet address in the low 48 bits; 02:00:00:00:00:01 is 0x020000000001.
using MacAddress = Unit<struct MacTag, u64>;

inline constexpr Ipv4 kNoIp{0};
inline constexpr Ipv4 kBroadcastIp{0xFFFFFFFF};
inline constexpr MacAddress kNoMac{0};
inline constexpr MacAddress kBroadcastMac{0xFFFF'FFFF'FFFF};

constexpr Ipv4 ipv4(u8 a, u8 b, u8 c, u8 d) noexcept {
  return {(u32{a} << 24) | (u32{b} << 16) | (u32{c} << 8) | u32{d}};
}
constexpr bool is_multicast(Ipv4 ip) noexcept { return (ip.v >> 28) == 0xE; }
/// Group addresses, the broadcast address among them.
constexpr bool is_group(MacAddress mac) noexcept { return ((mac.v >> 40) & 1U) != 0; }
/// The Ethernet group of an IPv4 multicast group (RFC 1112): the low 23 bits.
constexpr MacAddress multicast_mac(Ipv4 group) noexcept {
  return {0x01005E000000ULL | (group.v & 0x7FFFFFU)};
}
/// Network mask of a prefix length in [0, 32].
constexpr u32 prefix_mask(u32 prefix_bits) noexcept {
  return prefix_bits == 0 ? 0 : 0xFFFFFFFFU << (32U - prefix_bits);
}
/// The last address of a network; those of one or two addresses have none (RFC 3021).
constexpr Ipv4 broadcast_of(Ipv4 ip, u32 prefix_bits) noexcept {
  return prefix_bits >= 31 ? kBroadcastIp : Ipv4{ip.v | ~prefix_mask(prefix_bits)};
}
/// True for an address that one host can own and send from.
constexpr bool is_host(Ipv4 ip) noexcept {
  return ip.v != 0 && (ip.v >> 24) != 127 && (ip.v >> 28) < 0xE;
}

/// "10.0.0.1" -> address; nothing when the text is anything else.
constexpr std::optional<Ipv4> parse_ipv4(std::string_view text) noexcept {
  u32 value = 0, octet = 0, digits = 0, dots = 0;
  for (const char c : text) {
    if (c == '.') {
      if (digits == 0 || ++dots > 3) return std::nullopt;
      value = (value << 8) | octet;
      octet = digits = 0;
    } else {
      if (c < '0' || c > '9' || ++digits > 3) return std::nullopt;
      octet = octet * 10 + static_cast<u32>(c - '0');
      if (octet > 255) return std::nullopt;
    }
  }
  if (dots != 3 || digits == 0) return std::nullopt;
  return Ipv4{(value << 8) | octet};
}

/// "02:00:00:00:00:01" -> address; nothing when the text is anything else.
constexpr std::optional<MacAddress> parse_mac(std::string_view text) noexcept {
  if (text.size() != 17) return std::nullopt;
  u64 value = 0;
  for (usize i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i % 3 == 2) {
      if (c != ':') return std::nullopt;
      continue;
    }
    u32 digit = 16;
    if (c >= '0' && c <= '9') digit = static_cast<u32>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<u32>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<u32>(c - 'A') + 10;
    if (digit == 16) return std::nullopt;
    value = (value << 4) | digit;
  }
  return MacAddress{value};
}

/// Text for operators; not for the hot path.
inline std::string to_string(Ipv4 ip) {
  return std::to_string(ip.v >> 24) + "." + std::to_string((ip.v >> 16) & 255) + "." +
         std::to_string((ip.v >> 8) & 255) + "." + std::to_string(ip.v & 255);
}
inline std::string to_string(MacAddress mac) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 44; shift >= 0; shift -= 4) {
    text += kDigits[(mac.v >> shift) & 15];
    if (shift % 8 == 0 && shift != 0) text += ':';
  }
  return text;
}

static_assert(parse_ipv4("239.1.2.3") == ipv4(239, 1, 2, 3) && !parse_ipv4("1.2.3.256"));
static_assert(parse_mac("02:00:00:00:00:0a") == MacAddress{0x02000000000A});

}  // namespace tradsys::net
