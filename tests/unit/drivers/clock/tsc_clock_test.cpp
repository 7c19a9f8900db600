// Goal: the clock tells CLOCK_MONOTONIC_RAW's time, forwards only, from any thread, and says what
// the processor does not promise. Method: readings bracketed by the kernel's clock with a generous
// tolerance; flags from invented files.
#include "drivers/clock/tsc_clock.hpp"

#include <gtest/gtest.h>
#include <time.h>

#include <fstream>
#include <thread>

#include "tests/support/temp_dir.hpp"

namespace tradsys::clock {
namespace {

i64 kernel_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_RAW, &now);
  return static_cast<i64>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

TscClock make() {
  auto clock = TscClock::make();
  EXPECT_TRUE(clock.ok()) << clock.error().message();
  return std::move(clock).value();
}

TEST(TscClock, TellsTheKernelsRawMonotonicTime) {
  TscClock clock = make();
  constexpr i64 kToleranceNs = 1'000'000;
  for (u32 i = 0; i < 20; ++i) {
    const i64 before = kernel_ns();
    const Nanos now = clock.now();
    const i64 after = kernel_ns();
    EXPECT_GE(now.v, before - kToleranceNs);
    EXPECT_LE(now.v, after + kToleranceNs);
    clock.discipline();
  }
  EXPECT_GT(clock.hz(), 500'000'000U);
  EXPECT_LT(clock.hz(), 10'000'000'000U);
}

TEST(TscClock, NeverRunsBackwardsInAThreadWhileAnotherDisciplinesIt) {
  TscClock clock = make();
  std::atomic<bool> stop{false};
  std::atomic<u64> backwards{0};
  std::thread reader([&, copy = clock] {
    Nanos last = copy.now();
    while (!stop) {
      const Nanos now = copy.now();
      if (now < last) ++backwards;
      last = now;
    }
  });
  for (u32 i = 0; i < 12; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    clock.discipline();
  }
  stop = true;
  reader.join();
  EXPECT_EQ(backwards.load(), 0U);
}

TEST(TscClock, RefusesACalibrationTimeOutOfRange) {
  EXPECT_FALSE(TscClock::make({.calibration_ms = 1}).ok());
  EXPECT_FALSE(TscClock::make({.calibration_ms = 60'000}).ok());
}

class TscFlagsTest : public ::testing::Test {
 protected:
  std::filesystem::path cpuinfo(const std::string& text) {
    std::ofstream(folder_ / "cpuinfo") << text;
    return folder_ / "cpuinfo";
  }
  testing::TempDir folder_;
};

TEST_F(TscFlagsTest, AreFoundAsWholeWords) {
  const TscFlags both =
      read_tsc_flags(cpuinfo("model\t: x\nflags\t\t: fpu constant_tsc sse nonstop_tsc\n"));
  EXPECT_TRUE(both.constant && both.nonstop);
  const TscFlags none = read_tsc_flags(cpuinfo("flags\t\t: fpu xconstant_tsc nonstop_tsc_s3\n"));
  EXPECT_FALSE(none.constant || none.nonstop);
}

TEST_F(TscFlagsTest, MissingOnesAreSaidWithTheirConsequence) {
  auto clock =
      TscClock::make({.calibration_ms = 2, .cpuinfo = cpuinfo("flags\t: fpu constant_tsc\n")});
  ASSERT_TRUE(clock.ok());
  ASSERT_EQ(clock.value().warnings().size(), 1U);
  EXPECT_NE(clock.value().warnings()[0].find("nonstop_tsc"), std::string::npos);
  auto blind = TscClock::make({.calibration_ms = 2, .cpuinfo = folder_ / "absent"});
  ASSERT_TRUE(blind.ok());
  EXPECT_EQ(blind.value().warnings().size(), 2U);
}

}  // namespace
}  // namespace tradsys::clock
