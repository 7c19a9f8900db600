// Goal: a token stands for one reference from its first use on, and no other text is a token.
// Method: against std::map with random tokens of few letters, so that they repeat; seed printed.
#include "dataplane/edge/ouch/token_map.hpp"

#include <gtest/gtest.h>

#include <map>

#include "hostsw/core/decode.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::dataplane {
namespace {

OrderToken token(std::string_view text) { return make_text<14>(text); }

TEST(TokenMap, KnowsWhatATokenIs) {
  for (const char* good : {"A", "z9", "ABCDEFGHIJKLMN", "00000000000000"})
    EXPECT_TRUE(is_token(token(good))) << good;
  for (const char* bad : {"", " A", "A B", "A-B", "T\x01"})
    EXPECT_FALSE(is_token(token(bad))) << bad;
  EXPECT_FALSE(is_token(OrderToken{}));
}

TEST(TokenMap, FindsWhatWasInsertedAndNothingElse) {
  Random random(testing::test_seed(42));
  constexpr u32 kCapacity = 1'000;
  TokenMap tokens(kCapacity);
  std::map<OrderToken, u32> expected;
  for (u32 ref = 1; ref <= 5'000; ++ref) {
    OrderToken t = token("T");
    for (usize i = 1 + random.below(3); i < 14 && random.below(4) != 0; ++i)
      t[i] = static_cast<char>('a' + random.below(3));
    const bool fresh = !expected.contains(t) && expected.size() < kCapacity;
    ASSERT_EQ(tokens.insert(t, ref), fresh);
    if (fresh) expected[t] = ref;
    ASSERT_EQ(tokens.find(t), expected.contains(t) ? expected[t] : 0U);
  }
  EXPECT_EQ(tokens.size(), expected.size());
  for (const auto& [t, ref] : expected) EXPECT_EQ(tokens.find(t), ref);
}

TEST(TokenMap, RefusesWhatHasNoRoom) {
  TokenMap tokens(2);
  EXPECT_TRUE(tokens.insert(token("A"), 1));
  EXPECT_FALSE(tokens.insert(token("B"), 0));
  EXPECT_TRUE(tokens.insert(token("B"), 2));
  EXPECT_TRUE(tokens.full());
  EXPECT_FALSE(tokens.insert(token("C"), 3));
  EXPECT_EQ(tokens.find(token("C")), 0U);
  TokenMap none(0);
  EXPECT_FALSE(none.insert(token("A"), 1));
  EXPECT_EQ(none.find(token("A")), 0U);
}

}  // namespace
}  // namespace tradsys::dataplane
