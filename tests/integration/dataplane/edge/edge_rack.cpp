#include "tests/integration/dataplane/edge/edge_rack.hpp"

#include <unistd.h>

#include "sim/market/instruments.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::testing {
namespace {

constexpr u64 kSeed = 11;
constexpr u32 kInstruments = 16;
constexpr u32 kBurst = 32;
constexpr Nanos kPatience{60'000'000'000};
constexpr Nanos kPeerGrid{200'000};
constexpr u64 kFlowPerS = 20'000;

nic::Port port(const char* name) {
  Result<nic::Port> made = nic::Port::make({.name = name, .rx_desc = 2'048, .tx_desc = 2'048});
  TRADSYS_ASSERT(made.ok());
  return std::move(made).value();
}

/// The second client is a local one.
dataplane::EdgeConfig edge_config() {
  dataplane::EdgeConfig config = sim::default_edge_config(2);
  config.clients[1].protocol = dataplane::ClientProtocol::kShm;
  return config;
}

sim::TraderConfig client_config(const std::vector<sim::MarketInstrument>& instruments) {
  sim::TraderConfig config = sim::default_trader_config(0, instruments, kSeed);
  config.orders = u64{1} << 40;
  config.interval = kPeerGrid;
  return config;
}

}  // namespace

EdgeRack::EdgeRack()
    : clock_(clock::TscClock::make().value()),
      venue_port_(port("venue")),
      client_port_(port("client")),
      instruments_(sim::make_instruments(kInstruments, kSeed)),
      gate_(offload::SoftGate::make({3, edge_config().books.instruments_max}).value()),
      link_(65'536),
      venue_(sim::default_venue_config(instruments_), venue_port_.wire_end(), clock_),
      flow_({.seed = kSeed, .standing_orders = 400, .mix = {}}, instruments_, venue_.exchange(),
            kFlowPerS),
      client_(client_config(instruments_), client_port_.wire_end(), clock_),
      memory_(ipc::SessionMemory::create({}).value()),
      board_(ipc::MarketBoard::create(kInstruments + 1).value()),
      local_({.user = "CLI1", .password = "SECRET1"}) {
  const dataplane::EdgeConfig config = edge_config();
  tile_ = std::make_unique<Tile>(
      config, Tile::Parts{venue_port_, client_port_, clock_, gate_, link_, &board_},
      dataplane::FollowStrategy(sim::default_strategy_config(), config.books.instruments_max));
  TRADSYS_ASSERT(tile_->start() && venue_.start());
  TRADSYS_ASSERT(tile_->shm_handover().orders.try_push(
      {dataplane::ShmOrder::Kind::kAttach, 1, 1, memory_.pipes()}));
  local_.attach(ipc::SessionMemory::open(ipc::Descriptor(::dup(memory_.descriptor()))).value());
}

bool EdgeRack::warm_up() {
  flow_.warm(clock_.now());
  venue_.flush();
  client_.start();
  const Nanos end = clock_.now() + kPatience;
  while (!traffic().enough()) {
    if (clock_.now() > end) return false;
    poll_tile();
    poll_peers();
  }
  return true;
}

void EdgeRack::start_peers() {
  stop_ = false;
  peers_ = std::thread([this] {
    while (!stop_.load(std::memory_order_relaxed)) poll_peers();
  });
}

void EdgeRack::stop_peers() {
  if (!peers_.joinable()) return;
  stop_ = true;
  peers_.join();
}

RackTraffic EdgeRack::run_tile() noexcept {
  const RackTraffic before = traffic();
  const Nanos end = clock_.now() + kPatience;
  while (!(traffic() - before).enough() && clock_.now() < end) poll_tile();
  return traffic() - before;
}

RackTraffic EdgeRack::traffic() const noexcept {
  const auto& core = tile_->engine().core();
  return {tile_->market().receiver().counters().delivered,
          core.counters().passed,
          core.counters().executions,
          core.last_client_ref(orders::kStrategySession),
          tile_->engine().event_seq(),
          core.last_client_ref(1)};
}

void EdgeRack::poll_tile() noexcept {
  tile_->poll(kBurst);
  const Nanos now = clock_.now();
  if (now < next_tile_housekeep_) return;
  next_tile_housekeep_ = now + kMillisecond;
  tile_->housekeep(now);
  tile_->checkpoint_if_changed();
}

/// Venue, client, and a journal whose disk is fast.
void EdgeRack::poll_peers() {
  venue_.poll(kBurst);
  client_.poll(kBurst);
  poll_local();
  dataplane::JournalEntry entries[64];
  while (const usize count = link_.pop_burst(entries, 64))
    link_.set_durable(entries[count - 1].seq);
  const Nanos now = clock_.now();
  if (flow_.run(now) != 0) venue_.flush();
  if (now < next_peer_housekeep_) return;
  next_peer_housekeep_ = now + kPeerGrid;
  venue_.housekeep(now);
  client_.housekeep(now, [this](Symbol symbol) { return price_of(symbol); });
}

/// Enters what trades at once or is canceled.
void EdgeRack::poll_local() {
  static_cast<void>(local_.poll());
  const Nanos now = clock_.now();
  if (now < next_local_order_) return;
  next_local_order_ = now + kPeerGrid;
  const Symbol symbol = instruments_[0].symbol;
  if (const u32 price = price_of(symbol); price != 0)
    local_.enter({.symbol = symbol, .qty = 100, .price = price, .immediate = true});
}

/// Half of the book's spread, so that orders trade and rest.
u32 EdgeRack::price_of(Symbol symbol) const {
  for (u32 i = 0; i < instruments_.size(); ++i) {
    if (!(instruments_[i].symbol == symbol)) continue;
    const auto& engine = venue_.exchange().engine();
    const u32 bid = engine.best_price(static_cast<u16>(i + 1), Side::kBuy);
    const u32 ask = engine.best_price(static_cast<u16>(i + 1), Side::kSell);
    const u32 step = instruments_[i].price_step;
    return bid == 0 || ask == 0 ? 0 : (bid / 2 + ask / 2) / step * step;
  }
  return 0;
}

}  // namespace tradsys::testing
