// Bench tick-to-trade: a feed frame comes out of the ring wire, books, strategy, gate and order
// entry run, and the order's frame is on the ring wire. One item is one poll() of the real edge
// tile that receives exactly one feed frame (about 70 bytes of ITCH in MoldUDP64) and sends exactly
// one order (OUCH in SoupBinTCP in TCP). The venue on the far end is real, and outside of what is
// timed.
#include <memory>

#include "sim/bench/harness.hpp"
#include "sim/bench/input/chain.hpp"

namespace tradsys::bench {
namespace {

Status tick_to_trade_bench(Bench& bench) {
  Result<std::unique_ptr<Chain>> made = Chain::make("tick-to-trade", Trades::kStrategy);
  if (!made) return made.error();
  Chain* const chain = made.value().get();
  const u64 ticks = bench.items_or(20'000);
  u64 misses = 0;
  bench.use_wall_time();
  bench.measure([&](Run& run) {  // the whole round: tick, trade, answer, report, journal
    run.start();
    for (u64 i = 0; i < ticks; ++i) {
      chain->tick();
      chain->poll();
      chain->settle();
    }
    run.stop(ticks);
  });
  bench.measure_latency([&](LatencyProbe& probe) {  // feed frame in -> order frame out
    for (u64 i = 0; i < ticks; ++i) {
      chain->tick();
      const u64 before = chain->sent();
      probe.begin();
      chain->poll();
      probe.end();
      if (chain->sent() != before + 1) ++misses;
      chain->settle();
    }
  });
  bench.note(
      "p50..p99.9: feed frame in -> order frame out; median, min: the whole round with the venue");
  if (misses * 100 > ticks) {
    return Error{"tick-to-trade",
                 std::to_string(misses) + " of " + std::to_string(ticks) + " ticks led to no order",
                 "the figures would not be what they say"};
  }
  return Done{};
}

const bool kRegistered = register_bench("tick-to-trade", "ns/round", tick_to_trade_bench);

}  // namespace
}  // namespace tradsys::bench
