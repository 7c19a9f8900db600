// Bench itch-parse: every field of every order message that a book needs, decoded from blocks in
// memory.
#include <tradsys/itch50_spec.hpp>

#include "sim/bench/harness.hpp"
#include "sim/bench/input/itch_input.hpp"

namespace tradsys::bench {
namespace {

// Reads all fields of the book messages, and head and type of the others.
struct FieldReader {
  void on(const itch50::AddOrderView& m) noexcept { add(m); }
  void on(const itch50::AddOrderWithMpidView& m) noexcept { add(m); }
  void on(const itch50::OrderExecutedView& m) noexcept {
    order(m);
    sum += m.executed_shares() + m.match_number();
  }
  void on(const itch50::OrderExecutedWithPriceView& m) noexcept {
    order(m);
    sum += m.executed_shares() + m.match_number() + m.execution_price() +
           static_cast<u64>(m.printable());
  }
  void on(const itch50::OrderCancelView& m) noexcept {
    order(m);
    sum += m.canceled_shares();
  }
  void on(const itch50::OrderDeleteView& m) noexcept { order(m); }
  void on(const itch50::OrderReplaceView& m) noexcept {
    head(m);
    sum += m.original_order_reference_number() + m.new_order_reference_number() + m.shares() +
           m.price();
  }
  void on(const itch50::NonCrossTradeView& m) noexcept {
    add(m);
    sum += m.match_number();
  }
  void on(const itch50::SystemEventView& m) noexcept { head(m); }
  void on(const itch50::StockDirectoryView& m) noexcept { head(m); }
  void on(const itch50::StockTradingActionView& m) noexcept { head(m); }
  void on(const itch50::NetOrderImbalanceIndicatorView& m) noexcept {
    head(m);
    sum += m.paired_shares() + m.imbalance_shares();
  }

  template <class View>
  void head(const View& m) noexcept {
    sum += m.stock_locate() + m.timestamp_ns();
  }
  template <class View>
  void order(const View& m) noexcept {
    head(m);
    sum += m.order_reference_number();
  }
  template <class View>
  void add(const View& m) noexcept {
    order(m);
    sum += static_cast<u64>(m.buy_sell_indicator()) + m.shares() + m.price() + m.stock().word();
  }

  u64 sum = 0;
};

u64 parse_all(Bytes blocks, FieldReader& reader) noexcept {
  u64 bad = 0;
  const std::byte* at = blocks.data();
  const std::byte* const end = at + blocks.size();
  while (at != end) {
    const usize bytes = load_be16(at);
    bad += itch50::dispatch(Bytes(at + 2, bytes), reader) == DecodeResult::kOk ? 0U : 1U;
    at += 2 + bytes;
  }
  return bad;
}

Status itch_parse_bench(Bench& bench) {
  const Result<ItchInput> input = load_itch(bench.options());
  if (!input) return input.error();
  const Bytes blocks = input.value().blocks;
  FieldReader reader;
  u64 bad = 0;
  bench.measure([&](Run& run) {
    run.start();
    bad += parse_all(blocks, reader);
    run.stop(input.value().messages);
    keep(reader.sum);
  });
  bench.measure_latency([&](LatencyProbe& probe) {
    for (usize at = 0; at < blocks.size();) {
      const usize bytes = load_be16(&blocks[at]);
      probe.begin();
      keep(itch50::dispatch(blocks.subspan(at + 2, bytes), reader));
      keep(reader.sum);
      probe.end();
      at += 2 + bytes;
    }
  });
  if (bad != 0) bench.note(std::to_string(bad) + " messages could not be decoded");
  return Done{};
}

const bool kRegistered = register_bench("itch-parse", "ns/message", itch_parse_bench);

}  // namespace
}  // namespace tradsys::bench
