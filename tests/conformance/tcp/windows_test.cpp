// Goal: the peer's window is kept, probed when it is closed and used again at once when it opens
// (RFC 9293 sections 3.8.6 and 3.10.7.4); keepalives ask only where nothing else does. Method: a
// script plays the peer segment by segment under a virtual clock.
#include "tests/conformance/tcp/state_script.hpp"

namespace tradsys::net {
namespace {

using State = TcpState;

/// Established, with the peer's window closed and `text` waiting.
struct Stalled : StateScript {
  explicit Stalled(const std::string& text, const NetConfig& config = host_config(1))
      : StateScript(State::kEstablished, config) {
    window(0);
    EXPECT_TRUE(send(text));
    EXPECT_TRUE(silent());
  }
  void window(u16 bytes) { peer({rcv, snd, kTcpAck, bytes, 0, ""}); }
};

TEST(TcpWindow, AClosedWindowIsProbedMoreAndMoreSeldom) {
  Stalled s("waiting");
  i64 gap_ms = 10;
  for (u32 i = 0; i < 8; ++i, gap_ms *= 2) {
    s.pass({gap_ms * 1'000'000 - 1'000'000});
    EXPECT_TRUE(s.silent()) << "before probe " << i;
    s.pass({1'000'000});
    const SentSegment probe = s.expect(kTcpAck);
    EXPECT_EQ(probe.head.seq, s.snd);
    EXPECT_EQ(probe.payload, "w") << "one byte, always the same";
    s.window(0);
  }
  EXPECT_EQ(s.tcp().counters().window_probes, 8u);
  EXPECT_EQ(s.tcp().counters().tail_probes, 0u);
}

TEST(TcpWindow, APeerThatAnswersProbesIsNeverGivenUp) {
  Stalled s("waiting");
  for (u32 i = 0; i < 100; ++i) {
    s.pass({2'000'000'000});
    while (s.next()) {
    }
    s.window(0);
  }
  EXPECT_EQ(s.state(), State::kEstablished);
  s.pass({60'000'000'000});
  EXPECT_EQ(s.state(), State::kClosed) << "one that answers nothing is";
}

TEST(TcpWindow, AnUpdateSendsWhatWaitedAtOnce) {
  Stalled s("0123456789");
  s.window(4);
  EXPECT_EQ(s.expect(kTcpAck).payload, "0123");
  EXPECT_TRUE(s.silent());
  s.peer({s.rcv, s.snd + 4, kTcpAck, 100, 0, ""});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "456789");
}

/// A tail-loss probe would repair what the timer is to repair here.
NetConfig without_tail_probes() {
  NetConfig config = host_config(1);
  config.tcp.tail_probe_min = {};
  return config;
}

TEST(TcpWindow, AnUpdateEndsTheBackOffOfTheProbes) {
  Stalled s("order", without_tail_probes());
  for (u32 i = 0; i < 10; ++i) {  // the last wait was two seconds
    s.pass({2'000'000'000});
    while (s.next()) {
    }
    s.window(0);
  }
  s.window(1'000);
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "order");
  s.pass({10'000'000});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "order") << "lost: repaired in the usual time";
}

TEST(TcpWindow, AProbeByteThatIsTakenEndsTheBackOffToo) {
  Stalled s("order", without_tail_probes());
  for (u32 i = 0; i < 10; ++i) {
    s.pass({2'000'000'000});
    while (s.next()) {
    }
    s.window(0);
  }
  s.pass({2'000'000'000});
  EXPECT_EQ(s.expect(kTcpAck).payload, "o");
  s.peer({s.rcv, s.snd + 1, kTcpAck, 1'000, 0, ""});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "rder");
  s.pass({10'000'000});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "rder");
}

TEST(TcpWindow, AnOldSegmentDoesNotSetTheWindow) {
  StateScript s(State::kEstablished);
  s.in_order(kTcpPshAck, "new");
  s.rcv += 3;
  s.expect_ack();
  s.peer({s.rcv, s.snd, kTcpAck, 100, 0, ""});
  s.peer({s.rcv - 1, s.snd, kTcpPshAck, 9'000, 0, "w!"});  // begins earlier: sent earlier
  EXPECT_TRUE(s.send(std::string(500, 'x')));
  s.next();
  EXPECT_EQ(s.tcp().session(s.conn)->snd_wnd, 100u);
}

TEST(TcpWindow, AWindowThatShrinksBehindWhatWasSentIsSurvived) {
  StateScript s(State::kEstablished);
  EXPECT_TRUE(s.send(std::string(1'000, 'x')));
  s.expect(kTcpPshAck);
  s.peer({s.rcv, s.snd, kTcpAck, 10, 0, ""});  // 990 bytes are beyond it now
  EXPECT_TRUE(s.send("more"));
  EXPECT_TRUE(s.silent());
  s.peer({s.rcv, s.snd + 1'000, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.expect(kTcpPshAck).payload, "more");
}

TEST(TcpWindow, ATinyWindowIsNotFilledWithTinySegments) {
  StateScript s(State::kEstablished);
  EXPECT_TRUE(s.send(std::string(1'000, 'x')));
  s.expect(kTcpPshAck);
  s.peer({s.rcv, s.snd, kTcpAck, 1'010, 0, ""});
  EXPECT_TRUE(s.send(std::string(3'000, 'y')));
  EXPECT_TRUE(s.silent()) << "ten bytes would be silly (RFC 9293, MUST-38)";
  s.peer({s.rcv, s.snd + 1'000, kTcpAck, 1'010, 0, ""});
  EXPECT_EQ(s.expect(kTcpAck).payload.size(), 1'010u) << "all there is, when nothing is under way";
}

TEST(TcpWindow, ThePeersProbesAndKeepalivesAreAnswered) {
  StateScript s(State::kEstablished);
  s.peer({s.rcv - 1, s.snd, kTcpAck, 65'535, 0, ""});
  s.expect_ack();
  s.peer({s.rcv - 1, s.snd, kTcpAck, 65'535, 0, "x"});
  s.expect_ack();
  EXPECT_TRUE(s.host.handler.stream.empty());
}

TEST(TcpWindow, OursIsAnnouncedInEverySegmentAndNeverShrinks) {
  StateScript s(State::kEstablished);
  for (u32 i = 0; i < 50; ++i) {
    s.in_order(kTcpPshAck, std::string(1'400, 'x'));
    s.rcv += 1'400;
    const SentSegment ack = s.expect(kTcpAck);
    EXPECT_EQ(ack.head.window, 65'535);
    EXPECT_EQ(ack.head.ack, s.rcv);
  }
  EXPECT_EQ(s.host.handler.stream.size(), 70'000u);
}

// Keepalive (RFC 9293 section 3.8.4).

NetConfig with_keepalive() {
  NetConfig config = host_config(1);
  config.tcp.keepalive_idle = {1'000'000'000};
  config.tcp.keepalive_interval = {200'000'000};
  config.tcp.keepalive_probes = 3;
  return config;
}

TEST(TcpKeepalive, IsOffUnlessConfigured) {
  StateScript s(State::kEstablished);
  s.pass({7'200'000'000'000});
  s.expect_ignored(State::kEstablished);
}

TEST(TcpKeepalive, AsksASilentPeerAndGivesUpAfterSeveralProbes) {
  StateScript s(State::kEstablished, with_keepalive());
  s.pass({999'000'000});
  EXPECT_TRUE(s.silent());
  for (u32 i = 0; i < 3; ++i) {
    s.pass({200'000'000});
    const SentSegment probe = s.expect(kTcpAck);
    EXPECT_EQ(probe.head.seq, s.snd - 1);
    EXPECT_TRUE(probe.payload.empty());
    EXPECT_EQ(s.state(), State::kEstablished) << "one lost answer means nothing";
  }
  s.pass({200'000'000});
  EXPECT_EQ(s.expect(kTcpRstAck).head.seq, s.snd);
  EXPECT_EQ(s.host.handler.closed.at(0).second, TcpCloseReason::kTimedOut);
}

TEST(TcpKeepalive, AnyAnswerIsEnough) {
  StateScript s(State::kEstablished, with_keepalive());
  for (u32 i = 0; i < 10; ++i) {
    s.pass({1'100'000'000});
    s.expect(kTcpAck);
    s.in_order(kTcpAck);
  }
  EXPECT_EQ(s.state(), State::kEstablished);
  for (u32 i = 0; i < 10; ++i) {  // and whatever else the peer sends
    s.pass({900'000'000});
    s.in_order(kTcpPshAck, "x");
    ++s.rcv;
    s.expect_ack();
  }
  EXPECT_EQ(s.tcp().counters().keepalives, 10u);
}

TEST(TcpKeepalive, DoesNotAskWhileBytesAreUnderWay) {
  NetConfig config = with_keepalive();
  config.tcp.rto_initial = config.tcp.rto_min = config.tcp.rto_max = {60'000'000'000};
  config.tcp.tail_probe_min = {};
  StateScript s(State::kEstablished, config);
  EXPECT_TRUE(s.send("order"));
  s.expect(kTcpPshAck);
  s.pass({10'000'000'000});
  s.expect_ignored(State::kEstablished);
  EXPECT_EQ(s.tcp().counters().keepalives, 0u);
  s.snd += 5;
  s.in_order(kTcpAck);
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  s.pass({2'100'000'000});
  EXPECT_EQ(s.expect(kTcpAck).head.seq, s.snd - 1) << "now it does";
}

}  // namespace
}  // namespace tradsys::net
