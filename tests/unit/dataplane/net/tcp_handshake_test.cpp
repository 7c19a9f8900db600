// Goal: connections open as RFC 9293 says, in both roles and against every odd answer.
// Method: a script plays the peer segment by segment under a virtual clock.
#include <gtest/gtest.h>

#include "tests/support/raw_peer.hpp"

namespace tradsys::net {
namespace {

TEST(TcpHandshake, ActiveOpenSendsSynWithMssAndAcknowledgesTheAnswer) {
  Scripted s;
  s.own_port = 40'000, s.peer_port = 7001;
  s.conn = s.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
  const SentSegment syn = s.expect(kTcpSyn);
  EXPECT_EQ(syn.head.mss, 1'460);
  EXPECT_EQ(syn.head.src_port, 40'000);
  EXPECT_TRUE(s.host.handler.connected.empty());
  s.peer({1'000, syn.head.seq + 1, kTcpSynAck, 65'535, 1'460, ""});
  const SentSegment ack = s.expect(kTcpAck);
  EXPECT_EQ(ack.head.seq, syn.head.seq + 1);
  EXPECT_EQ(ack.head.ack, 1'001u);
  ASSERT_EQ(s.host.handler.connected.size(), 1u);
  EXPECT_EQ(s.host.handler.connected[0], s.conn);
}

TEST(TcpHandshake, PassiveOpenAnswersSynAndAcceptsOnTheAck) {
  Scripted s;
  s.open_passive();
  ASSERT_EQ(s.host.handler.accepted.size(), 1u);
  EXPECT_EQ(s.tcp().peer(s.conn).port, Scripted::kPeerPort);
  EXPECT_EQ(s.tcp().counters().accepts, 1u);
}

TEST(TcpHandshake, TheAckThatCompletesItMayCarryData) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  const u32 iss = s.expect(kTcpSynAck).head.seq;
  s.peer({1'001, iss + 1, kTcpPshAck, 65'535, 0, "login"});
  EXPECT_EQ(s.host.handler.stream, "login");
  EXPECT_EQ(s.expect(kTcpAck).head.ack, 1'006u);
}

TEST(TcpHandshake, SynIsRepeatedWithBackOffAndThenGivenUp) {
  Scripted s;
  s.conn = s.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
  const u32 iss = s.expect(kTcpSyn).head.seq;
  s.pass({199'000'000});
  EXPECT_TRUE(s.silent());
  s.pass({2'000'000});
  EXPECT_EQ(s.expect(kTcpSyn).head.seq, iss) << "first repetition after 200 ms";
  s.pass({390'000'000});
  EXPECT_TRUE(s.silent());
  s.pass({20'000'000});
  EXPECT_EQ(s.expect(kTcpSyn).head.seq, iss) << "second one after 400 ms more";
  s.pass({30'000'000'000});
  ASSERT_EQ(s.host.handler.closed.size(), 1u);
  EXPECT_EQ(s.host.handler.closed[0].second, TcpCloseReason::kTimedOut);
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

TEST(TcpHandshake, AResetThatAcknowledgesOurSynIsARefusal) {
  Scripted s;
  s.own_port = 40'000, s.peer_port = 7001;
  (void)s.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
  const u32 iss = s.expect(kTcpSyn).head.seq;
  s.peer({0, iss + 2, kTcpRstAck, 0, 0, ""});
  EXPECT_TRUE(s.host.handler.closed.empty()) << "a reset for something else does not count";
  s.peer({0, iss + 1, kTcpRstAck, 0, 0, ""});
  ASSERT_EQ(s.host.handler.closed.size(), 1u);
  EXPECT_EQ(s.host.handler.closed[0].second, TcpCloseReason::kRefused);
}

TEST(TcpHandshake, AnAckOfSomethingElseIsResetAndTheOpenGoesOn) {
  Scripted s;
  s.own_port = 40'000, s.peer_port = 7001;
  s.conn = s.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
  const u32 iss = s.expect(kTcpSyn).head.seq;
  s.peer({1'000, iss - 99, kTcpSynAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpRst).head.seq, iss - 99)
      << "half-open peer: told to forget (RFC 9293 3.5.1)";
  s.peer({1'000, iss + 1, kTcpSynAck, 65'535, 0, ""});
  EXPECT_EQ(s.host.handler.connected.size(), 1u);
}

TEST(TcpHandshake, BothSidesMayOpenAtOnce) {
  Scripted s;
  s.own_port = 40'000, s.peer_port = 7001;
  s.conn = s.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
  const u32 iss = s.expect(kTcpSyn).head.seq;
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  const SentSegment reply = s.expect(kTcpSynAck);
  EXPECT_EQ(reply.head.seq, iss);
  EXPECT_EQ(reply.head.ack, 1'001u);
  s.peer({1'000, iss + 1, kTcpSynAck, 65'535, 1'460, ""});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, 1'001u);
  s.peer({1'001, iss + 1, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.host.handler.connected.size(), 1u);
  EXPECT_TRUE(s.host.handler.accepted.empty());
}

TEST(TcpHandshake, ARepeatedSynIsAnsweredAgainWithTheSameNumbers) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  const u32 iss = s.expect(kTcpSynAck).head.seq;
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_EQ(s.expect(kTcpSynAck).head.seq, iss);
  EXPECT_EQ(s.tcp().open_count(), 1u);
}

TEST(TcpHandshake, AWrongHandshakeAckIsResetAndNothingIsAccepted) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  const u32 iss = s.expect(kTcpSynAck).head.seq;
  s.peer({1'001, iss + 500, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpRst).head.seq, iss + 500);
  EXPECT_TRUE(s.host.handler.accepted.empty());
}

TEST(TcpHandshake, AResetInSynReceivedFreesTheSessionSilently) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  s.peer({1'001, 0, kTcpRst, 0, 0, ""});
  EXPECT_EQ(s.tcp().open_count(), 0u);
  EXPECT_TRUE(s.host.handler.closed.empty()) << "the handler never heard of it";
}

TEST(TcpHandshake, SegmentsForNobodyAreReset) {
  Scripted s;
  s.peer({1'000, 77, kTcpAck, 65'535, 0, "hello"});
  EXPECT_EQ(s.expect(kTcpRst).head.seq, 77u);
  s.peer({1'000, 0, kTcpSyn, 65'535, 0, ""});
  const SentSegment reset = s.expect(kTcpRstAck);
  EXPECT_EQ(reset.head.seq, 0u);
  EXPECT_EQ(reset.head.ack, 1'001u);
  s.peer({1'000, 0, kTcpRst, 0, 0, ""});
  EXPECT_TRUE(s.silent()) << "a reset is never answered";
}

TEST(TcpHandshake, OnlyAPlainSynOpensAtAListener) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  s.peer({1'000, 55, kTcpSynAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpRst).head.seq, 55u);
  s.peer({1'000, 0, kTcpSyn | kTcpFin, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpRstAck).head.ack, 1'002u);
  s.peer({1'000, 0, kTcpSyn | kTcpRst, 65'535, 0, ""});
  EXPECT_TRUE(s.silent());
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

TEST(TcpHandshake, ClosingBeforeBothOpensMeetTellsNothing) {
  Scripted s;
  s.own_port = 40'000, s.peer_port = 7001;
  s.conn = s.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
  const u32 iss = s.expect(kTcpSyn).head.seq;
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  s.expect(kTcpSynAck);
  s.tcp().close(s.conn);
  s.peer({1'001, iss + 1, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpFinAck).head.seq, iss + 1);
  s.peer({1'001, iss + 2, kTcpFinAck, 65'535, 0, ""});
  s.pass({2'000'000'000});
  EXPECT_EQ(s.tcp().open_count(), 0u);
  EXPECT_TRUE(s.host.handler.connected.empty());
  EXPECT_TRUE(s.host.handler.closed.empty());
}

TEST(TcpHandshake, ASynFloodFillsFreeSessionsOnlyAndLeavesThemAgain) {
  Scripted s;  // four sessions
  s.open_passive();
  for (u16 port = 1; port <= 100; ++port) {
    s.peer_port = port;
    s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  }
  EXPECT_EQ(s.tcp().counters().syn_dropped, 97u);
  s.peer_port = Scripted::kPeerPort;
  s.peer({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "order"});
  EXPECT_EQ(s.host.handler.stream, "order") << "the established session lives on";
  s.pass({30'000'000'000});
  EXPECT_EQ(s.tcp().open_count(), 1u) << "half-open ones were given up";
}

TEST(TcpHandshake, OurOwnConnectPushesOutAHalfOpenPeer) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  for (u16 port = 1; port <= 4; ++port) {
    s.peer_port = port;
    s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  }
  EXPECT_EQ(s.tcp().open_count(), 4u);
  EXPECT_NE(s.tcp().connect(ipv4(10, 0, 0, 2), 9000, 40'000), kNoConn);
  EXPECT_EQ(s.tcp().open_count(), 4u);
}

TEST(TcpHandshake, ConnectRefusesWhatCannotWork) {
  Scripted s;
  EXPECT_EQ(s.tcp().connect(ipv4(239, 0, 0, 1), 7001), kNoConn);
  EXPECT_EQ(s.tcp().connect(ipv4(10, 0, 0, 2), 0), kNoConn);
  EXPECT_NE(s.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000), kNoConn);
  EXPECT_EQ(s.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000), kNoConn) << "4-tuple in use";
  for (u16 i = 1; i < 4; ++i) EXPECT_NE(s.tcp().connect(ipv4(10, 0, 0, 2), 7001), kNoConn);
  EXPECT_EQ(s.tcp().connect(ipv4(10, 0, 0, 2), 7001), kNoConn) << "no session free";
}

TEST(TcpHandshake, ASmallOrMissingMssIsRespected) {
  Scripted s;
  s.open_active(65'535, 100);
  EXPECT_TRUE(s.send(std::string(250, 'x')));
  EXPECT_EQ(s.expect(kTcpAck).payload.size(), 100u);
  EXPECT_EQ(s.expect(kTcpAck).payload.size(), 100u);
  EXPECT_EQ(s.expect(kTcpPshAck).payload.size(), 50u);

  Scripted t;
  t.open_active(65'535, 0);
  EXPECT_TRUE(t.send(std::string(600, 'x')));
  EXPECT_EQ(t.expect(kTcpAck).payload.size(), 536u) << "the default of RFC 9293";
}

TEST(TcpHandshake, ANewSynFromALingeringPeerOpensAgain) {
  Scripted s;
  s.open_passive();
  s.tcp().close(s.conn);
  s.expect(kTcpFinAck);
  s.peer({s.rcv, s.snd + 1, kTcpFinAck, 65'535, 0, ""});
  s.expect(kTcpAck);
  EXPECT_EQ(s.tcp().open_count(), 1u) << "lingers";
  s.peer({900, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_EQ(+s.next()->head.flags, +kTcpAck) << "an old duplicate SYN is only challenged";
  s.peer({900'000, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_EQ(s.expect(kTcpSynAck).head.ack, 900'001u);
}

TEST(TcpHandshake, AHandshakeWaitsForArpAndStartsWhenTheNeighbourAnswers) {
  Scripted s;
  s.conn = s.tcp().connect(ipv4(10, 0, 0, 3), 7001, 40'000);
  EXPECT_TRUE(s.silent()) << "only an ARP request went out";
  std::byte frame[64] = {};
  const u32 at = write_ethernet(frame, {0x020000000001}, {0x020000000002}, 0, kEtherTypeArp);
  write_arp(frame + at,
            {kArpReply, {0x020000000002}, ipv4(10, 0, 0, 3), {0x020000000001}, ipv4(10, 0, 0, 1)});
  s.send_frame(frame);
  s.host.net.poll(32);
  s.expect(kTcpSyn);
}

TEST(TcpHandshake, ConnectionsThatNeverAnswerGiveWayAfterAWhile) {
  Scripted s;  // four sessions
  s.tcp().listen(Scripted::kOwnPort);
  for (u16 i = 0; i < 4; ++i) {
    s.peer_port = static_cast<u16>(50'100 + i);
    s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
    s.expect(kTcpSynAck);
  }
  s.peer_port = 50'200;
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_TRUE(s.silent()) << "no place is free, and the others may still answer";
  s.pass({1'100'000'000});
  while (s.next()) {
  }
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  const SentSegment reply = s.expect(kTcpSynAck);
  s.peer({1'001, reply.head.seq + 1, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.host.handler.accepted.size(), 1u);
}

}  // namespace
}  // namespace tradsys::net
