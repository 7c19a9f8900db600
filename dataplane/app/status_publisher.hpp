#pragma once
// Shows what the edge tile knows in the shared status region. Runs in the tile's housekeeping:
// bounded steps, no allocation, no system call.
#include "dataplane/edge/edge_tile.hpp"
#include "drivers/offload/gate_engine.hpp"
#include "hostsw/ipc/status_region.hpp"
#include "hostsw/risk/headroom.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::dataplane {

/// `Tile` is an EdgeTile.
template <class Tile>
class StatusPublisher {
 public:
  StatusPublisher(ipc::StatusWriter& writer, const Tile& tile, const ipc::ProcessStatus& process)
      : writer_(writer), tile_(tile), process_(process) {}

  /// Every millisecond or so: a few instruments; the rest every 50 ms.
  void run(Nanos now, ipc::ProcessState state) noexcept {
    publish_instruments();
    if (now - last_full_ < kFullInterval) return;
    last_full_ = now;
    process_.state = state;
    publish_process();
    publish_feed();
    publish_orders();
    publish_stages();
    publish_sessions();
    writer_.heartbeat(ipc::monotonic_now());
  }
  void count_poll(u32 work) noexcept {
    ++process_.polls;
    if (work != 0) ++process_.busy_polls;
  }

 private:
  static constexpr Nanos kFullInterval{50'000'000};
  static constexpr u32 kInstrumentsPerRun = 16;

  void publish_process() noexcept {
    const net::NetCounters& venue = tile_.venue_net();
    const net::NetCounters& client = tile_.client_net();
    process_.packets_received = venue.rx_frames + client.rx_frames;
    process_.packets_sent = venue.tx_frames + client.tx_frames;
    process_.packets_malformed = malformed(venue) + malformed(client);
    process_.transmit_drops =
        venue.tx_dropped + client.tx_dropped + venue.tx_no_buffer + client.tx_no_buffer;
    process_.killed = tile_.killed() ? 1 : 0;
    writer_.process(process_);
  }
  static u64 malformed(const net::NetCounters& c) noexcept {
    return c.rx_truncated + c.rx_malformed + c.rx_bad_ip_checksum + c.rx_bad_udp_checksum +
           c.rx_bad_tcp_checksum;
  }

  void publish_feed() noexcept {
    const auto& receiver = tile_.market().receiver();
    const feed::FeedCounters& c = receiver.counters();
    ipc::FeedStatus s;
    s.name = ipc::Text<16>::from("itch50");
    for (u32 line = 0; line < ipc::kFeedLines; ++line) {
      s.line_packets[line] = c.line[line].packets;
      s.line_messages[line] = c.line[line].messages;
      s.line_duplicates[line] = c.line[line].duplicates;
      s.line_missed_messages[line] = c.line[line].missed_messages;
    }
    s.messages = c.delivered;
    s.next_sequence = receiver.expected();
    s.gaps = c.gaps;
    s.gap_messages = c.gap_messages;
    s.recovered_messages = c.recovered();
    if (receiver.state() == feed::FeedState::kFrozen)
      s.lost_messages = receiver.next_seen() - receiver.expected();
    s.requests = c.requests;
    s.malformed = c.malformed + tile_.market().builder().counters().errors();
    s.wrong_session = c.wrong_session;
    s.buffered_messages = receiver.buffered_messages();
    if (receiver.session_known()) {
      s.session = ipc::Text<10>::from({receiver.session().data(), receiver.session().size()});
    }
    s.present = 1;
    s.stale = tile_.market().stale() ? 1 : 0;
    s.frozen = receiver.state() == feed::FeedState::kFrozen ? 1 : 0;
    s.ended = receiver.state() == feed::FeedState::kEnded ? 1 : 0;
    writer_.feed(0, s);
  }

  void publish_orders() noexcept {
    const auto& core = tile_.engine().core();
    const engine::EngineCounters& c = core.counters();
    ipc::OrderStatus s;
    for (const orders::OrderState state :
         {orders::OrderState::kPendingNew, orders::OrderState::kLive})
      s.by_state[static_cast<u8>(state)] = core.store().count(state);
    s.by_state[static_cast<u8>(orders::OrderState::kFilled)] = c.filled_orders;
    s.by_state[static_cast<u8>(orders::OrderState::kCanceled)] = c.canceled_orders;
    s.by_state[static_cast<u8>(orders::OrderState::kRejected)] = c.rejected_orders;
    for (u32 i = 1; i < ipc::kReasonsMax; ++i) s.verdicts[i] = c.refused[i];
    s.verdicts[0] = c.passed;
    s.requests = c.requests;
    s.sent_to_venue = tile_.venue().counters().messages_out;
    s.fills = c.executions;
    s.filled_qty = c.executed_qty;
    s.adopted = c.adopted;
    s.unknown_reports = c.unknown_reports;
    s.unknown_executions = c.unknown_executions;
    s.unknown_order_id = core.unknown_execution().order_id;
    s.unknown_match_number = core.unknown_execution().match_number;
    s.unknown_qty = core.unknown_execution().qty;
    s.unknown_price = core.unknown_execution().price;
    s.unexpected_reports = c.unexpected_reports;
    s.overfills = c.overfills;
    s.late_executions = c.late_executions;
    s.duplicate_executions = c.duplicate_executions;
    s.untracked_trades = c.untracked_trades;
    s.busted_trades = c.busted_trades;
    s.corrected_trades = c.corrected_trades;
    s.venue_differences = tile_.venue().counters().differences;
    s.venue_unanswered = tile_.venue().counters().unanswered;
    s.venue_malformed = tile_.venue().counters().malformed;
    s.venue_stalls = tile_.venue().stalls();
    s.carried_differ = c.carried_differ;
    s.carried_unconfirmed = tile_.venue().open() ? core.store().unconfirmed() : 0;
    const offload::EngineHealth gate = tile_.gate().health();
    s.gate = ipc::Text<16>::from(tile_.gate().name());
    s.gate_owner = ipc::Text<16>::from(offload::name_of(gate.owner));
    s.gate_fallback = ipc::Text<16>::from(offload::name_of(gate.fallback));
    s.gate_compared = gate.compared;
    const risk::GateAnomalies& ledger = gate.anomalies;
    s.ledger_anomalies = ledger.unknown_executions + ledger.excess_releases + ledger.excess_ends;
    tile_.gate().gate().for_each_scope([&](const risk::ScopeRow& row) {
      const u32 level = risk::level_percent(row);
      s.limits_at_70 += level == 70;
      s.limits_at_90 += level == 90;
      s.limits_at_100 += level == 100;
    });
    s.journal_seq = tile_.engine().event_seq();
    s.durable_seq = tile_.durable_seq();
    s.day = core.days().day();
    s.day_over = core.days().over() ? 1 : 0;
    s.state_hash = core.state_hash();
    s.state_hash_seq = s.journal_seq;
    s.allocated_order_id = core.next_order_id();
    writer_.orders(s);
  }

  void publish_stages() noexcept {
    using telemetry::StageInfo;
    tile_.latency().for_each([this](u32 index, const StageInfo& info, const Histogram& histogram) {
      stage_.name = ipc::Text<24>::from(info.name);
      stage_.latency_ns = histogram;
      writer_.stage(index, stage_);
    });
  }

  void publish_sessions() noexcept {
    ipc::SessionStatus venue;
    const VenueCounters& v = tile_.venue().counters();
    venue.name = ipc::Text<16>::from("venue");
    venue.protocol = ipc::Text<16>::from(name_of(tile_.venue().protocol()));
    venue.kind = ipc::SessionKind::kVenue;
    venue.packets_in = v.messages_in;
    venue.packets_out = v.messages_out;
    venue.next_sequence_in = tile_.engine().core().venue_seq() + 1;
    venue.next_sequence_out = tile_.venue().next_sequence_out();
    venue.logins = v.connects;
    venue.disconnects = v.disconnects;
    venue.rejected_logins = v.login_rejects;
    venue.malformed = v.malformed;
    venue.state = shown(tile_.venue().state());
    venue.live_orders = tile_.engine().core().store().size();
    writer_.session(0, venue);
    const auto& desk = tile_.desk();
    for (u16 client = 0;
         client < desk.count() && client + ipc::kClientSessionsFrom < ipc::kSessionsMax; ++client) {
      ipc::SessionStatus s;
      s.name = ipc::Text<16>::from(desk.config(client).user);
      s.account = account_text(desk.config(client).account);
      s.protocol = ipc::Text<16>::from(name_of(desk.config(client).protocol));
      s.kind = ipc::SessionKind::kClient;
      s.packets_in = desk.counters(client).messages_in;
      s.packets_out = desk.next_seq(client) - 1;
      s.next_sequence_out = desk.next_seq(client);
      s.logins = desk.counters(client).logins;
      s.disconnects = desk.counters(client).disconnects;
      s.rejected_logins = desk.counters(client).rejected_logins;
      s.malformed = desk.malformed(client);
      s.live_orders = tile_.engine().core().store().count_of_session(client);
      s.state = desk.logged_in(client) ? ipc::SessionState::kUp : ipc::SessionState::kDown;
      s.cancel_on_disconnect = desk.config(client).cancel_on_disconnect ? 1 : 0;
      writer_.session(client + ipc::kClientSessionsFrom, s);
    }
    publish_drop_copies();
  }
  void publish_drop_copies() noexcept {
    const auto& desk = tile_.desk();
    for (u16 copy = 0; copy < desk.drop_copies(); ++copy) {
      const u32 place = 1U + desk.count() + copy;
      if (place >= ipc::kSessionsMax) return;
      const DeskCounters& counters = desk.drop_copy_counters(copy);
      ipc::SessionStatus s;
      s.name = ipc::Text<16>::from(desk.drop_copy(copy).user);
      s.kind = ipc::SessionKind::kDropCopy;
      s.packets_in = counters.messages_in;
      s.next_sequence_out = desk.drop_copy_next_seq(copy);
      s.packets_out = s.next_sequence_out - 1;
      s.logins = counters.logins;
      s.disconnects = counters.disconnects;
      s.rejected_logins = counters.rejected_logins;
      s.malformed = desk.drop_copy_refused(copy);
      s.state = desk.drop_copy_logged_in(copy) ? ipc::SessionState::kUp : ipc::SessionState::kDown;
      writer_.session(place, s);
    }
  }
  static ipc::Text<16> account_text(u16 account) noexcept {
    ipc::Text<16> text;
    u32 digits = 1;
    for (u32 rest = account / 10U; rest != 0; rest /= 10) ++digits;
    for (u32 rest = account, i = digits; i > 0; rest /= 10) {
      text.text[--i] = static_cast<char>('0' + rest % 10);
    }
    return text;
  }
  static ipc::SessionState shown(VenueState state) noexcept {
    switch (state) {
      case VenueState::kDown:
        return ipc::SessionState::kDown;
      case VenueState::kConnecting:
        return ipc::SessionState::kConnecting;
      case VenueState::kReplaying:
      case VenueState::kReconciling:
        return ipc::SessionState::kLoggingIn;
      case VenueState::kReady:
        return ipc::SessionState::kUp;
      case VenueState::kStopped:
        return ipc::SessionState::kStopped;
    }
    return ipc::SessionState::kDown;
  }

  /// Round and round: with 1,024 instruments each is at most 64 runs old.
  void publish_instruments() noexcept {
    for (u32 i = 0; i < kInstrumentsPerRun; ++i) {
      next_instrument_ = next_instrument_ + 1 < writer_.instruments() ? next_instrument_ + 1 : 0;
      if (tile_.market().info(static_cast<u16>(next_instrument_)).known != 0) {
        publish_instrument(static_cast<u16>(next_instrument_));
      }
    }
  }
  void publish_instrument(u16 number) noexcept {
    const auto& market = tile_.market();
    const InstrumentInfo& info = market.info(number);
    const book::Bbo& bbo = market.books().bbo(number);
    ipc::InstrumentStatus& s = instrument_;
    s = {};
    s.symbol = info.symbol;
    s.bid_price = bbo.bid_price;
    s.ask_price = bbo.ask_price;
    s.bid_qty = bbo.bid_qty;
    s.ask_qty = bbo.ask_qty;
    s.last_price = info.last_price;
    s.trades = info.trades;
    s.traded_qty = info.traded_qty;
    s.shown_ns = tile_.wall_ns();
    s.position = tile_.position(number);
    s.price_decimals = 4;
    s.state = market.open() ? shown(info.state) : ipc::TradingState::kClosed;
    s.stale = market.stale() ? 1 : 0;
    s.enabled = tile_.gate().gate().instrument_enabled(number) ? 1 : 0;
    s.killed = tile_.gate().gate().instrument_killed(number) ? 1 : 0;
    s.bid_levels = copy_levels(number, Side::kBuy, s.bids);
    s.ask_levels = copy_levels(number, Side::kSell, s.asks);
    writer_.instrument(number, s);
  }
  static ipc::TradingState shown(char state) noexcept {
    namespace itch = itch50::trading_state;
    switch (state) {
      case itch::kTrading:
        return ipc::TradingState::kTrading;
      case itch::kHalted:
        return ipc::TradingState::kHalted;
      case itch::kPaused:
        return ipc::TradingState::kPaused;
      case itch::kQuotationOnly:
        return ipc::TradingState::kQuoting;
      default:
        return ipc::TradingState::kUnknown;
    }
  }
  u16 copy_levels(u16 number, Side side, ipc::ShownLevel (&out)[ipc::kShownLevels]) noexcept {
    book::Level levels[ipc::kShownLevels];
    const u32 count = tile_.market().books().levels(number, side, levels);
    for (u32 i = 0; i < count; ++i)
      out[i] = {levels[i].qty, levels[i].price, levels[i].order_count};
    return static_cast<u16>(count);
  }

  ipc::StatusWriter& writer_;
  const Tile& tile_;
  ipc::ProcessStatus process_;
  ipc::StageLatency stage_;
  ipc::InstrumentStatus instrument_;
  Nanos last_full_{};
  u32 next_instrument_ = 0;
};

}  // namespace tradsys::dataplane
