#pragma once
// Brings the stack into each state of RFC 9293 by segments alone, and says which one it is in.
#include "tests/support/raw_peer.hpp"

namespace tradsys::net {

/// Stays half-closed until the test closes, so that CLOSE-WAIT can be looked at.
struct PatientHandler : RecordingHandler {
  std::vector<ConnId> half_closed;
  void on_tcp_peer_closed(ConnId conn) { half_closed.push_back(conn); }
};

/// The session under test is the first of the table; `snd` is behind everything the stack has sent,
/// `rcv` behind everything it has received in order.
struct StateScript : BasicScripted<PatientHandler> {
  static constexpr u32 kWindow = 65'535;  ///< what the stack announces
  static constexpr ConnId kFirst{1U << 16};

  explicit StateScript(TcpState target, const NetConfig& config = host_config(1))
      : BasicScripted(config) {
    conn = kFirst;
    reach(target);
    EXPECT_EQ(state(), target);
    EXPECT_TRUE(silent());
  }

  [[nodiscard]] TcpState state() {
    if (tcp().open_count() == 0) return TcpState::kClosed;
    const TcpSession* s = tcp().session(kFirst);
    return s == nullptr ? TcpState::kTimeWait : s->state;  // the only one that hides its session
  }
  /// First number of the stack that the script has not acknowledged yet.
  [[nodiscard]] u32 una() {
    const TcpSession* s = tcp().session(kFirst);
    return s == nullptr ? snd : s->snd_una;
  }
  /// A segment at the expected number that acknowledges nothing new.
  void in_order(u8 flags, std::string payload = "") {
    peer({rcv, una(), flags, kPeerWindow, 0, std::move(payload)});
  }
  /// The stack answered with the ACK that names what it expects, and with nothing else.
  void expect_ack() {
    const SentSegment ack = expect(kTcpAck);
    EXPECT_EQ(ack.head.seq, snd);
    EXPECT_EQ(ack.head.ack, rcv);
    EXPECT_TRUE(ack.payload.empty());
    EXPECT_TRUE(silent());
  }
  /// Nothing was sent, and the state is still this one.
  void expect_ignored(TcpState before) {
    EXPECT_TRUE(silent());
    EXPECT_EQ(state(), before);
  }

  static constexpr u16 kPeerWindow = 65'535;

 private:
  void reach(TcpState target) {
    if (target == TcpState::kClosed) return;
    if (target == TcpState::kSynSent) return connect();
    if (target == TcpState::kSynReceived) return half_open();
    open_passive();
    if (target == TcpState::kEstablished) return;
    if (target == TcpState::kCloseWait || target == TcpState::kLastAck) {
      peer_fin();
      if (target == TcpState::kLastAck) own_fin();
      return;
    }
    own_fin();
    if (target == TcpState::kFinWait2 || target == TcpState::kTimeWait)
      peer({rcv, snd, kTcpAck, kPeerWindow, 0, ""});
    if (target == TcpState::kClosing || target == TcpState::kTimeWait) peer_fin();
  }

  void connect() {
    own_port = 40'000, peer_port = 7001;
    EXPECT_EQ(tcp().connect(ipv4(10, 0, 0, 2), peer_port, own_port), kFirst);
    iss = expect(kTcpSyn).head.seq;
    snd = iss + 1;
    rcv = 1'001;  // when the script will have sent its SYN with number 1000
  }
  void half_open() {
    tcp().listen(kOwnPort);
    peer({1'000, 0, kTcpSyn, kPeerWindow, 1'460, ""});
    iss = expect(kTcpSynAck).head.seq;
    snd = iss + 1;
    rcv = 1'001;
  }
  void own_fin() {
    tcp().close(conn);
    EXPECT_EQ(expect(kTcpFinAck).head.seq, snd);
    ++snd;
  }
  void peer_fin() {
    in_order(kTcpFinAck);
    ++rcv;
    expect_ack();
  }
};

/// All states that have a session.
inline constexpr TcpState kSessionStates[] = {
    TcpState::kSynSent,  TcpState::kSynReceived, TcpState::kEstablished,
    TcpState::kFinWait1, TcpState::kFinWait2,    TcpState::kCloseWait,
    TcpState::kClosing,  TcpState::kLastAck,     TcpState::kTimeWait,
};
/// Those in which both sides know each other's numbers (RFC 9293 section 3.4).
inline constexpr TcpState kSynchronizedStates[] = {
    TcpState::kSynReceived, TcpState::kEstablished, TcpState::kFinWait1, TcpState::kFinWait2,
    TcpState::kCloseWait,   TcpState::kClosing,     TcpState::kLastAck,  TcpState::kTimeWait,
};

inline std::string state_name(TcpState state) {
  static constexpr const char* kNames[] = {"Closed",   "SynSent",  "SynReceived", "Established",
                                           "FinWait1", "FinWait2", "CloseWait",   "Closing",
                                           "LastAck",  "TimeWait"};
  return kNames[static_cast<u32>(state)];
}

}  // namespace tradsys::net
