#pragma once
// One batch in memory: building, sealing and checking it. No I/O here.
#include <memory>
#include <string_view>

#include "hostsw/journal/format.hpp"
#include "hostsw/journal/sha256.hpp"

namespace tradsys::journal {

/// Memory aligned as O_DIRECT demands. Zeroed when made.
class BlockBuffer {
 public:
  explicit BlockBuffer(usize bytes);
  [[nodiscard]] std::byte* data() noexcept { return data_.get(); }
  [[nodiscard]] const std::byte* data() const noexcept { return data_.get(); }
  [[nodiscard]] usize size() const noexcept { return bytes_; }

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept;
  };
  std::unique_ptr<std::byte, Free> data_;
  usize bytes_;
};

/// Where a batch stands in the history: what its header must say.
struct ChainPoint {
  u32 segment_index = 0;
  u64 next_seq = 1;
  Hash prev_hash{};
};

/// Collects records until it is sealed. Fixed capacity, no allocation after the constructor.
class BatchBuilder {
 public:
  /// `capacity_bytes` is a multiple of kBlockBytes, at most kBatchBytesMax.
  explicit BatchBuilder(usize capacity_bytes);

  /// Whether a record with this payload still fits.
  [[nodiscard]] bool fits(usize payload_bytes) const noexcept {
    return used_bytes_ + record_span(payload_bytes) <= buffer_.size();
  }
  /// Copies one record in. The caller has asked fits() and kept the payload within
  /// kPayloadBytesMax.
  void add(u16 type, u64 seq, u64 ts_ns, Bytes payload) noexcept;

  [[nodiscard]] u32 record_count() const noexcept { return record_count_; }
  /// Size the sealed batch will have.
  [[nodiscard]] usize sealed_bytes() const noexcept { return block_span(used_bytes_); }

  /// Pads, hashes and writes the header; returns the bytes to write. `hash` is the new end of the
  /// chain.
  [[nodiscard]] Bytes seal(const ChainPoint& at, Sha256& sha, Hash& hash) noexcept;
  /// Forgets all records.
  void clear() noexcept;

 private:
  BlockBuffer buffer_;
  usize used_bytes_ = sizeof(BatchHeader);
  u32 record_count_ = 0;
};

/// Outcome of looking at bytes that should be a batch.
enum class BatchCheck : u8 {
  kGood,
  kBadHeader,  ///< no batch header stands here, or it is damaged
  kIncomplete,  ///< the header is whole, the bytes end before the batch does
  kBadContent,  ///< the header is whole, the content is not what it vouches for
  kBadChain,  ///< a whole batch that does not continue the history
};
[[nodiscard]] std::string_view describe(BatchCheck check) noexcept;

/// Reads a header; kBadHeader unless magic, checksum and bounds hold.
[[nodiscard]] BatchCheck check_header(Bytes bytes, BatchHeader& header) noexcept;
/// Checks a batch at the start of `bytes` (at least one block, at most what is there) against its
/// place in the history.
[[nodiscard]] BatchCheck check_batch(Bytes bytes, const ChainPoint& at, Sha256& sha,
                                     BatchHeader& header);

/// A record as read: `payload` points into the batch.
struct Record {
  u64 seq = 0;
  u64 ts_ns = 0;
  u16 type = 0;
  Bytes payload;
};
/// Reads the record at the start of `bytes`; returns the bytes it takes, 0 when it is not a record
/// with sequence number `seq`.
[[nodiscard]] usize decode_record(Bytes bytes, u64 seq, Record& out) noexcept;

/// Nothing but zeros.
[[nodiscard]] bool all_zero(Bytes bytes) noexcept;

}  // namespace tradsys::journal
