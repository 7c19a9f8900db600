// Goal: over the roll into a new journal no exposure is lost or doubled, and the new day decides as
// the naive gate does that was told only what the new journal says. Method: random days of two
// accounts in two instruments, rolled; the new records replayed, traded on, and fed to the
// reference gate.
#include <map>

#include "dataplane/day/day_roll.hpp"
#include "hostsw/core/random.hpp"
#include "hostsw/risk/reference_gate.hpp"
#include "tests/support/seed.hpp"
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::dataplane {
namespace {

using engine::Appliance;
using engine::JournalRecord;
using orders::EventType;

RollConfig roll_config() {
  return {
      {.accounts_max = 2, .instruments_max = 4}, {.orders_max = 1'000, .trades_max = 1'000}, {{}}};
}

engine::ClientRequest request_of(Random& random, u32 ref) {
  engine::ClientRequest r = Appliance::buy(ref, static_cast<u32>(1 + random.below(500)));
  r.account = static_cast<u16>(random.below(2));
  r.instrument = static_cast<u16>(1 + random.below(2));
  r.price = static_cast<u32>(9'900 + random.below(200));
  r.side = std::array{Side::kBuy, Side::kSell, Side::kSellShort}[random.below(3)];
  r.tif = random.below(2) != 0 ? TimeInForce::kGtc : TimeInForce::kDay;
  return r;
}
void ask(Appliance& a, const engine::ClientRequest& r) {
  MarketState market = Appliance::market();
  market.instrument = r.instrument;
  a.engine.request(r, market, 1'000 + r.client_ref);
}
orders::Order pick_order(const Appliance& a, Random& random) {
  std::vector<orders::Order> live;
  a.engine.core().store().for_each([&](const orders::Order& o) { live.push_back(o); });
  return live.empty() ? orders::Order{} : live[random.below(live.size())];
}

/// Everything that may happen to the orders of a day.
void trade_a_day(Appliance& a, Random& random, u32& ref) {
  u64 match = random.next() >> 1 | 1;
  for (int step = 0; step < 400; ++step) {
    const orders::Order o = pick_order(a, random);
    const u64 what = random.below(7);
    if (what < 2 || o.order_id == 0) {
      ask(a, request_of(random, ref++));
    } else if (what == 2 && o.state == orders::OrderState::kPendingNew) {
      orders::VenueReport r = a.report(ExecKind::kAccepted, o.order_id, o.qty);
      r.price = o.price;
      a.engine.venue_report(r);
    } else if (what == 3) {
      engine::ClientRequest r = Appliance::replace(o.client_ref, ref++, o.qty + 50);
      r.tif = o.tif;
      ask(a, r);
    } else if (what == 4 && o.pending_order_id != 0) {
      a.venue_replaced(o.order_id, o.pending_order_id, o.pending_qty - o.cum_qty);
    } else if (what == 5) {
      orders::VenueReport r =
          a.report(ExecKind::kFilled, o.order_id, static_cast<u32>(1 + random.below(o.leaves_qty)));
      r.price = o.price;
      r.match_number = ++match;
      a.engine.venue_report(r);
    } else if (what == 6 && random.below(3) == 0) {
      a.engine.cancel(0, o.client_ref, 0, 1'500);
      if (random.below(2) != 0) a.venue(ExecKind::kCanceled, o.order_id, o.leaves_qty);
    }
  }
}

struct Rolled {
  Appliance day;  ///< the new one, as a replay makes it
  std::vector<JournalRecord> records;
  RollSummary summary;
};

void roll(const std::vector<JournalRecord>& old, Rolled& out) {
  Result<DayRoll> roll = DayRoll::make(roll_config());
  ASSERT_TRUE(roll);
  for (const JournalRecord& record : old)
    ASSERT_EQ(roll.value().replay(static_cast<u16>(record.type), record.seq, record.payload),
              engine::ReplayStatus::kApplied);
  const Result<RollSummary> summary =
      roll.value().write(50'000, [&out](u16 type, u64 seq, u64 ts_ns, Bytes payload) {
        out.records.push_back(
            {static_cast<EventType>(type), seq, ts_ns, {payload.begin(), payload.end()}});
      });
  ASSERT_TRUE(summary) << summary.error().message();
  out.summary = summary.value();
  for (const JournalRecord& record : out.records)
    ASSERT_EQ(out.day.engine.replay(record.type, record.seq, record.payload),
              engine::ReplayStatus::kApplied)
        << "record " << record.seq;
  ASSERT_EQ(out.day.engine.core().state_hash(), out.summary.state_hash);
  ASSERT_EQ(out.day.engine.event_seq(), out.summary.records);
}

/// The reference gate, told what records say and nothing else.
class Told {
 public:
  /// False when the reference decides otherwise than recorded.
  [[nodiscard]] bool apply(const JournalRecord& record) {
    switch (record.type) {
      case EventType::kAccount:
        return gate.set(as<AccountLimits>(record));
      case EventType::kScope:
        return gate.set(as<ScopeLimits>(record));
      case EventType::kInstrument:
        return gate.set(as<orders::InstrumentEvent>(record).limits);
      case EventType::kPosition:
        return gate.set(as<PositionLimits>(record));
      case EventType::kKill: {
        const auto e = as<orders::KillEvent>(record);
        return gate.move_switch(e.scope, e.index, e.state);
      }
      case EventType::kCarriedPosition: {
        const auto p = as<orders::CarriedPosition>(record);
        return gate.load_position({p.account}, {p.instrument}, p.position, p.price);
      }
      case EventType::kCarriedOrder: {
        const auto o = as<orders::Order>(record);
        const OrderRequest r{.price = o.price,
                             .qty = o.leaves_qty,
                             .instrument = o.instrument,
                             .account = o.account,
                             .strategy = o.strategy,
                             .side = o.side};
        gate.adopt(r, true);
        return true;
      }
      case EventType::kEnter:
      case EventType::kReplace: {
        const auto e = as<orders::EnterEvent>(record);
        if (e.refused_by_engine != 0) return true;
        return gate.submit(e.request, e.market, Nanos{static_cast<i64>(e.request.ts_ns)}) ==
               e.verdict;
      }
      default:
        return true;
    }
  }
  risk::ReferenceGate gate{2, 4};

 private:
  template <class Record>
  static Record as(const JournalRecord& record) {
    Record out;
    EXPECT_TRUE(load_record(record.payload, out));
    return out;
  }
};

void expect_same_exposure(const Appliance& old, const Appliance& day) {
  for (u16 a = 0; a < 2; ++a) {
    for (u16 i = 1; i < 3; ++i) {
      const risk::Exposure e = day.gate.exposure({a}, {i});
      EXPECT_EQ(e, old.gate.exposure({a}, {i})) << "account " << a << ", instrument " << i;
      const risk::DayQty& q = day.gate.gate().cell(a, i)->day;
      EXPECT_EQ(q.bought + q.sold + q.shorted, 0);
      EXPECT_EQ(q.open_short, old.gate.gate().cell(a, i)->day.open_short);
    }
  }
  const risk::ScopeUse& was = old.gate.gate().scope(LimitScope::kFirm, 0).use;
  const risk::ScopeUse& is = day.gate.gate().scope(LimitScope::kFirm, 0).use;
  EXPECT_EQ(is.open_buy, was.open_buy);
  EXPECT_EQ(is.open_sell, was.open_sell);
  EXPECT_EQ(is.open_orders, was.open_orders);
  EXPECT_EQ(is.bought + is.sold, 0U);
  EXPECT_EQ(is.result, 0);
}

void expect_same_orders(const Appliance& old, const Appliance& day) {
  ASSERT_EQ(day.engine.core().store().size(), old.engine.core().store().size());
  old.engine.core().store().for_each([&](const orders::Order& was) {
    const orders::Order* is = day.engine.core().store().find(was.order_id);
    ASSERT_NE(is, nullptr);
    EXPECT_EQ(is->leaves_qty, was.leaves_qty);
    EXPECT_EQ(is->cum_qty, was.cum_qty);
    EXPECT_EQ(is->price, was.price);
    EXPECT_EQ(is->client_ref, was.client_ref);
    EXPECT_EQ(is->venue_order_number, was.venue_order_number);
    EXPECT_EQ(is->reserved_value, was.reserved_value);
    EXPECT_EQ(is->state, orders::OrderState::kLive);
    EXPECT_EQ(is->unconfirmed, 1);
  });
  EXPECT_EQ(day.engine.core().next_order_id(), old.engine.core().next_order_id());
}

TEST(DayRoll, CarriesWhatOutlivesTheDayAndTheNewDayDecidesAsTheReference) {
  Random random(testing::test_seed(1));
  u32 orders = 0;
  u32 positions = 0;
  u32 verdicts = 0;
  for (int round = 0; round < 12; ++round) {
    auto first = std::make_unique<Appliance>();
    first->open_for_trading();
    u32 ref = 1;
    for (u32 day_number = 2; day_number < 5; ++day_number) {
      trade_a_day(*first, random, ref);
      first->engine.end_day({.ts_ns = 40'000});
      Rolled rolled;
      ASSERT_NO_FATAL_FAILURE(roll(first->out.records, rolled));
      EXPECT_EQ(rolled.summary.day, day_number);
      ASSERT_NO_FATAL_FAILURE(expect_same_exposure(*first, rolled.day));
      ASSERT_NO_FATAL_FAILURE(expect_same_orders(*first, rolled.day));
      orders += rolled.summary.orders;
      positions += rolled.summary.positions;

      auto next = std::make_unique<Appliance>();
      for (const JournalRecord& record : rolled.records)
        ASSERT_EQ(next->engine.replay(record.type, record.seq, record.payload),
                  engine::ReplayStatus::kApplied);
      next->out.records = rolled.records;
      ref = 1'000'000 * day_number;
      for (int i = 0; i < 100; ++i) ask(*next, request_of(random, ref++));
      Told told;
      for (const JournalRecord& record : next->out.records) {
        ASSERT_TRUE(told.apply(record)) << "record " << record.seq;
        verdicts += record.type == EventType::kEnter ? 1U : 0U;
      }
      for (u16 a = 0; a < 2; ++a)
        for (u16 i = 1; i < 3; ++i)
          EXPECT_EQ(told.gate.exposure({a}, {i}), next->gate.exposure({a}, {i}));
      next->venue_seq = 0;
      first = std::move(next);
    }
  }
  EXPECT_GT(orders, 100U);
  EXPECT_GT(positions, 50U);
  EXPECT_EQ(verdicts, 12U * 3 * 100);
}

struct DayRollTest : ::testing::Test {
  Appliance old_;
  Rolled new_;
  DayRollTest() { old_.open_for_trading(); }

  u64 rest(u32 ref, u32 qty) {
    engine::ClientRequest r = Appliance::buy(ref, qty);
    r.tif = TimeInForce::kGtc;
    const u64 id = old_.engine.core().next_order_id();
    old_.request(r);
    old_.venue(ExecKind::kAccepted, id, qty);
    return id;
  }
  void fill(Appliance& a, u64 id, u32 qty, u64 match, u32 price = 10'000) {
    orders::VenueReport r = a.report(ExecKind::kFilled, id, qty);
    r.match_number = match;
    r.price = price;
    a.engine.venue_report(r);
  }
  void roll_day() {
    old_.engine.end_day({.ts_ns = 40'000});
    roll(old_.out.records, new_);
  }
  Result<RollSummary> try_roll() {
    DayRoll roll = DayRoll::make(roll_config()).value();
    for (const JournalRecord& record : old_.out.records)
      EXPECT_EQ(roll.replay(static_cast<u16>(record.type), record.seq, record.payload),
                engine::ReplayStatus::kApplied);
    return roll.write(1, [](u16, u64, u64, Bytes) {});
  }
};

TEST_F(DayRollTest, ADayThatHasNotEndedIsRefused) {
  rest(1, 100);
  const Result<RollSummary> result = try_roll();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message().find("has not ended"), std::string::npos);
}

TEST_F(DayRollTest, OrdersThatTurnUpAfterTheEndAreNotForgotten) {
  old_.engine.end_day({.ts_ns = 40'000});
  orders::VenueReport found = old_.report(ExecKind::kAccepted, 9, 100);
  found.clordid = engine::encode_token({0, Appliance::kAccount, 5});
  found.instrument = Appliance::kInstrument;
  found.side = Side::kBuy;
  old_.engine.venue_report(found);
  const Result<RollSummary> result = try_roll();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message().find("1 orders"), std::string::npos);
}

TEST_F(DayRollTest, SwitchesKeepTheirPositionAndWhoMovedThem) {
  old_.engine.kill({.ts_ns = 7,
                    .index = 1,
                    .scope = KillScope::kInstrument,
                    .state = SwitchState::kReduceOnly,
                    .operator_name = {"amina"}});
  old_.engine.kill({.ts_ns = 8,
                    .index = 1,
                    .scope = KillScope::kAccount,
                    .state = SwitchState::kHalted,
                    .operator_name = {"bo"}});
  old_.engine.kill({.ts_ns = 9,
                    .index = 1,
                    .scope = KillScope::kAccount,
                    .state = SwitchState::kActive,
                    .operator_name = {"bo"}});
  roll_day();
  EXPECT_EQ(new_.day.gate.switch_state(KillScope::kInstrument, 1), SwitchState::kReduceOnly);
  EXPECT_EQ(new_.day.gate.switch_state(KillScope::kAccount, 1), SwitchState::kActive);
  EXPECT_FALSE(new_.day.engine.core().firm_killed());
  EXPECT_EQ(new_.summary.switches, 1U);
  bool found = false;
  for (const JournalRecord& record : new_.records) {
    orders::KillEvent event;
    if (record.type != EventType::kKill || !load_record(record.payload, event)) continue;
    found |= event.scope == KillScope::kInstrument &&
             std::string_view(event.operator_name.data()) == "amina";
  }
  EXPECT_TRUE(found);
}

TEST_F(DayRollTest, LimitsThatOperatorsChangedFollowTheConfigurations) {
  const PositionLimits configured = old_.gate.position_limits(Appliance::kAccount, 1);
  PositionLimits lowered = configured;
  for (const u64 max_long : {30U, 20U}) {
    lowered.max_long = max_long;
    old_.engine.note(EventType::kOperator, orders::OperatorEvent{.operator_name = {"amina"}});
    old_.engine.set(lowered, 9);
  }
  AccountLimits account = *old_.gate.account_limits(1);  // undone by a changed configuration
  account.max_qty = 7;
  old_.engine.note(EventType::kOperator, orders::OperatorEvent{.operator_name = {"bo"}});
  old_.engine.set(account, 9);
  account.max_qty = 8;
  old_.engine.set(account, 9);
  roll_day();
  const auto expect_rows = [&] {
    usize operators = 0;
    for (usize at = 0; at < new_.records.size(); ++at) {
      if (new_.records[at].type != EventType::kOperator) continue;
      ++operators;
      ASSERT_GE(at, 1U);
      const auto row = [&](usize n) {
        PositionLimits limits;
        EXPECT_EQ(new_.records[n].type, EventType::kPosition);
        EXPECT_TRUE(load_record(new_.records[n].payload, limits));
        return limits;
      };
      EXPECT_EQ(row(at - 1), configured);
      EXPECT_EQ(row(at + 1), lowered);
    }
    EXPECT_EQ(operators, 1U);
  };
  expect_rows();
  EXPECT_EQ(new_.day.gate.position_limits(Appliance::kAccount, 1), lowered);
  EXPECT_EQ(new_.day.gate.account_limits(1)->max_qty, 8U);
  std::vector<JournalRecord> again = new_.records;  // and over the next night
  new_.day.out.records.clear();
  new_.day.engine.end_day({.ts_ns = 60'000});
  again.push_back(new_.day.out.records.back());
  Rolled third;
  roll(again, third);
  new_.records = third.records;
  expect_rows();
}

TEST_F(DayRollTest, AFirmThatIsHaltedStaysHalted) {
  old_.engine.kill({.ts_ns = 7, .scope = KillScope::kFirm, .state = SwitchState::kHalted});
  roll_day();
  EXPECT_TRUE(new_.day.engine.core().firm_killed());
}

TEST_F(DayRollTest, AStrategyThatTradedTooOftenWaitsForAPerson) {
  ScopeLimits limits = testing::open_scope(LimitScope::kStrategy, 0);
  limits.executions_max = 1;
  limits.executions_window_ms = 1'000;
  old_.engine.set(limits, 1);
  fill(old_, rest(1, 100), 10, 1);
  ASSERT_EQ(old_.gate.switch_state(KillScope::kStrategy, 0), SwitchState::kHalted);
  roll_day();
  EXPECT_EQ(new_.day.gate.switch_state(KillScope::kStrategy, 0), SwitchState::kHalted);
}

TEST_F(DayRollTest, CarriedOrdersFillCancelAndTheirTradesAreTakenBack) {
  const u64 id = rest(1, 300);
  fill(old_, id, 100, 77);
  roll_day();
  EXPECT_EQ(new_.summary.trades, 1U);
  Appliance& day = new_.day;
  EXPECT_EQ(day.engine.core().store().unconfirmed(), 1U);
  fill(day, id, 50, 78, 10'010);
  EXPECT_EQ(day.engine.core().store().unconfirmed(), 0U) << "the venue has spoken of it";
  EXPECT_EQ(day.exposure().position, 150);
  EXPECT_EQ(day.exposure().open_buy, 150);
  fill(day, id, 100, 77);
  EXPECT_EQ(day.engine.core().counters().duplicate_executions, 1U) << "told the day before";
  for (const u64 match : {u64{77}, u64{78}}) {
    orders::VenueReport bust = day.report(ExecKind::kBusted, id, 0);
    bust.match_number = match;
    day.engine.venue_report(bust);
  }
  EXPECT_EQ(day.engine.core().counters().busted_trades, 2U);
  EXPECT_EQ(day.exposure().position, 0);
  EXPECT_TRUE(day.engine.cancel(0, 1, 0, 60'000));
  day.venue(ExecKind::kCanceled, id, 150);
  EXPECT_EQ(day.engine.core().store().size(), 0U);
  EXPECT_EQ(day.exposure().open_buy, 0);
  EXPECT_EQ(day.gate.gate().scope(LimitScope::kFirm, 0).use.open_buy, 0U);
}

TEST_F(DayRollTest, WhatTheVenueContradictsIsCounted) {
  const u64 same = rest(1, 100);
  const u64 less = rest(2, 100);
  const u64 unknown = rest(3, 100);
  roll_day();
  Appliance& day = new_.day;
  const auto say = [&day](ExecKind kind, u64 id, u32 qty) {
    orders::VenueReport r = day.report(kind, id, qty);
    r.side = Side::kBuy;
    day.engine.venue_report(r);
  };
  say(ExecKind::kAccepted, same, 100);
  EXPECT_EQ(day.engine.core().counters().carried_differ, 0U);
  say(ExecKind::kAccepted, less, 60);
  EXPECT_EQ(day.engine.core().counters().carried_differ, 1U);
  say(ExecKind::kCancelRejected, unknown, 0);
  EXPECT_EQ(day.engine.core().counters().carried_differ, 2U);
  EXPECT_EQ(day.engine.core().store().unconfirmed(), 0U);
  EXPECT_EQ(day.exposure().open_buy, 300) << "the larger reservation stays";
  EXPECT_EQ(day.engine.core().counters().unexpected_reports, 0U);
}

TEST_F(DayRollTest, WhatTheVenueHoldsMoreOfIsReservedAndWhatIsDeadThereEnds) {
  const u64 more = rest(1, 100);
  const u64 dead = rest(2, 100);
  roll_day();
  Appliance& day = new_.day;
  orders::VenueReport r = day.report(ExecKind::kAccepted, more, 150);
  r.side = Side::kBuy;
  r.price = 10'020;
  day.engine.venue_report(r);
  const risk::ScopeUse& firm = day.gate.scope_use(LimitScope::kFirm, 0);
  EXPECT_EQ(day.exposure().open_buy, 250);
  EXPECT_EQ(firm.open_buy, 150U * 10'020 + 100U * 10'000);
  EXPECT_EQ(firm.open_orders, 2U);
  r = day.report(ExecKind::kAccepted, dead, 100);
  r.side = Side::kBuy;
  r.dead = 1;
  day.engine.venue_report(r);
  EXPECT_EQ(day.out.reports.back().kind, engine::ReportKind::kCanceled);
  EXPECT_EQ(day.engine.core().counters().carried_differ, 2U);
  EXPECT_EQ(day.exposure().open_buy, 150);
  day.venue(ExecKind::kFilled, more, 150);
  EXPECT_EQ(day.exposure().open_buy, 0);
  EXPECT_EQ(day.exposure().position, 150);
  EXPECT_EQ(firm.open_buy, 0U);
  EXPECT_EQ(firm.open_orders, 0U);
  EXPECT_EQ(day.engine.core().counters().overfills, 0U);
}

TEST_F(DayRollTest, ACancelThatWasUnderWayIsAskedForAgain) {
  const u64 id = rest(1, 100);
  old_.engine.cancel(0, 1, 0, 2'000);
  roll_day();
  new_.day.engine.reconcile(1, 60'000);
  ASSERT_EQ(new_.day.out.canceled.size(), 1U);
  EXPECT_EQ(new_.day.out.canceled[0].first, id);
  EXPECT_EQ(new_.day.engine.core().store().size(), 1U) << "no reconcile takes a carried order away";
}

TEST_F(DayRollTest, ProfitAndLossOfTheNewDayCountFromThePriceThePositionIsHeldAt) {
  fill(old_, rest(1, 100), 100, 1, 10'000);
  engine::ClientRequest at_market = Appliance::buy(2, 1);  // marks the pair at the middle, 10,000
  at_market.side = Side::kSell;
  old_.request(at_market);
  roll_day();
  Appliance& day = new_.day;
  const i64& result = day.gate.gate().scope(LimitScope::kFirm, 0).use.result;
  EXPECT_EQ(result, 0);
  engine::ClientRequest sell = Appliance::buy(9, 100);
  sell.side = Side::kSell;
  day.request(sell);
  fill(day, day.engine.core().next_order_id() - 1, 100, 5, 10'007);
  EXPECT_EQ(result, 700);
}

TEST_F(DayRollTest, ARecordThatDoesNotFitIsRefused) {
  rest(1, 100);
  roll_day();
  Appliance other;
  for (const JournalRecord& record : new_.records) {
    if (record.type == EventType::kAccount) continue;  // nobody to hold the order
    const engine::ReplayStatus status =
        other.engine.replay(record.type, record.seq, record.payload);
    if (record.type == EventType::kCarriedOrder) {
      EXPECT_EQ(status, engine::ReplayStatus::kBadRecord);
      return;
    }
  }
  ADD_FAILURE() << "no order was carried";
}

}  // namespace
}  // namespace tradsys::dataplane
