#pragma once
// A whole edge tile in virtual time and memory, between the venue simulator and clients that say
// what a test writes and keep what they are told.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tradsys/ouch42_spec.hpp>
#include <tradsys/ouch50_spec.hpp>
#include <vector>

#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/journal/memory_journal.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "sim/market/instruments.hpp"
#include "sim/venue/venue_host.hpp"
#include "sim/wire/capture_port.hpp"
#include "sim/wire/hub.hpp"
#include "sim/world/addresses.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::testing {

/// One client connection; told messages as short lines, see line_of().
class ScriptedClient {
 public:
  ScriptedClient(const sim::TraderConfig& config, sim::MemoryPort& port, const VirtualClock& clock)
      : config_(config),
        clock_(clock),
        soup_(config.soup, *this),
        net_(port, clock, *this, config.net) {}

  void start() noexcept { net_.announce(); }
  u32 poll() { return net_.poll(32); }
  void housekeep(Nanos now) {
    net_.housekeep(now);
    soup_.on_timer(now);
    if (wanted_ && conn_ == net::kNoConn)
      conn_ = net_.tcp().connect(config_.server_ip, config_.server_port);
  }
  /// Cuts the connection, as a crash would; it stays away until connect().
  void disconnect() noexcept {
    wanted_ = false;
    if (conn_ != net::kNoConn) net_.tcp().abort(conn_);
    conn_ = net::kNoConn;
    soup_.on_disconnected();
  }
  /// Logs in and wants every message from `sequence` on.
  void connect(u64 sequence) noexcept {
    wanted_ = true;
    next_ = sequence;
  }
  [[nodiscard]] bool logged_in() const noexcept { return soup_.logged_in(); }
  /// Logged in, or not meant to be.
  [[nodiscard]] bool settled() const noexcept { return logged_in() || !wanted_; }
  [[nodiscard]] u64 next_sequence() const noexcept { return next_; }

  template <class Message>
  void say(const Message& message, Bytes tail = {}) {
    std::byte bytes[128];
    usize n = 0;
    if constexpr (requires { encode(message, tail, bytes); })
      n = encode(message, tail, bytes);
    else
      n = encode(message, bytes);
    ASSERT_TRUE(soup_.send_unsequenced({bytes, n}, clock_.now()));
  }
  /// What was told since the last call.
  [[nodiscard]] std::vector<std::string> told() { return std::exchange(lines_, {}); }

  // handler of the SoupBinTCP session and of the network
  bool send(Bytes packet) noexcept { return net_.tcp().send(conn_, packet); }
  void on_login_accepted(const wire::SoupSessionName&, u64) noexcept {}
  void on_login_rejected(char) noexcept {}
  void on_sequenced(u64 sequence, Bytes message) noexcept {
    next_ = sequence + 1;
    lines_.push_back(to_line(message));
  }
  void on_end_of_session() noexcept {}
  void on_closed(wire::SoupClose) noexcept { conn_ = net::kNoConn; }
  void on_udp(const net::UdpDatagram&) noexcept {}
  void on_tcp_connected(net::ConnId) noexcept {
    wire::SoupLogin login = config_.login;
    login.sequence = next_;
    soup_.start(login, clock_.now());
  }
  void on_tcp_accepted(net::ConnId conn, u16) noexcept { net_.tcp().abort(conn); }
  void on_tcp_data(net::ConnId, Bytes bytes) noexcept { soup_.on_bytes(bytes, clock_.now()); }
  void on_tcp_closed(net::ConnId, net::TcpCloseReason) noexcept {
    conn_ = net::kNoConn;
    soup_.on_disconnected();
  }
  void on_tcp_peer_closed(net::ConnId) noexcept { soup_.on_disconnected(); }

  std::string (*to_line)(Bytes message) = nullptr;

 private:
  sim::TraderConfig config_;
  const VirtualClock& clock_;
  wire::SoupClientSession<ScriptedClient> soup_;
  net::NetInterface<sim::MemoryPort, VirtualClock, ScriptedClient> net_;
  net::ConnId conn_ = net::kNoConn;
  std::vector<std::string> lines_;
  u64 next_ = 1;
  bool wanted_ = true;
};

class SessionRack {
 public:
  using Port = sim::CapturePort<sim::MemoryPort, VirtualClock>;
  using Tile = dataplane::EdgeTile<Port, VirtualClock, offload::SoftGate, dataplane::FollowStrategy,
                                   dataplane::MemoryJournal>;
  using Venue = sim::VenueHost<sim::MemoryPort, VirtualClock>;
  static constexpr u16 kInstrument = 1;
  static constexpr u32 kBid = 499'000;
  static constexpr u32 kAsk = 501'000;

  /// `protocols`: what each client speaks; one of shm has no connection here.
  explicit SessionRack(const std::vector<dataplane::ClientProtocol>& protocols, u32 tokens_max = 64)
      : instruments_(sim::make_instruments(2, 1)),
        venue_tap_(venue_side_, clock_),
        client_tap_(hub_.plug(), clock_),
        journal_(clock_, Nanos{60'000}),
        edge_config_(config(protocols, tokens_max)),
        venue_(venue_config(), venue_nic_, clock_) {
    sim::MemoryPort::join(venue_side_, venue_nic_);
    clock_.advance_to(kSecond);
    for (u32 i = 0; i < protocols.size(); ++i)
      clients_.push_back(std::make_unique<ScriptedClient>(
          sim::default_trader_config(i, instruments_, 1), hub_.plug(), clock_));
    for (usize i = 0; i < protocols.size(); ++i)
      if (protocols[i] == dataplane::ClientProtocol::kShm) clients_[i]->disconnect();
    EXPECT_TRUE(venue_.start());
    boot();
    for (const auto& client : clients_) client->start();
    quote(Side::kBuy, kBid, 1'000'000);
    quote(Side::kSell, kAsk, 1'000'000);
  }

  /// Starts the tile on what the journal holds.
  void boot() {
    tile_.reset();
    gate_ = std::make_unique<offload::SoftGate>(
        offload::SoftGate::make(
            {static_cast<u32>(edge_config_.accounts.size()), edge_config_.books.instruments_max})
            .value());
    tile_ = std::make_unique<Tile>(
        edge_config_, typename Tile::Parts{venue_tap_, client_tap_, clock_, *gate_, journal_},
        dataplane::FollowStrategy({}, edge_config_.books.instruments_max));
    for (const dataplane::MemoryRecord& record : journal_.records())
      EXPECT_EQ(tile_->replay(record.type, record.seq, record.payload),
                engine::ReplayStatus::kApplied)
          << "record " << record.seq << " of type " << record.type;
    EXPECT_TRUE(tile_->start());
  }
  /// The process dies with what is not on disk, and comes back.
  void crash() {
    journal_.crash();
    boot();
  }
  /// The process dies when the last record of this type is on disk, and none after it.
  void crash_after(orders::EventType type) {
    journal_.crash_after(static_cast<u16>(type));
    boot();
  }
  /// Runs everything for a stretch of virtual time.
  void run(Nanos span = Nanos{5'000'000}) {
    const Nanos end = clock_.now() + span;
    while (clock_.now() < end) {
      u32 work = hub_.pump() + tile_->poll(32) + venue_.poll(32);
      for (const auto& client : clients_) work += client->poll();
      clock_.advance_by(Nanos{1'000});
      if (work == 0) clock_.advance_by(Nanos{49'000});
      if (clock_.now() < next_housekeep_) continue;
      next_housekeep_ = clock_.now() + Nanos{500'000};
      tile_->housekeep(clock_.now());
      venue_.housekeep(clock_.now());
      for (const auto& client : clients_) client->housekeep(clock_.now());
    }
  }
  /// Until every client that wants to is logged in and orders pass.
  [[nodiscard]] bool come_up() {
    for (u32 i = 0; i < 10'000; ++i) {
      run(Nanos{1'000'000});
      bool up = tile_->venue().state() == dataplane::VenueState::kReady && !tile_->market().stale();
      for (const auto& client : clients_) up = up && client->settled();
      if (up) return true;
    }
    return false;
  }
  u64 quote(Side side, u32 price, u32 qty) {
    match::NewOrder order;
    order.instrument = kInstrument;
    order.side = side;
    order.price = price;
    order.qty = qty;
    const u64 number = venue_.exchange().background_submit(order, clock_.now());
    venue_.flush();
    return number;
  }

  [[nodiscard]] ScriptedClient& client(usize i) noexcept { return *clients_[i]; }
  [[nodiscard]] Tile& tile() noexcept { return *tile_; }
  [[nodiscard]] Venue& venue() noexcept { return venue_; }
  [[nodiscard]] dataplane::MemoryJournal& journal() noexcept { return journal_; }
  [[nodiscard]] dataplane::EdgeConfig& edge_config() noexcept { return edge_config_; }
  [[nodiscard]] Symbol symbol() const noexcept { return instruments_[kInstrument - 1].symbol; }
  /// From now on the frames of the clients are recorded.
  void record(wire::PcapWriter& file) noexcept { client_tap_.record(&file); }

 private:
  sim::VenueHostConfig venue_config() {
    for (sim::MarketInstrument& i : instruments_) i.price_step = 100, i.lot = 1;
    sim::VenueHostConfig venue = sim::default_venue_config(instruments_);
    venue.exchange.cancel_on_disconnect = false;
    return venue;
  }
  static dataplane::EdgeConfig config(const std::vector<dataplane::ClientProtocol>& protocols,
                                      u32 tokens_max) {
    dataplane::EdgeConfig edge = sim::default_edge_config(static_cast<u32>(protocols.size()));
    for (usize i = 0; i < protocols.size(); ++i) {
      edge.clients[i].protocol = protocols[i];
      edge.clients[i].cancel_on_disconnect = false;
    }
    edge.orders_max = 1'024;
    edge.trades_max = 1'024;
    edge.client_tokens_max = tokens_max;
    edge.client_store_messages = 1'024;
    edge.client_store_bytes = 1U << 17;
    edge.books = {.instruments_max = 8, .orders_max = 1'024, .levels_max = 1'024};
    return edge;
  }

  VirtualClock clock_;
  std::vector<sim::MarketInstrument> instruments_;
  sim::MemoryPort venue_side_{2'048};
  sim::MemoryPort venue_nic_{2'048};
  sim::Hub hub_;
  Port venue_tap_;
  Port client_tap_;
  dataplane::MemoryJournal journal_;
  dataplane::EdgeConfig edge_config_;
  std::unique_ptr<offload::SoftGate> gate_;
  std::unique_ptr<Tile> tile_;
  Venue venue_;
  std::vector<std::unique_ptr<ScriptedClient>> clients_;
  Nanos next_housekeep_{};
};

}  // namespace tradsys::testing
