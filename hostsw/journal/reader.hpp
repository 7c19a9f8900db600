#pragma once
// Reads a journal from its first record and vouches for every byte: checksums, sequence, hash
// chain.
#include <filesystem>
#include <memory>
#include <vector>

#include "hostsw/journal/segment.hpp"

namespace tradsys::journal {

/// What next() found.
enum class ReadStatus : u8 {
  kRecord,  ///< a record, every check passed
  kEnd,  ///< nothing more, nothing wrong
  kTornTail,  ///< the last write was cut short; all before it stands and can be continued
  kCorrupt,  ///< damage in front of later data, or an unreadable file: refuse to trade on it
};
[[nodiscard]] std::string_view describe(ReadStatus status) noexcept;

/// Where the good history ends.
struct Tail {
  u32 segment_index = 0;
  u64 offset_bytes = kBlockBytes;  ///< first byte behind the last good batch
  u64 next_seq = 1;
  Hash hash{};  ///< of the last good batch
  u64 batches = 0;
  u64 records = 0;
};

/// One pass over a journal. A damaged batch yields none of its records: what was read is always a
/// prefix of what was written, in whole batches.
///
/// Torn or corrupt: only one write is ever under way, at the end. So a bad batch is a torn tail
/// when nothing was written behind it, and corruption when something was: a whole batch header, or
/// any byte further away than one batch reaches.
///
/// A writer may be at work on the same journal: before anything but a whole batch is believed, the
/// place is read again from the file. What a writer adds in the meantime may or may not be yielded.
class Reader {
 public:
  /// Error when the directory or a segment header cannot be read, or a segment is missing. A
  /// directory without segments is an empty journal.
  [[nodiscard]] static Result<Reader> open(const std::filesystem::path& dir);

  /// Next record; `out.payload` is valid until the next call. Anything but kRecord is final.
  [[nodiscard]] ReadStatus next(Record& out);

  /// Good history so far; after kEnd and kTornTail the place where a writer continues.
  [[nodiscard]] const Tail& tail() const noexcept { return tail_; }
  /// File, offset and reason after kTornTail and kCorrupt.
  [[nodiscard]] const Error& problem() const noexcept { return problem_; }
  [[nodiscard]] usize segment_count() const noexcept { return segments_.size(); }

 private:
  explicit Reader(std::vector<std::filesystem::path> segments) : segments_(std::move(segments)) {}

  /// What stands at offset_.
  enum class Found : u8 { kBatch, kZeros, kBadBatch, kUnreadable };
  [[nodiscard]] Found look(BatchHeader& header, BatchCheck& check);
  [[nodiscard]] ReadStatus next_batch();
  void take(const BatchHeader& header);
  [[nodiscard]] ReadStatus next_segment();
  [[nodiscard]] ReadStatus judge(BatchCheck check);
  [[nodiscard]] Result<bool> data_behind(u64 offset);
  [[nodiscard]] ReadStatus unreadable(const Error& error);

  std::vector<std::filesystem::path> segments_;
  std::unique_ptr<SegmentReader> current_;
  u32 current_index_ = 0;
  u64 offset_ = kBlockBytes;
  Sha256 sha_;
  Bytes batch_;  // found last
  Bytes records_;  // of the current batch, not yet yielded
  u32 records_left_ = 0;
  u64 next_seq_ = 1;  // of the next record to yield
  Tail tail_;
  ReadStatus final_ = ReadStatus::kRecord;
  Error problem_;
};

}  // namespace tradsys::journal
