// Goal: every check of the circuit flips exactly where the software's does, and every reason that
// the gate can give comes out of the circuit as the only one. Method: from a world in which every
// order passes, one limit is set to what the next order makes of it, to one below and to one above;
// records follow each other without a gap, so that each order meets the limits row and the orders
// right before it. The model says what must come out; the test says which reason that must be.
// Reasons seen alone are counted over all cases.
#include <gtest/gtest.h>

#include <bit>
#include <functional>
#include <set>

#include "Vrisk_gate.h"
#include "tests/cosim/risk_gate/gate_twin.hpp"
#include "tests/support/gate/world.hpp"

namespace tradsys::testing {
namespace {

constexpr fpga::CircuitSize kSize{.accounts = 8, .instruments = 16, .slots = 255};

/// Reasons seen alone, by all tests of this program.
std::set<RejectReason>& seen_alone() {
  static std::set<RejectReason> reasons;
  return reasons;
}

class RiskGateLimits : public ::testing::Test {
 protected:
  void SetUp() override {
    account.max_notional = position.max_value = kValueMax;
    account.max_qty = kNoLimit32;
    account.rate_burst = 1'000'000;
    instrument.max_notional = kValueMax;
    instrument.max_qty = kNoLimit32;
    for (usize s = 0; s < 4; ++s) {
      scopes[s] = open_scope(static_cast<LimitScope>(s), 0);
      scopes[s].open_orders_max = kNoLimit32;
      twin.set(scopes[s]);
    }
    position.max_long = position.max_short = kValueMax;
    twin.set(account);
    twin.set(instrument);
    twin.set(position);
    twin.market(market);
    twin.move_switch(KillScope::kFirm, 0, SwitchState::kActive);
    check(0);
  }
  void TearDown() override { EXPECT_EQ(twin.finish(), ""); }

  Verdict submit() {
    order.seq = ++order.order_id;
    const Verdict v = twin.submit(order, {now_ns});
    if (std::has_single_bit(v.fail_bitmap)) seen_alone().insert(v.primary_reason);
    return v;
  }
  /// The order is refused for `reason` alone, or passes where it is none.
  void check(u64 reason) {
    const Verdict v = submit();
    EXPECT_EQ(v.fail_bitmap, reason == 0 ? 0 : u64{1} << reason)
        << name_of(v.primary_reason) << " limit " << v.limit_value << " observed "
        << v.observed_value;
  }
  void refused(RejectReason reason) { check(static_cast<u64>(reason)); }
  void passes() { check(0); }

  /// `set` puts an upper limit in force. Below what the order makes of it: refused for `reason`; at
  /// it and above: passes.
  void probe(RejectReason reason, const std::function<void(u64)>& set) {
    SCOPED_TRACE(name_of(reason));
    for (const int above : {-1, 0, 1}) {
      SCOPED_TRACE(above);
      set(0);
      const Verdict v = submit();
      EXPECT_EQ(v.primary_reason, reason);
      const i64 observed = v.observed_value < 0 ? -v.observed_value : v.observed_value;
      set(static_cast<u64>(observed + above));
      if (above < 0)
        refused(reason);
      else
        passes();
    }
  }
  template <class Row, class Field>
  void probe_field(RejectReason reason, Row& row, Field Row::*field) {
    const Row before = row;
    probe(reason, [&](u64 limit) {
      row.*field = static_cast<Field>(limit);
      twin.set(row);
    });
    twin.set(row = before);
  }
  void fill(u32 qty, u32 price, ExecKind kind = ExecKind::kFilled, i64 at_ns = 0) {
    Execution e = execution(order, kind, qty, 1);
    e.price = price;
    e.ts_ns = static_cast<u64>(at_ns);
    twin.apply(e);
  }

  GateTwin<Vrisk_gate> twin{kSize, 1};
  AccountLimits account = open_account(0);
  InstrumentLimits instrument = open_instrument(0);
  PositionLimits position = open_position(0, 0);
  std::array<ScopeLimits, 4> scopes{};
  MarketState market = open_market(0);
  OrderRequest order = buy(0, 0);
  i64 now_ns = 1'000'000'000;
};

TEST_F(RiskGateLimits, ValuesAndCountsOfEveryScope) {
  for (ScopeLimits& row : scopes) {
    SCOPED_TRACE(static_cast<int>(row.scope));
    for (const Side side : {Side::kBuy, Side::kSell, Side::kSellShort}) {
      order.side = side;
      fill(70, 9'995);
      probe_field(RejectReason::kOpenOrders, row, &ScopeLimits::open_orders_max);
      probe_field(RejectReason::kOpenValue, row, &ScopeLimits::open_value_max);
      probe_field(RejectReason::kGrossValue, row, &ScopeLimits::gross_value_max);
      order.qty = 100'000;  // its own side outweighs what the others did
      probe_field(RejectReason::kNetValue, row, &ScopeLimits::net_value_max);
      order.qty = 100;
    }
    order.side = Side::kBuy;
    probe_field(RejectReason::kBuyingPower, row, &ScopeLimits::buying_power);
  }
}

TEST_F(RiskGateLimits, LossesOfFirmClientAndAccount) {
  fill(100, 10'050);  // bought above the reference of 10 000
  for (usize s = 0; s < 3; ++s) {
    probe_field(RejectReason::kLossLimit, scopes[s], &ScopeLimits::loss_halt);
    probe_field(RejectReason::kLossLimit, scopes[s], &ScopeLimits::loss_max);
  }
  // A falling market makes the loss of the next order, at the mark of that order.
  scopes[2].loss_max = 10'000;
  twin.set(scopes[2]);
  market.bid_price = 9'950;
  market.ask_price = 9'949;  // doubled is odd: half a tick of profit and loss
  twin.market(market);
  order.price = 9'900;
  refused(RejectReason::kLossLimit);
  market.bid_price = market.ask_price = 10'051;
  twin.market(market);
  passes();
}

TEST_F(RiskGateLimits, SizeOfOneOrder) {
  probe_field(RejectReason::kMaxQuantity, account, &AccountLimits::max_qty);
  probe_field(RejectReason::kMaxQuantity, instrument, &InstrumentLimits::max_qty);
  probe_field(RejectReason::kMaxNotional, account, &AccountLimits::max_notional);
  probe_field(RejectReason::kMaxNotional, instrument, &InstrumentLimits::max_notional);
  order.order_type = OrderType::kMarket;  // valued at the top of its collar
  order.tif = TimeInForce::kIoc;
  order.price = kMarketPrice;
  probe_field(RejectReason::kMaxNotional, account, &AccountLimits::max_notional);
  order = buy(0, 0);
  instrument.min_qty = 100;
  twin.set(instrument);
  passes();
  instrument.min_qty = 101;
  twin.set(instrument);
  refused(RejectReason::kMinQuantity);
  instrument.min_qty = 0;
  twin.set(instrument);
  order.qty = 0;
  refused(RejectReason::kInvalidQuantity);
}

TEST_F(RiskGateLimits, LimitsOfThePair) {
  probe_field(RejectReason::kPositionLimit, position, &PositionLimits::max_long);
  probe_field(RejectReason::kConcentration, position, &PositionLimits::max_value);
  probe_field(RejectReason::kDailyQuantity, position, &PositionLimits::daily_qty_max);
  probe_field(RejectReason::kForeignOwnership, position, &PositionLimits::buy_qty_max);
  fill(90, 10'000);
  order.side = Side::kSell;
  order.qty = 400;
  probe_field(RejectReason::kPositionLimit, position, &PositionLimits::max_short);
  probe_field(RejectReason::kSellAvailability, position, &PositionLimits::sell_qty_max);
  position.same_day_qty_max = 50;  // part of what was bought today may be sold
  twin.set(position);
  position.sell_qty_max = 1'000'000;
  const Verdict v = submit();
  EXPECT_EQ(v.fail_bitmap, 0U);
  order.side = Side::kSellShort;
  probe_field(RejectReason::kLocate, position, &PositionLimits::short_qty_max);
  probe_field(RejectReason::kConcentration, position, &PositionLimits::max_value);
}

TEST_F(RiskGateLimits, PricesOfTheInstrument) {
  const auto at = [&](u32 price, RejectReason reason) {
    SCOPED_TRACE(price);
    order.price = price;
    if (reason == RejectReason::kNone)
      passes();
    else
      refused(reason);
  };
  at(10'500, RejectReason::kNone);
  at(10'505, RejectReason::kPriceCollar);
  at(10'001, RejectReason::kTickSize);
  instrument.fat_finger_bp = 100;
  instrument.short_sale_restricted = 1;
  twin.set(instrument);
  at(10'100, RejectReason::kNone);
  at(10'105, RejectReason::kFatFinger);
  position.restrictions = static_cast<u16>(Restriction::kConfirmed);
  twin.set(position);
  at(10'105, RejectReason::kNone);
  position.restrictions = 0;
  twin.set(position);
  order.side = Side::kSellShort;
  at(9'995, RejectReason::kNone);
  at(9'990, RejectReason::kShortSalePrice);
  order.side = Side::kSell;
  at(9'900, RejectReason::kNone);
  at(9'895, RejectReason::kFatFinger);
  instrument.fat_finger_bp = kNoLimit32;
  instrument.band_low = 9'600;
  instrument.band_high = 10'400;
  twin.set(instrument);
  at(9'600, RejectReason::kNone);
  at(9'595, RejectReason::kPriceBand);
  at(10'400, RejectReason::kNone);
  at(10'405, RejectReason::kPriceBand);
  order.side = Side::kBuy;
  instrument.band_low = 0;
  twin.set(instrument);
  at(0, RejectReason::kInvalidPrice);
  instrument.tick_size = 7;
  instrument.lot_size = 30;
  twin.set(instrument);
  order.qty = 90;
  at(10'003, RejectReason::kNone);
  order.qty = 91;
  at(10'003, RejectReason::kLotSize);
}

TEST_F(RiskGateLimits, ModesSwitchesAndWhatIsUnknown) {
  const auto with = [&](auto& field, auto value, auto&& put, RejectReason reason) {
    const auto before = field;
    field = value;
    put();
    refused(reason);
    field = before;
    put();
    passes();
  };
  const auto nothing = [] {};
  const auto market_row = [&] { twin.market(market); };
  with(market.market_open, u8{0}, market_row, RejectReason::kMarketClosed);
  with(market.trading, u8{2}, market_row, RejectReason::kInstrumentHalted);
  with(market.stale, u8{1}, market_row, RejectReason::kBookStale);
  with(
      account.enabled, u8{0}, [&] { twin.set(account); }, RejectReason::kAccountDisabled);
  with(
      account.killed, u8{1}, [&] { twin.set(account); }, RejectReason::kKill);
  with(
      instrument.enabled, u8{2}, [&] { twin.set(instrument); }, RejectReason::kInstrumentDisabled);
  with(
      instrument.killed, u8{1}, [&] { twin.set(instrument); }, RejectReason::kKill);
  with(order.side, Side::kNone, nothing, RejectReason::kInvalidSide);
  with(order.tif, static_cast<TimeInForce>(3), nothing, RejectReason::kInvalidType);
  with(order.crosses_own, u8{1}, nothing, RejectReason::kSelfTrade);
  with(order.account, u16{1}, nothing, RejectReason::kUnknownAccount);
  with(order.account, u16{8}, nothing, RejectReason::kUnknownAccount);
  with(order.strategy, u8{255}, nothing, RejectReason::kUnknownStrategy);
  MarketState other = open_market(3);
  twin.market(other);
  with(order.instrument, u16{3}, nothing, RejectReason::kUnknownInstrument);
  with(
      position.restrictions, static_cast<u16>(Restriction::kBuy), [&] { twin.set(position); },
      RejectReason::kRestricted);
  for (u8 scope = 0; scope < 5; ++scope) {
    twin.move_switch(static_cast<KillScope>(scope), 0, SwitchState::kHalted);
    refused(RejectReason::kKill);
    twin.move_switch(static_cast<KillScope>(scope), 0, SwitchState::kReduceOnly);
    refused(RejectReason::kReduceOnly);
    twin.move_switch(static_cast<KillScope>(scope), 0, SwitchState::kActive);
    passes();
  }
  market = {.instrument = 0, .trading = 1, .market_open = 1, .stale = 0};
  twin.market(market);
  refused(RejectReason::kNoReferencePrice);
}

TEST_F(RiskGateLimits, MessagesOfAnAccount) {
  // Credit: three messages, then one more for each full second, to the nanosecond.
  account.rate_burst = 3;
  account.rate_per_s = 1;
  twin.set(account);
  now_ns += 10'000'000'000;
  for (int i = 0; i < 3; ++i) passes();
  refused(RejectReason::kMessageRate);
  now_ns += 999'999'999;
  refused(RejectReason::kMessageRate);
  now_ns += 1;
  passes();
  refused(RejectReason::kMessageRate);
  now_ns -= 5'000'000'000;  // time that runs backwards adds nothing
  refused(RejectReason::kMessageRate);
  now_ns += 6'000'000'000;
  account.rate_per_s = 2;  // from the last message on, at the new rate
  twin.set(account);
  passes();
  passes();
  refused(RejectReason::kMessageRate);
  account.rate_burst = kNoLimit32;
  account.rate_per_s = kNoLimit32;
  twin.set(account);
  now_ns += 1'000'000'000;
  passes();
}

TEST_F(RiskGateLimits, RequestsOfAnAccountForEachTrade) {
  account.orders_per_trade_max = 2;
  account.orders_per_trade_from = 8;
  twin.set(account);
  for (int i = 0; i < 40 && submit().fail_bitmap == 0; ++i) {
  }
  refused(RejectReason::kOrderToTrade);
  for (int i = 0; i < 20; ++i) {
    fill(1, 10'000);
    submit();
  }
  account.orders_per_trade_max = 9;
  twin.set(account);
  for (int i = 0; i < 200 && submit().fail_bitmap == 0; ++i) {
  }
  refused(RejectReason::kOrderToTrade);
  account.orders_per_trade_max = kNoLimit32;
  twin.set(account);
  passes();
}

TEST_F(RiskGateLimits, TheSameOrderWithinItsWindow) {
  account.duplicates_max = 2;
  account.duplicate_window_ms = 5;
  twin.set(account);
  now_ns += 1'000'000'000;
  const i64 first_ns = now_ns;
  passes();
  now_ns = first_ns + 2'000'000;
  passes();
  now_ns = first_ns + 4'999'999;
  refused(RejectReason::kDuplicateOrder);
  order.qty += 10;
  passes();
  order.qty -= 10;
  now_ns = first_ns + 5'000'000;
  passes();
  refused(RejectReason::kDuplicateOrder);
  for (u32 i = 1; i <= 8; ++i) {  // eight others push it out of memory
    order.qty = 1'000 + 10 * i;
    passes();
  }
  order.qty = 100;
  passes();
}

TEST_F(RiskGateLimits, FeedSilenceAndExecutionsOfAStrategy) {
  instrument.feed_silence_max_ms = 7;
  twin.set(instrument);
  market.heard_ns = 2'000'000'000;
  twin.market(market);
  now_ns = 2'007'000'000;
  passes();
  now_ns += 1;
  refused(RejectReason::kFeedSilent);
  now_ns = 0;
  passes();

  ScopeLimits& strategy = scopes[3];
  strategy.executions_max = 3;
  strategy.executions_window_ms = 1;
  twin.set(strategy);
  fill(10, 10'000, ExecKind::kFilled, 100);
  fill(10, 10'000, ExecKind::kFilled, 1'000'099);
  passes();
  fill(10, 10'000, ExecKind::kFilled, 1'000'100);  // a new window
  fill(10, 10'000, ExecKind::kFilled, 1'000'101);
  passes();
  fill(10, 10'000, ExecKind::kFilled, 2'000'099);
  refused(RejectReason::kExecutionThrottle);
  twin.move_switch(KillScope::kStrategy, 0, SwitchState::kActive);
  passes();
  fill(10, 10'000, ExecKind::kFilled, 2'000'100);
  passes();
}

TEST_F(RiskGateLimits, ValuesStayAtTheirMaximum) {
  account.max_notional = instrument.max_notional = ~u64{0};
  twin.set(account);
  instrument.lot_size = 1;
  instrument.tick_size = 1;
  instrument.collar_bp = 10'000'000;
  twin.set(instrument);
  order.price = 3'000'000'000;
  order.qty = 3'000'000'000;
  market.bid_price = market.ask_price = 3'000'000'000;
  twin.market(market);
  for (int i = 0; i < 4; ++i) passes();
  for (const ExecKind kind : {ExecKind::kFilled, ExecKind::kCanceled, ExecKind::kBusted})
    for (int i = 0; i < 3; ++i) fill(3'000'000'000, 3'000'000'000, kind);
  for (ScopeLimits& row : scopes) {
    row.gross_value_max = kValueMax - 1;
    twin.set(row);
    refused(RejectReason::kGrossValue);
    row.gross_value_max = kValueMax;
    twin.set(row);
    passes();
  }
  twin.load_position(AccountIndex{0}, InstrumentIndex{0}, i64{1} << 62, kNoLimit32);
  submit();
  twin.load_position(AccountIndex{0}, InstrumentIndex{0}, -(i64{1} << 62), kNoLimit32);
  submit();
  twin.load_position(AccountIndex{0}, InstrumentIndex{0}, -(i64{1} << 62) - 1, 1);
  submit();
}

/// An order that uses up a limit, other records, and one that must see it: 1 to 8 records apart.
TEST_F(RiskGateLimits, AnOrderSeesTheOneBeforeItAtEveryDistance) {
  const auto apart = [&](RejectReason reason, auto&& one_more) {
    SCOPED_TRACE(name_of(reason));
    for (int distance = 1; distance <= 8; ++distance) {
      SCOPED_TRACE(distance);
      one_more();
      passes();
      const OrderRequest ours = order;
      order = buy(1, 1);
      order.kind = RequestKind::kCancel;
      for (int other = 1; other < distance; ++other) passes();
      order = ours;
      refused(reason);
    }
  };
  for (ScopeLimits& row : scopes) {
    apart(RejectReason::kOpenOrders, [&] {
      row.open_orders_max = twin.model().gate().scope(row.scope, 0).use.open_orders + 1;
      twin.set(row);
    });
    row.open_orders_max = kNoLimit32;
    twin.set(row);
  }
  const auto& cell = *twin.model().gate().cell(0, 0);
  apart(RejectReason::kPositionLimit, [&] {
    position.max_long = static_cast<u64>(cell.exposure.worst_long() + order.qty);
    twin.set(position);
  });
  position.max_long = kValueMax;
  apart(RejectReason::kConcentration, [&] {
    position.max_value = static_cast<u64>(cell.exposure.worst_long() + order.qty) * 10'000;
    twin.set(position);
  });
  position.max_value = kValueMax;
  apart(RejectReason::kDailyQuantity, [&] {
    const auto& day = cell.day;
    position.daily_qty_max = static_cast<u64>(day.bought + cell.exposure.open_buy + order.qty);
    twin.set(position);
  });
  position.daily_qty_max = kValueMax;
  twin.set(position);
  account.rate_per_s = 1'000'000'000;
  account.rate_burst = 1;
  twin.set(account);
  apart(RejectReason::kMessageRate, [&] { now_ns += 1'000; });
  account.rate_burst = 1'000'000;
  account.duplicates_max = 1;
  account.duplicate_window_ms = 1;
  twin.set(account);
  apart(RejectReason::kDuplicateOrder, [&] { now_ns += 1'000'000; });
}

TEST_F(RiskGateLimits, OneRequestAClockOnOnePairAndEightClocksToEachVerdict) {
  ASSERT_EQ(twin.finish(), "");
  const u64 before = twin.dut().cycles(), held = twin.dut().held_beats();
  constexpr u64 kOrders = 1'000;
  for (u64 i = 0; i < kOrders; ++i) passes();
  ASSERT_EQ(twin.finish(), "");
  constexpr u64 kIdle = 12;  // of finish()
  EXPECT_EQ(twin.dut().cycles() - before, kOrders + kGateLatencyClocks + kIdle);
  EXPECT_EQ(twin.dut().held_beats(), held);
}

TEST_F(RiskGateLimits, ReplacesAndCancels) {
  order.kind = RequestKind::kReplace;
  order.replaces_cum_qty = 30;
  order.replaces_reserved_qty = 40;
  order.replaces_reserved_value = 400'000;
  probe_field(RejectReason::kPositionLimit, position, &PositionLimits::max_long);
  probe_field(RejectReason::kOpenValue, scopes[2], &ScopeLimits::open_value_max);
  scopes[2].open_value_max = 0;  // one that adds nothing is never refused for it
  twin.set(scopes[2]);
  position.max_long = 0;
  twin.set(position);
  order.replaces_reserved_qty = 70;
  order.replaces_reserved_value = 700'000;
  passes();
  order.replaces_reserved_value = 699'999;
  refused(RejectReason::kOpenValue);
  order.replaces_reserved_value = ~u64{0};
  passes();
  order.kind = RequestKind::kCancel;
  twin.move_switch(KillScope::kFirm, 0, SwitchState::kHalted);
  order.account = 77;
  passes();
}

/// Runs last: gtest keeps the order of definition.
TEST(RiskGateReasons, EachIsSeenAsTheOnlyOne) {
  for (u32 code = 1; code <= static_cast<u32>(RejectReason::kExecutionThrottle); ++code) {
    const auto reason = static_cast<RejectReason>(code);
    EXPECT_TRUE(seen_alone().contains(reason)) << name_of(reason);
  }
}

}  // namespace
}  // namespace tradsys::testing
