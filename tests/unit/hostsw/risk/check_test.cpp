// Goal: each reject reason of the gate is reachable alone, by one change of a market where all
// passes,
//   and names its limit and what was observed.
// Method: a table of (reason, change, limit, observed); each row on a fresh gate. A last case
// proves that
//   no reason which the gate itself decides is missing from the table.
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "hostsw/risk/gate.hpp"
#include "tests/support/gate/world.hpp"

namespace tradsys::risk {
namespace {

using namespace tradsys::testing;

struct World {
  Gate gate = Gate::make({.accounts_max = 4, .instruments_max = 8}).value();
  AccountLimits account = open_account(1);
  InstrumentLimits instrument = open_instrument(2);
  PositionLimits position = open_position(1, 2);
  ScopeLimits firm = open_scope(LimitScope::kFirm, 0);
  ScopeLimits own = open_scope(LimitScope::kAccount, 1);
  std::function<void(Gate&)> prepare = [](Gate&) {};
  i64 now_ns = 0;
  MarketState market = open_market(2);
  OrderRequest order = buy(1, 2);

  Verdict submit() {
    open_gate(gate, 1, 2);
    gate.set(account);
    gate.set(firm);
    gate.set(own);
    gate.set(instrument);
    gate.set(position);
    prepare(gate);
    return gate.submit(order, market, {now_ns});
  }
};

struct Case {
  RejectReason reason;
  std::function<void(World&)> change;
  i64 limit_value{};
  i64 observed_value{};
};

std::vector<Case> state_cases() {
  return {
      {RejectReason::kKill, [](World& w) { w.account.killed = 1; }, 0, 2},
      {RejectReason::kKill, [](World& w) { w.instrument.killed = 1; }, 0, 4},
      {RejectReason::kUnknownAccount, [](World& w) { w.order.account = 3; }, 0, 3},
      {RejectReason::kUnknownAccount, [](World& w) { w.order.account = 4; }, 0, 4},
      {RejectReason::kUnknownInstrument,
       [](World& w) { w.order.instrument = w.market.instrument = 7; }, 0, 7},
      {RejectReason::kUnknownInstrument,
       [](World& w) { w.order.instrument = w.market.instrument = 0xFFFF; }, 0, 0xFFFF},
      {RejectReason::kInvalidSide, [](World& w) { w.order.side = Side::kNone; }, 0, 0},
      {RejectReason::kInvalidSide, [](World& w) { w.order.side = Side{9}; }, 0, 9},
      {RejectReason::kInvalidType, [](World& w) { w.order.order_type = OrderType{7}; }, 0, 7 * 256},
      {RejectReason::kInvalidType, [](World& w) { w.order.tif = TimeInForce{5}; }, 0, 5},
      {RejectReason::kInvalidType, [](World& w) { w.order.tif = TimeInForce{3}; }, 0, 3},
      {RejectReason::kInvalidType, [](World& w) { w.order.kind = RequestKind{3}; }, 0, 3 * 65'536},
      {RejectReason::kInvalidType,
       [](World& w) {
         w.order.order_type = OrderType::kMarket;
         w.order.price = kMarketPrice;
       },
       0, 256},
      {RejectReason::kMarketClosed, [](World& w) { w.market.market_open = 0; }, 0, 0},
      {RejectReason::kMarketClosed, [](World& w) { w.market.market_open = 2; }, 0, 2},
      {RejectReason::kAccountDisabled, [](World& w) { w.account.enabled = 0; }, 0, 0},
      {RejectReason::kInstrumentDisabled, [](World& w) { w.instrument.enabled = 2; }, 0, 2},
      {RejectReason::kInstrumentHalted, [](World& w) { w.market.trading = 0; }, 0, 0},
      {RejectReason::kBookStale, [](World& w) { w.market.stale = 1; }, 0, 1},
      {RejectReason::kBookStale, [](World& w) { w.market.instrument = 3; }, 0, 0},
  };
}

std::vector<Case> order_cases() {
  return {
      {RejectReason::kInvalidQuantity, [](World& w) { w.order.qty = 0; }, 0, 0},
      {RejectReason::kLotSize, [](World& w) { w.order.qty = 105; }, 10, 105},
      {RejectReason::kLotSize, [](World& w) { w.instrument.lot_size = 0; }, 0, 100},
      {RejectReason::kInvalidPrice, [](World& w) { w.order.price = 0; }, 0, 0},
      {RejectReason::kInvalidPrice,
       [](World& w) {
         w.order.order_type = OrderType::kMarket;
         w.order.tif = TimeInForce::kIoc;
       },
       0, 10'000},
      {RejectReason::kTickSize, [](World& w) { w.order.price = 10'001; }, 5, 10'001},
      {RejectReason::kTickSize, [](World& w) { w.instrument.tick_size = 0; }, 0, 10'000},
      {RejectReason::kNoReferencePrice,
       [](World& w) { w.market.bid_price = w.market.last_price = w.market.reference_price = 0; }, 0,
       0},
      {RejectReason::kPriceCollar, [](World& w) { w.order.price = 10'505; }, 10'500, 10'505},
      {RejectReason::kPriceCollar, [](World& w) { w.order = sell(1, 2, 100, 9'495); }, 9'500,
       9'495},
      {RejectReason::kMaxQuantity, [](World& w) { w.order.qty = 1'010; }, 1'000, 1'010},
      {RejectReason::kMaxQuantity, [](World& w) { w.instrument.max_qty = 90; }, 90, 100},
      {RejectReason::kMaxNotional, [](World& w) { w.account.max_notional = 999'999; }, 999'999,
       1'000'000},
      {RejectReason::kMaxNotional, [](World& w) { w.instrument.max_notional = 0; }, 0, 1'000'000},
      {RejectReason::kMessageRate, [](World& w) { w.account.rate_burst = 0; }, kMessageCost, 0},
      {RejectReason::kPositionLimit, [](World& w) { w.position.max_long = 99; }, 99, 100},
      {RejectReason::kPositionLimit,
       [](World& w) {
         w.order = sell(1, 2);
         w.order.side = Side::kSellShort;
         w.position.max_short = 99;
       },
       -99, -100},
  };
}

/// Moves a switch once all rows are set.
std::function<void(World&)> switching(KillScope scope, u16 index, SwitchState state) {
  return [=](World& w) {
    w.prepare = [=](Gate& gate) { EXPECT_TRUE(gate.move_switch(scope, index, state)); };
  };
}
/// Passes `order` first, and fills it at its price where `fills`.
void pass_first(World& w, OrderRequest order, bool fills) {
  w.prepare = [=, market = w.market](Gate& gate) {
    EXPECT_EQ(gate.submit(order, market, {0}).fail_bitmap, 0U);
    if (fills) gate.apply(execution(order, ExecKind::kFilled, order.qty, 0));
  };
}
OrderRequest short_sale() {
  OrderRequest order = sell(1, 2);
  order.side = Side::kSellShort;
  return order;
}

std::vector<Case> switch_cases() {
  const SwitchState halted = SwitchState::kHalted, careful = SwitchState::kReduceOnly;
  return {
      {RejectReason::kKill, switching(KillScope::kFirm, 0, halted), 0, 1},
      {RejectReason::kKill, switching(KillScope::kAccount, 1, halted), 0, 2},
      {RejectReason::kKill, switching(KillScope::kInstrument, 2, halted), 0, 4},
      {RejectReason::kKill, switching(KillScope::kClient, 0, halted), 0, 8},
      {RejectReason::kKill, switching(KillScope::kStrategy, 0, halted), 0, 16},
      {RejectReason::kReduceOnly, switching(KillScope::kFirm, 0, careful), 0, 1},
      {RejectReason::kReduceOnly, switching(KillScope::kClient, 0, careful), 0, 8},
      {RejectReason::kUnknownStrategy, [](World& w) { w.order.strategy = 9; }, 0, 9},
      {RejectReason::kSelfTrade, [](World& w) { w.order.crosses_own = 1; }, 0, 0},
      {RejectReason::kExecutionThrottle,
       [](World& w) {
         w.prepare = [](Gate& gate) {
           ScopeLimits row = open_scope(LimitScope::kStrategy, 0);
           row.executions_max = 1;
           gate.set(row);
           gate.adopt(buy(1, 2, 10), true);
           gate.apply(execution(buy(1, 2, 10), ExecKind::kFilled, 10, 0));
         };
       },
       0, 0},
  };
}

std::vector<Case> rule_cases() {
  return {
      {RejectReason::kFeedSilent,
       [](World& w) {
         w.instrument.feed_silence_max_ms = 2'000;
         w.market.heard_ns = 5;
         w.now_ns = 2'000'000'006;
       },
       2'000'000'000, 2'000'000'001},
      {RejectReason::kMinQuantity, [](World& w) { w.instrument.min_qty = 101; }, 101, 100},
      {RejectReason::kPriceBand, [](World& w) { w.instrument.band_high = 9'999; }, 9'999, 10'000},
      {RejectReason::kPriceBand, [](World& w) { w.instrument.band_low = 10'001; }, 10'001, 10'000},
      {RejectReason::kFatFinger,
       [](World& w) {
         w.instrument.fat_finger_bp = 300;
         w.order.price = 10'305;
       },
       10'300, 10'305},
      {RejectReason::kShortSalePrice,
       [](World& w) {
         w.instrument.short_sale_restricted = 1;
         w.order = short_sale();
         w.order.price = w.market.bid_price;
       },
       9'990, 9'990},
      {RejectReason::kOrderToTrade,
       [](World& w) {
         w.account.orders_per_trade_max = 1;
         w.account.orders_per_trade_from = 1;
         pass_first(w, buy(1, 2), false);
       },
       1, 2},
      {RejectReason::kDuplicateOrder,
       [](World& w) {
         w.account.duplicates_max = 1;
         w.account.duplicate_window_ms = 1;
         w.now_ns = 999'999;
         pass_first(w, buy(1, 2), false);
       },
       1, 2},
      {RejectReason::kRestricted, [](World& w) { w.position.restrictions = 0x3F; }, 0, 1 + 8 + 16},
      {RejectReason::kRestricted,
       [](World& w) {
         w.position.restrictions = 0x3F;
         w.order = short_sale();
       },
       0, 2 + 4 + 8 + 16},
  };
}

std::vector<Case> limit_cases() {
  return {
      {RejectReason::kConcentration, [](World& w) { w.position.max_value = 999'999; }, 999'999,
       1'000'000},
      {RejectReason::kDailyQuantity,
       [](World& w) {
         w.position.daily_qty_max = 199;
         pass_first(w, sell(1, 2), true);
       },
       199, 200},
      {RejectReason::kForeignOwnership, [](World& w) { w.position.buy_qty_max = 99; }, 99, 100},
      {RejectReason::kSellAvailability,
       [](World& w) {
         w.order = sell(1, 2, 150);
         w.position.sell_qty_max = 50;
         w.position.same_day_qty_max = 90;
         pass_first(w, buy(1, 2), true);
       },
       140, 150},
      {RejectReason::kLocate,
       [](World& w) {
         w.order = short_sale();
         w.position.short_qty_max = 150;
         pass_first(w, short_sale(), false);
       },
       150, 200},
      {RejectReason::kOpenOrders, [](World& w) { w.firm.open_orders_max = 0; }, 0, 1},
      {RejectReason::kOpenValue, [](World& w) { w.own.open_value_max = 999'999; }, 999'999,
       1'000'000},
      {RejectReason::kGrossValue,
       [](World& w) {
         w.own.gross_value_max = 1'999'999;
         pass_first(w, sell(1, 2), true);
       },
       1'999'999, 2'000'000},
      {RejectReason::kNetValue,
       [](World& w) {
         w.own.net_value_max = 1'999'999;
         pass_first(w, buy(1, 2), true);
       },
       1'999'999, 2'000'000},
      {RejectReason::kBuyingPower, [](World& w) { w.firm.buying_power = 0; }, 0, 1'000'000},
      {RejectReason::kLossLimit,
       [](World& w) {
         w.own.loss_max = 4'999;
         pass_first(w, buy(1, 2, 100, 10'050), true);
       },
       -4'999, -5'000},
      {RejectReason::kLossLimit,
       [](World& w) {
         w.own.loss_halt = 4'999;
         w.order = sell(1, 2, 10);
         pass_first(w, buy(1, 2, 100, 10'050), true);
       },
       -4'999, -5'000},
  };
}

void expect_each_alone(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    World world;
    c.change(world);
    const Verdict v = world.submit();
    SCOPED_TRACE(std::string(name_of(c.reason)));
    EXPECT_EQ(v.fail_bitmap, fail_bit(c.reason));
    EXPECT_EQ(v.primary_reason, c.reason);
    EXPECT_EQ(v.limit_value, c.limit_value);
    EXPECT_EQ(v.observed_value, c.observed_value);
    EXPECT_EQ(v.limits_epoch, world.gate.limits_epoch());
  }
}

TEST(Check, PassesAnOrderThatBreaksNothing) {
  World world;
  const Verdict v = world.submit();
  EXPECT_EQ(v.fail_bitmap, 0U);
  EXPECT_EQ(v.primary_reason, RejectReason::kNone);
  EXPECT_EQ(v.exposure_after, 100);
}

TEST(Check, NamesEachReasonOfStateAlone) { expect_each_alone(state_cases()); }

TEST(Check, NamesEachReasonOfTheOrderAlone) { expect_each_alone(order_cases()); }

TEST(Check, NamesEachSwitchAlone) { expect_each_alone(switch_cases()); }

TEST(Check, NamesEachRuleAlone) { expect_each_alone(rule_cases()); }

TEST(Check, NamesEachLimitAlone) { expect_each_alone(limit_cases()); }

TEST(Check, ReachesEveryReasonTheGateDecides) {
  u64 reached = 0;
  for (const Case& c : state_cases()) reached |= fail_bit(c.reason);
  for (const Case& c : order_cases()) reached |= fail_bit(c.reason);
  for (const Case& c : switch_cases()) reached |= fail_bit(c.reason);
  for (const Case& c : rule_cases()) reached |= fail_bit(c.reason);
  for (const Case& c : limit_cases()) reached |= fail_bit(c.reason);
  for (u32 code = 1; code <= static_cast<u32>(RejectReason::kExecutionThrottle); ++code)
    EXPECT_TRUE(reached >> code & 1U) << name_of(static_cast<RejectReason>(code));
}

TEST(Check, ReportsAllFailuresAndTheLowestAsPrimary) {
  World world;
  world.order.qty = 1'015;
  world.order.price = 20'001;
  world.market.stale = 1;
  const Verdict v = world.submit();
  EXPECT_EQ(v.primary_reason, RejectReason::kBookStale);
  EXPECT_EQ(v.fail_bitmap, fail_bit(RejectReason::kBookStale) | fail_bit(RejectReason::kLotSize) |
                               fail_bit(RejectReason::kTickSize) |
                               fail_bit(RejectReason::kPriceCollar) |
                               fail_bit(RejectReason::kMaxQuantity));
}

TEST(Check, TakesTheReferenceFromBookThenLastThenStatic) {
  World world;
  world.instrument.collar_bp = 0;
  world.order.price = 9'900;
  world.market = open_market(2);
  world.market.ask_price = 0;
  world.market.last_price = 9'900;
  EXPECT_EQ(world.submit().fail_bitmap, 0U);
  world.market.last_price = 0;
  EXPECT_EQ(world.submit().primary_reason, RejectReason::kPriceCollar);
  EXPECT_EQ(world.submit().limit_value, 9'800);
}

TEST(Check, LeavesPassiveOrdersFarFromTheMarketAlone) {
  World world;
  world.order.price = 5;
  EXPECT_EQ(world.submit().fail_bitmap, 0U);
  world.order = sell(1, 2, 100, 900'000);
  EXPECT_EQ(world.submit().fail_bitmap, 0U);
}

TEST(Check, NeverWrapsTheNotional) {
  World world;
  world.account.max_qty = world.instrument.max_qty = 0xFFFF'FFFF;
  world.instrument.lot_size = world.instrument.tick_size = 1;
  world.position.max_long = world.position.max_short = ~u64{0};
  world.order = sell(1, 2, 0xFFFF'FFFF, 0xFFFF'FFFE);
  const Verdict limit = world.submit();
  EXPECT_EQ(limit.fail_bitmap, fail_bit(RejectReason::kMaxNotional));
  EXPECT_EQ(limit.observed_value, std::numeric_limits<i64>::max());
  world.account.max_notional = world.instrument.max_notional = ~u64{0};
  EXPECT_EQ(world.submit().fail_bitmap, 0U);
  world.instrument.collar_bp = 0xFFFF'FFFF;
  world.order = {.price = kMarketPrice,
                 .qty = 0xFFFF'FFFF,
                 .instrument = 2,
                 .account = 1,
                 .side = Side::kBuy,
                 .order_type = OrderType::kMarket,
                 .tif = TimeInForce::kIoc};
  world.market.bid_price = world.market.ask_price = 0xFFFF'FFFF;
  EXPECT_EQ(world.submit().fail_bitmap, fail_bit(RejectReason::kMaxNotional));
}

TEST(Check, PassesCancelsThroughEveryLock) {
  Gate gate = Gate::make({.accounts_max = 1, .instruments_max = 1}).value();
  OrderRequest cancel = buy(900, 900);
  cancel.kind = RequestKind::kCancel;
  EXPECT_EQ(gate.submit(cancel, {}, {0}).fail_bitmap, 0U);
  EXPECT_EQ(gate.submit(buy(0, 0), open_market(0), {0}).fail_bitmap,
            fail_bit(RejectReason::kKill) | fail_bit(RejectReason::kUnknownAccount) |
                fail_bit(RejectReason::kUnknownInstrument) |
                fail_bit(RejectReason::kUnknownStrategy));
}

}  // namespace
}  // namespace tradsys::risk
