#pragma once
// Calendar days, without a clock and without a time zone: what a rule's effective dates are made
// of.
#include <chrono>
#include <limits>
#include <string>

#include "hostsw/core/types.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::refdata {

/// Days since 1970-01-01 in the market's own calendar.
using Date = Unit<struct DateTag, i32>;
inline constexpr Date kFirstDate{std::numeric_limits<i32>::min()};
inline constexpr Date kLastDate{std::numeric_limits<i32>::max()};
inline constexpr Nanos kDay{86'400'000'000'000};

/// `month` and `day` from 1; a day that does not exist is the caller's error.
[[nodiscard]] constexpr Date make_date(i32 year, u32 month, u32 day) {
  const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{month},
                                        std::chrono::day{day}};
  return {static_cast<i32>(std::chrono::sys_days{ymd}.time_since_epoch().count())};
}

/// 0 = Sunday .. 6 = Saturday.
[[nodiscard]] constexpr u32 weekday(Date date) noexcept {
  const i64 days = (i64{date.v} + 4) % 7;  // 1970-01-01 was a Thursday
  return static_cast<u32>(days < 0 ? days + 7 : days);
}

/// As "2026-03-01".
[[nodiscard]] inline std::string to_text(Date date) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{date.v}}};
  const auto padded = [](u32 n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(static_cast<int>(ymd.year())) + "-" +
         padded(static_cast<u32>(ymd.month())) + "-" + padded(static_cast<u32>(ymd.day()));
}

static_assert(weekday(make_date(2026, 3, 1)) == 0 && weekday(make_date(2026, 3, 6)) == 5);
static_assert(weekday(make_date(1969, 12, 31)) == 3);

}  // namespace tradsys::refdata
