// tradsys-sim: the appliance in software. `tradsys sim ...` runs it.
#include "sim/app/commands.hpp"

int main(int argc, char** argv) {
  CLI::App app{"The whole appliance in software: no hugepages, NIC or database needed",
               "tradsys sim"};
  app.require_subcommand(1);
  int exit_code = 0;
  tradsys::sim::add_up_command(app, exit_code);
  tradsys::sim::add_replay_command(app, exit_code);
  tradsys::sim::add_run_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  return exit_code;
}
