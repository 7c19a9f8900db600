#include "control/cli/commands/commands.hpp"
#include "control/cli/output/json_writer.hpp"
#include "control/cli/output/text_table.hpp"
#include "control/cli/risk/command_client.hpp"
#include "control/cli/risk/limit_rows.hpp"

namespace tradsys::cli {
namespace {

/// One row, and what is to be changed in it.
struct Row {
  ipc::Command command;  ///< asks for it
  ipc::Payload limits{};
  ipc::Payload seen{};  ///< as it was read
  bool changed = false;
};

Outcome<std::vector<Row>> read_rows(const Globals& globals, CommandClient& client,
                                    const std::string& name) {
  const Outcome<std::vector<ipc::Command>> commands = rows_named(globals, name);
  if (!commands) return commands.failure();
  const Result<std::vector<ipc::Answer>> answers = client.send_all(*commands);
  if (!answers) return Failure{ExitCode::kUnreachable, answers.error()};
  std::vector<Row> rows;
  for (usize i = 0; i < commands->size(); ++i) {
    const ipc::Answer& answer = answers.value()[i];
    if (answer.result == ipc::CommandResult::kPending) return unanswered("limits of " + name);
    if (answer.result != ipc::CommandResult::kDone)
      return Failure{ExitCode::kNotFound,
                     {"limits of " + name, "there are none", "see 'tradsys risk headroom'"}};
    rows.push_back({(*commands)[i], answer.reply, answer.reply});
  }
  return rows;
}

/// Changes the field of one row that an assignment names.
Result<Done> assign(std::vector<Row>& rows, const std::string& assignment) {
  const usize equals = assignment.find('=');
  const std::string name = assignment.substr(0, equals);
  std::string known;
  for (Row& row : rows) {
    for (const LimitField& field : fields_of(row.command.row)) {
      known += (known.empty() ? "" : ", ") + std::string(field.name);
      if (equals == std::string::npos || field.name != name) continue;
      const Result<u64> number = field.parse(std::string_view(assignment).substr(equals + 1));
      if (!number) return number.error();
      field.set(row.limits, number.value());
      row.changed = true;
      return Done{};
    }
  }
  return Error{"'" + assignment + "'", "is not FIELD=NUMBER of these limits", "fields: " + known};
}

void show(const Globals& globals, const std::string& name, const std::vector<Row>& rows) {
  if (globals.json) {
    JsonWriter json;
    json.begin_object()
        .field("schema", "tradsys/v1/risk-limits")
        .field("instance", globals.instance)
        .field("row", name)
        .object("limits");
    for (const Row& row : rows) {
      for (const LimitField& field : fields_of(row.command.row))
        json.field(field.name, field.text(row.limits));
    }
    print(json.end().end().take());
    return;
  }
  TextTable table({"LIMITS of " + name, ">"});
  for (const Row& row : rows) {
    for (const LimitField& field : fields_of(row.command.row))
      table.row({std::string(field.name), field.text(row.limits)});
  }
  print(table.text(globals.paint()));
}

/// "name=number" of the fields that differ from the row as it was read.
std::string fields_changed(const Row& row) {
  std::string changed;
  for (const LimitField& field : fields_of(row.command.row)) {
    if (field.get(row.seen) == field.get(row.limits)) continue;
    changed += changed.empty() ? "" : " ";
    changed += std::string(field.name) + "=" + field.text(row.limits);
  }
  return changed;
}

/// What somebody else made of a row since it was read.
std::string changes_of_others(CommandClient& client, const Row& row) {
  const Result<ipc::Answer> now = client.send(row.command);
  std::string changes;
  if (now && now.value().result == ipc::CommandResult::kDone) {
    for (const LimitField& field : fields_of(row.command.row)) {
      const std::string before = field.text(row.seen), after = field.text(now.value().reply);
      if (before == after) continue;
      changes += changes.empty() ? "" : ", ";
      changes += std::string(field.name) + " from " + before + " to " + after;
    }
  }
  return "somebody else changed " + (changes.empty() ? "them" : changes) + " meanwhile";
}

/// `others`: what is in force of the same change, for an error.
ExitCode put_in_force(CommandClient& client, const std::string& name, const Row& row,
                      const std::string& others) {
  ipc::Command command = row.command;
  command.kind = ipc::CommandKind::kSetLimits;
  command.seen = ipc::mark_of(row.seen);
  command.payload = row.limits;
  const Result<ipc::Answer> answer = client.send(command);
  if (!answer) return fail(ExitCode::kUnreachable, answer.error());
  switch (answer.value().result) {
    case ipc::CommandResult::kDone:
      return ExitCode::kOk;
    case ipc::CommandResult::kNotRecorded:
      return fail(ExitCode::kFailed,
                  {"limits of " + name, "in force, but the journal cannot be written",
                   "solve what 'tradsys status' shows, then send them again"});
    case ipc::CommandResult::kChanged:
      return fail(ExitCode::kConflict,
                  {"limits of " + name, changes_of_others(client, row) + "; " + others,
                   "look at them again, then send the change again"});
    case ipc::CommandResult::kBusy:
      return fail(ExitCode::kFailed, {"limits of " + name, "the journal has no room; " + others,
                                      "solve what 'tradsys status' shows, then send them again"});
    case ipc::CommandResult::kPending:
      return fail(unanswered("limits of " + name));
    default:
      return fail(ExitCode::kFailed, {"limits of " + name, "refused by the dataplane; " + others,
                                      "see 'tradsys status'"});
  }
}

}  // namespace

ExitCode run_risk_limits(const Globals& globals, const LimitsOptions& options) {
  Outcome<CommandClient> client = CommandClient::open(globals, options.timeout_s);
  if (!client) return fail(client.failure());
  Outcome<std::vector<Row>> rows = read_rows(globals, *client, options.row);
  if (!rows) return fail(rows.failure());
  for (const std::string& assignment : options.assignments) {
    if (const Result<Done> assigned = assign(*rows, assignment); !assigned)
      return fail(ExitCode::kUsage, assigned.error());
  }
  std::string in_force = "nothing was done";
  for (const Row& row : *rows) {
    if (!row.changed) continue;
    if (const ExitCode code = put_in_force(*client, options.row, row, in_force);
        code != ExitCode::kOk)
      return code;
    in_force = "in force of this change is only: " + fields_changed(row);
  }
  show(globals, options.row, *rows);
  return ExitCode::kOk;
}

}  // namespace tradsys::cli
