#include "drivers/clock/tsc_model.hpp"

#include <algorithm>
#include <cmath>

#include "hostsw/core/contract.hpp"

namespace tradsys::clock {
namespace {

constexpr double kBendMax = 0.001;
constexpr double kOne = static_cast<double>(u64{1} << TscLine::kSlopeBits);

u64 to_slope(double ns_per_tick) noexcept {
  return static_cast<u64>(std::llround(ns_per_tick * kOne));
}

}  // namespace

void TscModel::start(std::span<const TscSample> samples) noexcept {
  TRADSYS_ASSERT(samples.size() >= 2);
  TRADSYS_ASSERT(samples.back().ticks > samples.front().ticks);
  count_ = next_ = 0;
  for (const TscSample& sample : samples) remember(sample);
  ns_per_tick_ = fit();
  line_ = TscLine{last_.ticks, last_.ns, to_slope(ns_per_tick_), to_slope(ns_per_tick_)};
  last_error_ = Nanos{};
}

void TscModel::update(const TscSample& sample, u64 bend_ticks) noexcept {
  TRADSYS_ASSERT(count_ >= 1 && bend_ticks >= sample.ticks);
  if (sample.ticks <= last_.ticks || sample.ns <= last_.ns) return;
  if (sample.ticks < line_.base_ticks) return;
  const double passed_ns = static_cast<double>(sample.ns - last_.ns);
  last_error_ = Nanos{sample.ns - line_.at(sample.ticks).v};
  const bool jumped = last_error_ > kStepAbove || last_error_ < Nanos{-kStepAbove.v};
  if (jumped) count_ = next_ = 0;  // nothing learnt before holds across the jump
  remember(sample);
  if (count_ >= 2) ns_per_tick_ = fit();
  const double bend = static_cast<double>(last_error_.v) / passed_ns;
  const u64 slope = to_slope(ns_per_tick_ * (1.0 + std::clamp(bend, -kBendMax, kBendMax)));
  line_ = TscLine{bend_ticks, line_.at(bend_ticks).v, line_.slope, slope};
  if (jumped && last_error_.v > 0) {
    line_.base_ns += last_error_.v;
    line_.slope_before = line_.slope = to_slope(ns_per_tick_);
    ++step_count_;
  }
}

u64 TscModel::hz() const noexcept { return static_cast<u64>(std::llround(1e9 / ns_per_tick_)); }

void TscModel::remember(const TscSample& sample) noexcept {
  samples_[next_] = sample;
  next_ = (next_ + 1) % kSamples;
  count_ = std::min(count_ + 1, kSamples);
  last_ = sample;
}

// Least squares around the last sample, so that no large number loses digits.
double TscModel::fit() const noexcept {
  double sum_x = 0, sum_y = 0;
  for (u32 i = 0; i < count_; ++i) {
    sum_x -= static_cast<double>(last_.ticks - samples_[i].ticks);
    sum_y -= static_cast<double>(last_.ns - samples_[i].ns);
  }
  const double mean_x = sum_x / count_;
  const double mean_y = sum_y / count_;
  double xx = 0, xy = 0;
  for (u32 i = 0; i < count_; ++i) {
    const double x = -static_cast<double>(last_.ticks - samples_[i].ticks) - mean_x;
    const double y = -static_cast<double>(last_.ns - samples_[i].ns) - mean_y;
    xx += x * x;
    xy += x * y;
  }
  return xy / xx;
}

}  // namespace tradsys::clock
