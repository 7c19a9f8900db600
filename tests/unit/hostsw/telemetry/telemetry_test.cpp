// Goal: counters lose nothing while others read them, and every metric and stage has a usable name.
// Method: one writing and one reading thread; a walk over the tables.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <set>
#include <string>
#include <thread>

#include "hostsw/core/random.hpp"
#include "hostsw/telemetry/stages.hpp"
#include "hostsw/telemetry/tile_metrics.hpp"

namespace tradsys::telemetry {
namespace {

template <class E>
class MetricNames : public ::testing::Test {};
using Tables = ::testing::Types<EdgeMetric, JournalMetric>;
TYPED_TEST_SUITE(MetricNames, Tables);

TYPED_TEST(MetricNames, AreUniqueLowerCaseWordsWithADocumentation) {
  std::set<std::string> names;
  for (const MetricInfo& metric : MetricTable<TypeParam>::kMetrics) {
    ASSERT_NE(metric.name, nullptr);
    const std::string name = metric.name;
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << name;
    EXPECT_GT(std::string(metric.doc).size(), 10U) << name;
    EXPECT_NE(metric.unit, nullptr) << name;
  }
}

TEST(CounterCells, AReaderSeesValuesThatOnlyGrowAndTheLastOneExactly) {
  CounterCells<EdgeMetric> cells;
  constexpr u64 kAdds = 1'000'000;
  std::thread writer([&] {
    for (u64 i = 0; i < kAdds; ++i) {
      cells.add(EdgeMetric::kPolls);
      cells.add(EdgeMetric::kOrdersIn, 3);
    }
  });
  for (u64 last = 0; last < kAdds;) {
    const u64 now = cells.get(EdgeMetric::kPolls);
    ASSERT_GE(now, last);
    last = now;
  }
  writer.join();
  EXPECT_EQ(cells.get(EdgeMetric::kOrdersIn), 3 * kAdds);
}

TEST(CounterCells, ASnapshotVisitsEveryMetricByName) {
  CounterCells<JournalMetric> cells;
  cells.set(JournalMetric::kDurableSeq, 99);
  cells.add(JournalMetric::kCommits, 4);
  usize visited = 0;
  for_each_metric<JournalMetric>(cells.snapshot(), [&](const MetricInfo& metric, u64 value) {
    ++visited;
    const std::string name = metric.name;
    EXPECT_EQ(value, name == "journal_durable_seq" ? 99U : name == "journal_commits" ? 4U : 0U);
  });
  EXPECT_EQ(visited, kMetricCount<JournalMetric>);
}

TEST(CounterCells, TwoTilesDoNotShareACacheLine) {
  static_assert(alignof(CounterCells<EdgeMetric>) == kCacheLineBytes);
  static_assert(sizeof(CounterCells<EdgeMetric>) % kCacheLineBytes == 0);
}

TEST(StageRecorder, KeepsStagesApartAndTakesNegativeTimesAsZero) {
  StageRecorder recorder;
  recorder.record(Stage::kGate, {100});
  recorder.record(Stage::kGate, {-5});
  recorder.record(Stage::kBook, {7});
  EXPECT_EQ(recorder.histogram(Stage::kGate).count(), 2U);
  EXPECT_EQ(recorder.histogram(Stage::kGate).percentile(1), 0U);
  EXPECT_EQ(recorder.histogram(Stage::kBook).max(), 7U);
  std::set<std::string> names;
  recorder.for_each(
      [&](u32, const StageInfo& stage, const Histogram&) { names.insert(stage.name); });
  EXPECT_EQ(names.size(), kStageCount);
  recorder.clear();
  EXPECT_EQ(recorder.histogram(Stage::kGate).count(), 0U);
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
      for (const i64 value : values) recorder.record(Stage::kGate, {value});
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count() / static_cast<double>(kRounds * values.size()));
  }
  std::printf("StageRecorder::record: %.2f ns (best of 5)\n", best);
  EXPECT_EQ(recorder.histogram(Stage::kGate).count(), 5 * kRounds * values.size());
}

}  // namespace
}  // namespace tradsys::telemetry
