#pragma once
// Network addresses as an operator writes them.
#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "hostsw/core/types.hpp"

namespace tradsys::config {

/// "02:00:00:00:00:01"; all zeros = not set.
struct MacAddress {
  std::array<u8, 6> bytes{};
  auto operator<=>(const MacAddress&) const = default;

  /// An address of a single station: neither unset nor a group address.
  [[nodiscard]] bool is_station() const noexcept {
    return *this != MacAddress{} && (bytes[0] & 1U) == 0;
  }
};
/// Six pairs of hexadecimal digits with colons, nothing else.
[[nodiscard]] std::optional<MacAddress> parse_mac(std::string_view text) noexcept;
[[nodiscard]] std::string to_string(const MacAddress& mac);

/// "10.1.2.3", in host byte order; 0.0.0.0 = not set.
struct Ipv4Address {
  u32 value = 0;
  auto operator<=>(const Ipv4Address&) const = default;

  [[nodiscard]] bool is_set() const noexcept { return value != 0; }
  /// 224.0.0.0/4.
  [[nodiscard]] bool is_multicast() const noexcept { return value >> 28 == 0xE; }
  /// Usable by one host on a network: set, no loopback, no group, not the broadcast address.
  [[nodiscard]] bool is_host() const noexcept {
    return is_set() && value >> 24 != 127 && value >> 28 < 0xE;
  }
  [[nodiscard]] bool is_in(Ipv4Address network, u32 prefix) const noexcept {
    return prefix == 0 || (value ^ network.value) >> (32 - prefix) == 0;
  }
};
/// Four decimal numbers with dots, no leading zeros, nothing else.
[[nodiscard]] std::optional<Ipv4Address> parse_ipv4(std::string_view text) noexcept;
[[nodiscard]] std::string to_string(Ipv4Address ip);

}  // namespace tradsys::config
