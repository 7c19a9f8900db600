#pragma once
// What a port counts. Sequence gaps of the feeds are the truth about loss: some devices drop
// silently.
#include "hostsw/core/types.hpp"

namespace tradsys::nic {

/// Written by the thread that polls the port, on the hot path; plain integers.
struct PortCounters {
  u64 rx_packets = 0;
  u64 rx_bytes = 0;
  u64 rx_oversize = 0;  ///< longer than one buffer: dropped
  u64 tx_packets = 0;
  u64 tx_bytes = 0;
  u64 tx_dropped = 0;  ///< the device had no room
  u64 tx_no_buffer = 0;  ///< tx_alloc found the pool empty
};

/// Read from the device itself, on the cold path; 0 where the device does not report.
struct DeviceCounters {
  u64 rx_missed = 0;  ///< dropped by the device: its ring was full
  u64 rx_no_buffer = 0;  ///< dropped by the driver: the pool was empty
  u64 rx_errors = 0;
  u64 tx_errors = 0;
};

}  // namespace tradsys::nic
