// tradsys-bench: measures the product's hot paths. `tradsys bench ...` runs this program.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>

#include "sim/bench/harness.hpp"
#include "sim/bench/host.hpp"

namespace tradsys::bench {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

/// What a percentile holds beside the item: two reads of the counter with nothing between them.
double empty_item_ns(const clock::TscClock& clock) {
  LatencyProbe probe;
  for (u32 i = 0; i < 100'000; ++i) {
    probe.begin();
    probe.end();
  }
  return static_cast<double>(probe.ticks().percentile(500'000)) * static_cast<double>(kSecond.v) /
         static_cast<double>(clock.hz());
}

void print_head(const clock::TscClock& clock) {
  std::printf("%s\nan empty item: %.0f ns, in each percentile\n", host_text().c_str(),
              empty_item_ns(clock));
  std::printf("%-14s %-12s %10s %10s %8s %8s %8s %5s %12s %6s %6s\n", "bench", "unit", "median",
              "min", "p50", "p99", "p99.9", "runs", "items", "load<", "load>");
}

int run_selected(const std::vector<std::string>& names, const Options& options) {
  const auto clock = clock::TscClock::make();
  if (!clock) {
    std::fprintf(stderr, "tradsys-bench: %s\n", clock.error().message().c_str());
    return kExitFailed;
  }
  if (!options.json) print_head(clock.value());
  for (const Registration& bench : registered_benches()) {
    const auto named = [&bench](const std::string& n) {
      return n == bench.name || n == bench.group;
    };
    if (std::none_of(names.begin(), names.end(), named)) continue;
    const Result<Report> report = run_bench(bench, options, clock.value());
    if (!report) {
      std::fprintf(stderr, "tradsys-bench %s: %s\n", bench.name.c_str(),
                   report.error().message().c_str());
      return kExitFailed;
    }
    std::printf("%s\n", (options.json ? to_json(report.value()) : to_text(report.value())).c_str());
    std::fflush(stdout);
  }
  return 0;
}

int run_command_line(int argc, char** argv) {
  std::vector<std::string> known;
  for (const Registration& bench : registered_benches()) {
    known.push_back(bench.name);
    const bool first = std::find(known.begin(), known.end(), bench.group) == known.end();
    if (!bench.group.empty() && first) known.push_back(bench.group);
  }

  Options options;
  std::vector<std::string> names;
  CLI::App app{
      "Measures hot paths: nanoseconds an item over the runs, percentiles of single items.",
      "tradsys-bench"};
  app.add_option("bench", names, "What to measure, by name or group; all when none is named")
      ->check(CLI::IsMember(known));
  app.add_option("--itch", options.itch_path,
                 "ITCH 5.0 BinaryFILE, plain or gzip (default: a built-in seeded stream)")
      ->check(CLI::ExistingFile);
  app.add_option("--runs", options.runs, "Timed runs")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--items", options.items, "Items of each run (default: the bench's own number)")
      ->check(CLI::PositiveNumber);
  app.add_flag("--json", options.json, "One JSON object a line for each bench");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitUsage;
  }
  return run_selected(names.empty() ? known : names, options);
}

}  // namespace
}  // namespace tradsys::bench

int main(int argc, char** argv) { return tradsys::bench::run_command_line(argc, argv); }
