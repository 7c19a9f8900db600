// tradsys sim run: the whole appliance in virtual time, checked against its invariants.
#include <cstdio>
#include <memory>

#include "drivers/nic/eal.hpp"
#include "sim/app/cable_options.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/offload_option.hpp"
#include "sim/world/world.hpp"

namespace tradsys::sim {
namespace {

struct RunOptions {
  WorldConfig world;
  u64 seeds = 1;
  CableOptions cable;
  offload::Offload offload = offload::Offload::kSoft;
  bool json = false;
};

void print_json(const WorldConfig& config, const WorldResult& r) {
  std::printf(
      "{\"schema\":\"tradsys/v1/sim-run\",\"seed\":%lu,\"orders\":%lu,\"terminal\":%lu,"
      "\"violations\":%zu,\"trace_hash\":\"%016lx\",\"state_hash\":\"%016lx\",\"fills\":%lu,"
      "\"rejected\":%lu,\"canceled\":%lu,\"replaced\":%lu,\"adopted\":%lu,\"crashes\":%lu,"
      "\"disconnects\":%lu,\"venue_cuts\":%lu,\"busts\":%lu,\"corrections\":%lu,\"rolls\":%lu,"
      "\"strategy_orders\":%lu,\"feed_messages\":%lu,\"feed_gaps\":%lu,\"compared\":%lu,"
      "\"fallbacks\":%lu,"
      "\"frames\":%lu,\"virtual_ns\":%ld,\"broken\":[",
      config.seed, r.orders, r.terminal, r.violations.size(), r.trace_hash, r.state_hash, r.fills,
      r.rejected, r.canceled, r.replaced, r.adopted, r.crashes, r.disconnects, r.venue_cuts,
      r.busts, r.corrections, r.rolls, r.strategy_orders, r.feed_messages, r.feed_gaps, r.compared,
      r.fallbacks, r.frames, r.virtual_ns);
  for (usize i = 0; i < r.violations.size(); ++i) {
    std::printf("%s\"%s\"", i == 0 ? "" : ",", r.violations[i].c_str());
  }
  std::printf("]}\n");
}

void print_text(const WorldConfig& config, const WorldResult& r) {
  std::printf(
      "seed %lu: %lu orders, %lu ended, %lu fills, %lu refused, %lu replaced; %lu crashes, "
      "%lu disconnects, %lu venue cuts, %lu adopted; %lu feed messages, %lu gaps; %.3f s "
      "simulated; trace "
      "%016lx: %s\n",
      config.seed, r.orders, r.terminal, r.fills, r.rejected, r.replaced, r.crashes, r.disconnects,
      r.venue_cuts, r.adopted, r.feed_messages, r.feed_gaps,
      static_cast<double>(r.virtual_ns) / 1e9, r.trace_hash,
      r.violations.empty() ? "all invariants hold" : "INVARIANTS BROKEN");
  if (r.fallbacks != 0) std::printf("  the circuit of the gate fell back to software\n");
  for (const std::string& violation : r.violations) std::printf("  %s\n", violation.c_str());
}

int run(RunOptions options) {
  if (options.seeds != 1 && !options.world.capture_dir.empty()) {
    std::fprintf(stderr, "--capture records one seed; give --seeds 1\n");
    return 2;
  }
  if (Status built = offload::offload_built(options.offload); !built) {
    std::fprintf(stderr, "%s\n", built.error().message().c_str());
    return 2;
  }
  options.world.make_circuit = offload::circuit_maker(options.offload);
  options.cable.apply_to(options.world.wire);
  if (Status eal = nic::Eal::init({.memory_mib = 256}); !eal) {
    std::fprintf(stderr, "%s\n", eal.error().message().c_str());
    return 1;
  }
  int code = 0;
  for (u64 i = 0; i < options.seeds; ++i, ++options.world.seed) {
    Result<WorldResult> result = run_world(options.world);
    if (!result) {
      std::fprintf(stderr, "%s\n", result.error().message().c_str());
      return 1;
    }
    (options.json ? print_json : print_text)(options.world, result.value());
    std::fflush(stdout);
    if (!result.value().violations.empty() || result.value().fallbacks != 0) code = 1;
  }
  return code;
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      app.add_subcommand("run", "Run the whole appliance in virtual time and check its invariants");
  WorldConfig& world = options->world;
  command->add_option("--seed", world.seed, "Seed of everything random")->capture_default_str();
  command->add_option("--seeds", options->seeds, "Run this many seeds, counting up")
      ->capture_default_str();
  command->add_option("--orders", world.orders, "New orders of all clients together")
      ->capture_default_str();
  command->add_option("--clients", world.clients, "Client sessions, 1 to 8")->capture_default_str();
  command->add_option("--instruments", world.instruments, "Instruments listed, 1 to 512")
      ->capture_default_str();
  command->add_option("--crashes", world.crashes, "Times the dataplane dies and is restarted")
      ->capture_default_str();
  command->add_option("--disconnects", world.disconnects, "Times a client's connection is cut")
      ->capture_default_str();
  command->add_option("--venue-cuts", world.venue_cuts, "Times the venue ends its connection")
      ->capture_default_str();
  command->add_option("--busts", world.busts, "Executions that the venue takes back")
      ->capture_default_str();
  command->add_option("--corrections", world.corrections, "Executions that the venue corrects")
      ->capture_default_str();
  command->add_option("--rolls", world.rolls, "Times the trading day ends and the next one begins")
      ->capture_default_str();
  add_offload_option(*command, options->offload);
  options->cable.add_to(*command);
  command->add_option("--capture", world.capture_dir,
                      "Write venue.pcap and client.pcap into this folder, with virtual time");
  command->add_flag("--json", options->json, "One JSON object per seed");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace tradsys::sim
