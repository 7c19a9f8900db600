#include "control/cli/commands/commands.hpp"
#include "control/cli/risk/command_client.hpp"
#include "control/cli/risk/scope.hpp"

namespace tradsys::cli {
namespace {

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

ExitCode report(const Globals& globals, const RiskOptions& options, const ipc::Answer& answer) {
  const std::string verb(verb_of(options.action));
  const std::string what = verb + " " + options.scope;
  show_command(globals, verb, options.scope, answer);
  if (answer.result == ipc::CommandResult::kSecondPersonNeeded)
    return fail(ExitCode::kConflict,
                {what, "noted; nothing was released",
                 "another operator must send the same command within five minutes"});
  if (answer.result != ipc::CommandResult::kDone)
    return fail(
        undone(what, answer.result,
               {ExitCode::kFailed, {what, "refused by the dataplane", "see 'tradsys status'"}}));
  const bool resumed = options.action == RiskAction::kResume;
  note(globals, std::string("undo with: tradsys risk ") + (resumed ? "kill" : "resume") +
                    " --scope " + options.scope);
  return ExitCode::kOk;
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
  return report(globals, options, answer.value());
}

}  // namespace tradsys::cli
