#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/output/json_writer.hpp"
#include "control/cli/risk/command_client.hpp"

namespace tradsys::cli {
namespace {

constexpr const char* kWhat = "day end";

std::string_view word_for(ipc::CommandResult result) {
  switch (result) {
    case ipc::CommandResult::kDone:
      return "done";
    case ipc::CommandResult::kNotRecorded:
      return "not_recorded";
    case ipc::CommandResult::kPending:
      return "unknown";
    case ipc::CommandResult::kBusy:
      return "busy";
    case ipc::CommandResult::kChanged:
    case ipc::CommandResult::kRefused:
    case ipc::CommandResult::kSecondPersonNeeded:
      break;
  }
  return "refused";
}

void show(const Globals& globals, const ipc::Answer& answer) {
  if (globals.json) {
    JsonWriter json;
    json.begin_object()
        .field("schema", "tradsys/v1/command")
        .field("instance", globals.instance)
        .field("command", kWhat)
        .field("id", answer.id)
        .field("result", word_for(answer.result))
        .field("detail", answer.detail);
    print(json.end().take());
  } else if (answer.result == ipc::CommandResult::kDone) {
    print(std::string(kWhat) + ": done\n");
  }
}

ExitCode exit_code_of(const Globals& globals, const ipc::Answer& answer) {
  switch (answer.result) {
    case ipc::CommandResult::kDone:
      note(globals, "begin the next day with: tradsys journal roll OLD NEW --config FILE");
      return ExitCode::kOk;
    case ipc::CommandResult::kNotRecorded:
      return fail(ExitCode::kFailed,
                  {kWhat, "in force, but the journal cannot be written: a restart forgets it",
                   "solve what 'tradsys status' shows, then send it again"});
    case ipc::CommandResult::kPending:
      return fail(unanswered(kWhat));
    case ipc::CommandResult::kBusy:
      return fail(ExitCode::kFailed, {kWhat, "the journal has no room; nothing was done",
                                      "solve what 'tradsys status' shows, then send it again"});
    case ipc::CommandResult::kChanged:
    case ipc::CommandResult::kRefused:
    case ipc::CommandResult::kSecondPersonNeeded:
      break;
  }
  return fail(ExitCode::kConflict,
              {kWhat,
               grouped(answer.detail) + " orders that end with the day are live at the venue; "
                                        "nothing was done",
               "cancel them first: tradsys risk kill --scope all"});
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
  show(globals, answer.value());
  return exit_code_of(globals, answer.value());
}

}  // namespace tradsys::cli
