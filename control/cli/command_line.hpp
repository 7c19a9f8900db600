#pragma once
// The words behind `tradsys`: commands, flags, help.
#include <string>
#include <vector>

#include "control/cli/exit_code.hpp"

namespace tradsys::cli {

/// Parses the arguments (without the program's name), runs the command and returns its exit code.
/// Help goes to stdout with kOk, wrong arguments to stderr with kUsage.
[[nodiscard]] ExitCode run_command_line(const std::vector<std::string>& args);

/// A command that another program carries out: `tradsys sim ...` is `tradsys-sim ...`.
struct SiblingCall {
  enum class Kind { kNone, kCall, kFlagsInFront };
  Kind kind = Kind::kNone;
  std::string name;
  std::vector<std::string> args;
};
/// Whether `args` is such a call. Every argument behind the name belongs to that program, so flags
/// in front of it are an error: nobody could tell whose they are.
[[nodiscard]] SiblingCall find_sibling_call(const std::vector<std::string>& args);

}  // namespace tradsys::cli
