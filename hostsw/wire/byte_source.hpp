#pragma once
// Sequential bytes of a capture file, plain or gzip, or of memory. Files are streamed through a
// window of fixed size: a full day of a large exchange never lies in memory.
#include <filesystem>
#include <memory>
#include <vector>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/result.hpp"

struct gzFile_s;

namespace tradsys::wire {

/// What a reader of records found next.
enum class FileRead : u8 {
  kRecord,  ///< a record
  kEnd,  ///< the file ends where a record ends
  kTruncated,  ///< the file ends inside a record
  kDamaged,  ///< the compression or a record header is broken, or the disk failed
};

class ByteSource {
 public:
  /// The most `peek` can be asked for.
  static constexpr usize kWindowBytes = 1U << 20;

  /// Opens a file; gzip is recognised by its content, not by its name.
  static Result<ByteSource> open(const std::filesystem::path& path);
  /// Reads memory, which outlives the source.
  static ByteSource of(Bytes memory);

  /// The next `count` bytes without consuming them; fewer only where the bytes end (or `failed()`).
  /// Valid until the next `peek`.
  [[nodiscard]] Bytes peek(usize count);
  /// Passes over bytes that were peeked at.
  void consume(usize count);
  /// Bytes consumed so far, after decompression.
  [[nodiscard]] u64 position() const noexcept { return position_; }
  /// The bytes ended because the compression or the disk failed.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  struct CloseGz {
    void operator()(gzFile_s* file) const noexcept;
  };

  void fill(usize count);

  std::unique_ptr<gzFile_s, CloseGz> file_;
  std::vector<std::byte> window_;
  Bytes ready_;  // of the window, or of memory
  u64 position_ = 0;
  bool ended_ = false;
  bool failed_ = false;
};

}  // namespace tradsys::wire
