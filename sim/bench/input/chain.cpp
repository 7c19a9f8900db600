#include "sim/bench/input/chain.hpp"

#include "drivers/nic/eal.hpp"
#include "sim/world/addresses.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::bench {
namespace {

constexpr u32 kMid = 500'000;
constexpr u32 kHalfSpread = 1'000;
constexpr u32 kQty = 1'000'000'000;
constexpr Nanos kSetUpMax{10'000'000'000};
static_assert(Chain::kAsk == kMid + kHalfSpread);

sim::VenueHostConfig venue_config() {
  std::vector<sim::MarketInstrument> instruments = sim::make_instruments(16, 1);
  for (sim::MarketInstrument& i : instruments) i.price_step = 100, i.lot = 1;
  return sim::default_venue_config(instruments);
}

dataplane::EdgeConfig edge_config(const Chain::Clock& clock, Trades trades) {
  dataplane::EdgeConfig edge = sim::default_edge_config(1);
  edge.wall_offset_ns = 1'700'000'000'000'000'000 - clock.now().v;
  for (dataplane::AccountConfig& account : edge.accounts) {
    account.limits.rate_per_s = account.limits.rate_burst = 100'000'000;
    account.position = dataplane::position_only(1'000'000'000, 1'000'000'000);
  }
  if (trades == Trades::kLocalClient) edge.clients[0].protocol = dataplane::ClientProtocol::kShm;
  return edge;
}

dataplane::FollowStrategy::Config strategy_config(Trades trades) {
  return {.enabled = trades == Trades::kStrategy,
          .trigger = 100,
          .qty = 100,
          .position_max = 1'000'000'000};
}

Result<nic::Port> make_port(const char* name) {
  nic::PortConfig port;
  port.name = name;
  return nic::Port::make(port);
}

}  // namespace

Result<std::unique_ptr<Chain>> Chain::make(const char* name, Trades trades) {
  if (!nic::Eal::ready()) {
    if (Status s = nic::Eal::init({}); !s) return s.error();
  }
  Result<Clock> clock = Clock::make();
  if (!clock) return clock.error();
  Result<nic::Port> venue = make_port("venue");
  if (!venue) return venue.error();
  Result<nic::Port> client = make_port("client");
  if (!client) return client.error();
  std::unique_ptr<Chain> chain(new Chain(std::move(clock).value(), std::move(venue).value(),
                                         std::move(client).value(), trades));
  if (!chain->venue_.start() || !chain->tile_.start()) return Error{name, "cannot start", ""};
  if (!chain->come_up()) return Error{name, "the session does not come up", ""};
  return chain;
}

Chain::Chain(Clock clock, nic::Port venue_port, nic::Port client_port, Trades trades)
    : clock_(std::move(clock)),
      venue_port_(std::move(venue_port)),
      client_port_(std::move(client_port)),
      gate_(offload::SoftGate::make({4, 1'024}).value()),
      link_(1U << 16),
      tile_(edge_config(clock_, trades), {venue_port_, client_port_, clock_, gate_, link_},
            dataplane::FollowStrategy(strategy_config(trades), 1'024)),
      venue_(venue_config(), venue_port_.wire_end(), clock_) {}

bool Chain::come_up() {
  bid_ = quote(Side::kBuy, kMid - kHalfSpread);
  ask_ = quote(Side::kSell, kMid + kHalfSpread);
  venue_.flush();
  const Nanos give_up = clock_.now() + kSetUpMax;
  while (tile_.venue().state() != dataplane::VenueState::kReady || tile_.market().stale()) {
    settle();
    if (clock_.now() > give_up) return false;
  }
  return true;
}

void Chain::tick() {
  up_ = !up_;
  const u32 mid = kMid + (up_ ? 200 : 0);
  // One datagram on line A; B's copy is taken off the wire again and delivered with the rest.
  bid_ = venue_.exchange().background_replace(bid_, mid - kHalfSpread, kQty, clock_.now());
  ask_ = venue_.exchange().background_replace(ask_, mid + kHalfSpread, kQty, clock_.now());
  venue_.flush();
}

void Chain::settle() {
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

u64 Chain::quote(Side side, u32 price) {
  match::NewOrder order;
  order.instrument = kInstrument;
  order.side = side;
  order.price = price;
  order.qty = kQty;
  return venue_.exchange().background_submit(order, clock_.now());
}

}  // namespace tradsys::bench
