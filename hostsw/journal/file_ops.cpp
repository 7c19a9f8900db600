#include "hostsw/journal/file_ops.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tradsys::journal {
namespace {

int system_open(const char* path, int flags, unsigned mode) { return ::open(path, flags, mode); }

int system_fallocate(int fd, off_t offset, off_t bytes) {
  return ::fallocate(fd, 0, offset, bytes);
}

int system_fsync_directory(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -1;
  const int synced = ::fsync(fd);
  const int error = errno;
  ::close(fd);
  errno = error;
  return synced;
}

constexpr FileOps kSystemFileOps{.open = system_open,
                                 .pwrite = ::pwrite,
                                 .fallocate = system_fallocate,
                                 .fdatasync = ::fdatasync,
                                 .rename = ::rename,
                                 .fsync_directory = system_fsync_directory};

}  // namespace

const FileOps& system_file_ops() noexcept { return kSystemFileOps; }

std::string errno_text(int error) {
  char text[128]{};
  return ::strerror_r(error, text, sizeof text);
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Error File::failed(const std::string& what) const {
  const int error = errno;
  return {path_, what + ": " + errno_text(error),
          error == ENOSPC || error == EDQUOT
              ? "free space on the journal's file system, then restart"
              : "check the disk and its log, then restart"};
}

Status File::write_at(u64 offset, Bytes bytes) {
  const ssize_t written = ops_->pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  if (written == static_cast<ssize_t>(bytes.size())) return Done{};
  const std::string what =
      "write of " + std::to_string(bytes.size()) + " bytes at offset " + std::to_string(offset);
  if (written < 0) return failed(what);
  return Error{path_, what + " stopped after " + std::to_string(written) + " bytes",
               "check the disk and its free space, then restart"};
}

Status File::reserve(u64 bytes) {
  if (ops_->fallocate(fd_, 0, static_cast<off_t>(bytes)) == 0 || errno == EOPNOTSUPP) return Done{};
  return failed("reserving " + std::to_string(bytes) + " bytes");
}

Status File::sync() {
  if (ops_->fdatasync(fd_) == 0) return Done{};
  return failed("making the file durable");
}

Result<File> open_file(const FileOps& ops, const std::filesystem::path& path, int flags) {
  const int fd = ops.open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd >= 0) return File(ops, fd, path.string());
  const int error = errno;
  return Error{path.string(), "cannot open: " + errno_text(error),
               "check that the path exists and is yours"};
}

}  // namespace tradsys::journal
