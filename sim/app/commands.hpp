#pragma once
// The commands of `tradsys sim`; each adds itself to the program and runs when it was chosen.
#include <CLI/CLI.hpp>

namespace tradsys::sim {

/// Adds a command; `exit_code` gets the result when it ran (0 ok, 1 failed, 4 no such file, ...).
void add_replay_command(CLI::App& app, int& exit_code);
void add_run_command(CLI::App& app, int& exit_code);
void add_up_command(CLI::App& app, int& exit_code);

}  // namespace tradsys::sim
