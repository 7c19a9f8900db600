// Goal: every frame is found to belong where the rules say, whatever is wrong with it.
// Method: frames built by hand; the feed frame is also cut at every byte; many random rules against
// a plain search.
#include "drivers/nic/steering/steering_plan.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "hostsw/core/random.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::nic {
namespace {

constexpr u32 kGroup = 0xEF01'0101;  // 239.1.1.1
constexpr u32 kOurs = 0x0A4D'0002;
constexpr u32 kTheirs = 0x0A4D'0001;

struct Packet {
  u8 protocol = 17;
  u32 src_ip = kTheirs;
  u32 dst_ip = kGroup;
  u16 src_port = 5'000;
  u16 dst_port = 26'477;
  bool vlan = false;
  u8 options_words = 0;
  u16 fragment = 0;
  u16 ether_type = 0x0800;
};

std::vector<std::byte> frame_of(const Packet& packet) {
  std::vector<std::byte> frame(60 + packet.options_words * 4U + 4U);
  std::byte* at = frame.data() + 12;
  if (packet.vlan) {
    store_be16(at, 0x8100);
    store_be16(at + 2, 77);
    at += 4;
  }
  store_be16(at, packet.ether_type);
  std::byte* ip = at + 2;
  store_u8(ip, static_cast<u8>(0x45 + packet.options_words));
  store_be16(ip + 6, packet.fragment);
  store_u8(ip + 9, packet.protocol);
  store_be32(ip + 12, packet.src_ip);
  store_be32(ip + 16, packet.dst_ip);
  std::byte* ports = ip + 20 + packet.options_words * 4U;
  store_be16(ports, packet.src_port);
  store_be16(ports + 2, packet.dst_port);
  return frame;
}

SteeringPlan make(std::vector<FeedRule> feeds, std::vector<OrderRule> orders) {
  auto plan = SteeringPlan::make(std::move(feeds), std::move(orders));
  EXPECT_TRUE(plan.ok()) << plan.error().message();
  return std::move(plan).value();
}

SteeringPlan example() {
  return make({{kGroup, 26'477, 0}, {kGroup + 1, 26'478, 1}},
              {{kOurs, 40'001, kTheirs, 9'001, 5}, {kOurs, 7'001, 0, 0, 6}});
}

FrameTarget classify(const SteeringPlan& plan, const Packet& packet) {
  const auto frame = frame_of(packet);
  return plan.classify(frame.data(), static_cast<u32>(frame.size()));
}

constexpr FrameTarget kOther{};

TEST(SteeringPlan, FindsFeedLinesByGroupAndPort) {
  const SteeringPlan plan = example();
  EXPECT_EQ(classify(plan, {}), (FrameTarget{FramePath::kFeed, 0}));
  EXPECT_EQ(classify(plan, {.dst_ip = kGroup + 1, .dst_port = 26'478}),
            (FrameTarget{FramePath::kFeed, 1}));
  EXPECT_EQ(classify(plan, {.dst_ip = kGroup + 1}), kOther);
  EXPECT_EQ(classify(plan, {.dst_port = 26'478}), kOther);
}

TEST(SteeringPlan, FindsSessionsByAllFourNumbersAndListenersByTheirPort) {
  const SteeringPlan plan = example();
  Packet packet{.protocol = 6, .dst_ip = kOurs, .src_port = 9'001, .dst_port = 40'001};
  EXPECT_EQ(classify(plan, packet), (FrameTarget{FramePath::kOrders, 5}));
  packet.src_port = 9'002;
  EXPECT_EQ(classify(plan, packet), kOther);
  packet.dst_port = 7'001;
  EXPECT_EQ(classify(plan, packet), (FrameTarget{FramePath::kOrders, 6}));
}

TEST(SteeringPlan, TellsUdpFromTcpOnTheSameNumbers) {
  const SteeringPlan plan = make({{kOurs, 7'001, 3}}, {{kOurs, 7'001, 0, 0, 6}});
  EXPECT_EQ(classify(plan, {.dst_ip = kOurs, .dst_port = 7'001}),
            (FrameTarget{FramePath::kFeed, 3}));
  EXPECT_EQ(classify(plan, {.protocol = 6, .dst_ip = kOurs, .dst_port = 7'001}),
            (FrameTarget{FramePath::kOrders, 6}));
}

TEST(SteeringPlan, SeesThroughATagAndIpOptions) {
  const SteeringPlan plan = example();
  EXPECT_EQ(classify(plan, {.vlan = true}), (FrameTarget{FramePath::kFeed, 0}));
  EXPECT_EQ(classify(plan, {.options_words = 10}), (FrameTarget{FramePath::kFeed, 0}));
}

TEST(SteeringPlan, LeavesFragmentsAndOtherProtocolsAlone) {
  const SteeringPlan plan = example();
  EXPECT_EQ(classify(plan, {.fragment = 0x2000}), kOther);
  EXPECT_EQ(classify(plan, {.fragment = 0x0005}), kOther);
  EXPECT_EQ(classify(plan, {.fragment = 0x4000}), (FrameTarget{FramePath::kFeed, 0}))
      << "do not fragment";
  EXPECT_EQ(classify(plan, {.protocol = 2}), kOther);
  EXPECT_EQ(classify(plan, {.ether_type = 0x0806}), kOther);
}

TEST(SteeringPlan, CallsAFrameCutAtAnyByteMalformed) {
  const SteeringPlan plan = example();
  for (const bool vlan : {false, true}) {
    const auto whole = frame_of({.vlan = vlan, .options_words = 2});
    const u32 needed = 14 + (vlan ? 4 : 0) + 28 + 4;
    for (u32 len = 0; len < whole.size(); ++len) {
      const std::vector<std::byte> cut(whole.begin(), whole.begin() + len);
      EXPECT_EQ(plan.classify(cut.data(), len).path,
                len < needed ? FramePath::kMalformed : FramePath::kFeed)
          << len;
    }
  }
}

TEST(SteeringPlan, CallsABadIpHeaderMalformed) {
  const SteeringPlan plan = example();
  for (const u8 first : {u8{0x44}, u8{0x65}, u8{0x00}}) {
    auto frame = frame_of({});
    store_u8(frame.data() + 14, first);
    EXPECT_EQ(plan.classify(frame.data(), 60).path, FramePath::kMalformed);
  }
}

TEST(SteeringPlan, RefusesRulesThatClaimTheSameFramesOrNone) {
  EXPECT_FALSE(SteeringPlan::make({{kGroup, 1, 0}, {kGroup, 1, 1}}, {}).ok());
  EXPECT_FALSE(SteeringPlan::make({{0, 1, 0}}, {}).ok());
  EXPECT_FALSE(SteeringPlan::make({{kGroup, 0, 0}}, {}).ok());
  EXPECT_FALSE(SteeringPlan::make({}, {{kOurs, 1, 0, 0, 0}, {kOurs, 1, 0, 0, 1}}).ok());
  EXPECT_FALSE(SteeringPlan::make({}, {{kOurs, 1, kTheirs, 0, 0}}).ok());
  EXPECT_FALSE(SteeringPlan::make({}, {{kOurs, 0, kTheirs, 1, 0}}).ok());
  EXPECT_FALSE(SteeringPlan::make(std::vector<FeedRule>(5'000, {kGroup, 1, 0}), {}).ok());
  EXPECT_TRUE(SteeringPlan::make({}, {}).ok());
}

TEST(SteeringPlan, AgreesWithAPlainSearchOnManyRules) {
  Random random(testing::test_seed(5));
  std::vector<FeedRule> feeds;
  for (u16 line = 0; line < 2'000; ++line) {
    feeds.push_back({kGroup + line / 40U, static_cast<u16>(1'000 + line % 40), line});
  }
  const SteeringPlan plan = make(feeds, {});
  for (u32 i = 0; i < 20'000; ++i) {
    const u32 ip = kGroup + static_cast<u32>(random.below(60));
    const u16 port = static_cast<u16>(990 + random.below(60));
    FrameTarget expected;
    for (const FeedRule& rule : feeds) {
      if (rule.dst_ip == ip && rule.dst_port == port) expected = {FramePath::kFeed, rule.line};
    }
    ASSERT_EQ(classify(plan, {.dst_ip = ip, .dst_port = port}), expected);
  }
}

}  // namespace
}  // namespace tradsys::nic
