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
    EXPECT_NEAR(static_cast<double>(h.percentile(percent * 10'000)), exact, exact * 0.0625) << percent;
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

}  // namespace
}  // namespace tradsys
