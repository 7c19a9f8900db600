#pragma once
// The edge tile: feed -> book -> strategy -> gate -> order entry, run to completion on one core,
// and the client sessions beside it. poll() is hot; housekeep() moves timers, sweeps and status.
// Everything it decides goes to the journal through `Journal`; everything it needs comes in by
// template parameter, so that the same code runs over DPDK ports in real time and in a seeded
// simulation in virtual time.
#include <algorithm>
#include <optional>

#include "dataplane/edge/cancel/cancel_sweeps.hpp"
#include "dataplane/edge/cancel/kill_switch.hpp"
#include "dataplane/edge/client_desk.hpp"
#include "dataplane/edge/configured_rows.hpp"
#include "dataplane/edge/day_watch.hpp"
#include "dataplane/edge/journal_sink.hpp"
#include "dataplane/edge/market.hpp"
#include "dataplane/edge/poll_budget.hpp"
#include "dataplane/edge/strategy.hpp"
#include "dataplane/edge/venue_link.hpp"
#include "dataplane/engine/order_engine.hpp"
#include "dataplane/net/net_interface.hpp"
#include "hostsw/telemetry/stages.hpp"

namespace tradsys::dataplane {

template <nic::FramePort Port, Clock Clk, class Gate, class Strat, JournalSink Journal>
class EdgeTile {
 public:
  /// What a tile is put together from; all of it outlives the tile.
  struct Parts {
    Port& venue_port;
    Port& client_port;
    const Clk& clock;
    Gate& gate;
    Journal& journal;
    ipc::MarketBoard* board = nullptr;  ///< of local subscribers; nullptr: nobody listens
  };

  EdgeTile(const EdgeConfig& config, const Parts& parts, const Strat& strategy)
      : config_(config),
        clock_(parts.clock),
        gate_(parts.gate),
        journal_(parts.journal),
        strategy_(strategy),
        market_(*this, config.feed, config.books, parts.board),
        engine_(parts.gate, *this, {config.orders_max, config.trades_max}),
        desk_(*this, config_),
        venue_(*this, config),
        venue_side_{*this, {parts.venue_port, parts.clock, venue_side_, config.venue_net}},
        client_side_{*this, {parts.client_port, parts.clock, client_side_, config.client_net}},
        sweeps_(config.clients.size()),
        rows_(config_, engine_, parts.gate, market_),
        wall_offset_ns_(config.wall_offset_ns) {}
  EdgeTile(const EdgeTile&) = delete;
  EdgeTile& operator=(const EdgeTile&) = delete;

  // --- life: replay, start, poll, housekeep ------------------------------------------------------

  /// Applies one record of the journal; before start(), in order.
  [[nodiscard]] engine::ReplayStatus replay(u16 type, u64 seq, Bytes payload) noexcept {
    desk_.drop_settled();
    rows_.replay(static_cast<orders::EventType>(type), payload);
    if (!desk_.replay(type, payload)) return engine::ReplayStatus::kBadRecord;
    return engine_.replay(static_cast<orders::EventType>(type), seq, payload);
  }

  /// Whose place in the journal another client would take, or nullptr: then start() may be called.
  [[nodiscard]] const orders::ClientRow* misplaced_client() const noexcept {
    return rows_.misplaced_client();
  }
  /// The account that would change its client, or nullptr: then start() may be called.
  [[nodiscard]] const AccountLimits* moved_account() const noexcept {
    return rows_.moved_account();
  }
  /// Event times go on from `ts_ns`, the last one of the journal, where the wall clock was set back
  /// meanwhile: time that ran backwards would starve the gate's token buckets.
  void set_time_floor(u64 ts_ns) noexcept {
    if (wall_ns() < ts_ns) wall_offset_ns_ = static_cast<i64>(ts_ns) - clock_.now().v;
  }

  /// Joins the feed, looks for its re-request servers (a request must not wait for that) and puts
  /// the configured limits in force where the journal says otherwise. The client ports open with
  /// the first reconcile: before it, an order that a crash took out of the journal could still turn
  /// up in the venue's stream, and a client must not be told that it never arrived. False when a
  /// table of the network stack is too small for the configuration.
  [[nodiscard]] bool start() noexcept {
    venue_.attach(venue_side_.net.tcp());
    for (const Endpoint& line : config_.feed_lines)
      if (!venue_side_.net.join(line.ip)) return false;
    apply_configuration();
    desk_.start(engine_.core().days().day());
    venue_side_.net.announce();
    client_side_.net.announce();
    for (const Endpoint& server : config_.rerequest_servers) venue_side_.net.resolve(server.ip);
    return true;
  }

  /// Hot. Handles up to `budget` frames of each side; returns how many there were. Takes nothing
  /// while the journal has no room: then the ports hold the frames back.
  u32 poll(u32 budget) noexcept {
    if (!journal_.has_room(kRecordsPerPoll)) {
      ++backpressure_;
      return 0;
    }
    const u32 orders = client_side_.net.poll(budget) + desk_.poll_shm();
    const u32 market = venue_side_.net.poll(budget);
    pay_owed_cancels();
    desk_.release(journal_.durable_seq(), clock_.now());
    return orders + market;
  }

  /// Warm: timers, sweeps of canceled sessions, cancels that found no room. Every millisecond or
  /// so.
  void housekeep(Nanos now) noexcept {
    // Cancels of a kill get to the venue while the journal stands still, also over a bad cable.
    send_cancels_again();
    venue_side_.net.housekeep(now);
    if (!journal_.has_room(kRecordsPerPoll)) return;
    client_side_.net.housekeep(now);
    market_.on_timer(now);
    venue_.on_timer(now);
    desk_.on_timer(now);
    sweep();
    put_rows_in_force();
    market_.tell_news(desk_);
    if (!day_over() && day_watch_.due(venue_.last_message_at(), now))
      engine_.end_day({.ts_ns = wall_ns(), .cause = day_watch_.cause()});
  }

  /// No timer needs a housekeep() before this time. Sessions beat and look for silence on a grid.
  [[nodiscard]] Nanos next_deadline() const noexcept {
    return std::min(venue_side_.net.next_deadline(), client_side_.net.next_deadline());
  }

  // --- operator ----------------------------------------------------------------------------------

  /// Sets or releases the kill switch; setting it also cancels every order in its scope. Nothing,
  /// and nothing done, when there is no such account or instrument. The journal has room for one
  /// record, which it keeps for operators.
  std::optional<KillOutcome> kill(const KillOrder& order) noexcept;
  /// Ends the trading day for an operator; the number of its record. While orders that end with it
  /// live at the venue they are canceled first: nothing is done then, and `day_orders` says how
  /// many. The journal has room.
  std::optional<u64> end_day(const std::array<char, 40>& operator_name, u32& day_orders) noexcept {
    day_orders = engine_.core().days().ending_orders();
    if (venue_.open() && day_orders != 0) return std::nullopt;
    engine_.end_day({.ts_ns = wall_ns(),
                     .cause = orders::DayEndCause::kOperator,
                     .operator_name = operator_name});
    return engine_.event_seq();
  }
  [[nodiscard]] bool day_over() const noexcept { return engine_.core().days().over(); }
  /// Puts a row of limits in force for an operator; the number of its record. The journal has room.
  template <class Row>
  u64 set_limits(const Row& row, const std::array<char, 40>& operator_name) noexcept;
  /// What the gate would say to a request now.
  [[nodiscard]] Verdict what_if(OrderRequest request) const noexcept {
    request.crosses_own = engine_.crosses_own(request) ? 1 : 0;
    return gate_.what_if(request, market_state(request.instrument),
                         Nanos{static_cast<i64>(wall_ns())});
  }
  /// No mass cancel can begin: too many are under way.
  [[nodiscard]] bool mass_cancels_full() const noexcept { return sweeps_.full(); }
  /// Cancels all orders that `what` names, as fast as there is room; journaled, so that a restart
  /// goes on with it. Not while mass_cancels_full(); the journal has room.
  KillOutcome mass_cancel(orders::MassCancelEvent what) noexcept;
  /// As an operator asks it: nothing, and nothing done, where it names what is not there.
  std::optional<KillOutcome> mass_cancel(const orders::MassCancelEvent& what,
                                         const std::array<char, 40>& operator_name) noexcept;
  [[nodiscard]] u8 release_persons() const noexcept { return config_.release_persons; }
  /// Where an operator's switch stands; active where there is none.
  [[nodiscard]] SwitchState switch_state(KillScope scope, u16 index) const noexcept {
    return gate_.switch_state(scope, index);
  }
  void checkpoint() noexcept {
    engine_.checkpoint(wall_ns());
    checkpointed_seq_ = engine_.event_seq();
  }
  /// As checkpoint(), unless nothing happened since the last one.
  void checkpoint_if_changed() noexcept {
    if (engine_.event_seq() != checkpointed_seq_) checkpoint();
  }

  // --- state -------------------------------------------------------------------------------------
  using Engine = engine::OrderEngine<Gate, EdgeTile>;
  [[nodiscard]] const Engine& engine() const noexcept { return engine_; }
  [[nodiscard]] const Market<EdgeTile>& market() const noexcept { return market_; }
  [[nodiscard]] Market<EdgeTile>& market() noexcept { return market_; }
  [[nodiscard]] const auto& desk() const noexcept { return desk_; }
  [[nodiscard]] const auto& venue() const noexcept { return venue_; }
  [[nodiscard]] ShmHandover& shm_handover() noexcept { return desk_.shm_handover(); }
  [[nodiscard]] const telemetry::StageRecorder& latency() const noexcept { return latency_; }
  [[nodiscard]] const net::NetCounters& venue_net() const noexcept {
    return venue_side_.net.counters();
  }
  [[nodiscard]] const net::NetCounters& client_net() const noexcept {
    return client_side_.net.counters();
  }
  /// The firm-wide kill switch is set.
  [[nodiscard]] bool killed() const noexcept { return engine_.core().firm_killed(); }
  [[nodiscard]] u64 durable_seq() const noexcept { return journal_.durable_seq(); }
  [[nodiscard]] const Gate& gate() const noexcept { return gate_; }
  /// Net position of all accounts in an instrument.
  [[nodiscard]] i64 position(u16 instrument) const noexcept { return rows_.position(instrument); }
  [[nodiscard]] u64 backpressure() const noexcept { return backpressure_; }
  [[nodiscard]] const EdgeConfig& config() const noexcept { return config_; }
  [[nodiscard]] Nanos now() const noexcept { return clock_.now(); }
  /// Wall clock, for time stamps and the gate's token buckets.
  [[nodiscard]] u64 wall_ns() const noexcept {
    return static_cast<u64>(clock_.now().v + wall_offset_ns_);
  }

  // --- out of the order engine -------------------------------------------------------------------
  bool venue_ready() const noexcept { return venue_.ready(); }
  bool venue_open() const noexcept { return venue_.open(); }
  bool venue_takes(TimeInForce tif) const noexcept { return venue_.takes(tif); }
  bool journal_ready() const noexcept { return journal_.ready(); }
  bool venue_reduces() const noexcept { return venue_.reduces(); }
  void venue_enter(const orders::Order& order) noexcept {
    venue_.enter(order, market_.symbol_of(order.instrument));
  }
  void venue_replace(const orders::Order& order) noexcept {
    venue_.replace(order, market_.symbol_of(order.instrument));
  }
  void venue_cancel(u64 order_id, u32 qty) noexcept {
    if (!venue_.cancel(order_id, qty)) resend_cancels_ = true;
  }
  void client_report(const engine::ClientReport& report) noexcept {
    if (report.session == orders::kStrategySession) strategy_.on_report(report);
    desk_.report(report, market_.symbol_of(report.instrument), engine_.event_seq() + 1);
  }
  void client_entered(const orders::EnterEvent& e) noexcept {
    desk_.entered(e, market_.symbol_of(e.request.instrument));
  }
  void mass_cancel_begins(const orders::MassCancelEvent& event) noexcept { sweeps_.begin(event); }
  void instrument(const orders::InstrumentEvent& event) noexcept {
    Symbol symbol;
    std::memcpy(symbol.text, &event.symbol, sizeof event.symbol);
    market_.learn(event.limits.instrument, symbol);
    market_.set_limits_known(event.limits.instrument);
  }
  void journal(orders::EventType type, u64 seq, u64 ts_ns, Bytes payload) noexcept {
    journal_.push(static_cast<u16>(type), seq, ts_ns, payload);
  }

  // --- out of the market -------------------------------------------------------------------------
  void on_bbo(u16 instrument) noexcept {
    strategy_.on_bbo(instrument, market_.books().bbo(instrument),
                     [this](const StrategyOrder& order) { return send_for_strategy(order); });
  }
  void on_applied(u64 sequence, Bytes message) noexcept {
    if constexpr (requires { strategy_.on_message(sequence, message, market_.books()); })
      strategy_.on_message(sequence, message, market_.books());
  }
  /// Of today's feed only: that of the day before may still be told.
  void on_messages_over() noexcept {
    if (venue_session() != wire::SoupSessionName{})
      day_watch_.heard(orders::DayEndCause::kFeed, clock_.now());
  }
  void on_instrument(u16 number) noexcept { rows_.add_instrument(number); }
  void send_rerequest(u32 server, Bytes request) noexcept {
    if (server >= config_.rerequest_servers.size()) return;
    const Endpoint& to = config_.rerequest_servers[server];
    venue_side_.net.udp_send(to.ip, to.port, config_.rerequest_local_port, request);
  }

  // --- out of the client desk --------------------------------------------------------------------
  [[nodiscard]] u16 find_symbol(Symbol symbol) const noexcept { return market_.find(symbol); }
  /// Whether one more message of a client can be recorded, with what the venue may still say in
  /// this poll.
  [[nodiscard]] bool client_room() const noexcept {
    return journal_.has_room(kVenueRecords + kClientReserve + kOperatorReserve);
  }
  /// Of a client's connection, whatever carries it.
  void client_bytes(net::ConnId conn, Bytes bytes) noexcept {
    input_at_ = clock_.now();
    venue_.set_now(input_at_);
    desk_.on_data(conn, bytes, input_at_);
    input_at_ = {};
  }
  void client_request(engine::ClientRequest& request) noexcept {
    u16 instrument = request.instrument;
    if (request.kind == RequestKind::kReplace) {
      const orders::Order* live =
          engine_.core().store().find_client(request.session, request.replaces_client_ref);
      if (live != nullptr) instrument = live->instrument;
    }
    engine_.request(request, market_state(instrument), wall_ns());
    if (input_at_.v != 0)
      latency_.record(telemetry::Stage::kClientToVenue, clock_.now() - input_at_);
  }
  void client_cancel(u16 client, u32 client_ref, u32 qty) noexcept {
    engine_.cancel(client, client_ref, qty, wall_ns());
  }
  void client_modify(u16 client, u32 client_ref, Side side, u32 qty) noexcept {
    engine_.modify(client, client_ref, side, qty, wall_ns());
  }
  /// Records what belongs to a client's session.
  template <class Event>
  void client_note(orders::EventType type, const Event& event) noexcept {
    engine_.note(type, event);
  }
  /// Orders that a client's mass cancel means, all of which are canceled; nothing while too many
  /// are under way.
  std::optional<u32> client_mass_cancel(const orders::MassCancelEvent& what) noexcept {
    if (mass_cancels_full()) return std::nullopt;
    return mass_cancel(what).orders;
  }
  void client_query(u16 client) noexcept { engine_.query({.ts_ns = wall_ns(), .session = client}); }
  void client_connected(u16 client) noexcept {
    engine_.session({.ts_ns = wall_ns(), .session = client, .connected = 1});
  }
  void client_gone(u16 client) noexcept {
    engine_.session({.ts_ns = wall_ns(), .session = client, .connected = 0});
    if (!desk_.config(client).cancel_on_disconnect) return;
    sweeps_.set_gone(client, engine_.core().next_order_id());
    sweep();
  }

  // --- out of the venue link ---------------------------------------------------------------------
  [[nodiscard]] const wire::SoupSessionName& venue_session() const noexcept {
    return engine_.core().venue_session();
  }
  [[nodiscard]] const wire::SoupSessionName& previous_venue_session() const noexcept {
    return engine_.core().days().previous_venue_session();
  }
  void venue_day_over() noexcept {
    day_watch_.heard(orders::DayEndCause::kVenueSession, clock_.now());
  }
  void venue_session_begins(const wire::SoupSessionName& name) noexcept {
    engine_.set(orders::VenueSessionEvent{.name = name}, wall_ns());
  }
  void venue_numbers(const orders::VenueNumbersEvent& event) noexcept { engine_.set(event); }
  [[nodiscard]] u64 venue_seq() const noexcept { return engine_.core().venue_seq(); }
  void venue_report(const orders::VenueReport& report) noexcept {
    engine_.venue_report(report);
    if (report.kind == ExecKind::kCancelRejected) sweeps_.cancel_refused(clock_.now());
    if (engine_.core().unknown_execution_stands()) on_unknown_execution();
    if (input_at_.v != 0)
      latency_.record(telemetry::Stage::kVenueToClient, clock_.now() - input_at_);
  }
  void venue_reconciled(u64 next_order_id) noexcept {
    engine_.reconcile(next_order_id, wall_ns());
    sweeps_.set_killing();  // an order adopted just now may be in a killed scope
    if (sweeps_.begin_grace(clock_.now())) TRADSYS_ASSERT(desk_.listen(client_side_.net.tcp()));
  }

 private:
  /// Handler of the interface towards the venue.
  struct VenueSide {
    EdgeTile& tile;
    net::NetInterface<Port, Clk, VenueSide> net;

    void on_udp(const net::UdpDatagram& d) noexcept { tile.on_feed(d); }
    void on_tcp_connected(net::ConnId conn) noexcept {
      if (tile.venue_.owns(conn)) tile.venue_.on_connected(tile.clock_.now());
    }
    void on_tcp_accepted(net::ConnId conn, u16) noexcept { net.tcp().abort(conn); }
    void on_tcp_data(net::ConnId conn, Bytes bytes) noexcept {
      if (!tile.venue_.owns(conn)) return;
      tile.input_at_ = tile.clock_.now();
      tile.venue_.on_data(bytes, tile.input_at_);
      tile.input_at_ = {};
    }
    void on_tcp_closed(net::ConnId conn, net::TcpCloseReason) noexcept {
      if (tile.venue_.owns(conn)) tile.venue_.on_closed(tile.clock_.now());
    }
  };

  /// Handler of the interface towards the clients.
  struct ClientSide {
    EdgeTile& tile;
    net::NetInterface<Port, Clk, ClientSide> net;

    void on_udp(const net::UdpDatagram&) noexcept {}
    void on_tcp_connected(net::ConnId conn) noexcept { net.tcp().abort(conn); }
    void on_tcp_accepted(net::ConnId conn, u16 port) noexcept {
      tile.desk_.on_accepted(conn, port, tile.clock_.now());
    }
    void on_tcp_data(net::ConnId conn, Bytes bytes) noexcept { tile.client_bytes(conn, bytes); }
    void on_tcp_closed(net::ConnId conn, net::TcpCloseReason) noexcept {
      tile.desk_.on_closed(conn);
    }
    void on_tcp_peer_closed(net::ConnId conn) noexcept { tile.desk_.on_closed(conn); }
  };

  void on_feed(const net::UdpDatagram& d) noexcept {
    feed_at_ = d.received_at;
    for (u8 line = 0; line < 2; ++line) {
      if (d.dst_ip == config_.feed_lines[line].ip && d.dst_port == config_.feed_lines[line].port) {
        heard_at_ = d.received_at;
        market_.on_feed_packet(line, d.payload, d.received_at);
        latency_.record(telemetry::Stage::kFeedToBook, clock_.now() - d.received_at);
        return;
      }
    }
    if (d.dst_port == config_.rerequest_local_port &&
        is_rerequest_server(config_, {d.src_ip, d.src_port})) {
      market_.on_feed_packet(feed::kRecoveryLine, d.payload, d.received_at);
    }
  }
  /// What the gate holds an order of this instrument against, now.
  [[nodiscard]] MarketState market_state(u16 instrument) const noexcept {
    MarketState state = market_.state_of(instrument);
    if (heard_at_.v != 0) state.heard_ns = static_cast<u64>(heard_at_.v + wall_offset_ns_);
    return state;
  }

  u32 send_for_strategy(const StrategyOrder& order) noexcept {
    const engine::ClientRequest request =
        request_of(order, config_.strategy_account,
                   engine_.core().last_client_ref(orders::kStrategySession) + 1);
    venue_.set_now(feed_at_);
    const u64 before = venue_.counters().messages_out;
    engine_.request(request, market_state(order.instrument), wall_ns());
    if (venue_.counters().messages_out == before) return 0;
    latency_.record(telemetry::Stage::kTickToTrade, clock_.now() - feed_at_);
    return request.client_ref;
  }

  /// Somebody holds a position that no ledger has: nothing may be added to it until a person knows
  /// whose it is (domain rules, race case 7).
  void on_unknown_execution() noexcept;

  /// Cancels that the transport had no room for; needs no record.
  void send_cancels_again() noexcept {
    if (!resend_cancels_ || !venue_.open() || venue_.cancels_that_fit() == 0) return;
    resend_cancels_ = false;
    engine_.resend_cancels();
  }

  /// A kill switch is released here only on an empty journal, where the configuration says so.
  void apply_configuration() noexcept {
    if (engine_.event_seq() == 0 && config_.begin_active)
      engine_.kill({.ts_ns = wall_ns(),
                    .index = 0,
                    .scope = KillScope::kFirm,
                    .state = SwitchState::kActive});
    rows_.apply_accounts_and_clients(wall_ns());
    if (engine_.core().unknown_execution_stands()) on_unknown_execution();
  }
  void put_rows_in_force() noexcept {
    for (u32 i = 0; i < kRowsPerStep; ++i) {
      if (!journal_.has_room(kRecordsPerPoll + rows_.records_per_instrument())) return;
      if (!rows_.apply_next_instrument(wall_ns())) return;
    }
  }

  /// Goes on canceling what a gone client, a kill or a restart left, a bounded number at a time.
  void sweep() noexcept;
  void pay_owed_cancels() noexcept {
    while (!desk_.owed().empty() && journal_.has_room(kOperatorReserve + 1)) {
      const OwedCancel owed = desk_.owed().take();
      engine_.cancel_once(owed.client, owed.client_ref, owed.origin, wall_ns());
    }
  }
  /// Cancels as many orders as journal and transport have room for; true when none is left.
  template <class Wanted>
  [[nodiscard]] bool sweep_step(const Wanted& wanted, orders::CancelOrigin origin) noexcept {
    const u32 limit = std::min(kSweepOrders, venue_.cancels_that_fit());
    if (limit == 0 || !journal_.has_room(kRecordsPerPoll)) return false;
    return engine_.cancel_where(wanted, origin, wall_ns(), limit) == 0;
  }

  const EdgeConfig config_;
  const Clk& clock_;
  Gate& gate_;
  Journal& journal_;
  Strat strategy_;
  Market<EdgeTile> market_;
  Engine engine_;
  using VenueTcp = typename net::NetInterface<Port, Clk, VenueSide>::Tcp;
  using ClientTcp = typename net::NetInterface<Port, Clk, ClientSide>::Tcp;
  ClientDesk<EdgeTile, ClientTcp> desk_;
  mutable VenueLink<EdgeTile, VenueTcp> venue_;
  VenueSide venue_side_;
  ClientSide client_side_;
  telemetry::StageRecorder latency_;
  CancelSweeps sweeps_;
  DayWatch day_watch_;
  ConfiguredRows<Engine, Gate, EdgeTile> rows_;
  i64 wall_offset_ns_;
  Nanos input_at_{};  ///< when the bytes being handled arrived; 0 outside a callback
  Nanos feed_at_{};
  Nanos heard_at_{};  ///< when a line of the feed last said anything
  u64 backpressure_ = 0;
  u64 checkpointed_seq_ = 0;
  bool resend_cancels_ = false;
};

}  // namespace tradsys::dataplane

#include "dataplane/edge/edge_tile_cancels.hpp"
#include "dataplane/edge/edge_tile_operators.hpp"
