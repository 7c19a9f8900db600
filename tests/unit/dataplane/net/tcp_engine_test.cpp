// Goal: connections open, carry data both ways and close in order between two engines of our own.
// Method: two interfaces on an in-memory cable under a virtual clock.
#include <gtest/gtest.h>

#include "tests/support/net_pair.hpp"

namespace tradsys::net {
namespace {

struct TcpEngineTest : ::testing::Test {
  void open() {
    ASSERT_TRUE(pair.b.net.tcp().listen(7001));
    client = pair.a.net.tcp().connect(ipv4(10, 0, 0, 2), 7001, 0);
    ASSERT_NE(client, kNoConn);
    pair.settle();
    ASSERT_EQ(pair.a.handler.connected.size(), 1u);
    ASSERT_EQ(pair.b.handler.accepted.size(), 1u);
    server = pair.b.handler.accepted[0];
  }
  NetPair<> pair;
  ConnId client, server;
};

TEST_F(TcpEngineTest, ConnectsThroughArpAndCarriesDataBothWays) {
  open();
  EXPECT_TRUE(pair.a.net.tcp().send(client, as_bytes("buy")));
  pair.settle();
  EXPECT_EQ(pair.b.handler.stream, "buy");
  EXPECT_TRUE(pair.b.net.tcp().send(server, as_bytes("filled")));
  pair.settle();
  EXPECT_EQ(pair.a.handler.stream, "filled");
  EXPECT_EQ(pair.a.net.tcp().unacknowledged(client), 0u);
  EXPECT_EQ(pair.b.net.tcp().unacknowledged(server), 0u);
}

TEST_F(TcpEngineTest, ClosesFromEitherSideAndTellsBothOnce) {
  open();
  EXPECT_TRUE(pair.a.net.tcp().send(client, as_bytes("last words")));
  pair.a.net.tcp().close(client);
  EXPECT_FALSE(pair.a.net.tcp().send(client, as_bytes("too late")));
  pair.settle();
  EXPECT_EQ(pair.b.handler.stream, "last words");
  ASSERT_EQ(pair.a.handler.closed.size(), 1u);
  EXPECT_EQ(pair.a.handler.closed[0].second, TcpCloseReason::kLocalClosed);
  ASSERT_EQ(pair.b.handler.closed.size(), 1u);
  EXPECT_EQ(pair.b.handler.closed[0].second, TcpCloseReason::kPeerClosed);
  EXPECT_EQ(pair.b.net.tcp().open_count(), 0u);
  EXPECT_EQ(pair.a.net.tcp().open_count(), 1u) << "the closer lingers";
  pair.run_for({2'000'000'000});
  EXPECT_EQ(pair.a.net.tcp().open_count(), 0u);
}

TEST_F(TcpEngineTest, ConnectingToAClosedPortIsRefused) {
  (void)pair.a.net.tcp().connect(ipv4(10, 0, 0, 2), 7002, 0);
  pair.settle();
  ASSERT_EQ(pair.a.handler.closed.size(), 1u);
  EXPECT_EQ(pair.a.handler.closed[0].second, TcpCloseReason::kRefused);
  EXPECT_EQ(pair.a.net.tcp().open_count(), 0u);
}

TEST_F(TcpEngineTest, ConnectingToNobodyTimesOut) {
  (void)pair.a.net.tcp().connect(ipv4(10, 0, 0, 77), 7001, 0);
  pair.run_for({60'000'000'000});
  ASSERT_EQ(pair.a.handler.closed.size(), 1u);
  EXPECT_EQ(pair.a.handler.closed[0].second, TcpCloseReason::kTimedOut);
}

TEST_F(TcpEngineTest, AnAbortIsAResetForThePeer) {
  open();
  pair.a.net.tcp().abort(client);
  pair.settle();
  ASSERT_EQ(pair.b.handler.closed.size(), 1u);
  EXPECT_EQ(pair.b.handler.closed[0].second, TcpCloseReason::kReset);
  EXPECT_TRUE(pair.a.handler.closed.empty());
}

TEST_F(TcpEngineTest, EveryBufferReturnsToItsPort) {
  open();
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(pair.a.net.tcp().send(client, as_bytes("0123456789")));
    pair.settle();
  }
  EXPECT_EQ(pair.b.handler.stream.size(), 10'000u);
  EXPECT_EQ(pair.a.port.free_buffers(), 512u);
  EXPECT_EQ(pair.b.port.free_buffers(), 512u);
}

}  // namespace
}  // namespace tradsys::net
