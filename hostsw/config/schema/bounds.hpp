#pragma once
// Bounds that knobs of several tables share.
#include "hostsw/config/schema/knob.hpp"

namespace tradsys::config {

inline constexpr Bounds kName{1, 15};
inline constexpr Bounds kOptionalName{0, 15};
inline constexpr Bounds kPath{1, 255};
inline constexpr Bounds kOptionalPath{0, 255};
inline constexpr Bounds kNetPort{1, 65'535};
inline constexpr Bounds kAccountId{0, 255};
inline constexpr Bounds kU32{0, 4'294'967'295};
inline constexpr Bounds kPriceUnits{1, 1'000'000'000};
/// Times 10^4 (book price units of a venue with four decimals) it still fits 63 bits.
inline constexpr Bounds kNotional{0, 900'000'000'000'000};
inline constexpr Bounds kMilliseconds{1, 600'000};
inline constexpr Bounds kSlots{64, 32'768};

}  // namespace tradsys::config
