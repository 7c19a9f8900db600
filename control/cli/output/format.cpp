#include "control/cli/output/format.hpp"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <span>

namespace tradsys::cli {
namespace {

struct Scale {
  u64 size;
  std::string_view unit;
};

/// `number` in the largest unit it reaches, with three significant digits, rounded down.
std::string scaled(u64 number, std::span<const Scale> largest_first) {
  const auto scale = std::find_if(largest_first.begin(), largest_first.end() - 1,
                                  [&](const Scale& candidate) { return number >= candidate.size; });
  const u64 whole = number / scale->size;
  const u64 hundredths = static_cast<u64>(u128{number % scale->size} * 100 / scale->size);
  char text[48];
  if (scale->size == 1 || whole >= 100)
    std::snprintf(text, sizeof text, "%llu", static_cast<unsigned long long>(whole));
  else if (whole >= 10)
    std::snprintf(text, sizeof text, "%llu.%llu", static_cast<unsigned long long>(whole),
                  static_cast<unsigned long long>(hundredths / 10));
  else
    std::snprintf(text, sizeof text, "%llu.%02llu", static_cast<unsigned long long>(whole),
                  static_cast<unsigned long long>(hundredths));
  return std::string(text) + " " + std::string(scale->unit);
}

}  // namespace

std::string grouped(u64 number) {
  std::string digits = std::to_string(number);
  for (usize at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string grouped_signed(i64 number) {
  const u64 size = number < 0 ? u64{0} - static_cast<u64>(number) : static_cast<u64>(number);
  return (number < 0 ? "-" : "") + grouped(size);
}

std::string price_text(u32 price, u32 decimals) {
  const usize places = std::min<usize>(decimals, 9);
  std::string digits = std::to_string(price);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return digits;
}

std::string price_or_dash(u32 price, u32 decimals) {
  return price == 0 ? "-" : price_text(price, decimals);
}

std::string span_text(u64 nanoseconds) {
  static constexpr Scale kScales[] = {
      {1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "us"}, {1, "ns"}};
  return scaled(nanoseconds, kScales);
}

std::string uptime_text(u64 seconds) {
  char text[64];
  std::snprintf(text, sizeof text, "%02llu:%02llu:%02llu",
                static_cast<unsigned long long>(seconds / 3600 % 24),
                static_cast<unsigned long long>(seconds / 60 % 60),
                static_cast<unsigned long long>(seconds % 60));
  const u64 days = seconds / 86'400;
  return days == 0 ? text : std::to_string(days) + "d " + text;
}

std::string utc_text(u64 unix_ns) {
  if (unix_ns == 0) return "-";
  const auto seconds = static_cast<time_t>(unix_ns / 1'000'000'000);
  struct tm calendar {};
  char text[64];
  if (::gmtime_r(&seconds, &calendar) == nullptr ||
      ::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &calendar) == 0)
    return "-";
  return text;
}

u64 rate_per_s(u64 events, Nanos elapsed) noexcept {
  if (elapsed.v <= 0) return 0;
  const auto time = static_cast<u128>(elapsed.v);
  return static_cast<u64>((u128{events} * 1'000'000'000 + time / 2) / time);
}

std::string percent_text(u64 part, u64 whole) {
  if (whole == 0) return "-";
  const auto permille = static_cast<u64>((u128{part} * 1'000 + whole / 2) / whole);
  return std::to_string(permille / 10) + "." + std::to_string(permille % 10) + " %";
}

std::string hex_text(u64 number) {
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

std::string bytes_text(u64 bytes) {
  static constexpr Scale kScales[] = {{u64{1} << 40, "TiB"},
                                      {u64{1} << 30, "GiB"},
                                      {u64{1} << 20, "MiB"},
                                      {u64{1} << 10, "KiB"},
                                      {1, "B"}};
  return scaled(bytes, kScales);
}

std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

}  // namespace tradsys::cli
