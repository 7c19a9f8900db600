#include <algorithm>
#include <iterator>

#include "control/cli/commands/commands.hpp"
#include "control/cli/doctor/check.hpp"
#include "control/cli/output/json_writer.hpp"
#include "control/cli/output/text_table.hpp"

namespace tradsys::cli {
namespace {

std::vector<Check> all_checks(const DoctorOptions& options) {
  const Host host(options.root);
  std::vector<Check> all;
  for (std::vector<Check> group : {check_cpu(host), check_memory(host), check_kernel(host),
                                   check_storage(options.journal_folder)})
    std::move(group.begin(), group.end(), std::back_inserter(all));
  return all;
}

/// The gravest of all checks decides.
ExitCode code_for(const std::vector<Check>& checks) {
  ExitCode code = ExitCode::kOk;
  for (const Check& check : checks) {
    if (check.result == CheckResult::kPass || check.result == CheckResult::kSkip) continue;
    if (check.result == CheckResult::kFail && check.severity == Severity::kFatal)
      return ExitCode::kDoctorFatal;
    code = ExitCode::kDoctorWarnings;
  }
  return code;
}

std::string_view word_for(ExitCode code) noexcept {
  return code == ExitCode::kOk ? "pass" : code == ExitCode::kDoctorFatal ? "fatal" : "warning";
}

std::string checks_text(const std::vector<Check>& checks, const Paint& paint) {
  TextTable table({"CHECK", "REQUIRED", "CURRENT", "SEVERITY", "RESULT", "FIX"});
  for (const Check& c : checks) {
    const bool good = c.result == CheckResult::kPass || c.result == CheckResult::kSkip;
    const bool bad = c.result == CheckResult::kFail && c.severity == Severity::kFatal;
    table.row({c.name, c.required, c.current, std::string(name_of(c.severity)),
               Cell(std::string(name_of(c.result)), bad    ? Tone::kBad
                                                    : good ? Tone::kGood
                                                           : Tone::kWarning),
               c.result == CheckResult::kPass ? "" : c.fix});
  }
  return table.text(paint);
}

std::string checks_json(const std::vector<Check>& checks, ExitCode code) {
  JsonWriter json;
  json.begin_object()
      .field("schema", "tradsys/v1/doctor")
      .field("result", word_for(code))
      .array("checks");
  for (const Check& c : checks)
    json.begin_object()
        .field("check", c.name)
        .field("required", c.required)
        .field("current", c.current)
        .field("severity", name_of(c.severity))
        .field("result", name_of(c.result))
        .field("fix", c.fix)
        .end();
  return json.end().end().take();
}

}  // namespace

ExitCode run_doctor(const Globals& globals, const DoctorOptions& options) {
  for (const std::string& folder : {options.root, options.journal_folder}) {
    if (folder.empty()) continue;
    if (const auto refused = refuse_unreadable(folder, /*is_folder=*/true)) return fail(*refused);
  }
  const std::vector<Check> checks = all_checks(options);
  const ExitCode code = code_for(checks);
  print(globals.json ? checks_json(checks, code) : checks_text(checks, globals.paint()));
  if (code != ExitCode::kOk)
    note(globals, "these are the needs of a dataplane in production; a simulation needs far less");
  return code;
}

}  // namespace tradsys::cli
