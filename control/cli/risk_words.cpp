// The words behind `tradsys risk`.
#include "control/cli/command_words.hpp"
#include "control/cli/risk/limit_rows.hpp"
#include "control/cli/risk/scope.hpp"

namespace tradsys::cli {
namespace {

void add_switch_command(CLI::App& risk, Invocation& call, const char* name, RiskAction action,
                        const char* what) {
  const std::string command = std::string("  tradsys risk ") + name;
  CLI::App* app = add_command(
      risk, name, what,
      command + " --scope all --yes\n" + command + " --scope account:7\n" + command +
          " --scope instrument:COMI --timeout 5\n"
          "Exit code 6 when not confirmed, 1 when refused, 9 when there is no live dataplane,\n"
          "8 when it does not answer in time: then the outcome is unknown.",
      [&call, action] {
        call.risk.action = action;
        call.run = [&call] { return run_risk_switch(call.globals, call.risk); };
      });
  app->add_option("--scope", call.risk.scope, kScopeForms)->type_name("SCOPE")->required();
  app->add_flag("-y,--yes", call.risk.yes, "Do not ask; needed where nobody can be asked");
  add_timeout(*app, call.risk.timeout_s);
}

void add_cancel(CLI::App& risk, Invocation& call) {
  CancelOptions& cancel = call.cancel;
  CLI::App* app = add_command(
      risk, "cancel", "Cancel live orders; new ones still pass",
      "  tradsys risk cancel --account 7 --side buy\n"
      "  tradsys risk cancel --instrument COMI --yes\n"
      "  tradsys risk cancel --all --yes\n"
      "Cancels the orders that all given options name, and that were entered before it.\n"
      "Exit code 6 when not confirmed, 1 when refused, 9 when there is no live dataplane,\n"
      "8 when it does not answer in time: then the outcome is unknown.",
      [&call] { call.run = [&call] { return run_risk_cancel(call.globals, call.cancel); }; });
  const auto number = [app](const char* name, std::optional<u16>& to, const char* what, int max) {
    return app->add_option(name, to, what)->type_name("N")->check(CLI::Range(0, max));
  };
  const std::vector<CLI::Option*> narrowing{
      app->add_option("--session", cancel.session, "Client session, as in 'tradsys status'")
          ->type_name("NAME"),
      number("--account", cancel.account, "Account, 0 to 255", 255),
      number("--strategy", cancel.strategy, "Strategy; 0: orders of clients", 255),
      app->add_option("--instrument", cancel.symbol, "Symbol as on the feed")->type_name("SYM"),
      app->add_option("--side", cancel.side, "buy, or sell for every sell, short or not")
          ->type_name("SIDE")
          ->check(CLI::IsMember({"buy", "sell"}))};
  CLI::Option* all = app->add_flag("--all", cancel.all, "Every live order");
  for (CLI::Option* option : narrowing) all->excludes(option);
  app->add_flag("-y,--yes", cancel.yes, "Do not ask; needed where nobody can be asked");
  add_timeout(*app, cancel.timeout_s);
}

void add_limits(CLI::App& risk, Invocation& call) {
  CLI::App* app = add_command(
      risk, "limits", "Limits in force; with FIELD=NUMBER, puts changed ones in force",
      "  tradsys risk limits account:7\n"
      "  tradsys risk limits firm gross_value_max=50000000 loss_max=250000\n"
      "  tradsys risk limits pair:7:COMI short_qty_max=1000\n"
      "Values are whole currency units; none is no limit. A change is journaled and in force for\n"
      "the next order; it stands over restarts and nights until the configuration changes the "
      "row.\n"
      "A change is made to the row as it was read: when another operator was faster, nothing of "
      "that\n"
      "row changes, and the error says what became of it.\n"
      "Exit code 4 when there is no such row, 6 when another operator was faster, 1 when refused,\n"
      "8 when the outcome is unknown.",
      [&call] { call.run = [&call] { return run_risk_limits(call.globals, call.limits); }; });
  app->add_option("ROW", call.limits.row, kRowForms)->required();
  app->add_option("CHANGE", call.limits.assignments, "FIELD=NUMBER, any number of them");
  add_timeout(*app, call.limits.timeout_s);
}

void add_headroom(CLI::App& risk, Invocation& call) {
  CLI::App* app = add_command(
      risk, "headroom", "How much of each limit of the day is used",
      "  tradsys risk headroom\n"
      "  tradsys risk headroom --json\n"
      "Colours and level_percent show what is beyond 70, 90 and 100 percent.",
      [&call] { call.run = [&call] { return run_risk_headroom(call.globals, call.headroom); }; });
  add_timeout(*app, call.headroom.timeout_s);
}

void add_whatif(CLI::App& risk, Invocation& call) {
  CLI::App* app = add_command(
      risk, "whatif", "What the gate would say to an order now; nothing is sent",
      "  tradsys risk whatif --account 7 --symbol COMI --side buy --qty 100 --price 71.25\n"
      "  tradsys risk whatif --account 7 --symbol COMI --side short --qty 100 --price market\n"
      "Exit code 0 whether it would pass or not.",
      [&call] { call.run = [&call] { return run_risk_whatif(call.globals, call.whatif); }; });
  app->add_option("--account", call.whatif.account, "Account, 0 to 255")
      ->type_name("N")
      ->check(CLI::Range(0, 255))
      ->required();
  app->add_option("--symbol", call.whatif.symbol, "Symbol as on the feed")
      ->type_name("SYM")
      ->required();
  app->add_option("--side", call.whatif.side, "buy, sell or short")->type_name("SIDE")->required();
  app->add_option("--qty", call.whatif.qty, "Shares")->type_name("N")->required();
  app->add_option("--price", call.whatif.price, "Limit with up to four decimals, or market")
      ->type_name("PRICE")
      ->required();
  app->add_option("--strategy", call.whatif.strategy, "Strategy, 0 for an order of a client")
      ->type_name("N")
      ->check(CLI::Range(0, 255))
      ->capture_default_str();
  add_timeout(*app, call.whatif.timeout_s);
}

void add_explain(CLI::App& risk, Invocation& call) {
  CLI::App* app = add_command(
      risk, "explain", "Why a request passed or was refused, from the journal",
      "  tradsys risk explain 4711 --dir /var/lib/tradsys/journal\n"
      "Exit code 4 when the journal has no such order.",
      [&call] { call.run = [&call] { return run_risk_explain(call.globals, call.explain); }; });
  app->add_option("ORDER", call.explain.order_id, "Order id, as in the client's reports")
      ->type_name("N")
      ->required();
  app->add_option("--dir", call.explain.folder, "Folder of the journal")
      ->type_name("DIR")
      ->required();
}

}  // namespace

void add_risk(CLI::App& app, Invocation& call) {
  CLI::App* risk = add_group(app, "risk", "Kill switches and limits");
  add_switch_command(*risk, call, "kill", RiskAction::kKill,
                     "Stop trading: refuse new orders, cancel live ones");
  add_switch_command(*risk, call, "reduce-only", RiskAction::kReduceOnly,
                     "Let only orders pass that make a position smaller");
  add_switch_command(*risk, call, "resume", RiskAction::kResume,
                     "Release a switch again; takes effect when a second operator asks, too");
  add_cancel(*risk, call);
  add_limits(*risk, call);
  add_headroom(*risk, call);
  add_whatif(*risk, call);
  add_explain(*risk, call);
}

}  // namespace tradsys::cli
