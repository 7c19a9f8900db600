// Goal: percentiles stay within the stated 6.25 % error. Method: uniform and extreme values.
#include "hostsw/core/histogram.hpp"

#include <gtest/gtest.h>

namespace tradsys {
namespace {

TEST(Histogram, PercentilesOfAUniformRangeAreWithinTheStatedError) {
  Histogram h;
  for (u64 v = 1; v <= 100'000; ++v) h.record(v);
  for (u32 percent : {1U, 50U, 90U, 99U}) {
    const double exact = 1'000.0 * percent;
    EXPECT_NEAR(static_cast<double>(h.percentile(percent * 10'000)), exact, exact * 0.0625)
        << percent;
  }
  EXPECT_EQ(h.percentile(1'000'000), 100'000U);
}

TEST(Histogram, ValuesBeyondTheRangeAreCountedInTheLastBucket) {
  Histogram h;
  h.record(~u64{0});
  EXPECT_EQ(h.count(), 1U);
  EXPECT_EQ(h.max(), ~u64{0});
}

TEST(Histogram, AnEmptyHistogramReportsZero) { EXPECT_EQ(Histogram{}.percentile(500'000), 0U); }

TEST(Histogram, WhatCameAfterAnOlderCopyStandsAlone) {
  Histogram h;
  for (u64 v = 1; v <= 1'000; ++v) h.record(1'000'000);
  const Histogram before = h;
  EXPECT_EQ(h.since(before).count(), 0U);
  EXPECT_EQ(h.since(before).max(), 0U);
  for (u64 v = 1; v <= 100; ++v) h.record(v);
  const Histogram later = h.since(before);
  EXPECT_EQ(later.count(), 100U);
  EXPECT_NEAR(static_cast<double>(later.percentile(500'000)), 50.0, 50.0 * 0.0625);
  EXPECT_NEAR(static_cast<double>(later.max()), 100.0, 100.0 * 0.0625);
  EXPECT_EQ(h.since(Histogram{}).count(), 1'100U);
  EXPECT_EQ(h.since(Histogram{}).max(), 1'000'000U);
}

TEST(Histogram, ACopyThatIsNotOlderLeavesEverything) {
  Histogram fresh;
  fresh.record(7);
  Histogram other;
  for (int i = 0; i < 5; ++i) other.record(7);
  EXPECT_EQ(fresh.since(other).count(), 1U);
}

}  // namespace
}  // namespace tradsys
