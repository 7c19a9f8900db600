#pragma once
// Other participants of the venue: carries the actions of a synthetic order flow out on the
// exchange, at the pace the flow wants or a multiple of it.
#include <algorithm>
#include <vector>

#include "hostsw/core/units.hpp"
#include "hostsw/match/match_types.hpp"
#include "sim/market/order_flow.hpp"

namespace tradsys::sim {

/// `Venue` is an Exchange.
template <class Venue>
class BackgroundFlow {
 public:
  /// `actions_per_s` sets the pace once the books are warm; 0 = no flow after that.
  BackgroundFlow(const FlowConfig& config, std::vector<MarketInstrument> instruments,
                 Venue& exchange, u64 actions_per_s)
      : flow_(config, std::move(instruments)),
        exchange_(exchange),
        interval_{actions_per_s == 0 ? INT64_MAX / 2
                                     : 1'000'000'000 / static_cast<i64>(actions_per_s)} {}

  /// Fills the books to their standing orders at once: the market as it opens.
  void warm(Nanos now) {
    while (flow_.warming()) act(now);
    next_ = now + interval_;
  }
  /// Carries out what is due, at most `limit` actions.
  u32 run(Nanos now, u32 limit = 64) {
    u32 count = 0;
    for (; count < limit && next_ <= now; ++count) {
      act(now);
      next_ = next_ + interval_;
    }
    if (next_ < now) next_ = now;  // a stalled process does not catch up with a burst
    return count;
  }
  [[nodiscard]] Nanos next_action() const noexcept { return next_; }

 private:
  /// What the flow sees of the exchange.
  struct View {
    const BackgroundFlow& self;
    [[nodiscard]] u32 best_price(u16 instrument, Side side) const {
      return self.exchange_.engine().best_price(instrument, side);
    }
    [[nodiscard]] u32 open_qty(u32 handle) const {
      match::RestingOrder order;
      return handle < self.numbers_.size() &&
                     self.exchange_.engine().find(self.numbers_[handle], order)
                 ? order.qty
                 : 0;
    }
  };

  void act(Nanos now) {
    const FlowAction action = flow_.next(View{*this});
    using Kind = FlowAction::Kind;
    switch (action.kind) {
      case Kind::kNone:
        return;
      case Kind::kAdd:
        remember(action.handle, submit(action, OrderType::kLimit, TimeInForce::kDay, now));
        return;
      case Kind::kTake:
        submit(action, OrderType::kLimit, TimeInForce::kIoc, now);
        return;
      case Kind::kTakeMarket:
        submit(action, OrderType::kMarket, TimeInForce::kIoc, now);
        return;
      case Kind::kCancel:
        exchange_.background_cancel(numbers_[action.handle], 0, now);
        return;
      case Kind::kReduce:
        exchange_.background_cancel(numbers_[action.handle], action.qty, now);
        return;
      case Kind::kReplace:
        numbers_[action.handle] =
            exchange_.background_replace(numbers_[action.handle], action.price, action.qty, now);
        return;
    }
  }
  u64 submit(const FlowAction& action, OrderType type, TimeInForce tif, Nanos now) {
    match::NewOrder order;
    order.instrument = action.instrument;
    order.side = action.side;
    order.type = type;
    order.tif = tif;
    order.price = type == OrderType::kMarket ? kMarketPrice : action.price;
    order.qty = action.qty;
    return exchange_.background_submit(order, now);
  }
  void remember(u32 handle, u64 number) {
    if (handle >= numbers_.size())
      numbers_.resize(std::max<usize>(handle + 1, numbers_.size() * 2));
    numbers_[handle] = number;
  }

  OrderFlow flow_;
  Venue& exchange_;
  Nanos interval_;
  Nanos next_{};
  std::vector<u64> numbers_;  // by handle
};

}  // namespace tradsys::sim
