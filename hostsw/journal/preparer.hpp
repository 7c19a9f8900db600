#pragma once
// Makes the next segment ready before it is needed: reserved, zero-written, durable and named, a
// step at a time, so that the writer's roll is an exchange of two file descriptors.
#include <filesystem>
#include <optional>

#include "hostsw/journal/segment.hpp"

namespace tradsys::journal {

/// A segment that takes batches: its file, open for durable writes.
struct OpenSegment {
  File file;
  u32 index = 0;
  u64 segment_bytes = 0;
};

/// Opens a segment for durable writes in the given mode.
[[nodiscard]] Result<OpenSegment> open_segment(const FileOps& ops, const std::filesystem::path& dir,
                                               u32 index, const IoMode& mode);

/// Writes zeros from `offset` up to the segment's end and makes them durable.
[[nodiscard]] Status zero_segment_from(OpenSegment& segment, u64 offset);

/// Prepares one segment at a time. A crash at any step leaves nothing, or a temporary file that the
/// next start removes, or a whole empty segment.
class SegmentPreparer {
 public:
  SegmentPreparer(const FileOps& ops, std::filesystem::path dir, u64 segment_bytes, IoMode mode);

  /// Bytes one step writes.
  static constexpr usize kStepBytes = 256 * 1024;

  /// Next segment number to prepare. Nothing may be under way.
  void start(u32 index);
  /// Continues by at most kStepBytes. An Error leaves it stopped: start again to retry.
  [[nodiscard]] Status step();
  /// Runs all steps that are left.
  [[nodiscard]] Status finish();

  [[nodiscard]] bool ready() const noexcept { return ready_.has_value(); }
  [[nodiscard]] bool under_way() const noexcept { return under_way_; }
  /// Zeros written so far of the segment under way; its whole size when ready.
  [[nodiscard]] u64 zeroed_bytes() const noexcept { return zeroed_bytes_; }
  /// Hands over the prepared segment; ready() was true.
  [[nodiscard]] OpenSegment take();

 private:
  [[nodiscard]] Status create();
  [[nodiscard]] Status publish();

  const FileOps* ops_;
  std::filesystem::path dir_;
  u64 segment_bytes_;
  IoMode mode_;
  u32 index_ = 0;
  bool under_way_ = false;
  u64 zeroed_bytes_ = 0;
  File file_;
  std::filesystem::path temporary_;
  BlockBuffer zeros_;
  std::optional<OpenSegment> ready_;
};

}  // namespace tradsys::journal
