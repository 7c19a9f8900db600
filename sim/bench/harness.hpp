#pragma once
// The bench harness: what runs, how it is timed, what is printed.
//
// To add a bench `gate`, write sim/bench/gate_bench.cpp and name it in sim/bench/CMakeLists.txt:
//
//   #include "sim/bench/harness.hpp"
//   namespace tradsys::bench {
//   namespace {
//   Status gate_bench(Bench& bench) {
//     const u64 orders = bench.items_or(1'000'000);         // --items makes it tiny for the unit
//     test Gate gate = ...;                                      // set-up outside measure(): not
//     timed bench.measure([&](Run& run) {                         // called --runs times
//       gate.reset();                                       // set-up of one run: not timed
//       run.start();
//       for (u64 i = 0; i < orders; ++i) keep(gate.submit(...));
//       run.stop(orders);
//     });
//     bench.measure_latency([&](LatencyProbe& probe) {      // optional, called once
//       for (u64 i = 0; i < orders; ++i) {
//         probe.begin();
//         keep(gate.submit(...));
//         probe.end();
//       }
//     });
//     return Done{};                                        // or an Error: the program then exits
//     with 1
//   }
//   const bool kRegistered = register_bench("gate", "ns/order", gate_bench);  // + its group
//   }
//   }
//
// Throughput is nanoseconds an item, lower is better, by default of the thread's processor time:
// other work on a shared machine then shows as little as it can. A bench that waits (disk, another
// thread) calls use_wall_time() first. Latency is wall time between two fenced reads of the
// counter; the fences keep items from overlapping, so p50 lies above the throughput figure, and
// reading costs some 20 ns that are not subtracted.
#include <string>
#include <vector>

#include "drivers/clock/tsc_clock.hpp"
#include "hostsw/core/histogram.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::bench {

/// What the command line asks for.
struct Options {
  std::string itch_path;  ///< BinaryFILE, plain or gzip; empty = built-in synthetic stream
  u32 runs = 5;
  u64 items = 0;  ///< items a run; 0 = the bench's own number
  bool json = false;
};

/// Keeps the compiler from dropping a result nobody uses.
template <class T>
inline void keep(const T& value) noexcept {
  asm volatile("" : : "g"(&value) : "memory");
}

enum class TimeBase : u8 { kThread, kWall };

/// One timed pass: start, stop; or any number of stretches between resume and pause, then stop.
class Run {
 public:
  explicit Run(TimeBase base) noexcept : base_(base) {}
  void start() noexcept {
    elapsed_ns_ = 0;
    resume();
  }
  void stop(u64 items) noexcept {
    if (running_) pause();
    items_ = items;
  }
  /// Reading the clock costs some 300 ns: let a stretch last some 10 us.
  void resume() noexcept {
    running_ = true;
    started_ns_ = now();
  }
  void pause() noexcept {
    elapsed_ns_ += now() - started_ns_;
    running_ = false;
  }
  [[nodiscard]] u64 items() const noexcept { return items_; }
  [[nodiscard]] double ns_per_item() const noexcept {
    return items_ == 0 ? 0.0 : static_cast<double>(elapsed_ns_) / static_cast<double>(items_);
  }

 private:
  [[nodiscard]] i64 now() const noexcept;
  TimeBase base_;
  bool running_ = false;
  i64 started_ns_ = 0;
  i64 elapsed_ns_ = 0;
  u64 items_ = 0;
};

/// Times single items. Between begin() and end() stands one item and nothing else.
class LatencyProbe {
 public:
  void begin() noexcept { begin_ticks_ = clock::read_ticks_fenced(); }
  void end() noexcept { ticks_.record(clock::read_ticks_fenced() - begin_ticks_); }
  /// For an item that ends elsewhere, e.g. on another thread.
  void record_ticks(u64 ticks) noexcept { ticks_.record(ticks); }
  [[nodiscard]] const Histogram& ticks() const noexcept { return ticks_; }

 private:
  u64 begin_ticks_ = 0;
  Histogram ticks_;
};

/// One bench while it runs.
class Bench {
 public:
  explicit Bench(const Options& options) : options_(options) {}

  [[nodiscard]] const Options& options() const noexcept { return options_; }
  [[nodiscard]] u64 items_or(u64 preset) const noexcept {
    return options_.items != 0 ? options_.items : preset;
  }
  /// Times the bench by the clock on the wall instead of the thread's processor time.
  void use_wall_time() noexcept { base_ = TimeBase::kWall; }
  /// A remark for the human reader, e.g. how much memory the tables take.
  void note(std::string text) { notes_.push_back(std::move(text)); }

  template <class Body>
  void measure(Body&& body) {
    for (u32 i = 0; i < options_.runs; ++i) {
      Run run{base_};
      body(run);
      runs_.push_back(run);
    }
  }
  template <class Body>
  void measure_latency(Body&& body) {
    body(probe_);
  }

  [[nodiscard]] const std::vector<Run>& runs() const noexcept { return runs_; }
  [[nodiscard]] const LatencyProbe& probe() const noexcept { return probe_; }
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }

 private:
  const Options& options_;
  TimeBase base_ = TimeBase::kThread;
  std::vector<Run> runs_;
  LatencyProbe probe_;
  std::vector<std::string> notes_;
};

using BenchFn = Status (*)(Bench&);

/// A bench by its name on the command line, or by that of its group. `unit` is ns/<item>.
struct Registration {
  std::string name;
  std::string unit;
  BenchFn fn;
  std::string group;
};

/// Called once for each bench, from an initializer of its own file; always true.
bool register_bench(std::string name, std::string unit, BenchFn fn, std::string group = {});
/// All registered benches by name.
[[nodiscard]] const std::vector<Registration>& registered_benches();

/// What `tradsys-bench --json` prints of one bench: exactly these keys, in this order. A percentile
/// that was not measured is null. `host` and `load` are objects.
struct Report {
  std::string bench;
  std::string unit;
  double median = 0;  ///< over the runs
  double min = 0;  ///< over the runs: what the code can do
  double p50 = -1;  ///< nanoseconds of a single item; below 0 = not measured
  double p99 = -1;
  double p999 = -1;
  u32 runs = 0;
  u64 items = 0;  ///< items of each run
  double load_before = 0;
  double load_after = 0;
  std::vector<std::string> notes;  ///< human table only
};

/// Runs one bench.
[[nodiscard]] Result<Report> run_bench(const Registration& registration, const Options& options,
                                       const clock::TscClock& clock);
[[nodiscard]] std::string to_json(const Report& report);
[[nodiscard]] std::string to_text(const Report& report);

}  // namespace tradsys::bench
