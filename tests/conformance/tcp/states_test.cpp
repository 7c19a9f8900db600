// Goal: in every state, every kind of segment has the effect that RFC 9293 section 3.10.7 and RFC
// 5961 name, and no other. Method: the stack is brought into the state, one segment is injected,
// and answer, state and callbacks are compared; each case runs for each state it applies to.
#include "tests/conformance/tcp/state_script.hpp"

namespace tradsys::net {
namespace {

using State = TcpState;
constexpr u32 kWindow = StateScript::kWindow;

std::string name_of(const ::testing::TestParamInfo<State>& info) { return state_name(info.param); }

struct TcpEveryState : ::testing::TestWithParam<State> {};
struct TcpSynchronized : ::testing::TestWithParam<State> {};
struct TcpReceiving : ::testing::TestWithParam<State> {};
struct TcpPeerFinished : ::testing::TestWithParam<State> {};
INSTANTIATE_TEST_SUITE_P(All, TcpReceiving,
                         ::testing::Values(State::kEstablished, State::kFinWait1, State::kFinWait2),
                         name_of);
INSTANTIATE_TEST_SUITE_P(All, TcpPeerFinished,
                         ::testing::Values(State::kCloseWait, State::kClosing, State::kLastAck,
                                           State::kTimeWait),
                         name_of);
INSTANTIATE_TEST_SUITE_P(All, TcpEveryState, ::testing::ValuesIn(kSessionStates), name_of);
INSTANTIATE_TEST_SUITE_P(All, TcpSynchronized, ::testing::ValuesIn(kSynchronizedStates), name_of);

// Reset (RFC 9293 section 3.10.7.4 "second", RFC 5961 section 3).

TEST_P(TcpSynchronized, AResetWithTheExactNumberEndsTheConnectionSilently) {
  StateScript s(GetParam());
  const usize told = s.host.handler.closed.size();
  s.peer({s.rcv, 0, kTcpRst, 0, 0, ""});
  s.expect_ignored(State::kClosed);
  const bool was_told = GetParam() == State::kTimeWait;
  const bool never_known = GetParam() == State::kSynReceived;
  ASSERT_EQ(s.host.handler.closed.size(), told + (was_told || never_known ? 0U : 1U));
  if (was_told || never_known) return;
  EXPECT_EQ(s.host.handler.closed.back().second, TcpCloseReason::kReset);
}

TEST_P(TcpSynchronized, AResetElsewhereInTheWindowIsOnlyChallenged) {
  for (const u32 ahead : {1U, 1'000U, kWindow - 1}) {
    StateScript s(GetParam());
    s.peer({s.rcv + ahead, s.snd, kTcpRstAck, 0, 0, ""});
    s.expect_ack();
    EXPECT_EQ(s.state(), GetParam()) << ahead;
    EXPECT_EQ(s.tcp().counters().challenge_acks, 1u);
  }
}

TEST_P(TcpSynchronized, AResetOutsideTheWindowIsDropped) {
  StateScript s(GetParam());
  for (const u32 off : {kWindow, 0x8000'0000U, 0U - 1U, 0U - 1'000U}) {
    s.peer({s.rcv + off, s.snd, kTcpRstAck, 0, 0, ""});
    s.expect_ignored(GetParam());
  }
}

TEST_P(TcpEveryState, ADamagedResetDoesNothing) {
  StateScript s(GetParam());
  s.peer({s.rcv, s.snd, kTcpRstAck, 0, 0, "", "", true});
  s.expect_ignored(GetParam());
  EXPECT_EQ(s.host.net.counters().rx_bad_tcp_checksum, 1u);
}

// SYN on a connection that stands (RFC 5961 section 4).

TEST_P(TcpSynchronized, AStrangeSynIsChallengedAndChangesNothing) {
  for (const u32 off : {0U - 2U, 0U - 100'000U, 0U - 0x4000'0000U}) {
    StateScript s(GetParam());
    s.peer({s.rcv + off, 0, kTcpSyn, 65'535, 1'460, ""});
    s.expect_ack();
    EXPECT_EQ(s.state(), GetParam()) << off;
  }
}

TEST_P(TcpSynchronized, ASynInTheWindowIsChallengedToo) {
  if (GetParam() == State::kTimeWait) return;  // opens anew: see TcpClosing
  StateScript s(GetParam());
  s.peer({s.rcv + 10, 0, kTcpSyn, 65'535, 1'460, ""});
  s.expect_ack();
  s.peer({s.rcv + 10, s.snd, kTcpSynAck, 65'535, 1'460, ""});
  s.expect_ack();
  EXPECT_EQ(s.state(), GetParam());
}

TEST_P(TcpSynchronized, TheHandshakesOwnSynIsAnsweredAgain) {
  StateScript s(GetParam());
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  if (GetParam() == State::kSynReceived) {
    const SentSegment again = s.expect(kTcpSynAck);
    EXPECT_EQ(again.head.seq, s.iss);
    EXPECT_EQ(again.head.ack, 1'001u);
  } else {
    s.expect_ack();
  }
  EXPECT_EQ(s.state(), GetParam());
}

// Acknowledgements (RFC 9293 section 3.10.7.4 "fifth", RFC 5961 section 5).

TEST_P(TcpEveryState, ASegmentWithoutAckIsDropped) {
  StateScript s(GetParam());
  s.peer({s.rcv, 0, kTcpPsh, 65'535, 0, "x"});
  s.expect_ignored(GetParam());
  EXPECT_TRUE(s.host.handler.stream.empty());
}

TEST_P(TcpSynchronized, AnAckOfWhatWasNeverSentIsAnsweredAndTheSegmentDropped) {
  StateScript s(GetParam());
  s.peer({s.rcv, s.snd + 1, kTcpPshAck, 65'535, 0, "x"});
  if (GetParam() == State::kSynReceived) {
    EXPECT_EQ(s.expect(kTcpRst).head.seq, s.snd + 1);
  } else {
    s.expect_ack();
  }
  EXPECT_EQ(s.state(), GetParam());
  EXPECT_TRUE(s.host.handler.stream.empty());
}

TEST_P(TcpSynchronized, AnAckFarInThePastIsNotBelieved) {
  StateScript s(GetParam());
  const u32 far = s.iss - 70'000;  // further back than any window of ours
  s.peer({s.rcv, far, kTcpPshAck, 65'535, 0, "x"});
  if (GetParam() == State::kSynReceived) {
    EXPECT_EQ(s.expect(kTcpRst).head.seq, far);
  } else {
    s.expect_ack();
  }
  EXPECT_EQ(s.state(), GetParam());
  EXPECT_TRUE(s.host.handler.stream.empty());
}

TEST_P(TcpSynchronized, AnOldAckIsIgnored) {
  StateScript s(GetParam());
  if (GetParam() == State::kSynReceived) {
    s.peer({s.rcv, s.iss, kTcpAck, 65'535, 0, ""});
    EXPECT_EQ(s.expect(kTcpRst).head.seq, s.iss);
    EXPECT_EQ(s.state(), GetParam());
    return;
  }
  s.peer({s.rcv, s.iss, kTcpAck, 65'535, 0, ""});
  s.expect_ignored(GetParam());
}

TEST_P(TcpSynchronized, AnEmptyDuplicateAckChangesNothing) {
  if (GetParam() == State::kSynReceived) return;  // the old ACK above
  StateScript s(GetParam());
  for (u32 i = 0; i < 2; ++i) s.in_order(kTcpAck);
  s.expect_ignored(GetParam());
}

TEST_P(TcpSynchronized, TheAckOfEverythingMovesTheStateOn) {
  StateScript s(GetParam());
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 0, ""});
  EXPECT_TRUE(s.silent());
  State expected = GetParam();
  if (expected == State::kSynReceived) expected = State::kEstablished;
  if (expected == State::kFinWait1) expected = State::kFinWait2;
  if (expected == State::kClosing) expected = State::kTimeWait;
  if (expected == State::kLastAck) expected = State::kClosed;
  EXPECT_EQ(s.state(), expected);
}

// Data (RFC 9293 section 3.10.7.4 "first" and "seventh").

bool takes_data(State state) {
  return state == State::kEstablished || state == State::kFinWait1 || state == State::kFinWait2;
}

TEST_P(TcpSynchronized, DataInOrderIsTakenWhereThePeerMaySend) {
  StateScript s(GetParam());
  const bool opens = GetParam() == State::kSynReceived;
  s.peer({s.rcv, opens ? s.snd : s.una(), kTcpPshAck, 65'535, 0, "abc"});
  const bool taken = opens || takes_data(GetParam());
  if (taken) s.rcv += 3;
  s.expect_ack();
  EXPECT_EQ(s.host.handler.stream, taken ? "abc" : "");
  EXPECT_EQ(s.state(), opens ? State::kEstablished : GetParam());
}

TEST_P(TcpSynchronized, DataOutsideTheWindowIsAcknowledgedAndNotTaken) {
  for (const u32 off : {kWindow, kWindow + 5'000, 0U - 3U, 0U - 70'000U, 0x8000'0000U}) {
    StateScript s(GetParam());
    s.peer({s.rcv + off, s.snd, kTcpPshAck, 65'535, 0, "abc"});
    s.expect_ack();
    EXPECT_EQ(s.state(), GetParam()) << "not even its ACK counts: " << off;
    EXPECT_TRUE(s.host.handler.stream.empty());
  }
}

TEST_P(TcpSynchronized, AnEmptySegmentOutsideTheWindowIsAcknowledged) {
  StateScript s(GetParam());
  for (const u32 off : {kWindow, 0U - 1U}) {
    s.peer({s.rcv + off, s.snd, kTcpAck, 65'535, 0, ""});
    s.expect_ack();
  }
  EXPECT_EQ(s.state(), GetParam());
}

TEST_P(TcpReceiving, OnlyTheNewPartOfAnOverlapIsTaken) {
  StateScript s(GetParam());
  s.in_order(kTcpPshAck, "abcd");
  s.rcv += 4;
  s.expect_ack();
  s.peer({s.rcv - 2, s.una(), kTcpPshAck, 65'535, 0, "cdef"});
  s.rcv += 2;
  s.expect_ack();
  s.peer({s.rcv - 6, s.una(), kTcpPshAck, 65'535, 0, "abcdef"});
  s.expect_ack();
  EXPECT_EQ(s.host.handler.stream, "abcdef");
}

TEST_P(TcpReceiving, DataAheadOfAHoleWaitsForIt) {
  StateScript s(GetParam());
  s.peer({s.rcv + 3, s.una(), kTcpPshAck, 65'535, 0, "def"});
  s.expect_ack();
  s.peer({s.rcv + 1, s.una(), kTcpPshAck, 65'535, 0, "bcde"});
  s.expect_ack();
  s.in_order(kTcpPshAck, "ab");
  s.rcv += 6;
  s.expect_ack();
  EXPECT_EQ(s.host.handler.stream, "abcdef");
}

// FIN (RFC 9293 section 3.10.7.4 "eighth").

TEST_P(TcpSynchronized, AFinInOrderMovesTheStateOn) {
  StateScript s(GetParam());
  const bool opens = GetParam() == State::kSynReceived;
  s.peer({s.rcv, opens ? s.snd : s.una(), kTcpFinAck, 65'535, 0, ""});
  State expected = GetParam();
  if (opens || expected == State::kEstablished) expected = State::kCloseWait;
  if (expected == State::kFinWait1) expected = State::kClosing;
  if (expected == State::kFinWait2) expected = State::kTimeWait;
  if (opens || takes_data(GetParam())) ++s.rcv;
  s.expect_ack();
  EXPECT_EQ(s.state(), expected);
}

TEST_P(TcpPeerFinished, AFinAgainIsAcknowledgedAgain) {
  StateScript s(GetParam());
  for (u32 i = 0; i < 3; ++i) {
    s.peer({s.rcv - 1, s.una(), kTcpFinAck, 65'535, 0, ""});
    s.expect_ack();
    EXPECT_EQ(s.state(), GetParam());
  }
}

TEST_P(TcpSynchronized, AFinOutsideTheWindowChangesNothing) {
  for (const u32 off : {kWindow, 0U - 2U}) {
    StateScript s(GetParam());
    s.peer({s.rcv + off, s.una(), kTcpFinAck, 65'535, 0, ""});
    s.expect_ack();
    EXPECT_EQ(s.state(), GetParam());
  }
}

TEST(TcpFinWait1, AFinThatAlsoAcknowledgesOursSkipsAState) {
  StateScript s(State::kFinWait1);
  s.peer({s.rcv, s.snd, kTcpFinAck, 65'535, 0, ""});
  ++s.rcv;
  s.expect_ack();
  EXPECT_EQ(s.state(), State::kTimeWait);
}

// Whatever state it is in, a connection cannot be used twice and an unknown one is reset.

TEST_P(TcpEveryState, SegmentsOfAnotherConnectionAreReset) {
  StateScript s(GetParam());
  s.peer_port = 1'234;
  s.peer({77, 88, kTcpAck, 65'535, 0, "hello"});
  EXPECT_EQ(s.expect(kTcpRst).head.seq, 88u);
  EXPECT_EQ(s.state(), GetParam());
}

}  // namespace
}  // namespace tradsys::net
