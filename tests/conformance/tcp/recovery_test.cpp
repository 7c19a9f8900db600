// Goal: what is lost leaves again when RFC 6298, 5681, 6582 and 8985 say, with the configured
// floor, and not before. Method: a script plays the peer segment by segment under a virtual clock.
#include "tests/conformance/tcp/state_script.hpp"

namespace tradsys::net {
namespace {

using State = TcpState;
constexpr Nanos ms(i64 count) { return {count * 1'000'000}; }

NetConfig without_tail_probes() {
  NetConfig config = host_config(1);
  config.tcp.tail_probe_min = {};
  return config;
}

/// Sends `text` and takes its segments off the wire.
void send_all(StateScript& s, const std::string& text) {
  EXPECT_TRUE(s.send(text));
  while (s.next()) {
  }
  s.snd += static_cast<u32>(text.size());
}

/// When the next segment leaves, at most `limit` from now, to a tenth of a millisecond.
Nanos wait_for_segment(StateScript& s, Nanos limit, SentSegment& out) {
  const Nanos start = s.clock.now();
  while (s.clock.now() - start < limit) {
    s.pass({100'000});
    if (const auto segment = s.next()) {
      out = *segment;
      return s.clock.now() - start;
    }
  }
  return kNever;
}

// Retransmission timer (RFC 6298).

TEST(TcpTimer, StartsAtTheFloorDoublesAndStopsAtTheCeiling) {
  StateScript s(State::kEstablished, without_tail_probes());
  send_all(s, "order");
  i64 expected_ms = 10;
  for (u32 i = 0; i < 12; ++i) {
    SentSegment again;
    const Nanos waited = wait_for_segment(s, {3'000'000'000}, again);
    EXPECT_NEAR(static_cast<double>(waited.v), static_cast<double>(expected_ms) * 1e6, 2e5) << i;
    EXPECT_EQ(again.payload, "order");
    EXPECT_EQ(again.head.seq, s.snd - 5);
    expected_ms = std::min<i64>(expected_ms * 2, 2'000);
  }
  s.pass({2'100'000'000});
  EXPECT_EQ(s.expect(kTcpRstAck).head.seq, s.snd);
  EXPECT_EQ(s.host.handler.closed.at(0).second, TcpCloseReason::kTimedOut);
}

TEST(TcpTimer, FollowsMeasuredRoundTrips) {
  StateScript s(State::kEstablished, without_tail_probes());
  for (u32 i = 0; i < 40; ++i) {  // round trips of 8 ms: below the floor of the timer, so no echo
    send_all(s, "x");
    s.pass(ms(8));
    s.in_order(kTcpAck);
    s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
    EXPECT_TRUE(s.silent());
  }
  const TcpSession& t = *s.tcp().session(s.conn);
  EXPECT_NEAR(static_cast<double>(t.srtt.v), 8e6, 5e5);
  EXPECT_EQ(t.rto, (Nanos{std::max<i64>(10'000'000, t.srtt.v + 4 * t.rttvar.v)}));
}

TEST(TcpTimer, WhatWasSentTwiceMeasuresNothingAndKeepsTheBackOff) {
  StateScript s(State::kEstablished, without_tail_probes());
  send_all(s, "one");
  s.pass(ms(31));  // sent again at 10 and 30
  while (s.next()) {
  }
  const Nanos srtt = s.tcp().session(s.conn)->srtt;
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.tcp().session(s.conn)->srtt, srtt) << "Karn";
  EXPECT_EQ(s.tcp().session(s.conn)->rto, ms(40)) << "until something is measured";
  send_all(s, "two");
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.tcp().session(s.conn)->rto, ms(10));
}

TEST(TcpTimer, EachAckOfNewDataStartsItAnewAndTheLastStopsIt) {
  StateScript s(State::kEstablished, without_tail_probes());
  send_all(s, "abc");
  for (u32 i = 3; i > 1; --i) {
    s.pass(ms(9));
    s.peer({s.rcv, s.snd - i + 1, kTcpAck, 65'535, 0, ""});
    EXPECT_TRUE(s.silent());
  }
  s.pass(ms(9));
  EXPECT_TRUE(s.silent());
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  s.pass(ms(1'000));
  EXPECT_TRUE(s.silent()) << "nothing is under way";
}

TEST(TcpTimer, TheHandshakeHasItsOwnPatience) {
  StateScript s(State::kSynReceived);
  SentSegment again;
  EXPECT_NEAR(static_cast<double>(wait_for_segment(s, kSecond, again).v), 200e6, 2e5);
  EXPECT_EQ(+again.head.flags, +kTcpSynAck);
  EXPECT_EQ(again.head.mss, 1'460) << "with its options";
  EXPECT_NEAR(static_cast<double>(wait_for_segment(s, kSecond, again).v), 400e6, 2e5);
  s.pass({30'000'000'000});
  EXPECT_EQ(s.state(), State::kClosed);
  EXPECT_TRUE(s.host.handler.closed.empty());
}

TEST(TcpTimer, OtherFloorsAreObeyed) {
  for (const i64 floor_ms : {5, 20, 200}) {
    NetConfig config = without_tail_probes();
    config.tcp.rto_min = ms(floor_ms);
    StateScript s(State::kEstablished, config);
    send_all(s, "x");
    SentSegment again;
    const Nanos waited = wait_for_segment(s, kSecond, again);
    EXPECT_NEAR(static_cast<double>(waited.v), static_cast<double>(floor_ms) * 1e6, 2e5);
  }
}

// Fast retransmit and recovery (RFC 5681, RFC 6582).

/// Five segments of 100 bytes under way.
struct Flight : StateScript {
  explicit Flight(const NetConfig& config = host_config(1)) : StateScript(State::kClosed, config) {
    open_passive(65'535, 100);
    EXPECT_TRUE(send(std::string(500, 'x')));
    while (next()) {
    }
    first = snd;
    snd += 500;
  }
  void ack(u32 bytes, u16 window = 65'535) { peer({rcv, first + bytes, kTcpAck, window, 0, ""}); }
  u32 first = 0;
};

TEST(TcpFastRetransmit, TheThirdDuplicateAckSendsTheOldestAgain) {
  Flight s;
  s.ack(0), s.ack(0);
  EXPECT_TRUE(s.silent());
  s.ack(0);
  const SentSegment again = s.expect(kTcpAck);
  EXPECT_EQ(again.head.seq, s.first);
  EXPECT_EQ(again.payload.size(), 100u);
  s.ack(0), s.ack(0);
  EXPECT_TRUE(s.silent()) << "once";
  s.ack(500);
  EXPECT_TRUE(s.silent());
  EXPECT_EQ(s.tcp().unacknowledged(s.conn), 0u);
}

TEST(TcpFastRetransmit, APartialAckSendsTheNextHole) {
  Flight s;
  for (u32 i = 0; i < 3; ++i) s.ack(0);
  EXPECT_EQ(s.expect(kTcpAck).head.seq, s.first);
  s.ack(200);
  EXPECT_EQ(s.expect(kTcpAck).head.seq, s.first + 200);
  s.ack(400);
  EXPECT_EQ(s.expect(kTcpPshAck).head.seq, s.first + 400);
}

TEST(TcpFastRetransmit, OnlyTrueDuplicatesCount) {
  Flight s;
  s.ack(0, 60'000), s.ack(0, 59'000), s.ack(0, 58'000), s.ack(0, 57'000);  // window updates
  EXPECT_TRUE(s.silent());
  for (u32 i = 0; i < 4; ++i) {  // data
    s.peer({s.rcv, s.first, kTcpPshAck, 57'000, 0, "y"});
    ++s.rcv;
    s.expect_ack();
  }
  EXPECT_EQ(s.tcp().counters().fast_retransmits, 0u);
  Flight t;
  t.ack(500);
  for (u32 i = 0; i < 5; ++i) t.ack(500);  // nothing is under way
  EXPECT_TRUE(t.silent());
  EXPECT_EQ(t.tcp().counters().fast_retransmits, 0u);
}

TEST(TcpFastRetransmit, AckProgressStartsTheCountAnew) {
  Flight s;
  s.ack(0), s.ack(0);
  s.ack(100), s.ack(100), s.ack(100);
  EXPECT_TRUE(s.silent());
  s.ack(100);
  EXPECT_EQ(s.expect(kTcpAck).head.seq, s.first + 100);
}

TEST(TcpFastRetransmit, AfterATimeoutOldDuplicatesDoNotStartIt) {
  Flight s(without_tail_probes());
  s.pass(ms(11));
  while (s.next()) {
  }
  for (u32 i = 0; i < 5; ++i) s.ack(0);
  EXPECT_TRUE(s.silent()) << "everything was sent again already (RFC 6582)";
}

TEST(TcpFastRetransmit, TheWindowOfCongestionHalvesAndGrowsAgain) {
  NetConfig config = host_config(1);
  config.tcp.congestion_window_floor_bytes = 200;
  config.tcp.congestion_window_bytes = 1'000;
  StateScript s(State::kClosed, config);
  s.open_passive(65'535, 100);
  EXPECT_TRUE(s.send(std::string(5'000, 'x')));
  u32 sent = 0;
  while (s.next()) ++sent;
  EXPECT_EQ(sent, 10u) << "the configured 1000 bytes";
  for (u32 i = 0; i < 3; ++i) s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  s.expect(kTcpAck);
  EXPECT_EQ(s.tcp().session(s.conn)->ssthresh, 500u);
  s.peer({s.rcv, s.snd + 1'000, kTcpAck, 65'535, 0, ""});
  sent = 0;
  while (s.next()) ++sent;
  EXPECT_EQ(sent, 5u) << "half of what was under way";
  for (u32 i = 0; i < 30; ++i) {
    const TcpSession& t = *s.tcp().session(s.conn);
    s.peer({s.rcv, t.snd_max, kTcpAck, 65'535, 0, ""});
    while (s.next()) {
    }
  }
  EXPECT_LE(s.tcp().session(s.conn)->cwnd, 1'000u);
  EXPECT_GT(s.tcp().session(s.conn)->cwnd, 500u);
}

// Tail-loss probe (RFC 8985 section 7).

TEST(TcpTailProbe, TheLastSegmentLeavesAgainBeforeTheTimer) {
  StateScript s(State::kEstablished);
  send_all(s, "order");
  SentSegment again;
  const Nanos waited = wait_for_segment(s, kSecond, again);
  EXPECT_NEAR(static_cast<double>(waited.v), 2e6, 2e5);
  EXPECT_EQ(again.payload, "order");
  EXPECT_EQ(s.tcp().counters().tail_probes, 1u);
  EXPECT_EQ(s.tcp().counters().timeouts, 0u);
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  s.pass(ms(1'000));
  EXPECT_TRUE(s.silent());
}

TEST(TcpTailProbe, OnlyOneThenTheTimer) {
  StateScript s(State::kEstablished);
  send_all(s, "order");
  SentSegment again;
  wait_for_segment(s, kSecond, again);
  const Nanos waited = wait_for_segment(s, kSecond, again);
  EXPECT_NEAR(static_cast<double>(waited.v), 10e6, 2e5);
  EXPECT_EQ(s.tcp().counters().tail_probes, 1u);
  EXPECT_EQ(s.tcp().counters().timeouts, 1u);
}

TEST(TcpTailProbe, ItIsTheEndOfWhatIsUnderWay) {
  Flight s;
  SentSegment probe;
  wait_for_segment(s, kSecond, probe);
  EXPECT_EQ(probe.head.seq, s.first + 400);
  EXPECT_EQ(probe.payload.size(), 100u);
  EXPECT_EQ(s.tcp().session(s.conn)->snd_nxt, s.first + 500) << "what is next has not moved";
}

TEST(TcpTailProbe, TwoRoundTripsWhereTheyAreLonger) {
  NetConfig config = host_config(1);
  config.tcp.rto_min = ms(100);
  StateScript s(State::kEstablished, config);
  for (u32 i = 0; i < 40; ++i) {  // the first ones are probed: nothing is measured then
    send_all(s, "x");
    s.pass(ms(20));
    while (s.next()) {
    }
    s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  }
  EXPECT_LE(s.tcp().counters().tail_probes, 4u) << "a slow peer is learnt";
  send_all(s, "y");
  SentSegment probe;
  const Nanos waited = wait_for_segment(s, kSecond, probe);
  EXPECT_NEAR(static_cast<double>(waited.v), 40e6, 3e6);
}

TEST(TcpTailProbe, NoneWhereTheTimerIsAsSoon) {
  NetConfig config = host_config(1);
  config.tcp.tail_probe_min = ms(10);
  StateScript s(State::kEstablished, config);
  send_all(s, "order");
  s.pass(ms(11));
  EXPECT_EQ(s.tcp().counters().tail_probes, 0u);
  EXPECT_EQ(s.tcp().counters().timeouts, 1u);
}

TEST(TcpTailProbe, AFinIsATailToo) {
  StateScript s(State::kEstablished);
  EXPECT_TRUE(s.send("bye"));
  s.tcp().close(s.conn);
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "bye");
  s.expect(kTcpFinAck);
  s.pass(ms(3));
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "bye");
  EXPECT_EQ(s.expect(kTcpFinAck).head.seq, s.snd + 3);
  s.peer({s.rcv, s.snd + 4, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.state(), State::kFinWait2);
}

}  // namespace
}  // namespace tradsys::net
