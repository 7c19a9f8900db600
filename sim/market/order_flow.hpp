#pragma once
// Background participants of a synthetic market: what they send to the venue next. Deterministic: a
// function of the seed and of what the venue answers about its books.
#include <concepts>
#include <vector>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/random.hpp"
#include "hostsw/core/types.hpp"
#include "sim/market/instruments.hpp"

namespace tradsys::sim {

/// What the flow asks the venue before it decides: the touch, and whether an order of the flow
/// still works. `handle` is the flow's own name of an order (FlowAction::handle); the caller keeps
/// what the venue calls it.
template <class V>
concept FlowVenue = requires(const V& venue, u16 instrument, Side side, u32 handle) {
  { venue.best_price(instrument, side) } -> std::convertible_to<u32>;  // 0 = none
  { venue.open_qty(handle) } -> std::convertible_to<u32>;  // 0 = dead
};

/// One message of a participant. The caller carries it out at once, before it asks for the next.
struct FlowAction {
  enum class Kind : u8 {
    kNone,  ///< nothing this time (an instrument that cannot be quoted)
    kAdd,  ///< a day limit order away from the other side; `handle` is new
    kTake,  ///< immediate-or-cancel at `price`
    kTakeMarket,  ///< a market order
    kCancel,  ///< `handle` in full; the handle may be reused afterwards
    kReduce,  ///< `handle` down to an open quantity of `qty`
    kReplace,  ///< `handle` gets `price` and open quantity `qty`, and keeps its handle
  };
  Kind kind = Kind::kNone;
  u32 handle = 0;
  u16 instrument = 0;  ///< number: index in the list plus 1
  Side side = Side::kNone;
  u32 price = 0;
  u32 qty = 0;
  u32 gap_ns = 0;  ///< since the action before
};

/// How often participants do what, in parts of a thousand actions; the rest is more of `add`. Adds
/// are slowed or hurried so that the number of standing orders stays near the configured one.
struct FlowMix {
  u32 cancel = 420;
  u32 replace = 88;
  u32 take = 13;
  u32 reduce = 12;
};

struct FlowConfig {
  u64 seed = 1;
  u32 standing_orders = 4'000;  ///< orders the flow keeps in all books together
  u32 value_moves = 40'000;  ///< of a million actions; 0: values stay where they begin
  FlowMix mix;
};

/// Each instrument has a value that walks; participants quote around the touch and take towards the
/// value. Which instrument acts is Zipf-distributed with bursts. Allocates at construction, and
/// where a book grows beyond any before.
class OrderFlow {
 public:
  OrderFlow(const FlowConfig& config, std::vector<MarketInstrument> instruments);

  /// The next action. Until `standing_orders` were added once, only adds.
  template <FlowVenue Venue>
  [[nodiscard]] FlowAction next(const Venue& venue) {
    FlowAction action;
    action.instrument = pick_instrument();
    action.gap_ns = draw_gap_ns();
    Quotes& quotes = quotes_[action.instrument];
    if (!quotes.trading) return action;
    walk(quotes);
    const Touch touch{venue.best_price(action.instrument, Side::kBuy) / quotes.price_step,
                      venue.best_price(action.instrument, Side::kSell) / quotes.price_step};
    switch (draw_kind()) {
      case FlowAction::Kind::kTake:
        take(action, quotes, touch);
        break;
      case FlowAction::Kind::kCancel:
        cancel(action, pick_live(venue, quotes, touch));
        break;
      case FlowAction::Kind::kReduce:
        reduce(action, venue, pick_live(venue, quotes, touch));
        break;
      case FlowAction::Kind::kReplace:
        replace(action, venue, touch, pick_live(venue, quotes, touch));
        break;
      default:
        break;
    }
    if (action.kind == FlowAction::Kind::kNone) add(action, quotes, touch);
    return action;
  }

  /// A halted instrument gets no actions.
  void set_trading(u16 instrument, bool trading) { quotes_[instrument].trading = trading; }

  /// True until the books were filled once.
  [[nodiscard]] bool warming() const { return warming_; }
  /// Orders the flow believes to be working; dead ones are noticed when they are next looked at.
  [[nodiscard]] u32 live_orders() const { return live_orders_; }
  /// Handles are below this; never more than twice `standing_orders`.
  [[nodiscard]] u32 handles() const { return static_cast<u32>(orders_.size()); }
  [[nodiscard]] const std::vector<MarketInstrument>& instruments() const { return instruments_; }
  /// The current value of an instrument: what its orders gather around.
  [[nodiscard]] u32 value_price(u16 instrument) const {
    return quotes_[instrument].value_tick * quotes_[instrument].price_step;
  }
  /// A quantity as participants trade it.
  [[nodiscard]] u32 draw_qty(u16 instrument) { return draw_qty(quotes_[instrument]); }

 private:
  static constexpr u32 kNoHandle = 0xFFFF'FFFF;

  struct Touch {
    u32 bid_tick;  // 0 = none
    u32 ask_tick;  // 0 = none
  };
  struct Quotes {
    u32 price_step = 1;
    u32 lot = 1;
    u32 value_tick = 0;
    u32 lowest_tick = 0, highest_tick = 0;  // the value's walls
    bool trading = true;
    std::vector<u32> live;  // handles, oldest first but for those that filled a gap
  };
  struct Live {
    u32 price_tick = 0;
    u32 position = 0;  // in Quotes::live
    u16 instrument = 0;
    Side side = Side::kNone;
  };

  u16 pick_instrument();
  u32 draw_gap_ns();
  FlowAction::Kind draw_kind();
  u32 draw_qty(const Quotes& quotes);
  u32 draw_distance();
  void walk(Quotes& quotes);
  u32 passive_tick(const Quotes& quotes, const Touch& touch, Side side);
  void add(FlowAction& action, Quotes& quotes, const Touch& touch);
  void take(FlowAction& action, const Quotes& quotes, const Touch& touch);
  void cancel(FlowAction& action, u32 handle);
  void forget(u32 handle);

  static u32 distance_to_touch(const Live& order, const Touch& touch) {
    const bool buy = order.side == Side::kBuy;
    const u32 best = buy ? touch.bid_tick : touch.ask_tick;
    return best > order.price_tick ? best - order.price_tick : order.price_tick - best;
  }

  /// A working order of the instrument, rather young and rather near the touch; kNoHandle when
  /// there are too few to choose from.
  template <FlowVenue Venue>
  u32 pick_live(const Venue& venue, Quotes& quotes, const Touch& touch) {
    const u32 first = draw_live(venue, quotes);
    const u32 second = draw_live(venue, quotes);
    if (first == kNoHandle || second == kNoHandle) return kNoHandle;
    return distance_to_touch(orders_[first], touch) <= distance_to_touch(orders_[second], touch)
               ? first
               : second;
  }
  template <FlowVenue Venue>
  u32 draw_live(const Venue& venue, Quotes& quotes) {
    while (quotes.live.size() >= kLiveMin) {
      const u32 handle = quotes.live[draw_recent(quotes.live.size())];
      if (venue.open_qty(handle) != 0) return handle;
      forget(handle);
    }
    return kNoHandle;
  }
  usize draw_recent(usize count);

  template <FlowVenue Venue>
  void reduce(FlowAction& action, const Venue& venue, u32 handle) {
    if (handle == kNoHandle) return;
    const u32 lot = quotes_[action.instrument].lot;
    const u32 lots = venue.open_qty(handle) / lot;
    if (lots < 2) return;
    name(action, FlowAction::Kind::kReduce, handle);
    action.qty = static_cast<u32>(random_.between(1, lots - 1)) * lot;
  }

  template <FlowVenue Venue>
  void replace(FlowAction& action, const Venue& venue, const Touch& touch, u32 handle) {
    if (handle == kNoHandle) return;
    const Quotes& quotes = quotes_[action.instrument];
    const Side side = orders_[handle].side;
    const u32 through = side == Side::kBuy ? touch.ask_tick : touch.bid_tick;
    const bool crosses = through != 0 && random_.chance(kCrossingReplacePerMillion);
    const u32 tick = crosses ? through : passive_tick(quotes, touch, side);
    if (tick == 0) return;
    name(action, FlowAction::Kind::kReplace, handle);
    action.price = tick * quotes.price_step;
    action.qty = random_.chance(670'000) ? venue.open_qty(handle) : draw_qty(quotes);
    orders_[handle].price_tick = tick;
  }

  void name(FlowAction& action, FlowAction::Kind kind, u32 handle) const {
    action.kind = kind;
    action.handle = handle;
    action.side = orders_[handle].side;
  }

  static constexpr usize kLiveMin = 4;
  static constexpr u32 kCrossingReplacePerMillion = 15'000;

  FlowConfig config_;
  Random random_;
  std::vector<MarketInstrument> instruments_;
  std::vector<Quotes> quotes_;  // by number; [0] is no instrument
  std::vector<u64> weights_;  // cumulative, Zipf
  std::vector<u16> by_rank_;
  std::vector<Live> orders_;  // by handle
  std::vector<u32> free_;
  u32 live_orders_ = 0;
  u16 current_ = 0;
  bool warming_ = true;
};

}  // namespace tradsys::sim
