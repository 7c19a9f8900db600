// Goal: the store returns every message it still claims to hold, drops the oldest first and never
// grows. Method: hand-made wraps, and a random walk against a map of everything ever appended.
#include "hostsw/wire/sequenced_store.hpp"

#include <gtest/gtest.h>

#include "hostsw/core/random.hpp"
#include "tests/support/bytes_text.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::wire {
namespace {

using tradsys::testing::bytes_of;
using tradsys::testing::test_seed;
using tradsys::testing::text_of;

TEST(SequencedStore, KeepsMessagesAsPacketsReadyToSend) {
  SequencedStore store(64, 8);
  EXPECT_EQ(store.append(bytes_of("abc")), 1U);
  EXPECT_EQ(store.append(Bytes{}), 2U);
  ASSERT_TRUE(store.packet(1));
  EXPECT_EQ(text_of(*store.packet(1)), std::string("\0\4Sabc", 6));
  EXPECT_EQ(text_of(*store.get(1)), "abc");
  EXPECT_EQ(store.get(2)->size(), 0U);
  EXPECT_FALSE(store.get(0));
  EXPECT_FALSE(store.get(3));
}

TEST(SequencedStore, AMessageThatCanNeverFitIsRefusedAndNothingIsLost) {
  SequencedStore store(10, 8);
  EXPECT_EQ(store.append(bytes_of("1234567")), 1U);
  EXPECT_EQ(store.append(bytes_of("12345678")), 0U);
  EXPECT_EQ(text_of(*store.get(1)), "1234567");
  SequencedStore large(1U << 17, 8);
  EXPECT_EQ(large.append(bytes_of(std::string(kSoupPayloadMaxBytes + 1, 'x'))), 0U);
  EXPECT_EQ(large.append(bytes_of(std::string(kSoupPayloadMaxBytes, 'x'))), 1U);
}

TEST(SequencedStore, CountsOnFromTheNumberItIsGiven) {
  SequencedStore store(64, 8, 500);
  EXPECT_EQ(store.first_seq(), 500U);
  EXPECT_EQ(store.append(bytes_of("a")), 500U);
  EXPECT_EQ(store.next_seq(), 501U);
}

TEST(SequencedStore, ARandomWalkKeepsTheNewestWithinBothBounds) {
  Random random(test_seed(1));
  for (const auto& [bytes, messages] :
       {std::pair<usize, usize>{200, 1'024}, {100'000, 16}, {997, 32}}) {
    SequencedStore store(bytes, messages);
    std::vector<std::string> all{""};
    for (u32 step = 0; step < 5'000; ++step) {
      const std::string text(random.below(60), static_cast<char>('a' + random.below(26)));
      ASSERT_EQ(store.append(bytes_of(text)), all.size());
      all.push_back(text);
      ASSERT_EQ(store.next_seq(), all.size());
      ASSERT_LE(store.next_seq() - store.first_seq(), messages);
      usize held = 0;
      for (u64 i = store.first_seq(); i < store.next_seq(); ++i) {
        ASSERT_TRUE(store.get(i));
        ASSERT_EQ(text_of(*store.get(i)), all[i]);
        held += all[i].size() + kSoupHeaderBytes;
      }
      ASSERT_LE(held, bytes);
      ASSERT_FALSE(store.get(store.first_seq() - 1));
      if (store.first_seq() > 1 && messages > 100) {
        ASSERT_GT(held + 63 + 63, bytes) << "dropped more than it had to";
      }
    }
  }
}

}  // namespace
}  // namespace tradsys::wire
