#include "sim/market/order_flow.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "hostsw/core/contract.hpp"

namespace tradsys::sim {
namespace {

constexpr u32 kStrayTicksMax =
    64;  // a touch further from the value than this does not attract quotes
constexpr std::array<u32, 12> kUsualLots{100, 100, 100, 100, 200, 300, 500, 1'000, 50, 25, 1, 10};

}  // namespace

OrderFlow::OrderFlow(const FlowConfig& config, std::vector<MarketInstrument> instruments)
    : config_(config),
      random_(config.seed),
      instruments_(std::move(instruments)),
      quotes_(instruments_.size() + 1),
      weights_(instruments_.size()),
      by_rank_(instruments_.size()),
      orders_(usize{config.standing_orders} * 2) {
  TRADSYS_ASSERT(!instruments_.empty() && instruments_.size() < 65'535 &&
                 config.standing_orders > 0);
  u64 sum = 0;
  for (usize i = 0; i < instruments_.size(); ++i) {
    const MarketInstrument& listed = instruments_[i];
    Quotes& quotes = quotes_[i + 1];
    quotes.price_step = listed.price_step;
    quotes.lot = listed.lot;
    quotes.value_tick = listed.reference_price / listed.price_step;
    quotes.lowest_tick = quotes.value_tick / 2;
    quotes.highest_tick = quotes.value_tick * 2;
    sum += (u64{1} << 32) / (i + 1);
    weights_[i] = sum;
    by_rank_[i] = static_cast<u16>(i + 1);
  }
  for (usize i = by_rank_.size(); i > 1; --i)
    std::swap(by_rank_[i - 1], by_rank_[random_.below(i)]);
  free_.resize(orders_.size());
  std::iota(free_.rbegin(), free_.rend(), 0U);
  current_ = by_rank_[0];
}

u16 OrderFlow::pick_instrument() {
  const bool stay = !warming_ && random_.chance(550'000) && quotes_[current_].trading;
  for (u32 attempt = 0; !stay && attempt < 16; ++attempt) {
    const bool any = warming_ && random_.chance(250'000);
    const u64 at = any ? 0 : random_.below(weights_.back());
    const usize rank =
        any ? random_.below(by_rank_.size())
            : static_cast<usize>(std::upper_bound(weights_.begin(), weights_.end(), at) -
                                 weights_.begin());
    current_ = by_rank_[rank];
    if (quotes_[current_].trading) break;
  }
  return current_;
}

/// Bursts of a few hundred nanoseconds, with pauses between them.
u32 OrderFlow::draw_gap_ns() {
  if (warming_) return static_cast<u32>(random_.between(50, 549));
  return static_cast<u32>(random_.chance(900'000) ? random_.between(20, 419)
                                                  : random_.between(1'000, 20'999));
}

FlowAction::Kind OrderFlow::draw_kind() {
  if (warming_) return FlowAction::Kind::kAdd;
  const FlowMix& mix = config_.mix;
  // A book that is too full slows adds by a seventh of all actions, an empty one hurries them.
  const u64 standing = config_.standing_orders;
  const u64 bias = u64{live_orders_} * 10 > standing * 11  ? 1'150
                   : u64{live_orders_} * 10 < standing * 9 ? 850
                                                           : 1'000;
  u64 at = random_.below(1'000'000);
  const auto in = [&](u64 parts) {
    if (at < parts) return true;
    at -= parts;
    return false;
  };
  if (in(u64{mix.cancel} * bias)) return FlowAction::Kind::kCancel;
  if (in(u64{mix.replace} * 1'000)) return FlowAction::Kind::kReplace;
  if (in(u64{mix.take} * 1'000)) return FlowAction::Kind::kTake;
  if (in(u64{mix.reduce} * 1'000)) return FlowAction::Kind::kReduce;
  return FlowAction::Kind::kAdd;
}

u32 OrderFlow::draw_qty(const Quotes& quotes) {
  const u32 qty = random_.chance(800'000) ? kUsualLots[random_.below(kUsualLots.size())]
                                          : static_cast<u32>(random_.between(1, 1'500));
  return (qty + quotes.lot - 1) / quotes.lot * quotes.lot;
}

/// Ticks behind the touch: three on average, sometimes far away.
u32 OrderFlow::draw_distance() {
  if (random_.chance(30'000)) return static_cast<u32>(random_.between(20, 419));
  u32 ticks = 0;
  while (ticks < 64 && random_.chance(750'000)) ++ticks;
  return ticks;
}

void OrderFlow::walk(Quotes& quotes) {
  if (warming_ || !random_.chance(config_.value_moves)) return;
  const u32 ticks = static_cast<u32>(random_.between(1, 2));
  const bool up = quotes.value_tick <= quotes.lowest_tick + ticks ||
                  (quotes.value_tick < quotes.highest_tick && random_.chance(500'000));
  quotes.value_tick = up ? quotes.value_tick + ticks : quotes.value_tick - ticks;
}

/// A price that does not meet the other side; 0 when there is none.
u32 OrderFlow::passive_tick(const Quotes& quotes, const Touch& touch, Side side) {
  const bool buy = side == Side::kBuy;
  const u32 own = buy ? touch.bid_tick : touch.ask_tick;
  const u32 behind_value = buy ? quotes.value_tick - 1 : quotes.value_tick + 1;
  const u32 stray = own > behind_value ? own - behind_value : behind_value - own;
  const i64 anchor = own == 0 || stray > kStrayTicksMax ? behind_value : own;
  const bool improves = random_.chance(120'000);
  const i64 away = improves ? -1 : i64{draw_distance()};
  i64 tick = buy ? anchor - away : anchor + away;
  if (buy && touch.ask_tick != 0) tick = std::min(tick, i64{touch.ask_tick} - 1);
  if (!buy && touch.bid_tick != 0) tick = std::max(tick, i64{touch.bid_tick} + 1);
  return tick < 1 ? 0 : static_cast<u32>(tick);
}

void OrderFlow::add(FlowAction& action, Quotes& quotes, const Touch& touch) {
  const Side side = random_.chance(500'000) ? Side::kBuy : Side::kSell;
  const u32 tick = passive_tick(quotes, touch, side);
  if (tick == 0 || free_.empty()) return;
  action.kind = FlowAction::Kind::kAdd;
  action.handle = free_.back();
  action.side = side;
  action.price = tick * quotes.price_step;
  action.qty = draw_qty(quotes);
  free_.pop_back();
  orders_[action.handle] = {tick, static_cast<u32>(quotes.live.size()), action.instrument, side};
  quotes.live.push_back(action.handle);
  ++live_orders_;
  warming_ = warming_ && live_orders_ < config_.standing_orders;
}

void OrderFlow::take(FlowAction& action, const Quotes& quotes, const Touch& touch) {
  if (touch.bid_tick == 0 || touch.ask_tick == 0) return;
  const bool cheap = quotes.value_tick * 2 > touch.bid_tick + touch.ask_tick;
  const bool buy = cheap == random_.chance(750'000);
  const u32 through = static_cast<u32>(random_.below(3));
  action.side = buy ? Side::kBuy : Side::kSell;
  action.kind = random_.chance(250'000) ? FlowAction::Kind::kTakeMarket : FlowAction::Kind::kTake;
  if (action.kind == FlowAction::Kind::kTake) {
    const u32 floor = std::min(through, touch.bid_tick - 1);
    action.price = (buy ? touch.ask_tick + through : touch.bid_tick - floor) * quotes.price_step;
  }
  action.qty = draw_qty(quotes);
  if (random_.chance(50'000)) action.qty *= 10;
}

void OrderFlow::cancel(FlowAction& action, u32 handle) {
  if (handle == kNoHandle) return;
  name(action, FlowAction::Kind::kCancel, handle);
  forget(handle);
}

/// Cubes a uniform number: the youngest eighth of the orders gets half of the attention.
usize OrderFlow::draw_recent(usize count) {
  const u64 u = random_.below(1U << 16);
  const u64 back = ((((u * u) >> 16) * u) >> 16) * count >> 16;
  return count - 1 - static_cast<usize>(back);
}

void OrderFlow::forget(u32 handle) {
  Live& order = orders_[handle];
  std::vector<u32>& live = quotes_[order.instrument].live;
  TRADSYS_ASSERT(order.instrument != 0 && live[order.position] == handle);
  const u32 last = live.back();
  live[order.position] = last;
  orders_[last].position = order.position;
  live.pop_back();
  order.instrument = 0;
  free_.push_back(handle);
  --live_orders_;
}

}  // namespace tradsys::sim
