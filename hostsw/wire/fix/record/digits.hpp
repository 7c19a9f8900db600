#pragma once
// Eight decimal digits at once: text in a 64-bit word, first digit in the lowest byte.
#include <array>
#include <bit>
#include <cstring>

#include "hostsw/core/bytes.hpp"

namespace tradsys::fix::record {

inline constexpr u64 kZeros = 0x3030'3030'3030'3030;  ///< "00000000"
inline constexpr u64 kHighBits = 0x8080'8080'8080'8080;
/// Added to a byte below 128 it sets the high bit from 10 on.
inline constexpr u64 kAboveNine = 0x7676'7676'7676'7676;

inline constexpr u64 kPow10[]{1,       10,        100,        1'000,       10'000,
                              100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

inline u64 load_word(const char* at) noexcept {
  u64 word;
  std::memcpy(&word, at, sizeof word);
  return word;
}
inline u32 load_half(const char* at) noexcept {
  u32 word;
  std::memcpy(&word, at, sizeof word);
  return word;
}
inline void store_word(char* at, u64 word) noexcept { std::memcpy(at, &word, sizeof word); }

/// The last `count` bytes (1 to 8) before `end`, '0' taken off, zeros in front. Reads 8 bytes.
inline u64 digits_before(const char* end, usize count) noexcept {
  return (load_word(end - 8) ^ kZeros) & (~u64{0} << (64 - 8 * count));
}
/// High bit of each byte that is no digit. A byte from 138 on may spoil the one behind it.
inline u64 not_digits(u64 digits) noexcept { return ((digits + kAboveNine) | digits) & kHighBits; }

/// Value of eight digits, each 0 to 9.
inline u64 value_of(u64 digits) noexcept {
  digits = digits * 10 + (digits >> 8);  // pairs, in bytes 0, 2, 4, 6
  constexpr u64 kPairs = 0x0000'00FF'0000'00FF;
  return ((digits & kPairs) * (100 + (u64{1'000'000} << 32)) +
          ((digits >> 16) & kPairs) * (1 + (u64{10'000} << 32))) >>
         32;
}
/// The digits of a value below 10^8, each 0 to 9.
inline u64 digits_of(u64 value) noexcept {
  const u64 fours = value / 10'000 | (value % 10'000) << 32;
  const u64 hundreds = ((fours * 10'486) >> 20) & 0x0000'007F'0000'007F;
  const u64 pairs = hundreds | (fours - hundreds * 100) << 16;
  const u64 tens = ((pairs * 103) >> 10) & 0x000F'000F'000F'000F;
  return tens | (pairs - tens * 10) << 8;
}

/// Three digits, each 0 to 9, of a value below 1000.
inline constexpr std::array<u32, 1'000> kThreeDigits = [] {
  std::array<u32, 1'000> table{};
  for (u32 i = 0; i < 1'000; ++i) table[i] = i / 100 | (i / 10 % 10) << 8 | (i % 10) << 16;
  return table;
}();
inline u32 three_digits(u64 value) noexcept { return kThreeDigits[value]; }

}  // namespace tradsys::fix::record
