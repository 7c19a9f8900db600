// Goal: ICMP errors end only what RFC 9293 section 3.9.2.2 and RFC 5927 let them end. Method: a
// script plays a router or the peer's host under a virtual clock.
#include "dataplane/net/icmp.hpp"
#include "tests/conformance/tcp/state_script.hpp"

namespace tradsys::net {
namespace {

using State = TcpState;

/// What an error quotes of the packet it is about.
struct Quote {
  u8 code = 0;
  u32 seq = 0;
  u16 mtu = 0;
  Ipv4 local_ip = ipv4(10, 0, 0, 1);
  u8 protocol = kProtocolTcp;
  u8 version_and_words = 0x45;
  u32 bytes = 28;  ///< of the quoted packet
};

void send_error(StateScript& s, const Quote& q, u8 type = kIcmpUnreachable, bool damaged = false) {
  std::byte quoted[64] = {};
  store_u8(quoted, q.version_and_words);
  store_u8(quoted + 9, q.protocol);
  store_be32(quoted + 12, q.local_ip.v);
  store_be32(quoted + 16, ipv4(10, 0, 0, 2).v);
  store_be16(quoted + 20, s.own_port);
  store_be16(quoted + 22, s.peer_port);
  store_be32(quoted + 24, q.seq);
  std::vector<std::byte> message(kIcmpBytes + q.bytes);
  store_u8(message.data(), type);
  store_u8(message.data() + 1, q.code);
  store_be16(message.data() + 6, q.mtu);
  std::memcpy(message.data() + kIcmpBytes, quoted, q.bytes);
  const u16 checksum = checksum_finish(checksum_add(0, message.data(), message.size()));
  checksum_store(message.data() + 2, damaged ? static_cast<u16>(checksum ^ 1U) : checksum);
  const Ipv4 router = ipv4(10, 0, 0, 254);
  s.send_frame(ip_frame({0x020000000001}, {0x020000000009},
                        {router, ipv4(10, 0, 0, 1), kProtocolIcmp}, message));
  s.host.net.poll(32);
}

TEST(TcpIcmp, AHardErrorRefusesAnOpen) {
  for (const u8 code : {u8{2}, u8{3}}) {
    StateScript s(State::kSynSent);
    send_error(s, {code, s.iss});
    s.expect_ignored(State::kClosed);
    ASSERT_EQ(s.host.handler.closed.size(), 1u);
    EXPECT_EQ(s.host.handler.closed[0].second, TcpCloseReason::kRefused);
    EXPECT_EQ(s.tcp().counters().unreachable, 1u);
  }
}

TEST(TcpIcmp, ASoftErrorNeverEndsAnything) {
  for (const u8 code : {u8{0}, u8{1}, u8{5}, u8{6}, u8{7}, u8{11}, u8{12}, u8{13}}) {
    StateScript s(State::kSynSent);
    send_error(s, {code, s.iss});
    s.expect_ignored(State::kSynSent);
    EXPECT_EQ(s.tcp().counters().unreachable, 1u);
    s.peer({1'000, s.snd, kTcpSynAck, 65'535, 1'460, ""});
    EXPECT_EQ(s.state(), State::kEstablished) << "the host came back";
  }
}

struct TcpIcmpStates : ::testing::TestWithParam<State> {};
INSTANTIATE_TEST_SUITE_P(All, TcpIcmpStates,
                         ::testing::Values(State::kEstablished, State::kFinWait1, State::kFinWait2,
                                           State::kCloseWait, State::kClosing, State::kLastAck,
                                           State::kTimeWait),
                         [](const auto& state) { return state_name(state.param); });

TEST_P(TcpIcmpStates, NoErrorEndsAConnectionThatStood) {
  StateScript s(GetParam());
  for (u8 code = 0; code < 16; ++code) {
    if (code == 4) continue;
    send_error(s, {code, s.una()});
    s.expect_ignored(GetParam());
  }
}

TEST(TcpIcmp, AnErrorAboutNothingUnderWayIsIgnored) {
  StateScript s(State::kSynSent);
  send_error(s, {3, s.iss - 1});
  send_error(s, {3, s.iss + 1});
  send_error(s, {3, s.iss + 0x8000'0000U});
  send_error(s, {.code = 3, .seq = s.iss, .local_ip = ipv4(10, 0, 0, 3)});
  send_error(s, {.code = 3, .seq = s.iss, .protocol = kProtocolUdp});
  send_error(s, {3, s.iss}, kIcmpUnreachable, true);
  s.expect_ignored(State::kSynSent);
  EXPECT_EQ(s.tcp().counters().unreachable, 0u);
}

TEST(TcpIcmp, ATruncatedQuoteIsMalformed) {
  StateScript s(State::kSynSent);
  send_error(s, {.code = 3, .seq = s.iss, .bytes = 27});
  send_error(s, {.code = 3, .seq = s.iss, .version_and_words = 0x44});
  send_error(s, {.code = 3, .seq = s.iss, .version_and_words = 0x4F});
  send_error(s, {.code = 3, .seq = s.iss, .version_and_words = 0x65});
  s.expect_ignored(State::kSynSent);
  EXPECT_EQ(s.host.net.counters().rx_malformed, 4u);
}

TEST(TcpIcmp, SourceQuenchAndTimeExceededAreDiscarded) {
  StateScript s(State::kSynSent);
  for (const u8 type : {u8{4}, u8{5}, u8{11}, u8{12}}) send_error(s, {3, s.iss}, type);
  s.expect_ignored(State::kSynSent);
}

TEST(TcpIcmp, ARoutersLimitShrinksSegmentsAndNotBelowTheDefault) {
  StateScript s(State::kEstablished);
  EXPECT_TRUE(s.send(std::string(1'460, 'x')));
  s.expect(kTcpPshAck);
  send_error(s, {4, s.snd + 1'460, 1'200});
  EXPECT_EQ(s.tcp().session(s.conn)->mss, 1'460) << "not about a segment under way";
  send_error(s, {4, s.snd, 1'200});
  EXPECT_EQ(s.tcp().session(s.conn)->mss, 1'160);
  s.pass({13'000'000});
  usize bytes = 0;
  while (const auto again = s.next()) {
    EXPECT_LE(again->payload.size(), 1'160u);
    if (again->head.seq == s.snd) bytes = again->payload.size();
  }
  EXPECT_EQ(bytes, 1'160u) << "sent again in pieces that fit";
  send_error(s, {4, s.snd, 68});
  EXPECT_EQ(s.tcp().session(s.conn)->mss, kTcpMssDefault);
  send_error(s, {4, s.snd, 1'500});
  EXPECT_EQ(s.tcp().session(s.conn)->mss, kTcpMssDefault) << "never up again";
}

}  // namespace
}  // namespace tradsys::net
