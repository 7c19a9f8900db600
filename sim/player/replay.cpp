#include "sim/player/replay.hpp"

#include <algorithm>

#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/journal/memory_journal.hpp"
#include "drivers/nic/port.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "sim/player/feed_player.hpp"
#include "sim/wire/capture_port.hpp"
#include "sim/wire/memory_port.hpp"
#include "sim/world/addresses.hpp"
#include "sim/world/defaults.hpp"

namespace tradsys::sim {
namespace {

constexpr Nanos kGrid{500'000};  // timers are looked at so often
constexpr Nanos kStart{20'000'000};  // after boot, when the joins are out
constexpr Nanos kDrain{60'000'000'000};  // for the last re-requests after the end of the session
constexpr u32 kBurst = 32;
constexpr u32 kInstruments = 16'384;
constexpr u64 kOrdersLeast = 1U << 14;
constexpr u64 kOrdersMost = 1U << 22;  // live at once: above a busy day of the largest feed
constexpr u32 kLevelsShown = 1U << 16;

/// Runs in the place of a strategy: it trades nothing and looks at the books after each message.
struct Watcher {
  BookCheck* check;

  template <class Send>
  void on_bbo(u16, const book::Bbo&, Send&&) noexcept {}
  void on_report(const engine::ClientReport&) noexcept {}
  void on_message(u64 sequence, Bytes message, const book::FlatBooks& books) noexcept {
    check->on_message(sequence, message, books);
  }
};

using Tile = dataplane::EdgeTile<nic::Port, VirtualClock, offload::SoftGate, Watcher,
                                 dataplane::MemoryJournal>;
using Player = FeedPlayer<MemoryPort, VirtualClock>;

/// The appliance of the simulations, with room for the books of the source. Its one client never
/// comes, and its venue has no order port: it asks once.
dataplane::EdgeConfig edge_config(u64 orders_bound) {
  dataplane::EdgeConfig c = default_edge_config(1);
  const u32 orders = static_cast<u32>(std::clamp(orders_bound, kOrdersLeast, kOrdersMost));
  c.books = {.instruments_max = kInstruments, .orders_max = orders, .levels_max = orders / 2};
  c.venue.reconnect_wait = Nanos{kSecond.v * 86'400};
  c.client_store_messages = 1'024;
  c.client_store_bytes = usize{1} << 20;
  return c;
}

PlayerConfig player_config(Nanos boot) {
  PlayerConfig p;
  p.net.mac = kVenueMac;
  p.net.ip = kVenueIp;
  p.lines[0] = {kGroupA, kFeedPort};
  p.lines[1] = {kGroupB, kFeedPort};
  p.rerequest_port = kRerequestPort;
  p.start = boot + kStart;
  return p;
}

class Replay {
 public:
  Replay(MessageSource& source, const ReplayConfig& config, nic::Port venue, nic::Port client)
      : edge_config_(edge_config(source.orders_bound())),
        venue_port_(std::move(venue)),
        client_port_(std::move(client)),
        tap_(venue_port_.wire_end(), clock_),
        wire_(tap_, cable_,
              {.seed = config.seed,
               .a_to_b = config.wire,
               .b_to_a = config.wire,
               .frames_max = 8'192}),
        journal_(clock_, kMillisecond),
        check_(config.points),
        source_(source) {
    MemoryPort::join(cable_, player_nic_);
    clock_.advance_to(kSecond);
    gate_ = std::make_unique<offload::SoftGate>(
        offload::SoftGate::make(
            {static_cast<u32>(edge_config_.accounts.size()), edge_config_.books.instruments_max})
            .value());
    tile_ = std::make_unique<Tile>(edge_config_,
                                   Tile::Parts{venue_port_, client_port_, clock_, *gate_, journal_},
                                   Watcher{&check_});
    player_ = std::make_unique<Player>(player_config(clock_.now()), source, player_nic_, clock_);
  }

  ReplayResult run(wire::PcapWriter* capture) {
    tap_.record(capture);
    TRADSYS_ASSERT(tile_->start());
    while (!over()) round();
    return result();
  }

 private:
  void round() {
    const u32 moved = wire_.pump(clock_.now());
    const u32 handled = tile_->poll(kBurst) + player_->poll(kBurst);
    const bool played = player_->play();
    if (moved + handled == 0 && !played) clock_.advance_to(next_event());
    if (clock_.now() >= next_grid_ || clock_.now() >= next_deadline()) housekeep();
  }
  void housekeep() {
    const Nanos now = clock_.now();
    if (now >= next_grid_) next_grid_ = now + kGrid;
    tile_->housekeep(now);
    player_->housekeep(now);
  }
  [[nodiscard]] Nanos next_deadline() const {
    return std::min(tile_->next_deadline(), player_->next_deadline());
  }
  [[nodiscard]] Nanos next_event() const {
    return std::min({next_grid_, next_deadline(), wire_.next_event(), player_->next_action()});
  }

  /// The receiver has come to an end, whatever it is, and nothing is under way to it any more.
  [[nodiscard]] bool over() {
    if (!player_->over()) return false;
    if (deadline_.v == 0) deadline_ = clock_.now() + kDrain;
    const feed::FeedState state = tile_->market().receiver().state();
    const bool ended = state == feed::FeedState::kEnded || state == feed::FeedState::kFrozen;
    return clock_.now() >= deadline_ || (ended && wire_.next_event().v == INT64_MAX);
  }

  [[nodiscard]] u64 books_hash() const {
    std::vector<book::Level> levels(kLevelsShown);
    u64 hash = 0;
    const auto fold = [&hash](u64 value) { hash = mix64(hash + value + 1); };
    for (u32 i = 0; i < tile_->market().instruments_max(); ++i) {
      for (const Side side : {Side::kBuy, Side::kSell}) {
        const u32 count = tile_->market().books().levels(static_cast<u16>(i), side, levels);
        if (count == 0) continue;
        fold(i * u64{2} + (side == Side::kSell ? 1 : 0));
        for (u32 l = 0; l < count; ++l) {
          fold(levels[l].price);
          fold(levels[l].qty);
          fold(levels[l].order_count);
        }
      }
    }
    return hash;
  }

  [[nodiscard]] ReplayResult result() const {
    const auto& market = tile_->market();
    ReplayResult r;
    r.messages = player_->messages();
    r.packets = player_->datagrams();
    r.points = check_.points();
    r.points_equal = check_.points_equal();
    r.first_difference = check_.first_difference();
    r.books_hash = books_hash();
    for (u32 i = 0; i < market.instruments_max(); ++i) {
      r.instruments += market.info(static_cast<u16>(i)).known;
    }
    r.live_orders = market.books().order_count();
    r.book_errors = market.builder().counters().errors();
    r.feed = market.receiver().counters();
    r.cable = wire_.b_to_a();
    r.freeze_reason = market.receiver().freeze_reason();
    r.stale_at_end = market.receiver().state() != feed::FeedState::kEnded || market.stale();
    if (player_->source_end() != wire::FileRead::kEnd) r.source_fault = source_.fault();
    r.virtual_ns = clock_.now().v;
    return r;
  }

  VirtualClock clock_;
  dataplane::EdgeConfig edge_config_;
  nic::Port venue_port_;
  nic::Port client_port_;
  MemoryPort cable_{4'096};
  MemoryPort player_nic_{4'096};
  CapturePort<nic::WireEnd, VirtualClock> tap_;
  LossyWire<CapturePort<nic::WireEnd, VirtualClock>, MemoryPort> wire_;
  dataplane::MemoryJournal journal_;
  BookCheck check_;
  MessageSource& source_;
  std::unique_ptr<offload::SoftGate> gate_;
  std::unique_ptr<Tile> tile_;
  std::unique_ptr<Player> player_;
  Nanos next_grid_{};
  Nanos deadline_{};
};

Result<nic::Port> make_port(const char* name) {
  nic::PortConfig port;
  port.name = name;
  port.rx_desc = port.tx_desc = 2'048;
  return nic::Port::make(port);
}

}  // namespace

Result<ReplayResult> replay(MessageSource& source, const ReplayConfig& config) {
  Result<nic::Port> venue = make_port("venue");
  if (!venue) return venue.error();
  Result<nic::Port> client = make_port("client");
  if (!client) return client.error();
  std::optional<wire::PcapWriter> capture;
  if (!config.capture.empty()) {
    Result<wire::PcapWriter> created = wire::PcapWriter::create(config.capture);
    if (!created) return created.error();
    capture = std::move(created).value();
  }
  Replay run(source, config, std::move(venue).value(), std::move(client).value());
  ReplayResult result = run.run(capture ? &*capture : nullptr);
  if (capture) {
    if (Status closed = capture->close(); !closed) return closed.error();
  }
  return result;
}

}  // namespace tradsys::sim
