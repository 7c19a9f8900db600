// Bench tick-to-trade: a feed frame comes out of the ring wire, books, strategy, gate and order
// entry run, and the order's frame is on the ring wire. One item is one poll() of the real edge
// tile that receives exactly one feed frame (about 70 bytes of ITCH in MoldUDP64) and sends exactly
// one order (OUCH in SoupBinTCP in TCP). The venue on the far end is real, and outside of what is
// timed.
#include <memory>

#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/journal/journal_link.hpp"
#include "drivers/nic/eal.hpp"
#include "drivers/nic/port.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "sim/bench/harness.hpp"
#include "sim/venue/venue_host.hpp"
#include "sim/world/addresses.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::bench {
namespace {

using clock::TscClock;
using Tile = dataplane::EdgeTile<nic::Port, TscClock, offload::SoftGate, dataplane::FollowStrategy,
                                 dataplane::JournalLink>;
using Venue = sim::VenueHost<nic::WireEnd, TscClock>;

constexpr u16 kInstrument = 1;
constexpr u32 kMid = 500'000;
constexpr u32 kQty = 1'000'000'000;
constexpr Nanos kSetUpMax{10'000'000'000};

sim::VenueHostConfig venue_config() {
  std::vector<sim::MarketInstrument> instruments = sim::make_instruments(16, 1);
  for (sim::MarketInstrument& i : instruments) i.price_step = 100, i.lot = 1;
  return sim::default_venue_config(instruments);
}

dataplane::EdgeConfig edge_config(const TscClock& clock) {
  dataplane::EdgeConfig edge = sim::default_edge_config(1);
  edge.wall_offset_ns = 1'700'000'000'000'000'000 - clock.now().v;
  for (dataplane::AccountConfig& account : edge.accounts) {
    account.limits.rate_per_s = account.limits.rate_burst = 100'000'000;
    account.position = dataplane::position_only(1'000'000'000, 1'000'000'000);
  }
  return edge;
}

/// Appliance and venue on two ring wires, with one instrument quoted by a background participant.
class Chain {
 public:
  Chain(const TscClock& clock, nic::Port venue_port, nic::Port client_port)
      : clock_(clock),
        venue_port_(std::move(venue_port)),
        client_port_(std::move(client_port)),
        gate_(offload::SoftGate::make({4, 1'024}).value()),
        link_(1U << 16),
        tile_(edge_config(clock), {venue_port_, client_port_, clock_, gate_, link_},
              dataplane::FollowStrategy(
                  {.enabled = true, .trigger = 100, .qty = 100, .position_max = 1'000'000'000},
                  1'024)),
        venue_(venue_config(), venue_port_.wire_end(), clock_) {}

  [[nodiscard]] Status start() {
    if (!venue_.start() || !tile_.start()) return Error{"tick-to-trade", "cannot start", ""};
    bid_ = quote(Side::kBuy, kMid - 1'000);
    ask_ = quote(Side::kSell, kMid + 1'000);
    venue_.flush();
    const Nanos give_up = clock_.now() + kSetUpMax;
    while (tile_.venue().state() != dataplane::VenueState::kReady || tile_.market().stale()) {
      settle();
      if (clock_.now() > give_up) return Error{"tick-to-trade", "the session does not come up", ""};
    }
    return Done{};
  }

  /// Puts the frame on the wire that makes the strategy trade; it is the only one there.
  void tick() {
    up_ = !up_;
    const u32 mid = kMid + (up_ ? 200 : 0);
    // One datagram on line A; B's copy is taken off the wire again and delivered with the rest.
    bid_ = venue_.exchange().background_replace(bid_, mid - 1'000, kQty, clock_.now());
    ask_ = venue_.exchange().background_replace(ask_, mid + 1'000, kQty, clock_.now());
    venue_.flush();
  }
  u32 poll() noexcept { return tile_.poll(1); }
  [[nodiscard]] u64 sent() const noexcept { return tile_.venue().counters().messages_out; }

  /// Everything else: the venue answers, the journal is emptied, timers run.
  void settle() {
    for (u32 i = 0; i < 6; ++i) {
      tile_.poll(32);
      venue_.poll(32);
    }
    const Nanos now = clock_.now();
    if (now >= next_housekeep_) {
      next_housekeep_ = now + Nanos{200'000};
      tile_.housekeep(now);
      venue_.housekeep(now);
    }
    dataplane::JournalEntry entries[64];
    while (const usize count = link_.pop_burst(entries, 64))
      link_.set_durable(entries[count - 1].seq);
  }

 private:
  u64 quote(Side side, u32 price) {
    match::NewOrder order;
    order.instrument = kInstrument;
    order.side = side;
    order.price = price;
    order.qty = kQty;
    return venue_.exchange().background_submit(order, clock_.now());
  }

  const TscClock& clock_;
  nic::Port venue_port_;
  nic::Port client_port_;
  offload::SoftGate gate_;
  dataplane::JournalLink link_;
  Tile tile_;
  Venue venue_;
  u64 bid_ = 0;
  u64 ask_ = 0;
  Nanos next_housekeep_{};
  bool up_ = false;
};

Result<nic::Port> make_port(const char* name) {
  nic::PortConfig port;
  port.name = name;
  return nic::Port::make(port);
}

Status tick_to_trade_bench(Bench& bench) {
  if (!nic::Eal::ready()) {
    if (Status s = nic::Eal::init({}); !s) return s.error();
  }
  Result<TscClock> clock = TscClock::make();
  if (!clock) return clock.error();
  Result<nic::Port> venue = make_port("venue");
  if (!venue) return venue.error();
  Result<nic::Port> client = make_port("client");
  if (!client) return client.error();
  auto chain =
      std::make_unique<Chain>(clock.value(), std::move(venue).value(), std::move(client).value());
  if (Status s = chain->start(); !s) return s.error();
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
