#include "drivers/nic/frame_capture.hpp"

#include <ctime>

namespace tradsys::nic {

Result<FrameCapture> FrameCapture::make(const std::filesystem::path& path) {
  auto writer = wire::PcapWriter::create(path);
  if (!writer) return writer.error();
  return FrameCapture(std::move(writer).value());
}

void FrameCapture::write(Bytes frame) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const Nanos time{static_cast<i64>(now.tv_sec) * kSecond.v + now.tv_nsec};
  if (lost_count_ != 0 || !writer_.write(time, frame)) ++lost_count_;
}

void FrameCapture::flush() noexcept { writer_.flush(); }

}  // namespace tradsys::nic
