// tradsys-dataplane: the pinned, busy-polling process.
#include <CLI/CLI.hpp>
#include <cinttypes>
#include <csignal>
#include <cstdio>

#include "dataplane/app/dataplane.hpp"
#include "dataplane/app/roll_journal.hpp"
#include "dataplane/app/tile_placement.hpp"

namespace {

tradsys::dataplane::StopFlag g_stop{false};  // the signal handler's only way in

void on_signal(int) { g_stop.store(true, std::memory_order_relaxed); }

int fail(const tradsys::Error& error, int code) {
  std::fprintf(stderr, "tradsys-dataplane: %s\n", error.message().c_str());
  return code;
}

int replay_only(const tradsys::config::DataplaneConfig& config, tradsys::u64 until_seq) {
  const auto report = tradsys::dataplane::replay_journal(config, until_seq);
  if (!report) return fail(report.error(), 1);
  const tradsys::dataplane::ReplayReport& r = report.value();
  std::printf("{\"schema\":\"tradsys/v1/replay\",\"records\":%" PRIu64 ",\"last_seq\":%" PRIu64
              ",\"state_hash\":\"%016" PRIx64 "\",\"live_orders\":%" PRIu64
              ",\"next_order_id\":%" PRIu64 ",\"executed_qty\":%" PRIu64 "}\n",
              r.records, r.last_seq, r.state_hash, r.live_orders, r.next_order_id, r.executed_qty);
  return 0;
}

int roll(const tradsys::config::DataplaneConfig& config, const std::string& from,
         const std::string& to) {
  const auto summary =
      tradsys::dataplane::roll_journal(config, from, to, tradsys::dataplane::wall_now_ns());
  if (!summary) return fail(summary.error(), 1);
  const tradsys::dataplane::RollSummary& s = summary.value();
  std::printf("{\"schema\":\"tradsys/v1/journal-roll\",\"day\":%u,\"records\":%" PRIu64
              ",\"state_hash\":\"%016" PRIx64 "\",\"next_order_id\":%" PRIu64
              ",\"positions\":%u,\"orders\":%u,\"trades\":%u,\"switches_set\":%u}\n",
              s.day, s.records, s.state_hash, s.next_order_id, s.positions, s.orders, s.trades,
              s.switches);
  return 0;
}

int explain_placement(const tradsys::config::DataplaneConfig& config) {
  const auto placement = tradsys::dataplane::place_tiles(config);
  if (!placement) return fail(placement.error(), 1);
  std::fputs(placement.value().explanation.c_str(), stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Feed, books, gate and order entry on kernel-bypass ports", "tradsys-dataplane"};
  std::string file;
  bool check = false;
  bool explain = false;
  bool replay = false;
  tradsys::u64 until_seq = 0;
  app.add_option("--config", file, "Configuration (TOML); `tradsys config doc` describes it")
      ->required();
  app.add_flag("--check", check, "Check the configuration and exit");
  app.add_flag("--explain", explain,
               "Say which processor each tile would run on and why, and exit");
  app.add_flag("--replay-only", replay, "Replay the journal, print what it rebuilds, and exit");
  app.add_option("--until-seq", until_seq, "With --replay-only: stop after this record");
  std::string roll_from;
  std::string roll_to;
  CLI::Option* from = app.add_option("--roll-from", roll_from,
                                     "Begin the next day's journal from this folder, and exit");
  from->needs(app.add_option("--roll-to", roll_to, "With --roll-from: the folder to make"));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  using tradsys::config::SecretFiles;
  const auto config = tradsys::config::load_dataplane_config(
      file,
      replay || explain || !roll_from.empty() ? SecretFiles::kIgnored : SecretFiles::kChecked);
  if (!config) return fail(config.error(), 12);
  if (check) return 0;
  if (explain) return explain_placement(config.value());
  if (!roll_from.empty()) return roll(config.value(), roll_from, roll_to);
  if (replay) return replay_only(config.value(), until_seq);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  const tradsys::Status status = tradsys::dataplane::run_dataplane(config.value(), g_stop);
  return status ? 0 : fail(status.error(), 1);
}
