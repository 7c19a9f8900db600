#pragma once
// Where a running instance keeps the files its processes share: one rule for all programs.
//
//   <runtime dir>/<instance>/status     status region
//   <runtime dir>/<instance>/commands   command socket
//   <runtime dir>/<instance>/clients    socket of local clients
//
// The runtime directory is $TRADSYS_RUNTIME_DIR, else $XDG_RUNTIME_DIR/tradsys, else
// /tmp/tradsys-<user id>; a program's own flag stands above all three.
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::ipc {

/// Name of an instance unless one is given.
inline constexpr std::string_view kDefaultInstance = "sim";
/// Longest instance name: fits ProcessStatus::instance.
inline constexpr usize kInstanceNameBytesMax = 31;

/// The runtime directory by the environment, whether it exists or not. An empty variable is none.
[[nodiscard]] inline std::filesystem::path default_runtime_dir() {
  const auto variable = [](const char* name) -> std::string_view {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : value;
  };
  if (const auto own = variable("TRADSYS_RUNTIME_DIR"); !own.empty()) return own;
  if (const auto user = variable("XDG_RUNTIME_DIR"); !user.empty())
    return std::filesystem::path(user) / "tradsys";
  return "/tmp/tradsys-" + std::to_string(::getuid());
}

/// Letters, digits, '.', '_' and '-', not starting with '.': always one plain file name.
[[nodiscard]] inline bool is_instance_name(std::string_view name) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= kInstanceNameBytesMax && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), allowed);
}

/// The files of one instance.
struct InstancePaths {
  std::filesystem::path folder;
  [[nodiscard]] std::filesystem::path status() const { return folder / "status"; }
  [[nodiscard]] std::filesystem::path commands() const { return folder / "commands"; }
  [[nodiscard]] std::filesystem::path clients() const { return folder / "clients"; }
};

/// Paths of `instance` below `runtime_dir` (empty: the default). Touches no file. Error for a name
/// that could leave the directory.
[[nodiscard]] inline Result<InstancePaths> instance_paths(
    std::string_view instance, const std::filesystem::path& runtime_dir = {}) {
  if (!is_instance_name(instance))
    return Error{"instance '" + std::string(instance) + "'", "is not an instance name",
                 "use 1 to " + std::to_string(kInstanceNameBytesMax) +
                     " letters, digits, '.', '_' or '-', not starting with '.'"};
  return InstancePaths{(runtime_dir.empty() ? default_runtime_dir() : runtime_dir) / instance};
}

/// Number of a group of operators. Error when this host has none of that name.
[[nodiscard]] inline Result<gid_t> find_group(const std::string& name) {
  char text[16'384];
  struct group entry {};
  struct group* found = nullptr;
  if (::getgrnam_r(name.c_str(), &entry, text, sizeof text, &found) == 0 && found != nullptr)
    return found->gr_gid;
  return Error{"group '" + name + "'", "is not a group of this host",
               "make it with groupadd, or name another one"};
}

/// Gives a file its mode and, where one is named, its group.
[[nodiscard]] inline Status set_access(const std::filesystem::path& file, mode_t mode,
                                       std::optional<gid_t> group) {
  const bool given = !group || ::chown(file.c_str(), static_cast<uid_t>(-1), *group) == 0;
  if (given && ::chmod(file.c_str(), mode) == 0) return Done{};
  return Error{file.string(), "cannot set its group or mode: " + std::string(std::strerror(errno)),
               "run as a member of the group"};
}

/// Makes the folder of an instance, and the runtime directory above it, for this user and, to read,
/// the members of `group`; what is already there must be a directory of this user that nobody else
/// may write to (in /tmp another user could have put it there first). For the programs that own the
/// files, not for readers.
[[nodiscard]] inline Status make_instance_folder(const InstancePaths& paths,
                                                 std::optional<gid_t> group = {}) {
  for (const std::filesystem::path& folder : {paths.folder.parent_path(), paths.folder}) {
    std::error_code failure;
    if (folder.has_parent_path())
      std::filesystem::create_directories(folder.parent_path(), failure);
    if (!failure && ::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
      failure = std::error_code(errno, std::generic_category());
    if (failure)
      return Error{folder.string(), "cannot make this folder: " + failure.message(),
                   "name a runtime directory of your own"};
    struct stat status {};
    if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
        status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
      return Error{folder.string(), "is not a folder that you alone can write to",
                   "remove it, or name another runtime directory"};
    if (!group) continue;
    if (Status s = set_access(folder, 0750, group); !s) return s;
  }
  return Done{};
}

}  // namespace tradsys::ipc
