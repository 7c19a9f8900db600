#pragma once
// When a session with a peer is open, and which day of it a time belongs to: a FIX session numbers
// both directions from 1 in each (FIX 4.4 volume 2, "Days and hours of operation"). Times are UTC.
#include <array>
#include <optional>
#include <string_view>

#include "hostsw/core/units.hpp"

namespace tradsys {

/// A day of the session begins at `start` and ends at `end`, the next day where that is not later.
/// The same time twice: it ends when the next one begins, and is open around the clock.
struct SessionHours {
  Nanos start{};  ///< of the UTC day, below 24 h
  Nanos end{};
  u8 weekdays = 0x7F;  ///< on which a day of the session may begin: bit n = weekday n, Sunday 0
  bool operator==(const SessionHours&) const = default;
};

/// Number of the session's day that the UTC time `at` lies in, as days since 1970-01-01 to its
/// beginning; nothing while the session is closed.
[[nodiscard]] constexpr std::optional<i64> session_day(const SessionHours& hours,
                                                       Nanos at) noexcept {
  constexpr i64 kDay = 86'400 * kSecond.v;
  const i64 days = at.v / kDay - (at.v % kDay < 0 ? 1 : 0);
  const i64 of_day = at.v - days * kDay;
  const bool overnight = hours.end <= hours.start;
  const bool began_today = of_day >= hours.start.v;
  const bool open =
      overnight ? began_today || of_day < hours.end.v : began_today && of_day < hours.end.v;
  const i64 day = began_today ? days : days - 1;
  const i64 weekday = ((day + 4) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
  if (!open || (hours.weekdays >> weekday & 1) == 0) return std::nullopt;
  return day;
}

/// "HH:MM:SS" as a time of the day; nothing when it is none.
[[nodiscard]] constexpr std::optional<Nanos> parse_time_of_day(std::string_view text) noexcept {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  i64 seconds = 0;
  for (const usize at : {usize{0}, usize{3}, usize{6}}) {
    const int tens = text[at] - '0', ones = text[at + 1] - '0';
    const int limit = at == 0 ? 24 : 60;
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9 || tens * 10 + ones >= limit)
      return std::nullopt;
    seconds = seconds * 60 + tens * 10 + ones;
  }
  return Nanos{seconds * kSecond.v};
}

/// Weekdays as "sun mon tue" with one blank between them, in any order; nothing when one is none or
/// there is none.
[[nodiscard]] constexpr std::optional<u8> parse_weekdays(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 7> kNames{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  u32 days = 0;
  for (usize at = 0; at < text.size(); at += 4) {
    usize day = 0;
    while (day < kNames.size() && text.substr(at, 3) != kNames[day]) ++day;
    if (day == kNames.size() || (at + 3 != text.size() && text[at + 3] != ' ')) return std::nullopt;
    days |= 1U << day;
  }
  if (days == 0 || text.back() == ' ') return std::nullopt;
  return static_cast<u8>(days);
}

}  // namespace tradsys
