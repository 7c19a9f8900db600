#pragma once
// The obvious matching engine: sorted maps of price to queue. Same calls, events and hash as
// MatchEngine, written to be read, not to be fast. It never runs out of room for prices; its order
// limit is the same.
#include <algorithm>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/match/match_types.hpp"

namespace tradsys::match {

/// See MatchEngine for the meaning of each call.
template <class Sink>
class ReferenceMatch {
 public:
  ReferenceMatch(const MatchConfig& config, Sink& sink)
      : sink_(sink),
        orders_max_(config.orders_max),
        next_match_number_(config.first_match_number),
        books_(config.instruments_max) {}

  void set_rules(u16 instrument, const InstrumentRules& rules) {
    books_.at(instrument).rules = rules;
  }

  void submit(const NewOrder& order) {
    const RejectReason reason = check(order);
    if (reason != RejectReason::kNone) return sink_.on_rejected(order, reason);
    sink_.on_accepted(order);
    RestingOrder taker{order.order_id, order.owner, order.instrument,
                       order.side,     order.price, order.qty};
    trade(taker, order.type == OrderType::kMarket);
    if (taker.qty == 0) return;
    if (order.type == OrderType::kLimit && order.tif == TimeInForce::kDay) {
      rest(taker);
      return sink_.on_book_add(taker);
    }
    sink_.on_canceled(
        {taker.order_id, taker.owner, taker.instrument, taker.side, taker.price, taker.qty, 0,
         order.type == OrderType::kMarket ? CancelReason::kMarket : CancelReason::kImmediate});
  }

  void cancel(u64 order_id, u32 open_qty) {
    const auto found = orders_.find(order_id);
    if (found == orders_.end())
      return sink_.on_cancel_rejected(order_id, RejectReason::kUnknownOrder);
    RestingOrder& order = *found->second;
    if (open_qty >= order.qty)
      return sink_.on_cancel_rejected(order_id, RejectReason::kInvalidQuantity);
    const RestingOrder before = order;
    const u32 by = order.qty - open_qty;
    sink_.on_canceled({order.order_id, order.owner, order.instrument, order.side, order.price, by,
                       open_qty, CancelReason::kRequested});
    if (open_qty == 0) {
      remove(order_id);
      return sink_.on_book_remove(before);
    }
    order.qty = open_qty;
    sink_.on_book_reduce(order, by);
  }

  void replace(u64 order_id, u64 new_order_id, u32 price, u32 qty) {
    const RejectReason reason = check_replace(order_id, new_order_id, price, qty);
    if (reason != RejectReason::kNone)
      return sink_.on_replace_rejected(order_id, new_order_id, reason);
    const RestingOrder old = *orders_.at(order_id);
    RestingOrder fresh{new_order_id, old.owner, old.instrument, old.side, price, qty};
    remove(order_id);
    sink_.on_replaced({order_id, new_order_id, old.owner, old.instrument, old.side, old.price,
                       old.qty, price, qty});
    if (!can_trade(fresh, false)) {
      rest(fresh);
      return sink_.on_book_replace(order_id, fresh);
    }
    sink_.on_book_remove(old);
    trade(fresh, false);
    if (fresh.qty == 0) return;
    rest(fresh);
    sink_.on_book_add(fresh);
  }

  [[nodiscard]] u32 best_price(u16 instrument, Side side) const {
    const Levels& levels = books_.at(instrument).levels(side);
    return levels.empty() ? 0 : best_of(levels, side)->first;
  }
  [[nodiscard]] u32 live_orders() const { return static_cast<u32>(orders_.size()); }
  [[nodiscard]] u32 instruments() const { return static_cast<u32>(books_.size()); }
  [[nodiscard]] u64 next_match_number() const { return next_match_number_; }
  [[nodiscard]] bool find(u64 order_id, RestingOrder& out) const {
    const auto found = orders_.find(order_id);
    if (found == orders_.end()) return false;
    out = *found->second;
    return true;
  }

  template <class Visit>
  void for_each(u16 instrument, Side side, Visit&& visit) const {
    const Levels& levels = books_.at(instrument).levels(side);
    const auto visit_queue = [&](const auto& level) {
      for (const RestingOrder& order : level.second) visit(order);
    };
    if (is_buy(side)) {
      std::for_each(levels.rbegin(), levels.rend(), visit_queue);
    } else {
      std::for_each(levels.begin(), levels.end(), visit_queue);
    }
  }

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
  using Queue = std::list<RestingOrder>;
  using Levels = std::map<u32, Queue>;
  struct Book {
    InstrumentRules rules;
    Levels bids, asks;
    Levels& levels(Side side) { return is_buy(side) ? bids : asks; }
    const Levels& levels(Side side) const { return is_buy(side) ? bids : asks; }
  };

  static Side opposite(Side side) { return is_buy(side) ? Side::kSell : Side::kBuy; }

  template <class AnyLevels>
  static auto best_of(AnyLevels& levels, Side side) {
    return is_buy(side) ? std::prev(levels.end()) : levels.begin();
  }

  RejectReason check_price(u16 instrument, u32 price) const {
    const InstrumentRules& rules = books_[instrument].rules;
    if (price == 0 || price > rules.price_max) return RejectReason::kInvalidPrice;
    return price % rules.price_step == 0 ? RejectReason::kNone : RejectReason::kTickSize;
  }

  RejectReason check(const NewOrder& order) const {
    if (order.instrument >= books_.size()) return RejectReason::kUnknownInstrument;
    if (order.side == Side::kNone || order.side > Side::kSellShort)
      return RejectReason::kInvalidSide;
    if (order.type > OrderType::kMarket || order.tif > TimeInForce::kIoc)
      return RejectReason::kInvalidType;
    if (order.qty == 0) return RejectReason::kInvalidQuantity;
    const bool limit = order.type == OrderType::kLimit;
    if (limit) {
      const RejectReason reason = check_price(order.instrument, order.price);
      if (reason != RejectReason::kNone) return reason;
    }
    if (orders_.count(order.order_id) != 0) return RejectReason::kDuplicateId;
    const bool may_rest = limit && order.tif == TimeInForce::kDay;
    return may_rest && orders_.size() >= orders_max_ ? RejectReason::kSystemBusy
                                                     : RejectReason::kNone;
  }

  RejectReason check_replace(u64 order_id, u64 new_order_id, u32 price, u32 qty) const {
    const auto found = orders_.find(order_id);
    if (found == orders_.end()) return RejectReason::kUnknownOrder;
    if (qty == 0) return RejectReason::kInvalidQuantity;
    const RejectReason reason = check_price(found->second->instrument, price);
    if (reason != RejectReason::kNone) return reason;
    return orders_.count(new_order_id) != 0 ? RejectReason::kDuplicateId : RejectReason::kNone;
  }

  bool can_trade(const RestingOrder& taker, bool any_price) const {
    const Side side = opposite(taker.side);
    const Levels& levels = books_[taker.instrument].levels(side);
    if (levels.empty()) return false;
    const u32 best = best_of(levels, side)->first;
    return any_price || (is_buy(taker.side) ? best <= taker.price : best >= taker.price);
  }

  void trade(RestingOrder& taker, bool any_price) {
    while (taker.qty > 0 && can_trade(taker, any_price)) {
      const Side side = opposite(taker.side);
      RestingOrder& maker = best_of(books_[taker.instrument].levels(side), side)->second.front();
      const u32 qty = std::min(taker.qty, maker.qty);
      taker.qty -= qty;
      maker.qty -= qty;
      const Trade trade{next_match_number_++,
                        maker.order_id,
                        taker.order_id,
                        maker.owner,
                        taker.owner,
                        taker.instrument,
                        taker.side,
                        maker.price,
                        qty,
                        maker.qty,
                        taker.qty};
      if (maker.qty == 0) remove(maker.order_id);
      sink_.on_trade(trade);
    }
  }

  void rest(const RestingOrder& order) {
    Queue& queue = books_[order.instrument].levels(order.side)[order.price];
    orders_[order.order_id] = queue.insert(queue.end(), order);
  }

  void remove(u64 order_id) {
    const auto order = orders_.at(order_id);
    Levels& levels = books_[order->instrument].levels(order->side);
    const auto level = levels.find(order->price);
    level->second.erase(order);
    if (level->second.empty()) levels.erase(level);
    orders_.erase(order_id);
  }

  Sink& sink_;
  u32 orders_max_;
  u64 next_match_number_;
  std::vector<Book> books_;
  std::map<u64, Queue::iterator> orders_;
};

}  // namespace tradsys::match
