#include "control/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>

#include "control/cli/command_words.hpp"
#include "control/cli/commands/commands.hpp"
#include "control/cli/help.hpp"
#include "control/cli/version.hpp"

namespace tradsys::cli {
namespace {

void add_interval(CLI::App& command, const char* what, double& interval_s) {
  command.add_option("-i,--interval", interval_s, what)
      ->type_name("S")
      ->check(CLI::Range(0.05, 3600.0))
      ->capture_default_str();
}

void add_globals(CLI::App& app, Globals& globals) {
  app.add_option("--instance", globals.instance, "Which running instance")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--runtime-dir", globals.runtime_dir,
                 "Folder of the instances; else the first of $TRADSYS_RUNTIME_DIR,\n"
                 "$XDG_RUNTIME_DIR/tradsys, /tmp/tradsys-<user id>")
      ->type_name("DIR");
  app.add_flag("--json", globals.json, "Data as JSON");
  app.add_flag("--no-color", globals.no_color, "No colours, as with the variable NO_COLOR");
  app.add_flag("-q,--quiet", globals.quiet, "Errors only on stderr, no remarks");
  app.set_version_flag("-V,--version", std::string("tradsys ") + kVersion,
                       "Print the version and stop");
}

void add_status(CLI::App& app, Invocation& call) {
  add_command(app, "status", "Everything about an instance on one screen",
              "  tradsys status\n"
              "  tradsys status --instance egx-1 --json\n"
              "Exit code 3 when the dataplane is dead or stalled; its last state is shown.",
              [&call] { call.run = [&call] { return run_status(call.globals); }; });
}

void add_top(CLI::App& app, Invocation& call) {
  CLI::App* top = add_command(
      app, "top", "Rates and latency of the last interval, again and again",
      "  tradsys top\n"
      "  tradsys top -i 0.5\n"
      "  tradsys top --once --json\n"
      "Elsewhere than on a terminal one frame follows the other; with --json one line each.\n"
      "Exit code 0 after q, 130 after Ctrl-C, 3 when the last frame shows a dead dataplane.",
      [&call] { call.run = [&call] { return run_top(call.globals, call.top); }; });
  add_interval(*top, "Seconds between two frames, 0.05 to 3600", call.top.interval_s);
  top->add_option("-n,--frames", call.top.frames, "Stop after so many frames; 0 never")
      ->type_name("N")
      ->capture_default_str();
  top->add_flag_callback(
      "--once", [&call] { call.top.frames = 1; }, "One frame: the same as -n 1");
}

void add_book(CLI::App& app, Invocation& call) {
  CLI::App* book = add_group(app, "book", "Order books");
  CLI::App* show = add_command(
      *book, "show", "The top levels of one book, best first",
      "  tradsys book show COMI\n"
      "  tradsys book show COMI -d 5 -w\n"
      "  tradsys book show COMI --json\n"
      "Exit code 4 for an unknown symbol, 3 when the book shown is not live.",
      [&call] { call.run = [&call] { return run_book_show(call.globals, call.book); }; });
  show->add_option("SYM", call.book.symbol, "Symbol as on the feed")->required();
  show->add_option("-d,--depth", call.book.depth, "Levels a side, 1 to 10")
      ->type_name("N")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  show->add_flag("-w,--watch", call.book.watch, "Again and again until q or Ctrl-C");
  add_interval(*show, "Seconds between two looks with -w, 0.05 to 3600", call.book.interval_s);
}

void add_config(CLI::App& app, Invocation& call) {
  CLI::App* config = add_group(app, "config", "Configuration files of a dataplane");
  add_command(*config, "check", "Whether a dataplane would start with this file",
              "  tradsys config check /etc/tradsys/dataplane.toml\n"
              "Exit code 12 when it would not: every problem is named with its line.",
              [&call] { call.run = [&call] { return run_config_check(call.globals, call.path); }; })
      ->add_option("FILE", call.path, "Configuration")
      ->required();
  add_command(*config, "show", "All values in force, defaults included, as TOML",
              "  tradsys config show /etc/tradsys/dataplane.toml\n"
              "Exit code 12 when the file is not valid.",
              [&call] { call.run = [&call] { return run_config_show(call.globals, call.path); }; })
      ->add_option("FILE", call.path, "Configuration")
      ->required();
  add_command(*config, "doc", "Reference of all keys, as Markdown",
              "  tradsys config doc > CONFIG.md",
              [&call] { call.run = [&call] { return run_config_doc(call.globals); }; });
}

void add_others(CLI::App& app, Invocation& call) {
  CLI::App* doctor = add_command(
      app, "doctor", "Check whether this host suits a dataplane in production",
      "  tradsys doctor\n"
      "  tradsys doctor --journal-dir /var/lib/tradsys/journal --json\n"
      "Exit code 10 for warnings, 11 when something fatal is missing. Nothing is changed.",
      [&call] { call.run = [&call] { return run_doctor(call.globals, call.doctor); }; });
  doctor->add_option("--journal-dir", call.doctor.journal_folder, "Check this folder as well")
      ->type_name("DIR");
  doctor->add_option("--root", call.doctor.root, "Read /proc and /sys below this folder")
      ->type_name("DIR")
      ->capture_default_str();
  add_command(app, "version", "Version, and layouts of what processes share",
              "  tradsys version\n"
              "  tradsys version --json",
              [&call] { call.run = [&call] { return run_version(call.globals); }; });
  // Listed for --help only: find_sibling_call() takes these before the parser sees them.
  app.add_subcommand("sim", "The appliance in software (tradsys-sim): see 'tradsys sim --help'");
  app.add_subcommand("bench", "Measure it (tradsys-bench): see 'tradsys bench --help'");
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
  app.formatter(std::make_shared<HelpFormatter>());
  app.fallthrough();  // before the commands, so that they pass on what they do not know
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  tradsys sim up                        run the appliance in software\n"
      "  tradsys status                        what runs and how it is\n"
      "  tradsys top                           rates and latency, live\n"
      "  tradsys book show COMI -w             a book, live\n"
      "  tradsys risk kill --scope all         stop trading\n"
      "Exit codes: 0 done, 1 failed or refused, 2 wrong arguments, 3 shown but not live,\n"
      "4 not found, 5 not permitted, 6 not confirmed, 8 no answer (outcome unknown),\n"
      "9 no such instance, 10 and 11 findings of doctor, 12 configuration not valid,\n"
      "130 interrupted.");
  Invocation call;
  add_globals(app, call.globals);
  add_status(app, call);
  add_top(app, call);
  add_book(app, call);
  add_risk(app, call);
  add_day(app, call);
  add_journal(app, call);
  add_config(app, call);
  add_others(app, call);
  const ExitCode parsed = parse(app, args);
  return parsed == ExitCode::kOk && call.run ? call.run() : parsed;
}

}  // namespace tradsys::cli
