#include "hostsw/wire/fix/utc.hpp"

#include <chrono>

namespace tradsys::fix {
namespace {

constexpr i64 kNsPerSecond = 1'000'000'000;
constexpr i64 kSecondsPerDay = 86'400;

/// `count` digits at `at`; -1 where there are none.
i64 digits(std::string_view text, usize at, usize count) noexcept {
  i64 value = 0;
  for (usize i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<std::chrono::sys_days> day_of(std::string_view text) noexcept {
  const i64 year = digits(text, 0, 4);
  const i64 month = digits(text, 4, 2);
  const i64 day = digits(text, 6, 2);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

/// Time of day of HH:MM:SS[.fraction].
std::optional<i64> time_of_day_ns(std::string_view text) noexcept {
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const i64 hour = digits(text, 0, 2);
  const i64 minute = digits(text, 3, 2);
  const i64 second = digits(text, 6, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  i64 fraction_ns = 0;
  if (text.size() != 8) {
    const usize count = text.size() - 9;
    if (text[8] != '.' || count == 0 || count > 9) return std::nullopt;
    fraction_ns = digits(text, 9, count);
    if (fraction_ns < 0) return std::nullopt;
    for (usize i = count; i < 9; ++i) fraction_ns *= 10;
  }
  return ((hour * 60 + minute) * 60 + second) * kNsPerSecond + fraction_ns;
}

void put(char* out, i64 value, usize count) noexcept {
  for (usize i = count; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::optional<Nanos> parse_timestamp(std::string_view text) noexcept {
  if (text.size() < 17 || text[8] != '-') return std::nullopt;
  const auto day = day_of(text);
  const auto time_ns = time_of_day_ns({text.data() + 9, text.size() - 9});
  if (!day || !time_ns) return std::nullopt;
  const i64 days = day->time_since_epoch().count();
  if (days < 0 || days > 100'000) return std::nullopt;  // beyond, 64 bits of ns do not reach
  return Nanos{days * kSecondsPerDay * kNsPerSecond + *time_ns};
}

usize format_timestamp(Nanos since_1970, u32 digits_wanted, char* out) noexcept {
  const i64 seconds = since_1970.v / kNsPerSecond;
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(seconds / kSecondsPerDay))};
  put(out, static_cast<int>(date.year()), 4);
  put(out + 4, static_cast<unsigned>(date.month()), 2);
  put(out + 6, static_cast<unsigned>(date.day()), 2);
  out[8] = '-';
  put(out + 9, seconds / 3'600 % 24, 2);
  out[11] = ':';
  put(out + 12, seconds / 60 % 60, 2);
  out[14] = ':';
  put(out + 15, seconds % 60, 2);
  if (digits_wanted == 0) return 17;
  out[17] = '.';
  i64 fraction = since_1970.v % kNsPerSecond;
  for (u32 i = digits_wanted; i < 9; ++i) fraction /= 10;
  put(out + 18, fraction, digits_wanted);
  return 18 + digits_wanted;
}

bool is_time(std::string_view text) noexcept { return time_of_day_ns(text).has_value(); }

bool is_date(std::string_view text) noexcept {
  return text.size() == 8 && day_of(text).has_value();
}

}  // namespace tradsys::fix
