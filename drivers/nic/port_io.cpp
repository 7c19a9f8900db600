// The hot half of Port and WireEnd.
#include <rte_ethdev.h>
#include <rte_ring.h>

#include <algorithm>
#include <cstring>

#include "drivers/nic/frame_capture.hpp"
#include "drivers/nic/port.hpp"
#include "drivers/nic/port_resources.hpp"

namespace tradsys::nic {
namespace {

// Empty frames are what a broken peer's lengths become.
template <class From, class To>
u32 move_frames(From& from, To& to, u32 budget) noexcept {
  RxFrame frames[Port::kBurstMax];
  const u32 count = from.rx_burst(frames, std::min(budget, Port::kBurstMax));
  for (u32 i = 0; i < count; ++i) {
    std::byte* out = frames[i].len_bytes == 0 ? nullptr : to.tx_alloc();
    if (out == nullptr) continue;
    std::memcpy(out, frames[i].data, frames[i].len_bytes);
    to.tx_send(frames[i].len_bytes);
  }
  if (count != 0) from.release(frames, count);
  return count;
}

}  // namespace

u32 Port::rx_burst(RxFrame* out, u32 max) noexcept {
  rte_mbuf* buffers[kBurstMax];
  const u16 wanted = static_cast<u16>(std::min(max, kBurstMax));
  const u32 count = rte_eth_rx_burst(port_id_, 0, buffers, wanted);
  if (count == 0) return 0;
  const u32 kept = store_.describe(buffers, count, out, counters_.rx_bytes, counters_.rx_oversize);
  counters_.rx_packets += kept;
  if (capture_ != nullptr) [[unlikely]] {
    for (u32 i = 0; i < kept; ++i) capture_->write({out[i].data, out[i].len_bytes});
  }
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
  if (capture_ != nullptr) [[unlikely]] {
    capture_->write({rte_pktmbuf_mtod(buffer, const std::byte*), sent_bytes});
  }
  if (rte_eth_tx_burst(port_id_, 0, &buffer, 1) != 1) [[unlikely]] {
    store_.release(buffer);
    ++counters_.tx_dropped;
    return false;
  }
  ++counters_.tx_packets;
  counters_.tx_bytes += sent_bytes;
  return true;
}

u32 Port::pump(u32 budget) noexcept {
  if (shm_ == nullptr) return 0;
  WireEnd& wire = resources_->wire_end;
  return move_frames(*shm_, wire, budget) + move_frames(wire, *shm_, budget);
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
