#include "hostsw/config/address.hpp"

#include <charconv>
#include <cstdio>

namespace tradsys::config {

std::optional<MacAddress> parse_mac(std::string_view text) noexcept {
  MacAddress mac;
  if (text.size() != 17) return std::nullopt;
  for (usize i = 0; i < 6; ++i) {
    if (i > 0 && text[3 * i - 1] != ':') return std::nullopt;
    const char* const digits = text.data() + 3 * i;
    const auto [end, error] = std::from_chars(digits, digits + 2, mac.bytes[i], 16);
    if (error != std::errc{} || end != digits + 2) return std::nullopt;
  }
  return mac;
}

std::string to_string(const MacAddress& mac) {
  const auto& b = mac.bytes;
  char text[18];
  std::snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4],
                b[5]);
  return text;
}

std::optional<Ipv4Address> parse_ipv4(std::string_view text) noexcept {
  Ipv4Address ip;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    u8 part = 0;
    const auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc{} || (*at == '0' && next - at > 1)) return std::nullopt;
    ip.value = (ip.value << 8) | part;
    at = next;
  }
  if (at != end) return std::nullopt;
  return ip;
}

std::string to_string(Ipv4Address ip) {
  char text[16];
  std::snprintf(text, sizeof text, "%u.%u.%u.%u", ip.value >> 24, (ip.value >> 16) & 0xFFU,
                (ip.value >> 8) & 0xFFU, ip.value & 0xFFU);
  return text;
}

}  // namespace tradsys::config
