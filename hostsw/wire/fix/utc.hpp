#pragma once
// UTC times as FIX writes them: 20260721-09:30:00, with 3, 6 or 9 digits of a fraction or none.
#include <optional>
#include <string_view>

#include "hostsw/core/types.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::fix {

inline constexpr usize kTimestampBytesMax = 27;

/// Since 1970; leap second 60 counts as the next minute's first. Nothing for what is no time.
[[nodiscard]] std::optional<Nanos> parse_timestamp(std::string_view text) noexcept;
/// Writes `digits` (0, 3, 6 or 9) of a fraction, cut and not rounded; returns the length.
usize format_timestamp(Nanos since_1970, u32 digits, char* out) noexcept;
/// HH:MM:SS with or without a fraction.
[[nodiscard]] bool is_time(std::string_view text) noexcept;
/// YYYYMMDD, a day that exists.
[[nodiscard]] bool is_date(std::string_view text) noexcept;

}  // namespace tradsys::fix
