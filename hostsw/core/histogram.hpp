#pragma once
// Log-linear histogram: 16 linear buckets per power of two, so a value is known within 6.25 %.
// Single writer; readers copy it. Recording is a shift, an add and one increment (about 2 ns).
#include <array>
#include <bit>

#include "hostsw/core/types.hpp"

namespace tradsys {

/// Counts of unsigned values (usually nanoseconds) with fixed relative error and fixed memory.
class Histogram {
 public:
  static constexpr u32 kSubBits = 4;  // 16 buckets per power of two
  static constexpr u32 kMaxExponent = 40;  // about 18 minutes in nanoseconds
  static constexpr u32 kBuckets = (kMaxExponent - kSubBits + 1) << kSubBits;

  /// Adds one value; values beyond the range land in the last bucket.
  void record(u64 value) noexcept {
    const u32 index = bucket_of(value);
    ++counts_[index < kBuckets ? index : kBuckets - 1];
    ++count_;
    if (value > max_) max_ = value;
  }

  [[nodiscard]] u64 count() const noexcept { return count_; }
  [[nodiscard]] u64 max() const noexcept { return max_; }

  /// Smallest bucket bound that at least `per_million` / 1e6 of all values do not exceed; 0 when
  /// empty.
  [[nodiscard]] u64 percentile(u32 per_million) const noexcept {
    if (count_ == 0) return 0;
    const u64 wanted =
        static_cast<u64>((static_cast<u128>(count_) * per_million + 999'999) / 1'000'000);
    u64 seen = 0;
    for (u32 i = 0; i < kBuckets; ++i) {
      seen += counts_[i];
      if (seen >= wanted && counts_[i] != 0) return upper_bound(i) < max_ ? upper_bound(i) : max_;
    }
    return max_;
  }

  void add(const Histogram& other) noexcept {
    for (u32 i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
    if (other.max_ > max_) max_ = other.max_;
  }
  /// What was recorded after `earlier`, an older copy of this histogram (everything, when it is not
  /// one). max() of the result is known by its bucket only.
  [[nodiscard]] Histogram since(const Histogram& earlier) const noexcept {
    Histogram later;
    for (u32 i = 0; i < kBuckets; ++i) {
      if (counts_[i] < earlier.counts_[i]) return *this;
      later.counts_[i] = counts_[i] - earlier.counts_[i];
      later.count_ += later.counts_[i];
      if (later.counts_[i] != 0) later.max_ = upper_bound(i) < max_ ? upper_bound(i) : max_;
    }
    return later;
  }
  void clear() noexcept { *this = Histogram{}; }

  /// Bucket of a value: exact below 16, then 16 buckets for each power of two.
  static constexpr u32 bucket_of(u64 value) noexcept {
    if (value < (1U << kSubBits)) return static_cast<u32>(value);
    const u32 exponent = 63U - static_cast<u32>(std::countl_zero(value));
    const u32 sub = static_cast<u32>(value >> (exponent - kSubBits)) & ((1U << kSubBits) - 1);
    return ((exponent - kSubBits + 1) << kSubBits) + sub;
  }
  /// Largest value that falls into bucket `index`.
  static constexpr u64 upper_bound(u32 index) noexcept {
    if (index < (1U << kSubBits)) return index;
    const u32 exponent = (index >> kSubBits) + kSubBits - 1;
    const u64 sub = index & ((1U << kSubBits) - 1);
    const u64 width = u64{1} << (exponent - kSubBits);
    return ((u64{1} << exponent) + (sub + 1) * width) - 1;
  }

 private:
  std::array<u64, kBuckets> counts_{};
  u64 count_ = 0;
  u64 max_ = 0;
};
static_assert(Histogram::upper_bound(Histogram::bucket_of(1'000)) >= 1'000);
static_assert(Histogram::bucket_of(Histogram::upper_bound(100)) == 100);

}  // namespace tradsys
