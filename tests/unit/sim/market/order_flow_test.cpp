// Goal: the flow asks a venue only for what a participant could ask. Method: a matching engine as
// the venue, with refused calls counted; one venue where foreign orders empty the books all the
// time.
#include "sim/market/order_flow.hpp"

#include <gtest/gtest.h>

#include <map>

#include "hostsw/match/match_engine.hpp"

namespace tradsys::sim {
namespace {

/// A venue that carries out what the flow asks.
struct Venue : match::NullSink {
  explicit Venue(OrderFlow& flow)
      : engine({.instruments_max = static_cast<u32>(flow.instruments().size()) + 1,
                .orders_max = 4'096,
                .price_blocks_max = 8'192},
               *this),
        ids(flow.handles()) {
    for (usize i = 0; i < flow.instruments().size(); ++i) {
      engine.set_rules(static_cast<u16>(i + 1), {.price_step = flow.instruments()[i].price_step});
    }
  }
  void on_rejected(const match::NewOrder&, RejectReason) noexcept { ++refused; }
  void on_cancel_rejected(u64, RejectReason) noexcept { ++refused; }
  void on_replace_rejected(u64, u64, RejectReason) noexcept { ++refused; }
  void on_trade(const match::Trade& trade) noexcept {
    ++trades;
    if (adding) ++trades_of_adds;
    (void)trade;
  }

  u32 best_price(u16 instrument, Side side) const { return engine.best_price(instrument, side); }
  u32 open_qty(u32 handle) const {
    match::RestingOrder order;
    return engine.find(ids[handle], order) ? order.qty : 0;
  }
  void carry_out(const FlowAction& a) {
    using Kind = FlowAction::Kind;
    ++actions[a.kind];
    match::NewOrder order{++last_id,         1,       a.instrument, a.side, OrderType::kLimit,
                          TimeInForce::kDay, a.price, a.qty};
    adding = a.kind == Kind::kAdd;
    switch (a.kind) {
      case Kind::kNone:
        return;
      case Kind::kCancel:
        return engine.cancel(ids[a.handle], 0);
      case Kind::kReduce:
        return engine.cancel(ids[a.handle], a.qty);
      case Kind::kReplace: {
        const u64 old = ids[a.handle];
        ids[a.handle] = last_id;
        return engine.replace(old, last_id, a.price, a.qty);
      }
      case Kind::kTake:
        order.tif = TimeInForce::kIoc;
        break;
      case Kind::kTakeMarket:
        order.type = OrderType::kMarket;
        break;
      case Kind::kAdd:
        ids[a.handle] = last_id;
        break;
    }
    engine.submit(order);
  }

  match::MatchEngine<Venue> engine;
  std::vector<u64> ids;
  std::map<FlowAction::Kind, u64> actions;
  u64 refused = 0, trades = 0, trades_of_adds = 0, last_id = 0;
  bool adding = false;
};

TEST(OrderFlow, AsksForNothingTheVenueRefuses) {
  OrderFlow flow({.seed = 4, .standing_orders = 1'000, .mix = {}}, make_instruments(16, 4));
  Venue venue(flow);
  for (int i = 0; i < 200'000; ++i) venue.carry_out(flow.next(venue));
  EXPECT_EQ(venue.refused, 0U);
  EXPECT_GT(venue.trades, 2'000U);
  EXPECT_EQ(venue.trades_of_adds, 0U) << "an add met the other side";
  EXPECT_FALSE(flow.warming());
}

TEST(OrderFlow, OnlyAddsUntilTheBooksWereFilledOnce) {
  OrderFlow flow({.seed = 1, .standing_orders = 300, .mix = {}}, make_instruments(4, 1));
  Venue venue(flow);
  while (flow.warming()) venue.carry_out(flow.next(venue));
  EXPECT_EQ(venue.actions[FlowAction::Kind::kAdd], 300U);
  EXPECT_EQ(venue.actions.size(), 1U);
}

TEST(OrderFlow, GoesOnWhenForeignOrdersEmptyTheBooks) {
  OrderFlow flow({.seed = 2, .standing_orders = 400, .mix = {}}, make_instruments(4, 2));
  Venue venue(flow);
  Random random(9);
  for (int i = 0; i < 100'000; ++i) {
    venue.carry_out(flow.next(venue));
    if (i % 500 == 0) {
      const Side side = random.chance(500'000) ? Side::kBuy : Side::kSell;
      venue.engine.submit({++venue.last_id, 7, static_cast<u16>(1 + random.below(4)), side,
                           OrderType::kMarket, TimeInForce::kIoc, 0, 1'000'000});
    }
  }
  EXPECT_EQ(venue.refused, 0U);
  EXPECT_GT(venue.engine.live_orders(), 100U);
  EXPECT_LE(flow.live_orders(), flow.handles());
}

TEST(OrderFlow, LeavesAHaltedInstrumentAlone) {
  OrderFlow flow({.seed = 2, .standing_orders = 200, .mix = {}}, make_instruments(3, 2));
  Venue venue(flow);
  while (flow.warming()) venue.carry_out(flow.next(venue));
  flow.set_trading(2, false);
  for (int i = 0; i < 5'000; ++i) {
    const FlowAction action = flow.next(venue);
    ASSERT_TRUE(action.kind == FlowAction::Kind::kNone || action.instrument != 2);
    venue.carry_out(action);
  }
}

TEST(OrderFlow, FirstInstrumentsByRankGetMostOfTheFlow) {
  OrderFlow flow({.seed = 6, .standing_orders = 2'000, .mix = {}}, make_instruments(100, 6));
  Venue venue(flow);
  std::map<u16, u64> by_instrument;
  for (int i = 0; i < 100'000; ++i) {
    const FlowAction action = flow.next(venue);
    ++by_instrument[action.instrument];
    venue.carry_out(action);
  }
  u64 busiest = 0;
  for (const auto& [instrument, count] : by_instrument) busiest = std::max(busiest, count);
  EXPECT_GT(busiest, 10'000U);
  EXPECT_GT(by_instrument.size(), 95U);
}

}  // namespace
}  // namespace tradsys::sim
