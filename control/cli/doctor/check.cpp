#include "control/cli/doctor/check.hpp"

namespace tradsys::cli {

std::string_view name_of(Severity severity) noexcept {
  return severity == Severity::kFatal ? "fatal" : "warning";
}

std::string_view name_of(CheckResult result) noexcept {
  switch (result) {
    case CheckResult::kPass:
      return "pass";
    case CheckResult::kFail:
      return "fail";
    case CheckResult::kUnknown:
      return "unknown";
    case CheckResult::kSkip:
      return "skip";
  }
  return "?";
}

Check judged(Check check, const std::optional<std::string>& seen, bool pass) {
  check.current = !seen ? "not shown by this host" : seen->empty() ? "none" : *seen;
  check.result = !seen ? CheckResult::kUnknown : pass ? CheckResult::kPass : CheckResult::kFail;
  return check;
}

}  // namespace tradsys::cli
