#pragma once
// An Ethernet frame as every port hands it out: drivers/nic (DPDK), sim/wire (memory), shared memory.
#include "hostsw/core/types.hpp"

namespace tradsys::nic {

/// One received frame. It stays valid until the port's release() gets it back; `handle` is the port's own.
struct RxFrame {
  const std::byte* data;
  u32 len_bytes;
  u32 reserved;
  void* handle;
};

/// Bytes that fit behind tx_alloc(): Ethernet header and 1500 bytes of payload, no frame check sequence.
inline constexpr u32 kTxCapacityBytes = 1514;

}  // namespace tradsys::nic
