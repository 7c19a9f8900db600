// Goal: a sweep goes on until every order that it means is canceled, whatever happens meanwhile,
// and touches no other. Method: the sweeps with their orders in hand; who has room is the test's.
#include "dataplane/edge/cancel/cancel_sweeps.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace tradsys::dataplane {
namespace {

using orders::CancelOrigin;
using orders::Order;

class CancelSweepsTest : public ::testing::Test {
 protected:
  Order order(u16 session, u64 id, TimeInForce tif = TimeInForce::kDay) {
    Order o;
    o.session = session;
    o.order_id = id;
    o.tif = tif;
    return o;
  }
  /// One step; `room` says whether all that is wanted can be canceled.
  void step(bool room = true) {
    asked_.clear();
    sweeps_.step(
        now_,
        [&](const auto& wanted, CancelOrigin origin) {
          asked_.emplace_back(origin, wanted);
          return room;
        },
        [](const Order&) { return true; });
  }
  [[nodiscard]] bool canceled(const Order& o, CancelOrigin origin) const {
    for (const auto& [why, wanted] : asked_)
      if (why == origin && wanted(o)) return true;
    return false;
  }

  CancelSweeps sweeps_{2};
  Nanos now_{kSecond};
  std::vector<std::pair<CancelOrigin, std::function<bool(const Order&)>>> asked_;
};

TEST_F(CancelSweepsTest, AClientThatIsBackKeepsWhatItSendsFromThenOnAndNothingElse) {
  sweeps_.set_gone(1, 50);
  step(false);
  step(false);
  EXPECT_TRUE(canceled(order(1, 49), CancelOrigin::kDisconnect)) << "the first step had no room";
  EXPECT_FALSE(canceled(order(1, 50), CancelOrigin::kDisconnect)) << "sent since";
  EXPECT_FALSE(canceled(order(0, 49), CancelOrigin::kDisconnect));
  EXPECT_FALSE(canceled(order(1, 49, TimeInForce::kGtc), CancelOrigin::kDisconnect));
  step();
  step();
  EXPECT_TRUE(asked_.empty()) << "none is left";
}

TEST_F(CancelSweepsTest, WhatTheVenueRefusedIsAskedForAgainAfterAWhile) {
  sweeps_.set_killing();
  sweeps_.set_gone(0, 7);
  step();
  sweeps_.cancel_refused(now_);
  sweeps_.cancel_refused(now_);
  step();
  EXPECT_TRUE(asked_.empty()) << "not at once";
  now_ = now_ + kRefusedCancelWait;
  step();
  EXPECT_TRUE(canceled(order(1, 9), CancelOrigin::kKill));
  EXPECT_TRUE(canceled(order(0, 6), CancelOrigin::kDisconnect));
  EXPECT_FALSE(canceled(order(1, 6), CancelOrigin::kDisconnect)) << "it never was gone";
  step();
  EXPECT_TRUE(asked_.empty());
}

}  // namespace
}  // namespace tradsys::dataplane
