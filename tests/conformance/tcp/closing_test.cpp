// Goal: connections close as RFC 9293 sections 3.6 and 3.10 say, whoever begins, and linger no
// longer than configured. Method: a script plays the peer segment by segment under a virtual clock.
#include "tests/conformance/tcp/state_script.hpp"

namespace tradsys::net {
namespace {

using State = TcpState;

usize told(const StateScript& s) { return s.host.handler.closed.size(); }

TEST(TcpClosing, WeCloseFirst) {
  StateScript s(State::kFinWait2);
  s.in_order(kTcpPshAck, "tail");
  s.rcv += 4;
  s.expect_ack();
  EXPECT_EQ(s.host.handler.stream, "tail") << "the peer may go on";
  s.in_order(kTcpFinAck);
  ++s.rcv;
  s.expect_ack();
  EXPECT_EQ(s.state(), State::kTimeWait);
  ASSERT_EQ(told(s), 1u);
  EXPECT_EQ(s.host.handler.closed[0].second, TcpCloseReason::kLocalClosed);
}

TEST(TcpClosing, ThePeerClosesFirstAndWeMaySendOn) {
  StateScript s(State::kCloseWait);
  EXPECT_TRUE(s.send("more"));
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "more");
  s.snd += 4;
  s.tcp().close(s.conn);
  EXPECT_EQ(s.expect(kTcpFinAck).head.seq, s.snd);
  ++s.snd;
  EXPECT_EQ(s.state(), State::kLastAck);
  s.peer({s.rcv, s.snd - 1, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.state(), State::kLastAck) << "the data alone";
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  s.expect_ignored(State::kClosed);
  ASSERT_EQ(told(s), 1u);
  EXPECT_EQ(s.host.handler.closed[0].second, TcpCloseReason::kPeerClosed);
}

TEST(TcpClosing, BothCloseAtOnce) {
  StateScript s(State::kClosing);
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  s.expect_ignored(State::kTimeWait);
  EXPECT_EQ(told(s), 1u);
}

TEST(TcpClosing, BothCloseAtOnceAndOurFinIsLost) {
  StateScript s(State::kClosing);
  s.pass({3'000'000});
  EXPECT_EQ(s.expect(kTcpFinAck).head.seq, s.snd - 1) << "the tail-loss probe";
  s.pass({12'000'000});
  EXPECT_EQ(s.expect(kTcpFinAck).head.seq, s.snd - 1) << "the timer";
  EXPECT_EQ(s.state(), State::kClosing);
}

TEST(TcpClosing, AFinThatGetsNoAnswerIsRepeatedAndGivenUp) {
  for (const State state : {State::kFinWait1, State::kLastAck, State::kClosing}) {
    StateScript s(state);
    s.pass({60'000'000'000});
    u32 fins = 0;
    std::optional<SentSegment> last;
    while (const auto segment = s.next()) {
      last = segment;
      if (segment->head.has(kTcpFin)) ++fins;
    }
    EXPECT_GE(fins, 8u) << state_name(state);
    ASSERT_TRUE(last.has_value());
    EXPECT_TRUE(last->head.has(kTcpRst)) << "the peer is told, if it can hear";
    EXPECT_EQ(s.state(), State::kClosed);
    EXPECT_EQ(told(s), 1u);
    EXPECT_LT(s.clock.now(), Nanos{62'000'000'000});
  }
}

TEST(TcpClosing, AfterOurCloseNothingMoreIsTakenToSend) {
  for (const State state : {State::kFinWait1, State::kFinWait2, State::kClosing, State::kLastAck,
                            State::kTimeWait, State::kClosed}) {
    StateScript s(state);
    EXPECT_FALSE(s.send("late"));
    EXPECT_EQ(s.tcp().send_space(s.conn), 0u);
    s.tcp().close(s.conn);  // a second close changes nothing
    s.expect_ignored(state);
  }
}

TEST(TcpClosing, AbortSendsTheResetThatEachStateOwes) {
  for (const State state : {State::kEstablished, State::kFinWait1, State::kFinWait2,
                            State::kCloseWait, State::kClosing, State::kLastAck}) {
    StateScript s(state);
    s.tcp().abort(s.conn);
    const SentSegment reset = s.expect(kTcpRstAck);
    EXPECT_EQ(reset.head.seq, s.snd);
    s.expect_ignored(State::kClosed);
    EXPECT_EQ(told(s), 0u) << "who aborts knows it";
  }
  StateScript s(State::kSynSent);
  s.tcp().abort(s.conn);
  s.expect_ignored(State::kClosed);
}

// TIME-WAIT (RFC 9293 sections 3.6.1 and 3.10.7.4).

TEST(TcpClosing, TimeWaitLastsAsConfiguredAndARepeatedFinStartsItAnew) {
  StateScript s(State::kTimeWait);
  s.pass({900'000'000});
  s.peer({s.rcv - 1, s.snd, kTcpFinAck, 65'535, 0, ""});
  s.expect_ack();
  s.pass({900'000'000});
  EXPECT_EQ(s.state(), State::kTimeWait);
  s.pass({101'000'000});
  s.expect_ignored(State::kClosed);
  s.peer({s.rcv - 1, s.snd, kTcpFinAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpRst).head.seq, s.snd);
}

TEST(TcpClosing, OnlyANewerSynTakesOverALingeringConnection) {
  StateScript s(State::kTimeWait);
  for (const u32 old : {s.rcv, s.rcv - 1, s.rcv - 1'000}) {
    s.peer({old, 0, kTcpSyn, 65'535, 1'460, ""});
    s.expect_ack();
  }
  s.peer({s.rcv + 1, 0, kTcpSyn | kTcpFin, 65'535, 1'460, ""});
  s.expect_ack();
  EXPECT_EQ(s.state(), State::kTimeWait);
  s.peer({s.rcv + 1, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_EQ(s.expect(kTcpSynAck).head.ack, s.rcv + 2);
}

TEST(TcpClosing, ASuccessorBeginsBehindTheNumbersOfAFastConnection) {
  StateScript s(State::kEstablished);
  for (u32 i = 0; i < 1'000; ++i) {  // 1.4 MB in no time: the clock of initial numbers stands still
    ASSERT_TRUE(s.send(std::string(1'400, 'x')));
    s.snd += 1'400;
    s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
    while (s.next()) {
    }
  }
  s.tcp().close(s.conn);
  s.expect(kTcpFinAck);
  ++s.snd;
  s.peer({s.rcv, s.snd, kTcpFinAck, 65'535, 0, ""});
  ++s.rcv;
  s.expect_ack();
  s.peer({s.rcv + 1, 0, kTcpSyn, 65'535, 1'460, ""});
  const SentSegment reply = s.expect(kTcpSynAck);
  EXPECT_TRUE(seq_before(s.snd, reply.head.seq)) << reply.head.seq - s.snd;
  s.peer({s.rcv + 2, reply.head.seq + 1, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.host.handler.accepted.size(), 2u);
}

TEST(TcpClosing, OurOwnOpenOverALingeringConnectionBeginsBehindItToo) {
  StateScript s(State::kTimeWait);
  EXPECT_NE(s.tcp().connect(ipv4(10, 0, 0, 2), s.peer_port, s.own_port), kNoConn);
  const SentSegment syn = s.expect(kTcpSyn);
  EXPECT_TRUE(seq_before(s.snd, syn.head.seq));
  EXPECT_EQ(s.tcp().open_count(), 1u);
}

TEST(TcpClosing, FinWait2EndsWithoutThePeer) {
  StateScript s(State::kFinWait2);
  s.pass({4'900'000'000});
  EXPECT_EQ(s.state(), State::kFinWait2);
  s.pass({200'000'000});
  EXPECT_EQ(s.state(), State::kClosed);
  EXPECT_EQ(told(s), 1u);
}

// FIN and data together.

TEST(TcpClosing, AFinAheadOfAHoleWaitsAndDataBehindItIsNotTaken) {
  StateScript s(State::kEstablished);
  s.peer({s.rcv + 3, s.snd, kTcpFinAck, 65'535, 0, "def"});
  s.expect_ack();
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, "abc"});
  s.rcv += 7;
  s.expect_ack();
  EXPECT_EQ(s.state(), State::kCloseWait);
  s.peer({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "ghost"});
  s.expect_ack();
  EXPECT_EQ(s.host.handler.stream, "abcdef");
}

TEST(TcpClosing, WhatIsQueuedGoesBeforeTheFinAcrossAClosedWindow) {
  StateScript s(State::kEstablished);
  s.peer({s.rcv, s.snd, kTcpAck, 0, 0, ""});
  EXPECT_TRUE(s.send("queued"));
  s.tcp().close(s.conn);
  EXPECT_TRUE(s.silent()) << "the window is closed";
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "queued");
  EXPECT_EQ(s.expect(kTcpFinAck).head.seq, s.snd + 6);
}

}  // namespace
}  // namespace tradsys::net
