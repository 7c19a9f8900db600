#include "drivers/nic/frame_capture.hpp"

#include <cerrno>
#include <ctime>

namespace tradsys::nic {
namespace {

// Both headers are in the host's byte order; the magic tells a reader which one that is.
struct FileHeader {
  u32 magic = 0xA1B2'3C4D;
  u16 version_major = 2;
  u16 version_minor = 4;
  i32 zone_seconds = 0;
  u32 accuracy = 0;
  u32 frame_bytes_max = 65'535;
  u32 link_type = 1;
};
struct FrameHeader {
  u32 seconds;
  u32 nanoseconds;
  u32 captured_bytes;
  u32 frame_bytes;
};
static_assert(WireRecord<FileHeader> && sizeof(FileHeader) == 24 && sizeof(FrameHeader) == 16);

}  // namespace

Result<FrameCapture> FrameCapture::make(const std::filesystem::path& path) {
  FrameCapture capture(std::fopen(path.c_str(), "wbe"));
  const FileHeader header;
  if (!capture.file_ || std::fwrite(&header, sizeof header, 1, capture.file_.get()) != 1) {
    return Error{"capture " + path.string(), std::string("cannot write: ") + std::strerror(errno),
                 "the folder must exist and be writable"};
  }
  capture.flush();
  return capture;
}

void FrameCapture::write(Bytes frame) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const FrameHeader header{static_cast<u32>(now.tv_sec), static_cast<u32>(now.tv_nsec),
                           static_cast<u32>(frame.size()), static_cast<u32>(frame.size())};
  if (lost_count_ != 0 || std::fwrite(&header, sizeof header, 1, file_.get()) != 1 ||
      std::fwrite(frame.data(), 1, frame.size(), file_.get()) != frame.size()) {
    ++lost_count_;
  }
}

void FrameCapture::flush() noexcept { std::fflush(file_.get()); }

}  // namespace tradsys::nic
