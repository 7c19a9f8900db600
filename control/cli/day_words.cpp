// The words behind `tradsys day` and `tradsys journal`.
#include "control/cli/command_words.hpp"

namespace tradsys::cli {

void add_day(CLI::App& app, Invocation& call) {
  CLI::App* day = add_group(app, "day", "The trading day");
  CLI::App* end = add_command(
      *day, "end", "End the trading day, where the venue does not say so itself",
      "  tradsys day end\n"
      "  tradsys day end --yes --timeout 5\n"
      "New orders are refused from then on, until the next day's journal: see 'tradsys journal\n"
      "roll'. Day orders must be canceled before, as long as the venue can be reached.\n"
      "Exit code 6 when not confirmed or day orders are live, 9 when there is no live dataplane,\n"
      "8 when it does not answer in time: then the outcome is unknown.",
      [&call] { call.run = [&call] { return run_day_end(call.globals, call.day); }; });
  end->add_flag("-y,--yes", call.day.yes, "Do not ask; needed where nobody can be asked");
  add_timeout(*end, call.day.timeout_s);
}

void add_journal(CLI::App& app, Invocation& call) {
  CLI::App* journal =
      add_group(app, "journal", "The record of everything that changed order state");
  add_command(
      *journal, "verify", "Read a whole journal and vouch for every byte",
      "  tradsys journal verify /var/lib/tradsys/journal\n"
      "Exit code 3 for a torn tail (the last write was cut short, or is under way),\n"
      "1 for damage, 4 when there is no journal.",
      [&call] { call.run = [&call] { return run_journal_verify(call.globals, call.path); }; })
      ->add_option("DIR", call.path, "Folder of the journal")
      ->required();
  CLI::App* roll = add_command(
      *journal, "roll", "Begin the next day's journal with what outlives the day",
      "  tradsys journal roll /var/lib/tradsys/mon /var/lib/tradsys/tue --config FILE\n"
      "Positions, orders that are good till canceled, limits, kill switches and identifiers go\n"
      "on; values of the day, executions and client streams begin anew. OLD is only read and must\n"
      "end with the end of its day; NEW must not exist, and is there whole or not at all.\n"
      "Exit code 1 when it cannot be done, 12 for a bad configuration.",
      [&call] { call.run = [&call] { return run_journal_roll(call.roll); }; });
  roll->add_option("OLD", call.roll.from, "Folder of the day that ended")->required();
  roll->add_option("NEW", call.roll.to, "Folder to make")->required();
  roll->add_option("--config", call.roll.config, "Configuration of the dataplane")
      ->type_name("FILE")
      ->required();
}

}  // namespace tradsys::cli
