#pragma once
// What every command is given, and the two channels it answers on: data on stdout, words on stderr.
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "control/cli/outcome.hpp"
#include "control/cli/output/paint.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/ipc/runtime_paths.hpp"
#include "hostsw/ipc/status_region.hpp"

namespace tradsys::cli {

/// Flags that stand before or behind any command.
struct Globals {
  std::string instance{ipc::kDefaultInstance};
  std::string runtime_dir;  ///< empty: the rule of hostsw/ipc/runtime_paths.hpp
  bool json = false;
  bool no_color = false;
  bool quiet = false;

  /// Files of the instance. Error for a name that is not one.
  [[nodiscard]] Result<ipc::InstancePaths> paths() const {
    return ipc::instance_paths(instance, runtime_dir);
  }
  /// Colours when stdout is a terminal that knows them and nobody said no.
  [[nodiscard]] Paint paint() const;
};

/// Data, exactly as given, to stdout.
void print(std::string_view text);
/// A remark to stderr, unless -q.
void note(const Globals& globals, std::string_view text);
/// Says on stderr why the command ends and hands back the code.
[[nodiscard]] ExitCode fail(ExitCode code, const Error& error);
[[nodiscard]] inline ExitCode fail(const Failure& failure) {
  return fail(failure.code, failure.error);
}
/// Everything printed has reached stdout; false when it could not (a full disk, a closed pipe).
[[nodiscard]] bool flush_output();

/// Opens the status region of the instance. kUsage, kPermission or kUnreachable otherwise; a
/// missing instance is named together with those that are there.
[[nodiscard]] Outcome<ipc::StatusReader> open_status(const Globals& globals);

/// Index of the instrument with this symbol; kNotFound for one that is not there.
[[nodiscard]] Outcome<u32> find_instrument(const Globals& globals, const ipc::StatusReader& reader,
                                           const std::string& symbol);

/// Why a file of an instance cannot be used: kUnreachable when it is not there, kPermission when it
/// may not be accessed as `mode` (R_OK, W_OK) says. Nothing when it can.
[[nodiscard]] std::optional<Failure> refuse_instance_file(const Globals& globals,
                                                          const std::filesystem::path& file,
                                                          int mode);
/// Why a file or folder the operator named cannot be read: kNotFound or kPermission. Nothing when
/// it can.
[[nodiscard]] std::optional<Failure> refuse_unreadable(const std::string& path, bool is_folder);

}  // namespace tradsys::cli
