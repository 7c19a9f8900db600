#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/output/json_writer.hpp"
#include "control/cli/risk/command_client.hpp"
#include "control/cli/risk/scope.hpp"

namespace tradsys::cli {
namespace {

/// What became of a command.
struct Verdict {
  ExitCode code;
  std::string_view result;  ///< a word of the JSON contract
  u32 detail;
};

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
  if (scope.kind != KillScope::kInstrument) return command;
  const Outcome<ipc::StatusReader> reader = open_status(globals);
  if (!reader) return reader.failure();
  const Outcome<u32> index = find_instrument(globals, *reader, scope.symbol);
  if (!index) return index.failure();
  command.index = static_cast<u16>(*index);
  return command;
}

/// Whether the operator means it: --yes, or the scope typed once more.
bool confirmed(const Globals& globals, const RiskOptions& options) {
  const std::string question = std::string("This will ") +
                               (options.action == RiskAction::kResume ? "allow" : "stop") +
                               " trading of '" + options.scope + "' in instance '" +
                               globals.instance + "'. Type the scope to confirm: ";
  return options.yes || types(question, options.scope);
}

Verdict verdict_of(const ipc::Answer& answer) {
  switch (answer.result) {
    case ipc::CommandResult::kDone:
      return {ExitCode::kOk, "done", answer.detail};
    case ipc::CommandResult::kRefused:
    case ipc::CommandResult::kChanged:
      return {ExitCode::kFailed, "refused", answer.detail};
    case ipc::CommandResult::kBusy:
      return {ExitCode::kFailed, "busy", 0};
    case ipc::CommandResult::kNotRecorded:
      return {ExitCode::kFailed, "not_recorded", answer.detail};
    case ipc::CommandResult::kSecondPersonNeeded:
      return {ExitCode::kConflict, "second_person_needed", 0};
    case ipc::CommandResult::kPending:
      break;
  }
  return {ExitCode::kTimeout, "unknown", 0};
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
  if (verdict.result == "busy")
    return fail(verdict.code, {what, "the journal has no room; nothing was done",
                               "solve what 'tradsys status' shows, then send it again"});
  if (verdict.code == ExitCode::kFailed)
    return fail(verdict.code, {what, "refused by the dataplane", "see 'tradsys status'"});
  if (verdict.code == ExitCode::kTimeout) return fail(unanswered(what));
  if (verdict.code == ExitCode::kConflict)
    return fail(verdict.code, {what, "noted; nothing was released",
                               "another operator must send the same command within five minutes"});
  const bool resumed = options.action == RiskAction::kResume;
  note(globals, std::string("undo with: tradsys risk ") + (resumed ? "kill" : "resume") +
                    " --scope " + options.scope);
  return verdict.code;
}

}  // namespace

ExitCode run_risk_switch(const Globals& globals, const RiskOptions& options) {
  const Result<Scope> scope = parse_scope(options.scope);
  if (!scope) return fail(ExitCode::kUsage, scope.error());
  Outcome<CommandClient> client = CommandClient::open(globals, options.timeout_s);
  if (!client) return fail(client.failure());
  const Outcome<ipc::Command> command = command_for(globals, scope.value(), options.action);
  if (!command) return fail(command.failure());
  if (!confirmed(globals, options))
    return fail(ExitCode::kConflict,
                {"not confirmed", "nothing was sent", "add --yes to confirm without a question"});
  const Result<ipc::Answer> answer = (*client).send(*command);
  if (!answer) return fail(ExitCode::kUnreachable, answer.error());
  return report(globals, options, answer.value().id, verdict_of(answer.value()));
}

}  // namespace tradsys::cli
