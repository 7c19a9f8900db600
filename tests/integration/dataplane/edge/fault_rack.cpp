#include "tests/integration/dataplane/edge/fault_rack.hpp"

#include <gtest/gtest.h>

#include "dataplane/engine/venue_token.hpp"

namespace tradsys::testing {
namespace {

constexpr u64 kSeed = 23;
constexpr u32 kClients = 2;
constexpr u32 kInstruments = 4;
constexpr u16 kInstrument = 1;

dataplane::EdgeConfig edge_config() {
  dataplane::EdgeConfig config = sim::default_edge_config(kClients);
  config.books = {.instruments_max = kInstruments + 1, .orders_max = 1U << 14, .levels_max = 4'096};
  config.client_store_messages = 1U << 12;
  config.client_store_bytes = usize{1} << 18;
  config.orders_max = 1'024;
  config.trades_max = 1'024;
  return config;
}
sim::VenueHostConfig venue_config(const std::vector<sim::MarketInstrument>& instruments) {
  sim::VenueHostConfig config = sim::default_venue_config(instruments);
  config.exchange.orders_max = 1U << 14;
  config.exchange.cancel_on_disconnect = false;  // what is canceled, the appliance canceled
  return config;
}

}  // namespace

void PlainClient::enter(Symbol symbol, u32 ref, u32 price, Side side) {
  ouch50::inbound::EnterOrder m{};
  m.user_ref_num = ref;
  m.side = side == Side::kBuy ? 'B' : 'S';
  m.quantity = 100;
  m.symbol = symbol;
  m.price = price;
  m.time_in_force = '0';
  m.display = 'Y';
  m.capacity = 'A';
  m.inter_market_sweep_eligibility = 'N';
  m.cross_type = 'N';
  std::byte bytes[64];
  ASSERT_TRUE(soup_.send_unsequenced({bytes, encode(m, bytes)}, clock_.now()));
}

void PlainClient::on_sequenced(u64 sequence, Bytes message) noexcept {
  EXPECT_EQ(sequence, sequence_) << "a message is missing or came twice";
  sequence_ = sequence + 1;
  ++messages;
  const char type = static_cast<char>(message[0]);
  accepted += type == ouch50::outbound::OrderAccepted::kType;
  canceled += type == ouch50::outbound::Canceled::kType;
}

FaultRack::FaultRack()
    : venue_side(venue_side_end),
      client_side(hub.plug()),
      venue_nic(venue_nic_end),
      instruments(sim::make_instruments(kInstruments, kSeed)),
      config(edge_config()),
      gate(offload::SoftGate::make({kClients + 1, config.books.instruments_max}).value()),
      journal(clock, Nanos{50'000}) {
  sim::MemoryPort::join(venue_side_end, venue_nic_end);
  clock.advance_to(kSecond);
  venue = std::make_unique<Venue>(venue_config(instruments), venue_nic, clock);
  flow = std::make_unique<sim::BackgroundFlow<sim::Exchange<Venue>>>(
      sim::FlowConfig{.seed = kSeed, .standing_orders = 100, .mix = {}}, instruments,
      venue->exchange(), 0);
  tile = std::make_unique<Tile>(
      config, Tile::Parts{venue_side, client_side, clock, gate, journal},
      dataplane::FollowStrategy({.enabled = false}, config.books.instruments_max));
  TRADSYS_ASSERT(venue->start() && tile->start());
  flow->warm(clock.now());
  venue->flush();
  for (u32 i = 0; i < kClients; ++i) {
    client_ports.push_back(std::make_unique<CutPort>(hub.plug()));
    clients.push_back(std::make_unique<PlainClient>(
        sim::default_trader_config(i, instruments, kSeed), *client_ports.back(), clock));
  }
}

void FaultRack::run(Nanos span) {
  const Nanos end = clock.now() + span;
  while (clock.now() < end) {
    for (u32 turn = 0; turn < 4; ++turn) {
      hub.pump();
      tile->poll(32);
      if (venue_runs) venue->poll(32);
      for (usize i = 0; i < clients.size(); ++i) {
        if (client_runs[i]) clients[i]->poll();
      }
    }
    clock.advance_by(kStep);
    tile->housekeep(clock.now());
    if (venue_runs) venue->housekeep(clock.now());
    for (usize i = 0; i < clients.size(); ++i) {
      if (client_runs[i]) clients[i]->housekeep(clock.now());
    }
  }
}

void FaultRack::open(u32 orders) {
  const auto up = [this] { return tile->venue_ready(); };
  ASSERT_LT(run_until(up, seconds(5)), seconds(5)) << "the venue session does not come up";
  run(milliseconds(100));
  for (const auto& client : clients) client->connect(1);
  const auto in = [this] { return clients[0]->logged_in() && clients[1]->logged_in(); };
  ASSERT_LT(run_until(in, kSecond), kSecond) << "the clients do not get in";
  const u32 step = instruments[0].price_step;
  const u32 bid = venue->exchange().engine().best_price(kInstrument, Side::kBuy);
  for (u32 n = 0; n < orders; ++n) {
    for (const auto& client : clients)
      client->enter(instruments[0].symbol, n + 1, bid / 2 / step * step);
  }
  const auto rest = [&] {
    return clients[0]->accepted == orders && clients[1]->accepted == orders;
  };
  ASSERT_LT(run_until(rest, kSecond), kSecond) << "the orders are not accepted";
}

void FaultRack::restart() {
  tile.reset();
  gate = offload::SoftGate::make({kClients + 1, config.books.instruments_max}).value();
  tile = std::make_unique<Tile>(
      config, Tile::Parts{venue_side, client_side, clock, gate, journal},
      dataplane::FollowStrategy({.enabled = false}, config.books.instruments_max));
  for (const dataplane::MemoryRecord& r : journal.records())
    ASSERT_EQ(tile->replay(r.type, r.seq, r.payload), engine::ReplayStatus::kApplied) << r.seq;
  ASSERT_TRUE(tile->start());
}

u32 FaultRack::resting_at_venue(u16 account) {
  u32 count = 0;
  venue->exchange().for_each_live(0, [&](u16, Side, u32, const Text<14>& clordid) {
    const auto token = engine::decode_token(clordid);
    count += token && token->account == account ? 1U : 0U;
  });
  return count;
}

u32 FaultRack::journaled_cancels(orders::CancelOrigin origin) const {
  u32 count = 0;
  for (const dataplane::MemoryRecord& record : journal.records()) {
    orders::CancelEvent event;
    if (record.type != static_cast<u16>(orders::EventType::kCancel)) continue;
    if (load_record(record.payload, event) && event.origin == origin) ++count;
  }
  return count;
}

}  // namespace tradsys::testing
