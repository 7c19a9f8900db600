#include "control/cli/risk/command_client.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "control/cli/output/format.hpp"
#include "control/cli/output/json_writer.hpp"

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

std::string_view word_of(ipc::CommandResult result) {
  switch (result) {
    case ipc::CommandResult::kDone:
      return "done";
    case ipc::CommandResult::kNotRecorded:
      return "not_recorded";
    case ipc::CommandResult::kPending:
      return "unknown";
    case ipc::CommandResult::kBusy:
      return "busy";
    case ipc::CommandResult::kSecondPersonNeeded:
      return "second_person_needed";
    case ipc::CommandResult::kChanged:
    case ipc::CommandResult::kRefused:
      break;
  }
  return "refused";
}

void show_command(const Globals& globals, std::string_view verb, const std::string& scope,
                  const ipc::Answer& answer) {
  if (globals.json) {
    JsonWriter json;
    json.begin_object()
        .field("schema", "tradsys/v1/command")
        .field("instance", globals.instance)
        .field("command", verb);
    if (!scope.empty()) json.field("scope", scope);
    json.field("id", answer.id)
        .field("result", word_of(answer.result))
        .field("detail", answer.detail);
    print(json.end().take());
  } else if (answer.result == ipc::CommandResult::kDone) {
    const bool any = answer.detail != 0;
    print(std::string(verb) + (scope.empty() ? "" : " " + scope) + ": done" +
          (any ? ", " + grouped(answer.detail) + " orders affected" : "") + "\n");
  }
}

Failure undone(const std::string& what, ipc::CommandResult result, Failure refused) {
  constexpr const char* kRemedy = "solve what 'tradsys status' shows, then send it again";
  switch (result) {
    case ipc::CommandResult::kNotRecorded:
      return {ExitCode::kFailed,
              {what, "in force, but the journal cannot be written: a restart forgets it", kRemedy}};
    case ipc::CommandResult::kBusy:
      return {ExitCode::kFailed, {what, "there is no room for it; nothing was done", kRemedy}};
    case ipc::CommandResult::kPending:
      return unanswered(what);
    default:
      return refused;
  }
}

}  // namespace tradsys::cli
