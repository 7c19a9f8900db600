#pragma once
// Segment files: names, headers, and reading them block by block.
#include <filesystem>
#include <string>
#include <vector>

#include "hostsw/journal/batch.hpp"
#include "hostsw/journal/file_ops.hpp"

namespace tradsys::journal {

/// "journal-00000007.tsj" for 7.
[[nodiscard]] std::string segment_name(u64 index);

/// First block of segment `index`.
void write_segment_header(BlockBuffer& block, u64 index, u64 segment_bytes) noexcept;

/// All segments of a directory in order. Error when the directory cannot be read or a number is
/// missing.
[[nodiscard]] Result<std::vector<std::filesystem::path>> list_segments(
    const std::filesystem::path& dir);

/// One segment, open for reading through a window of memory.
class SegmentReader {
 public:
  /// Error when the file cannot be read or its header is not that of segment `index`.
  [[nodiscard]] static Result<SegmentReader> open(const std::filesystem::path& path, u64 index);

  [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }
  /// Size the header states.
  [[nodiscard]] u64 segment_bytes() const noexcept { return segment_bytes_; }
  /// Size the file has: less than segment_bytes() when somebody cut it.
  [[nodiscard]] u64 file_bytes() const noexcept { return file_bytes_; }

  /// Up to `wanted` bytes (at most kBatchBytesMax) from `offset`, fewer at the end of the file;
  /// valid until the next call.
  [[nodiscard]] Result<Bytes> view(u64 offset, usize wanted);
  /// Forgets what was read ahead: the next view is as new as the file.
  void refresh() noexcept { window_bytes_ = 0; }
  /// Offset of the first byte that is not zero, from `offset` on; file_bytes() when there is none.
  [[nodiscard]] Result<u64> find_nonzero(u64 offset);
  /// Offset of the first block from `offset` on that starts with a whole batch header whose batch
  /// would come at or after sequence number `seq`; file_bytes() when there is none.
  [[nodiscard]] Result<u64> find_batch(u64 offset, u64 seq);

 private:
  SegmentReader(File file, u64 file_bytes);

  File file_;
  u64 file_bytes_;
  u64 segment_bytes_ = 0;
  BlockBuffer window_;
  u64 window_offset_ = 0;
  usize window_bytes_ = 0;
};

}  // namespace tradsys::journal
