#pragma once
// Reads the values of typed records. Each take_ function returns kTaken, or the reason for which it
// refuses. Hot cases stand here, everything else is in values.cpp.
//
// A value lies within a whole message: at least 16 bytes stand before its end, 8 from its begin on.
#include "hostsw/wire/fix/record/digits.hpp"
#include "hostsw/wire/fix/record/record.hpp"
#include "hostsw/wire/fix/utc.hpp"

namespace tradsys::fix::record {

inline constexpr u8 kTaken = 0xFF;
constexpr u8 refused(RejectReason reason) { return static_cast<u8>(reason); }

struct Value {
  const char* begin;
  usize bytes;  ///< an empty value is refused by every function

  [[nodiscard]] const char* end() const noexcept { return begin + bytes; }
  [[nodiscard]] std::string_view text() const noexcept { return {begin, bytes}; }
};

/// Allowed values of a field as bits: characters, or numbers, below 128.
struct Allowed {
  u64 low;
  u64 high;

  [[nodiscard]] constexpr bool has(u64 value) const noexcept {
    return value < 128 && ((value < 64 ? low : high) >> (value & 63) & 1) != 0;
  }
};

// The rare and the wrong cases of the functions below.
[[gnu::cold, gnu::noinline]] u8 take_odd_count(Value value, u64& out) noexcept;
[[gnu::cold, gnu::noinline]] u8 take_odd_quantity(Value value, u64& out) noexcept;
[[gnu::cold, gnu::noinline]] u8 take_odd_decimal(Value value, u32 decimals, i64& out) noexcept;
[[gnu::cold, gnu::noinline]] u8 take_odd_timestamp(Value value, Nanos& out) noexcept;
/// Fields that few messages have.
[[gnu::noinline]] u8 take_whole(Value value, i64& out) noexcept;
[[gnu::noinline]] u8 take_code(Value value, FieldType type, Allowed allowed, u32& out) noexcept;
[[gnu::noinline]] u8 take_date(Value value, u32& out) noexcept;
[[gnu::noinline]] u8 take_listed(Value value, const Dictionary& dictionary, i32 tag,
                                 usize bytes_max, std::string_view& out) noexcept;

[[gnu::always_inline]] inline u8 take_text(Value value, usize bytes_max,
                                           std::string_view& out) noexcept {
  out = value.text();
  return value.bytes - 1 < bytes_max ? kTaken : refused(RejectReason::kValueOutOfRange);
}

/// One character of a set. `type` says how a longer value is refused.
[[gnu::always_inline]] inline u8 take_char(Value value, FieldType type, Allowed allowed,
                                           char& out) noexcept {
  out = *value.begin;
  if (value.bytes != 1) [[unlikely]]
    return refused(type == FieldType::kChar ? RejectReason::kIncorrectFormat
                                            : RejectReason::kValueOutOfRange);
  return allowed.has(static_cast<u8>(out)) ? kTaken : refused(RejectReason::kValueOutOfRange);
}

[[gnu::always_inline]] inline u8 take_boolean(Value value, bool& out) noexcept {
  out = *value.begin == 'Y';
  return value.bytes == 1 && (out || *value.begin == 'N') ? kTaken
                                                          : refused(RejectReason::kIncorrectFormat);
}

/// Up to eight digits; false for anything else.
[[gnu::always_inline]] inline bool take_digits(Value value, u64& out) noexcept {
  if (value.bytes - 1 >= 8) return false;
  const u64 digits = digits_before(value.end(), value.bytes);
  out = value_of(digits);
  return not_digits(digits) == 0;
}
[[gnu::always_inline]] inline u8 take_count(Value value, u64& out) noexcept {
  return take_digits(value, out) ? kTaken : take_odd_count(value, out);
}
[[gnu::always_inline]] inline u8 take_quantity(Value value, u64& out) noexcept {
  return take_digits(value, out) ? kTaken : take_odd_quantity(value, out);
}

template <u32 kDecimals>
[[gnu::always_inline]] inline u8 take_decimal(Value value, Decimal<kDecimals>& out) noexcept {
  constexpr u64 kDot = '.' ^ '0';
  if (value.bytes - 1 < 8) [[likely]] {
    const u64 digits = digits_before(value.end(), value.bytes);
    const u64 others = not_digits(digits);
    if (others == 0) {
      out.units = static_cast<i64>(value_of(digits) * kPow10[kDecimals]);
      return kTaken;
    }
    const u32 dot = static_cast<u32>(std::countr_zero(others)) - 7;  // its first bit
    const usize part_digits = 7 - dot / 8;
    if ((others & (others - 1)) == 0 && (digits >> dot & 0xFF) == kDot &&
        part_digits <= kDecimals && value.bytes != 1) [[likely]] {
      const u64 before = (u64{1} << dot) - 1;
      const u64 closed = (digits & before) << 8 | (digits & ~(before << 8 | 0xFF));
      out.units = static_cast<i64>(value_of(closed) * kPow10[kDecimals - part_digits]);
      return kTaken;
    }
  }
  return take_odd_decimal(value, kDecimals, out.units);
}

/// The last day that was read, by its text.
struct Day {
  u64 text = 0;
  i64 ns = 0;
};
/// YYYYMMDD; false when it is no day that exists, or none from 1970 to 2243.
inline bool read_day(u64 text, Day& day) noexcept {
  const u64 digits = text ^ kZeros;
  const u64 pairs = digits * 10 + (digits >> 8);  // in bytes 0, 2, 4 and 6
  const u64 year = (pairs & 0xFF) * 100 + (pairs >> 16 & 0xFF);
  const u64 month = pairs >> 32 & 0xFF;
  const u64 of_month = pairs >> 48 & 0xFF;
  if (not_digits(digits) != 0 || month - 1 >= 12 || year < 1970) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  constexpr u8 kMonthDays[]{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (of_month - 1 >= kMonthDays[month - 1] + (leap && month == 2 ? u64{1} : 0)) return false;
  // Days since 0000-03-01: a year that begins in March has its leap day last.
  const u64 from_march = month > 2 ? month - 3 : month + 9;
  const u64 years = month > 2 ? year : year - 1;
  const u64 days = years * 365 + years / 4 - years / 100 + years / 400 +
                   (153 * from_march + 2) / 5 + of_month - 1 - 719'468;
  constexpr u64 kDaysMax = 100'000;  // beyond, 64 bits of nanoseconds do not reach
  day = {text, static_cast<i64>(days) * 86'400'000'000'000};
  return days <= kDaysMax;
}

/// HH:MM:SS in nanoseconds; -1 for what is none.
inline i64 time_of_day_ns(u64 text) noexcept {
  constexpr u64 kPattern = 0x30'30'3A'30'30'3A'30'30;  // "00:00:00"
  constexpr u64 kColons = 0x00'00'FF'00'00'FF'00'00;
  const u64 digits = text ^ kPattern;
  const u64 pairs = digits * 10 + (digits >> 8);  // in bytes 0, 3 and 6
  const u64 hour = pairs & 0xFF;
  const u64 minute = pairs >> 24 & 0xFF;
  const u64 second = pairs >> 48 & 0xFF;
  const bool wrong = ((not_digits(digits) | (digits & kColons)) != 0) | (hour > 23) |
                     (minute > 59) | (second > 60);
  return wrong ? -1 : static_cast<i64>((hour * 60 + minute) * 60 + second) * 1'000'000'000;
}

/// With milliseconds or without a fraction; the others are rare.
[[gnu::always_inline]] inline u8 take_timestamp(Value value, Day& day, Nanos& out) noexcept {
  constexpr usize kDayBytes = 8;
  constexpr usize kSecondBytes = 17;
  constexpr usize kMillisecondBytes = 21;
  if (value.bytes != kMillisecondBytes) return take_odd_timestamp(value, out);
  const u64 day_text = load_word(value.begin);
  const i64 time_ns = time_of_day_ns(load_word(value.begin + kDayBytes + 1));
  const u64 fraction = digits_before(value.end(), 3);
  const bool marked = value.begin[kDayBytes] == '-' && value.begin[kSecondBytes] == '.' &&
                      not_digits(fraction) == 0;
  if (!marked || time_ns < 0 || (day_text != day.text && !read_day(day_text, day))) [[unlikely]]
    return refused(RejectReason::kIncorrectFormat);
  out = Nanos{day.ns + time_ns + static_cast<i64>(value_of(fraction)) * 1'000'000};
  return kTaken;
}

}  // namespace tradsys::fix::record
