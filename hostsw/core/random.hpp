#pragma once
// Seeded pseudo-random numbers for simulation and tests: same seed, same sequence, on every host.
#include "hostsw/core/types.hpp"

namespace tradsys {

/// SplitMix64's finalizer: a bijective 64-bit mixer, also used to hash integer keys.
constexpr u64 mix64(u64 x) noexcept {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9ULL;
  x ^= x >> 27;
  x *= 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

/// xoroshiro128+ seeded by SplitMix64. Not for secrets.
class Random {
 public:
  explicit constexpr Random(u64 seed) noexcept
      : a_(mix64(seed + 0x9E3779B97F4A7C15ULL)), b_(mix64(seed + 0x3C6EF372FE94F82AULL)) {}

  constexpr u64 next() noexcept {
    const u64 sum = a_ + b_;
    const u64 x = a_ ^ b_;
    a_ = rotl(a_, 24) ^ x ^ (x << 16);
    b_ = rotl(x, 37);
    return sum;
  }
  /// Uniform in [0, bound); bound > 0.
  constexpr u64 below(u64 bound) noexcept {
    return static_cast<u64>((static_cast<u128>(next()) * bound) >> 64);
  }
  /// Uniform in [low, high], both ends included.
  constexpr u64 between(u64 low, u64 high) noexcept { return low + below(high - low + 1); }
  /// True with probability `per_million` / 1e6.
  constexpr bool chance(u32 per_million) noexcept { return below(1'000'000) < per_million; }

 private:
  static constexpr u64 rotl(u64 x, int k) noexcept { return (x << k) | (x >> (64 - k)); }
  u64 a_, b_;
};

}  // namespace tradsys
