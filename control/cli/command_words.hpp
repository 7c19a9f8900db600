#pragma once
// How the words of the command line are put together: what all groups of commands share.
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "control/cli/commands/commands.hpp"

namespace tradsys::cli {

/// What the words select: filled in while CLI11 parses, run afterwards.
struct Invocation {
  Globals globals;
  TopOptions top;
  BookOptions book;
  RiskOptions risk;
  CancelOptions cancel;
  DayOptions day;
  RollOptions roll;
  LimitsOptions limits;
  HeadroomOptions headroom;
  WhatIfOptions whatif;
  ExplainOptions explain;
  DoctorOptions doctor;
  std::string path;
  std::function<ExitCode()> run;
};

inline constexpr const char* kGlobalFlags = "\nFlags of every command: see 'tradsys --help'.";

/// A command that does something. `notes` are its examples and exit codes.
inline CLI::App* add_command(CLI::App& parent, const char* name, const char* what,
                             std::string notes, std::function<void()> chosen) {
  CLI::App* command = parent.add_subcommand(name, what);
  command->footer("Examples:\n" + std::move(notes) + kGlobalFlags);
  command->callback(std::move(chosen));
  return command;
}

/// A word that only leads to commands.
inline CLI::App* add_group(CLI::App& parent, const char* name, const char* what) {
  CLI::App* group = parent.add_subcommand(name, what);
  group->require_subcommand(1);
  group->footer(kGlobalFlags + 1);
  return group;
}

/// Seconds to wait for a dataplane's answer.
inline void add_timeout(CLI::App& app, double& timeout_s) {
  app.add_option("--timeout", timeout_s, "Seconds to wait for the answer, 0.01 to 600")
      ->type_name("S")
      ->check(CLI::Range(0.01, 600.0))
      ->capture_default_str();
}

/// The groups `day` and `journal`; day_words.cpp.
void add_day(CLI::App& app, Invocation& call);
void add_journal(CLI::App& app, Invocation& call);
/// The group `risk`; risk_words.cpp.
void add_risk(CLI::App& app, Invocation& call);

}  // namespace tradsys::cli
