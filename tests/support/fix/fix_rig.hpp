#pragma once
// A FIX client of a whole edge tile, with the simulated venue behind it, in virtual time and
// without an EAL: what the client sends and what it is told, over its own TCP.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/journal/memory_journal.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "hostsw/wire/fix/session.hpp"
#include "sim/market/instruments.hpp"
#include "sim/venue/background_flow.hpp"
#include "sim/venue/venue_host.hpp"
#include "sim/wire/capture_port.hpp"
#include "sim/wire/hub.hpp"
#include "sim/world/addresses.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::testing {

/// Wall clock of the rig at virtual time 0.
inline constexpr i64 kRigWallNs = 1'784'626'200'000'000'000;

/// A message by tags; a tag that is there twice keeps the last value.
using FixFields = std::map<i32, std::string>;

/// Where a host of the clients' segment is, and whom it connects to.
struct FixSeat {
  net::MacAddress mac = sim::client_mac(0);
  net::Ipv4 ip = sim::client_ip(0);
  u16 server_port = sim::kClientOrderPort;
};

/// The client, or the reader of a drop copy: a FIX initiator on a TCP stack of its own.
class FixPeer {
 public:
  using Port = sim::CapturePort<sim::MemoryPort, VirtualClock>;
  using Net = net::NetInterface<Port, VirtualClock, FixPeer>;

  FixPeer(const fix::SessionConfig& config, sim::MemoryPort& port, const VirtualClock& clock,
          const FixSeat& seat = {})
      : clock_(clock),
        seat_(seat),
        session_config_(config),
        session_(std::in_place, config, *this, store_),
        port_(port, clock),
        net_(port_, clock, *this, net_config(seat)) {
    net_.announce();
  }

  /// From now on its frames go into `file`; nullptr: no more.
  void record(wire::PcapWriter* file) noexcept { port_.record(file); }
  void connect() { conn_ = net_.tcp().connect(sim::kClientSideIp, seat_.server_port); }
  /// The connection is gone at once, without a word of FIX.
  void cut() {
    if (conn_ == net::kNoConn) return;
    net_.tcp().abort(conn_);
    conn_ = net::kNoConn;
    session_->on_disconnected();
  }
  /// Goes without a word of FIX, but with a FIN.
  void hang_up() {
    net_.tcp().close(conn_);
    conn_ = net::kNoConn;
    session_->on_disconnected();
  }
  void poll() {
    if (!deaf) net_.poll(32);
  }
  void housekeep() {
    if (deaf) return;
    net_.housekeep(clock_.now());
    session_->on_timer(wall());
  }
  /// `fields` with bars: "11=A|38=100|".
  bool send_fix(std::string_view type, std::string fields) {
    for (char& c : fields)
      if (c == '|') c = fix::kSoh;
    return session_->send_application(type, fields);
  }
  [[nodiscard]] Nanos wall() const { return Nanos{wall_at_0_ns + clock_.now().v}; }
  [[nodiscard]] fix::Session<FixPeer>& session() { return *session_; }
  [[nodiscard]] bool connected() const { return conn_ != net::kNoConn; }
  /// Another connection to the same port, which says nothing.
  net::ConnId connect_beside() {
    return beside_ = net_.tcp().connect(sim::kClientSideIp, seat_.server_port);
  }
  [[nodiscard]] bool was_closed(net::ConnId conn) const { return conn == closed_; }
  /// The next logon starts from number 1 and says so; stay(): the one after it goes on.
  void reset() { remake(true); }
  void stay() { remake(false); }
  /// Both directions start at 1 with the next logon, as the hours say: nothing is said of it.
  void begin_day() {
    store_.restart(1);
    session_.emplace(session_config_, *this, store_);
  }

  /// It forgets what it got from `next_in` on, and asks for it again.
  void begin_again(u64 next_in) {
    fix::SequenceNumbers numbers = session_->numbers();
    numbers.next_in = next_in;
    session_.emplace(session_config_, *this, store_, numbers);
  }

  std::vector<FixFields> received;
  i64 wall_at_0_ns = kRigWallNs;  ///< wall clock at virtual time 0
  bool deaf = false;  ///< reads nothing

  // --- TCP
  void on_udp(const net::UdpDatagram&) {}
  void on_tcp_connected(net::ConnId conn) {
    if (conn == conn_) session_->start(wall());
  }
  void on_tcp_accepted(net::ConnId, u16) {}
  void on_tcp_data(net::ConnId conn, Bytes bytes) {
    if (conn == conn_) session_->on_bytes(bytes, wall());
  }
  void on_tcp_closed(net::ConnId conn, net::TcpCloseReason) { on_tcp_peer_closed(conn); }
  void on_tcp_peer_closed(net::ConnId conn) {
    if (conn == beside_) closed_ = conn;
    if (conn != conn_) return;
    net_.tcp().close(conn);
    conn_ = net::kNoConn;
    session_->on_disconnected();
  }

  // --- FIX
  bool send(std::string_view bytes) {
    return conn_ != net::kNoConn && net_.tcp().send(conn_, std::as_bytes(std::span(bytes)));
  }
  bool on_logon(const fix::Message&) { return true; }
  void on_logged_on() {}
  bool on_application(const fix::Message& m) {
    FixFields fields;
    for (const fix::Field& f : m.fields()) fields[f.tag] = std::string(f.value);
    received.push_back(fields);
    return true;
  }
  void on_closed(fix::CloseReason) {
    if (conn_ == net::kNoConn) return;
    net_.tcp().close(conn_);
    conn_ = net::kNoConn;
  }

 private:
  static net::NetConfig net_config(const FixSeat& seat) {
    net::NetConfig config;
    config.mac = seat.mac;
    config.ip = seat.ip;
    return config;
  }

  void remake(bool reset) {
    const fix::SequenceNumbers numbers = session_->numbers();
    session_config_.reset_on_logon = reset;
    session_.emplace(session_config_, *this, store_, numbers);
  }

  const VirtualClock& clock_;
  const FixSeat seat_;
  fix::SessionConfig session_config_;
  wire::SequencedStore store_{1U << 22, 1U << 15};
  std::optional<fix::Session<FixPeer>> session_;
  Port port_;
  Net net_;
  net::ConnId conn_ = net::kNoConn;
  net::ConnId beside_ = net::kNoConn;
  net::ConnId closed_ = net::kNoConn;
};

/// `Peer` is at the client's end of the cable.
template <class Peer>
class BasicFixRig {
 public:
  using Tile = dataplane::EdgeTile<sim::MemoryPort, VirtualClock, offload::SoftGate,
                                   dataplane::FollowStrategy, dataplane::MemoryJournal>;
  using Venue = sim::VenueHost<sim::MemoryPort, VirtualClock>;

  explicit BasicFixRig(dataplane::ClientProtocol protocol,
                       const std::function<void(dataplane::EdgeConfig&)>& change = {},
                       u64 flow_per_s = 0)
      : protocol_(protocol),
        config_(edge_config(protocol)),
        instruments_(sim::make_instruments(4, 7)),
        venue_(venue_config(), venue_nic_, clock_),
        flow_({.seed = 7, .standing_orders = 400, .value_moves = 0, .mix = {}}, instruments_,
              venue_.exchange(), flow_per_s),
        peer_(peer_config(change), hub_.plug(), clock_) {
    if (change) change(config_);
    sim::MemoryPort::join(tile_venue_port_, venue_nic_);
    for (const dataplane::DropCopyConfig& copy : config_.drop_copies)
      if (dataplane::is_fix(copy.protocol)) add_reader(copy);
    clock_.advance_to(kSecond);
    TRADSYS_ASSERT(venue_.start());
    flow_.warm(clock_.now());
    venue_.flush();
    boot();
    run(300);
  }

  /// Virtual milliseconds.
  void run(i64 ms) { steps(ms * 20); }
  /// Of 50 microseconds.
  void steps(i64 count) {
    for (i64 i = 0; i < count; ++i) {
      if (flow_.run(clock_.now()) != 0) venue_.flush();
      tile_->poll(32);
      venue_.poll(32);
      hub_.pump();
      peer_.poll();
      for (const auto& reader : readers_) reader->poll();
      hub_.pump();
      clock_.advance_by(Nanos{50'000});
      if (++step_ % 20 != 0) continue;
      tile_->housekeep(clock_.now());
      venue_.housekeep(clock_.now());
      peer_.housekeep();
      for (const auto& reader : readers_) reader->housekeep();
    }
  }
  void log_on() {
    peer_.connect();
    run(100);
  }
  /// The connection breaks; the client logs on again.
  void cut_and_return() {
    peer_.cut();
    run(50);
    log_on();
  }
  /// The appliance dies and comes back on what is on its disk. The client hears of it.
  void crash() {
    journal_.crash();
    boot();
    peer_.cut();
    for (const auto& reader : readers_) reader->cut();
    run(1'500);
  }

  [[nodiscard]] Peer& peer() { return peer_; }
  /// Of the drop copies that speak FIX, in their order.
  [[nodiscard]] FixPeer& reader(usize copy) { return *readers_[copy]; }
  void log_on_readers() {
    for (const auto& reader : readers_) reader->connect();
    run(100);
  }
  [[nodiscard]] Tile& tile() { return *tile_; }
  [[nodiscard]] Venue& venue() { return venue_; }
  [[nodiscard]] VirtualClock& clock() { return clock_; }
  [[nodiscard]] dataplane::MemoryJournal& journal() { return journal_; }
  [[nodiscard]] const auto& client() const { return *tile_->desk().fix().client(0); }

  /// A new order of the first instrument. `step`: price steps off the middle.
  bool order(const std::string& id, char side, u32 qty, i64 step, const std::string& more = {}) {
    return peer_.send_fix("D", "11=" + id + "|" + handling() + terms(side) +
                                   qty_and_price(qty, step) + "40=2|" + more);
  }
  bool replace(const std::string& id, const std::string& of, char side, u32 qty, i64 step) {
    return peer_.send_fix("G", "41=" + of + "|11=" + id + "|" + handling() + terms(side) +
                                   qty_and_price(qty, step) + "40=2|");
  }
  bool cancel(const std::string& id, const std::string& of, char side) {
    return peer_.send_fix("F", "41=" + of + "|11=" + id + "|" + terms(side) + "38=100|");
  }
  /// The venue halts ('H', 'P') or resumes ('T') the first instrument.
  void set_state(char state) {
    venue_.exchange().set_trading(1, state, clock_.now());
    venue_.flush();
  }
  [[nodiscard]] std::string symbol() const { return instruments_[0].symbol.str(); }
  [[nodiscard]] u32 price_at(i64 step) const {
    const auto& engine = venue_.exchange().engine();
    const i64 unit = instruments_[0].price_step;
    const i64 middle =
        (i64{engine.best_price(1, Side::kBuy)} + engine.best_price(1, Side::kSell)) / 2;
    return static_cast<u32>((middle / unit + step) * unit);
  }
  [[nodiscard]] static std::string decimal(u32 price) {
    std::string part = std::to_string(price % 10'000);
    return std::to_string(price / 10'000) + "." + std::string(4 - part.size(), '0') + part;
  }
  /// Messages of a type that name a ClOrdID.
  [[nodiscard]] std::vector<FixFields> told(const std::string& type, const std::string& id) const {
    std::vector<FixFields> found;
    for (const FixFields& m : peer_.received)
      if (m.at(35) == type && m.contains(11) && m.at(11) == id) found.push_back(m);
    return found;
  }
  [[nodiscard]] std::string terms(char side) const {
    return "55=" + symbol() + "|54=" + side + "|60=20260721-09:30:00.000|";
  }
  [[nodiscard]] std::string handling() const {
    return protocol_ == dataplane::ClientProtocol::kFix42 ? "21=1|" : "";
  }

 private:
  [[nodiscard]] std::string qty_and_price(u32 qty, i64 step) const {
    return "38=" + std::to_string(qty) + "|44=" + decimal(price_at(step)) + "|";
  }
  /// The venue keeps the orders of a member that is away.
  [[nodiscard]] sim::VenueHostConfig venue_config() const {
    sim::VenueHostConfig config = sim::default_venue_config(instruments_);
    config.exchange.cancel_on_disconnect = false;
    return config;
  }
  static dataplane::EdgeConfig edge_config(dataplane::ClientProtocol protocol) {
    dataplane::EdgeConfig config = sim::default_edge_config(1);
    config.books = {.instruments_max = 8, .orders_max = 1U << 14, .levels_max = 1U << 12};
    config.orders_max = 4'096;
    config.trades_max = 1U << 14;
    config.client_store_messages = 1U << 15;
    config.client_store_bytes = usize{1} << 22;
    config.wall_offset_ns = kRigWallNs;
    dataplane::ClientConfig& client = config.clients[0];
    client.protocol = protocol;
    client.fix.sender_comp_id = "TRADSYS";
    client.fix.target_comp_id = "CLIENT";
    client.fix.account = "0";
    client.fix.requests_max = 1U << 14;
    client.fix.check_password = protocol != dataplane::ClientProtocol::kFix42;
    return config;
  }
  /// It asks for no longer heartbeat than the changed configuration allows, and knows of no other
  /// change.
  [[nodiscard]] fix::SessionConfig peer_config(
      const std::function<void(dataplane::EdgeConfig&)>& change) const {
    dataplane::EdgeConfig changed = config_;
    if (change) change(changed);
    fix::SessionConfig session = mirror_of(config_.clients[0]);
    session.heartbeat_s = std::min(session.heartbeat_s, changed.clients[0].fix.heartbeat_max_s);
    return session;
  }
  static fix::SessionConfig mirror_of(const dataplane::ClientConfig& client) {
    fix::SessionConfig session = dataplane::fix_session_config(client);
    session.role = fix::Role::kInitiator;
    std::swap(session.sender_comp_id, session.target_comp_id);
    if (client.fix.check_password) {
      session.username = client.user;
      session.password = client.password;
    }
    return session;
  }
  void add_reader(const dataplane::DropCopyConfig& copy) {
    const u32 seat = 100 + static_cast<u32>(readers_.size());
    readers_.push_back(std::make_unique<FixPeer>(
        mirror_of({.user = copy.user,
                   .password = copy.password,
                   .protocol = copy.protocol,
                   .fix = copy.fix}),
        hub_.plug(), clock_, FixSeat{sim::client_mac(seat), sim::client_ip(seat), copy.tcp_port}));
  }
  void boot() {
    tile_.reset();
    gate_ = std::make_unique<offload::SoftGate>(
        offload::SoftGate::make({2, config_.books.instruments_max}).value());
    dataplane::FollowStrategy::Config idle;
    idle.enabled = false;
    tile_ = std::make_unique<Tile>(
        config_, Tile::Parts{tile_venue_port_, tile_client_port_, clock_, *gate_, journal_},
        dataplane::FollowStrategy(idle, config_.books.instruments_max));
    for (const dataplane::MemoryRecord& record : journal_.records())
      TRADSYS_ASSERT(tile_->replay(record.type, record.seq, record.payload) ==
                     engine::ReplayStatus::kApplied);
    TRADSYS_ASSERT(tile_->start());
  }

  u64 step_ = 0;
  VirtualClock clock_;
  dataplane::ClientProtocol protocol_;
  dataplane::EdgeConfig config_;
  std::vector<sim::MarketInstrument> instruments_;
  sim::MemoryPort tile_venue_port_{4'096};
  sim::Hub hub_;
  sim::MemoryPort& tile_client_port_ = hub_.plug();
  sim::MemoryPort venue_nic_{4'096};
  dataplane::MemoryJournal journal_{clock_, Nanos{60'000}};
  std::unique_ptr<offload::SoftGate> gate_;
  std::unique_ptr<Tile> tile_;
  Venue venue_;
  sim::BackgroundFlow<sim::Exchange<Venue>> flow_;
  Peer peer_;
  std::vector<std::unique_ptr<FixPeer>> readers_;
};
using FixRig = BasicFixRig<FixPeer>;

}  // namespace tradsys::testing
