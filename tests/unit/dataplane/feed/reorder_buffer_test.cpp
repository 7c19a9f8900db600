// Goal: the reorder buffer keeps what it took, finds it, and never grows. Method: hand-made fills
// up to each bound, and a random walk against std::map.
#include "dataplane/feed/reorder_buffer.hpp"

#include <gtest/gtest.h>

#include <map>

#include "hostsw/core/random.hpp"
#include "tests/support/bytes_text.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::feed {
namespace {

using tradsys::testing::bytes_of;
using tradsys::testing::text_of;

TEST(ReorderBuffer, FindsTheFirstWaitingMessageAcrossTheRingsEnd) {
  ReorderBuffer buffer(64, kReorderChunkBytes);
  EXPECT_EQ(buffer.first_waiting(40, 104), 104U);
  ASSERT_TRUE(buffer.put(70, bytes_of("seventy"), Nanos{7}));
  EXPECT_EQ(buffer.first_waiting(40, 104), 70U);
  EXPECT_EQ(buffer.first_waiting(40, 60), 60U);
  EXPECT_EQ(buffer.first_waiting(71, 104), 104U);
  EXPECT_EQ(text_of(buffer.get(70)), "seventy");
  EXPECT_EQ(buffer.arrival(70).v, 7);
}

TEST(ReorderBuffer, AFullBufferRefusesAndTakesAgainOnceAChunkIsFree) {
  ReorderBuffer buffer(64, 2 * kReorderChunkBytes);
  const std::string big(40'000, 'x');
  ASSERT_TRUE(buffer.put(1, bytes_of(big), {}));
  ASSERT_TRUE(buffer.put(2, bytes_of(big), {}));
  EXPECT_FALSE(buffer.put(3, bytes_of(big), {}));
  EXPECT_FALSE(buffer.has(3));
  buffer.drop(1);
  EXPECT_TRUE(buffer.put(3, bytes_of(big), {}));
  EXPECT_EQ(buffer.waiting(), 2U);
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
  EXPECT_FALSE(buffer.has(3));
}

TEST(ReorderBuffer, EmptyMessagesBehindAFullChunkAreKept) {
  ReorderBuffer buffer(64, kReorderChunkBytes);
  const std::string big(kReorderChunkBytes - 1, 'x');
  ASSERT_TRUE(buffer.put(1, bytes_of(big), {}));
  ASSERT_TRUE(buffer.put(2, Bytes{}, {}));
  EXPECT_FALSE(buffer.put(3, bytes_of("ab"), {}));
  EXPECT_EQ(buffer.get(2).size(), 0U);
  buffer.drop(2);
  EXPECT_EQ(buffer.get(1).size(), kReorderChunkBytes - 1);
}

TEST(ReorderBuffer, ARandomWalkAgreesWithAMap) {
  Random random(tradsys::testing::test_seed(1));
  ReorderBuffer buffer(256, 4 * kReorderChunkBytes);
  std::map<u64, std::string> model;
  u64 low = 1;
  for (u32 step = 0; step < 20'000; ++step) {
    const u64 sequence = low + random.below(buffer.capacity());
    if (!model.contains(sequence)) {
      const std::string text(random.below(2'000), static_cast<char>('a' + random.below(26)));
      if (buffer.put(sequence, bytes_of(text), Nanos{step})) model[sequence] = text;
    }
    if (random.chance(300'000)) {
      const u64 to = low + buffer.capacity();
      const u64 first = buffer.first_waiting(low, to);
      ASSERT_EQ(first, model.empty() ? to : model.begin()->first);
      for (low = first; low < to && buffer.has(low); ++low) {
        ASSERT_EQ(text_of(buffer.get(low)), model.at(low));
        buffer.drop(low);
        model.erase(low);
      }
    }
    ASSERT_EQ(buffer.waiting(), model.size());
  }
}

}  // namespace
}  // namespace tradsys::feed
