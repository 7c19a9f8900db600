// tradsys-venue: the exchange simulator as a process of its own, on one or two shared-memory wires.
// The second wire, where given, carries demonstration clients of the appliance.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "sim/app/venue_process.hpp"

namespace {

tradsys::sim::StopFlag g_stop{false};  // the signal handler's only way in

void on_signal(int) { g_stop.store(true, std::memory_order_relaxed); }

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Exchange simulator: matching engine, ITCH 5.0 feed, OUCH 5.0 gateway",
               "tradsys-venue"};
  tradsys::sim::VenueProcessConfig config;
  app.add_option("--wire", config.venue_wire, "Shared-memory wire towards the appliance")
      ->required();
  app.add_option("--client-wire", config.client_wire,
                 "Wire for demonstration clients; none without it");
  app.add_option("--clients", config.clients, "Demonstration clients")->capture_default_str();
  app.add_option("--orders-per-s", config.orders_per_s, "Orders of each client per second")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--orders", config.orders, "New orders of each client; 0 = without end")
      ->capture_default_str();
  app.add_option("--flow-per-s", config.flow_per_s, "Actions of other participants per second")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  app.add_option("--instruments", config.instruments, "Instruments listed")
      ->check(CLI::Range(1, 512))
      ->capture_default_str();
  app.add_option("--seed", config.seed, "Seed of everything random")->capture_default_str();
  app.add_flag("--keep-orders-on-disconnect", config.keep_orders, "No cancel on disconnect");
  app.add_option("--report", config.report_file,
                 "Where to write what was traded, as JSON, at the end");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  const tradsys::Status status = tradsys::sim::run_venue(config, g_stop);
  if (!status) std::fprintf(stderr, "tradsys-venue: %s\n", status.error().message().c_str());
  return status ? 0 : 1;
}
