#pragma once
// One thing a dataplane in production needs from its host, and whether it is so.
#include <string>
#include <string_view>
#include <vector>

#include "control/cli/doctor/host.hpp"

namespace tradsys::cli {

/// How bad it is when a check fails.
enum class Severity : u8 {
  kWarning,  ///< it runs, slower or with jitter
  kFatal,  ///< it does not run, or its results cannot be relied on
};

enum class CheckResult : u8 {
  kPass,
  kFail,
  kUnknown,  ///< the host does not say: counts as a warning
  kSkip,  ///< not asked for: counts as nothing
};

struct Check {
  std::string name;  ///< "memory.hugepages"
  std::string required;
  std::string current;
  Severity severity = Severity::kWarning;
  CheckResult result = CheckResult::kUnknown;
  std::string fix;  ///< what to do about it
};

[[nodiscard]] std::string_view name_of(Severity severity) noexcept;
[[nodiscard]] std::string_view name_of(CheckResult result) noexcept;

/// Finishes a check: `pass` decides, and nothing to see means unknown.
[[nodiscard]] Check judged(Check check, const std::optional<std::string>& seen, bool pass);

[[nodiscard]] std::vector<Check> check_cpu(const Host& host);
[[nodiscard]] std::vector<Check> check_memory(const Host& host);
[[nodiscard]] std::vector<Check> check_kernel(const Host& host);
/// Looks at the folder itself by writing a block into a file without a name; empty: skipped.
[[nodiscard]] std::vector<Check> check_storage(const std::string& journal_folder);

}  // namespace tradsys::cli
