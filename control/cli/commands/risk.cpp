#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "control/cli/commands/commands.hpp"
#include "control/cli/commands/risk_scope.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/output/json_writer.hpp"
#include "hostsw/ipc/command_ring.hpp"

namespace tradsys::cli {
namespace {

constexpr auto kPollPause = std::chrono::milliseconds(1);

/// What became of a command.
struct Verdict {
  ExitCode code;
  std::string_view result;  ///< a word of the JSON contract
  u32 detail;
};

std::string operator_name() {
  if (const char* behind_sudo = std::getenv("SUDO_USER"); behind_sudo != nullptr)
    return behind_sudo;
  const struct passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : "uid " + std::to_string(::getuid());
}

ipc::CommandKind kind_of(RiskAction action) {
  switch (action) {
    case RiskAction::kKill:
      return ipc::CommandKind::kKill;
    case RiskAction::kReduceOnly:
      return ipc::CommandKind::kReduceOnly;
    case RiskAction::kResume:
      return ipc::CommandKind::kResume;
  }
  return ipc::CommandKind::kNone;
}
std::string_view verb_of(RiskAction action) {
  switch (action) {
    case RiskAction::kKill:
      return "kill";
    case RiskAction::kReduceOnly:
      return "reduce-only";
    case RiskAction::kResume:
      return "resume";
  }
  return "";
}

/// What `scope` asks of the dataplane.
Outcome<ipc::Command> command_for(const Globals& globals, const Scope& scope, RiskAction action) {
  ipc::Command command;
  command.kind = kind_of(action);
  command.scope = scope.kind;
  command.index = scope.index;
  command.operator_name = ipc::Text<40>::from(operator_name());
  if (scope.kind != KillScope::kInstrument) return command;
  const Outcome<ipc::StatusReader> reader = open_status(globals);
  if (!reader) return reader.failure();
  const Outcome<u32> index = find_instrument(globals, *reader, scope.symbol);
  if (!index) return index.failure();
  command.index = static_cast<u16>(*index);
  return command;
}

Outcome<ipc::CommandSender> open_commands(const Globals& globals) {
  const Result<ipc::InstancePaths> paths = globals.paths();
  if (!paths) return Failure{ExitCode::kUsage, paths.error()};
  const std::filesystem::path file = paths.value().commands();
  if (std::optional<Failure> refused = refuse_instance_file(globals, file, R_OK | W_OK))
    return *refused;
  Result<ipc::CommandSender> sender = ipc::CommandSender::open(file);
  if (!sender) return Failure{ExitCode::kUnreachable, sender.error()};
  if (sender.value().liveness(ipc::monotonic_now()) == ipc::Liveness::kDead)
    return Failure{
        ExitCode::kUnreachable,
        {"instance '" + globals.instance + "'", "the dataplane is dead: it sends no orders", ""}};
  return std::move(sender).value();
}

/// Whether the operator means it: --yes, or the scope typed once more.
bool confirmed(const Globals& globals, const RiskOptions& options) {
  if (options.yes) return true;
  if (::isatty(STDIN_FILENO) != 1) return false;
  const std::string question = std::string("This will ") +
                               (options.action == RiskAction::kResume ? "allow" : "stop") +
                               " trading of '" + options.scope + "' in instance '" +
                               globals.instance + "'. Type the scope to confirm: ";
  std::fputs(question.c_str(), stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == options.scope;
}

/// Sends, again when another operator is in the middle of sending, until `deadline`.
Result<u64> send(ipc::CommandSender& sender, const ipc::Command& command, Nanos deadline) {
  for (;;) {
    Result<u64> id = sender.send(command);
    if (id.ok() || ipc::monotonic_now() >= deadline) return id;
    std::this_thread::sleep_for(kPollPause);
  }
}

Verdict wait_for_answer(const ipc::CommandSender& sender, u64 id, Nanos deadline) {
  for (;;) {
    const bool dead = sender.liveness(ipc::monotonic_now()) == ipc::Liveness::kDead;
    const ipc::Answer answer = sender.answer(id);
    switch (answer.result) {
      case ipc::CommandResult::kDone:
        return {ExitCode::kOk, "done", answer.detail};
      case ipc::CommandResult::kRefused:
        return {ExitCode::kFailed, "refused", answer.detail};
      case ipc::CommandResult::kNotRecorded:
        return {ExitCode::kFailed, "not_recorded", answer.detail};
      case ipc::CommandResult::kUnknown:
        return {ExitCode::kTimeout, "unknown", 0};
      case ipc::CommandResult::kSecondPersonNeeded:
        return {ExitCode::kConflict, "second_person_needed", 0};
      case ipc::CommandResult::kPending:
        break;
    }
    if (dead || ipc::monotonic_now() >= deadline) return {ExitCode::kTimeout, "unknown", 0};
    std::this_thread::sleep_for(kPollPause);
  }
}

ExitCode report(const Globals& globals, const RiskOptions& options, u64 id,
                const Verdict& verdict) {
  const std::string verb(verb_of(options.action));
  const std::string what = verb + " " + options.scope;
  if (globals.json) {
    JsonWriter json;
    json.begin_object()
        .field("schema", "tradsys/v1/command")
        .field("instance", globals.instance)
        .field("command", verb)
        .field("scope", options.scope)
        .field("id", id)
        .field("result", verdict.result)
        .field("detail", verdict.detail);
    print(json.end().take());
  } else if (verdict.code == ExitCode::kOk) {
    print(what + ": done" +
          (verdict.detail == 0 ? "" : ", " + grouped(verdict.detail) + " orders affected") + "\n");
  }
  if (verdict.result == "not_recorded")
    return fail(verdict.code,
                {what, "in force, but the journal cannot be written: a restart forgets it",
                 "solve what 'tradsys status' shows, then send it again"});
  if (verdict.code == ExitCode::kFailed)
    return fail(verdict.code, {what, "refused by the dataplane", "see 'tradsys status'"});
  if (verdict.code == ExitCode::kTimeout)
    return fail(verdict.code,
                {what, "not acknowledged: the outcome is unknown, it may still take effect",
                 "look at 'tradsys status', then send it again"});
  if (verdict.code == ExitCode::kConflict)
    return fail(verdict.code, {what, "noted; nothing was released",
                               "another operator must send the same command within five minutes"});
  const bool resumed = options.action == RiskAction::kResume;
  note(globals, std::string("undo with: tradsys risk ") + (resumed ? "kill" : "resume") +
                    " --scope " + options.scope);
  return verdict.code;
}

}  // namespace

ExitCode run_risk(const Globals& globals, const RiskOptions& options) {
  const Result<Scope> scope = parse_scope(options.scope);
  if (!scope) return fail(ExitCode::kUsage, scope.error());
  Outcome<ipc::CommandSender> sender = open_commands(globals);
  if (!sender) return fail(sender.failure());
  const Outcome<ipc::Command> command = command_for(globals, scope.value(), options.action);
  if (!command) return fail(command.failure());
  if (!confirmed(globals, options))
    return fail(ExitCode::kConflict,
                {"not confirmed", "nothing was sent", "add --yes to confirm without a question"});
  const Nanos deadline =
      ipc::monotonic_now() + Nanos{static_cast<i64>(options.timeout_s * 1'000'000'000.0)};
  const Result<u64> id = send(*sender, *command, deadline);
  if (!id) return fail(ExitCode::kUnreachable, id.error());
  return report(globals, options, id.value(), wait_for_answer(*sender, id.value(), deadline));
}

}  // namespace tradsys::cli
