// Goal: the stream arrives once and in order and leaves again when it is lost, within the windows.
// Method: a script plays the peer segment by segment under a virtual clock.
#include <gtest/gtest.h>

#include "tests/support/raw_peer.hpp"

namespace tradsys::net {
namespace {

/// For tests of the timer proper, which a probe would come before.
NetConfig without_tail_probes() {
  NetConfig config = host_config(1);
  config.tcp.tail_probe_min = {};
  return config;
}

TEST(TcpData, DataIsAcknowledgedInTheSamePoll) {
  Scripted s;
  s.open_active();
  s.peer({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "abc"});
  EXPECT_EQ(s.host.handler.stream, "abc");
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv + 3);
}

TEST(TcpData, SegmentsOfOnePollShareOneAck) {
  Scripted s;
  s.open_active();
  s.queue({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "abc"});
  s.queue({s.rcv + 3, s.snd, kTcpPshAck, 65'535, 0, "def"});
  s.host.net.poll(32);
  EXPECT_EQ(s.host.handler.stream, "abcdef");
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv + 6);
  EXPECT_TRUE(s.silent());
}

/// Answers each piece of data at once, out of the callback.
struct Answering : RecordingHandler {
  NetInterface<sim::MemoryPort, VirtualClock, Answering>* net = nullptr;
  void on_tcp_data(ConnId conn, Bytes) { EXPECT_TRUE(net->tcp().send(conn, as_bytes("reply"))); }
};

TEST(TcpData, AnAnswerSentFromTheCallbackCarriesTheAck) {
  NetPair<Answering> pair;
  pair.a.handler.net = &pair.a.net;
  pair.b.handler.net = &pair.b.net;
  pair.b.net.tcp().listen(7001);
  const ConnId conn = pair.a.net.tcp().connect(ipv4(10, 0, 0, 2), 7001);
  pair.settle();
  const u64 before = pair.b.net.tcp().counters().segments_out;
  EXPECT_TRUE(pair.a.net.tcp().send(conn, as_bytes("order")));
  pair.b.net.poll(32);
  EXPECT_EQ(pair.b.net.tcp().counters().segments_out, before + 1) << "one segment: answer and ACK";
  EXPECT_EQ(pair.b.net.tcp().unacknowledged(pair.b.handler.accepted[0]), 5u);
}

TEST(TcpData, HolesAreFilledInAnyOrderAndNamedByDuplicateAcks) {
  Scripted s;
  s.open_active();
  s.peer({s.rcv + 6, s.snd, kTcpPshAck, 65'535, 0, "ghi"});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv);
  s.peer({s.rcv + 12, s.snd, kTcpPshAck, 65'535, 0, "mno"});
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv);
  s.peer({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "abcdef"});
  EXPECT_EQ(s.host.handler.stream, "abcdefghi");
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv + 9);
  s.peer({s.rcv + 8, s.snd, kTcpPshAck, 65'535, 0, "ijklmn"});
  EXPECT_EQ(s.host.handler.stream, "abcdefghijklmno");
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv + 15);
  EXPECT_EQ(s.tcp().counters().out_of_order, 2u);
}

TEST(TcpData, MoreHolesThanRemembredAreDroppedAndCounted) {
  Scripted s;
  s.open_active();
  for (u32 i = 1; i <= kTcpIntervalsMax + 3; ++i)
    s.peer({s.rcv + 2 * i, s.snd, kTcpPshAck, 65'535, 0, "x"});
  EXPECT_EQ(s.tcp().counters().out_of_order, kTcpIntervalsMax);
  EXPECT_EQ(s.tcp().counters().reorder_dropped, 3u);
  EXPECT_TRUE(s.host.handler.stream.empty());
}

TEST(TcpData, DuplicatesAreAcknowledgedAgainAndNotDeliveredAgain) {
  Scripted s;
  s.open_active();
  for (int i = 0; i < 3; ++i) {
    s.peer({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "abc"});
    EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv + 3);
  }
  s.peer({s.rcv + 1, s.snd, kTcpPshAck, 65'535, 0, "bcde"});
  EXPECT_EQ(s.host.handler.stream, "abcde") << "only the new part of an overlap";
}

TEST(TcpData, DataBeyondTheWindowIsCutOrRefused) {
  NetConfig config = host_config(1);
  config.tcp.receive_window_bytes = 2'048;
  Scripted s(config);
  s.open_active();
  s.peer({s.rcv + 2'048, s.snd, kTcpPshAck, 65'535, 0, "far"});
  EXPECT_EQ(s.tcp().counters().out_of_window, 1u);
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv);
  s.peer({s.rcv + 1'000, s.snd, kTcpAck, 65'535, 0, std::string(1'400, 'b')});
  s.next();
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, std::string(1'000, 'a')});
  EXPECT_EQ(s.host.handler.stream, std::string(1'000, 'a') + std::string(1'048, 'b'));
}

TEST(TcpData, NothingIsSentTwiceBeforeTheTimeoutAndEverythingAfterIt) {
  Scripted s(without_tail_probes());
  s.open_active();
  EXPECT_TRUE(s.send("first"));
  EXPECT_TRUE(s.send("second"));
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "first");
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "second");
  s.pass({9'000'000});
  EXPECT_TRUE(s.silent());
  s.pass({2'000'000});
  const SentSegment again = s.expect(kTcpPshAck);
  EXPECT_EQ(again.payload, "firstsecond") << "joined into one segment";
  EXPECT_EQ(again.head.seq, s.snd);
  EXPECT_EQ(s.tcp().counters().timeouts, 1u);
  s.pass({18'000'000});
  EXPECT_TRUE(s.silent()) << "backs off: 20 ms the second time";
  s.pass({2'000'000});
  s.expect(kTcpPshAck);
  s.peer({s.rcv, s.snd + 11, kTcpAck, 65'535, 0, ""});
  s.pass({1'000'000'000});
  EXPECT_TRUE(s.silent()) << "acknowledged: quiet";
}

TEST(TcpData, AnAckOfAPartLeavesTheRestToTheTimer) {
  Scripted s;
  s.open_active();
  EXPECT_TRUE(s.send("first"));
  EXPECT_TRUE(s.send("second"));
  s.next(), s.next();
  s.peer({s.rcv, s.snd + 5, kTcpAck, 65'535, 0, ""});
  s.pass({11'000'000});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "second");
}

TEST(TcpData, ThreeDuplicateAcksSendTheOldestAgainAtOnce) {
  Scripted s;
  s.open_active();
  for (const char* text : {"one", "two", "three", "four", "five"}) {
    EXPECT_TRUE(s.send(text));
    s.next();
  }
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  EXPECT_TRUE(s.silent());
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  const SentSegment again = s.expect(kTcpPshAck);
  EXPECT_EQ(again.head.seq, s.snd);
  EXPECT_EQ(again.payload, "onetwothreefourfive");
  EXPECT_EQ(s.tcp().counters().fast_retransmits, 1u);
}

TEST(TcpData, APartialAckInFastRecoverySendsTheNextHole) {
  Scripted s;
  s.open_active(65'535, 100);
  EXPECT_TRUE(s.send(std::string(500, 'x')));
  while (s.next()) {
  }
  for (int i = 0; i < 3; ++i) s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.next()->head.seq, s.snd);
  s.peer({s.rcv, s.snd + 200, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.next()->head.seq, s.snd + 200) << "the hole that the partial ACK names";
  s.peer({s.rcv, s.snd + 500, kTcpAck, 65'535, 0, ""});
  EXPECT_TRUE(s.silent());
  EXPECT_EQ(s.tcp().unacknowledged(s.conn), 0u);
}

TEST(TcpData, AClosedWindowHoldsDataBackAndIsProbed) {
  Scripted s;
  s.open_active(5);
  EXPECT_TRUE(s.send("12345"));
  EXPECT_TRUE(s.send("6789"));
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "12345");
  EXPECT_TRUE(s.silent()) << "the window is full";
  s.peer({s.rcv, s.snd + 5, kTcpAck, 0, 0, ""});
  EXPECT_TRUE(s.silent());
  s.pass({11'000'000});
  const SentSegment probe = s.expect(kTcpAck);
  EXPECT_EQ(probe.payload, "6");
  EXPECT_EQ(probe.head.seq, s.snd + 5);
  for (int i = 0; i < 40; ++i) {
    s.peer({s.rcv, s.snd + 5, kTcpAck, 0, 0, ""});
    s.pass({3'000'000'000});
  }
  EXPECT_TRUE(s.host.handler.closed.empty()) << "a peer that answers probes is alive";
  while (s.next()) {
  }
  s.peer({s.rcv, s.snd + 5, kTcpAck, 1'000, 0, ""});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "6789");
}

TEST(TcpData, AProbeByteThatIsAcceptedIsNotSentAgain) {
  Scripted s;
  s.open_active(3);
  EXPECT_TRUE(s.send("abcdef"));
  EXPECT_EQ(s.expect(kTcpAck).payload, "abc");
  s.peer({s.rcv, s.snd + 3, kTcpAck, 0, 0, ""});
  s.pass({11'000'000});
  EXPECT_EQ(s.expect(kTcpAck).payload, "d");
  s.peer({s.rcv, s.snd + 4, kTcpAck, 100, 0, ""});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "ef");
}

TEST(TcpData, AnswersToAProbeAreNotTakenForALoss) {
  Scripted s;
  s.open_active(3);
  EXPECT_TRUE(s.send("abcdef"));
  s.next();
  s.peer({s.rcv, s.snd + 3, kTcpAck, 0, 0, ""});
  s.pass({11'000'000});
  EXPECT_EQ(s.expect(kTcpAck).payload, "d");
  for (int i = 0; i < 5; ++i) s.peer({s.rcv, s.snd + 3, kTcpAck, 0, 0, ""});
  EXPECT_TRUE(s.silent());
  EXPECT_EQ(s.tcp().counters().fast_retransmits, 0u);
}

TEST(TcpData, AnAckStandsBehindEverythingSentWhileOldBytesAreSentAgain) {
  NetConfig config = without_tail_probes();
  config.tcp.congestion_window_floor_bytes = 100;
  Scripted s(config);
  s.open_active(65'535, 100);
  EXPECT_TRUE(s.send(std::string(500, 'x')));
  while (s.next()) {
  }
  s.pass({11'000'000});
  EXPECT_EQ(s.expect(kTcpAck).payload.size(), 100u) << "one segment again, slowly";
  s.peer({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "abc"});
  EXPECT_EQ(s.expect(kTcpAck).head.seq, s.snd + 500) << "or the peer would not accept it";
}

TEST(TcpData, SendIsAllOrNothing) {
  NetConfig config = host_config(1);
  config.tcp.send_ring_bytes = 2'048;
  Scripted s(config);
  s.open_active();
  EXPECT_EQ(s.tcp().send_space(s.conn), 2'048u);
  EXPECT_TRUE(s.tcp().send(s.conn, Bytes{}));
  EXPECT_TRUE(s.silent()) << "nothing is nothing to send";
  EXPECT_FALSE(s.send(std::string(2'049, 'x')));
  EXPECT_TRUE(s.send(std::string(2'000, 'x')));
  EXPECT_FALSE(s.send(std::string(49, 'x')));
  EXPECT_TRUE(s.send(std::string(48, 'x')));
  EXPECT_EQ(s.tcp().send_space(s.conn), 0u);
  EXPECT_EQ(s.tcp().counters().send_refused, 2u);
  s.peer({s.rcv, s.snd + 2'048, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.tcp().send_space(s.conn), 2'048u);
}

TEST(TcpData, SequenceNumbersWrapInBothDirections) {
  Scripted s;
  const u64 key = tcp_key(ipv4(10, 0, 0, 2), Scripted::kPeerPort, Scripted::kOwnPort);
  NetConfig config = host_config(1);
  while (initial_sequence(config.tcp.secret, key, s.clock.now()) < 0xFFFF'F000U)
    ++config.tcp.secret;
  Scripted w(config);
  w.open_passive(65'535, 1'460, 0xFFFF'FFFEU);
  ASSERT_GE(w.iss, 0xFFFF'F000U);
  ASSERT_EQ(w.rcv, 0xFFFF'FFFFU);
  std::string sent, expected;
  for (int i = 0; i < 200; ++i) {
    const std::string text = "message " + std::to_string(i) + ";";
    EXPECT_TRUE(w.send(text + std::string(50, '.')));
    const SentSegment out = w.expect(kTcpPshAck);
    EXPECT_EQ(out.head.seq, w.snd);
    w.snd += static_cast<u32>(out.payload.size());
    w.peer({w.rcv, w.snd, kTcpPshAck, 65'535, 0, text});
    w.rcv += static_cast<u32>(text.size());
    EXPECT_EQ(w.expect(kTcpAck).head.ack, w.rcv);
    expected += text;
  }
  EXPECT_LT(w.snd, w.iss) << "wrapped";
  EXPECT_EQ(w.host.handler.stream, expected);
}

TEST(TcpData, OutOfOrderDataAcrossTheWrapIsPutTogether) {
  Scripted s;
  s.open_passive(65'535, 1'460, 0xFFFF'FFFAU);
  s.peer({s.rcv + 6, s.snd, kTcpPshAck, 65'535, 0, "ghi"});
  s.peer({s.rcv + 3, s.snd, kTcpPshAck, 65'535, 0, "def"});
  s.peer({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "abc"});
  EXPECT_EQ(s.host.handler.stream, "abcdefghi");
}

TEST(TcpData, WithoutAFreeBufferBytesWaitAndLeaveLater) {
  Scripted s;
  s.open_active();
  std::vector<std::byte*> unused;
  nic::RxFrame held[512];
  u32 held_count = 0;
  while (s.wire.free_buffers() != 0) {  // the far end keeps every buffer
    EXPECT_TRUE(s.send("x"));
    held_count += s.wire.rx_burst(held + held_count, 512 - held_count);
  }
  EXPECT_TRUE(s.send("wait"));
  EXPECT_GT(s.host.net.counters().tx_no_buffer, 0u);
  s.wire.release(held, held_count);
  s.host.net.poll(32);
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "wait");
}

TEST(TcpData, TheDirectWayWritesIntoTheFrame) {
  Scripted s;
  s.open_active();
  std::byte* place = s.tcp().begin_send(s.conn, 49);
  ASSERT_NE(place, nullptr);
  std::memcpy(place, "direct", 6);
  s.tcp().commit_send(6);
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "direct");
  ASSERT_NE(s.tcp().begin_send(s.conn, 10), nullptr);
  s.tcp().cancel_send();
  EXPECT_TRUE(s.silent());
  s.pass({11'000'000});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "direct") << "it is kept for retransmission";
  EXPECT_EQ(s.tcp().begin_send(s.conn, 1'461), nullptr) << "more than a segment";
  EXPECT_EQ(s.tcp().begin_send(kNoConn, 10), nullptr);
}

TEST(TcpData, TheTimeoutFollowsTheRoundTrip) {
  Scripted s;
  s.open_active();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(s.send("x"));
    s.next();
    s.pass({40'000'000});  // longer than the floor: a spurious timeout may happen at first
    while (s.next()) {
    }
    s.peer({s.rcv, ++s.snd, kTcpAck, 65'535, 0, ""});
  }
  EXPECT_TRUE(s.send("y"));
  s.next();
  s.pass({41'000'000});
  EXPECT_TRUE(s.silent()) << "the timeout has grown beyond the measured 40 ms";
}

TEST(TcpData, AnAckForWhatWasNeverSentIsChallenged) {
  Scripted s;
  s.open_active();
  s.peer({s.rcv, s.snd + 1, kTcpPshAck, 65'535, 0, "evil"});
  EXPECT_TRUE(s.host.handler.stream.empty());
  EXPECT_EQ(s.tcp().counters().invalid_acks, 1u);
  EXPECT_EQ(s.expect(kTcpAck).head.ack, s.rcv);
}

}  // namespace
}  // namespace tradsys::net
