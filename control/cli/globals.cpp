#include "control/cli/globals.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <vector>

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

ExitCode check_instance_file(const Globals& globals, const std::filesystem::path& file, int mode) {
  if (::access(file.c_str(), mode) == 0) return ExitCode::kOk;
  if (errno == EACCES || errno == EPERM)
    return fail(ExitCode::kPermission,
                {file.string(), "access denied", "use the account that runs the dataplane"});
  const std::string present = instances_below(file.parent_path().parent_path());
  return fail(ExitCode::kUnreachable,
              {file.string(), "there is no instance '" + globals.instance + "' here",
               present.empty() ? "start one with 'tradsys sim up', or name its --runtime-dir"
                               : "name one of these with --instance: " + present});
}

OrExit<ipc::StatusReader> open_status(const Globals& globals) {
  const Result<ipc::InstancePaths> paths = globals.paths();
  if (!paths) return {std::nullopt, fail(ExitCode::kUsage, paths.error())};
  const std::filesystem::path file = paths.value().status();
  if (const ExitCode code = check_instance_file(globals, file, R_OK); code != ExitCode::kOk)
    return {std::nullopt, code};
  Result<ipc::StatusReader> reader = ipc::StatusReader::open(file);
  if (!reader) return {std::nullopt, fail(ExitCode::kUnreachable, reader.error())};
  return {std::move(reader).value(), ExitCode::kOk};
}

}  // namespace tradsys::cli
