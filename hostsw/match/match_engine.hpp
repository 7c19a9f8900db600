#pragma once
// The matching engine: continuous trading by price, then time, for many instruments at once.
//
// Deterministic: the books and the events are a function of the calls. Hot: no allocation, lock,
// system call or exception after construction; the cost of a call does not depend on how many
// orders or prices there are, only on how many orders it trades with. Not thread-safe: one engine
// belongs to one tile.
#include <tradsys/risk_spec.hpp>

#include <algorithm>

#include "hostsw/core/contract.hpp"
#include "hostsw/match/match_types.hpp"
#include "hostsw/match/order_table.hpp"
#include "hostsw/match/page_array.hpp"
#include "hostsw/match/price_ladder.hpp"

namespace tradsys::match {

/// `Sink` has the handlers of NullSink; the engine keeps a reference to it.
template <class Sink>
class MatchEngine {
 public:
  /// Every instrument starts with a price step of 1; see set_rules().
  MatchEngine(const MatchConfig& config, Sink& sink)
      : sink_(sink),
        next_match_number_(config.first_match_number),
        books_(config.instruments_max),
        ladders_(config.price_blocks_max),
        orders_(config.orders_max, config.price_blocks_max * PriceLadders::kFan) {
    for (u32 i = 0; i < config.instruments_max; ++i) {
      books_[i] = Book{};
      set_rules(static_cast<u16>(i), InstrumentRules{});
    }
  }

  /// Only while the instrument has no order; `price_step` >= 1, `price_max` < kMarketPrice.
  void set_rules(u16 instrument, const InstrumentRules& rules) noexcept {
    Book& book = books_[instrument];
    TRADSYS_ASSERT(instrument < books_.size() && book.ladder.height == 0);
    TRADSYS_ASSERT(rules.price_step >= 1 && rules.price_max < kMarketPrice);
    book.price_step = rules.price_step;
    book.price_max = rules.price_max;
    book.reciprocal = ~u64{0} / rules.price_step;
  }

  /// Matches a new order; a day limit order rests with what remains. Refused, with nothing changed,
  /// for the first of: unknown_instrument, invalid_side, invalid_type, invalid_quantity (0),
  /// invalid_price (0 or above the instrument's maximum), tick_size, duplicate_id, system_busy (a
  /// day order needs a free place in every table, even if it would trade in full).
  void submit(const NewOrder& order) noexcept {
    u32 tick = 0;
    const RejectReason reason = check(order, tick);
    if (reason != RejectReason::kNone) [[unlikely]]
      return sink_.on_rejected(order, reason);
    sink_.on_accepted(order);
    Book& book = books_[order.instrument];
    const RestingOrder taker{order.order_id, order.owner, order.instrument,
                             order.side,     order.price, order.qty};
    const u32 left = crosses(book, order.side, tick) ? trade(book, taker, tick) : order.qty;
    if (left == 0) return;
    if (order.type == OrderType::kMarket || order.tif == TimeInForce::kIoc) {
      return sink_.on_canceled(
          {order.order_id, order.owner, order.instrument, order.side, order.price, left, 0,
           order.type == OrderType::kMarket ? CancelReason::kMarket : CancelReason::kImmediate});
    }
    RestingOrder rested = taker;
    rested.qty = left;
    rest(book, rested, tick);
    sink_.on_book_add(rested);
  }

  /// Reduces the open quantity of a live order to `open_qty`, in place in its queue; 0 cancels it.
  /// Refused for unknown_order, or invalid_quantity when `open_qty` is not less than what is open.
  void cancel(u64 order_id, u32 open_qty) noexcept {
    const LinkRef ref = orders_.find(order_id);
    if (ref == OrderTable::kNoOrder) [[unlikely]] {
      return sink_.on_cancel_rejected(order_id, RejectReason::kUnknownOrder);
    }
    Order& order = orders_.order(ref);
    if (open_qty >= order.qty) [[unlikely]] {
      return sink_.on_cancel_rejected(order_id, RejectReason::kInvalidQuantity);
    }
    RestingOrder view = view_of(order);
    const u32 by = order.qty - open_qty;
    sink_.on_canceled({view.order_id, view.owner, view.instrument, view.side, view.price, by,
                       open_qty, CancelReason::kRequested});
    if (open_qty == 0) {
      remove(ref);
      sink_.on_book_remove(view);
    } else {
      order.qty = view.qty = open_qty;
      sink_.on_book_reduce(view, by);
    }
  }

  /// Replaces a live order by a new one with another id, `price` and open quantity `qty`; owner,
  /// instrument and side stay. The replacement is the youngest order at its price, whatever
  /// changed: to reduce a quantity and keep the place in the queue, use cancel(). Refused, and the
  /// order stands, for unknown_order, invalid_quantity, invalid_price, tick_size, duplicate_id (new
  /// id live; the old id counts as live) or system_busy.
  void replace(u64 order_id, u64 new_order_id, u32 price, u32 qty) noexcept {
    const LinkRef ref = orders_.find(order_id);
    u32 tick = 0;
    const RejectReason reason = check_replace(ref, new_order_id, price, qty, tick);
    if (reason != RejectReason::kNone) [[unlikely]] {
      return sink_.on_replace_rejected(order_id, new_order_id, reason);
    }
    const RestingOrder old = view_of(orders_.order(ref));
    RestingOrder fresh{new_order_id, old.owner, old.instrument, old.side, price, qty};
    Book& book = books_[old.instrument];
    remove(ref);
    sink_.on_replaced({order_id, new_order_id, old.owner, old.instrument, old.side, old.price,
                       old.qty, price, qty});
    if (!crosses(book, old.side, tick)) [[likely]] {
      rest(book, fresh, tick);
      return sink_.on_book_replace(order_id, fresh);
    }
    sink_.on_book_remove(old);
    fresh.qty = trade(book, fresh, tick);
    if (fresh.qty == 0) return;
    rest(book, fresh, tick);
    sink_.on_book_add(fresh);
  }

  /// Best price of a side; 0 when it is empty.
  [[nodiscard]] u32 best_price(u16 instrument, Side side) const noexcept {
    const Book& book = books_[instrument];
    if (is_buy(side)) return book.best_bid * book.price_step;
    return book.best_ask == kNoAsk ? 0 : book.best_ask * book.price_step;
  }
  [[nodiscard]] u32 live_orders() const noexcept { return orders_.live(); }
  [[nodiscard]] u32 instruments() const noexcept { return static_cast<u32>(books_.size()); }
  [[nodiscard]] u64 next_match_number() const noexcept { return next_match_number_; }

  /// The live order of this id; false when there is none.
  [[nodiscard]] bool find(u64 order_id, RestingOrder& out) const noexcept {
    const LinkRef ref = orders_.find(order_id);
    if (ref == OrderTable::kNoOrder) return false;
    out = view_of(orders_.order(ref));
    return true;
  }
  /// Brings the order's memory near, ahead of a call about it.
  void prefetch(u64 order_id) const noexcept { orders_.prefetch(order_id); }

  /// Calls `visit(RestingOrder)` for every order of a side, in the order they would trade.
  template <class Visit>
  void for_each(u16 instrument, Side side, Visit&& visit) const {
    const Book& book = books_[instrument];
    const u32 none = is_buy(side) ? 0 : kNoAsk;
    u32 tick = is_buy(side) ? book.best_bid : book.best_ask;
    while (tick != none) {
      const u32 block = ladders_.find(book.ladder, tick);
      const LinkRef level = orders_.level_link(level_of(block, tick));
      for (LinkRef ref = orders_.link(level).next; ref != level; ref = orders_.link(ref).next) {
        visit(view_of(orders_.order(ref)));
      }
      tick = is_buy(side) ? ladders_.next_below(book.ladder, block, tick, none)
                          : ladders_.next_above(book.ladder, block, tick, none);
    }
  }

  /// Fingerprint of the whole state: every order in priority order, and the next match number.
  /// Equal for equal states, in this engine and in ReferenceMatch.
  [[nodiscard]] u64 hash() const {
    StateHash state(next_match_number_);
    for (u32 i = 0; i < books_.size(); ++i) {
      for (const Side side : {Side::kBuy, Side::kSell}) {
        for_each(static_cast<u16>(i), side, [&](const RestingOrder& order) { state.add(order); });
      }
    }
    return state.value();
  }

 private:
  static constexpr u32 kNoAsk = 0xFFFF'FFFF;

  struct Book {
    u32 best_bid = 0;  // in ticks (price / price_step)
    u32 best_ask = kNoAsk;
    LadderRoot ladder;
    u32 price_step = 1;
    u32 price_max = kMarketPrice - 1;
    u64 reciprocal = ~u64{0};  // (2^64 - 1) / price_step
  };

  static constexpr u32 level_of(u32 block, u32 tick) noexcept {
    return block * PriceLadders::kFan + tick % PriceLadders::kFan;
  }

  static bool crosses(const Book& book, Side side, u32 tick) noexcept {
    return is_buy(side) ? tick >= book.best_ask : tick <= book.best_bid;
  }

  /// price / price_step by a multiplication; exact for every 32-bit price.
  static u32 tick_of(const Book& book, u32 price) noexcept {
    return static_cast<u32>((static_cast<u128>(u64{price} + 1) * book.reciprocal) >> 64);
  }

  static RejectReason check_price(const Book& book, u32 price, u32& tick) noexcept {
    if (price == 0 || price > book.price_max) [[unlikely]]
      return RejectReason::kInvalidPrice;
    tick = tick_of(book, price);
    return tick * book.price_step == price ? RejectReason::kNone : RejectReason::kTickSize;
  }

  RejectReason check(const NewOrder& order, u32& tick) const noexcept {
    if (order.instrument >= books_.size()) [[unlikely]]
      return RejectReason::kUnknownInstrument;
    if (order.side != Side::kBuy && order.side != Side::kSell && order.side != Side::kSellShort)
        [[unlikely]]
      return RejectReason::kInvalidSide;
    const bool market = order.type == OrderType::kMarket;
    if ((!market && order.type != OrderType::kLimit) ||
        (order.tif != TimeInForce::kDay && order.tif != TimeInForce::kIoc)) [[unlikely]]
      return RejectReason::kInvalidType;
    if (order.qty == 0) [[unlikely]]
      return RejectReason::kInvalidQuantity;
    const Book& book = books_[order.instrument];
    tick = is_buy(order.side) ? kNoAsk - 1 : 1;
    if (!market) {
      const RejectReason reason = check_price(book, order.price, tick);
      if (reason != RejectReason::kNone) [[unlikely]]
        return reason;
    }
    if (orders_.find(order.order_id) != OrderTable::kNoOrder) [[unlikely]] {
      return RejectReason::kDuplicateId;
    }
    const bool may_rest = !market && order.tif == TimeInForce::kDay;
    if (may_rest && (orders_.full() || !has_room(book, tick))) [[unlikely]] {
      return RejectReason::kSystemBusy;
    }
    return RejectReason::kNone;
  }

  RejectReason check_replace(LinkRef ref, u64 new_order_id, u32 price, u32 qty,
                             u32& tick) const noexcept {
    if (ref == OrderTable::kNoOrder) return RejectReason::kUnknownOrder;
    if (qty == 0) return RejectReason::kInvalidQuantity;
    const Book& book = books_[orders_.order(ref).instrument];
    const RejectReason reason = check_price(book, price, tick);
    if (reason != RejectReason::kNone) return reason;
    if (orders_.find(new_order_id) != OrderTable::kNoOrder) return RejectReason::kDuplicateId;
    return has_room(book, tick) ? RejectReason::kNone : RejectReason::kSystemBusy;
  }

  bool has_room(const Book& book, u32 tick) const noexcept {
    return ladders_.has_room() || ladders_.find(book.ladder, tick) != PriceLadders::kNone;
  }

  u32 tick_of(const Order& order) const noexcept {
    return ladders_.first_tick(order.level / PriceLadders::kFan) + order.level % PriceLadders::kFan;
  }
  u32 price_of(const Order& order) const noexcept {
    return tick_of(order) * books_[order.instrument].price_step;
  }
  RestingOrder view_of(const Order& order) const noexcept {
    return {order.id, order.owner, order.instrument, order.side, price_of(order), order.qty};
  }

  /// Trades `taker` against the other side down to `limit`; returns what is left of it.
  [[gnu::noinline]] u32 trade(Book& book, const RestingOrder& taker, u32 limit) noexcept {
    u32 left = taker.qty;
    while (left > 0 && crosses(book, taker.side, limit)) {
      const u32 tick = is_buy(taker.side) ? book.best_ask : book.best_bid;
      const u32 block = ladders_.find(book.ladder, tick);
      const LinkRef level = orders_.level_link(level_of(block, tick));
      do {
        left = trade_with(orders_.link(level).next, taker, tick * book.price_step, left);
      } while (left > 0 && orders_.link(level).next != level);
      if (orders_.link(level).next == level) empty_level(book, block, tick);
    }
    return left;
  }

  /// One trade with the order at the head of its queue; returns what is left of the taker.
  u32 trade_with(LinkRef ref, const RestingOrder& taker, u32 price, u32 left) noexcept {
    Order& maker = orders_.order(ref);
    const u32 qty = std::min(left, maker.qty);
    maker.qty -= qty;
    const Trade trade{next_match_number_++,
                      maker.id,
                      taker.order_id,
                      maker.owner,
                      taker.owner,
                      taker.instrument,
                      taker.side,
                      price,
                      qty,
                      maker.qty,
                      left - qty};
    if (trade.resting_leaves == 0) {
      unlink(maker.link);
      orders_.erase(ref);
    }
    sink_.on_trade(trade);
    return left - qty;
  }

  void unlink(const Link& link) noexcept {
    orders_.link(link.prev).next = link.next;
    orders_.link(link.next).prev = link.prev;
  }

  /// Puts an order at the end of the queue of `tick`.
  void rest(Book& book, const RestingOrder& resting, u32 tick) noexcept {
    const u32 block = ladders_.touch(book.ladder, tick);
    const u32 level_index = level_of(block, tick);
    const LinkRef level = orders_.level_link(level_index);
    Link& ends = orders_.link(level);
    const LinkRef tail = ladders_.occupied(block, tick) ? ends.prev : level;
    ladders_.occupy(block, tick);
    const LinkRef ref = orders_.insert({{level, tail},
                                        resting.order_id,
                                        level_index,
                                        resting.qty,
                                        resting.owner,
                                        resting.instrument,
                                        resting.side,
                                        0});
    ends.prev = ref;
    orders_.link(tail).next = ref;
    const bool buy = is_buy(resting.side);
    book.best_bid = std::max(book.best_bid, buy ? tick : 0);
    book.best_ask = std::min(book.best_ask, buy ? kNoAsk : tick);
  }

  /// Takes an order out of its queue and the table.
  void remove(LinkRef ref) noexcept {
    const Order order = orders_.order(ref);
    unlink(order.link);
    orders_.erase(ref);
    if (order.link.next == order.link.prev && order.link.next == orders_.level_link(order.level)) {
      empty_level(books_[order.instrument], order.level / PriceLadders::kFan, tick_of(order));
    }
  }

  /// The last order of `tick` is gone: moves the best price on, and gives up the tick.
  void empty_level(Book& book, u32 block, u32 tick) noexcept {
    if (tick == book.best_bid) book.best_bid = ladders_.next_below(book.ladder, block, tick, 0);
    if (tick == book.best_ask)
      book.best_ask = ladders_.next_above(book.ladder, block, tick, kNoAsk);
    ladders_.vacate(book.ladder, block, tick);
  }

  Sink& sink_;
  u64 next_match_number_;
  PageArray<Book> books_;
  PriceLadders ladders_;
  OrderTable orders_;
};

}  // namespace tradsys::match
