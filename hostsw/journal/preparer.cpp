#include "hostsw/journal/preparer.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "hostsw/core/contract.hpp"

namespace tradsys::journal {
namespace {

int direct_flag(const IoMode& mode) noexcept { return mode.direct ? O_DIRECT : 0; }

}  // namespace

Result<OpenSegment> open_segment(const FileOps& ops, const std::filesystem::path& dir, u32 index,
                                 const IoMode& mode) {
  const std::filesystem::path path = dir / segment_name(index);
  const Result<SegmentReader> header = SegmentReader::open(path, index);
  if (!header) return header.error();
  Result<File> file = open_file(ops, path, O_WRONLY | O_DSYNC | direct_flag(mode));
  if (!file) return file.error();
  return OpenSegment{std::move(file).value(), index, header.value().segment_bytes()};
}

Status zero_segment_from(OpenSegment& segment, u64 offset) {
  TRADSYS_ASSERT(offset % kBlockBytes == 0);
  const BlockBuffer zeros(SegmentPreparer::kStepBytes);
  while (offset < segment.segment_bytes) {
    const usize bytes =
        static_cast<usize>(std::min<u64>(zeros.size(), segment.segment_bytes - offset));
    if (Status written = segment.file.write_at(offset, Bytes(zeros.data(), bytes)); !written)
      return written;
    offset += bytes;
  }
  return segment.file.sync();
}

SegmentPreparer::SegmentPreparer(const FileOps& ops, std::filesystem::path dir, u64 segment_bytes,
                                 IoMode mode)
    : ops_(&ops),
      dir_(std::move(dir)),
      segment_bytes_(segment_bytes),
      mode_(std::move(mode)),
      zeros_(kStepBytes) {}

void SegmentPreparer::start(u32 index) {
  TRADSYS_ASSERT(!ready_);
  index_ = index;
  under_way_ = true;
  zeroed_bytes_ = 0;
  file_ = File{};
  temporary_ = dir_ / (segment_name(index) + ".tmp");
}

Status SegmentPreparer::create() {
  Result<File> file =
      open_file(*ops_, temporary_, O_WRONLY | O_CREAT | O_TRUNC | direct_flag(mode_));
  if (!file) return file.error();
  file_ = std::move(file).value();
  if (Status reserved = file_.reserve(segment_bytes_); !reserved) return reserved;
  BlockBuffer block(kBlockBytes);
  write_segment_header(block, index_, segment_bytes_);
  if (Status written = file_.write_at(0, Bytes(block.data(), block.size())); !written)
    return written;
  zeroed_bytes_ = kBlockBytes;
  return Done{};
}

Status SegmentPreparer::publish() {
  if (Status synced = file_.sync(); !synced) return synced;
  file_ = File{};
  const std::filesystem::path path = dir_ / segment_name(index_);
  if (ops_->rename(temporary_.c_str(), path.c_str()) != 0 ||
      ops_->fsync_directory(dir_.c_str()) != 0)
    return Error{path.string(), "cannot name the prepared segment: " + errno_text(errno),
                 "check the disk"};
  Result<OpenSegment> opened = open_segment(*ops_, dir_, index_, mode_);
  if (!opened) return opened.error();
  ready_ = std::move(opened).value();
  under_way_ = false;
  return Done{};
}

Status SegmentPreparer::step() {
  TRADSYS_ASSERT(under_way_);
  Status done = Done{};
  if (!file_.is_open()) {
    done = create();
  } else if (zeroed_bytes_ < segment_bytes_) {
    const usize bytes =
        static_cast<usize>(std::min<u64>(zeros_.size(), segment_bytes_ - zeroed_bytes_));
    done = file_.write_at(zeroed_bytes_, Bytes(zeros_.data(), bytes));
    zeroed_bytes_ += bytes;
  } else {
    done = publish();
  }
  if (!done) {
    under_way_ = false;
    file_ = File{};
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
  }
  return done;
}

Status SegmentPreparer::finish() {
  while (under_way_)
    if (Status done = step(); !done) return done;
  return Done{};
}

OpenSegment SegmentPreparer::take() {
  TRADSYS_ASSERT(ready_);
  OpenSegment segment = std::move(*ready_);
  ready_.reset();
  return segment;
}

}  // namespace tradsys::journal
