#pragma once
// Writes a typed record as text. Room for the longest text of a record is there before it begins,
// so that no step asks for any; what cannot be said is noted and found at the end.
#include "hostsw/wire/fix/record/separators.hpp"
#include "hostsw/wire/fix/record/values.hpp"

namespace tradsys::fix::record {

/// "|38=" as it stands before a value, in 8 bytes that are stored at once.
struct Lead {
  u64 word;
  u32 bytes;
};
constexpr Lead lead(std::string_view text) {
  u64 word = 0;
  for (usize i = text.size(); i-- > 0;) word = word << 8 | static_cast<u8>(text[i]);
  return {word, static_cast<u32>(text.size())};
}

/// Bytes that may be written behind the end of a text.
inline constexpr usize kSlackBytes = 64;

class Encoder {
 public:
  explicit Encoder(char* begin) noexcept : begin_(begin), at_(begin) {}

  /// "8=FIX.4.4|9=", three digits that come later, and "|35=D".
  void begin_message(std::string_view begin, std::string_view type) noexcept {
    std::memcpy(at_, begin.data(), begin.size());
    at_ += begin.size() + kLengthDigits;
    head_bytes_ = begin.size();
    std::memcpy(at_, type.data(), type.size());
    at_ += type.size();
    fields_ = 3;
  }

  void text(Lead lead, std::string_view value, usize bytes_max) noexcept {
    if (value.size() > bytes_max || value.empty()) [[unlikely]]
      return fail();
    put_lead(lead);
    copy(value);
  }
  void character(Lead lead, char value, Allowed allowed) noexcept {
    put_lead(lead);
    *at_++ = value;
    wrong_ |= !allowed.has(static_cast<u8>(value));
  }
  void code(Lead lead, u32 value, Allowed allowed) noexcept {
    put_lead(lead);
    put_number(value);
    wrong_ |= !allowed.has(value);
  }
  void boolean(Lead lead, bool value) noexcept {
    put_lead(lead);
    *at_++ = value ? 'Y' : 'N';
  }
  void count(Lead lead, u64 value) noexcept {
    put_lead(lead);
    put_number(value);
  }
  void whole(Lead lead, i64 value) noexcept {
    put_lead(lead);
    put_number(put_sign(value));
  }
  template <u32 kDecimals>
  void decimal(Lead lead, Decimal<kDecimals> value) noexcept {
    static_assert(kDecimals == 4 || kDecimals == 8);
    put_lead(lead);
    const u64 amount = put_sign(value.units);
    put_number(amount / kPow10[kDecimals]);
    const u64 part = amount % kPow10[kDecimals];
    if constexpr (kDecimals == 4) {
      put_part(part);
    } else {
      put_part(part / 10'000);
      if (part % 10'000 != 0) put_four(part % 10'000);  // four decimals say most averages
    }
  }
  void timestamp(Lead lead, Nanos value) noexcept;
  void date(Lead lead, u32 value) noexcept;

  /// Bytes of the message with its length and checksum in place; 0 when something could not be
  /// said.
  [[nodiscard]] usize finish() noexcept;
  /// The same for a body alone, which begins with a separator and ends without one.
  [[nodiscard]] usize finish_body() noexcept;

 private:
  static constexpr usize kLengthDigits = 3;

  void fail() noexcept { wrong_ = true; }
  void put_lead(Lead lead) noexcept {
    store_word(at_, lead.word);
    at_ += lead.bytes;
    ++fields_;
  }
  /// Short texts without a call: two copies that overlap.
  void copy(std::string_view value) noexcept {
    const usize bytes = value.size();
    const char* from = value.data();
    char* to = at_;
    at_ += bytes;
    if (bytes > 32) [[unlikely]] {
      std::memcpy(to, from, bytes);
    } else if (bytes >= 16) {
      copy_ends<16>(from, to, bytes);
    } else if (bytes >= 8) {
      copy_ends<8>(from, to, bytes);
    } else if (bytes >= 4) {
      copy_ends<4>(from, to, bytes);
    } else {
      to[0] = from[0];
      to[bytes / 2] = from[bytes / 2];
      to[bytes - 1] = from[bytes - 1];
    }
  }
  template <usize kBytes>
  static void copy_ends(const char* from, char* to, usize bytes) noexcept {
    std::memcpy(to, from, kBytes);
    std::memcpy(to + bytes - kBytes, from + bytes - kBytes, kBytes);
  }

  void put_number(u64 value) noexcept {
    if (value >= 100'000'000) [[unlikely]]
      return put_long_number(value);
    const u64 digits = digits_of(value);
    const u32 zeros = static_cast<u32>(std::countr_zero(digits | u64{1} << 56)) / 8;
    store_word(at_, (digits | kZeros) >> (8 * zeros));
    at_ += 8 - zeros;
  }
  /// "." and four digits.
  void put_part(u64 part) noexcept {
    store_word(at_, ((digits_of(part) | kZeros) >> 32) << 8 | '.');
    at_ += 5;
  }
  void put_four(u64 part) noexcept {
    store_word(at_, (digits_of(part) | kZeros) >> 32);
    at_ += 4;
  }
  u64 put_sign(i64 value) noexcept {
    *at_ = '-';
    at_ += value < 0 ? 1 : 0;
    return value < 0 ? u64{0} - static_cast<u64>(value) : static_cast<u64>(value);
  }
  [[gnu::noinline]] void put_long_number(u64 value) noexcept;
  /// "YYYYMMDD-HH:MM:SS." of a second since 1970.
  void put_second(u64 second) noexcept;
  /// Whether each separator was put by us; adds up the bytes from `from` to the end.
  u64 sum_and_check(const char* from) noexcept;
  [[gnu::cold, gnu::noinline]] void make_length_fit(usize body_bytes) noexcept;

  char* begin_;
  char* at_;
  usize head_bytes_ = 0;
  u32 fields_ = 0;
  bool wrong_ = false;
};

/// What a timestamp can say: 1970 to 2243, as parse_timestamp.
inline constexpr i64 kTimestampMax = 100'001 * i64{86'400'000'000'000} - 1;

inline void Encoder::put_second(u64 second) noexcept {
  const u64 day = second / 86'400;
  const u64 of_day = second % 86'400;
  // Days since 0000-03-01: a year that begins in March has its leap day last. An era is 400 years.
  const u64 days = day + 719'468;
  const u64 of_era = days % 146'097;
  const u64 year_of_era = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const u64 of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const u64 march_month = (5 * of_year + 2) / 153;
  const u64 day_of_month = of_year - (153 * march_month + 2) / 5 + 1;
  const u64 month = march_month < 10 ? march_month + 3 : march_month - 9;
  const u64 year = year_of_era + days / 146'097 * 400 + (month <= 2 ? 1 : 0);
  store_word(at_, digits_of(year * 10'000 + month * 100 + day_of_month) | kZeros);
  at_[8] = '-';
  const u64 clock = digits_of(of_day / 3'600 * 10'000 + of_day / 60 % 60 * 100 + of_day % 60);
  const u64 two = 0xFFFF;  // "00HHMMSS": the colons go between
  const u64 text = ((clock | kZeros) >> 16 & two) | ((clock | kZeros) >> 32 & two) << 24 |
                   ((clock | kZeros) >> 48) << 48 | u64{':'} << 16 | u64{':'} << 40;
  store_word(at_ + 9, text);
  at_[17] = '.';
  at_ += 18;
}

inline void Encoder::timestamp(Lead lead, Nanos value) noexcept {
  const u64 ns = static_cast<u64>(value.v);
  const u64 second = ns / 1'000'000'000;
  put_lead(lead);
  wrong_ |= value.v < 0 || value.v > kTimestampMax;
  put_second(second);
  const u64 fraction = digits_of(ns / 1'000'000 % 1'000) | kZeros;
  store_word(at_, fraction >> 40);
  at_ += 3;
}

inline u64 Encoder::sum_and_check(const char* from) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i separator = _mm256_set1_epi8(kSoh);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(at_), zero);
  __m256i sum = zero;
  __m256i found = zero;
  for (const char* block = from; block < at_; block += 32) {
    const __m256i lanes = load_lanes(block);
    sum = _mm256_add_epi64(sum, _mm256_sad_epu8(lanes, zero));
    found = _mm256_sub_epi8(found, _mm256_cmpeq_epi8(lanes, separator));
  }
  wrong_ |= sum_of(_mm256_sad_epu8(found, zero)) != fields_;
  return sum_of(sum);
}

inline usize Encoder::finish() noexcept {
  *at_++ = kSoh;
  const usize body_bytes = static_cast<usize>(at_ - begin_) - head_bytes_ - kLengthDigits - 1;
  if (body_bytes < 100 || body_bytes > 999) [[unlikely]] {
    make_length_fit(body_bytes);
  } else {
    const u64 digits = (digits_of(body_bytes) | kZeros) >> 40;
    std::memcpy(begin_ + head_bytes_, &digits, kLengthDigits);
  }
  const u64 sum = sum_and_check(begin_) & 0xFF;
  const u64 trailer = ((digits_of(sum) | kZeros) >> 40) << 24 | 0x3D'30'31 | u64{kSoh} << 48;
  store_word(at_, trailer);  // "10=ddd|"
  at_ += kTrailerBytes;
  return wrong_ ? 0 : static_cast<usize>(at_ - begin_);
}

inline usize Encoder::finish_body() noexcept {
  *at_++ = kSoh;
  ++fields_;
  sum_and_check(begin_);
  return wrong_ ? 0 : static_cast<usize>(at_ - begin_);
}

/// Into a buffer that is long enough, and from there what fits.
template <class Fields>
[[gnu::cold, gnu::noinline]] usize write_tight(const typename Fields::Record& record,
                                               std::span<char> out) noexcept;

/// A whole message; 0 when it does not fit or cannot be said.
template <class Fields>
inline usize write_record(const typename Fields::Record& record, std::span<char> out) noexcept {
  if (out.size() < Fields::Record::kBytesMax) [[unlikely]]
    return write_tight<Fields>(record, out);
  Encoder encoder(out.data());
  encoder.begin_message(Fields::kBegin, Fields::kTypeLead);
  encode_header(record.header, encoder);
  Fields::encode(record, encoder);
  return encoder.finish();
}

template <class Fields>
usize write_tight(const typename Fields::Record& record, std::span<char> out) noexcept {
  std::array<char, Fields::Record::kBytesMax> room;
  const usize bytes = write_record<Fields>(record, room);
  if (bytes > out.size()) return 0;
  std::memcpy(out.data(), room.data(), bytes);
  return bytes;
}

/// The fields of the body, each with its separator.
template <class Fields>
inline usize write_fields(const typename Fields::Record& record, std::span<char> out) noexcept {
  std::array<char, Fields::Record::kBytesMax> room;
  Encoder encoder(room.data());
  Fields::encode(record, encoder);
  const usize bytes = encoder.finish_body();
  if (bytes == 0 || bytes - 1 > out.size()) return 0;
  std::memcpy(out.data(), room.data() + 1, bytes - 1);
  return bytes - 1;
}

}  // namespace tradsys::fix::record
