#pragma once
// BinaryFILE: messages of a day in one file (.itch, .itch50, .gz of these), each behind a 2-byte
// big-endian length. A length of 0 marks the end of the session where the writer set one; many
// files just end.
#include "hostsw/wire/byte_source.hpp"

namespace tradsys::wire {

class BinaryFileReader {
 public:
  static Result<BinaryFileReader> open(const std::filesystem::path& path);
  /// Reads memory, which outlives the reader.
  static BinaryFileReader of(Bytes memory) { return BinaryFileReader(ByteSource::of(memory)); }

  /// The next message, valid until the next call. Anything but kRecord is final. After kTruncated,
  /// `trailing_bytes` tells how much of a message the file still had.
  [[nodiscard]] FileRead next(Bytes& message);

  /// Messages returned so far.
  [[nodiscard]] u64 messages() const noexcept { return messages_; }
  /// Bytes behind the last whole message, its length field included; after kTruncated.
  [[nodiscard]] usize trailing_bytes() const noexcept { return trailing_bytes_; }
  /// The file ended with the mark of the end of the session.
  [[nodiscard]] bool end_marked() const noexcept { return end_marked_; }
  /// Offset behind the last whole message, after decompression.
  [[nodiscard]] u64 position() const noexcept { return source_.position(); }

 private:
  explicit BinaryFileReader(ByteSource source) : source_(std::move(source)) {}
  FileRead finish(usize trailing_bytes);

  ByteSource source_;
  u64 messages_ = 0;
  usize record_bytes_ = 0;  // of the message last returned, consumed by the next call
  usize trailing_bytes_ = 0;
  bool end_marked_ = false;
};

}  // namespace tradsys::wire
