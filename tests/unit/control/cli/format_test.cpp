// Goal: numbers are shown exactly as documented. Method: borders of every unit and width.
#include "control/cli/output/format.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tradsys::cli {
namespace {

TEST(Format, GroupsDigitsByThree) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(123'456), "123,456");
  EXPECT_EQ(grouped(std::numeric_limits<u64>::max()), "18,446,744,073,709,551,615");
  EXPECT_EQ(grouped_signed(-1'234), "-1,234");
  EXPECT_EQ(grouped_signed(7), "7");
  EXPECT_EQ(grouped_signed(std::numeric_limits<i64>::min()), "-9,223,372,036,854,775,808");
}

TEST(Format, WritesPricesExactly) {
  EXPECT_EQ(price_text(1'234'500, 4), "123.4500");
  EXPECT_EQ(price_text(5, 4), "0.0005");
  EXPECT_EQ(price_text(10'000, 4), "1.0000");
  EXPECT_EQ(price_text(42, 0), "42");
  EXPECT_EQ(price_text(0, 2), "0.00");
  EXPECT_EQ(price_text(std::numeric_limits<u32>::max(), 8), "42.94967295");
  EXPECT_EQ(price_text(1, 1'000'000), "0.000000001") << "a wrong scale does not take all memory";
  EXPECT_EQ(price_or_dash(0, 4), "-");
  EXPECT_EQ(price_or_dash(1, 4), "0.0001");
}

TEST(Format, GivesSpansThreeDigitsAndAUnit) {
  EXPECT_EQ(span_text(0), "0 ns");
  EXPECT_EQ(span_text(999), "999 ns");
  EXPECT_EQ(span_text(1'000), "1.00 us");
  EXPECT_EQ(span_text(1'239), "1.23 us");
  EXPECT_EQ(span_text(99'999), "99.9 us");
  EXPECT_EQ(span_text(456'789), "456 us");
  EXPECT_EQ(span_text(1'000'000), "1.00 ms");
  EXPECT_EQ(span_text(2'500'000'000), "2.50 s");
  EXPECT_EQ(span_text(7'200'000'000'000), "7200 s");
}

TEST(Format, WritesTimes) {
  EXPECT_EQ(uptime_text(0), "00:00:00");
  EXPECT_EQ(uptime_text(724), "00:12:04");
  EXPECT_EQ(uptime_text(86'399), "23:59:59");
  EXPECT_EQ(uptime_text(3 * 86'400 + 3'661), "3d 01:01:01");
  EXPECT_EQ(utc_text(0), "-");
  EXPECT_EQ(utc_text(1'767'225'600'000'000'000), "2026-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(1'767'225'600'999'999'999), "2026-01-01T00:00:00Z");
}

TEST(Format, TurnsCountsIntoRates) {
  EXPECT_EQ(rate_per_s(100, {kSecond.v / 2}), 200U);
  EXPECT_EQ(rate_per_s(1, {3 * kSecond.v}), 0U);
  EXPECT_EQ(rate_per_s(2, {3 * kSecond.v}), 1U) << "rounded";
  EXPECT_EQ(rate_per_s(5, {0}), 0U);
  EXPECT_EQ(rate_per_s(5, {-1}), 0U);
  EXPECT_EQ(rate_per_s(std::numeric_limits<u64>::max() / 2, kSecond),
            std::numeric_limits<u64>::max() / 2);
  EXPECT_EQ(gained(5, 8), 3U);
  EXPECT_EQ(gained(8, 5), 0U);
}

TEST(Format, WritesSharesAndSizes) {
  EXPECT_EQ(percent_text(1, 0), "-");
  EXPECT_EQ(percent_text(1, 8), "12.5 %");
  EXPECT_EQ(percent_text(1, 1'000'000), "0.0 %");
  EXPECT_EQ(percent_text(3, 3), "100.0 %");
  EXPECT_EQ(hex_text(0xAB), "00000000000000ab");
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1'023), "1023 B");
  EXPECT_EQ(bytes_text(1'536), "1.50 KiB");
  EXPECT_EQ(bytes_text(u64{3} << 30), "3.00 GiB");
}

TEST(Format, LetsNothingReachTheTerminalButText) {
  EXPECT_EQ(printable("COMI-1 ~"), "COMI-1 ~");
  EXPECT_EQ(printable("\x1b[31mred\x7f\n\x80"), "?[31mred???");
}

}  // namespace
}  // namespace tradsys::cli
