#pragma once
// The far end of a port of kind ring: whatever the port sends arrives here, and the other way
// round.
#include "drivers/nic/frame_store.hpp"
#include "drivers/nic/port_counters.hpp"

struct rte_ring;

namespace tradsys::nic {

/// The peer of an in-process wire: the exchange simulator's side. Same methods as Port. One thread
/// may poll the port while one other thread uses its wire end.
class WireEnd {
 public:
  WireEnd() = default;
  WireEnd(FrameStore store, rte_ring* from_port, rte_ring* to_port)
      : store_(store), from_port_(from_port), to_port_(to_port) {}

  /// Hot. Up to `max` (at most 64) frames that the port has sent; each goes back by release().
  u32 rx_burst(RxFrame* out, u32 max) noexcept;
  /// Hot. Gives frames of this end's rx_burst back.
  void release(const RxFrame* frames, u32 count) noexcept { store_.release(frames, count); }
  /// Hot. kTxCapacityBytes to write a frame into; nullptr when the pool is exhausted (counted).
  [[nodiscard]] std::byte* tx_alloc() noexcept;
  /// Hot. Puts the buffer of the last tx_alloc on the wire; false: the wire was full, dropped,
  /// counted.
  bool tx_send(u32 len_bytes) noexcept;
  /// Hot. Gives the buffer of the last tx_alloc back unsent.
  void tx_abandon() noexcept { store_.abandon_pending(); }

  [[nodiscard]] const PortCounters& counters() const noexcept { return counters_; }

 private:
  friend class Port;
  FrameStore store_;
  rte_ring* from_port_ = nullptr;
  rte_ring* to_port_ = nullptr;
  PortCounters counters_;
};

}  // namespace tradsys::nic
