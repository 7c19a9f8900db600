#include "hostsw/journal/segment.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "hostsw/core/contract.hpp"
#include "hostsw/journal/crc32c.hpp"

namespace tradsys::journal {
namespace {

constexpr std::string_view kPrefix = "journal-";
constexpr std::string_view kSuffix = ".tsj";
constexpr usize kWindowBytes = 2 * kBatchBytesMax;

u32 header_crc(SegmentHeader header) noexcept {
  header.crc32c = 0;
  return crc32c(std::as_bytes(std::span(&header, 1)));
}

usize window_bytes(u64 file_bytes) noexcept {
  return block_span(static_cast<usize>(std::clamp<u64>(file_bytes, kBlockBytes, kWindowBytes)));
}

bool is_segment_name(const std::string& name) {
  return name.size() == kPrefix.size() + 8 + kSuffix.size() && name.starts_with(kPrefix) &&
         name.ends_with(kSuffix) &&
         std::all_of(name.begin() + kPrefix.size(), name.end() - kSuffix.size(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string segment_name(u64 index) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%08llu", static_cast<unsigned long long>(index));
  return std::string(kPrefix) + digits + std::string(kSuffix);
}

void write_segment_header(BlockBuffer& block, u64 index, u64 segment_bytes) noexcept {
  SegmentHeader header{.magic = kSegmentMagic,
                       .version = kSegmentVersion,
                       .crc32c = 0,
                       .segment_index = index,
                       .segment_bytes = segment_bytes};
  header.crc32c = header_crc(header);
  std::memset(block.data(), 0, kBlockBytes);
  std::memcpy(block.data(), &header, sizeof header);
}

Result<std::vector<std::filesystem::path>> list_segments(const std::filesystem::path& dir) {
  std::error_code error;
  std::filesystem::directory_iterator entries(dir, error);
  if (error)
    return Error{dir.string(), "cannot read the journal's directory: " + error.message(), ""};
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : entries)
    if (is_segment_name(entry.path().filename().string())) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (usize i = 0; i < paths.size(); ++i) {
    if (paths[i].filename() == segment_name(i)) continue;
    return Error{(dir / segment_name(i)).string(), "the segment is missing, later ones are there",
                 "restore the file from a copy; the journal is not whole without it"};
  }
  return paths;
}

SegmentReader::SegmentReader(File file, u64 file_bytes)
    : file_(std::move(file)), file_bytes_(file_bytes), window_(window_bytes(file_bytes)) {}

Result<SegmentReader> SegmentReader::open(const std::filesystem::path& path, u64 index) {
  Result<File> file = open_file(system_file_ops(), path, O_RDONLY);
  if (!file) return file.error();
  struct stat status {};
  if (::fstat(file.value().fd(), &status) != 0)
    return Error{path.string(), "cannot read its size: " + errno_text(errno), ""};
  SegmentReader reader(std::move(file).value(), static_cast<u64>(status.st_size));
  Result<Bytes> block = reader.view(0, kBlockBytes);
  if (!block) return block.error();
  SegmentHeader header{};
  const bool whole = block.value().size() == kBlockBytes && load_record(block.value(), header) &&
                     header.magic == kSegmentMagic && header.crc32c == header_crc(header) &&
                     all_zero(block.value().subspan(sizeof header));
  if (!whole)
    return Error{path.string() + ": offset 0", "the segment header is damaged",
                 "restore the file from a copy; nothing behind it can be trusted"};
  if (header.version != kSegmentVersion)
    return Error{path.string(),
                 "the format is version " + std::to_string(header.version) +
                     ", this program reads version " + std::to_string(kSegmentVersion),
                 "use the release that wrote it"};
  if (header.segment_index != index || header.segment_bytes < 2 * kBlockBytes ||
      header.segment_bytes > kSegmentBytesMax || header.segment_bytes % kBlockBytes != 0)
    return Error{path.string() + ": offset 0",
                 "the header says segment " + std::to_string(header.segment_index) + " of " +
                     std::to_string(header.segment_bytes) + " bytes",
                 "restore the file that belongs here"};
  reader.segment_bytes_ = header.segment_bytes;
  return reader;
}

Result<Bytes> SegmentReader::view(u64 offset, usize wanted) {
  TRADSYS_ASSERT(wanted <= kBatchBytesMax);
  if (offset >= file_bytes_) return Bytes{};
  wanted = static_cast<usize>(std::min<u64>(wanted, file_bytes_ - offset));
  const bool held = offset >= window_offset_ && offset + wanted <= window_offset_ + window_bytes_;
  if (!held) {
    window_offset_ = offset;
    window_bytes_ = 0;
    const usize fill = static_cast<usize>(std::min<u64>(window_.size(), file_bytes_ - offset));
    while (window_bytes_ < fill) {
      const ssize_t got = ::pread(file_.fd(), window_.data() + window_bytes_, fill - window_bytes_,
                                  static_cast<off_t>(offset + window_bytes_));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        return Error{path() + ": offset " + std::to_string(offset + window_bytes_),
                     "cannot read: " + errno_text(errno), "check the disk"};
      if (got == 0) break;
      window_bytes_ += static_cast<usize>(got);
    }
    wanted = std::min(wanted, window_bytes_);
  }
  return Bytes(window_.data() + (offset - window_offset_), wanted);
}

Result<u64> SegmentReader::find_nonzero(u64 offset) {
  while (offset < file_bytes_) {
    const Result<Bytes> chunk = view(offset, kBatchBytesMax);
    if (!chunk) return chunk.error();
    if (chunk.value().empty()) break;
    if (!all_zero(chunk.value())) {
      const auto hit = std::find_if(chunk.value().begin(), chunk.value().end(),
                                    [](std::byte b) { return b != std::byte{0}; });
      return offset + static_cast<u64>(hit - chunk.value().begin());
    }
    offset += chunk.value().size();
  }
  return file_bytes_;
}

Result<u64> SegmentReader::find_batch(u64 offset, u64 seq) {
  for (; offset < file_bytes_; offset += kBlockBytes) {
    const Result<Bytes> block = view(offset, kBlockBytes);
    if (!block) return block.error();
    BatchHeader header{};
    if (check_header(block.value(), header) == BatchCheck::kGood && header.first_seq >= seq)
      return offset;
  }
  return file_bytes_;
}

}  // namespace tradsys::journal
