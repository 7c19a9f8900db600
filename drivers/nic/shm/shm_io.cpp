// The hot half of ShmWire.
#include "drivers/nic/shm_wire.hpp"

namespace tradsys::nic {

u32 ShmWire::rx_burst(RxFrame* out, u32 max) noexcept {
  u32 count = 0;
  while (count < max && receiver_.next(out[count])) counters_.rx_bytes += out[count++].len_bytes;
  counters_.rx_packets += count;
  return count;
}

void ShmWire::release(const RxFrame*, u32 count) noexcept { receiver_.free_oldest(count); }

std::byte* ShmWire::tx_alloc() noexcept {
  pending_ = sender_.reserve();
  pending_in_ring_ = pending_ != nullptr;
  if (!pending_in_ring_) pending_ = overflow_;
  return pending_;
}

bool ShmWire::tx_send(u32 len_bytes) noexcept {
  TRADSYS_ASSERT(pending_ != nullptr && len_bytes <= kTxCapacityBytes);
  pending_ = nullptr;
  if (!pending_in_ring_) {
    ++counters_.tx_dropped;
    return false;
  }
  sender_.publish(len_bytes);
  ++counters_.tx_packets;
  counters_.tx_bytes += len_bytes;
  return true;
}

}  // namespace tradsys::nic
