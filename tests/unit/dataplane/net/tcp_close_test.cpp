// Goal: connections end in every way RFC 9293 knows, are told once, and cannot be ended by
// outsiders. Method: a script plays the peer segment by segment under a virtual clock.
#include <gtest/gtest.h>

#include "tests/support/raw_peer.hpp"

namespace tradsys::net {
namespace {

TcpCloseReason only_reason(const Scripted& s) {
  EXPECT_EQ(s.host.handler.closed.size(), 1u);
  return s.host.handler.closed.empty() ? TcpCloseReason{} : s.host.handler.closed[0].second;
}

TEST(TcpClose, OurCloseGoesThroughFinWaitToTimeWait) {
  Scripted s;
  s.open_active();
  s.tcp().close(s.conn);
  EXPECT_EQ(s.expect(kTcpFinAck).head.seq, s.snd);
  s.peer({s.rcv, s.snd + 1, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.tcp().session(s.conn)->state, TcpState::kFinWait2);
  s.peer({s.rcv, s.snd + 1, kTcpPshAck, 65'535, 0, "tail"});
  EXPECT_EQ(s.host.handler.stream, "tail") << "the peer may still send";
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv + 4);
  s.peer({s.rcv + 4, s.snd + 1, kTcpFinAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv + 5);
  EXPECT_EQ(only_reason(s), TcpCloseReason::kLocalClosed);
  s.peer({s.rcv + 4, s.snd + 1, kTcpFinAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv + 5) << "a repeated FIN is answered in TIME-WAIT";
  s.pass({1'100'000'000});
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

TEST(TcpClose, QueuedDataGoesBeforeTheFinAndBothAreRepeated) {
  Scripted s;
  s.open_active(4);
  EXPECT_TRUE(s.send("12345678"));
  s.tcp().close(s.conn);
  EXPECT_EQ(s.expect(kTcpAck).payload, "1234");
  EXPECT_TRUE(s.silent());
  s.peer({s.rcv, s.snd + 4, kTcpAck, 4, 0, ""});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "5678");
  EXPECT_EQ(s.expect(kTcpFinAck).head.seq, s.snd + 8);
  s.pass({12'000'000});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "5678");
  EXPECT_EQ(s.expect(kTcpFinAck).head.seq, s.snd + 8);
}

TEST(TcpClose, ThePeersCloseIsAnsweredWithOurs) {
  Scripted s;
  s.open_active();
  s.peer({s.rcv, s.snd, kTcpFinAck, 65'535, 0, ""});
  const SentSegment fin = s.expect(kTcpFinAck);
  EXPECT_EQ(fin.head.ack, s.rcv + 1) << "one segment acknowledges and finishes";
  EXPECT_EQ(only_reason(s), TcpCloseReason::kPeerClosed);
  EXPECT_FALSE(s.send("late"));
  EXPECT_EQ(s.tcp().open_count(), 1u) << "waits for the last ACK";
  s.peer({s.rcv + 1, s.snd + 1, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.tcp().open_count(), 0u);
  EXPECT_EQ(s.host.handler.closed.size(), 1u);
}

TEST(TcpClose, AFinWithDataDeliversTheDataFirst) {
  Scripted s;
  s.open_active();
  s.peer({s.rcv, s.snd, kTcpFinAck, 65'535, 0, "bye"});
  EXPECT_EQ(s.host.handler.stream, "bye");
  EXPECT_EQ(s.expect(kTcpFinAck).head.ack, s.rcv + 4);
}

TEST(TcpClose, AFinAheadOfAHoleWaitsForTheHole) {
  Scripted s;
  s.open_active();
  s.peer({s.rcv + 3, s.snd, kTcpFinAck, 65'535, 0, "def"});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv);
  EXPECT_TRUE(s.host.handler.closed.empty());
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, "abc"});
  EXPECT_EQ(s.host.handler.stream, "abcdef");
  EXPECT_EQ(only_reason(s), TcpCloseReason::kPeerClosed);
  EXPECT_EQ(s.expect(kTcpFinAck).head.ack, s.rcv + 7);
}

TEST(TcpClose, AFinBehindTheWindowIsNotTakenForOneInIt) {
  NetConfig config = host_config(1);
  config.tcp.receive_window_bytes = 2'048;
  Scripted s(config);
  s.open_active();
  s.peer({s.rcv + 1'000, s.snd, kTcpFinAck, 65'535, 0, std::string(1'400, 'b')});
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, std::string(1'000, 'a')});
  EXPECT_EQ(s.host.handler.stream.size(), 2'048u);
  EXPECT_TRUE(s.host.handler.closed.empty());
  s.peer({s.rcv + 2'048, s.snd, kTcpFinAck, 65'535, 0, std::string(352, 'b')});
  EXPECT_EQ(s.host.handler.stream.size(), 2'400u);
  EXPECT_EQ(only_reason(s), TcpCloseReason::kPeerClosed);
}

TEST(TcpClose, BothSidesMayCloseAtOnce) {
  Scripted s;
  s.open_active();
  s.tcp().close(s.conn);
  s.expect(kTcpFinAck);
  s.peer({s.rcv, s.snd, kTcpFinAck, 65'535, 0, ""});
  EXPECT_EQ(s.tcp().session(s.conn)->state, TcpState::kClosing);
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv + 1);
  s.peer({s.rcv + 1, s.snd + 1, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(only_reason(s), TcpCloseReason::kLocalClosed);
  s.pass({1'100'000'000});
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

TEST(TcpClose, APeerThatNeverFinishesIsForgotten) {
  Scripted s;
  s.open_active();
  s.tcp().close(s.conn);
  s.expect(kTcpFinAck);
  s.peer({s.rcv, s.snd + 1, kTcpAck, 65'535, 0, ""});
  s.pass({5'100'000'000});
  EXPECT_EQ(only_reason(s), TcpCloseReason::kLocalClosed);
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

TEST(TcpClose, APeerThatAnswersButTakesNothingIsResetInTheEnd) {
  Scripted s;
  s.open_active(0);  // its window is shut from the start
  ASSERT_TRUE(s.send("never taken"));
  s.tcp().close(s.conn);
  for (u32 i = 0; i < 200 && s.tcp().open_count() != 0; ++i) {
    s.pass({100'000'000});
    while (const auto probe = s.next()) {
      if ((probe->head.flags & kTcpRst) != 0) break;
      s.peer({s.rcv, s.snd, kTcpAck, 0, 0, ""});
    }
  }
  EXPECT_EQ(s.tcp().open_count(), 0u);
  EXPECT_EQ(only_reason(s), TcpCloseReason::kTimedOut);
  EXPECT_LE(s.clock.now(), kSecond + Nanos{10'200'000'000});
}

/// Closes by itself, some time after the peer has.
struct HalfClosing : RecordingHandler {
  std::vector<ConnId> half_closed;
  void on_tcp_peer_closed(ConnId conn) { half_closed.push_back(conn); }
};

TEST(TcpClose, AHandlerThatWantsHalfClosedConnectionsMayGoOnSending) {
  NetPair<HalfClosing> pair;
  pair.b.net.tcp().listen(7001);
  const ConnId conn = pair.a.net.tcp().connect(ipv4(10, 0, 0, 2), 7001);
  pair.settle();
  pair.a.net.tcp().close(conn);
  pair.settle();
  ASSERT_EQ(pair.b.handler.half_closed.size(), 1u);
  const ConnId server = pair.b.handler.half_closed[0];
  EXPECT_TRUE(pair.b.net.tcp().send(server, as_bytes("still here")));
  pair.settle();
  EXPECT_EQ(pair.a.handler.stream, "still here");
  EXPECT_TRUE(pair.b.handler.closed.empty());
  pair.b.net.tcp().close(server);
  pair.settle();
  EXPECT_EQ(pair.b.handler.closed.size(), 1u);
  EXPECT_EQ(pair.a.handler.closed.size(), 1u);
}

TEST(TcpClose, OnlyAResetWithTheExactNumberCounts) {
  Scripted s;
  s.open_active();
  s.peer({s.rcv + 100, s.snd, kTcpRst, 0, 0, ""});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv) << "in the window: challenged";
  s.peer({s.rcv - 1, s.snd, kTcpRst, 0, 0, ""});
  s.peer({s.rcv + 70'000, s.snd, kTcpRst, 0, 0, ""});
  EXPECT_TRUE(s.silent()) << "outside: dropped";
  EXPECT_TRUE(s.host.handler.closed.empty());
  s.peer({s.rcv, s.snd, kTcpRst, 0, 0, ""});
  EXPECT_EQ(only_reason(s), TcpCloseReason::kReset);
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

TEST(TcpClose, ASynOnAnOpenConnectionIsChallenged) {
  Scripted s;
  s.open_passive();
  s.peer({s.rcv + 10, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv);
  s.peer({5, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv)
      << "a rebooted peer answers this with the exact reset";
  EXPECT_EQ(s.tcp().counters().challenge_acks, 2u);
  EXPECT_TRUE(s.host.handler.closed.empty());
}

TEST(TcpClose, ChallengesAreLimitedPerSecond) {
  Scripted s;
  s.open_active();
  for (int i = 0; i < 300; ++i) s.peer({s.rcv + 10, s.snd, kTcpRst, 0, 0, ""});
  EXPECT_EQ(s.tcp().counters().challenge_acks, 100u);
  s.pass({1'100'000'000});
  s.peer({s.rcv + 10, s.snd, kTcpRst, 0, 0, ""});
  EXPECT_EQ(s.tcp().counters().challenge_acks, 101u);
}

TEST(TcpClose, AbortSendsAResetThePeerAccepts) {
  Scripted s;
  s.open_active();
  EXPECT_TRUE(s.send("abc"));
  s.next();
  s.tcp().abort(s.conn);
  EXPECT_EQ(s.expect(kTcpRstAck).head.seq, s.snd + 3);
  EXPECT_EQ(s.tcp().open_count(), 0u);
  EXPECT_TRUE(s.host.handler.closed.empty());
}

TEST(TcpClose, ADeadPeerIsFoundByTheRetransmitLimit) {
  Scripted s;
  s.open_active();
  EXPECT_TRUE(s.send("anybody?"));
  s.pass({60'000'000'000});
  EXPECT_EQ(only_reason(s), TcpCloseReason::kTimedOut);
  EXPECT_EQ(s.tcp().counters().timeouts, 12u);
  EXPECT_EQ(s.tcp().counters().gave_up, 1u);
  std::optional<SentSegment> last, segment;
  while ((segment = s.next())) last = segment;
  EXPECT_EQ(+last->head.flags, +kTcpRstAck);
}

TEST(TcpClose, KeepaliveProbesASilentPeerAndGivesItUp) {
  NetConfig config = host_config(1);
  config.tcp.keepalive_idle = {10'000'000'000};
  Scripted s(config);
  s.open_active();
  s.pass({10'500'000'000});
  const SentSegment probe = s.expect(kTcpAck);
  EXPECT_EQ(probe.head.seq, s.snd - 1);
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  s.pass({9'000'000'000});
  EXPECT_TRUE(s.silent()) << "it answered";
  s.pass({20'000'000'000});
  EXPECT_EQ(only_reason(s), TcpCloseReason::kTimedOut);
  EXPECT_EQ(s.tcp().counters().keepalives, 6u);
}

TEST(TcpClose, AKeepaliveOfThePeerIsAnswered) {
  Scripted s;
  s.open_active();
  s.peer({s.rcv - 1, s.snd, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv);
}

TEST(TcpClose, AnIdOfAnEndedConnectionIsDeadEvenWhenItsSlotLivesAgain) {
  Scripted s;
  s.open_active();
  const ConnId old = s.conn;
  s.tcp().abort(old);
  s.next();
  s.open_active();
  EXPECT_NE(old, s.conn);
  EXPECT_FALSE(s.tcp().send(old, as_bytes("x")));
  EXPECT_EQ(s.tcp().send_space(old), 0u);
  s.tcp().abort(old);
  EXPECT_EQ(s.tcp().open_count(), 1u);
}

/// Ends the connection from inside a callback and opens another one in its place.
struct Impatient : RecordingHandler {
  NetInterface<sim::MemoryPort, VirtualClock, Impatient>* net = nullptr;
  void on_tcp_data(ConnId conn, Bytes bytes) {
    RecordingHandler::on_tcp_data(conn, bytes);
    net->tcp().abort(conn);
    EXPECT_NE(net->tcp().connect(ipv4(10, 0, 0, 1), 9'000), kNoConn);
  }
};

TEST(TcpClose, ACallbackMayEndItsConnectionAndOpenAnother) {
  NetPair<Impatient> pair;
  pair.a.handler.net = &pair.a.net;
  pair.b.handler.net = &pair.b.net;
  pair.b.net.tcp().listen(7001);
  pair.a.net.tcp().listen(9'000);
  const ConnId conn = pair.a.net.tcp().connect(ipv4(10, 0, 0, 2), 7001);
  pair.settle();
  EXPECT_TRUE(pair.a.net.tcp().send(conn, as_bytes("x")));
  pair.settle();
  ASSERT_EQ(pair.a.handler.closed.size(), 1u);
  EXPECT_EQ(pair.a.handler.closed[0].second, TcpCloseReason::kReset);
  EXPECT_EQ(pair.a.handler.accepted.size(), 1u);
  EXPECT_EQ(pair.b.handler.connected.size(), 1u);
}

}  // namespace
}  // namespace tradsys::net
