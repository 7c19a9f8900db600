#include "hostsw/ipc/shared_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>

#include "hostsw/core/contract.hpp"

namespace tradsys::ipc {
namespace {

constexpr u32 kOwnerByte = 0;

struct flock byte_lock(short type, u32 index) noexcept {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = index;
  lock.l_len = 1;
  return lock;
}

Error failed(const std::string& path, const char* what, const char* remedy = "") {
  char text[128]{};
  return {path, std::string(what) + ": " + ::strerror_r(errno, text, sizeof text), remedy};
}

/// Whether a living process owns the file at `path`.
bool is_owned(const std::filesystem::path& path) noexcept {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct flock lock = byte_lock(F_RDLCK, kOwnerByte);
  const bool owned = ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(fd);
  return owned;
}

std::string version_text(u32 version, u64 hash) {
  char text[64];
  std::snprintf(text, sizeof text, "version %u (layout %016llx)", version,
                static_cast<unsigned long long>(hash));
  return text;
}

Status check(const SharedFile& file, const Layout& layout) {
  const SharedHeader& header = file.header();
  if (header.magic != layout.magic)
    return Error{file.path(), std::string("not a ") + layout.what,
                 "name the file the dataplane created"};
  if (header.version != layout.version || header.layout_hash != layout.hash)
    return Error{file.path(),
                 std::string("the ") + layout.what + " is " +
                     version_text(header.version, header.layout_hash) + ", this program knows " +
                     version_text(layout.version, layout.hash),
                 "use programs of one release"};
  if (header.file_bytes != file.size())
    return Error{file.path(),
                 std::string("the ") + layout.what + " has " + std::to_string(file.size()) +
                     " bytes, " + std::to_string(header.file_bytes) + " are stated: it was cut",
                 "restart the process that owns it"};
  return Done{};
}

}  // namespace

const char* describe(Liveness liveness) noexcept {
  switch (liveness) {
    case Liveness::kAlive:
      return "alive";
    case Liveness::kStalled:
      return "stalled";
    case Liveness::kDead:
      return "dead";
  }
  return "unknown";
}

Nanos monotonic_now() noexcept {
  struct timespec now {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return {now.tv_sec * kSecond.v + now.tv_nsec};
}

Result<SharedFile> SharedFile::create(const std::filesystem::path& path, const Layout& layout,
                                      usize bytes, u64 item_count) {
  if (is_owned(path))
    return Error{path.string(), std::string("another living process owns this ") + layout.what,
                 "stop it, or use another runtime directory or instance name"};
  SharedFile file;
  file.path_ = path.string();
  const std::string temporary = file.path_ + "." + std::to_string(::getpid()) + ".tmp";
  ::unlink(temporary.c_str());
  file.fd_ = ::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file.fd_ < 0)
    return failed(file.path_, "cannot create",
                  "check that the runtime directory is there and yours");
  file.temporary_ = temporary;
  file.bytes_ = bytes;
  struct flock owner = byte_lock(F_WRLCK, kOwnerByte);
  if (::fcntl(file.fd_, F_OFD_SETLK, &owner) != 0) return failed(file.path_, "cannot lock");
  errno = ::posix_fallocate(file.fd_, 0, static_cast<off_t>(bytes));
  if (errno != 0)
    return failed(file.path_, "cannot reserve its space", "free space in the runtime directory");
  if (Status mapped = file.map(true); !mapped) return mapped.error();
  new (file.data_) SharedHeader{.magic = layout.magic,
                                .version = layout.version,
                                .owner_pid = static_cast<u32>(::getpid()),
                                .layout_hash = layout.hash,
                                .file_bytes = bytes,
                                .item_count = item_count,
                                .heartbeat_ns = monotonic_now().v,
                                .beats = 0};
  return file;
}

Status SharedFile::publish() {
  TRADSYS_ASSERT(!temporary_.empty());
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return failed(path_, "cannot name it");
  temporary_.clear();
  return Done{};
}

Result<SharedFile> SharedFile::open(const std::filesystem::path& path, const Layout& layout,
                                    Access access) {
  const bool writable = access == Access::kReadWrite;
  SharedFile file;
  file.path_ = path.string();
  file.fd_ = ::open(path.c_str(), (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (file.fd_ < 0)
    return failed(file.path_, "cannot open", "start the dataplane, or name its runtime directory");
  struct stat status {};
  if (::fstat(file.fd_, &status) != 0) return failed(file.path_, "cannot read its size");
  file.bytes_ = static_cast<usize>(status.st_size);
  if (file.bytes_ < sizeof(SharedHeader))
    return Error{file.path_, std::string("too short to be a ") + layout.what,
                 "name the file the dataplane created"};
  if (Status mapped = file.map(writable); !mapped) return mapped.error();
  if (Status good = check(file, layout); !good) return good.error();
  return file;
}

Status SharedFile::map(bool writable) {
  const int protection = PROT_READ | (writable ? PROT_WRITE : 0);
  void* const memory = ::mmap(nullptr, bytes_, protection, MAP_SHARED, fd_, 0);
  if (memory == MAP_FAILED) return failed(path_, "cannot map");
  data_ = static_cast<std::byte*>(memory);
  return Done{};
}

SharedFile::~SharedFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  if (data_ != nullptr) ::munmap(data_, bytes_);
  if (fd_ >= 0) ::close(fd_);
}

void SharedFile::swap(SharedFile& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(temporary_, other.temporary_);
  std::swap(fd_, other.fd_);
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
}

void SharedFile::heartbeat(Nanos now) noexcept {
  SharedHeader& header = *std::launder(reinterpret_cast<SharedHeader*>(data_));
  header.heartbeat_ns.store(now.v, std::memory_order_relaxed);
  header.beats.store(header.beats.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

Liveness SharedFile::liveness(Nanos now, Nanos heartbeat_limit) const noexcept {
  struct flock lock = byte_lock(F_RDLCK, kOwnerByte);
  if (::fcntl(fd_, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return Liveness::kDead;
  const Nanos beat{header().heartbeat_ns.load(std::memory_order_relaxed)};
  return now - beat > heartbeat_limit ? Liveness::kStalled : Liveness::kAlive;
}

}  // namespace tradsys::ipc
