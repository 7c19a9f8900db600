#pragma once
// What a network port gives and takes: whole Ethernet frames, without the frame check sequence.
// Every port (DPDK, shared memory, in memory) satisfies FramePort; the stack above is a template on
// it.
#include <concepts>

#include "hostsw/core/types.hpp"

namespace tradsys::nic {

/// One received frame. The bytes stay valid until the frame is released to the port it came from.
struct RxFrame {
  const std::byte* data;  ///< first byte of the Ethernet header
  u32 len_bytes;  ///< as received: short frames carry padding after the IP packet
  u32 reserved;  ///< zero
  void* handle;  ///< the port's own; hand it back untouched
};

/// Bytes that can be written behind FramePort::tx_alloc: Ethernet header and 1500 bytes.
inline constexpr u32 kTxCapacityBytes = 1514;

/// A full-duplex frame port used by one thread.
///   rx_burst(out, max)      takes up to `max` waiting frames, oldest first, and never waits
///   release(frames, count)  gives frames back; every frame of rx_burst exactly once, in any order
///   tx_alloc()              a buffer of kTxCapacityBytes, or nullptr when none is free; one at a
///   time tx_send(len_bytes)      sends the last tx_alloc at once; false = dropped, and the port
///   counted it tx_abandon()            gives the last tx_alloc back unsent
template <class P>
concept FramePort = requires(P& port, RxFrame* out, const RxFrame* frames, u32 n) {
  { port.rx_burst(out, n) }
  noexcept->std::same_as<u32>;
  { port.release(frames, n) }
  noexcept;
  { port.tx_alloc() }
  noexcept->std::same_as<std::byte*>;
  { port.tx_send(n) }
  noexcept->std::same_as<bool>;
  { port.tx_abandon() }
  noexcept;
};

}  // namespace tradsys::nic
