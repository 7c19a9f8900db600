#pragma once
// Addresses of the simulated rack: one network towards the venue, one towards the clients.
#include "dataplane/net/address.hpp"

namespace tradsys::sim {

inline constexpr net::Ipv4 kVenueIp = net::ipv4(10, 10, 0, 1);
inline constexpr net::Ipv4 kVenueSideIp =
    net::ipv4(10, 10, 0, 2);  // the appliance, towards the venue
inline constexpr net::Ipv4 kClientSideIp =
    net::ipv4(10, 20, 0, 2);  // the appliance, towards the clients
inline constexpr net::MacAddress kVenueMac{0x02'00'00'00'00'01};
inline constexpr net::MacAddress kVenueSideMac{0x02'00'00'00'00'02};
inline constexpr net::MacAddress kClientSideMac{0x02'00'00'00'00'03};

/// Client hosts count up from here.
constexpr net::Ipv4 client_ip(u32 client) noexcept { return {net::ipv4(10, 20, 0, 16).v + client}; }
constexpr net::MacAddress client_mac(u32 client) noexcept {
  return {0x02'00'00'00'01'00ULL + client};
}

inline constexpr net::Ipv4 kGroupA = net::ipv4(233, 54, 12, 111);
inline constexpr net::Ipv4 kGroupB = net::ipv4(233, 54, 12, 112);
inline constexpr u16 kFeedPort = 26'477;
inline constexpr u16 kRerequestPort = 26'478;
inline constexpr u16 kVenueOrderPort = 9'001;
inline constexpr u16 kClientOrderPort = 9'101;  // of the first client
inline constexpr u16 kDropCopyPort = 9'201;
inline constexpr net::Ipv4 kDropCopyIp = net::ipv4(10, 20, 0, 8);
inline constexpr net::MacAddress kDropCopyMac{0x02'00'00'00'02'00ULL};

}  // namespace tradsys::sim
