#include "hostsw/wire/byte_source.hpp"

#include <zlib.h>

#include <cerrno>

namespace tradsys::wire {

void ByteSource::CloseGz::operator()(gzFile_s* file) const noexcept { gzclose_r(file); }

Result<ByteSource> ByteSource::open(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return Error{path.string(), "is a directory", "name a file"};
  errno = 0;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr)
    return Error{path.string(), std::strerror(errno), "check the path and its permissions"};
  gzbuffer(file, 1U << 17);
  ByteSource source;
  source.file_.reset(file);
  source.window_.resize(kWindowBytes);
  return source;
}

ByteSource ByteSource::of(Bytes memory) {
  ByteSource source;
  source.ready_ = memory;
  source.ended_ = true;
  return source;
}

Bytes ByteSource::peek(usize count) {
  TRADSYS_ASSERT(count <= kWindowBytes);
  if (ready_.size() < count && !ended_) fill(count);
  return ready_.first(ready_.size() < count ? ready_.size() : count);
}

void ByteSource::consume(usize count) {
  TRADSYS_ASSERT(count <= ready_.size());
  ready_ = ready_.subspan(count);
  position_ += count;
}

void ByteSource::fill(usize count) {
  usize used = ready_.size();
  if (used != 0) std::memmove(window_.data(), ready_.data(), used);
  while (used < count && !ended_) {
    const int got =
        gzread(file_.get(), window_.data() + used, static_cast<unsigned>(window_.size() - used));
    if (got > 0) used += static_cast<usize>(got);
    int error = Z_OK;
    gzerror(file_.get(), &error);
    failed_ = got < 0 || (error != Z_OK && error != Z_STREAM_END);
    ended_ = got <= 0 || failed_;
  }
  ready_ = Bytes(window_).first(used);
}

}  // namespace tradsys::wire
