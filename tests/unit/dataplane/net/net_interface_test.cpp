// Goal: an interface answers ARP, echo and IGMP, carries UDP, and counts everything it refuses.
// Method: hand-made frames into an in-memory port; answers are read back and taken apart.
#include "dataplane/net/net_interface.hpp"

#include <gtest/gtest.h>

#include "tests/support/raw_peer.hpp"

namespace tradsys::net {
namespace {

constexpr MacAddress kOwnMac{0x020000000001};
constexpr MacAddress kPeerMac{0x020000000002};
constexpr Ipv4 kOwnIp = ipv4(10, 0, 0, 1);
constexpr Ipv4 kPeerIp = ipv4(10, 0, 0, 2);
constexpr Ipv4 kGroup = ipv4(239, 1, 2, 3);

struct InterfaceTest : ::testing::Test {
  explicit InterfaceTest(const NetConfig& config = host_config(1)) : s(config) {}

  void give(Bytes frame) {
    s.send_frame(frame);
    s.host.net.poll(32);
  }
  void give_udp(Ipv4 dst, MacAddress dst_mac, std::string_view text, u16 vlan_id = 0) {
    std::vector<std::byte> udp(8 + text.size());
    std::memcpy(udp.data() + 8, text.data(), text.size());
    write_udp(udp.data(), {kPeerIp, dst}, 1'000, 2'000, static_cast<u32>(text.size()));
    give(ip_frame(dst_mac, kPeerMac, {kPeerIp, dst, kProtocolUdp}, udp, vlan_id));
  }
  void give_arp(u16 operation, MacAddress mac, Ipv4 ip, Ipv4 target) {
    std::array<std::byte, 60> frame{};
    const u32 at = write_ethernet(frame.data(), kBroadcastMac, mac, 0, kEtherTypeArp);
    write_arp(frame.data() + at, {operation, mac, ip, kNoMac, target});
    give(frame);
  }
  /// The next frame that the interface sent; empty when there is none.
  std::vector<std::byte> sent() {
    nic::RxFrame frame;
    if (s.wire.rx_burst(&frame, 1) == 0) return {};
    std::vector<std::byte> copy(frame.data, frame.data + frame.len_bytes);
    s.wire.release(&frame, 1);
    return copy;
  }
  std::optional<ArpPacket> sent_arp() {
    const auto frame = sent();
    EthernetFrame e;
    ArpPacket arp;
    if (!parse_ethernet(frame, e) || e.ether_type != kEtherTypeArp || !parse_arp(e.payload, arp))
      return std::nullopt;
    return arp;
  }
  struct SentIp {
    EthernetFrame ethernet;
    Ipv4Packet ip;
    std::vector<std::byte> frame;
  };
  SentIp sent_ip() {
    SentIp out;
    out.frame = sent();
    EXPECT_TRUE(parse_ethernet(out.frame, out.ethernet));
    EXPECT_EQ(parse_ipv4_packet(out.ethernet.payload, out.ip), Ipv4Fault::kNone);
    return out;
  }
  const NetCounters& counters() { return s.host.net.counters(); }

  Scripted s;
};

TEST_F(InterfaceTest, AnswersArpForItsOwnAddressOnly) {
  give_arp(kArpRequest, kPeerMac, kPeerIp, kOwnIp);
  const auto reply = sent_arp();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->operation, kArpReply);
  EXPECT_EQ(reply->sender_mac, kOwnMac);
  EXPECT_EQ(reply->target_ip, kPeerIp);
  give_arp(kArpRequest, kPeerMac, kPeerIp, ipv4(10, 0, 0, 9));
  EXPECT_TRUE(sent().empty());
  give_arp(kArpRequest, kPeerMac, ipv4(192, 168, 0, 1), kOwnIp);
  EXPECT_TRUE(sent().empty()) << "from outside our network";
  give_arp(kArpReply, kPeerMac, kOwnIp, kOwnIp);
  EXPECT_EQ(counters().rx_bad_source, 2u) << "somebody claims our address";
}

TEST_F(InterfaceTest, DefendsItsAddressAgainstAProbe) {
  give_arp(kArpRequest, kPeerMac, Ipv4{}, kOwnIp);  // RFC 5227: "is this address free?"
  const auto reply = sent_arp();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->operation, kArpReply);
  EXPECT_EQ(reply->sender_ip, kOwnIp);
  EXPECT_EQ(reply->sender_mac, kOwnMac);
  give_arp(kArpRequest, kPeerMac, Ipv4{}, ipv4(10, 0, 0, 9));
  EXPECT_TRUE(sent().empty());
}

TEST_F(InterfaceTest, AsksForAnUnknownNeighbourOnceAndSendsWhenItAnswers) {
  const Ipv4 other = ipv4(10, 0, 0, 5);
  EXPECT_FALSE(s.host.net.udp_send(other, 2'000, 1'000, as_bytes("x")));
  const auto request = sent_arp();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->target_ip, other);
  EXPECT_FALSE(s.host.net.udp_send(other, 2'000, 1'000, as_bytes("x")));
  EXPECT_TRUE(sent().empty()) << "the first request is still under way";
  s.pass({1'100'000'000});
  EXPECT_TRUE(sent_arp()) << "asked again after a second";
  give_arp(kArpReply, {0x020000000005}, other, kOwnIp);
  EXPECT_TRUE(s.host.net.udp_send(other, 2'000, 1'000, as_bytes("x")));
  EXPECT_EQ(sent_ip().ethernet.dst.v, 0x020000000005u);
}

TEST_F(InterfaceTest, ANeighbourInUseIsConfirmedAndAnUnusedOneForgotten) {
  const Ipv4 other = ipv4(10, 0, 0, 5);
  EXPECT_FALSE(s.host.net.resolve(other));
  (void)sent();
  give_arp(kArpReply, {0x020000000005}, other, kOwnIp);
  EXPECT_TRUE(s.host.net.resolve(other));
  s.pass({60'500'000'000});
  EXPECT_TRUE(sent_arp()) << "confirmed after a minute";
  give_arp(kArpReply, {0x020000000006}, other, kOwnIp);
  s.pass({61'000'000'000});
  EXPECT_TRUE(sent().empty()) << "not used since";
  EXPECT_FALSE(s.host.net.resolve(other));
}

TEST_F(InterfaceTest, ANeighbourThatNoLongerAnswersIsGivenUp) {
  const Ipv4 other = ipv4(10, 0, 0, 5);
  (void)s.host.net.resolve(other);
  give_arp(kArpReply, {0x020000000005}, other, kOwnIp);
  EXPECT_TRUE(s.host.net.resolve(other));
  s.pass({70'000'000'000});
  EXPECT_FALSE(s.host.net.resolve(other));
}

TEST_F(InterfaceTest, GratuitousArpMovesAnOpenSession) {
  const Ipv4 other = ipv4(10, 0, 0, 5);
  give_arp(kArpRequest, {0x020000000005}, other, kOwnIp);
  (void)sent();
  (void)s.tcp().connect(other, 7'001, 40'000);
  EXPECT_EQ(sent_ip().ethernet.dst.v, 0x020000000005u);
  give_arp(kArpRequest, {0x020000000066}, other, other);
  s.pass({250'000'000});
  EXPECT_EQ(sent_ip().ethernet.dst.v, 0x020000000066u) << "the repeated SYN goes to the new place";
}

TEST_F(InterfaceTest, AStaticNeighbourIgnoresWhatTheNetworkSays) {
  give_arp(kArpReply, {0x020000000066}, kPeerIp, kOwnIp);
  EXPECT_TRUE(s.host.net.udp_send(kPeerIp, 1, 2, as_bytes("x")));
  EXPECT_EQ(sent_ip().ethernet.dst, kPeerMac);
}

TEST_F(InterfaceTest, AnswersEchoRequestsToItsOwnAddress) {
  std::array<std::byte, 40> echo{};
  store_be32(echo.data(), 0x0800'0000);
  store_be32(echo.data() + 4, 0x1234'0001);
  checksum_store(echo.data() + 2, checksum_finish(checksum_add(0, echo.data(), echo.size())));
  give(ip_frame(kOwnMac, kPeerMac, {kPeerIp, kOwnIp, kProtocolIcmp}, echo));
  const SentIp reply = sent_ip();
  EXPECT_EQ(reply.ip.dst, kPeerIp);
  ASSERT_EQ(reply.ip.payload.size(), 40u);
  EXPECT_EQ(load_be32(reply.ip.payload.data() + 4), 0x1234'0001u);
  EXPECT_EQ(classify_icmp(reply.ip.payload), IcmpKind::kOther);
  give(ip_frame(kBroadcastMac, kPeerMac, {kPeerIp, kBroadcastIp, kProtocolIcmp}, echo));
  EXPECT_TRUE(sent().empty()) << "broadcasts are not answered";
  echo[20] ^= std::byte{1};
  give(ip_frame(kOwnMac, kPeerMac, {kPeerIp, kOwnIp, kProtocolIcmp}, echo));
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(counters().rx_malformed, 1u);
}

TEST_F(InterfaceTest, DeliversUdpToItsAddressAndToJoinedGroups) {
  give_udp(kOwnIp, kOwnMac, "unicast");
  give_udp(kGroup, multicast_mac(kGroup), "not joined");
  EXPECT_TRUE(s.host.net.join(kGroup));
  give_udp(kGroup, multicast_mac(kGroup), "multicast");
  give_udp(ipv4(10, 0, 0, 255), kBroadcastMac, "broadcast");
  EXPECT_EQ(s.host.handler.datagrams,
            (std::vector<std::string>{"unicast", "multicast", "broadcast"}));
  EXPECT_EQ(counters().rx_udp_not_joined, 1u);
  EXPECT_EQ(s.host.handler.last_datagram.src_ip, kPeerIp);
  EXPECT_EQ(s.host.handler.last_datagram.src_port, 1'000);
  EXPECT_EQ(s.host.handler.last_datagram.dst_port, 2'000);
  s.host.net.leave(kGroup);
  give_udp(kGroup, multicast_mac(kGroup), "left");
  EXPECT_EQ(counters().rx_udp_not_joined, 2u);
}

TEST_F(InterfaceTest, SendsUdpThatItCanReadAndRefusesWhatDoesNotFit) {
  EXPECT_TRUE(s.host.net.udp_send(kGroup, 2'000, 1'000, as_bytes("feed")));
  const SentIp out = sent_ip();
  EXPECT_EQ(out.ethernet.dst, multicast_mac(kGroup));
  UdpDatagram d;
  EXPECT_EQ(parse_udp(out.ip, true, d), L4Fault::kNone);
  EXPECT_EQ(as_text(d.payload), "feed");
  EXPECT_GE(out.frame.size(), 60u);
  EXPECT_TRUE(s.host.net.udp_send(kPeerIp, 1, 2, as_bytes(std::string(1'472, 'x'))));
  EXPECT_EQ(sent().size(), 1'514u);
  EXPECT_TRUE(s.host.net.udp_send(kPeerIp, 1, 2, Bytes{}));
  EXPECT_EQ(sent().size(), 60u);
  EXPECT_FALSE(s.host.net.udp_send(kPeerIp, 1, 2, as_bytes(std::string(1'473, 'x'))));
  EXPECT_EQ(counters().tx_too_long, 1u);
}

TEST_F(InterfaceTest, CountsEachKindOfBadFrame) {
  const auto udp = Bytes{};
  give(std::array<std::byte, 10>{});
  EXPECT_EQ(counters().rx_truncated, 1u);
  give(ip_frame({0x020000000099}, kPeerMac, {kPeerIp, kOwnIp, kProtocolUdp}, udp));
  give(ip_frame(kOwnMac, kPeerMac, {kPeerIp, ipv4(10, 0, 0, 9), kProtocolUdp}, udp));
  EXPECT_EQ(counters().rx_not_for_us, 2u);
  for (const Ipv4 source : {kOwnIp, kGroup, kBroadcastIp, ipv4(127, 0, 0, 1), kNoIp})
    give(ip_frame(kOwnMac, kPeerMac, {source, kOwnIp, kProtocolUdp}, udp));
  EXPECT_EQ(counters().rx_bad_source, 5u);
  give(ip_frame(kOwnMac, kPeerMac, {kPeerIp, kOwnIp, kProtocolUdp}, udp, 7));
  EXPECT_EQ(counters().rx_wrong_vlan, 1u);
  give(ip_frame(kOwnMac, kPeerMac, {kPeerIp, kOwnIp, 132}, udp));
  EXPECT_EQ(counters().rx_unknown_type, 1u);
  std::array<std::byte, 60> ipv6{};
  write_ethernet(ipv6.data(), kOwnMac, kPeerMac, 0, 0x86DD);
  give(ipv6);
  EXPECT_EQ(counters().rx_unknown_type, 2u);
  give(ip_frame(kOwnMac, kPeerMac, {kPeerIp, kOwnIp, kProtocolUdp}, udp));
  EXPECT_EQ(counters().rx_truncated, 2u) << "no room for a UDP header";
  auto tcp = tcp_bytes(kPeerIp, 1, kOwnIp, 2, {});
  tcp[5] ^= std::byte{1};
  give(ip_frame(kOwnMac, kPeerMac, {kPeerIp, kOwnIp, kProtocolTcp}, tcp));
  EXPECT_EQ(counters().rx_bad_tcp_checksum, 1u);
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(s.host.port.free_buffers(), 512u) << "every frame was given back";
}

TEST_F(InterfaceTest, TcpInABroadcastFrameIsIgnored) {
  s.tcp().listen(2);
  const auto tcp = tcp_bytes(kPeerIp, 1, kOwnIp, 2, {1, 0, kTcpSyn, 100, 0, ""});
  give(ip_frame(kBroadcastMac, kPeerMac, {kPeerIp, kOwnIp, kProtocolTcp}, tcp));
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(s.tcp().open_count(), 0u);
}

struct TaggedTest : InterfaceTest {
  static NetConfig tagged() {
    NetConfig config = host_config(1);
    config.vlan_id = 101;
    return config;
  }
  TaggedTest() : InterfaceTest(tagged()) {}
};

TEST_F(TaggedTest, SendsAndReceivesWithItsTagOnly) {
  give_udp(kOwnIp, kOwnMac, "tagged", 101);
  give_udp(kOwnIp, kOwnMac, "other", 102);
  give_udp(kOwnIp, kOwnMac, "untagged");
  EXPECT_EQ(s.host.handler.datagrams, (std::vector<std::string>{"tagged"}));
  EXPECT_EQ(counters().rx_wrong_vlan, 2u);
  EXPECT_TRUE(s.host.net.udp_send(kPeerIp, 1, 2, as_bytes("x")));
  EXPECT_EQ(sent_ip().ethernet.vlan_id, 101);
}

TEST_F(TaggedTest, TcpAnnouncesAndUsesTheSmallerSegment) {
  (void)s.tcp().connect(kPeerIp, 7'001, 40'000);
  const SentIp syn = sent_ip();
  TcpSegment segment;
  ASSERT_EQ(parse_tcp(syn.ip, segment), L4Fault::kNone);
  EXPECT_EQ(segment.mss, 1'456);
}

struct RoutedTest : InterfaceTest {
  static NetConfig routed() {
    NetConfig config = host_config(1);
    config.gateway = kPeerIp;
    return config;
  }
  RoutedTest() : InterfaceTest(routed()) {}
};

TEST_F(RoutedTest, OtherNetworksAreReachedThroughTheGateway) {
  EXPECT_TRUE(s.host.net.udp_send(ipv4(172, 16, 0, 1), 1, 2, as_bytes("x")));
  EXPECT_EQ(sent_ip().ethernet.dst, kPeerMac);
}

TEST_F(InterfaceTest, WithoutAGatewayOtherNetworksAreOutOfReach) {
  EXPECT_FALSE(s.host.net.udp_send(ipv4(172, 16, 0, 1), 1, 2, as_bytes("x")));
  EXPECT_TRUE(sent().empty());
}

}  // namespace
}  // namespace tradsys::net
