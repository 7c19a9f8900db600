#pragma once
// Runs the real `tradsys` as an operator's shell would and keeps what it said.
#include <sys/types.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tradsys::testing {

/// How a program ended.
struct Outcome {
  int code = -1;  ///< exit code; 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

/// How to run it beyond its arguments.
struct RunOptions {
  std::map<std::string, std::optional<std::string>> env{};  ///< nothing: the variable is removed
  std::string program{};  ///< empty: $TRADSYS_BIN/tradsys
  std::optional<uid_t> as_user{};  ///< only root can
  int signal_after_output = 0;  ///< sent once it has written its first bytes to stdout
  /// Runs it on a terminal of 40 rows and 120 columns (TERM=xterm) and types this once it has
  /// written something; Outcome::out then holds all it wrote.
  std::optional<std::string> typed{};
  /// On a terminal: told of all it wrote so far, each time it writes.
  std::function<void(const std::string&)> on_output{};
};

/// Runs it to its end, at most 60 s; stdin is empty. NO_COLOR and TRADSYS_RUNTIME_DIR are not
/// passed on.
[[nodiscard]] Outcome run_program(const std::vector<std::string>& args,
                                  const RunOptions& options = {});

/// $TRADSYS_BIN, where the executables under test are.
[[nodiscard]] std::string bin_folder();

/// A JSON text as seen by an independent, strict reader (python3): every leaf by its path
/// ("feeds.0.name"), empty arrays and objects as "[]" and "{}", text bare, others as in JSON.
/// Empty when the text is not one valid document, or names a key twice.
[[nodiscard]] std::map<std::string, std::string> parse_json(const std::string& text);

/// Keys of the outermost object in order, separated by spaces.
[[nodiscard]] std::string json_keys(const std::string& text);

}  // namespace tradsys::testing
