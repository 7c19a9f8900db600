// Bench book: ITCH blocks in memory -> full-depth books with queues and the best bid and offer of
// every instrument, in bursts as a poll of the port hands them out. Latency: one message alone,
// nothing fetched ahead.
#include "dataplane/feed/itch_book_builder.hpp"
#include "hostsw/book/flat_books.hpp"
#include "sim/bench/harness.hpp"
#include "sim/bench/host.hpp"
#include "sim/bench/input/itch_input.hpp"

namespace tradsys::bench {
namespace {

constexpr book::BookConfig kBooks{
    .instruments_max = 16'384, .orders_max = 1U << 20, .levels_max = 1U << 19};
constexpr usize kBurstBytes = 32 * 1'400;  // 32 full packets
constexpr u64 kLatencyEvery = 16;  // messages for each one timed

struct BboCounter {
  void on_bbo(u16) noexcept { ++changes; }
  u64 changes = 0;
};
using Builder = feed::ItchBookBuilder<book::FlatBooks, BboCounter>;

// Whole blocks from the front of `rest`, about `kBurstBytes` of them.
Bytes next_burst(Bytes rest) noexcept {
  return rest.size() <= kBurstBytes ? rest : rest.first(kBurstBytes);
}

void build_in_bursts(Bytes blocks, Builder& builder) noexcept {
  for (Bytes rest = blocks; !rest.empty();) {
    const usize used = builder.on_blocks(next_burst(rest));
    if (used == 0) break;
    rest = rest.subspan(used);
  }
}

void build_one_by_one(Bytes blocks, Builder& builder, LatencyProbe& probe) noexcept {
  u64 index = 0;
  for (usize at = 0; at < blocks.size(); ++index) {
    const Bytes message = blocks.subspan(at + 2, load_be16(&blocks[at]));
    at += 2 + message.size();
    if (index % kLatencyEvery != 0) {
      builder.on_message(message);
      continue;
    }
    probe.begin();
    builder.on_message(message);
    probe.end();
  }
}

std::string describe(const book::FlatBooks& books, const feed::ItchCounters& counters) {
  static constexpr u64 kMebibyte = 1U << 20;
  return std::to_string(books.order_count()) + " orders on " + std::to_string(books.level_count()) +
         " levels at the end, " + std::to_string(counters.bbo_changes) + " best prices, " +
         std::to_string(counters.errors()) + " messages refused; tables " +
         std::to_string(books.bytes() / kMebibyte) + " MiB, peak memory with input " +
         std::to_string(peak_memory_bytes() / kMebibyte) + " MiB";
}

Status book_bench(Bench& bench) {
  const Result<ItchInput> input = load_itch(bench.options());
  if (!input) return input.error();
  const Bytes blocks = input.value().blocks;
  book::FlatBooks books{kBooks};
  bool full = false;
  bench.measure([&](Run& run) {
    books.clear_all();
    BboCounter observer;
    Builder builder{books, observer};
    run.start();
    build_in_bursts(blocks, builder);
    run.stop(input.value().messages);
    full =
        full || builder.counters().by_book[static_cast<usize>(book::BookStatus::kNoCapacity)] != 0;
    if (bench.runs().empty()) bench.note(describe(books, builder.counters()));
  });
  bench.measure_latency([&](LatencyProbe& probe) {
    books.clear_all();
    BboCounter observer;
    Builder builder{books, observer};
    build_one_by_one(blocks, builder, probe);
  });
  if (full) return Error{"book", "the input has more live orders or levels than the tables", ""};
  return Done{};
}

const bool kRegistered = register_bench("book", "ns/message", book_bench);

}  // namespace
}  // namespace tradsys::bench
