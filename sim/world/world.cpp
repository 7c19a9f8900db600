#include "sim/world/world.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/journal/memory_journal.hpp"
#include "drivers/nic/port.hpp"
#include "drivers/offload/offload_gate.hpp"
#include "sim/client/trader.hpp"
#include "sim/market/instruments.hpp"
#include "sim/venue/background_flow.hpp"
#include "sim/venue/venue_host.hpp"
#include "sim/wire/capture_port.hpp"
#include "sim/wire/hub.hpp"
#include "sim/world/addresses.hpp"
#include "sim/world/book_compare.hpp"
#include "sim/world/day_change.hpp"
#include "sim/world/defaults.hpp"
#include "sim/world/fault_plan.hpp"

namespace tradsys::sim {
namespace {

using Tile = dataplane::EdgeTile<nic::Port, VirtualClock, offload::OffloadGate,
                                 dataplane::FollowStrategy, dataplane::MemoryJournal>;
using Venue = VenueHost<MemoryPort, VirtualClock>;
using Client = Trader<MemoryPort, VirtualClock>;
using Tap = CapturePort<nic::WireEnd, VirtualClock>;

constexpr Nanos kGrid{500'000};  // sessions and the feed look at their timers at least so often
constexpr Nanos kStep{1'000};  // what one round of polls costs in virtual time
constexpr Nanos kDrain{3'000'000'000};  // after the last order: a peer's death shows by heartbeats
constexpr Nanos kSettle{500'000'000};  // before a day closes
constexpr u64 kVenueSession = 0;

struct Position {
  i64 filled = 0;
  i64 undone = 0;  ///< gross, of fills taken back: no order of ours is to blame for what that moves
  i64 open_buy = 0;
  i64 open_sell = 0;
};
using Positions = std::map<std::pair<u16, u16>, Position>;  // (account, instrument)

class World {
 public:
  World(const WorldConfig& config, nic::Port venue_port, nic::Port client_port)
      : config_(config),
        random_(config.seed ^ 0x51D),
        instruments_(make_instruments(config.instruments, config.seed)),
        edge_config_(small_edge_config(config.clients, config.instruments, config.orders)),
        venue_port_(std::move(venue_port)),
        client_port_(std::move(client_port)),
        venue_tap_(venue_port_.wire_end(), clock_),
        client_tap_(client_port_.wire_end(), clock_),
        venue_wire_(venue_tap_, venue_cable_, cable(0)),
        client_wire_(client_tap_, hub_.plug(), cable(1)),
        journal_(clock_, config.journal_delay),
        copy_(default_drop_copy_reader_config(), hub_.plug(), clock_) {
    MemoryPort::join(venue_cable_, venue_nic_);
    clock_.advance_to(kSecond);
    for (u32 i = 0; i < config.clients; ++i) {
      TraderConfig t = default_trader_config(i, instruments_, config.seed * 131 + i);
      t.orders = config.orders / config.clients + (i < config.orders % config.clients ? 1 : 0);
      t.interval = config.order_interval;
      clients_.push_back(std::make_unique<Client>(t, hub_.plug(), clock_));
    }
    faults_ = plan_faults(config, random_);
  }

  /// From now on both cables are recorded.
  void record(wire::PcapWriter& venue, wire::PcapWriter& client) noexcept {
    venue_tap_.record(&venue);
    client_tap_.record(&client);
  }

  WorldResult run() {
    open_venue();
    boot();
    for (const auto& client : clients_) client->start();
    copy_.start();
    while (!over()) round();
    flow_stopped_ = true;
    const Nanos end = clock_.now() + kDrain;
    while (clock_.now() < end) round();
    return result();
  }

 private:
  /// A venue of its own for each day.
  void open_venue() {
    flow_.reset();
    venue_.emplace(small_venue_config(instruments_, result_.rolls, config_.seed % 2 == 0),
                   venue_nic_, clock_);
    venue_->on_fill = [this](const MemberFill& fill) { on_venue_fill(fill); };
    const FlowConfig flow{.seed = config_.seed + result_.rolls,
                          .standing_orders = config_.standing_orders,
                          .mix = {}};
    flow_.emplace(flow, instruments_, venue_->exchange(), config_.flow_per_s);
    TRADSYS_ASSERT(venue_->start());
    flow_->warm(clock_.now());
    venue_->flush();
  }
  LossyWireConfig cable(u64 index) const {
    return {.seed = config_.seed * 7 + index,
            .a_to_b = config_.wire,
            .b_to_a = config_.wire,
            .frames_max = 4'096};
  }
  [[nodiscard]] bool fault_due() {
    if (faults_.empty()) return false;
    u64 sent = 0;
    for (const auto& client : clients_) sent += client->counters().sent;
    if (sent < faults_.front().after_orders) return false;
    if (fault_at_.v == 0) fault_at_ = clock_.now() + faults_.front().delay;
    return clock_.now() >= fault_at_;
  }

  /// Starts the dataplane on what the journal holds.
  void boot() {
    tile_.reset();
    gate_ = std::make_unique<offload::OffloadGate>(
        offload::OffloadGate::make(gate_size(edge_config_), config_.make_circuit).value());
    tile_ = std::make_unique<Tile>(
        edge_config_, Tile::Parts{venue_port_, client_port_, clock_, *gate_, journal_},
        dataplane::FollowStrategy(default_strategy_config(), edge_config_.books.instruments_max));
    for (const dataplane::MemoryRecord& record : journal_.records()) {
      if (tile_->replay(record.type, record.seq, record.payload) !=
          engine::ReplayStatus::kApplied) {
        violate("replay: record " + std::to_string(record.seq) + " does not apply");
        break;
      }
    }
    gate_->arm();
    TRADSYS_ASSERT(tile_->start());
  }

  void round() {
    u32 work = venue_wire_.pump(clock_.now()) + client_wire_.pump(clock_.now()) + hub_.pump();
    work += tile_->poll(32) + venue_->poll(32) + copy_.poll(32);
    for (const auto& client : clients_) work += client->poll(32);
    if (!flow_stopped_ && flow_->run(clock_.now()) != 0) venue_->flush();
    clock_.advance_by(kStep);
    if (work == 0) clock_.advance_to(next_event());
    if (clock_.now() >= next_grid_ || clock_.now() >= next_deadline()) housekeep();
    if (closing_at_.v != 0)
      close_day();
    else if (fault_due())
      inject();
  }

  void housekeep() {
    const Nanos now = clock_.now();
    if (now >= next_grid_) {
      next_grid_ = now + kGrid;
      check_limits();
      if (++grid_count_ % 200 == 0) tile_->checkpoint();
    }
    tile_->housekeep(now);
    venue_->housekeep(now);
    copy_.housekeep(now);
    for (const auto& client : clients_) {
      client->housekeep(now, [this](Symbol symbol) { return price_of(symbol); });
    }
  }

  [[nodiscard]] Nanos next_deadline() const {
    Nanos next = std::min({tile_->next_deadline(), venue_->next_deadline(), copy_.next_deadline()});
    for (const auto& client : clients_) next = std::min(next, client->next_deadline());
    return next;
  }
  [[nodiscard]] Nanos next_event() const {
    Nanos next = std::min({next_grid_, next_deadline(), venue_wire_.next_event(),
                           client_wire_.next_event(), journal_.next_event()});
    if (!flow_stopped_) next = std::min(next, flow_->next_action());
    return next;
  }
  [[nodiscard]] bool over() {
    if (clock_.now() > config_.time_max) {
      violate("liveness: orders are still open after " + std::to_string(config_.time_max.v) +
              " ns");
      return true;
    }
    return closing_at_.v == 0 && std::all_of(clients_.begin(), clients_.end(), [](const auto& c) {
             return c->done() && c->logged_in();
           });
  }

  /// What is under way arrives; then the venue closes, and when all have heard of all, the next day
  /// begins.
  void close_day() {
    if (clock_.now() < closing_at_) return;
    if (!closed_) {
      closed_ = true;
      venue_->close_day();
    }
    if (!all_is_told()) return;
    const Nanos quiet = clock_.now() + kSecond;  // what still is on the cables is of the old day
    while (clock_.now() < quiet) {
      venue_wire_.pump(clock_.now());
      client_wire_.pump(clock_.now());
      tile_->poll(32);
      clock_.advance_by(kMillisecond);
    }
    note_disagreements();
    collect();
    const std::string problem = roll_journal(journal_, edge_config_, tile_->wall_ns());
    if (!problem.empty()) violate("roll: " + problem);
    ++result_.rolls;
    open_venue();
    boot();
    check_positions();
    for (const auto& client : clients_) client->begin_day();
    copy_.begin_day();
    closing_at_ = {};
    closed_ = flow_stopped_ = false;
  }
  [[nodiscard]] bool all_is_told() const {
    if (!tile_->day_over() || tile_->engine().core().store().size() != 0) return false;
    if (venue_->exchange().live_member_orders() != 0) return false;
    for (u16 c = 0; c < clients_.size(); ++c) {
      if (clients_[c]->next_sequence() != tile_->desk().next_seq(c)) return false;
    }
    return copy_.next_sequence() == tile_->desk().drop_copy_next_seq(0) &&
           tile_->durable_seq() == tile_->engine().event_seq();
  }

  void inject() {
    const FaultKind kind = faults_.front().kind;
    faults_.erase(faults_.begin());
    fault_at_ = {};
    switch (kind) {
      case FaultKind::kCrash:
        ++result_.crashes;
        collect();
        journal_.crash();
        return boot();
      case FaultKind::kDisconnect:
        ++result_.disconnects;
        copy_.disconnect();
        return clients_[random_.below(clients_.size())]->disconnect();
      case FaultKind::kVenueCut:
        ++result_.venue_cuts;
        return random_.below(2) == 0 ? venue_->drop_member(0) : venue_->reset_member(0);
      case FaultKind::kRoll:
        for (const auto& client : clients_) client->hold();
        flow_stopped_ = true;
        closing_at_ = clock_.now() + kSettle;
        return;
      case FaultKind::kBust:
        result_.busts += venue_->exchange().break_trade(random_.next(), clock_.now());
        break;
      case FaultKind::kCorrection:
        result_.corrections += venue_->exchange().correct_trade(random_.next(), clock_.now());
    }
    venue_->flush();
  }

  /// A price near the middle of the venue's book.
  [[nodiscard]] u32 price_of(Symbol symbol) const {
    for (u32 i = 0; i < instruments_.size(); ++i) {
      if (instruments_[i].symbol == symbol)
        return middle_price(venue_->exchange().engine(), static_cast<u16>(i + 1),
                            instruments_[i].price_step);
    }
    return 0;
  }

  // --- invariants --------------------------------------------------------------------------------

  void on_venue_fill(const MemberFill& fill) {
    const auto token = engine::decode_token(fill.clordid);
    if (!token) return violate("venue: an order without our token traded");
    const i64 signed_qty = match::is_buy(fill.side) ? i64{fill.qty} : -i64{fill.qty};
    Position& p = at_venue_[{token->account, fill.instrument}];
    p.filled += fill.broken ? -signed_qty : signed_qty;
    if (fill.broken) p.undone += fill.qty;
  }

  /// No account's worst case, as the venue itself has it, is beyond its limit.
  void check_limits() {
    for (auto& [key, p] : at_venue_) p.open_buy = p.open_sell = 0;
    venue_->exchange().for_each_live(
        kVenueSession, [this](u16 instrument, Side side, u32 open, const Text<14>& clordid) {
          const auto token = engine::decode_token(clordid);
          if (!token) return violate("venue: an order without our token rests");
          Position& p = at_venue_[{token->account, instrument}];
          (match::is_buy(side) ? p.open_buy : p.open_sell) += open;
        });
    for (const auto& [key, p] : at_venue_) {
      const dataplane::AccountConfig& account = edge_config_.accounts[key.first];
      const bool within =
          p.filled + p.open_buy <= static_cast<i64>(account.position.max_long) + p.undone &&
          p.open_sell - p.filled <= static_cast<i64>(account.position.max_short) + p.undone;
      if (!within) {
        violate("limits: account " + std::to_string(key.first) +
                " is beyond its limit in instrument " + std::to_string(key.second) +
                " at the venue");
      }
    }
  }

  void check_clients() {
    for (u32 i = 0; i < clients_.size(); ++i) {
      const TraderCounters& c = clients_[i]->counters();
      const std::string who = "client " + std::to_string(i);
      if (clients_[i]->terminal() != c.sent) {
        violate("orders: " + who + " sent " + std::to_string(c.sent) + ", of which " +
                std::to_string(clients_[i]->terminal()) + " ended");
      }
      if (c.impossible != 0) {
        violate("messages: " + who + " got " + std::to_string(c.impossible) +
                " that contradict what it knew; the first: " + clients_[i]->first_contradiction());
      }
    }
  }

  /// The drop copy has what each client was told, once, in order.
  void check_drop_copy() {
    if (copy_.impossible() != 0) violate("drop copy: a gap, or messages that are none");
    for (u16 i = 0; i < clients_.size(); ++i) {
      if (!(copy_.heard(i) == clients_[i]->heard()))
        violate("drop copy: not what client " + std::to_string(i) + " was told");
    }
    result_.copied = copy_.heard(0).messages;
    result_.strategy_copied = copy_.heard(dataplane::kOriginStrategy).messages;
  }

  /// Position = sum of fills, at client, dataplane and venue.
  void check_positions() {
    const risk::ScopeUse& firm = gate_->gate().scope(LimitScope::kFirm, 0).use;
    if (firm.open_buy + firm.open_sell + firm.open_orders != 0)
      violate("ledger: the firm holds value reserved without orders");
    for (u16 account = 0; account < edge_config_.accounts.size(); ++account) {
      for (u32 i = 0; i < instruments_.size(); ++i) {
        const auto number = static_cast<u16>(i + 1);
        const risk::Exposure e = gate_->exposure({account}, {number});
        const i64 venue = at_venue_[{account, number}].filled;
        if (e.position != venue) mismatch("dataplane", account, number, e.position, venue);
        if (e.open_buy != 0 || e.open_sell != 0) {
          violate("ledger: account " + std::to_string(account) +
                  " holds reservations without orders");
        }
        if (account >= clients_.size()) continue;
        const auto& told = clients_[account]->positions();
        const auto it = told.find(instruments_[i].symbol.word());
        const i64 client = it == told.end() ? 0 : it->second;
        if (client != venue) mismatch("client", account, number, client, venue);
      }
    }
  }
  void mismatch(const char* who, u16 account, u16 instrument, i64 has, i64 venue) {
    violate(std::string("position: ") + who + " has " + std::to_string(has) + ", the venue " +
            std::to_string(venue) + " for account " + std::to_string(account) + " in instrument " +
            std::to_string(instrument));
  }

  /// The dataplane's books are the venue's books.
  void check_books() {
    if (tile_->market().stale()) violate("feed: the books are stale at the end");
    for (u32 i = 0; i < instruments_.size(); ++i) {
      for (std::string& difference : differences(
               tile_->market().books(), venue_->exchange().engine(), static_cast<u16>(i + 1)))
        violate(std::move(difference));
    }
  }

  /// What the journal holds rebuilds what the tile holds.
  void check_replay() {
    const u64 live = tile_->engine().core().state_hash();
    collect();
    clock_.advance_by(kSecond);
    boot();
    if (tile_->engine().core().state_hash() != live) {
      violate("journal: a replay does not rebuild the state");
    }
  }

  void note_disagreements() {
    for (const char* what : disagreements(tile_->engine().core().counters())) violate(what);
  }
  void violate(std::string what) {
    if (result_.violations.size() < 20) result_.violations.push_back(std::move(what));
  }

  /// Adds up what a tile counted, before it goes.
  void collect() {
    result_.feed_messages += tile_->market().receiver().counters().delivered;
    result_.feed_gaps += tile_->market().receiver().counters().gaps;
    result_.compared += gate_->health().compared;
    result_.fallbacks += gate_->health().fallback != offload::Fallback::kNone;
  }

  WorldResult result() {
    check_clients();
    check_drop_copy();
    check_positions();
    check_books();
    check_limits();
    note_disagreements();
    result_.adopted = tile_->engine().core().counters().adopted;
    if (tile_->engine().core().store().size() != 0)
      violate("orders: the dataplane still holds live orders");
    if (venue_->exchange().live_member_orders() != 0)
      violate("orders: the venue still holds live orders");
    result_.strategy_orders = tile_->engine().core().last_client_ref(orders::kStrategySession);
    result_.state_hash = tile_->engine().core().state_hash();
    check_replay();
    for (const auto& client : clients_) {
      result_.orders += client->counters().sent;
      result_.terminal += client->terminal();
      result_.fills += client->counters().executions;
      result_.rejected += client->counters().rejected;
      result_.canceled += client->counters().canceled;
      result_.replaced += client->counters().replaced;
    }
    result_.virtual_ns = clock_.now().v;
    result_.frames = venue_wire_.a_to_b().delivered + venue_wire_.b_to_a().delivered +
                     client_wire_.a_to_b().delivered + client_wire_.b_to_a().delivered;
    result_.trace_hash =
        mix64(venue_wire_.trace_hash() ^ mix64(client_wire_.trace_hash()) ^ result_.state_hash);
    return result_;
  }

  WorldConfig config_;
  Random random_;
  VirtualClock clock_;
  std::vector<MarketInstrument> instruments_;
  dataplane::EdgeConfig edge_config_;
  nic::Port venue_port_;
  nic::Port client_port_;
  MemoryPort venue_cable_{2'048};
  MemoryPort venue_nic_{2'048};
  Hub hub_;
  Tap venue_tap_;
  Tap client_tap_;
  LossyWire<Tap, MemoryPort> venue_wire_;
  LossyWire<Tap, MemoryPort> client_wire_;
  dataplane::MemoryJournal journal_;
  std::unique_ptr<offload::OffloadGate> gate_;
  std::unique_ptr<Tile> tile_;
  std::optional<Venue> venue_;
  std::optional<BackgroundFlow<Exchange<Venue>>> flow_;
  DropCopyReader<MemoryPort, VirtualClock> copy_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Fault> faults_;
  Nanos fault_at_{};
  Positions at_venue_;
  WorldResult result_;
  Nanos next_grid_{};
  u64 grid_count_ = 0;
  Nanos closing_at_{};  ///< when the venue ends its day; 0: it goes on
  bool closed_ = false;
  bool flow_stopped_ = false;
};

Result<WorldResult> run_recorded(World& world, const std::filesystem::path& folder) {
  Result<wire::PcapWriter> venue = wire::PcapWriter::create(folder / "venue.pcap");
  if (!venue) return venue.error();
  Result<wire::PcapWriter> client = wire::PcapWriter::create(folder / "client.pcap");
  if (!client) return client.error();
  world.record(venue.value(), client.value());
  WorldResult result = world.run();
  if (Status closed = venue.value().close(); !closed) return closed.error();
  if (Status closed = client.value().close(); !closed) return closed.error();
  return result;
}

}  // namespace

Result<WorldResult> run_world(const WorldConfig& config) {
  if (config.clients < 1 || config.clients > 8) {
    return Error{"clients", std::to_string(config.clients) + " is out of range 1..8", ""};
  }
  if (config.instruments < 1 || config.instruments > 512) {
    return Error{"instruments", std::to_string(config.instruments) + " is out of range 1..512", ""};
  }
  nic::PortConfig port;
  port.name = "venue";
  port.rx_desc = port.tx_desc = 2'048;
  Result<nic::Port> venue = nic::Port::make(port);
  if (!venue) return venue.error();
  port.name = "client";
  Result<nic::Port> client = nic::Port::make(port);
  if (!client) return client.error();
  World world(config, std::move(venue).value(), std::move(client).value());
  return config.capture_dir.empty() ? world.run() : run_recorded(world, config.capture_dir);
}

}  // namespace tradsys::sim
