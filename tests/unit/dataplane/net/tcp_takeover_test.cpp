// Goal: a second process that gets a connection's last state goes on with it, and the peer notices
// nothing: no byte lost, none twice. Method: a host stops with bytes under way in both directions;
// its state and unacknowledged bytes go through plain memory to a standby with the same addresses,
// which is plugged into the same cable.
#include <gtest/gtest.h>

#include <cstring>

#include "tests/support/net_pair.hpp"

namespace tradsys::net {
namespace {

/// Hosts a and b, connected, and a standby of a that is on no cable yet.
struct Standby : NetPair<> {
  Standby() : standby(clock, host_config(1)) {
    b.net.tcp().listen(7001);
    conn = a.net.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
    settle();
  }

  /// State and bytes of a's connection as they would stand in a journal.
  [[nodiscard]] std::vector<std::byte> pack() {
    const TcpSession* s = a.net.tcp().session(conn);
    std::vector<std::byte> record(sizeof *s + s->unacked_bytes());
    std::memcpy(record.data(), s, sizeof *s);
    a.net.tcp().copy_unacknowledged(conn, record.data() + sizeof *s);
    return record;
  }
  /// The cable goes from b to the standby now.
  void switch_over() {
    sim::MemoryPort::join(a.port, nowhere);
    sim::MemoryPort::join(standby.port, b.port);
  }
  [[nodiscard]] ConnId take_over(const std::vector<std::byte>& record) {
    TcpSession s;
    std::memcpy(static_cast<void*>(&s), record.data(), sizeof s);
    return standby.net.tcp().take_over(s, Bytes(record).subspan(sizeof s));
  }
  void run_standby(Nanos span) {
    const Nanos end = clock.now() + span;
    const auto all = [this] {
      while (standby.net.poll(32) + b.net.poll(32) != 0) {
      }
    };
    for (all(); clock.now() < end; all()) {
      clock.advance_to(std::min({standby.net.next_deadline(), b.net.next_deadline(), end}));
      standby.net.housekeep(clock.now());
      b.net.housekeep(clock.now());
    }
  }

  Host<RecordingHandler> standby;
  sim::MemoryPort nowhere;
  ConnId conn{};
};

TEST(TcpTakeover, BytesUnderWayInBothDirectionsArriveOnceAndInOrder) {
  Standby t;
  ASSERT_TRUE(t.a.net.tcp().send(t.conn, as_bytes("first ")));
  t.settle();
  sim::MemoryPort::join(t.a.port, t.nowhere);  // lost: what a sends from here on
  ASSERT_TRUE(t.a.net.tcp().send(t.conn, as_bytes("second ")));
  ASSERT_TRUE(t.a.net.tcp().send(t.conn, as_bytes("third ")));
  sim::MemoryPort::join(t.b.port, t.nowhere);  // and what b sends
  ASSERT_TRUE(t.b.net.tcp().send(t.b.handler.accepted[0], as_bytes("answer ")));
  const auto record = t.pack();
  t.switch_over();
  const ConnId conn = t.take_over(record);
  ASSERT_NE(conn, kNoConn);
  t.run_standby(Nanos{100'000'000});
  EXPECT_EQ(t.b.handler.stream, "first second third ");
  EXPECT_EQ(t.standby.handler.stream, "answer ");
  ASSERT_TRUE(t.standby.net.tcp().send(conn, as_bytes("fourth")));
  ASSERT_TRUE(t.b.net.tcp().send(t.b.handler.accepted[0], as_bytes("and on")));
  t.run_standby(Nanos{100'000'000});
  EXPECT_EQ(t.b.handler.stream, "first second third fourth");
  EXPECT_EQ(t.standby.handler.stream, "answer and on");
  EXPECT_EQ(t.standby.net.tcp().unacknowledged(conn), 0u);
  EXPECT_TRUE(t.b.handler.closed.empty());
}

TEST(TcpTakeover, BytesThatThePeerHasButTheOldProcessDidNotHearOfAreNotDelivered) {
  Standby t;
  ASSERT_TRUE(t.a.net.tcp().send(t.conn, as_bytes("once")));
  while (t.b.net.poll(32) != 0) {  // b has it and says so; a is dead before it hears
  }
  const auto record = t.pack();
  t.switch_over();
  const ConnId conn = t.take_over(record);
  ASSERT_NE(conn, kNoConn);
  t.run_standby(Nanos{100'000'000});
  EXPECT_EQ(t.b.handler.stream, "once");
  EXPECT_EQ(t.standby.net.tcp().unacknowledged(conn), 0u);
}

TEST(TcpTakeover, WhatWasKeptBehindAHoleComesAgain) {
  Standby t;
  const ConnId at_b = t.b.handler.accepted[0];
  sim::MemoryPort::join(t.b.port, t.nowhere);
  ASSERT_TRUE(t.b.net.tcp().send(at_b, as_bytes("lost ")));
  sim::MemoryPort::join(t.b.port, t.a.port);
  ASSERT_TRUE(t.b.net.tcp().send(at_b, as_bytes("early")));
  while (t.a.net.poll(32) != 0) {
  }
  ASSERT_EQ(t.a.net.tcp().session(t.conn)->interval_count, 1);
  const auto record = t.pack();
  t.switch_over();
  ASSERT_NE(t.take_over(record), kNoConn);
  t.run_standby(Nanos{100'000'000});
  EXPECT_EQ(t.standby.handler.stream, "lost early");
}

TEST(TcpTakeover, APeerThatHasFinishedStillGetsTheRestAndOurFin) {
  Standby t;
  sim::MemoryPort::join(t.a.port, t.nowhere);
  ASSERT_TRUE(t.a.net.tcp().send(t.conn, as_bytes("the rest")));
  TcpSession s = *t.a.net.tcp().session(t.conn);
  s.state = TcpState::kCloseWait;  // the peer's FIN came, and was acknowledged
  s.rcv_nxt += 1;
  t.b.net.tcp().close(t.b.handler.accepted[0]);
  t.switch_over();
  const ConnId conn = t.standby.net.tcp().take_over(s, as_bytes("the rest"));
  ASSERT_NE(conn, kNoConn);
  t.run_standby(Nanos{50'000'000});
  EXPECT_EQ(t.b.handler.stream, "the rest");
  t.standby.net.tcp().close(conn);
  t.run_standby(Nanos{50'000'000});
  ASSERT_EQ(t.b.handler.closed.size(), 1u);
  EXPECT_EQ(t.b.handler.closed[0].second, TcpCloseReason::kLocalClosed);
  EXPECT_EQ(t.standby.net.tcp().open_count(), 0u);
}

TEST(TcpTakeover, OnlyWhatIsOpenAndFitsIsTaken) {
  Standby t;
  ASSERT_TRUE(t.a.net.tcp().send(t.conn, as_bytes("some")));
  const TcpSession s = *t.a.net.tcp().session(t.conn);
  EXPECT_EQ(t.a.net.tcp().take_over(s, as_bytes("some")), kNoConn) << "the ports are in use";
  auto& standby = t.standby.net.tcp();
  EXPECT_EQ(standby.take_over(s, as_bytes("som")), kNoConn) << "a byte is missing";
  TcpSession other = s;
  other.state = TcpState::kFinWait1;
  EXPECT_EQ(standby.take_over(other, as_bytes("some")), kNoConn);
  other.state = TcpState::kSynSent;
  EXPECT_EQ(standby.take_over(other, as_bytes("some")), kNoConn);
  other = s;
  other.close_wanted = true;
  EXPECT_EQ(standby.take_over(other, as_bytes("some")), kNoConn);
  other = s;
  other.snd_end = s.snd_una + (1U << 25);
  EXPECT_EQ(standby.take_over(other, std::vector<std::byte>(1U << 25)), kNoConn)
      << "more than the ring holds";
  EXPECT_EQ(standby.open_count(), 0u) << "nothing is left of a refused one";
  EXPECT_NE(standby.take_over(s, as_bytes("some")), kNoConn);
}

}  // namespace
}  // namespace tradsys::net
