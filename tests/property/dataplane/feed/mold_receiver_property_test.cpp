// Goal: whatever two lines and the re-request path lose, repeat, delay and reorder, every message
// reaches the sink exactly once, in order and whole, and the same seed gives the same run to the
// nanosecond. Method: a seeded world in virtual time around the real receiver; faults, packet cuts,
// answer sizes and buffer bounds are drawn per seed. TRADSYS_SEED moves the range of seeds.
#include <gtest/gtest.h>

#include "tests/support/feed_world.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::feed {
namespace {

using tradsys::testing::FeedWorld;
using tradsys::testing::FeedWorldConfig;
using tradsys::testing::PathFaults;

PathFaults draw_faults(Random& random, u32 lost_max) {
  return {static_cast<u32>(random.below(lost_max)), static_cast<u32>(random.below(100'000)),
          static_cast<u32>(random.below(200'000)),
          Nanos{static_cast<i64>(random.between(1, 5'000'000))}};
}

FeedWorldConfig draw_world(u64 seed) {
  Random random(seed);
  FeedWorldConfig world;
  world.seed = seed;
  world.line[0] = draw_faults(random, 300'000);
  world.line[1] = draw_faults(random, 300'000);
  world.request = draw_faults(random, 500'000);
  world.answer = draw_faults(random, 500'000);
  world.answer_messages_max = static_cast<u32>(random.between(1, 60));
  FeedConfig& receiver = world.receiver;
  receiver.buffer_messages = static_cast<u32>(random.between(64, 4'096));
  receiver.buffer_bytes = 1U << 16;
  receiver.gap_wait = Nanos{static_cast<i64>(random.between(0, 2'000'000))};
  receiver.gap_window_messages = random.between(1, 500);
  receiver.request_servers = static_cast<u32>(random.between(1, 3));
  receiver.request_timeout = Nanos{static_cast<i64>(random.between(100'000, 10'000'000))};
  receiver.request_attempts_max = 100;
  receiver.request_messages_max = static_cast<u16>(random.between(1, wire::kMoldCountMax));
  return world;
}

TEST(MoldReceiverProperty, EveryMessageArrivesOnceInOrderOverTwoBadLines) {
  const u64 base = tradsys::testing::test_seed(1);
  FeedCounters total;
  for (u64 seed = base; seed < base + 150; ++seed) {
    const FeedWorldConfig config = draw_world(seed);
    FeedWorld world(config);
    ASSERT_TRUE(world.run()) << "seed " << seed << " stuck after " << world.delivered() << ", "
                             << name_of(world.freeze_reason());
    ASSERT_EQ(world.delivered(), config.messages) << "seed " << seed;
    ASSERT_EQ(world.faults(), 0U) << "seed " << seed;
    FeedWorld again(config);
    ASSERT_TRUE(again.run());
    ASSERT_EQ(again.trace_hash(), world.trace_hash()) << "seed " << seed;
    total.gaps += world.counters().gaps;
    total.buffer_dropped += world.counters().buffer_dropped;
    total.request_timeouts += world.counters().request_timeouts;
    total.line[kRecoveryLine].messages += world.counters().recovered();
  }
  // The worlds must have been bad enough to prove something.
  EXPECT_GT(total.gaps, 1'000U);
  EXPECT_GT(total.recovered(), 1'000U);
  EXPECT_GT(total.request_timeouts, 100U);
  EXPECT_GT(total.buffer_dropped, 100U);
}

TEST(MoldReceiverProperty, ADeadLineCostsNothingWhileTheOtherIsWhole) {
  FeedWorldConfig config;
  config.line[1].lost = 1'000'000;
  FeedWorld world(config);
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.faults(), 0U);
  EXPECT_EQ(world.counters().gaps, 0U);
}

TEST(MoldReceiverProperty, LossOnDifferentLinesAtDifferentTimesNeedsNoReRequest) {
  FeedWorldConfig config;
  config.messages = 20'000;
  config.line[0].lost = 10'000;
  config.receiver.gap_wait = Nanos{50'000'000};
  FeedWorld world(config);
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.faults(), 0U);
  EXPECT_EQ(world.counters().requests, 0U);
  EXPECT_GT(world.counters().line[kLineA].missed_messages, 0U);
}

}  // namespace
}  // namespace tradsys::feed
