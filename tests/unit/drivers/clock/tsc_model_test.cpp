// Goal: the clock's arithmetic finds the counter's rate, follows it, and never runs backwards.
// Method: invented counters with a known rate and seeded reading noise; the truth is computed
// beside.
#include "drivers/clock/tsc_model.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "hostsw/core/random.hpp"

namespace tradsys::clock {
namespace {

// A counter of `hz` that started 40 days ago, read together with a reference clock.
class InventedCounter {
 public:
  explicit InventedCounter(u64 hz, u64 noise_ns = 0) : hz_(hz), noise_ns_(noise_ns) {}
  [[nodiscard]] u64 ticks_at(i64 ns) const {
    return static_cast<u64>(static_cast<u128>(ns + kUptimeNs) * hz_ / 1'000'000'000);
  }
  TscSample sample(i64 ns) {
    const i64 error = noise_ns_ == 0 ? 0 : static_cast<i64>(random_.below(noise_ns_));
    return {ticks_at(ns + error), ns};
  }
  std::vector<TscSample> samples(i64 from_ns, i64 step_ns, u32 count) {
    std::vector<TscSample> all;
    for (u32 i = 0; i < count; ++i) all.push_back(sample(from_ns + i * step_ns));
    return all;
  }

 private:
  static constexpr i64 kUptimeNs = 40LL * 86'400 * 1'000'000'000;
  u64 hz_;
  u64 noise_ns_;
  Random random_{11};
};

i64 error_at(const TscModel& model, const InventedCounter& counter, i64 ns) {
  return model.line().at(counter.ticks_at(ns)).v - ns;
}

void update(TscModel& model, const TscSample& sample) { model.update(sample, sample.ticks); }

constexpr i64 kMs = 1'000'000;
constexpr i64 kHour = 3'600'000 * kMs;
constexpr i64 kStart = 77'000'000'000;

TEST(TscModel, FindsTheRateOfANoiselessCounterToAFewTicks) {
  for (const u64 hz : {1'000'000'000UL, 2'596'098'000UL, 3'800'000'123UL, 5'000'000'000UL}) {
    InventedCounter counter(hz);
    TscModel model;
    model.start(counter.samples(kStart, kMs, 20));
    EXPECT_NEAR(static_cast<double>(model.hz()), static_cast<double>(hz), 100.0);
    EXPECT_LE(std::abs(error_at(model, counter, kStart + 1'000 * kMs)), 50) << hz;
  }
}

TEST(TscModel, AlsoTellsWhenAnEarlierTickWas) {
  InventedCounter counter(2'596'098'000);
  TscModel model;
  model.start(counter.samples(kStart, kMs, 20));
  EXPECT_LE(std::abs(error_at(model, counter, kStart - 100 * kMs)), 50);
}

TEST(TscModel, ConvergesOnTheReferenceThoughEverySampleIsNoisy) {
  InventedCounter counter(2'596'098'000, 200);
  TscModel model;
  model.start(counter.samples(kStart, kMs, 16));
  i64 now = kStart + 16 * kMs;
  for (u32 second = 0; second < 40; ++second) {
    now += 1'000 * kMs;
    update(model, counter.sample(now));
  }
  EXPECT_LE(std::abs(error_at(model, counter, now + 1'000 * kMs)), 500);
  EXPECT_EQ(model.step_count(), 0U);
}

TEST(TscModel, NeverRunsBackwardsWhileItIsCorrected) {
  InventedCounter counter(2'596'098'000, 5'000);
  TscModel model;
  model.start(counter.samples(kStart, kMs, 4));
  Nanos last = model.line().at(counter.ticks_at(kStart + 4 * kMs));
  i64 now = kStart + 4 * kMs;
  for (u32 i = 0; i < 2'000; ++i) {
    now += kMs / 10;
    const u64 ticks = counter.ticks_at(now);
    const Nanos before = model.line().at(ticks);
    ASSERT_GT(before, last);
    update(model, {ticks, now - static_cast<i64>(mix64(i) % 3'000)});
    last = model.line().at(ticks);
    ASSERT_GE(last, before);
  }
}

TEST(TscModel, CatchesUpAtOnceAfterASuspendedMachine) {
  InventedCounter counter(2'596'098'000);
  TscModel model;
  model.start(counter.samples(kStart, kMs, 20));
  const i64 now = kStart + 1'000 * kMs;
  const u64 hz = model.hz();
  update(model, {counter.ticks_at(now), now + kHour});  // an hour that the counter did not see
  EXPECT_EQ(model.hz(), hz) << "the hour does not count as a slow counter";
  EXPECT_EQ(model.step_count(), 1U);
  EXPECT_EQ(model.line().at(counter.ticks_at(now)).v, now + kHour);
}

TEST(TscModel, SlowsDownInsteadOfJumpingBack) {
  InventedCounter counter(2'000'000'000);
  TscModel model;
  model.start(counter.samples(kStart, kMs, 20));
  const i64 now = kStart + 1'000 * kMs;
  update(model, {counter.ticks_at(now), now - 50 * kMs});
  EXPECT_EQ(model.step_count(), 0U);
  EXPECT_EQ(model.line().at(counter.ticks_at(now)).v / 1'000, now / 1'000);
}

TEST(TscModel, BendsInTheFutureSoThatOldAndNewLineAgreeUntilThen) {
  InventedCounter counter(2'596'098'000);
  TscModel model;
  model.start(counter.samples(kStart, kMs, 20));
  const TscLine before = model.line();
  const i64 now = kStart + 1'000 * kMs;
  const u64 bend = counter.ticks_at(now + 10 * kMs);
  model.update({counter.ticks_at(now), now - 500'000}, bend);
  EXPECT_LT(model.line().slope, before.slope);
  for (i64 ahead = 0; ahead < 10 * kMs; ahead += kMs / 7) {
    const u64 ticks = counter.ticks_at(now + ahead);
    EXPECT_NEAR(static_cast<double>(model.line().at(ticks).v - before.at(ticks).v), 0, 1);
  }
  const u64 later = counter.ticks_at(now + 100 * kMs);
  EXPECT_LT(model.line().at(later), before.at(later));
}

TEST(TscModel, IgnoresASampleThatIsNotNewer) {
  InventedCounter counter(2'000'000'000);
  TscModel model;
  model.start(counter.samples(kStart, kMs, 20));
  const TscLine before = model.line();
  update(model, counter.sample(kStart));
  EXPECT_EQ(model.line().slope, before.slope);
  EXPECT_EQ(model.line().base_ticks, before.base_ticks);
}

}  // namespace
}  // namespace tradsys::clock
