#pragma once
// The edge tile in virtual time between a venue and clients whose cables can be cut and whose
// programs can stop reading: for tests of single faults.
#include <memory>
#include <vector>

#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/journal/memory_journal.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "hostsw/wire/soup_client_session.hpp"
#include "sim/market/instruments.hpp"
#include "sim/venue/background_flow.hpp"
#include "sim/venue/venue_host.hpp"
#include "sim/wire/hub.hpp"
#include "sim/world/addresses.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::testing {

constexpr Nanos milliseconds(i64 count) noexcept { return {count * 1'000'000}; }
constexpr Nanos seconds(i64 count) noexcept { return milliseconds(count * 1'000); }

/// A port whose cable can be cut: nothing goes out or comes in, nobody is told.
class CutPort {
 public:
  explicit CutPort(sim::MemoryPort& port) : port_(port) {}

  void cut(bool is_cut) noexcept { is_cut_ = is_cut; }

  [[nodiscard]] u32 rx_burst(nic::RxFrame* out, u32 max) noexcept {
    const u32 count = port_.rx_burst(out, max);
    if (!is_cut_) return count;
    port_.release(out, count);
    return 0;
  }
  void release(const nic::RxFrame* frames, u32 count) noexcept { port_.release(frames, count); }
  [[nodiscard]] std::byte* tx_alloc() noexcept { return port_.tx_alloc(); }
  bool tx_send(u32 len_bytes) noexcept {
    if (!is_cut_) return port_.tx_send(len_bytes);
    port_.tx_abandon();
    return true;
  }
  void tx_abandon() noexcept { port_.tx_abandon(); }

 private:
  sim::MemoryPort& port_;
  bool is_cut_ = false;
};
static_assert(nic::FramePort<CutPort>);

/// A client program that sends what a test asks for and counts what it is told.
class PlainClient {
 public:
  PlainClient(const sim::TraderConfig& config, CutPort& port, const VirtualClock& clock)
      : config_(config),
        clock_(clock),
        soup_(config.soup, *this),
        net_(port, clock, *this, config.net) {}

  /// Connects and logs in; asks for everything from `sequence` on.
  void connect(u64 sequence) {
    sequence_ = sequence;
    conn_ = net_.tcp().connect(config_.server_ip, config_.server_port);
  }
  void poll() { net_.poll(64); }
  void housekeep(Nanos now) {
    net_.housekeep(now);
    soup_.on_timer(now);
  }
  /// A buy of 100 far below the market: it rests.
  void enter(Symbol symbol, u32 ref, u32 price, Side side = Side::kBuy);
  void send_fin() { net_.tcp().close(conn_); }
  void send_rst() { net_.tcp().abort(conn_); }

  [[nodiscard]] bool logged_in() const { return soup_.logged_in(); }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] u64 next_sequence() const { return sequence_; }
  u64 accepted = 0, canceled = 0, messages = 0;

  // handler of the SoupBinTCP session
  bool send(Bytes packet) noexcept { return net_.tcp().send(conn_, packet); }
  void on_login_accepted(const wire::SoupSessionName&, u64 next) noexcept { sequence_ = next; }
  void on_login_rejected(char) noexcept {}
  void on_sequenced(u64 sequence, Bytes message) noexcept;
  void on_end_of_session() noexcept {}
  void on_closed(wire::SoupClose) noexcept { closed_ = true; }
  // handler of the network
  void on_udp(const net::UdpDatagram&) noexcept {}
  void on_tcp_connected(net::ConnId) noexcept {
    wire::SoupLogin login = config_.login;
    login.sequence = sequence_;
    closed_ = false;
    soup_.start(login, clock_.now());
  }
  void on_tcp_accepted(net::ConnId conn, u16) noexcept { net_.tcp().abort(conn); }
  void on_tcp_data(net::ConnId conn, Bytes bytes) noexcept {
    if (conn == conn_) soup_.on_bytes(bytes, clock_.now());
  }
  void on_tcp_closed(net::ConnId conn, net::TcpCloseReason) noexcept {
    if (conn == conn_) soup_.on_disconnected();
  }
  void on_tcp_peer_closed(net::ConnId conn) noexcept {
    if (conn == conn_) soup_.on_disconnected();
  }

 private:
  sim::TraderConfig config_;
  const VirtualClock& clock_;
  wire::SoupClientSession<PlainClient> soup_;
  net::NetInterface<CutPort, VirtualClock, PlainClient> net_;
  net::ConnId conn_ = net::kNoConn;
  u64 sequence_ = 1;
  bool closed_ = false;
};

/// Two clients, one venue. `clients[1]` is a bystander in most tests.
class FaultRack {
 public:
  using Tile = dataplane::EdgeTile<CutPort, VirtualClock, offload::SoftGate,
                                   dataplane::FollowStrategy, dataplane::MemoryJournal>;
  using Venue = sim::VenueHost<CutPort, VirtualClock>;

  FaultRack();

  /// Runs everything for a span of virtual time.
  void run(Nanos span);
  /// Runs until `done` or for `most`; the time it took.
  template <class Done>
  Nanos run_until(Done&& done, Nanos most) {
    const Nanos from = clock.now();
    while (!done() && clock.now() - from < most) run(kStep);
    return clock.now() - from;
  }
  /// Both clients log in and have `orders` each resting at the venue.
  void open(u32 orders);
  /// The dataplane starts again on what the journal holds.
  void restart();
  /// Orders of a client that rest at the venue.
  [[nodiscard]] u32 resting_at_venue(u16 account);
  /// Orders of a client session that live in the dataplane.
  [[nodiscard]] u32 live(u16 session) const {
    return tile->engine().core().store().count_of_session(session);
  }
  /// Cancels in the journal by who asked for them.
  [[nodiscard]] u32 journaled_cancels(orders::CancelOrigin origin) const;

  static constexpr Nanos kStep{100'000};

  VirtualClock clock;
  sim::Hub hub;
  sim::MemoryPort venue_side_end, venue_nic_end;
  CutPort venue_side, client_side, venue_nic;
  std::vector<std::unique_ptr<CutPort>> client_ports;
  std::vector<std::unique_ptr<PlainClient>> clients;
  std::vector<bool> client_runs{true, true};  ///< false: its program is stopped
  bool venue_runs = true;
  std::vector<sim::MarketInstrument> instruments;
  dataplane::EdgeConfig config;
  offload::SoftGate gate;
  dataplane::MemoryJournal journal;
  std::unique_ptr<Tile> tile;
  std::unique_ptr<Venue> venue;
  std::unique_ptr<sim::BackgroundFlow<sim::Exchange<Venue>>> flow;
};

}  // namespace tradsys::testing
