// Goal: stages are kept apart, each has a usable name, and a record costs what the hot path can
// pay. Method: a few records, a walk over the table, and a loop whose time is printed only.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <set>
#include <string>

#include "hostsw/core/random.hpp"
#include "hostsw/telemetry/stages.hpp"

namespace tradsys::telemetry {
namespace {

TEST(StageRecorder, KeepsStagesApartAndTakesNegativeTimesAsZero) {
  StageRecorder recorder;
  recorder.record(Stage::kTickToTrade, {100});
  recorder.record(Stage::kTickToTrade, {-5});
  recorder.record(Stage::kFeedToBook, {7});
  EXPECT_EQ(recorder.histogram(Stage::kTickToTrade).count(), 2U);
  EXPECT_EQ(recorder.histogram(Stage::kTickToTrade).percentile(1), 0U);
  EXPECT_EQ(recorder.histogram(Stage::kFeedToBook).max(), 7U);
  std::set<std::string> names;
  recorder.for_each([&](u32 index, const StageInfo& stage, const Histogram& histogram) {
    const std::string name = stage.name;
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << name;
    EXPECT_GT(std::string(stage.doc).size(), 10U) << name;
    EXPECT_EQ(histogram.count(), recorder.histogram(static_cast<Stage>(index)).count());
  });
  EXPECT_EQ(names.size(), kStageCount);
}

// Prints what one record costs; asserts nothing about time.
TEST(StageRecorder, CostOfOneRecord) {
  StageRecorder recorder;
  Random random(1);
  std::array<i64, 1'024> values;
  for (i64& value : values) value = static_cast<i64>(random.between(20, 5'000));
  constexpr u64 kRounds = 20'000;
  double best = 1e9;
  for (int run = 0; run < 5; ++run) {
    const auto start = std::chrono::steady_clock::now();
    for (u64 round = 0; round < kRounds; ++round)
      for (const i64 value : values) recorder.record(Stage::kTickToTrade, {value});
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count() / static_cast<double>(kRounds * values.size()));
  }
  std::printf("StageRecorder::record: %.2f ns (best of 5)\n", best);
  EXPECT_EQ(recorder.histogram(Stage::kTickToTrade).count(), 5 * kRounds * values.size());
}

}  // namespace
}  // namespace tradsys::telemetry
