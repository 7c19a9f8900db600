#include "control/cli/globals.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "control/cli/output/format.hpp"

namespace tradsys::cli {
namespace {

std::string instances_below(const std::filesystem::path& runtime_dir) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(runtime_dir, failure))
    if (std::filesystem::exists(entry.path() / "status", failure))
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Paint Globals::paint() const {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  const bool asked_not = no_color || (refused != nullptr && *refused != '\0');
  return Paint{!asked_not && !dumb && ::isatty(STDOUT_FILENO) == 1};
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void note(const Globals& globals, std::string_view text) {
  if (globals.quiet) return;
  std::fflush(stdout);
  std::fprintf(stderr, "tradsys: %.*s\n", static_cast<int>(text.size()), text.data());
}

ExitCode fail(ExitCode code, const Error& error) {
  std::fflush(stdout);
  std::fprintf(stderr, "tradsys: %s\n", error.message().c_str());
  return code;
}

bool flush_output() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

std::optional<Failure> refuse_instance_file(const Globals& globals,
                                            const std::filesystem::path& file, int mode) {
  if (::access(file.c_str(), mode) == 0) return std::nullopt;
  if (errno == EACCES || errno == EPERM)
    return Failure{ExitCode::kPermission,
                   {file.string(), "access denied", "use the account that runs the dataplane"}};
  const std::string present = instances_below(file.parent_path().parent_path());
  return Failure{ExitCode::kUnreachable,
                 {file.string(), "there is no instance '" + globals.instance + "' here",
                  present.empty() ? "start one with 'tradsys sim up', or name its --runtime-dir"
                                  : "name one of these with --instance: " + present}};
}

std::optional<Failure> refuse_unreadable(const std::string& path, bool is_folder) {
  std::error_code failure;
  const auto kind = std::filesystem::status(path, failure).type();
  if (kind != std::filesystem::file_type::not_found &&
      (kind == std::filesystem::file_type::directory) != is_folder && !failure)
    return Failure{ExitCode::kNotFound, {path, is_folder ? "is not a folder" : "is a folder", ""}};
  if (::access(path.c_str(), is_folder ? R_OK | X_OK : R_OK) == 0) return std::nullopt;
  if (errno == EACCES || errno == EPERM)
    return Failure{ExitCode::kPermission, {path, "access denied", ""}};
  return Failure{ExitCode::kNotFound, {path, is_folder ? "no such folder" : "no such file", ""}};
}

Outcome<ipc::StatusReader> open_status(const Globals& globals) {
  const Result<ipc::InstancePaths> paths = globals.paths();
  if (!paths) return Failure{ExitCode::kUsage, paths.error()};
  const std::filesystem::path file = paths.value().status();
  if (std::optional<Failure> refused = refuse_instance_file(globals, file, R_OK)) return *refused;
  Result<ipc::StatusReader> reader = ipc::StatusReader::open(file);
  if (!reader) return Failure{ExitCode::kUnreachable, reader.error()};
  return std::move(reader).value();
}

Outcome<u32> find_instrument(const Globals& globals, const ipc::StatusReader& reader,
                             const std::string& symbol) {
  // Blanks name the places of the region that are not in use.
  const bool possible =
      symbol.find_first_not_of(' ') != std::string::npos && symbol.size() <= sizeof(Symbol);
  const u32 index = possible ? reader.find(Symbol::from(symbol)) : reader.instruments();
  if (index < reader.instruments()) return index;
  return Failure{ExitCode::kNotFound,
                 {"symbol '" + printable(symbol) + "'",
                  "is not an instrument of instance '" + globals.instance + "'",
                  "symbols are written as on the feed, in capitals"}};
}

}  // namespace tradsys::cli
