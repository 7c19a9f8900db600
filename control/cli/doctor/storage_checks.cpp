#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "control/cli/doctor/check.hpp"
#include "control/cli/output/format.hpp"

namespace tradsys::cli {
namespace {

constexpr u64 kFreeBytesMin = u64{10} << 30;
constexpr usize kBlock = 4'096;

/// Writes one block past the page cache into a file that nobody sees; what went wrong, or "".
std::string try_direct_write(const std::string& folder) {
  std::string path = folder + "/.tradsys-doctor-XXXXXX";
  const int made = ::mkostemp(path.data(), O_CLOEXEC);
  if (made < 0) return std::string("cannot write there: ") + std::strerror(errno);
  const int fd = ::open(path.c_str(), O_WRONLY | O_DIRECT | O_DSYNC | O_CLOEXEC);
  std::string trouble = fd < 0 ? std::string("refused: ") + std::strerror(errno) : "";
  ::unlink(path.c_str());
  ::close(made);
  if (fd < 0) return trouble;
  const std::unique_ptr<void, decltype(&::free)> block(::aligned_alloc(kBlock, kBlock), &::free);
  std::memset(block.get(), 0, kBlock);
  if (::write(fd, block.get(), kBlock) != static_cast<ssize_t>(kBlock))
    trouble = std::string("write failed: ") + std::strerror(errno);
  ::close(fd);
  return trouble;
}

Check check_direct_io(const std::string& folder) {
  const std::string trouble = try_direct_write(folder);
  return judged({.name = "journal.direct_io",
                 .required = "O_DIRECT and O_DSYNC",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "put the journal on XFS or ext4 on a local disk"},
                trouble.empty() ? "accepted" : trouble, trouble.empty());
}

std::optional<std::string> filesystem_of(const std::string& folder) {
  struct statfs facts {};
  if (::statfs(folder.c_str(), &facts) != 0) return std::nullopt;
  constexpr long kXfs = 0x58465342;
  switch (facts.f_type) {
    case TMPFS_MAGIC:
      return "tmpfs";
    case RAMFS_MAGIC:
      return "ramfs";
    case NFS_SUPER_MAGIC:
      return "nfs";
    case OVERLAYFS_SUPER_MAGIC:
      return "overlay";
    case EXT4_SUPER_MAGIC:
      return "ext4";
    case BTRFS_SUPER_MAGIC:
      return "btrfs";
    case kXfs:
      return "xfs";
    default:
      return "type " + hex_text(static_cast<u64>(facts.f_type));
  }
}

Check check_filesystem(const std::string& folder) {
  const auto kind = filesystem_of(folder);
  const bool volatile_memory = kind == "tmpfs" || kind == "ramfs";
  return judged({.name = "journal.filesystem",
                 .required = "keeps data over a power loss",
                 .current = "",
                 .severity = Severity::kFatal,
                 .fix = "use a folder on a local disk"},
                kind, !volatile_memory);
}

Check check_space(const std::string& folder) {
  struct statvfs facts {};
  const bool seen = ::statvfs(folder.c_str(), &facts) == 0;
  const u64 bytes = seen ? u64{facts.f_bavail} * facts.f_frsize : 0;
  return judged({.name = "journal.space",
                 .required = bytes_text(kFreeBytesMin) + " free",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "free space, or use a larger disk"},
                seen ? std::optional(bytes_text(bytes) + " free") : std::nullopt,
                bytes >= kFreeBytesMin);
}

}  // namespace

std::vector<Check> check_storage(const std::string& folder) {
  if (!folder.empty())
    return {check_filesystem(folder), check_direct_io(folder), check_space(folder)};
  return {{.name = "journal",
           .required = "a durable file system",
           .current = "not looked at",
           .severity = Severity::kWarning,
           .result = CheckResult::kSkip,
           .fix = "name its folder with --journal-dir"}};
}

}  // namespace tradsys::cli
