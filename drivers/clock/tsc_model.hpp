#pragma once
// The arithmetic of a disciplined clock: counter ticks to nanoseconds, learnt from pairs of both.
// Pure; TscClock feeds it with real pairs, tests with invented ones.
#include <array>
#include <span>

#include "hostsw/core/units.hpp"

namespace tradsys::clock {

/// Two straight lines that meet at (base_ticks, base_ns). The bend lies in the near future when a
/// line is published, so that readers of the old and of the new line agree whoever reads first.
struct TscLine {
  static constexpr u32 kSlopeBits = 40;

  u64 base_ticks = 0;
  i64 base_ns = 0;
  u64 slope_before = 0;  ///< nanoseconds per tick, times 2^40, before the base
  u64 slope = 0;  ///< from the base on

  /// Hot. When the counter had or will have this value.
  [[nodiscard]] Nanos at(u64 ticks) const noexcept {
    const i128 ahead = static_cast<i64>(ticks - base_ticks);
    const u64 rate = ahead < 0 ? slope_before : slope;
    return {base_ns + static_cast<i64>((ahead * static_cast<i128>(rate)) >> kSlopeBits)};
  }
};

/// The counter and the reference clock, read at the same moment.
struct TscSample {
  u64 ticks = 0;
  i64 ns = 0;
};

/// Fits the line and bends it towards the reference without ever letting time run backwards.
class TscModel {
 public:
  /// Samples kept for the fit; older ones are forgotten.
  static constexpr u32 kSamples = 32;
  /// An error above this is made up at once when the clock is behind (a suspended machine).
  static constexpr Nanos kStepAbove{1'000'000};

  /// Fits `samples` (at least 2, growing in both fields) and starts there.
  void start(std::span<const TscSample> samples) noexcept;

  /// Takes one more sample. From `bend_ticks` on (not before the sample) the slope makes up the
  /// error until the next sample, expected after the same time; at most 0.1 % faster or slower.
  /// A sample from before the last bend is ignored.
  void update(const TscSample& sample, u64 bend_ticks) noexcept;

  [[nodiscard]] const TscLine& line() const noexcept { return line_; }
  /// Reference minus clock at the last update.
  [[nodiscard]] Nanos last_error() const noexcept { return last_error_; }
  [[nodiscard]] u64 step_count() const noexcept { return step_count_; }
  /// Ticks per second of the fitted slope.
  [[nodiscard]] u64 hz() const noexcept;

 private:
  void remember(const TscSample& sample) noexcept;
  [[nodiscard]] double fit() const noexcept;

  TscLine line_;
  std::array<TscSample, kSamples> samples_{};
  u32 count_ = 0;
  u32 next_ = 0;
  TscSample last_;
  double ns_per_tick_ = 0;
  Nanos last_error_{};
  u64 step_count_ = 0;
};

}  // namespace tradsys::clock
