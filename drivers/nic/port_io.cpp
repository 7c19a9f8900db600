// The hot half of Port and WireEnd.
#include <rte_ethdev.h>
#include <rte_ring.h>

#include <algorithm>

#include "drivers/nic/port.hpp"

namespace tradsys::nic {

u32 Port::rx_burst(RxFrame* out, u32 max) noexcept {
  rte_mbuf* buffers[kBurstMax];
  const u16 wanted = static_cast<u16>(std::min(max, kBurstMax));
  const u32 count = rte_eth_rx_burst(port_id_, 0, buffers, wanted);
  if (count == 0) return 0;
  const u32 kept = store_.describe(buffers, count, out, counters_.rx_bytes, counters_.rx_oversize);
  counters_.rx_packets += kept;
  return kept;
}

std::byte* Port::tx_alloc() noexcept {
  std::byte* data = store_.alloc_pending();
  if (data == nullptr) [[unlikely]]
    ++counters_.tx_no_buffer;
  return data;
}

bool Port::tx_send(u32 len_bytes) noexcept {
  rte_mbuf* buffer = store_.take_pending(len_bytes, min_frame_bytes_);
  const u32 sent_bytes = buffer->pkt_len;
  if (rte_eth_tx_burst(port_id_, 0, &buffer, 1) != 1) [[unlikely]] {
    store_.release(buffer);
    ++counters_.tx_dropped;
    return false;
  }
  ++counters_.tx_packets;
  counters_.tx_bytes += sent_bytes;
  return true;
}

u32 WireEnd::rx_burst(RxFrame* out, u32 max) noexcept {
  rte_mbuf* buffers[64];
  const u32 wanted = std::min(max, u32{64});
  void** objects = reinterpret_cast<void**>(buffers);
  const u32 count = rte_ring_sc_dequeue_burst(from_port_, objects, wanted, nullptr);
  if (count == 0) return 0;
  const u32 kept = store_.describe(buffers, count, out, counters_.rx_bytes, counters_.rx_oversize);
  counters_.rx_packets += kept;
  return kept;
}

std::byte* WireEnd::tx_alloc() noexcept {
  std::byte* data = store_.alloc_pending();
  if (data == nullptr) [[unlikely]]
    ++counters_.tx_no_buffer;
  return data;
}

bool WireEnd::tx_send(u32 len_bytes) noexcept {
  rte_mbuf* buffer = store_.take_pending(len_bytes, 0);
  if (rte_ring_sp_enqueue(to_port_, buffer) != 0) [[unlikely]] {
    store_.release(buffer);
    ++counters_.tx_dropped;
    return false;
  }
  ++counters_.tx_packets;
  counters_.tx_bytes += len_bytes;
  return true;
}

}  // namespace tradsys::nic
