#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/risk/command_client.hpp"

namespace tradsys::cli {
namespace {

constexpr const char* kWhat = "day end";

ExitCode exit_code_of(const Globals& globals, const ipc::Answer& answer) {
  if (answer.result == ipc::CommandResult::kDone) {
    note(globals, "begin the next day with: tradsys journal roll OLD NEW --config FILE");
    return ExitCode::kOk;
  }
  const std::string why = grouped(answer.detail) +
                          " orders that end with the day are live at the venue; nothing was done";
  return fail(undone(
      kWhat, answer.result,
      {ExitCode::kConflict, {kWhat, why, "cancel them first: tradsys risk kill --scope all"}}));
}

}  // namespace

ExitCode run_day_end(const Globals& globals, const DayOptions& options) {
  Outcome<CommandClient> client = CommandClient::open(globals, options.timeout_s);
  if (!client) return fail(client.failure());
  const std::string question = "This will end the trading day of instance '" + globals.instance +
                               "': no new order passes until the next journal. Type the instance "
                               "to confirm: ";
  if (!options.yes && !types(question, globals.instance))
    return fail(ExitCode::kConflict,
                {"not confirmed", "nothing was sent", "add --yes to confirm without a question"});
  ipc::Command command;
  command.kind = ipc::CommandKind::kEndDay;
  const Result<ipc::Answer> answer = (*client).send(command);
  if (!answer) return fail(ExitCode::kUnreachable, answer.error());
  show_command(globals, kWhat, "", answer.value());
  return exit_code_of(globals, answer.value());
}

}  // namespace tradsys::cli
