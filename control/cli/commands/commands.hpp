#pragma once
// The commands: what each is given, and its exit code. One file each.
#include <optional>
#include <string>
#include <vector>

#include "control/cli/globals.hpp"

namespace tradsys::cli {

/// Everything about the instance on one screen. kNotLive when it is dead or stalled.
[[nodiscard]] ExitCode run_status(const Globals& globals);

struct TopOptions {
  double interval_s = 1;
  u32 frames = 0;  ///< 0: until stopped
};
/// Rates and latency of the last interval, again and again.
[[nodiscard]] ExitCode run_top(const Globals& globals, const TopOptions& options);

struct BookOptions {
  std::string symbol;
  u32 depth = 10;
  bool watch = false;
  double interval_s = 1;
};
/// The top levels of one book. kNotFound for an unknown symbol.
[[nodiscard]] ExitCode run_book_show(const Globals& globals, const BookOptions& options);

enum class RiskAction : u8 { kKill, kReduceOnly, kResume };
struct RiskOptions {
  RiskAction action = RiskAction::kKill;
  std::string scope;
  bool yes = false;
  double timeout_s = 2;
};
/// Moves a kill switch and waits for the dataplane's word. kTimeout: outcome unknown.
[[nodiscard]] ExitCode run_risk_switch(const Globals& globals, const RiskOptions& options);

struct CancelOptions {
  bool all = false;
  std::string session;  ///< of a client, as in the status; as the next, empty: any
  std::string symbol;
  std::optional<u16> account;
  std::optional<u16> strategy;  ///< 0: orders of clients
  std::string side;  ///< "buy", "sell" or empty: both
  bool yes = false;
  double timeout_s = 2;
};
/// Cancels the live orders that all given options name; trading goes on. kTimeout: outcome unknown.
[[nodiscard]] ExitCode run_risk_cancel(const Globals& globals, const CancelOptions& options);

struct DayOptions {
  bool yes = false;
  double timeout_s = 2;
};
/// Ends the trading day of a running dataplane. kConflict when it is not confirmed or orders are in
/// its way, kTimeout: outcome unknown.
[[nodiscard]] ExitCode run_day_end(const Globals& globals, const DayOptions& options);

struct LimitsOptions {
  std::string row;
  std::vector<std::string> assignments;  ///< FIELD=NUMBER; none: only shows
  double timeout_s = 2;
};
/// Shows the limits in force of one row, after it has put changed ones in force.
[[nodiscard]] ExitCode run_risk_limits(const Globals& globals, const LimitsOptions& options);

struct HeadroomOptions {
  double timeout_s = 2;
};
/// How much of each limit of firm, clients, accounts and strategies is used.
[[nodiscard]] ExitCode run_risk_headroom(const Globals& globals, const HeadroomOptions& options);

struct WhatIfOptions {
  std::string symbol;
  std::string side;
  std::string price;  ///< with decimals, or "market"
  u16 account = 0;
  u32 qty = 0;
  u16 strategy = 0;  ///< 0 to 255
  double timeout_s = 2;
};
/// What the gate would say to an order now; nothing is sent anywhere.
[[nodiscard]] ExitCode run_risk_whatif(const Globals& globals, const WhatIfOptions& options);

struct ExplainOptions {
  u64 order_id = 0;
  std::string folder;  ///< of the journal
};
/// Why a request passed or was refused, from the journal. kNotFound when it is not there.
[[nodiscard]] ExitCode run_risk_explain(const Globals& globals, const ExplainOptions& options);

/// Reads a whole journal and vouches for it. kNotLive for a torn tail, kFailed for corruption.
[[nodiscard]] ExitCode run_journal_verify(const Globals& globals, const std::string& folder);

struct RollOptions {
  std::string from;
  std::string to;
  std::string config;
};
/// Begins the next day's journal; tradsys-dataplane does it. Returns only when there is none.
[[nodiscard]] ExitCode run_journal_roll(const RollOptions& options);

/// Whether a dataplane would start with this file. kConfigInvalid names every problem.
[[nodiscard]] ExitCode run_config_check(const Globals& globals, const std::string& file);
/// All values in force as TOML, defaults included.
[[nodiscard]] ExitCode run_config_show(const Globals& globals, const std::string& file);
/// The reference of all keys as Markdown.
[[nodiscard]] ExitCode run_config_doc(const Globals& globals);

struct DoctorOptions {
  std::string root = "/";
  std::string journal_folder;  ///< empty: not checked
};
/// Checks this host. kDoctorWarnings or kDoctorFatal when something is not as required.
[[nodiscard]] ExitCode run_doctor(const Globals& globals, const DoctorOptions& options);

[[nodiscard]] ExitCode run_version(const Globals& globals);

/// Becomes the program `tradsys-<name>` beside this one, with these arguments; returns only when
/// that is not possible.
[[nodiscard]] ExitCode exec_sibling(const std::string& name, const std::vector<std::string>& args);

}  // namespace tradsys::cli
