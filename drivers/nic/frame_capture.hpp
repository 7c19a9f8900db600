#pragma once
// A copy of every frame into a capture file, for tests and tshark. It writes through stdio, so a
// port with a capture is not a fast port.
#include "hostsw/wire/pcap_file.hpp"

namespace tradsys::nic {

/// Used by the thread that polls the port.
class FrameCapture {
 public:
  /// Creates or empties the file.
  static Result<FrameCapture> make(const std::filesystem::path& path);

  /// Appends one frame with the time of the call. The first frame that cannot be written ends the
  /// capture; from then on frames are counted in lost_count().
  void write(Bytes frame) noexcept;
  /// Hands everything written so far to the kernel.
  void flush() noexcept;

  [[nodiscard]] u64 lost_count() const noexcept { return lost_count_; }

 private:
  explicit FrameCapture(wire::PcapWriter writer) : writer_(std::move(writer)) {}

  wire::PcapWriter writer_;
  u64 lost_count_ = 0;
};

}  // namespace tradsys::nic
