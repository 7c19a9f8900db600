#include "sim/bench/harness.hpp"

#include <time.h>

#include <algorithm>
#include <cstdio>

#include "sim/bench/host.hpp"

namespace tradsys::bench {
namespace {

std::vector<Registration>& registry() {
  static std::vector<Registration> benches;
  return benches;
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const usize half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::string number(double value) {
  if (value < 0) return "null";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

std::string latency_text(double value) {
  return value < 0 ? std::string("-") : std::to_string(static_cast<u64>(value));
}

}  // namespace

i64 Run::now() const noexcept {
  timespec t{};
  ::clock_gettime(base_ == TimeBase::kThread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC_RAW, &t);
  return static_cast<i64>(t.tv_sec) * kSecond.v + t.tv_nsec;
}

bool register_bench(std::string name, std::string unit, BenchFn fn, std::string group) {
  registry().push_back({std::move(name), std::move(unit), fn, std::move(group)});
  return true;
}

const std::vector<Registration>& registered_benches() {
  const auto by_name = [](const Registration& a, const Registration& b) { return a.name < b.name; };
  std::sort(registry().begin(), registry().end(), by_name);
  return registry();
}

Result<Report> run_bench(const Registration& registration, const Options& options,
                         const clock::TscClock& clock) {
  Report report;
  report.bench = registration.name;
  report.unit = registration.unit;
  report.load_before = load_average();
  Bench bench(options);
  if (const Status status = registration.fn(bench); !status) return status.error();
  report.load_after = load_average();

  std::vector<double> values;
  for (const Run& run : bench.runs()) values.push_back(run.ns_per_item());
  if (values.empty()) return Error{registration.name, "measured nothing", "call Bench::measure"};
  report.median = median_of(values);
  report.min = *std::min_element(values.begin(), values.end());
  report.runs = static_cast<u32>(values.size());
  report.items = bench.runs().front().items();
  report.notes = bench.notes();
  const Histogram& ticks = bench.probe().ticks();
  if (ticks.count() != 0) {
    const double ns_per_tick = static_cast<double>(kSecond.v) / static_cast<double>(clock.hz());
    report.p50 = static_cast<double>(ticks.percentile(500'000)) * ns_per_tick;
    report.p99 = static_cast<double>(ticks.percentile(990'000)) * ns_per_tick;
    report.p999 = static_cast<double>(ticks.percentile(999'000)) * ns_per_tick;
  }
  return report;
}

std::string to_json(const Report& report) {
  return "{\"bench\":" + json_string(report.bench) + ",\"unit\":" + json_string(report.unit) +
         ",\"median\":" + number(report.median) + ",\"min\":" + number(report.min) +
         ",\"p50\":" + number(report.p50) + ",\"p99\":" + number(report.p99) +
         ",\"p999\":" + number(report.p999) + ",\"runs\":" + std::to_string(report.runs) +
         ",\"items\":" + std::to_string(report.items) + ",\"host\":" + host_json() +
         ",\"load\":{\"before\":" + number(report.load_before) +
         ",\"after\":" + number(report.load_after) + "}}";
}

std::string to_text(const Report& report) {
  char line[256];
  std::snprintf(line, sizeof line, "%-14s %-12s %10.2f %10.2f %8s %8s %8s %5u %12llu %6.2f %6.2f",
                report.bench.c_str(), report.unit.c_str(), report.median, report.min,
                latency_text(report.p50).c_str(), latency_text(report.p99).c_str(),
                latency_text(report.p999).c_str(), report.runs,
                static_cast<unsigned long long>(report.items), report.load_before,
                report.load_after);
  std::string text = line;
  for (const std::string& note : report.notes) text += "\n  " + note;
  return text;
}

}  // namespace tradsys::bench
