#pragma once
// Classic pcap capture files of Ethernet frames: read with microsecond or nanosecond stamps in
// either byte order, plain or gzip; written with nanosecond stamps.
#include <cstdio>

#include "hostsw/core/units.hpp"
#include "hostsw/wire/byte_source.hpp"

namespace tradsys::wire {

/// One captured frame; `data` may be shorter than the frame was on the wire.
struct PcapFrame {
  Nanos time;  ///< since 1970, or whatever clock the capture used
  u32 wire_bytes = 0;
  Bytes data;
};

class PcapReader {
 public:
  /// Frames longer than this are damage, not frames.
  static constexpr u32 kFrameBytesMax = 1U << 18;

  /// Refuses what is not a classic pcap file of Ethernet frames.
  static Result<PcapReader> open(const std::filesystem::path& path);
  /// Reads memory, which outlives the reader; `name` stands in errors.
  static Result<PcapReader> of(Bytes memory, const std::string& name = "memory");

  /// The next frame, its data valid until the next call. Anything but kRecord is final.
  [[nodiscard]] FileRead next(PcapFrame& frame);

  [[nodiscard]] bool nanosecond() const noexcept { return nanosecond_; }
  /// Frames returned so far.
  [[nodiscard]] u64 frames() const noexcept { return frames_; }

 private:
  explicit PcapReader(ByteSource source) : source_(std::move(source)) {}
  static Result<PcapReader> start(ByteSource source, const std::string& name);
  [[nodiscard]] u32 word(const std::byte* p) const noexcept;

  ByteSource source_;
  u64 frames_ = 0;
  usize record_bytes_ = 0;  // of the frame last returned, consumed by the next call
  bool big_endian_ = false;
  bool nanosecond_ = false;
};

class PcapWriter {
 public:
  /// Creates or replaces the file.
  static Result<PcapWriter> create(const std::filesystem::path& path);

  /// Appends a frame; false when the disk refused it, which `close` reports again.
  bool write(Nanos time, Bytes frame);
  /// Makes everything written so far visible to readers.
  bool flush();
  /// Ends the file; an Error when any byte did not reach it. Destruction closes without a word.
  Status close();

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  PcapWriter(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}

  std::unique_ptr<std::FILE, CloseFile> file_;
  std::string name_;
  bool failed_ = false;
};

}  // namespace tradsys::wire
