#pragma once
// The system calls the journal writes with, as a table, so that tests can make a disk fail, cut a
// write short or lose power at any point; and the file handle that uses them.
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::journal {

/// Every call that changes what is on disk. Same meaning and errno as the system call of that name.
struct FileOps {
  int (*open)(const char* path, int flags, unsigned mode);
  ssize_t (*pwrite)(int fd, const void* data, size_t bytes, off_t offset);
  int (*fallocate)(int fd, off_t offset, off_t bytes);
  int (*fdatasync)(int fd);
  int (*rename)(const char* from, const char* to);
  int (*fsync_directory)(const char* path);
};

/// The real ones.
[[nodiscard]] const FileOps& system_file_ops() noexcept;

/// What the file system grants: O_DIRECT keeps the page cache out of the way, O_DSYNC makes a write
/// durable when it returns.
struct IoMode {
  bool direct = true;
  std::string name;  ///< for the operator, e.g. "O_DIRECT|O_DSYNC"
};

/// One open file; closes itself.
class File {
 public:
  File() = default;
  File(const FileOps& ops, int fd, std::string path)
      : ops_(&ops), fd_(fd), path_(std::move(path)) {}
  File(File&& other) noexcept { swap(other); }
  File& operator=(File&& other) noexcept {
    File(std::move(other)).swap(*this);
    return *this;
  }
  ~File();

  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Writes all bytes in one call. A short write is an Error like any other and never continued:
  /// after it, nobody knows what is on the disk.
  [[nodiscard]] Status write_at(u64 offset, Bytes bytes);
  /// Reserves space up to `bytes`; a file system without fallocate is no Error.
  [[nodiscard]] Status reserve(u64 bytes);
  /// Makes everything written so far durable.
  [[nodiscard]] Status sync();

 private:
  void swap(File& other) noexcept {
    std::swap(ops_, other.ops_);
    std::swap(fd_, other.fd_);
    std::swap(path_, other.path_);
  }
  [[nodiscard]] Error failed(const std::string& what) const;

  const FileOps* ops_ = nullptr;
  int fd_ = -1;
  std::string path_;
};

/// Opens with O_CLOEXEC and mode 0600; Error names the path.
[[nodiscard]] Result<File> open_file(const FileOps& ops, const std::filesystem::path& path,
                                     int flags);

/// Text of an errno value.
[[nodiscard]] std::string errno_text(int error);

}  // namespace tradsys::journal
