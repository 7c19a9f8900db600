#pragma once
// A copy of every frame into a pcap file (nanosecond magic, Ethernet), for tests and tshark. It
// writes through stdio, so a port with a capture is not a fast port.
#include <cstdio>
#include <filesystem>
#include <memory>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::nic {

/// Used by the thread that polls the port.
class FrameCapture {
 public:
  /// Creates or empties the file and writes its header.
  static Result<FrameCapture> make(const std::filesystem::path& path);

  /// Appends one frame with the time of the call. A frame that cannot be written is counted in
  /// lost_count() and ends the capture.
  void write(Bytes frame) noexcept;
  /// Hands everything written so far to the kernel.
  void flush() noexcept;

  [[nodiscard]] u64 lost_count() const noexcept { return lost_count_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  explicit FrameCapture(std::FILE* file) : file_(file) {}

  std::unique_ptr<std::FILE, Closer> file_;
  u64 lost_count_ = 0;
};

}  // namespace tradsys::nic
