#pragma once
// Finds all separators of a frame and adds up its bytes in one pass, 64 bytes a step.
#include <immintrin.h>

#include <array>

#include "hostsw/wire/fix/message.hpp"
#include "hostsw/wire/fix/record/digits.hpp"

#ifndef __AVX2__
#error "typed FIX records need AVX2: TRADSYS_MARCH=x86-64-v3 or later"
#endif

namespace tradsys::fix::record {

inline constexpr usize kBlockBytes = 64;
inline constexpr usize kTrailerBytes = 7;  ///< "10=ddd|"

/// Sum of four 64-bit lanes.
inline u64 sum_of(__m256i lanes) noexcept {
  const __m128i half =
      _mm_add_epi64(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
  return static_cast<u64>(_mm_cvtsi128_si64(half)) + static_cast<u64>(_mm_extract_epi64(half, 1));
}
inline __m256i load_lanes(const char* at) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

/// Where the fields of a frame end.
class Separators {
 public:
  /// False for what is no frame: too short or too long, no trailer, wrong checksum.
  [[nodiscard]] bool scan(std::string_view frame) noexcept {
    if (frame.size() < kBlockBytes || frame.size() > kMessageBytesMax) return false;
    __m256i sum = _mm256_setzero_si256();
    usize at = 0;
    for (; at + kBlockBytes <= frame.size(); at += kBlockBytes)
      note(at, look(load_lanes(frame.data() + at), load_lanes(frame.data() + at + 32), sum));
    if (at != frame.size()) {  // the rest, as the end of a block that is there twice
      const usize twice = at + kBlockBytes - frame.size();
      note(at - twice, look_again(frame.data() + at - twice, twice, sum));
    }
    return has_trailer(frame.data() + frame.size() - kTrailerBytes, sum_of(sum));
  }

  [[nodiscard]] usize operator[](usize index) const noexcept { return at_[index]; }

 private:
  static u64 look(__m256i low, __m256i high, __m256i& sum) noexcept {
    const __m256i zero = _mm256_setzero_si256();
    sum = _mm256_add_epi64(sum, _mm256_sad_epu8(low, zero));
    sum = _mm256_add_epi64(sum, _mm256_sad_epu8(high, zero));
    return separators_of(low, high);
  }
  /// The first `twice` bytes of the block were looked at before.
  static u64 look_again(const char* block, usize twice, __m256i& sum) noexcept {
    const char* const mask = kMask.data() + kBlockBytes - twice;
    return look(_mm256_and_si256(load_lanes(block), load_lanes(mask)),
                _mm256_and_si256(load_lanes(block + 32), load_lanes(mask + 32)), sum);
  }
  static u64 separators_of(__m256i low, __m256i high) noexcept {
    const __m256i separator = _mm256_set1_epi8(kSoh);
    const auto bits = [&separator](__m256i lanes) {
      return static_cast<u32>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(lanes, separator)));
    };
    return bits(low) | u64{bits(high)} << 32;
  }

  /// Eight places at once, wanted or not: most blocks have no more.
  void note(usize base, u64 bits) noexcept {
    u16* out = &at_[count_];
    count_ += static_cast<usize>(std::popcount(bits));
    do {
      for (usize i = 0; i < 8; ++i) {
        out[i] = static_cast<u16>(base + _tzcnt_u64(bits));
        bits &= bits - 1;
      }
      out += 8;
    } while (bits != 0);
  }

  static bool has_trailer(const char* trailer, u64 sum) noexcept {
    const u64 word = load_word(trailer - 1);  // "|10=ddd|"
    constexpr u64 kText = 0x01'00'00'00'3D'30'31'01;
    if ((word & 0xFF'00'00'00'FF'FF'FF'FF) != kText) return false;
    const u64 digits = (word >> 32 & 0xFF'FF'FF) ^ 0x30'30'30;
    if (not_digits(digits) != 0) return false;
    const u64 said = (digits & 0xFF) * 100 + (digits >> 8 & 0xFF) * 10 + (digits >> 16);
    const u64 own =
        '1' + '0' + '=' + 3 * '0' + kSoh + (digits & 0xFF) + (digits >> 8 & 0xFF) + (digits >> 16);
    return ((sum - own) & 0xFF) == said;
  }

  static constexpr std::array<char, 2 * kBlockBytes> kMask = [] {
    std::array<char, 2 * kBlockBytes> mask{};
    for (usize i = kBlockBytes; i < mask.size(); ++i) mask[i] = '\xFF';
    return mask;
  }();

  std::array<u16, kMessageBytesMax + kBlockBytes> at_;
  usize count_ = 0;
};

}  // namespace tradsys::fix::record
