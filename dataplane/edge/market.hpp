#pragma once
// What the tile knows of the market: books, directory, trading states and the feed's health, as the
// gate and the strategy need them. Instruments are numbered by the feed's stock locate.
#include <vector>

#include "dataplane/edge/halt_news.hpp"
#include "dataplane/feed/itch_book_builder.hpp"
#include "dataplane/feed/mold_receiver.hpp"
#include "hostsw/book/flat_books.hpp"
#include "hostsw/core/fixed_map.hpp"
#include "hostsw/core/symbol.hpp"
#include "hostsw/ipc/market_board.hpp"

namespace tradsys::dataplane {

/// An instrument as its directory message named it.
struct InstrumentInfo {
  Symbol symbol;
  u64 trades = 0;  ///< printable trades
  u64 traded_qty = 0;
  u32 round_lot = 0;  ///< of the directory; 0 = not stated
  u32 last_price = 0;  ///< last printable trade; 0 = none today
  u32 last_qty = 0;
  u32 reference_price = 0;  ///< of the configuration: the previous close; 0 = none
  u8 known = 0;  ///< 1 = the directory named it
  u8 trading = 0;  ///< 1 = the venue trades it; a missing state message means halted
  char state = ' ';  ///< as the venue said it: T, H, P, Q; blank = nothing yet
  u8 limits_known = 0;  ///< 1 = the gate has its limits
};

/// `Owner` gets: on_bbo(u16), on_instrument(u16), send_rerequest(server,
/// Bytes), on_messages_over() at the feed's end of messages, and where it has it
/// on_applied(sequence, Bytes) after each message.
template <class Owner>
class Market {
 public:
  /// `board` is told of prices and trades where there is one.
  Market(Owner& owner, const feed::FeedConfig& feed, const book::BookConfig& books,
         ipc::MarketBoard* board = nullptr)
      : owner_(owner),
        board_(board),
        books_(books),
        builder_(books_, *this),
        receiver_(feed, *this),
        infos_(books.instruments_max),
        by_symbol_(books.instruments_max),
        news_(books.instruments_max) {}

  /// One UDP payload of feed line `line` (0 = A, 1 = B).
  void on_feed_packet(u32 line, Bytes payload, Nanos now) noexcept {
    receiver_.on_packet(line, payload, now);
  }
  void on_timer(Nanos now) noexcept { receiver_.on_timer(now); }
  /// Warm. Tells of trading states that changed, once the feed is whole: see HaltNews.
  template <class Reader>
  void tell_news(Reader& reader) noexcept {
    if (!stale_) news_.tell([this](u16 i) -> const InstrumentInfo& { return infos_[i]; }, reader);
  }

  /// What the gate holds an order of this instrument against, now.
  [[nodiscard]] MarketState state_of(u16 instrument) const noexcept {
    MarketState s;
    s.instrument = instrument;
    s.market_open = open_ ? 1 : 0;
    s.stale = stale_ ? 1 : 0;
    if (instrument >= infos_.size()) return s;
    const InstrumentInfo& info = infos_[instrument];
    const book::Bbo& bbo = books_.bbo(instrument);
    s.bid_price = bbo.bid_price;
    s.ask_price = bbo.ask_price;
    s.last_price = info.last_price;
    s.reference_price = info.reference_price;
    s.trading = info.trading;
    return s;
  }

  /// kNoInstrument.v when the symbol is unknown.
  [[nodiscard]] u16 find(Symbol symbol) const noexcept {
    const u32 index = by_symbol_.find(symbol.word());
    return index == FixedMap::kNone ? kNoInstrument.v : static_cast<u16>(index);
  }
  [[nodiscard]] Symbol symbol_of(u16 instrument) const noexcept {
    return instrument < infos_.size() ? infos_[instrument].symbol : Symbol{};
  }
  /// Names an instrument; also used by a replay, before the feed has said anything. False when the
  /// number is out of range or the name is taken by another instrument.
  bool learn(u16 instrument, Symbol symbol) noexcept {
    if (instrument >= infos_.size()) return false;
    InstrumentInfo& info = infos_[instrument];
    if (info.known != 0 && info.symbol == symbol) return true;
    if (info.known != 0) by_symbol_.erase(info.symbol.word());
    if (!by_symbol_.insert(symbol.word(), instrument)) return false;
    info.symbol = symbol;
    info.known = 1;
    return true;
  }

  /// Whether the gate was given limits for this instrument.
  [[nodiscard]] bool limits_known(u16 instrument) const noexcept {
    return instrument < infos_.size() && infos_[instrument].limits_known != 0;
  }
  void set_limits_known(u16 instrument) noexcept {
    if (instrument < infos_.size()) infos_[instrument].limits_known = 1;
  }

  void set_reference_price(u16 instrument, u32 price) noexcept {
    infos_[instrument].reference_price = price;
  }

  [[nodiscard]] const book::FlatBooks& books() const noexcept { return books_; }
  [[nodiscard]] const auto& builder() const noexcept { return builder_; }
  [[nodiscard]] const auto& receiver() const noexcept { return receiver_; }
  [[nodiscard]] const InstrumentInfo& info(u16 instrument) const noexcept {
    return infos_[instrument];
  }
  [[nodiscard]] u32 instruments_max() const noexcept { return static_cast<u32>(infos_.size()); }
  [[nodiscard]] bool stale() const noexcept { return stale_; }
  [[nodiscard]] bool open() const noexcept { return open_; }

  // --- sink of the receiver
  // ------------------------------------------------------------------------
  void on_packet_prefetch(Bytes blocks) noexcept { builder_.prefetch_blocks(blocks); }
  void on_message(u64 sequence, Bytes message) noexcept {
    builder_.on_message(message);
    if constexpr (requires { owner_.on_applied(sequence, message); })
      owner_.on_applied(sequence, message);
  }
  void on_stale(Nanos) noexcept { set_state(true, open_); }
  void on_contiguous(Nanos) noexcept { set_state(false, open_); }
  void on_end_of_session() noexcept { set_state(stale_, false); }
  void send_request(u32 server, Bytes request) noexcept { owner_.send_rerequest(server, request); }

  // --- observer of the builder
  // ---------------------------------------------------------------------
  void on_bbo(u16 instrument) noexcept {
    show(instrument);
    if (!stale_) owner_.on_bbo(instrument);
  }
  void on_trade(u16 instrument, u32 price, u32 qty) noexcept {
    if (instrument >= infos_.size()) return;
    InstrumentInfo& info = infos_[instrument];
    info.last_price = price;
    info.last_qty = qty;
    ++info.trades;
    info.traded_qty += qty;
    show(instrument);
  }
  void on_directory(const itch50::StockDirectoryView& m) noexcept {
    if (!learn(m.stock_locate(), m.stock())) return;
    infos_[m.stock_locate()].round_lot = m.round_lot_size();
    show(m.stock_locate());
    owner_.on_instrument(m.stock_locate());
  }
  void on_trading_action(const itch50::StockTradingActionView& m) noexcept {
    if (m.stock_locate() >= infos_.size()) return;
    InstrumentInfo& info = infos_[m.stock_locate()];
    info.state = m.trading_state();
    info.trading = info.state == itch50::trading_state::kTrading ? 1 : 0;
    show(m.stock_locate());
    news_.note(m.stock_locate(), m.reason_code());
  }
  void on_circuit_breaker(const itch50::MwcbStatusLevelView& m) noexcept {
    news_.note_breach(m.breached_level());
  }
  void on_system_event(const itch50::SystemEventView& m) noexcept {
    if (m.event_code() == 'Q') set_state(stale_, true);
    if (m.event_code() == 'C') owner_.on_messages_over();
    if (m.event_code() == 'M' || m.event_code() == 'E' || m.event_code() == 'C')
      set_state(stale_, false);
  }

 private:
  void set_state(bool stale, bool open) noexcept {
    stale_ = stale;
    open_ = open;
    if (board_ == nullptr) return;
    board_->set_stale(stale);
    board_->set_open(open);
  }
  /// Tells the board, where there is one, how an instrument stands.
  void show(u16 instrument) noexcept {
    if (board_ == nullptr || instrument >= infos_.size()) return;
    const InstrumentInfo& info = infos_[instrument];
    if (info.known == 0) return;
    const book::Bbo& bbo = books_.bbo(instrument);
    board_->quote(instrument, {.symbol = info.symbol,
                               .bid_price = bbo.bid_price,
                               .ask_price = bbo.ask_price,
                               .bid_qty = bbo.bid_qty,
                               .ask_qty = bbo.ask_qty,
                               .last_price = info.last_price,
                               .last_qty = info.last_qty,
                               .trades = info.trades,
                               .traded_qty = info.traded_qty,
                               .trading = info.trading});
  }

  Owner& owner_;
  ipc::MarketBoard* board_;
  book::FlatBooks books_;
  feed::ItchBookBuilder<book::FlatBooks, Market> builder_;
  feed::MoldReceiver<Market> receiver_;
  std::vector<InstrumentInfo> infos_;
  FixedMap by_symbol_;
  HaltNews news_;
  bool stale_ = true;  // until the feed has spoken
  bool open_ = false;
};

}  // namespace tradsys::dataplane
