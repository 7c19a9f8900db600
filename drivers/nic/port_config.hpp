#pragma once
// How a port is configured.
#include <array>
#include <string>
#include <string_view>

#include "drivers/nic/shm_wire.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::nic {

/// Where a port's frames come from. Every kind is polled by rte_eth_rx_burst.
enum class PortKind : u8 {
  kRing,  ///< in-process wire: the far end is Port::wire_end()
  kShm,  ///< shared-memory segment: the far end is a ShmWire in another process
  kPcap,  ///< frames out of a capture file, sent frames into another
  kAfPacket,  ///< a kernel interface through packet sockets
  kAfXdp,  ///< a kernel interface through AF_XDP
  kPci,  ///< a NIC bound to a user-space driver
};

/// The kind's name in configuration: ring, shm, pcap, af_packet, af_xdp, pci.
[[nodiscard]] std::string_view to_string(PortKind kind) noexcept;
/// False for a name that is not a kind; `kind` is untouched then.
[[nodiscard]] bool parse_port_kind(std::string_view text, PortKind& kind) noexcept;

/// 02:.. is locally administered; all zero means the device's own address.
using MacAddress = std::array<u8, 6>;

/// Everything Port::make needs.
struct PortConfig {
  std::string name{};  ///< 1..15 of [a-z0-9_-], unique in the process
  PortKind kind = PortKind::kRing;
  std::string device{};  ///< interface, PCI address, capture file or segment file; by kind
  std::string tx_file{};  ///< kind pcap: where sent frames go; empty: they are dropped
  std::string capture_file{};  ///< copies every frame, both ways, into this pcap; empty: off
  u32 rx_desc = 1024;  ///< receive slots, power of two in 64..32768
  u32 tx_desc = 1024;  ///< send slots, power of two in 64..32768
  u32 mbuf_count = 0;  ///< buffers; 0 chooses enough for both rings and the caches
  MacAddress mac{};
  ShmSide shm_side = ShmSide::kLeft;  ///< kind shm: which end of the segment the port is
  bool promiscuous = false;  ///< receive frames for other stations too
};

/// Buffers a port needs so that full rings and caches never starve it: 2^k - 1.
[[nodiscard]] u32 mbufs_needed(u32 rx_desc, u32 tx_desc) noexcept;

}  // namespace tradsys::nic
