// tradsys sim up: the appliance and an exchange with clients, each in a process of its own.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "hostsw/ipc/runtime_paths.hpp"
#include "hostsw/ipc/status_region.hpp"
#include "sim/app/child_process.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/offload_option.hpp"
#include "sim/app/up_config.hpp"

namespace tradsys::sim {
namespace {

volatile std::sig_atomic_t g_stop = 0;
void on_signal(int) { g_stop = 1; }

struct UpOptions {
  UpConfig up;
  std::string runtime_dir;
  std::string instance{ipc::kDefaultInstance};
  std::string run_for;
};

/// "20s", "5m", "1h" or plain seconds; nothing when it is none of these.
std::optional<u64> parse_duration_s(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789") == 0) return std::nullopt;
  const usize digits = text.find_first_not_of("0123456789");
  if (text.size() > 8) return std::nullopt;
  const u64 value = std::stoull(text.substr(0, digits));
  if (digits == std::string::npos || text.substr(digits) == "s") return value;
  if (text.substr(digits) == "m") return value * 60;
  if (text.substr(digits) == "h") return value * 3'600;
  return std::nullopt;
}

int fail(const Error& error, int code = 1) {
  std::fprintf(stderr, "tradsys sim up: %s\n", error.message().c_str());
  return code;
}

void sleep_ms(long ms) {
  const timespec nap{ms / 1'000, ms % 1'000 * 1'000'000};
  nanosleep(&nap, nullptr);
}

/// How to call a program that lies beside this one, from the current folder.
std::string shown_program(const char* name) {
  std::error_code failure;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failure);
  const std::filesystem::path here = std::filesystem::current_path(failure);
  const std::filesystem::path path = self.parent_path() / name;
  const std::filesystem::path relative = path.lexically_relative(here);
  return relative.empty() || relative.native().starts_with("..") ? path.string()
                                                                 : relative.string();
}

void print_where(const UpFiles& files, const UpOptions& options) {
  const bool standard = options.runtime_dir.empty() && options.instance == ipc::kDefaultInstance;
  const std::string flags =
      standard ? ""
               : " --runtime-dir " + files.runtime_dir.string() + " --instance " + options.instance;
  const std::string tradsys = shown_program("tradsys");
  const std::string words =
      standard ? "" : " " + options.instance + " " + files.runtime_dir.string();
  const std::string symbol = first_symbol(options.up);
  std::printf(
      "\nThe appliance is running in simulation.\n"
      "  tradsys-venue      exchange with %u instruments, feed lines A and B, %u clients at %u "
      "orders/s each\n"
      "  tradsys-dataplane  feed -> books -> strategy -> gate -> order entry, journal in %s\n"
      "  files              %s\n\n"
      "Try next, in another terminal:\n"
      "  %s%s status\n"
      "  %s%s top\n"
      "  %s%s book show %s\n"
      "  %s %s%s\n"
      "  %s --symbol %s --edge 0 --password-file %s%s\n\n",
      options.up.instruments, options.up.clients, options.up.orders_per_s, files.journal.c_str(),
      files.folder.c_str(), tradsys.c_str(), flags.c_str(), tradsys.c_str(), flags.c_str(),
      tradsys.c_str(), flags.c_str(), symbol.c_str(), shown_program("tradsys-subscriber").c_str(),
      symbol.c_str(), words.c_str(), shown_program("tradsys-market-maker").c_str(), symbol.c_str(),
      files.local_password.c_str(), flags.c_str());
  if (options.run_for.empty())
    std::printf("Stop it with Ctrl-C.\n");
  else
    std::printf("It stops by itself after %s.\n", options.run_for.c_str());
  std::fflush(stdout);
}

/// One line of what happened, from the status region.
bool print_summary(const UpFiles& files) {
  Result<ipc::StatusReader> reader = ipc::StatusReader::open(files.status);
  ipc::OrderStatus orders;
  ipc::FeedStatus feed;
  if (!reader || !reader.value().orders(orders) || !reader.value().feed(0, feed)) return false;
  u64 refused = 0;
  for (u32 i = 1; i < ipc::kReasonsMax; ++i) refused += orders.verdicts[i];
  std::printf("feed: %" PRIu64 " messages, %" PRIu64 " gaps; orders: %" PRIu64 " passed, %" PRIu64
              " refused, %" PRIu64 " fills; journal: %" PRIu64 " records, %" PRIu64 " durable\n",
              feed.messages, feed.gaps, orders.verdicts[0], refused, orders.fills,
              orders.journal_seq, orders.durable_seq);
  return feed.messages > 0 && orders.verdicts[0] > 0 && orders.fills > 0;
}

/// Waits until the dataplane trades, so that what is printed next is true.
bool wait_until_trading(const UpFiles& files, ChildProcess& venue, ChildProcess& dataplane) {
  for (int i = 0; i < 300 && g_stop == 0; ++i) {
    if (!venue.running() || !dataplane.running()) return false;
    Result<ipc::StatusReader> reader = ipc::StatusReader::open(files.status);
    ipc::OrderStatus orders;
    if (reader && reader.value().orders(orders) && orders.verdicts[0] > 0) return true;
    sleep_ms(100);
  }
  return false;
}

int supervise(const UpOptions& options, const UpFiles& files, u64 seconds) {
  Result<ChildProcess> venue =
      ChildProcess::start("tradsys-venue", venue_arguments(options.up, files), files.venue_log);
  if (!venue) return fail(venue.error());
  Result<ChildProcess> dataplane = ChildProcess::start(
      "tradsys-dataplane", {"--config", files.config.string()}, files.dataplane_log);
  if (!dataplane) return fail(dataplane.error());
  if (!wait_until_trading(files, venue.value(), dataplane.value())) {
    if (g_stop != 0) return 130;
    return fail({"the appliance does not trade",
                 "see " + files.dataplane_log.string() + " and " + files.venue_log.string(), ""});
  }
  print_where(files, options);
  for (u64 ms = 0; g_stop == 0 && (seconds == 0 || ms < seconds * 1'000); ms += 100) {
    sleep_ms(100);
    if (!venue.value().running())
      return fail({"tradsys-venue", "ended by itself", "see " + files.venue_log.string()});
    if (!dataplane.value().running()) {
      return fail({"tradsys-dataplane", "ended by itself", "see " + files.dataplane_log.string()});
    }
  }
  const bool traffic = print_summary(files);
  dataplane.value().stop();
  venue.value().stop();
  if (!traffic)
    return fail({"the appliance", "saw no traffic in one direction",
                 "see the logs in " + files.folder.string()});
  std::printf("stopped.\n");
  return 0;
}

int up(const UpOptions& options) {
  u64 seconds = 0;
  if (!options.run_for.empty()) {
    const std::optional<u64> parsed = parse_duration_s(options.run_for);
    if (!parsed || *parsed == 0) {
      return fail(
          {"--for " + options.run_for, "is not a duration", "use for example 20s, 5m or 1h"}, 2);
    }
    seconds = *parsed;
  }
  if (Status built = offload::offload_built(options.up.offload); !built)
    return fail(built.error(), 2);
  Result<ipc::InstancePaths> paths = ipc::instance_paths(options.instance, options.runtime_dir);
  if (!paths) return fail(paths.error(), 2);
  if (Status s = ipc::make_instance_folder(paths.value()); !s) return fail(s.error());
  Result<UpFiles> files = write_up_files(options.up, paths.value(), options.instance);
  if (!files) return fail(files.error());
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  return supervise(options, files.value(), seconds);
}

}  // namespace

void add_up_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<UpOptions>();
  CLI::App* command =
      app.add_subcommand("up", "Start exchange, appliance and clients; runs until stopped");
  command->add_option("--for", options->run_for, "Stop by itself after this time, e.g. 20s");
  command->add_option("--clients", options->up.clients, "Client sessions")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
  command
      ->add_option("--orders-per-s", options->up.orders_per_s, "Orders of each client per second")
      ->check(CLI::Range(1, 50'000))
      ->capture_default_str();
  command
      ->add_option("--flow-per-s", options->up.flow_per_s,
                   "Actions of other participants per second")
      ->check(CLI::Range(0, 500'000))
      ->capture_default_str();
  command->add_option("--instruments", options->up.instruments, "Instruments listed")
      ->check(CLI::Range(1, 512))
      ->capture_default_str();
  command->add_option("--seed", options->up.seed, "Seed of market and clients")
      ->capture_default_str();
  add_offload_option(*command, options->up.offload);
  command->add_option("--instance", options->instance, "Name of this simulation")
      ->capture_default_str();
  command->add_option("--runtime-dir", options->runtime_dir,
                      "Folder of the files that the processes share");
  command->callback([options, &exit_code] { exit_code = up(*options); });
}

}  // namespace tradsys::sim
