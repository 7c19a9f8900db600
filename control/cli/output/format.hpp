#pragma once
// Numbers as an operator reads them. No locale, no floating point.
#include <string>
#include <string_view>

#include "hostsw/core/types.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::cli {

/// 1234567 -> "1,234,567".
[[nodiscard]] std::string grouped(u64 number);
[[nodiscard]] std::string grouped_signed(i64 number);

/// A price in its instrument's decimals (at most 9), whole: 1234500 with 4 -> "123.4500".
[[nodiscard]] std::string price_text(u32 price, u32 decimals);
/// The same, with "-" for 0 = none.
[[nodiscard]] std::string price_or_dash(u32 price, u32 decimals);

/// Three significant digits with a unit: "7 ns", "1.23 us", "45.6 ms", "789 s".
[[nodiscard]] std::string span_text(u64 nanoseconds);
/// Seconds as "00:12:04", from a day on as "3d 00:12:04".
[[nodiscard]] std::string uptime_text(u64 seconds);
/// Nanoseconds since 1970 as UTC, "2026-01-31T09:30:00Z"; "-" for 0.
[[nodiscard]] std::string utc_text(u64 unix_ns);

/// `events` in `elapsed` as events per second, rounded; 0 when no time has passed.
[[nodiscard]] u64 rate_per_s(u64 events, Nanos elapsed) noexcept;
/// What a counter has gained; 0 when it went back, which is how a restart shows.
[[nodiscard]] constexpr u64 gained(u64 before, u64 after) noexcept {
  return after > before ? after - before : 0;
}
/// 123 of 1000 -> "12.3 %"; "-" when `whole` is 0.
[[nodiscard]] std::string percent_text(u64 part, u64 whole);
/// 16 hexadecimal digits.
[[nodiscard]] std::string hex_text(u64 number);
/// 1610612736 -> "1.50 GiB": three significant digits.
[[nodiscard]] std::string bytes_text(u64 bytes);

/// Text from shared memory, safe for a terminal: anything but printable ASCII becomes '?'.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace tradsys::cli
