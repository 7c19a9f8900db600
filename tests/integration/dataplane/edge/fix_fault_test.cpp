// Goal: what happens to the orders of a FIX client that goes away in each of the ways a peer can,
// or whose clock jumps: they are canceled within 100 ms of the loss being noticed, and the client
// hears of it when it is back. Method: a FIX initiator on a TCP stack of its own, the edge tile and
// a venue that cancels nothing by itself, in virtual time.
#include <gtest/gtest.h>

#include "tests/support/fix/fix_rig.hpp"

namespace tradsys::testing {
namespace {

using dataplane::ClientProtocol;

constexpr u32 kOrders = 3;
constexpr i64 kCancelWithinMs = 100;
constexpr u32 kHeartbeatS = 2;

class FixFault : public ::testing::TestWithParam<ClientProtocol> {
 protected:
  void SetUp() override {
    rig_.log_on();
    ASSERT_TRUE(rig_.peer().session().active());
    for (u32 i = 0; i < kOrders; ++i)
      ASSERT_TRUE(rig_.order("o" + std::to_string(i), '1', 100, -50 - i64{i}));
    rig_.run(50);
    ASSERT_EQ(at_venue(), kOrders);
  }
  [[nodiscard]] u32 at_venue() { return rig_.venue().exchange().live_member_orders(); }
  [[nodiscard]] u32 live() { return rig_.tile().engine().core().store().size(); }
  /// Runs until `done` or for `most_ms`; the milliseconds it took.
  template <class Done>
  i64 run_until(Done&& done, i64 most_ms) {
    i64 ms = 0;
    for (; !done() && ms < most_ms; ++ms) rig_.run(1);
    return ms;
  }
  void expect_canceled_soon() {
    EXPECT_LE(run_until([this] { return at_venue() == 0; }, 1'000), kCancelWithinMs);
    rig_.run(50);
    EXPECT_EQ(live(), 0U);
  }
  /// Back again, it is told of each order's end once, and trades.
  void expect_told_when_back() {
    rig_.log_on();
    rig_.run(200);
    ASSERT_TRUE(rig_.peer().session().active());
    for (u32 i = 0; i < kOrders; ++i) {
      const auto told = rig_.told("8", "o" + std::to_string(i));
      ASSERT_EQ(told.size(), 2U) << i;
      EXPECT_EQ(told[1].at(39), "4");
    }
    ASSERT_TRUE(rig_.order("after", '1', 100, -50));
    rig_.run(50);
    EXPECT_EQ(at_venue(), 1U);
  }

  FixRig rig_{GetParam(),
              [](dataplane::EdgeConfig& c) { c.clients[0].fix.heartbeat_max_s = kHeartbeatS; }};
};

TEST_P(FixFault, AClientThatClosesHasItsOrdersCanceled) {
  rig_.peer().hang_up();
  expect_canceled_soon();
  expect_told_when_back();
}

TEST_P(FixFault, AClientThatResetsHasItsOrdersCanceled) {
  rig_.peer().cut();
  expect_canceled_soon();
  expect_told_when_back();
}

TEST_P(FixFault, AClientThatFallsSilentIsMissedByItsHeartbeatsAndHasItsOrdersCanceled) {
  rig_.peer().deaf = true;
  const auto lost = [this] { return !rig_.client().logged_on(); };
  const i64 missed_ms = run_until(lost, 20'000);
  EXPECT_GT(missed_ms, i64{kHeartbeatS} * 1'000) << "a silence of one interval is none";
  EXPECT_LT(missed_ms, i64{kHeartbeatS} * 3'000);
  expect_canceled_soon();
  rig_.peer().deaf = false;
  rig_.run(100);
  rig_.peer().cut();
  expect_told_when_back();
}

TEST_P(FixFault, AClientWhoseClockJumpsIsTurnedAwayAndNothingOfItTrades) {
  rig_.peer().wall_at_0_ns += 3'600'000'000'000;
  rig_.peer().session().pump(rig_.peer().wall());
  ASSERT_TRUE(rig_.order("jumped", '1', 100, -50));
  run_until([this] { return !rig_.client().logged_on(); }, 2'000);
  EXPECT_FALSE(rig_.client().logged_on()) << "SendingTime (52) is beyond its tolerance";
  EXPECT_TRUE(rig_.told("8", "jumped").empty());
  expect_canceled_soon();
  rig_.log_on();
  EXPECT_FALSE(rig_.peer().session().active());
  rig_.peer().wall_at_0_ns = kRigWallNs;
  rig_.run(100);
  expect_told_when_back();
  EXPECT_TRUE(rig_.told("8", "jumped").empty());
}

TEST_P(FixFault, AClientThatLeavesWhileTheVenueIsAwayIsCanceledWhenItIsBack) {
  rig_.venue().reset_member(0);
  rig_.peer().cut();
  rig_.run(20);
  EXPECT_EQ(at_venue(), kOrders);
  EXPECT_LT(run_until([this] { return rig_.tile().venue_ready(); }, 20'000), 20'000);
  expect_canceled_soon();
  expect_told_when_back();
}

INSTANTIATE_TEST_SUITE_P(Versions, FixFault,
                         ::testing::Values(ClientProtocol::kFix42, ClientProtocol::kFix44,
                                           ClientProtocol::kFix50Sp2));

}  // namespace
}  // namespace tradsys::testing
