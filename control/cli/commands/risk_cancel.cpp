#include <cstring>
#include <optional>

#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/risk/command_client.hpp"
#include "hostsw/orders/events.hpp"

namespace tradsys::cli {
namespace {

constexpr const char* kVerb = "cancel";

/// The orders meant, as an operator reads and types them: "all", or "account:7 side:buy".
std::string scope_of(const CancelOptions& options) {
  if (options.all) return "all";
  std::string scope;
  const auto add = [&scope](const char* name, const std::string& value) {
    scope += (scope.empty() ? "" : " ") + std::string(name) + ":" + value;
  };
  if (!options.session.empty()) add("session", options.session);
  if (options.account) add("account", std::to_string(*options.account));
  if (!options.symbol.empty()) add("instrument", options.symbol);
  if (options.strategy) add("strategy", std::to_string(*options.strategy));
  if (!options.side.empty()) add("side", options.side);
  return scope;
}

/// The number of a client's session.
Outcome<u16> find_session(const Globals& globals, const ipc::StatusReader& reader,
                          const std::string& name) {
  ipc::SessionStatus s;
  for (u32 place = ipc::kClientSessionsFrom; place < ipc::kSessionsMax; ++place) {
    if (!reader.session(place, s) || s.kind != ipc::SessionKind::kClient) continue;
    if (s.name.str() == name) return static_cast<u16>(place - ipc::kClientSessionsFrom);
  }
  return Failure{ExitCode::kNotFound,
                 {"--session '" + printable(name) + "'",
                  "is not a client's session of instance '" + globals.instance + "'",
                  "name one that 'tradsys status' shows"}};
}

Outcome<orders::MassCancelEvent> event_of(const Globals& globals, const CancelOptions& options) {
  constexpr u16 kAny = orders::MassCancelEvent::kAny;
  orders::MassCancelEvent what{.account = options.account.value_or(kAny),
                               .strategy = options.strategy.value_or(kAny)};
  if (options.side == "buy") what.side = Side::kBuy;
  if (options.side == "sell") what.side = Side::kSell;
  if (options.symbol.empty() && options.session.empty()) return what;
  const Outcome<ipc::StatusReader> reader = open_status(globals);
  if (!reader) return reader.failure();
  if (!options.symbol.empty()) {
    const Outcome<u32> index = find_instrument(globals, *reader, options.symbol);
    if (!index) return index.failure();
    what.instrument = static_cast<u16>(*index);
  }
  if (!options.session.empty()) {
    const Outcome<u16> session = find_session(globals, *reader, options.session);
    if (!session) return session.failure();
    what.session = *session;
  }
  return what;
}

bool confirmed(const Globals& globals, const CancelOptions& options, const std::string& scope) {
  return options.yes || types("This will cancel the live orders of '" + scope + "' in instance '" +
                                  globals.instance + "'. Type the scope to confirm: ",
                              scope);
}

}  // namespace

ExitCode run_risk_cancel(const Globals& globals, const CancelOptions& options) {
  const std::string scope = scope_of(options);
  if (scope.empty())
    return fail(ExitCode::kUsage, {"no scope", "nothing was sent",
                                   "name what to cancel, or --all for every live order"});
  Outcome<CommandClient> client = CommandClient::open(globals, options.timeout_s);
  if (!client) return fail(client.failure());
  const Outcome<orders::MassCancelEvent> what = event_of(globals, options);
  if (!what) return fail(what.failure());
  if (!confirmed(globals, options, scope))
    return fail(ExitCode::kConflict,
                {"not confirmed", "nothing was sent", "add --yes to confirm without a question"});
  ipc::Command command;
  command.kind = ipc::CommandKind::kMassCancel;
  std::memcpy(command.payload.data(), &*what, sizeof(orders::MassCancelEvent));
  const Result<ipc::Answer> answer = (*client).send(command);
  if (!answer) return fail(ExitCode::kUnreachable, answer.error());
  show_command(globals, kVerb, scope, answer.value());
  if (answer.value().result == ipc::CommandResult::kDone) return ExitCode::kOk;
  return fail(undone(std::string(kVerb) + " " + scope, answer.value().result,
                     {ExitCode::kFailed,
                      {std::string(kVerb) + " " + scope,
                       "refused: there is no such session, account, instrument or strategy",
                       "see 'tradsys status' and 'tradsys risk headroom'"}}));
}

}  // namespace tradsys::cli
