#pragma once
// Nanoseconds from the processor's time stamp counter, on CLOCK_MONOTONIC_RAW's scale. Calibrated
// here: the rate that DPDK and some hypervisors report is rounded, which makes 1.5 ms of drift a
// second.
#include <x86intrin.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "drivers/clock/tsc_model.hpp"
#include "hostsw/core/clock.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::clock {

/// Reads the counter; later instructions may start before it.
[[nodiscard]] inline u64 read_ticks() noexcept { return __rdtsc(); }
/// Reads the counter after everything before it has finished: for measuring code.
[[nodiscard]] inline u64 read_ticks_fenced() noexcept {
  _mm_lfence();
  const u64 ticks = __rdtsc();
  _mm_lfence();
  return ticks;
}

/// What the processor promises about its counter. Without both, its rate may change or it may stop.
struct TscFlags {
  bool constant = false;  ///< one rate in all power states
  bool nonstop = false;  ///< goes on in deep sleep
};

/// From the first "flags" line of a file in the form of /proc/cpuinfo.
[[nodiscard]] TscFlags read_tsc_flags(const std::filesystem::path& cpuinfo = "/proc/cpuinfo");

struct TscClockConfig {
  u32 calibration_ms = 20;  ///< 2..1000; make() takes as long
  std::filesystem::path cpuinfo = "/proc/cpuinfo";  ///< where the flags are read
};

/// A Clock. Copies share one calibration, so that a clock can be handed to any number of threads.
class TscClock {
 public:
  /// Calibrates. An Error only for values out of range; a counter without promises is a warning.
  static Result<TscClock> make(const TscClockConfig& config = {});

  /// Hot, any thread: never waits, not even for a discipline() that was interrupted.
  [[nodiscard]] Nanos now() const noexcept {
    for (;;) {
      const u64 seen = state_->version.load(std::memory_order_acquire);
      const TscLine line = state_->line();
      const u64 ticks = read_ticks();
      if (state_->version.load(std::memory_order_acquire) == seen) [[likely]]
        return line.at(ticks);
    }
  }
  /// Hot, any thread. When the counter had the value `ticks`.
  [[nodiscard]] Nanos to_ns(u64 ticks) const noexcept { return state_->line().at(ticks); }

  /// Cold, one thread, every 0.1 to 10 s: compares with the kernel's clock and corrects the rate.
  /// Time never jumps backwards.
  void discipline() noexcept;

  /// Cold, the thread that disciplines. Measured ticks per second.
  [[nodiscard]] u64 hz() const noexcept { return state_->model.hz(); }
  /// Cold, the thread that disciplines. Kernel's clock minus this one at the last discipline().
  [[nodiscard]] Nanos last_error() const noexcept { return state_->model.last_error(); }
  /// What an operator should know: flags that are missing, each with its consequence. Usually
  /// empty.
  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept {
    return state_->warnings;
  }

 private:
  // Two slots, used in turn: the writer fills the one that nobody reads, then counts up `version`.
  // A reader that was overtaken twice tries again.
  struct State {
    [[nodiscard]] TscLine line() const noexcept {
      for (;;) {
        const u64 seen = version.load(std::memory_order_acquire);
        const Slot& slot = slots[seen & 1U];
        const TscLine copy{slot.base_ticks.load(std::memory_order_relaxed),
                           slot.base_ns.load(std::memory_order_relaxed),
                           slot.slope_before.load(std::memory_order_relaxed),
                           slot.slope.load(std::memory_order_relaxed)};
        std::atomic_thread_fence(std::memory_order_acquire);
        if (version.load(std::memory_order_relaxed) == seen) [[likely]]
          return copy;
      }
    }
    void publish(const TscLine& line) noexcept;

    struct alignas(32) Slot {
      std::atomic<u64> base_ticks{0};
      std::atomic<i64> base_ns{0};
      std::atomic<u64> slope_before{0};
      std::atomic<u64> slope{0};
    };
    alignas(kCacheLineBytes) std::array<Slot, 2> slots;
    alignas(kCacheLineBytes) std::atomic<u64> version{0};
    TscModel model;
    std::vector<std::string> warnings;
  };
  explicit TscClock(std::shared_ptr<State> state) : state_(std::move(state)) {}

  std::shared_ptr<State> state_;
};
static_assert(Clock<TscClock>);

}  // namespace tradsys::clock
