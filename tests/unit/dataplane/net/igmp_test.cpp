// Goal: groups are reported, repeated, left, and queries answered in the version the network
// speaks. Method: the state machine alone, and once through an interface onto the wire; virtual
// time.
#include "dataplane/net/igmp.hpp"

#include <gtest/gtest.h>

#include "tests/support/raw_peer.hpp"

namespace tradsys::net {
namespace {

constexpr Ipv4 kGroup = ipv4(239, 1, 2, 3);
constexpr Ipv4 kOther = ipv4(239, 1, 2, 4);

std::vector<std::byte> query(u8 code, Ipv4 group, usize bytes) {
  std::vector<std::byte> q(bytes);
  store_u8(q.data(), kIgmpQuery);
  store_u8(q.data() + 1, code);
  store_be32(q.data() + 4, group.v);
  checksum_store(q.data() + 2, checksum_finish(checksum_add(0, q.data(), q.size())));
  return q;
}

struct IgmpTest : ::testing::Test {
  /// What is sent until `end`, in steps of a millisecond.
  std::vector<IgmpMessage> until(Nanos end) {
    std::vector<IgmpMessage> out;
    for (; now < end; now = now + kMillisecond)
      igmp.housekeep(now, [&out](const IgmpMessage& m) { out.push_back(m); });
    return out;
  }
  static u8 type(const IgmpMessage& m) { return load_u8(m.data.data()); }
  static u8 record(const IgmpMessage& m) { return load_u8(m.data.data() + 8); }

  IgmpHost igmp{4, 3, 1};
  Nanos now = kSecond;
};

TEST_F(IgmpTest, AJoinIsReportedAtOnceAndOnceMore) {
  EXPECT_TRUE(igmp.join(kGroup, now));
  EXPECT_TRUE(igmp.join(kGroup, now)) << "twice is the same";
  EXPECT_EQ(until(now + kMillisecond).size(), 1u);
  const auto more = until({5'000'000'000});
  ASSERT_EQ(more.size(), 1u);
  EXPECT_EQ(more[0].dst, kIgmpV3Routers);
  EXPECT_EQ(type(more[0]), kIgmpV3Report);
  EXPECT_EQ(record(more[0]), 4) << "change to exclude nobody";
  EXPECT_EQ(load_be32(more[0].data.data() + 12), kGroup.v);
  EXPECT_TRUE(checksum_valid(checksum_add(0, more[0].data.data(), more[0].bytes)));
}

TEST_F(IgmpTest, AGeneralQueryIsAnsweredForEveryGroupWithinItsTime) {
  (void)igmp.join(kGroup, now);
  (void)igmp.join(kOther, now);
  (void)until({5'000'000'000});
  EXPECT_TRUE(igmp.on_message(query(10, kNoIp, 12), now));
  const auto answers = until(now + Nanos{1'002'000'000});
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(record(answers[0]), 2) << "mode is exclude";
  EXPECT_TRUE(until({20'000'000'000}).empty());
}

TEST_F(IgmpTest, AGroupQueryIsAnsweredForThatGroupOnly) {
  (void)igmp.join(kGroup, now);
  (void)igmp.join(kOther, now);
  (void)until({5'000'000'000});
  EXPECT_TRUE(igmp.on_message(query(10, kOther, 12), now));
  EXPECT_TRUE(igmp.on_message(query(10, ipv4(239, 9, 9, 9), 12), now));
  const auto answers = until({10'000'000'000});
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(load_be32(answers[0].data.data() + 12), kOther.v);
}

TEST_F(IgmpTest, AVersion2QuerierIsFollowed) {
  (void)igmp.join(kGroup, now);
  (void)until({5'000'000'000});
  EXPECT_TRUE(igmp.on_message(query(100, kNoIp, 8), now));
  const auto answers = until({20'000'000'000});
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(type(answers[0]), kIgmpV2Report);
  EXPECT_EQ(answers[0].dst, kGroup);
  igmp.leave(kGroup, now);
  const auto leaves = until({30'000'000'000});
  ASSERT_FALSE(leaves.empty());
  EXPECT_EQ(type(leaves[0]), kIgmpV2Leave);
  EXPECT_EQ(leaves[0].dst, kAllRouters);
  EXPECT_EQ(igmp.version(now), 2u);
  EXPECT_EQ(igmp.version({1'000'000'000'000}), 3u) << "until it is silent for long";
}

TEST_F(IgmpTest, ALeftGroupIsReportedAsLeftAndItsPlaceIsFreeAgain) {
  for (u8 i = 0; i < 4; ++i) EXPECT_TRUE(igmp.join(ipv4(239, 0, 0, i), now));
  EXPECT_FALSE(igmp.join(kGroup, now)) << "full";
  igmp.leave(ipv4(239, 0, 0, 2), now);
  EXPECT_FALSE(igmp.is_member(ipv4(239, 0, 0, 2)));
  const auto messages = until({5'000'000'000});
  u32 left = 0;
  for (const auto& m : messages) left += record(m) == 3 ? 1U : 0U;
  EXPECT_EQ(left, 2u);
  EXPECT_TRUE(igmp.join(kGroup, now));
}

TEST_F(IgmpTest, ARejoinWhileLeavingWins) {
  (void)igmp.join(kGroup, now);
  (void)until({5'000'000'000});
  igmp.leave(kGroup, now);
  (void)igmp.join(kGroup, now);
  for (const auto& m : until({10'000'000'000})) EXPECT_EQ(record(m), 4);
  EXPECT_TRUE(igmp.is_member(kGroup));
}

TEST_F(IgmpTest, BadMessagesAreRefused) {
  auto bad = query(10, kNoIp, 8);
  bad[5] ^= std::byte{1};
  EXPECT_FALSE(igmp.on_message(bad, now));
  for (usize size = 0; size < 8; ++size)
    EXPECT_FALSE(igmp.on_message(Bytes{query(10, kNoIp, 8)}.first(size), now));
  EXPECT_FALSE(igmp.join(ipv4(10, 0, 0, 1), now)) << "not a group";
}

TEST(IgmpOnTheWire, ReportsCarryTtlOneAndRouterAlert) {
  Scripted s;
  EXPECT_TRUE(s.host.net.join(kGroup));
  s.host.net.housekeep(s.clock.now());
  nic::RxFrame frame{};
  ASSERT_EQ(s.wire.rx_burst(&frame, 1), 1u);
  EthernetFrame e;
  Ipv4Packet ip;
  ASSERT_TRUE(parse_ethernet({frame.data, frame.len_bytes}, e));
  ASSERT_EQ(parse_ipv4_packet(e.payload, ip), Ipv4Fault::kNone);
  EXPECT_EQ(e.dst.v, 0x01005E000016u);
  EXPECT_EQ(ip.ttl, 1);
  EXPECT_EQ(load_be32(e.payload.data() + 20), 0x9404'0000u);
  EXPECT_EQ(ip.payload.size(), 16u);
  s.wire.release(&frame, 1);

  const auto q = query(10, kNoIp, 12);
  s.pass({3'000'000'000});
  while (s.wire.rx_burst(&frame, 1) == 1) s.wire.release(&frame, 1);
  s.send_frame(ip_frame(multicast_mac(kAllHosts), {0x020000000002},
                        {ipv4(10, 0, 0, 2), kAllHosts, kProtocolIgmp, 1, 0, true}, q));
  s.host.net.poll(32);
  s.pass({2'000'000'000});
  EXPECT_EQ(s.wire.waiting(), 1u) << "the query was answered";
}

}  // namespace
}  // namespace tradsys::net
