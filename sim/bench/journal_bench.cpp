// Bench journal: one thread hands events over a ring, one makes them durable by group commit:
// whatever waits goes into one write. Throughput: as fast as the ring takes them. Latency:
// hand-over of an event until it is on disk, at a steady rate. Files lie under TRADSYS_BENCH_DIR,
// else /var/tmp.
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "hostsw/core/spsc_ring.hpp"
#include "hostsw/journal/writer.hpp"
#include "sim/bench/harness.hpp"

namespace tradsys::bench {
namespace {

constexpr u64 kEvents = 1'000'000;
constexpr usize kRingSlots = 1U << 14;
constexpr usize kBurst = 256;
constexpr u64 kPacedPerSecond = 200'000;

struct Event {
  u64 seq;
  u64 handed_ticks;
  std::array<u64, 10> content;
};
static_assert(journal::record_span(sizeof(Event)) == 128);

using EventRing = SpscRing<Event>;

/// A journal of its own for one run, removed afterwards.
class BenchJournal {
 public:
  static Result<std::filesystem::path> make_dir() {
    const char* const chosen = std::getenv("TRADSYS_BENCH_DIR");
    std::string name =
        std::string(chosen != nullptr ? chosen : "/var/tmp") + "/tradsys-journal-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
      return Error{name, "cannot make a directory for the bench",
                   "set TRADSYS_BENCH_DIR to a writable one"};
    return std::filesystem::path(name);
  }
  explicit BenchJournal(std::filesystem::path dir)
      : dir_(std::move(dir)), writer_(journal::Writer::make({.dir = dir_ / "journal"})) {}
  ~BenchJournal() {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }
  BenchJournal(const BenchJournal&) = delete;
  BenchJournal& operator=(const BenchJournal&) = delete;

  [[nodiscard]] Result<journal::Writer>& writer() noexcept { return writer_; }

 private:
  std::filesystem::path dir_;
  Result<journal::Writer> writer_;
};

/// Hands over `events`, each not before its time (`ticks_per_event` apart; 0 = at once), until
/// stopped.
void produce(EventRing& ring, u64 events, u64 ticks_per_event,
             const std::atomic<bool>& stopped) noexcept {
  const u64 started = clock::read_ticks();
  Event event{};
  for (u64 i = 0; i < events; ++i) {
    const u64 due = started + i * ticks_per_event;
    while (clock::read_ticks() < due && !stopped) std::this_thread::yield();
    event.seq = i + 1;
    event.handed_ticks = clock::read_ticks();
    while (!ring.try_push(event)) {
      if (stopped) return;
      std::this_thread::yield();
    }
  }
}

/// The journal tile's loop. `durable(first, last)` is told of events as they reach the disk.
template <class Durable>
Status consume(EventRing& ring, journal::Writer& writer, u64 events, Durable&& durable) {
  std::array<Event, kBurst> burst;
  std::vector<u64> handed;  // of the open batch
  handed.reserve(1U << 16);
  const auto commit = [&]() -> Status {
    const Result<u64> done = writer.commit();
    if (!done) return done.error();
    durable(handed);
    handed.clear();
    writer.housekeep();
    return Done{};
  };
  while (writer.durable_seq() < events) {
    const usize count = ring.pop_burst(burst.data(), burst.size());
    for (usize i = 0; i < count; ++i) {
      const Event& event = burst[i];
      const Bytes payload = std::as_bytes(std::span(&event, 1));
      if (writer.append(1, event.seq, event.handed_ticks, payload) ==
          journal::AppendStatus::kBatchFull) {
        if (const Status status = commit(); !status) return status;
        if (writer.append(1, event.seq, event.handed_ticks, payload) != journal::AppendStatus::kOk)
          return Error{"journal", "an event was refused", ""};
      }
      handed.push_back(event.handed_ticks);
    }
    if (count < burst.size() && writer.pending_records() > 0) {
      if (const Status status = commit(); !status) return status;
    } else if (count == 0 && !writer.housekeep()) {
      std::this_thread::yield();
    }
  }
  return Done{};
}

template <class Durable>
Status run_once(journal::Writer& writer, u64 events, u64 ticks_per_event, Durable&& durable) {
  EventRing ring(kRingSlots);
  std::atomic<bool> stopped{false};
  std::thread producer([&] { produce(ring, events, ticks_per_event, stopped); });
  const Status status = consume(ring, writer, events, durable);
  stopped = true;
  producer.join();
  return status;
}

std::string describe(const journal::Writer& writer) {
  const journal::WriterCounters& c = writer.counters();
  return std::to_string(c.records / std::max<u64>(c.commits, 1)) + " events a commit, " +
         std::to_string(c.rolls) + " segment rolls (" + std::to_string(c.stalled_rolls) +
         " had to wait), " + writer.io_mode();
}

Status journal_bench(Bench& bench) {
  bench.use_wall_time();
  const u64 events = bench.items_or(kEvents);
  const Result<std::filesystem::path> dir = BenchJournal::make_dir();
  if (!dir) return dir.error();
  Status status = Done{};
  const auto with_journal = [&](const char* name, auto&& body) {
    if (!status) return;
    BenchJournal files(dir.value() / name);
    if (!files.writer())
      status = files.writer().error();
    else
      status = body(files.writer().value());
  };
  bench.measure([&](Run& run) {
    with_journal("throughput", [&](journal::Writer& writer) -> Status {
      run.start();
      Status done = run_once(writer, events, 0, [](const std::vector<u64>&) {});
      run.stop(events);
      if (bench.runs().empty()) bench.note("full speed: " + describe(writer));
      return done;
    });
  });
  const Result<clock::TscClock> clock = clock::TscClock::make();
  if (status.ok() && !clock) status = clock.error();
  bench.measure_latency([&](LatencyProbe& probe) {
    with_journal("latency", [&](journal::Writer& writer) -> Status {
      Status done = run_once(writer, events, static_cast<u64>(clock.value().hz()) / kPacedPerSecond,
                             [&](const std::vector<u64>& handed) {
                               const u64 now = clock::read_ticks();
                               for (const u64 ticks : handed) probe.record_ticks(now - ticks);
                             });
      bench.note("at " + std::to_string(kPacedPerSecond) + " events/s: " + describe(writer));
      return done;
    });
  });
  std::error_code ignored;
  std::filesystem::remove_all(dir.value(), ignored);
  return status;
}

const bool kRegistered = register_bench("journal", "ns/event", journal_bench);

}  // namespace
}  // namespace tradsys::bench
