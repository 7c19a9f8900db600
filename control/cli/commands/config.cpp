#include "hostsw/config/dataplane_config.hpp"

#include <algorithm>

#include "control/cli/commands/commands.hpp"
#include "control/cli/output/json_writer.hpp"

namespace tradsys::cli {
namespace {

/// The problems an Error of hostsw/config tells, one per line; a head line that counts them is no
/// problem of its own.
std::vector<std::string> problems_of(const Error& error) {
  const std::string text = error.message();
  std::vector<std::string> lines;
  for (usize at = 0; at < text.size();) {
    const usize end = std::min(text.find('\n', at), text.size());
    const usize start = std::min(text.find_first_not_of(' ', at), end);
    lines.push_back(text.substr(start, end - start));
    at = end + 1;
  }
  if (lines.size() > 1) lines.erase(lines.begin());
  return lines;
}

std::string check_json(const std::string& file, const std::vector<std::string>& problems) {
  JsonWriter json;
  json.begin_object()
      .field("schema", "tradsys/v1/config-check")
      .field("file", file)
      .field("valid", problems.empty())
      .array("problems");
  for (const std::string& problem : problems) json.value(problem);
  return json.end().end().take();
}

std::string text_json(const char* schema, const char* kind, const std::string& text) {
  JsonWriter json;
  json.begin_object().field("schema", schema).field(kind, text);
  return json.end().take();
}

}  // namespace

ExitCode run_config_check(const Globals& globals, const std::string& file) {
  if (const auto refused = refuse_unreadable(file, /*is_folder=*/false)) return fail(*refused);
  const Result<config::DataplaneConfig> config =
      config::load_dataplane_config(file, config::SecretFiles::kChecked);
  if (globals.json)
    print(check_json(file, config ? std::vector<std::string>{} : problems_of(config.error())));
  if (!config) return fail(ExitCode::kConfigInvalid, config.error());
  if (!globals.json) print(file + ": valid, instance '" + config.value().instance + "'\n");
  return ExitCode::kOk;
}

ExitCode run_config_show(const Globals& globals, const std::string& file) {
  if (const auto refused = refuse_unreadable(file, /*is_folder=*/false)) return fail(*refused);
  const Result<config::DataplaneConfig> config = config::load_dataplane_config(file);
  if (!config) return fail(ExitCode::kConfigInvalid, config.error());
  const std::string text = config::print_dataplane_config(config.value());
  print(globals.json ? text_json("tradsys/v1/config-show", "toml", text) : text);
  return ExitCode::kOk;
}

ExitCode run_config_doc(const Globals& globals) {
  const std::string text = config::document_dataplane_config();
  print(globals.json ? text_json("tradsys/v1/config-doc", "markdown", text) : text);
  return ExitCode::kOk;
}

}  // namespace tradsys::cli
