#pragma once
// Where the frames of one end of a port live: a mempool and a cache of our own, so that any thread,
// not only a DPDK one, takes and returns buffers without touching shared memory most of the time.
#include "hostsw/core/frame.hpp"

struct rte_mbuf;
struct rte_mempool;
struct rte_mempool_cache;

namespace tradsys::nic {

/// Used by one thread. Owns neither the pool nor the cache: PortResources does.
class FrameStore {
 public:
  FrameStore() = default;
  FrameStore(rte_mempool* pool, rte_mempool_cache* cache) : pool_(pool), cache_(cache) {}

  /// Hot. A fresh buffer's data, or nullptr when the pool is exhausted. One buffer is pending at a
  /// time.
  [[nodiscard]] std::byte* alloc_pending() noexcept;

  /// Hot. The pending buffer as a frame of `len_bytes`, zero-padded to `min_bytes`; no longer
  /// pending.
  [[nodiscard]] rte_mbuf* take_pending(u32 len_bytes, u32 min_bytes) noexcept;

  /// Hot. Gives the pending buffer back, if there is one.
  void abandon_pending() noexcept;

  /// Hot. Gives received frames back.
  void release(const RxFrame* frames, u32 count) noexcept;
  void release(rte_mbuf* buffer) noexcept;

  /// Hot. Describes received buffers in `out`; a buffer of several segments is given back and
  /// counted in `oversize`. Returns the number of frames; adds their bytes to `bytes`.
  u32 describe(rte_mbuf* const* buffers, u32 count, RxFrame* out, u64& bytes,
               u64& oversize) noexcept;

  /// Buffers that lie in the cache: neither in the pool nor in use.
  [[nodiscard]] u32 cached_count() const noexcept;

 private:
  rte_mempool* pool_ = nullptr;
  rte_mempool_cache* cache_ = nullptr;
  rte_mbuf* pending_ = nullptr;
};

}  // namespace tradsys::nic
