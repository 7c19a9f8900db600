#include "control/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>

#include "control/cli/commands/commands.hpp"
#include "control/cli/version.hpp"

namespace tradsys::cli {
namespace {

/// What the words select: filled in while CLI11 parses, run afterwards.
struct Invocation {
  Globals globals;
  BookOptions book;
  std::function<ExitCode()> run;
};

constexpr const char* kGlobalFlags = "Flags of every command: see 'tradsys --help'.";

CLI::App* add_command(CLI::App& parent, const char* name, const char* what, std::string examples) {
  CLI::App* command = parent.add_subcommand(name, what);
  command->footer("Examples:\n" + std::move(examples) + "\n" + kGlobalFlags);
  return command;
}

void add_globals(CLI::App& app, Globals& globals) {
  app.add_option("--instance", globals.instance, "Which running instance")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--runtime-dir", globals.runtime_dir,
                 "Folder of the instances; else $TRADSYS_RUNTIME_DIR, "
                 "$XDG_RUNTIME_DIR/tradsys or /tmp/tradsys-<user id>")
      ->type_name("DIR");
  app.add_flag("--json", globals.json, "Data as JSON");
  app.add_flag("--no-color", globals.no_color, "No colours; the variable NO_COLOR says the same");
  app.add_flag("-q,--quiet", globals.quiet, "No remarks on stderr, errors only");
  app.set_version_flag("-V,--version", std::string("tradsys ") + kVersion,
                       "Print the version and stop");
}

void add_status(CLI::App& app, Invocation& call) {
  CLI::App* status =
      add_command(app, "status", "Everything about an instance on one screen",
                  "  tradsys status\n"
                  "  tradsys status --instance egx-1 --json\n"
                  "Exit code 3 when the dataplane is dead or stalled: its last state is shown.");
  status->callback([&call] { call.run = [&call] { return run_status(call.globals); }; });
}

void add_book(CLI::App& app, Invocation& call) {
  CLI::App* book = app.add_subcommand("book", "Order books");
  book->require_subcommand(1);
  CLI::App* show = add_command(*book, "show", "The top levels of one book, best first",
                               "  tradsys book show COMI\n"
                               "  tradsys book show COMI -d 5 -w\n"
                               "Exit code 4 for an unknown symbol.");
  show->add_option("SYM", call.book.symbol, "Symbol as on the feed")->required();
  show->add_option("-d,--depth", call.book.depth, "Levels a side")
      ->type_name("N")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  show->add_flag("-w,--watch", call.book.watch, "Show it again and again until q or Ctrl-C");
  show->add_option("-i,--interval", call.book.interval_s, "Seconds between two looks with -w")
      ->type_name("S")
      ->check(CLI::Range(0.05, 3600.0))
      ->capture_default_str();
  show->callback(
      [&call] { call.run = [&call] { return run_book_show(call.globals, call.book); }; });
}

void add_others(CLI::App& app, Invocation& call) {
  CLI::App* version = add_command(app, "version", "Version, and layouts of what processes share",
                                  "  tradsys version --json");
  version->callback([&call] { call.run = [&call] { return run_version(call.globals); }; });
  // Listed for --help only: find_sibling_call() takes these before the parser sees them.
  app.add_subcommand("sim",
                     "The appliance in software: runs tradsys-sim, see 'tradsys sim --help'");
  app.add_subcommand("bench", "Measure it: runs tradsys-bench, see 'tradsys bench --help'");
}

ExitCode parse(CLI::App& app, std::vector<std::string> args) {
  std::reverse(args.begin(), args.end());  // CLI11 takes them from the back
  try {
    app.parse(std::move(args));
    return ExitCode::kOk;
  } catch (const CLI::CallForVersion& version) {
    print(std::string(version.what()) + "\n");
  } catch (const CLI::Success&) {
    print(app.help());
  } catch (const CLI::ParseError& error) {
    return fail(ExitCode::kUsage, {"", error.what(), "see 'tradsys --help'"});
  }
  return ExitCode::kOk;
}

}  // namespace

SiblingCall find_sibling_call(const std::vector<std::string>& args) {
  const auto takes_value = [](const std::string& arg) {
    return arg == "--instance" || arg == "--runtime-dir";
  };
  usize at = 0;
  while (at < args.size() && args[at].starts_with('-')) at += takes_value(args[at]) ? 2U : 1U;
  if (at >= args.size() || (args[at] != "sim" && args[at] != "bench")) return {};
  if (at > 0) return {SiblingCall::Kind::kFlagsInFront, args[at], {}};
  return {SiblingCall::Kind::kCall, args[0], {args.begin() + 1, args.end()}};
}

ExitCode run_command_line(const std::vector<std::string>& args) {
  const SiblingCall sibling = find_sibling_call(args);
  if (sibling.kind == SiblingCall::Kind::kCall) return exec_sibling(sibling.name, sibling.args);
  if (sibling.kind == SiblingCall::Kind::kFlagsInFront)
    return fail(ExitCode::kUsage, {"flags in front of '" + sibling.name + "'",
                                   "tradsys-" + sibling.name + " takes them itself",
                                   "put them behind '" + sibling.name + "'"});
  CLI::App app("Operate the TradSys appliance.", "tradsys");
  app.fallthrough();  // before the commands, so that they pass on what they do not know
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  tradsys sim up                        run the appliance in software\n"
      "  tradsys status                        what runs and how it is\n"
      "  tradsys book show COMI -w             a book, live\n"
      "Exit codes are listed in docs/CLI.md: 0 is success, 2 wrong usage, 9 no such instance.");
  Invocation call;
  add_globals(app, call.globals);
  add_status(app, call);
  add_book(app, call);
  add_others(app, call);
  const ExitCode parsed = parse(app, args);
  return parsed == ExitCode::kOk && call.run ? call.run() : parsed;
}

}  // namespace tradsys::cli
