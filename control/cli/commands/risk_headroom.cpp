#include <array>
#include <cstring>

#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/output/json_writer.hpp"
#include "control/cli/output/text_table.hpp"
#include "control/cli/risk/command_client.hpp"
#include "control/cli/risk/limit_rows.hpp"
#include "hostsw/risk/headroom.hpp"

namespace tradsys::cli {
namespace {

struct ScopeView {
  std::string name;
  std::vector<risk::Headroom> limits;
};

std::vector<ipc::Command> all_scopes() {
  std::vector<ipc::Command> commands{scope_row(LimitScope::kFirm, 0)};
  for (u16 i = 0; i < kClientsMax; ++i) commands.push_back(scope_row(LimitScope::kClient, i));
  for (u16 i = 0; i < kAccountsMax; ++i) commands.push_back(scope_row(LimitScope::kAccount, i));
  for (u16 i = 0; i < kStrategiesMax; ++i) commands.push_back(scope_row(LimitScope::kStrategy, i));
  return commands;
}

std::string name_of_scope(const ipc::Command& command) {
  const std::string kind(name_of(command.limit_scope));
  return command.limit_scope == LimitScope::kFirm ? kind
                                                  : kind + ":" + std::to_string(command.index);
}

template <class Record>
Record record_in(const ipc::Payload& payload) {
  static_assert(sizeof(Record) <= sizeof(ipc::Payload));
  Record record;
  std::memcpy(static_cast<void*>(&record), payload.data(), sizeof record);
  return record;
}

/// Scopes that have limits, with what is used of each.
Outcome<std::vector<ScopeView>> read_scopes(CommandClient& client) {
  std::vector<ipc::Command> commands = all_scopes();
  const Result<std::vector<ipc::Answer>> limits = client.send_all(commands);
  if (!limits) return Failure{ExitCode::kUnreachable, limits.error()};
  for (ipc::Command& command : commands) command.kind = ipc::CommandKind::kReadUse;
  const Result<std::vector<ipc::Answer>> uses = client.send_all(commands);
  if (!uses) return Failure{ExitCode::kUnreachable, uses.error()};
  std::vector<ScopeView> scopes;
  for (usize i = 0; i < commands.size(); ++i) {
    const ipc::Answer& row = limits.value()[i];
    const ipc::Answer& use = uses.value()[i];
    if (row.result == ipc::CommandResult::kPending || use.result == ipc::CommandResult::kPending)
      return unanswered("headroom");
    if (row.result != ipc::CommandResult::kDone || use.result != ipc::CommandResult::kDone)
      continue;
    const auto all =
        risk::headroom(record_in<ScopeLimits>(row.reply), record_in<risk::ScopeUse>(use.reply));
    scopes.push_back({name_of_scope(commands[i]), {all.begin(), all.end()}});
  }
  return scopes;
}

std::string amount_text(const risk::Headroom& h, u64 amount) {
  constexpr u64 kBookScale = 10'000;
  return grouped(h.is_value ? amount / kBookScale : amount);
}
Tone tone_of(const risk::Headroom& h) {
  if (h.level_percent() >= 90) return Tone::kBad;
  return h.level_percent() >= 70 ? Tone::kWarning : Tone::kPlain;
}

std::string text_of(const Globals& globals, const std::vector<ScopeView>& scopes) {
  TextTable table({"SCOPE", "LIMIT", ">USED", ">OF", ">PERCENT"});
  for (const ScopeView& scope : scopes) {
    for (const risk::Headroom& h : scope.limits) {
      if (!h.limited()) {
        if (h.used != 0)
          table.row({scope.name, std::string(h.name), amount_text(h, h.used), "none", "-"});
        continue;
      }
      table.row({scope.name, std::string(h.name), amount_text(h, h.used), amount_text(h, h.limit),
                 Cell(percent_text(h.used, h.limit), tone_of(h))});
    }
  }
  return table.empty() ? "nothing is used and nothing limited\n" : table.text(globals.paint());
}

std::string json_of(const Globals& globals, const std::vector<ScopeView>& scopes) {
  JsonWriter json;
  json.begin_object()
      .field("schema", "tradsys/v1/risk-headroom")
      .field("instance", globals.instance)
      .array("scopes");
  for (const ScopeView& scope : scopes) {
    json.begin_object().field("scope", scope.name).array("limits");
    for (const risk::Headroom& h : scope.limits) {
      json.begin_object().field("name", h.name).field("used", h.used).key("limit");
      h.limited() ? json.value(h.limit) : json.null();
      json.field("level_percent", h.level_percent()).end();
    }
    json.end().end();
  }
  return json.end().end().take();
}

}  // namespace

ExitCode run_risk_headroom(const Globals& globals, const HeadroomOptions& options) {
  Outcome<CommandClient> client = CommandClient::open(globals, options.timeout_s);
  if (!client) return fail(client.failure());
  const Outcome<std::vector<ScopeView>> scopes = read_scopes(*client);
  if (!scopes) return fail(scopes.failure());
  print(globals.json ? json_of(globals, *scopes) : text_of(globals, *scopes));
  return ExitCode::kOk;
}

}  // namespace tradsys::cli
