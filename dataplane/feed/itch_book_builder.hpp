#pragma once
// Applies an ITCH 5.0 stream to order books and tells an observer what a tile wants to know.
//
// The books' instrument is the message's stock locate. A message that cannot be decoded, and an
// order message the books refuse, changes nothing but a counter. Hidden trades ('P'), crosses ('Q')
// and breaks
// ('B') never touch a book.
//
// Books of a whole market do not fit a cache, so the cost of a message is the cost of its cache
// misses. All order messages carry the reference at +11 and the locate at +1: they are fetched
// ahead without looking at the type, since a branch on the type of a message far ahead would be
// mispredicted.
#include <tradsys/itch50_spec.hpp>

#include "hostsw/book/book_types.hpp"

namespace tradsys::feed {

/// What came in and what became of it.
struct ItchCounters {
  std::array<u64, 256> by_type{};  ///< decoded messages, by type code
  std::array<u64, 4> by_decode{};  ///< all messages, by DecodeResult
  std::array<u64, book::kBookStatusCount> by_book{};  ///< order messages, by BookStatus
  u64 bbo_changes = 0;

  /// Messages that could not be decoded, and order messages that a book refused.
  [[nodiscard]] u64 errors() const noexcept {
    u64 total = 0;
    for (usize i = 1; i < by_decode.size(); ++i) total += by_decode[i];
    for (usize i = 1; i < by_book.size(); ++i) total += by_book[i];
    return total;
  }
};

/// `Observer` may have any of: on_bbo(u16 instrument), on_trade(u16 instrument, u32 price, u32 qty)
/// for trades that count (printable, not zero), on_directory(StockDirectoryView),
/// on_trading_action(StockTradingActionView), on_system_event(SystemEventView),
/// on_circuit_breaker(MwcbStatusLevelView). It is called after the books have changed.
template <book::OrderBooks Books, class Observer>
class ItchBookBuilder {
 public:
  ItchBookBuilder(Books& books, Observer& observer) noexcept : books_(books), observer_(observer) {}

  /// One message without its length prefix.
  void on_message(Bytes message) noexcept {
    const DecodeResult result = itch50::dispatch(message, *this);
    ++counters_.by_decode[static_cast<usize>(result)];
    if (result == DecodeResult::kOk) [[likely]]
      ++counters_.by_type[load_u8(message.data())];
  }

  /// A run of message blocks (2-byte length, message), as in the body of a MoldUDP64 packet and in
  /// a BinaryFILE; applied in order with lookahead. Returns the bytes used up: less than all when
  /// the last block is cut short.
  usize on_blocks(Bytes blocks) noexcept;

  /// Hints for a caller that will deliver these blocks one by one with on_message: fetches what the
  /// first of them need. Blocks that are cut short or lie about their length are harmless.
  void prefetch_blocks(Bytes blocks) const noexcept;

  [[nodiscard]] const ItchCounters& counters() const noexcept { return counters_; }

  // --- called by itch50::dispatch --------------------------------------------------------------
  void on(const itch50::AddOrderView& m) noexcept { add(m); }
  void on(const itch50::AddOrderWithMpidView& m) noexcept { add(m); }
  void on(const itch50::OrderExecutedView& m) noexcept {
    const auto change =
        books_.execute(m.stock_locate(), m.order_reference_number(), m.executed_shares());
    if (settle(change)) trade(change.instrument, change.price, change.qty);
  }
  void on(const itch50::OrderExecutedWithPriceView& m) noexcept {
    const auto change =
        books_.execute(m.stock_locate(), m.order_reference_number(), m.executed_shares());
    const bool counts = m.printable() == itch50::printable::kYes;
    if (settle(change) && counts) trade(change.instrument, m.execution_price(), change.qty);
  }
  void on(const itch50::OrderCancelView& m) noexcept {
    settle(books_.reduce(m.stock_locate(), m.order_reference_number(), m.canceled_shares()));
  }
  void on(const itch50::OrderDeleteView& m) noexcept {
    settle(books_.remove(m.stock_locate(), m.order_reference_number()));
  }
  void on(const itch50::OrderReplaceView& m) noexcept {
    settle(books_.replace(m.stock_locate(), m.original_order_reference_number(),
                          m.new_order_reference_number(), m.shares(), m.price()));
  }
  void on(const itch50::NonCrossTradeView& m) noexcept {
    if (m.shares() != 0) trade(m.stock_locate(), m.price(), m.shares());
  }
  void on(const itch50::CrossTradeView& m) noexcept {
    const u64 shares = m.cross_shares();
    if (shares == 0) return;
    trade(m.stock_locate(), m.cross_price(), shares > kMaxQty ? kMaxQty : static_cast<u32>(shares));
  }
  void on(const itch50::StockDirectoryView& m) noexcept {
    if constexpr (requires { observer_.on_directory(m); }) observer_.on_directory(m);
  }
  void on(const itch50::StockTradingActionView& m) noexcept {
    if constexpr (requires { observer_.on_trading_action(m); }) observer_.on_trading_action(m);
  }
  void on(const itch50::MwcbStatusLevelView& m) noexcept {
    if constexpr (requires { observer_.on_circuit_breaker(m); }) observer_.on_circuit_breaker(m);
  }
  void on(const itch50::SystemEventView& m) noexcept {
    if constexpr (requires { observer_.on_system_event(m); }) observer_.on_system_event(m);
  }

 private:
  static constexpr u32 kMaxQty = ~u32{0};
  static constexpr usize kLengthBytes = 2;
  static constexpr usize kLocateOffset = 1;
  static constexpr usize kReferenceOffset = 11;
  static constexpr usize kOrderHeadBytes = kReferenceOffset + 8;
  // Distances in messages: a miss to memory is about as long as that many messages take.
  static constexpr u32 kAhead = 16;
  static constexpr u32 kLinkedAhead = 8;

  /// Messages framed but not yet applied.
  struct Window {
    Bytes messages[kAhead];
    u32 framed = 0;
    u32 applied = 0;
  };

  void hint(const std::byte* message) const noexcept {
    if constexpr (requires { books_.prefetch(u16{}, u64{}); }) {
      books_.prefetch(load_be16(message + kLocateOffset), load_be64(message + kReferenceOffset));
    }
  }
  void hint_linked(const std::byte* message) const noexcept {
    if constexpr (requires { books_.prefetch_linked(u64{}); }) {
      books_.prefetch_linked(load_be64(message + kReferenceOffset));
    }
  }
  void prefetch(Bytes message) const noexcept {
    if (message.size() >= kOrderHeadBytes) hint(message.data());
  }
  void prefetch_linked(Bytes message) const noexcept {
    if (message.size() >= kOrderHeadBytes) hint_linked(message.data());
  }
  bool frame_one(Bytes& rest, Window& window) const noexcept;

  template <class View>
  void add(const View& m) noexcept {
    const char side = m.buy_sell_indicator();
    const Side code = side == itch50::side::kBuy    ? Side::kBuy
                      : side == itch50::side::kSell ? Side::kSell
                                                    : Side::kNone;
    settle(books_.add(m.stock_locate(), m.order_reference_number(), code, m.price(), m.shares()));
  }
  // Counts the outcome and passes on a new best; true when the books took the message.
  bool settle(const book::BookChange& change) noexcept {
    ++counters_.by_book[static_cast<usize>(change.status)];
    if (change.bbo_changed) {
      ++counters_.bbo_changes;
      if constexpr (requires { observer_.on_bbo(u16{}); }) observer_.on_bbo(change.instrument);
    }
    return change.status == book::BookStatus::kOk;
  }
  void trade(u16 instrument, u32 price, u32 qty) noexcept {
    if constexpr (requires { observer_.on_trade(instrument, price, qty); }) {
      observer_.on_trade(instrument, price, qty);
    }
  }

  Books& books_;
  Observer& observer_;
  ItchCounters counters_;
};

// Takes the next block off `rest` into the window; false when there is no whole one.
template <book::OrderBooks Books, class Observer>
bool ItchBookBuilder<Books, Observer>::frame_one(Bytes& rest, Window& window) const noexcept {
  if (rest.size() < kLengthBytes) return false;
  const usize bytes = load_be16(rest.data());
  if (rest.size() - kLengthBytes < bytes) return false;
  const Bytes message = rest.subspan(kLengthBytes, bytes);
  window.messages[window.framed++ % kAhead] = message;
  prefetch(message);
  rest = rest.subspan(kLengthBytes + bytes);
  return true;
}

template <book::OrderBooks Books, class Observer>
void ItchBookBuilder<Books, Observer>::prefetch_blocks(Bytes blocks) const noexcept {
  Window window;
  while (window.framed < kAhead && frame_one(blocks, window)) {
  }
  for (u32 i = 0; i < window.framed; ++i) prefetch_linked(window.messages[i]);
}

template <book::OrderBooks Books, class Observer>
usize ItchBookBuilder<Books, Observer>::on_blocks(Bytes blocks) noexcept {
  Window window;
  Bytes rest = blocks;
  while (window.framed < kAhead && frame_one(rest, window)) {
  }
  for (; window.applied < window.framed; ++window.applied) {
    const u32 linked = window.applied + kLinkedAhead;
    if (linked < window.framed) prefetch_linked(window.messages[linked % kAhead]);
    const Bytes message = window.messages[window.applied % kAhead];
    frame_one(rest, window);
    on_message(message);
  }
  return blocks.size() - rest.size();
}

}  // namespace tradsys::feed
