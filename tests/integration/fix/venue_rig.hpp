#pragma once
// The whole edge tile between a FIX client of ours and a foreign FIX venue; its market data comes
// from the simulated one. Virtual time goes on as real time does.
#include <chrono>

#include "sim/wire/capture_port.hpp"
#include "sim/wire/hub.hpp"
#include "sim/world/day_change.hpp"
#include "tests/integration/fix/foreign_venue.hpp"
#include "tests/support/fix/fix_rig.hpp"

namespace tradsys::testing {

inline i64 utc_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class FixVenueRig {
 public:
  using Port = sim::CapturePort<sim::MemoryPort, VirtualClock>;
  using Tile = dataplane::EdgeTile<Port, VirtualClock, offload::SoftGate, dataplane::FollowStrategy,
                                   dataplane::MemoryJournal>;
  using Feed = sim::VenueHost<sim::MemoryPort, VirtualClock>;

  FixVenueRig(dataplane::VenueProtocol protocol, u16 foreign_port)
      : config_(edge_config(protocol)),
        instruments_(sim::make_instruments(4, 7)),
        venue_port_(venue_hub_.plug(), clock_),
        client_port_(tile_client_port_, clock_),
        feed_(sim::default_venue_config(instruments_), venue_hub_.plug(), clock_),
        flow_({.seed = 7, .standing_orders = 400, .mix = {}}, instruments_, feed_.exchange(),
              kFlowPerS),
        bridge_(foreign_port, venue_hub_.plug(), clock_),
        peer_(peer_config(), peer_port_, clock_) {
    sim::MemoryPort::join(tile_client_port_, peer_port_);
    peer_.wall_at_0_ns = config_.wall_offset_ns;
    clock_.advance_to(kSecond);
    TRADSYS_ASSERT(feed_.start());
    flow_.warm(clock_.now());
    feed_.flush();
    boot();
  }

  /// One step of all; its time passes, or has passed.
  void step() {
    if (flow_.run(clock_.now()) != 0) feed_.flush();
    u32 work = venue_hub_.pump() + tile_->poll(32);
    feed_.poll(32);
    work += bridge_.poll() + venue_hub_.pump();
    peer_.poll();
    follow_real_time(work == 0);
    if (clock_.now() < next_housekeep_) return;
    next_housekeep_ = clock_.now() + kMillisecond;
    tile_->housekeep(clock_.now());
    feed_.housekeep(clock_.now());
    bridge_.housekeep(clock_.now());
    peer_.housekeep();
  }
  /// The appliance dies, and what is not on its disk is gone; it comes back.
  void crash() {
    journal_.crash();
    bridge_.cut();
    peer_.cut();
    boot();
  }
  /// After the end of a day: the appliance goes into the next one on a journal of its own. Empty,
  /// or what went wrong.
  [[nodiscard]] std::string roll() {
    bridge_.cut();
    peer_.cut();
    std::string wrong = sim::roll_journal(journal_, config_, static_cast<u64>(peer_.wall().v));
    if (wrong.empty()) boot();
    return wrong;
  }
  /// Hash of the state that the journal alone makes.
  [[nodiscard]] u64 replayed_hash() {
    auto gate = make_gate();
    const auto tile = make_tile(*gate);
    replay(*tile);
    return tile->engine().core().state_hash();
  }

  [[nodiscard]] Tile& tile() { return *tile_; }
  [[nodiscard]] FixPeer& peer() { return peer_; }
  [[nodiscard]] VenueBridge& bridge() { return bridge_; }
  [[nodiscard]] dataplane::EdgeConfig& config() { return config_; }
  [[nodiscard]] const dataplane::MemoryJournal& journal() const { return journal_; }
  [[nodiscard]] bool venue_ready() const {
    return tile_->venue().state() == dataplane::VenueState::kReady && !tile_->market().stale();
  }
  void record(wire::PcapWriter* file) { venue_port_.record(file); }
  [[nodiscard]] std::string symbol() const { return instruments_[0].symbol.str(); }
  /// The middle of the book, `steps` price steps off it.
  [[nodiscard]] std::string price(i64 steps) const {
    const auto& engine = feed_.exchange().engine();
    const i64 unit = instruments_[0].price_step;
    const i64 sum = i64{engine.best_price(1, Side::kBuy)} + engine.best_price(1, Side::kSell);
    return BasicFixRig<FixPeer>::decimal(static_cast<u32>((sum / 2 / unit + steps) * unit));
  }

 private:
  static constexpr u64 kFlowPerS = 500;

  static dataplane::EdgeConfig edge_config(dataplane::VenueProtocol protocol) {
    dataplane::EdgeConfig config = sim::default_edge_config(1);
    config.books = {.instruments_max = 8, .orders_max = 1U << 14, .levels_max = 1U << 12};
    config.orders_max = 4'096;
    config.trades_max = 1U << 14;
    config.client_store_messages = 1U << 16;
    config.client_store_bytes = usize{1} << 24;
    config.wall_offset_ns = utc_ns() - kSecond.v;
    for (dataplane::AccountConfig& account : config.accounts)
      account.position = dataplane::position_only(100'000'000, 100'000'000);
    dataplane::ClientConfig& client = config.clients[0];
    client.protocol = dataplane::ClientProtocol::kFix44;
    client.cancel_on_disconnect = false;
    client.fix.sender_comp_id = "TRADSYS";
    client.fix.target_comp_id = "CLIENT";
    client.fix.account = "0";
    client.fix.requests_max = 1U << 14;
    client.fix.check_password = false;
    dataplane::VenueConfig& venue = config.venue;
    venue.protocol = protocol;
    venue.server = {VenueBridge::kIp, VenueBridge::kPort};
    venue.reconnect_wait = Nanos{50'000'000};
    venue.fix.sender_comp_id = "TRADSYS";
    venue.fix.target_comp_id = "VENUE";
    venue.fix.heartbeat_s = 5;
    venue.fix.order_fields = "21=1\x01";
    venue.fix.account_fields = {
        "1=ACC0\x01"
        "453=1\x01"
        "448=FIRM\x01"
        "447=D\x01"
        "452=1\x01"};
    return config;
  }
  [[nodiscard]] fix::SessionConfig peer_config() const {
    fix::SessionConfig session = dataplane::fix_session_config(config_.clients[0]);
    session.role = fix::Role::kInitiator;
    std::swap(session.sender_comp_id, session.target_comp_id);
    return session;
  }
  [[nodiscard]] std::unique_ptr<offload::SoftGate> make_gate() const {
    return std::make_unique<offload::SoftGate>(
        offload::SoftGate::make({2, config_.books.instruments_max}).value());
  }
  [[nodiscard]] std::unique_ptr<Tile> make_tile(offload::SoftGate& gate) {
    dataplane::FollowStrategy::Config idle;
    idle.enabled = false;
    return std::make_unique<Tile>(
        config_, typename Tile::Parts{venue_port_, client_port_, clock_, gate, journal_},
        dataplane::FollowStrategy(idle, config_.books.instruments_max));
  }
  void replay(Tile& tile) const {
    for (const dataplane::MemoryRecord& record : journal_.records())
      TRADSYS_ASSERT(tile.replay(record.type, record.seq, record.payload) ==
                     engine::ReplayStatus::kApplied);
  }
  void boot() {
    tile_.reset();
    gate_ = make_gate();
    tile_ = make_tile(*gate_);
    replay(*tile_);
    TRADSYS_ASSERT(tile_->start());
  }
  void follow_real_time(bool idle) {
    const auto passed = std::chrono::steady_clock::now() - began_;
    const i64 real_ns =
        kSecond.v + std::chrono::duration_cast<std::chrono::nanoseconds>(passed).count();
    clock_.advance_by(Nanos{2'000});
    if (clock_.now().v < real_ns)
      clock_.advance_to(Nanos{real_ns});
    else if (idle)
      ::usleep(50);
  }

  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  VirtualClock clock_;
  dataplane::EdgeConfig config_;
  std::vector<sim::MarketInstrument> instruments_;
  sim::Hub venue_hub_;
  sim::MemoryPort tile_client_port_{4'096};
  sim::MemoryPort peer_port_{4'096};
  Port venue_port_;
  Port client_port_;
  dataplane::MemoryJournal journal_{clock_, Nanos{400'000}};
  std::unique_ptr<offload::SoftGate> gate_;
  std::unique_ptr<Tile> tile_;
  Feed feed_;
  sim::BackgroundFlow<sim::Exchange<Feed>> flow_;
  VenueBridge bridge_;
  FixPeer peer_;
  Nanos next_housekeep_{};
};

}  // namespace tradsys::testing
