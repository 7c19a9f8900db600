#include "drivers/clock/tsc_clock.hpp"

#include <time.h>
#include <unistd.h>

#include <fstream>

namespace tradsys::clock {
namespace {

constexpr u32 kTriesPerSample = 8;

i64 kernel_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_RAW, &now);
  return static_cast<i64>(now.tv_sec) * kSecond.v + now.tv_nsec;
}

// The pair whose two counter reads are closest together was disturbed least.
TscSample take_sample() noexcept {
  TscSample best;
  u64 narrowest = ~u64{0};
  for (u32 i = 0; i < kTriesPerSample; ++i) {
    const u64 before = read_ticks_fenced();
    const i64 ns = kernel_ns();
    const u64 width = read_ticks_fenced() - before;
    if (width >= narrowest) continue;
    narrowest = width;
    best = TscSample{before + width / 2, ns};
  }
  return best;
}

std::vector<std::string> warnings_of(const TscFlags& flags) {
  std::vector<std::string> warnings;
  if (!flags.constant) {
    warnings.emplace_back(
        "the processor does not promise constant_tsc: time may drift when its clock rate changes");
  }
  if (!flags.nonstop) {
    warnings.emplace_back(
        "the processor does not promise nonstop_tsc: time may stand still while a core sleeps");
  }
  return warnings;
}

}  // namespace

TscFlags read_tsc_flags(const std::filesystem::path& cpuinfo) {
  std::ifstream file(cpuinfo);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("flags")) continue;
    line += ' ';
    return {line.find(" constant_tsc ") != std::string::npos,
            line.find(" nonstop_tsc ") != std::string::npos};
  }
  return {};
}

Result<TscClock> TscClock::make(const TscClockConfig& config) {
  if (config.calibration_ms < 2 || config.calibration_ms > 1'000) {
    return Error{"clock.calibration_ms",
                 std::to_string(config.calibration_ms) + " is out of range 2..1000", "20 is usual"};
  }
  auto state = std::make_shared<State>();
  state->warnings = warnings_of(read_tsc_flags(config.cpuinfo));
  std::array<TscSample, TscModel::kSamples / 2> samples;
  const u32 pause_us = config.calibration_ms * 1'000 / (TscModel::kSamples / 2 - 1);
  for (TscSample& sample : samples) {
    if (&sample != samples.data()) usleep(pause_us);
    sample = take_sample();
  }
  state->model.start(samples);
  state->publish(state->model.line());
  return TscClock(std::move(state));
}

void TscClock::discipline() noexcept {
  // A line must be published before it bends. When this thread lost its core in between, the sample
  // is given up and the old line stays.
  const TscSample sample = take_sample();
  TscModel next = state_->model;
  const u64 lead_ticks = next.hz() / 20;
  next.update(sample, sample.ticks + lead_ticks);
  if (read_ticks() - sample.ticks > lead_ticks / 2) return;
  state_->publish(next.line());
  state_->model = next;
}

void TscClock::State::publish(const TscLine& line) noexcept {
  const u64 seen = version.load(std::memory_order_relaxed);
  Slot& slot = slots[(seen + 1) & 1U];
  std::atomic_thread_fence(std::memory_order_release);
  slot.base_ticks.store(line.base_ticks, std::memory_order_relaxed);
  slot.base_ns.store(line.base_ns, std::memory_order_relaxed);
  slot.slope_before.store(line.slope_before, std::memory_order_relaxed);
  slot.slope.store(line.slope, std::memory_order_relaxed);
  version.store(seen + 1, std::memory_order_release);
}

}  // namespace tradsys::clock
