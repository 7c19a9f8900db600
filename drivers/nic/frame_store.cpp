#include "drivers/nic/frame_store.hpp"

#include <rte_mbuf.h>
#include <rte_mempool.h>

#include <cstring>

#include "hostsw/core/contract.hpp"

namespace tradsys::nic {
namespace {

std::byte* data_of(rte_mbuf* buffer) noexcept {
  return static_cast<std::byte*>(buffer->buf_addr) + buffer->data_off;
}

}  // namespace

std::byte* FrameStore::alloc_pending() noexcept {
  if (pending_ == nullptr) {
    void* object = nullptr;
    if (rte_mempool_generic_get(pool_, &object, 1, cache_) != 0) [[unlikely]]
      return nullptr;
    pending_ = static_cast<rte_mbuf*>(object);
    rte_pktmbuf_reset(pending_);
  }
  return data_of(pending_);
}

rte_mbuf* FrameStore::take_pending(u32 len_bytes, u32 min_bytes) noexcept {
  TRADSYS_ASSERT(pending_ != nullptr);
  TRADSYS_ASSERT(len_bytes <= kTxCapacityBytes);
  rte_mbuf* buffer = pending_;
  pending_ = nullptr;
  if (len_bytes < min_bytes) {
    std::memset(data_of(buffer) + len_bytes, 0, min_bytes - len_bytes);
    len_bytes = min_bytes;
  }
  buffer->data_len = static_cast<u16>(len_bytes);
  buffer->pkt_len = len_bytes;
  return buffer;
}

void FrameStore::abandon_pending() noexcept {
  if (pending_ != nullptr) release(pending_);
  pending_ = nullptr;
}

void FrameStore::release(rte_mbuf* buffer) noexcept {
  while (buffer != nullptr) {
    rte_mbuf* next = buffer->next;
    rte_mbuf* freed = rte_pktmbuf_prefree_seg(buffer);
    if (freed != nullptr) {
      void* object = freed;
      rte_mempool_generic_put(freed->pool, &object, 1, freed->pool == pool_ ? cache_ : nullptr);
    }
    buffer = next;
  }
}

void FrameStore::release(const RxFrame* frames, u32 count) noexcept {
  for (u32 i = 0; i < count; ++i) release(static_cast<rte_mbuf*>(frames[i].handle));
}

u32 FrameStore::describe(rte_mbuf* const* buffers, u32 count, RxFrame* out, u64& bytes,
                         u64& oversize) noexcept {
  u32 kept = 0;
  for (u32 i = 0; i < count; ++i) {
    rte_mbuf* buffer = buffers[i];
    if (buffer->nb_segs != 1) [[unlikely]] {
      release(buffer);
      ++oversize;
      continue;
    }
    out[kept++] = RxFrame{data_of(buffer), buffer->data_len, 0, buffer};
    bytes += buffer->data_len;
  }
  return kept;
}

u32 FrameStore::cached_count() const noexcept { return cache_ == nullptr ? 0 : cache_->len; }

}  // namespace tradsys::nic
