#include "drivers/nic/shm/shm_segment.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

namespace tradsys::nic {
namespace {

static_assert(sizeof(ShmSegmentHeader) <= ShmSegment::kHeaderBytes);

// Bytes of the file that are locked: one per side, and one while somebody attaches.
constexpr u32 kAttachLock = 2;
constexpr u32 kAttachTriesMax = 2'000;

// Locks of an open file description: they belong to this attachment, not to the process, and the
// kernel drops them when the last descriptor closes, whatever ended the process.
flock lock_of(short type, u32 byte) {
  flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

bool try_lock(int file, u32 byte) {
  flock lock = lock_of(F_WRLCK, byte);
  return fcntl(file, F_OFD_SETLK, &lock) == 0;
}

void unlock(int file, u32 byte) {
  flock lock = lock_of(F_UNLCK, byte);
  fcntl(file, F_OFD_SETLK, &lock);
}

Error segment_error(const std::filesystem::path& path, std::string what, std::string remedy) {
  return Error{"segment " + path.string(), std::move(what), std::move(remedy)};
}

Error system_error(const std::filesystem::path& path, const char* action) {
  return segment_error(path, std::string(action) + ": " + std::strerror(errno),
                       "the folder must exist, be writable and have room");
}

usize bytes_of(u32 slot_count) {
  return ShmSegment::kHeaderBytes + usize{2} * slot_count * kShmSlotBytes;
}

// What stands at the start of the file.
struct Fields {
  u64 magic = 0;
  u32 version = 0;
  u32 slot_count = 0;
  u32 slot_bytes = 0;
  u32 reserved = 0;
};

}  // namespace

Result<ShmSegment> ShmSegment::open(const std::filesystem::path& path, u32 side, u32 slot_count) {
  ShmSegment segment;
  segment.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (segment.file_ < 0) return system_error(path, "cannot open");
  for (u32 tries = 0; !try_lock(segment.file_, kAttachLock); ++tries) {
    if (tries == kAttachTriesMax) {
      return segment_error(path, "another process has been attaching for two seconds",
                           "is it stopped? end it");
    }
    usleep(1'000);
  }
  if (Status status = segment.lock_side(side, path); !status) return status.error();
  if (Status status = segment.prepare_file(side, slot_count, path); !status) return status.error();
  if (Status status = segment.map(path); !status) return status.error();
  ShmSegmentHeader& header = *segment.header_;
  header.version = kVersion;
  header.slot_count = slot_count;
  header.slot_bytes = kShmSlotBytes;
  header.magic.store(kMagic, std::memory_order_release);
  header.attach_count[side].fetch_add(1, std::memory_order_relaxed);
  unlock(segment.file_, kAttachLock);
  return segment;
}

Status ShmSegment::lock_side(u32 side, const std::filesystem::path& path) {
  if (try_lock(file_, side)) return Done{};
  return segment_error(path, "this side is held by a living process",
                       "stop it, or use another segment file");
}

// Leaves the file with the right size and either a valid or an all-zero header.
Status ShmSegment::prepare_file(u32 side, u32 slot_count, const std::filesystem::path& path) {
  bytes_ = bytes_of(slot_count);
  struct stat info {};
  Fields fields;
  if (fstat(file_, &info) != 0 || pread(file_, &fields, sizeof fields, 0) < 0) {
    return system_error(path, "cannot read");
  }
  const bool ours = fields.magic == kMagic;
  if (ours && fields.version == kVersion && fields.slot_count == slot_count &&
      fields.slot_bytes == kShmSlotBytes && static_cast<usize>(info.st_size) == bytes_) {
    return Done{};
  }
  if (!ours && (fields.magic != 0 || fields.version != 0 || fields.slot_count != 0)) {
    return segment_error(path, "is not a frame segment", "name another file");
  }
  if (held(1 - side)) {
    return segment_error(path,
                         "the other side uses version " + std::to_string(fields.version) +
                             " with " + std::to_string(fields.slot_count) + " slots",
                         "use the same on both sides");
  }
  if (ftruncate(file_, 0) != 0) return system_error(path, "cannot empty");
  if (const int code = posix_fallocate(file_, 0, static_cast<off_t>(bytes_)); code != 0) {
    errno = code;
    return system_error(path, "cannot reserve memory");
  }
  return Done{};
}

Status ShmSegment::map(const std::filesystem::path& path) {
  void* start = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file_, 0);
  if (start == MAP_FAILED) return system_error(path, "cannot map");
  header_ = static_cast<ShmSegmentHeader*>(start);
  return Done{};
}

std::byte* ShmSegment::slots(u32 sender) const noexcept {
  const usize ring_bytes = (bytes_ - kHeaderBytes) / 2;
  return reinterpret_cast<std::byte*>(header_) + kHeaderBytes + sender * ring_bytes;
}

bool ShmSegment::held(u32 side) const noexcept {
  flock lock = lock_of(F_WRLCK, side);
  return fcntl(file_, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

ShmSegment::ShmSegment(ShmSegment&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      bytes_(std::exchange(other.bytes_, 0)),
      header_(std::exchange(other.header_, nullptr)) {}

ShmSegment& ShmSegment::operator=(ShmSegment&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(bytes_, other.bytes_);
  std::swap(header_, other.header_);
  return *this;
}

ShmSegment::~ShmSegment() {
  if (header_ != nullptr) munmap(header_, bytes_);
  if (file_ >= 0) close(file_);
}

}  // namespace tradsys::nic
