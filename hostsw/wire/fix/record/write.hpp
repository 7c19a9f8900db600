#pragma once
// Writes a typed record as text. Room for the longest text of a record is there before it begins,
// so that no step asks for any; what cannot be said is noted and found at the end.
#include "hostsw/wire/fix/record/separators.hpp"
#include "hostsw/wire/fix/record/values.hpp"

namespace tradsys::fix::record {

/// "|38=" as it stands before a value: 3 to 6 bytes.
struct Lead {
  u64 word;
  u32 bytes;
};
constexpr Lead lead(std::string_view text) {
  u64 word = 0;
  for (usize i = text.size(); i-- > 0;) word = word << 8 | static_cast<u8>(text[i]);
  return {word, static_cast<u32>(text.size())};
}

/// Where the text of one record stands. Local and inlined throughout, so that it lives in
/// registers. Stores may go up to 40 bytes beyond the end: the longest text and 64 bytes have room.
class Encoder {
 public:
  explicit Encoder(char* begin) noexcept : begin_(begin), at_(begin) {}

  /// Of the fields that follow, as many as are always there; others are told one by one.
  [[gnu::always_inline]] void expect(u32 fields) noexcept { fields_ += fields; }

  /// "8=FIX.4.4|9=", three digits that come later, and "|35=D".
  [[gnu::always_inline]] void begin_message(std::string_view begin,
                                            std::string_view type) noexcept {
    std::memcpy(at_, begin.data(), begin.size());
    at_ += begin.size() + kLengthDigits;
    head_bytes_ = begin.size();
    std::memcpy(at_, type.data(), type.size());
    at_ += type.size();
  }

  [[gnu::always_inline]] void text(Lead lead, std::string_view value, usize bytes_max) noexcept {
    if (value.size() - 1 >= bytes_max) [[unlikely]]
      return fail();
    put_lead(lead);
    copy(value);
  }
  [[gnu::always_inline]] void character(Lead lead, char value, Allowed allowed) noexcept {
    put_lead(lead);
    *at_++ = value;
    wrong_ |= !allowed.has(static_cast<u8>(value));
  }
  [[gnu::always_inline]] void code(Lead lead, u32 value, Allowed allowed) noexcept {
    put_lead(lead);
    put_number(value);
    wrong_ |= !allowed.has(value);
  }
  [[gnu::always_inline]] void boolean(Lead lead, bool value) noexcept {
    put_lead(lead);
    *at_++ = value ? 'Y' : 'N';
  }
  [[gnu::always_inline]] void count(Lead lead, u64 value) noexcept {
    put_lead(lead);
    put_number(value);
  }
  [[gnu::always_inline]] void whole(Lead lead, i64 value) noexcept {
    put_lead(lead);
    put_number(put_sign(value));
  }
  template <u32 kDecimals>
  [[gnu::always_inline]] void decimal(Lead lead, Decimal<kDecimals> value) noexcept {
    static_assert(kDecimals == 4 || kDecimals == 8);
    put_lead(lead);
    const u64 amount = put_sign(value.units);
    if constexpr (kDecimals == 4) {
      put_four_decimals(amount);
    } else {
      put_four_decimals(amount / 10'000);
      if (const u64 rest = amount % 10'000; rest != 0) {  // four decimals say most averages
        put_four(at_, rest);
        at_ += 4;
      }
    }
  }
  [[gnu::always_inline]] void timestamp(Lead lead, Nanos value) noexcept;
  [[gnu::always_inline]] void date(Lead lead, u32 value) noexcept {
    put_lead(lead);
    store_word(at_, digits_of(value % 100'000'000) | kZeros);
    wrong_ |= value > 99'999'999 || !is_date({at_, 8});
    at_ += 8;
  }

  /// Bytes of the message with its length and checksum in place; 0 when something could not be
  /// said.
  [[nodiscard, gnu::always_inline]] usize finish() noexcept;
  /// The same for a body alone, which begins with a separator and ends without one.
  [[nodiscard, gnu::always_inline]] usize finish_body() noexcept;

 private:
  static constexpr usize kLengthDigits = 3;

  [[gnu::always_inline]] void fail() noexcept { wrong_ = true; }
  [[gnu::always_inline]] void put_lead(Lead lead) noexcept {
    const u32 half = static_cast<u32>(lead.word);
    std::memcpy(at_, &half, sizeof half);
    if (lead.bytes > 4) at_[4] = static_cast<char>(lead.word >> 32);
    if (lead.bytes > 5) at_[5] = static_cast<char>(lead.word >> 40);
    at_ += lead.bytes;
  }
  /// Short texts without a call, by copies that overlap.
  [[gnu::always_inline]] void copy(std::string_view value) noexcept {
    const usize bytes = value.size();
    const char* const from = value.data();
    char* const to = at_;
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
  [[gnu::always_inline]] static void copy_ends(const char* from, char* to, usize bytes) noexcept {
    std::memcpy(to, from, kBytes);
    std::memcpy(to + bytes - kBytes, from + bytes - kBytes, kBytes);
  }

  [[gnu::always_inline]] void put_number(u64 value) noexcept {
    if (value >= 1'000'000) [[unlikely]] {
      at_ = long_number(at_, value);
      return;
    }
    const u64 digits = three_digits(value / 1'000) | u64{three_digits(value % 1'000)} << 24;
    const u32 zeros = static_cast<u32>(std::countr_zero(digits | u64{1} << 40)) / 8;
    store_word(at_, (digits | kZeros) >> (8 * zeros));
    at_ += 6 - zeros;
  }
  [[gnu::always_inline]] void put_four_decimals(u64 amount) noexcept {
    put_number(amount / 10'000);
    *at_ = '.';
    put_four(at_ + 1, amount % 10'000);
    at_ += 5;
  }
  [[gnu::always_inline]] static void put_four(char* at, u64 part) noexcept {
    const u32 digits = three_digits(part / 100) >> 8 | three_digits(part % 100) << 8;
    const u32 text = digits | 0x3030'3030;
    std::memcpy(at, &text, sizeof text);
  }
  [[gnu::always_inline]] u64 put_sign(i64 value) noexcept {
    *at_ = '-';
    at_ += value < 0 ? 1 : 0;
    return value < 0 ? u64{0} - static_cast<u64>(value) : static_cast<u64>(value);
  }
  static char* long_number(char* at, u64 value) noexcept;
  /// Whether each separator was put by us; adds up the bytes from `from` to the end.
  [[gnu::always_inline]] u64 sum_and_check(const char* from) noexcept;
  [[gnu::cold, gnu::noinline]] static char* make_length_fit(char* length,
                                                            usize body_bytes) noexcept;

  char* begin_;
  char* at_;
  usize head_bytes_ = 0;
  u32 fields_ = 0;
  bool wrong_ = false;
  u64 second_ = ~u64{0};  ///< of the last timestamp, and its text
  u64 day_ = 0;
  u64 clock_ = 0;
};

/// What a timestamp can say: 1970 to 2243, as parse_timestamp.
inline constexpr u64 kTimestampMax = 100'001 * u64{86'400'000'000'000} - 1;

/// "YYYYMMDD" of a day since 1970.
inline u64 day_text(u64 day) noexcept {
  // Days since 0000-03-01: a year that begins in March has its leap day last. An era is 400 years.
  const u64 days = day + 719'468;
  const u64 of_era = days % 146'097;
  const u64 year_of_era = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const u64 of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const u64 from_march = (5 * of_year + 2) / 153;
  const u64 of_month = of_year - (153 * from_march + 2) / 5 + 1;
  const u64 month = from_march < 10 ? from_march + 3 : from_march - 9;
  const u64 year = year_of_era + days / 146'097 * 400 + (month <= 2 ? 1 : 0);
  const auto two = [](u64 value) { return u64{three_digits(value)} >> 8; };
  return kZeros | two(year / 100) | two(year % 100) << 16 | two(month) << 32 | two(of_month) << 48;
}
/// "HH:MM:SS" of a second of a day.
inline u64 clock_text(u64 second) noexcept {
  const u64 minute = second / 60;
  const auto two = [](u64 value) { return u64{three_digits(value)} >> 8; };
  const u64 digits = two(minute / 60) | two(minute % 60) << 24 | two(second % 60) << 48;
  constexpr u64 kText = 0x30'30'3A'30'30'3A'30'30;  // "00:00:00"
  return digits | kText;
}

inline void Encoder::timestamp(Lead lead, Nanos value) noexcept {
  const u64 ms = static_cast<u64>(value.v) / 1'000'000;
  const u64 second = ms / 1'000;
  put_lead(lead);
  wrong_ |= static_cast<u64>(value.v) > kTimestampMax;
  if (second != second_) {  // most messages say two times of one second
    second_ = second;
    day_ = day_text(second / 86'400);
    clock_ = clock_text(second % 86'400);
  }
  store_word(at_, day_);
  at_[8] = '-';
  store_word(at_ + 9, clock_);
  const u32 fraction = (three_digits(ms % 1'000) | 0x30'30'30) << 8 | '.';
  std::memcpy(at_ + 17, &fraction, sizeof fraction);
  at_ += 21;
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
    at_ = make_length_fit(begin_ + head_bytes_, body_bytes);
  } else {
    const u32 digits = three_digits(body_bytes) | 0x30'30'30;
    std::memcpy(begin_ + head_bytes_, &digits, kLengthDigits);
  }
  const u64 sum = sum_and_check(begin_) & 0xFF;
  const u64 trailer = u64{three_digits(sum) | 0x30'30'30} << 24 | 0x3D'30'31 | u64{kSoh} << 48;
  store_word(at_, trailer);  // "10=ddd|"
  at_ += kTrailerBytes;
  return wrong_ ? 0 : static_cast<usize>(at_ - begin_);
}

inline usize Encoder::finish_body() noexcept {
  *at_++ = kSoh;
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
  static_assert(Fields::Record::kBytesMax <= 255 * 32, "separators are counted in bytes");
  if (out.size() < Fields::Record::kBytesMax) [[unlikely]]
    return write_tight<Fields>(record, out);
  constexpr u32 kHeadAndLast = 3;  // separators behind 8 and 9, and the one before 10
  Encoder encoder(out.data());
  encoder.expect(kHeadAndLast + Fields::kAlways + Fields::kAlwaysInHeader);
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
  encoder.expect(Fields::kAlways + 1);
  Fields::encode(record, encoder);
  const usize bytes = encoder.finish_body();
  if (bytes == 0 || bytes - 1 > out.size()) return 0;
  std::memcpy(out.data(), room.data() + 1, bytes - 1);
  return bytes - 1;
}

}  // namespace tradsys::fix::record
