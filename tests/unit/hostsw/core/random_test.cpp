// Goal: a seed gives the same run for ever, on every host, and numbers stay within their bounds.
// Method: golden values, computed by an independent implementation; bounds at their ends; rough
// frequencies.
#include "hostsw/core/random.hpp"

#include <gtest/gtest.h>

#include <array>

#include "hostsw/core/clock.hpp"

namespace tradsys {
namespace {

TEST(Random, MixerIsSplitMix64) {
  // Published sequence of SplitMix64 from seed 1234567.
  constexpr u64 kGamma = 0x9E3779B97F4A7C15U;
  EXPECT_EQ(mix64(1'234'567 + kGamma), 6'457'827'717'110'365'317U);
  EXPECT_EQ(mix64(1'234'567 + 2 * kGamma), 3'203'168'211'198'807'973U);
}

TEST(Random, GivesTheGoldenValues) {
  Random zero(0), one(1), seven(7);
  for (const u64 expected :
       {0x509946A41CD733A3U, 0xD805FCAC6824536EU, 0xDADC02F3E3CF7BE3U, 0x622E4DD99D2720E5U})
    EXPECT_EQ(zero.next(), expected);
  for (const u64 expected :
       {0x4FF5BB8DEE914928U, 0xF4BB636399EFC448U, 0x676CE74BB045E184U, 0x85A5E2153B0D8255U})
    EXPECT_EQ(one.next(), expected);
  for (const u64 expected : {406U, 2U, 125U, 956U, 567U, 193U, 586U, 536U})
    EXPECT_EQ(seven.below(1'000), expected);
}

TEST(Random, BoundsAreKeptAtTheirEnds) {
  Random random(4);
  std::array<u32, 3> seen{};
  for (int i = 0; i < 3'000; ++i) ++seen[random.below(3)];
  for (const u32 count : seen) EXPECT_NEAR(count, 1'000, 150);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(random.below(1), 0U);
    EXPECT_EQ(random.between(7, 7), 7U);
    const u64 number = random.between(10, 12);
    EXPECT_TRUE(number >= 10 && number <= 12);
    EXPECT_FALSE(random.chance(0));
    EXPECT_TRUE(random.chance(1'000'000));
    EXPECT_LT(random.below(~u64{0}), ~u64{0});
  }
}

TEST(Random, EqualSeedsGiveEqualRunsAndNeighboursDiffer) {
  Random a(9), b(9), c(10);
  u32 equal = 0;
  for (int i = 0; i < 1'000; ++i) {
    const u64 value = a.next();
    ASSERT_EQ(value, b.next());
    equal += value == c.next();
  }
  EXPECT_EQ(equal, 0U);
}

TEST(VirtualClock, MovesOnlyForwardAndOnlyWhenTold) {
  VirtualClock clock;
  EXPECT_EQ(clock.now().v, 0);
  clock.advance_by({5});
  clock.advance_to({20});
  clock.advance_to({10});
  EXPECT_EQ(clock.now().v, 20);
}

}  // namespace
}  // namespace tradsys
