#include "control/cli/risk/command_client.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace tradsys::cli {

Outcome<CommandClient> CommandClient::open(const Globals& globals, double timeout_s) {
  const Result<ipc::InstancePaths> paths = globals.paths();
  if (!paths) return Failure{ExitCode::kUsage, paths.error()};
  const std::filesystem::path file = paths.value().commands();
  if (std::optional<Failure> refused = refuse_instance_file(globals, file, R_OK | W_OK))
    return *refused;
  Result<ipc::CommandConnection> connection = ipc::CommandConnection::open(file);
  if (!connection) return Failure{ExitCode::kUnreachable, connection.error()};
  const Nanos timeout{static_cast<i64>(timeout_s * 1'000'000'000.0)};
  return CommandClient(std::move(connection).value(), timeout);
}

Result<ipc::Answer> CommandClient::send(const ipc::Command& command) {
  Result<std::vector<ipc::Answer>> answers = connection_.ask({&command, 1}, timeout_);
  if (!answers) return answers.error();
  return answers.value()[0];
}

bool types(const std::string& question, const std::string& word) {
  if (::isatty(STDIN_FILENO) != 1) return false;
  std::fputs(question.c_str(), stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == word;
}

Failure unanswered(const std::string& what) {
  return {ExitCode::kTimeout,
          {what, "not acknowledged: the outcome is unknown, it may still take effect",
           "look at 'tradsys status', then send it again"}};
}

}  // namespace tradsys::cli
