// Goal: connections open as RFC 9293 sections 3.5, 3.7.1 and 3.10 say, whatever options the peer
// sends, and neither floods nor forged ICMP errors get in the way. Method: a script plays the peer
// segment by segment under a virtual clock.
#include "dataplane/net/icmp.hpp"
#include "tests/conformance/tcp/state_script.hpp"

namespace tradsys::net {
namespace {

using State = TcpState;

// MSS and other options (MUST-4 to MUST-7, MUST-14 to MUST-16).

/// Payload bytes of the first full segment to a peer whose SYN carried these options.
usize segment_bytes_for(u16 mss, const std::string& options) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  s.peer({1'000, 0, kTcpSyn, 65'535, mss, "", options});
  const SentSegment reply = s.expect(kTcpSynAck);
  EXPECT_EQ(reply.head.mss, 1'460) << "ours is announced in every case";
  s.peer({1'001, reply.head.seq + 1, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.host.handler.accepted.size(), 1u);
  s.conn = s.host.handler.accepted.at(0);
  EXPECT_TRUE(s.send(std::string(4'000, 'x')));
  return s.expect(kTcpAck).payload.size();
}

TEST(TcpOptions, TheMssIsRespectedWithinOurOwn) {
  EXPECT_EQ(segment_bytes_for(1'460, ""), 1'460u);
  EXPECT_EQ(segment_bytes_for(1'000, ""), 1'000u);
  EXPECT_EQ(segment_bytes_for(9'000, ""), 1'460u) << "a jumbo peer";
  EXPECT_EQ(segment_bytes_for(0, ""), 536u) << "none announced";
  EXPECT_EQ(segment_bytes_for(1, ""), 64u) << "a useless one is raised";
}

TEST(TcpOptions, WhatLinuxAndOthersSendIsSkipped) {
  const std::string timestamps("\x08\x0A\0\0\0\1\0\0\0\0", 10);
  const std::string linux_syn = std::string("\x04\x02", 2) + timestamps + "\x01\x03\x03\x07";
  EXPECT_EQ(segment_bytes_for(1'000, linux_syn), 1'000u);
  EXPECT_EQ(segment_bytes_for(0, linux_syn + std::string("\x02\x04\x03\xE8", 4)), 1'000u)
      << "MSS last";
  EXPECT_EQ(segment_bytes_for(0, "\x01\x01\x01\x01"), 536u);
  const std::string unaligned("\x01\x02\x04\x03\xE8", 5);
  EXPECT_EQ(segment_bytes_for(0, unaligned), 1'000u);
  EXPECT_EQ(segment_bytes_for(1'000, "\xFE\x04\x12\x34"), 1'000u) << "an experiment";
  const std::string ended("\0\x02\x04\x00\x64", 5);
  EXPECT_EQ(segment_bytes_for(1'000, ended), 1'000u) << "nothing counts behind the end";
  EXPECT_EQ(segment_bytes_for(0, std::string("\x02\x03\x64\x00", 4)), 536u) << "a short MSS option";
}

TEST(TcpOptions, LengthsThatLieAreRefusedWithoutHarm) {
  for (const std::string& options :
       {std::string("\x02\x00\x05\xB4", 4), std::string("\x02\x01\x05\xB4", 4),
        std::string("\x02\x05\x05\xB4", 4), std::string("\x01\x01\x01\x02", 4),
        std::string("\x08\xFF\x00\x00", 4), std::string("\xFE\x01\x00\x00", 4)}) {
    Scripted s;
    s.tcp().listen(Scripted::kOwnPort);
    s.peer({1'000, 0, kTcpSyn, 65'535, 0, "", options});
    EXPECT_TRUE(s.silent());
    EXPECT_EQ(s.tcp().open_count(), 0u);
    EXPECT_EQ(s.host.net.counters().rx_malformed, 1u);
  }
}

TEST(TcpOptions, AnMssOutsideASynMeansNothing) {
  Scripted s;
  s.open_passive(65'535, 1'000);
  s.peer({s.rcv, s.snd, kTcpAck, 65'535, 100, ""});
  EXPECT_TRUE(s.send(std::string(2'000, 'x')));
  EXPECT_EQ(s.expect(kTcpAck).payload.size(), 1'000u);
}

TEST(TcpOptions, OptionsOfDataSegmentsAreSkipped) {
  Scripted s;
  s.open_passive();
  const std::string timestamps("\x01\x01\x08\x0A\0\0\0\1\0\0\0\2", 12);
  s.peer({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "data", timestamps});
  EXPECT_EQ(s.host.handler.stream, "data");
}

// LISTEN and no connection at all (RFC 9293 sections 3.10.7.1 and 3.10.7.2).

TEST(TcpListen, OnlyASynOpens) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  s.peer({1'000, 0, kTcpRst, 0, 0, ""});
  s.peer({1'000, 5, kTcpRstAck, 0, 0, ""});
  EXPECT_TRUE(s.silent());
  s.peer({1'000, 5, kTcpAck, 0, 0, ""});
  EXPECT_EQ(s.expect(kTcpRst).head.seq, 5u);
  s.peer({1'000, 0, kTcpFin, 0, 0, ""});
  EXPECT_EQ(s.expect(kTcpRstAck).head.ack, 1'001u);
  s.peer({1'000, 0, 0, 0, 0, "xyz"});
  EXPECT_EQ(s.expect(kTcpRstAck).head.ack, 1'003u);
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

TEST(TcpListen, ADamagedSynOpensNothing) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, "", "", true});
  EXPECT_TRUE(s.silent());
  EXPECT_EQ(s.tcp().open_count(), 0u);
  EXPECT_EQ(s.host.net.counters().rx_bad_tcp_checksum, 1u);
}

TEST(TcpListen, DataInASynIsLeftToBeSentAgain) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, "early"});
  const SentSegment reply = s.expect(kTcpSynAck);
  EXPECT_EQ(reply.head.ack, 1'001u) << "acknowledges the SYN alone";
  s.peer({1'001, reply.head.seq + 1, kTcpPshAck, 65'535, 0, "early"});
  EXPECT_EQ(s.host.handler.stream, "early");
}

/// A SYN in a frame and packet with these addresses.
void send_syn(Scripted& s, MacAddress dst_mac, Ipv4 src, Ipv4 dst) {
  const auto syn =
      tcp_bytes(src, 50'000, dst, Scripted::kOwnPort, {1'000, 0, kTcpSyn, 65'535, 0, ""});
  s.send_frame(ip_frame(dst_mac, {0x020000000002}, {src, dst, kProtocolTcp}, syn));
  s.host.net.poll(32);
}

TEST(TcpListen, GroupAndBroadcastAddressesOpenNothing) {
  Scripted s;
  s.tcp().listen(Scripted::kOwnPort);
  const MacAddress own{0x020000000001};
  const Ipv4 ip = ipv4(10, 0, 0, 1);
  send_syn(s, own, ipv4(10, 0, 0, 2), ipv4(10, 0, 0, 255));
  send_syn(s, own, ipv4(10, 0, 0, 2), ipv4(224, 0, 0, 1));
  send_syn(s, kBroadcastMac, ipv4(10, 0, 0, 2), ip);
  send_syn(s, own, ipv4(224, 0, 0, 5), ip);
  send_syn(s, own, ipv4(255, 255, 255, 255), ip);
  send_syn(s, own, ipv4(0, 0, 0, 0), ip);
  send_syn(s, own, ipv4(127, 0, 0, 1), ip);
  send_syn(s, own, ipv4(10, 0, 0, 255), ip);
  send_syn(s, own, ip, ip);
  EXPECT_TRUE(s.silent());
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

TEST(TcpListen, TheBacklogIsTheTableAndItsPlacesComeBack) {
  Scripted s;  // four sessions
  s.tcp().listen(Scripted::kOwnPort);
  for (u16 i = 0; i < 4; ++i) {
    s.peer_port = static_cast<u16>(50'000 + i);
    s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
    s.expect(kTcpSynAck);
  }
  s.peer_port = 50'010;
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_TRUE(s.silent()) << "dropped, not refused: the peer tries again";
  EXPECT_EQ(s.tcp().counters().syn_dropped, 1u);
  s.peer_port = 50'000;
  s.peer({1'001, 0, kTcpRst, 0, 0, ""});
  s.peer_port = 50'010;
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  s.expect(kTcpSynAck);
}

TEST(TcpListen, APortNoLongerListenedToRefusesAndKeepsWhatItAccepted) {
  Scripted s;
  s.open_passive();
  s.tcp().stop_listening(Scripted::kOwnPort);
  s.peer_port = 50'001;
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  s.expect(kTcpRstAck);
  s.peer_port = Scripted::kPeerPort;
  s.peer({s.rcv, s.snd, kTcpPshAck, 65'535, 0, "still"});
  EXPECT_EQ(s.host.handler.stream, "still");
}

TEST(TcpSynSent, AnAddressThatIsNoOtherHostsIsRefusedAtOnce) {
  Scripted s;
  for (const Ipv4 ip : {ipv4(0, 0, 0, 0), ipv4(127, 0, 0, 1), ipv4(224, 0, 0, 1), kBroadcastIp,
                        ipv4(10, 0, 0, 255), ipv4(10, 0, 0, 1)}) {
    EXPECT_EQ(s.tcp().connect(ip, 7001), kNoConn);
  }
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

// SYN-SENT (RFC 9293 section 3.10.7.3).

TEST(TcpSynSent, OnlyASynOrARefusalCounts) {
  StateScript s(State::kSynSent);
  const u32 ack = s.iss + 1;
  for (const u32 wrong : {s.iss, s.iss + 2, s.iss - 1'000}) {
    s.peer({1'000, wrong, kTcpAck, 65'535, 0, ""});
    EXPECT_EQ(s.expect(kTcpRst).head.seq, wrong);
    s.peer({1'000, wrong, kTcpRstAck, 65'535, 0, ""});
    s.peer({1'000, wrong, kTcpRst | kTcpSyn | kTcpAck, 65'535, 0, ""});
    s.expect_ignored(State::kSynSent);
  }
  s.peer({1'000, 0, kTcpRst, 0, 0, ""});
  s.peer({1'000, ack, kTcpAck, 65'535, 0, "data"});
  s.peer({1'000, ack, kTcpFinAck, 65'535, 0, ""});
  s.peer({1'000, 0, 0, 65'535, 0, "data"});
  s.expect_ignored(State::kSynSent);
  s.peer({1'000, ack, kTcpRstAck, 0, 0, ""});
  s.expect_ignored(State::kClosed);
  ASSERT_EQ(s.host.handler.closed.size(), 1u);
  EXPECT_EQ(s.host.handler.closed[0].second, TcpCloseReason::kRefused);
}

TEST(TcpSynSent, DataAndFinOfASynAckAreLeftToBeSentAgain) {
  StateScript s(State::kSynSent);
  s.peer({1'000, s.snd, kTcpSynAck | kTcpFin, 65'535, 1'460, "hello"});
  s.expect_ack();
  EXPECT_EQ(s.state(), State::kEstablished);
  s.peer({1'001, s.snd, kTcpFinAck, 65'535, 0, "hello"});
  EXPECT_EQ(s.host.handler.stream, "hello");
  EXPECT_EQ(s.state(), State::kCloseWait);
}

TEST(TcpSynSent, BothMayOpenAtOnceByTheSynAckItself) {
  StateScript s(State::kSynSent);
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_EQ(s.expect(kTcpSynAck).head.seq, s.iss);
  EXPECT_EQ(s.state(), State::kSynReceived);
  s.peer({1'000, s.snd, kTcpSynAck, 65'535, 1'460, ""});
  s.expect_ack();
  s.peer({1'001, s.snd, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.state(), State::kEstablished);
  EXPECT_EQ(s.host.handler.connected.size(), 1u);
  EXPECT_TRUE(s.host.handler.accepted.empty());
}

TEST(TcpSynSent, AResetOfASimultaneousOpenIsARefusal) {
  StateScript s(State::kSynSent);
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  s.expect(kTcpSynAck);
  s.peer({1'001, 0, kTcpRst, 0, 0, ""});
  ASSERT_EQ(s.host.handler.closed.size(), 1u);
  EXPECT_EQ(s.host.handler.closed[0].second, TcpCloseReason::kRefused);
}

TEST(TcpSynSent, NothingReachesAHandlerThatClosedBeforeBothOpensMet) {
  StateScript s(State::kSynSent);
  s.peer({1'000, 0, kTcpSyn, 65'535, 1'460, ""});
  s.expect(kTcpSynAck);
  s.tcp().close(s.conn);
  s.peer({1'001, s.snd, kTcpPshAck, 65'535, 0, "unwanted"});
  EXPECT_EQ(s.expect(kTcpFinAck).head.ack, 1'001u);
  s.peer({1'001, s.snd, kTcpPshAck, 65'535, 0, "unwanted"});
  EXPECT_TRUE(s.host.handler.stream.empty());
  EXPECT_TRUE(s.host.handler.connected.empty());
}

// Half-open connections (RFC 9293 section 3.5.1).

TEST(TcpHalfOpen, APeerThatRebootedFindsOutAndOpensAnew) {
  StateScript s(State::kEstablished);
  s.peer({500'000, 0, kTcpSyn, 65'535, 1'460, ""});  // from the same port as before
  s.expect_ack();
  s.peer({s.rcv, 0, kTcpRst, 0, 0, ""});  // its answer to an ACK it does not know
  EXPECT_EQ(s.host.handler.closed.at(0).second, TcpCloseReason::kReset);
  s.peer({500'000, 0, kTcpSyn, 65'535, 1'460, ""});
  EXPECT_EQ(s.expect(kTcpSynAck).head.ack, 500'001u);
}

TEST(TcpHalfOpen, WeFindOutByTheResetThatAnswersOurData) {
  StateScript s(State::kEstablished);
  EXPECT_TRUE(s.send("order"));
  const SentSegment sent = s.expect(kTcpPshAck);
  s.peer({sent.head.ack, 0, kTcpRst, 0, 0, ""});  // RFC 9293 figure 10: SEQ = SEG.ACK
  EXPECT_EQ(s.host.handler.closed.at(0).second, TcpCloseReason::kReset);
  EXPECT_EQ(s.state(), State::kClosed);
}

TEST(TcpHalfOpen, WeRebootedAndResetWhatThePeerStillSends) {
  StateScript s(State::kClosed);
  s.peer({4'000, 9'000, kTcpPshAck, 65'535, 0, "old"});
  const SentSegment reset = s.expect(kTcpRst);
  EXPECT_EQ(reset.head.seq, 9'000u);
}

TEST(TcpHalfOpen, ChallengesAreLimitedPerConnectionAndSecond) {
  NetConfig config = host_config(1);
  config.tcp.challenge_acks_per_second = 10;
  StateScript s(State::kEstablished, config);
  for (u32 i = 0; i < 50; ++i) s.peer({s.rcv + 1 + i, 0, kTcpRst, 0, 0, ""});
  for (u32 i = 0; i < 50; ++i) s.peer({s.rcv + 1 + i, 0, kTcpSyn, 65'535, 0, ""});
  for (u32 i = 0; i < 50; ++i) s.peer({s.rcv, s.snd + 1 + i, kTcpAck, 65'535, 0, ""});
  EXPECT_EQ(s.tcp().counters().challenge_acks, 10u) << "of all kinds together";
  u32 answers = 0;
  while (s.next()) ++answers;
  EXPECT_EQ(answers, 10u);
  s.in_order(kTcpPshAck, "x");
  ++s.rcv;
  s.expect_ack();
  s.pass({1'000'000'000});
  s.peer({s.rcv + 1, 0, kTcpRst, 0, 0, ""});
  s.expect_ack();
}

}  // namespace
}  // namespace tradsys::net
