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
  usize apply_all() {
    Rows rows{config, appliance.engine, appliance.gate, market};
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
