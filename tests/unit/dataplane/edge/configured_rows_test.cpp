// Goal: after a restart the configuration's limits are in force and a client's place never changes
// hands. Method: an engine that lived with one configuration, then rows of another against it.
#include "dataplane/edge/configured_rows.hpp"

#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::dataplane {
namespace {

struct NoOwner {
  void on_bbo(u16) noexcept {}
  void on_instrument(u16) noexcept {}
  void on_messages_over() noexcept {}
  void send_rerequest(u32, Bytes) noexcept {}
};

ClientConfig client(const char* user) {
  ClientConfig config;
  config.user = user;
  return config;
}

EdgeConfig configuration() {
  EdgeConfig config;
  config.books = {.instruments_max = 4, .orders_max = 64, .levels_max = 64};
  AccountConfig account;
  account.limits.account = 0;
  account.limits.max_qty = 500;
  account.limits.enabled = 1;
  account.limits.killed = 0;
  account.position = position_only(1'000, 1'000);
  config.accounts = {account};
  config.scopes = {no_limits(LimitScope::kFirm, 0), no_limits(LimitScope::kAccount, 0)};
  config.clients = {client("ALPHA"), client("BETA")};
  config.instrument_defaults.tick_size = config.instrument_defaults.lot_size = 1;
  config.instrument_defaults.max_qty = 700;
  config.instrument_defaults.enabled = 1;
  config.instrument_defaults.killed = 0;
  return config;
}

struct ConfiguredRowsTest : ::testing::Test {
  using Engine = engine::OrderEngine<offload::SoftGate, engine::RecordingOut>;
  using Rows = ConfiguredRows<Engine, offload::SoftGate, NoOwner>;

  engine::Appliance appliance;
  NoOwner owner;
  EdgeConfig config = configuration();
  Market<NoOwner> market{owner, config.feed, config.books};

  usize records() const { return appliance.out.records.size(); }
  /// Another process on the same journal, with the configuration as it is now.
  usize apply_all() {
    Rows rows{config, appliance.engine, appliance.gate, market};
    for (const engine::JournalRecord& r : appliance.out.records) rows.replay(r.type, r.payload);
    return apply(rows);
  }
  usize apply(Rows& rows) {
    const usize before = records();
    rows.apply_accounts_and_clients(1);
    EXPECT_TRUE(market.learn(2, Symbol::from("NILE")));
    rows.add_instrument(2);
    rows.add_instrument(2);
    while (rows.apply_next_instrument(1)) {
    }
    return records() - before;
  }
};

TEST_F(ConfiguredRowsTest, WritesEachRowOnceAndNothingWhenNothingChanged) {
  EXPECT_EQ(apply_all(), 7U);  // account, two scopes, two clients, instrument, position
  EXPECT_TRUE(market.limits_known(2));
  EXPECT_EQ(apply_all(), 0U);
}

TEST_F(ConfiguredRowsTest, TheReferencePriceOfARuleIsWhatIsLeftOfAQuietMarket) {
  InstrumentRule rule{.symbol = Symbol::from("NILE"), .limits = config.instrument_defaults};
  rule.reference_price = 12'500;
  config.instrument_rules = {rule};
  apply_all();
  EXPECT_EQ(market.state_of(2).reference_price, 12'500U);
  EXPECT_EQ(apply_all(), 0U);
  EXPECT_EQ(market.state_of(2).reference_price, 12'500U) << "also where the rows stand already";
  config.instrument_rules.clear();
  apply_all();
  EXPECT_EQ(market.state_of(2).reference_price, 0U);
}

TEST_F(ConfiguredRowsTest, PutsChangedLimitsInForce) {
  apply_all();
  config.accounts[0].limits.max_qty = 50;
  EXPECT_EQ(apply_all(), 1U);
  EXPECT_EQ(appliance.gate.account_limits(0)->max_qty, 50U);
  config.instrument_defaults.enabled = 0;
  EXPECT_EQ(apply_all(), 1U);
  EXPECT_EQ(appliance.gate.instrument_limits(2)->enabled, 0);
  config.accounts[0].position.max_long = 10;
  EXPECT_EQ(apply_all(), 1U);
  PositionLimits row = position_only(10, 1'000);
  row.instrument = 2;
  EXPECT_TRUE(appliance.gate.in_force(row));
  config.scopes[1].gross_value_max = 5;
  EXPECT_EQ(apply_all(), 1U);
  EXPECT_EQ(appliance.gate.scope_limits(LimitScope::kAccount, 0)->gross_value_max, 5U);
  config.restrictions = {{.account = 0, .symbol = Symbol::from("NILE"), .bits = 8}};
  EXPECT_EQ(apply_all(), 1U);
  row.restrictions = 8;
  EXPECT_TRUE(appliance.gate.in_force(row));
}

/// As EdgeTile::set_limits does.
template <class Row, class Record = Row>
void change(ConfiguredRowsTest::Engine& engine, ConfiguredRowsTest::Rows* rows, const Row& row,
            const Record& record) {
  if (rows != nullptr) rows->operator_sets(row);
  engine.note(orders::EventType::kOperator, orders::OperatorEvent{.ts_ns = 2});
  engine.set(record, 2);
}

TEST_F(ConfiguredRowsTest, WhatOperatorsChangedStandsUntilTheConfigurationChanges) {
  apply_all();
  AccountLimits account = config.accounts[0].limits;
  account.max_qty = 5;
  change(appliance.engine, nullptr, account, account);
  ScopeLimits scope = config.scopes[1];
  scope.gross_value_max = 7;
  change(appliance.engine, nullptr, scope, scope);
  orders::InstrumentEvent instrument{.limits = *appliance.gate.instrument_limits(2)};
  instrument.limits.max_qty = 9;
  change(appliance.engine, nullptr, instrument.limits, instrument);
  PositionLimits position = appliance.gate.position_limits(0, 2);
  position.max_long = 11;
  change(appliance.engine, nullptr, position, position);
  EXPECT_EQ(apply_all(), 0U) << "an emergency cut is not undone by a crash";
  EXPECT_EQ(appliance.gate.account_limits(0)->max_qty, 5U);
  EXPECT_EQ(appliance.gate.scope_limits(LimitScope::kAccount, 0)->gross_value_max, 7U);
  EXPECT_EQ(appliance.gate.instrument_limits(2)->max_qty, 9U);
  EXPECT_EQ(appliance.gate.position_limits(0, 2).max_long, 11U);

  config.accounts[0].limits.max_qty = 50;
  config.accounts[0].position.max_long = 60;
  config.scopes[1].gross_value_max = 70;
  config.instrument_defaults.max_qty = 80;
  EXPECT_EQ(apply_all(), 4U);
  EXPECT_EQ(appliance.gate.account_limits(0)->max_qty, 50U);
  EXPECT_EQ(appliance.gate.position_limits(0, 2).max_long, 60U);
  EXPECT_EQ(appliance.gate.scope_limits(LimitScope::kAccount, 0)->gross_value_max, 70U);
  EXPECT_EQ(appliance.gate.instrument_limits(2)->max_qty, 80U);
  EXPECT_EQ(apply_all(), 0U);
}

TEST_F(ConfiguredRowsTest, AConfigurationThatFollowsTheOperatorIsRemembered) {
  apply_all();
  AccountLimits account = config.accounts[0].limits;
  account.max_qty = 5;
  change(appliance.engine, nullptr, account, account);
  config.accounts[0].limits.max_qty = 5;
  EXPECT_EQ(apply_all(), 1U);
  account.max_qty = 3;
  change(appliance.engine, nullptr, account, account);
  EXPECT_EQ(apply_all(), 0U);
  EXPECT_EQ(appliance.gate.account_limits(0)->max_qty, 3U);
}

TEST_F(ConfiguredRowsTest, ALimitThatHeldWithoutARecordIsAnOperatorsToChangeToo) {
  config.accounts[0].position = appliance.gate.position_limits(0, 2);  // what holds from the start
  EXPECT_EQ(apply_all(), 6U) << "no record of the position";
  PositionLimits row = appliance.gate.position_limits(0, 2);
  row.max_long = row.max_long == 11 ? 12 : 11;
  engine::Appliance again;  // the operator's process; the configuration's rows come after him
  NoOwner nobody;
  Market<NoOwner> empty{nobody, config.feed, config.books};
  Rows rows{config, again.engine, again.gate, empty};
  for (const engine::JournalRecord& r : appliance.out.records) {
    rows.replay(r.type, r.payload);
    ASSERT_EQ(again.engine.replay(r.type, r.seq, r.payload), engine::ReplayStatus::kApplied);
  }
  change(again.engine, &rows, row, row);
  ASSERT_TRUE(empty.learn(2, Symbol::from("NILE")));
  rows.add_instrument(2);
  ASSERT_TRUE(rows.apply_next_instrument(3));
  EXPECT_EQ(again.gate.position_limits(0, 2).max_long, row.max_long);
}

TEST_F(ConfiguredRowsTest, AnOperatorWhoseRowACrashTookDoesNotGetTheNextOne) {
  apply_all();
  appliance.engine.note(orders::EventType::kOperator, orders::OperatorEvent{.ts_ns = 2});
  config.accounts[0].limits.max_qty = 50;
  EXPECT_EQ(apply_all(), 2U);  // a checkpoint keeps them apart
  EXPECT_EQ(apply_all(), 0U);
  config.accounts[0].limits.max_qty = 500;  // as it was before
  EXPECT_EQ(apply_all(), 1U);
}

TEST_F(ConfiguredRowsTest, NeverReleasesAKillSwitch) {
  apply_all();
  appliance.engine.kill({.ts_ns = 1, .index = 2, .scope = KillScope::kInstrument});
  config.instrument_defaults.max_qty = 1;
  EXPECT_EQ(apply_all(), 1U);
  EXPECT_TRUE(appliance.gate.gate().instrument_killed(2));
}

TEST_F(ConfiguredRowsTest, AClientKeepsItsPlace) {
  apply_all();
  const auto misplaced = [this] {
    return Rows{config, appliance.engine, appliance.gate, market}.misplaced_client();
  };
  EXPECT_EQ(misplaced(), nullptr);
  config.clients.push_back(client("GAMMA"));
  EXPECT_EQ(misplaced(), nullptr) << "a new one behind the others";
  std::swap(config.clients[0], config.clients[1]);
  ASSERT_NE(misplaced(), nullptr);
  EXPECT_EQ(misplaced()->session, 0U);
  config.clients = {client("ALPHA")};
  ASSERT_NE(misplaced(), nullptr) << "its orders and stream are still there";
  EXPECT_EQ(misplaced()->session, 1U);
}

TEST_F(ConfiguredRowsTest, RowsAndTheVenuesSessionSurviveAReplay) {
  apply_all();
  const auto name = wire::SoupSessionName{'D', 'A', 'Y'};
  appliance.engine.set(orders::VenueSessionEvent{.name = name}, 1);
  engine::Appliance again;
  for (const engine::JournalRecord& r : appliance.out.records)
    ASSERT_EQ(again.engine.replay(r.type, r.seq, r.payload), engine::ReplayStatus::kApplied);
  EXPECT_EQ(again.engine.core().venue_session(), name);
  EXPECT_EQ(again.engine.core().client(1).user, appliance.engine.core().client(1).user);
  EXPECT_EQ(again.engine.core().state_hash(), appliance.engine.core().state_hash());
}

}  // namespace
}  // namespace tradsys::dataplane
