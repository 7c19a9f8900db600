#include "drivers/nic/port_config.hpp"

#include <algorithm>
#include <bit>

namespace tradsys::nic {
namespace {

constexpr std::array<std::string_view, 6> kKindNames{"ring",      "shm",    "pcap",
                                                     "af_packet", "af_xdp", "pci"};

// A buffer may lie in the cache of either end of the wire (256 slots, flushed at one and a half
// times that), in a driver's own cache, or in the hands of whoever holds a few bursts.
constexpr u32 kCachedMax = 3 * 384;
constexpr u32 kHeldMax = 256;

}  // namespace

std::string_view to_string(PortKind kind) noexcept { return kKindNames[static_cast<usize>(kind)]; }

bool parse_port_kind(std::string_view text, PortKind& kind) noexcept {
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), text);
  if (found == kKindNames.end()) return false;
  kind = static_cast<PortKind>(found - kKindNames.begin());
  return true;
}

u32 mbufs_needed(u32 rx_desc, u32 tx_desc) noexcept {
  return std::bit_ceil(rx_desc + tx_desc + kCachedMax + kHeldMax + 1) - 1;
}

}  // namespace tradsys::nic
