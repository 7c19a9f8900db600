// Goal: what happens to orders and sessions when a client or the venue goes away in each of the
// ways a peer can: FIN, reset, cut cable, stopped program, a second login, a venue that comes back.
// Method: the edge tile in virtual time between cables that can be cut; the venue does not cancel
// by itself, so what is canceled the appliance canceled.
#include <gtest/gtest.h>

#include "tests/integration/dataplane/edge/fault_rack.hpp"

namespace tradsys::testing {
namespace {

constexpr u32 kOrders = 3;
constexpr Nanos kCancelWithin{100'000'000};
/// A peer that says nothing is gone after so long (SoupBinTCP).
constexpr Nanos kSilence{15'000'000'000};

class Fault : public ::testing::Test {
 protected:
  void SetUp() override { rack_.open(kOrders); }

  /// Within 100 ms the orders of client 0 are canceled at the venue, and only those.
  void expect_only_its_orders_canceled() {
    const auto gone = [this] { return rack_.resting_at_venue(0) == 0; };
    EXPECT_LE(rack_.run_until(gone, kSecond), kCancelWithin);
    rack_.run(milliseconds(200));
    EXPECT_EQ(rack_.live(0), 0U);
    EXPECT_EQ(rack_.resting_at_venue(1), kOrders);
    EXPECT_EQ(rack_.live(1), kOrders);
    EXPECT_EQ(rack_.journaled_cancels(orders::CancelOrigin::kDisconnect), kOrders);
  }
  void wait_for_loss_of_client() {
    const auto lost = [this] { return !rack_.tile->desk().logged_in(0); };
    EXPECT_LT(rack_.run_until(lost, seconds(30)), kSilence + kSecond);
  }
  /// The venue session is up again and every order is where it was.
  void expect_the_venue_back() {
    const auto ready = [this] { return rack_.tile->venue_ready(); };
    EXPECT_LT(rack_.run_until(ready, seconds(20)), seconds(20));
    EXPECT_EQ(rack_.resting_at_venue(0), kOrders);
    EXPECT_EQ(rack_.live(0) + rack_.live(1), 2 * kOrders);
    EXPECT_EQ(rack_.tile->engine().core().counters().unknown_reports, 0U);
  }

  FaultRack rack_;
};

TEST_F(Fault, AClientThatClosesHasItsOrdersCanceled) {
  rack_.clients[0]->send_fin();
  expect_only_its_orders_canceled();
}

TEST_F(Fault, AClientThatResetsHasItsOrdersCanceled) {
  rack_.clients[0]->send_rst();
  expect_only_its_orders_canceled();
}

TEST_F(Fault, AClientBehindACutCableIsMissedAndHasItsOrdersCanceled) {
  rack_.client_ports[0]->cut(true);
  wait_for_loss_of_client();
  expect_only_its_orders_canceled();
}

TEST_F(Fault, AClientThatStopsReadingIsDroppedAndGetsTheRestLater) {
  rack_.client_runs[0] = false;
  wait_for_loss_of_client();
  expect_only_its_orders_canceled();
  rack_.client_runs[0] = true;
  rack_.run(kSecond);
  const u64 next = rack_.clients[0]->next_sequence();
  rack_.clients[0]->connect(next);
  const auto told = [this] { return rack_.clients[0]->canceled == kOrders; };
  EXPECT_LT(rack_.run_until(told, kSecond), kSecond);
  EXPECT_EQ(rack_.clients[0]->messages, 2 * kOrders);
}

TEST_F(Fault, ASecondLoginTakesTheSessionOverAndKeepsItsOrders) {
  const auto config = sim::default_trader_config(0, rack_.instruments, 99);
  sim::TraderConfig elsewhere = config;
  elsewhere.net.ip = sim::client_ip(7);
  elsewhere.net.mac = sim::client_mac(7);
  rack_.client_ports.push_back(std::make_unique<CutPort>(rack_.hub.plug()));
  rack_.clients.push_back(
      std::make_unique<PlainClient>(elsewhere, *rack_.client_ports.back(), rack_.clock));
  rack_.client_runs.push_back(true);
  rack_.clients[2]->connect(1);
  const auto in = [this] { return rack_.clients[2]->logged_in() && rack_.clients[0]->closed(); };
  EXPECT_LT(rack_.run_until(in, kSecond), kSecond);
  rack_.run(kSecond);
  EXPECT_EQ(rack_.clients[2]->accepted, kOrders) << "it gets the stream from the start";
  EXPECT_EQ(rack_.resting_at_venue(0), kOrders) << "the session was never without a client";
  EXPECT_TRUE(rack_.clients[2]->logged_in());
}

TEST_F(Fault, TheVenueClosesAndTheSessionComesBack) {
  rack_.venue->drop_member(0);
  rack_.run(milliseconds(200));
  EXPECT_FALSE(rack_.tile->venue_ready());
  expect_the_venue_back();
}

TEST_F(Fault, TheVenueResetsAndTheSessionComesBack) {
  rack_.venue->reset_member(0);
  rack_.run(milliseconds(200));
  EXPECT_FALSE(rack_.tile->venue_ready());
  expect_the_venue_back();
}

TEST_F(Fault, AVenueBehindACutCableIsMissedAndOrdersAreRefusedMeanwhile) {
  rack_.venue_nic.cut(true);
  const auto lost = [this] { return !rack_.tile->venue_ready(); };
  EXPECT_LT(rack_.run_until(lost, seconds(30)), kSilence + kSecond);
  const engine::EngineCounters& counters = rack_.tile->engine().core().counters();
  const u64 rejected = counters.rejected_orders;
  const u64 passed = counters.passed;
  rack_.clients[1]->enter(rack_.instruments[0].symbol, kOrders + 1, 1'000);
  rack_.run(milliseconds(200));
  // The feed comes over the same cable: its silence is the first reason, the venue's the second.
  EXPECT_EQ(counters.rejected_orders, rejected + 1);
  EXPECT_EQ(counters.passed, passed);
  rack_.venue_nic.cut(false);
  expect_the_venue_back();
}

/// Behind a venue that takes nothing, orders would wait for a market that has moved on.
TEST_F(Fault, AVenueThatTakesNothingGetsNoOrdersAfterASecondAndIsGivenUpAfterFive) {
  const u32 step = rack_.instruments[0].price_step;
  const auto& tile = *rack_.tile;
  rack_.venue_runs = false;
  rack_.clients[1]->enter(rack_.instruments[0].symbol, kOrders + 1, 100 * step);
  const auto shut = [&] { return !rack_.tile->venue_ready(); };
  EXPECT_LT(rack_.run_until(shut, seconds(5)), milliseconds(1'200));
  EXPECT_EQ(tile.venue().state(), dataplane::VenueState::kReady) << "its connection still lives";
  const u64 passed = tile.engine().core().counters().passed;
  rack_.clients[1]->enter(rack_.instruments[0].symbol, kOrders + 2, 100 * step);
  rack_.run(milliseconds(100));
  EXPECT_EQ(tile.engine().core().counters().passed, passed);
  const auto given_up = [&] { return tile.venue().stalls() == 1; };
  EXPECT_LT(rack_.run_until(given_up, seconds(10)), seconds(5));
  rack_.venue_runs = true;
  EXPECT_LT(rack_.run_until([&] { return rack_.tile->venue_ready(); }, seconds(20)), seconds(20));
  rack_.run(kSecond);
  EXPECT_EQ(rack_.live(1), rack_.resting_at_venue(1)) << "reconciled either way";
}

TEST_F(Fault, AVenueThatTakesAgainInTimeKeepsItsConnection) {
  const u32 step = rack_.instruments[0].price_step;
  rack_.venue_runs = false;
  rack_.clients[1]->enter(rack_.instruments[0].symbol, kOrders + 1, 100 * step);
  rack_.run(seconds(3));
  EXPECT_FALSE(rack_.tile->venue_ready());
  rack_.venue_runs = true;
  const auto ready = [&] { return rack_.tile->venue_ready(); };
  EXPECT_LT(rack_.run_until(ready, seconds(5)), seconds(5));
  EXPECT_EQ(rack_.tile->venue().stalls(), 0U);
  EXPECT_EQ(rack_.tile->venue().counters().disconnects, 0U);
  rack_.run(kSecond);
  EXPECT_EQ(rack_.resting_at_venue(1), kOrders + 1);
}

TEST_F(Fault, AClientThatLeavesWhileTheVenueIsAwayIsCanceledWhenItIsBack) {
  rack_.venue_nic.cut(true);
  const auto lost = [this] { return !rack_.tile->venue_ready(); };
  rack_.run_until(lost, seconds(30));
  rack_.clients[0]->send_fin();
  rack_.run(kSecond);
  EXPECT_EQ(rack_.resting_at_venue(0), kOrders);
  rack_.venue_nic.cut(false);
  const auto gone = [this] { return rack_.resting_at_venue(0) == 0; };
  EXPECT_LT(rack_.run_until(gone, seconds(20)), seconds(20));
  EXPECT_EQ(rack_.resting_at_venue(1), kOrders);
}

TEST_F(Fault, AStoppedVenueIsMissedAndItsAnswersCountOnce) {
  rack_.venue_runs = false;
  const u32 step = rack_.instruments[0].price_step;
  rack_.clients[1]->enter(rack_.instruments[0].symbol, kOrders + 1, 100 * step);
  const auto lost = [this] { return !rack_.tile->venue_ready(); };
  EXPECT_LT(rack_.run_until(lost, seconds(30)), kSilence + kSecond);
  rack_.venue_runs = true;
  const auto ready = [this] { return rack_.tile->venue_ready(); };
  EXPECT_LT(rack_.run_until(ready, seconds(20)), seconds(20));
  rack_.run(kSecond);
  EXPECT_EQ(rack_.live(1), rack_.resting_at_venue(1)) << "reconciled either way";
  EXPECT_EQ(rack_.tile->engine().core().counters().duplicate_executions, 0U);
}

}  // namespace
}  // namespace tradsys::testing
