#pragma once
// Units as types: a quantity cannot be passed where a price is meant. Raw integers stand only
// inside wire records and generated spec records.
#include <compare>
#include <concepts>
#include <limits>
#include <optional>

#include "hostsw/core/types.hpp"

namespace tradsys {

/// A number with a meaning. `Tag` tells units apart; `v` is the raw value.
template <class Tag, std::integral Rep>
struct Unit {
  using rep = Rep;
  Rep v{};
  constexpr auto operator<=>(const Unit&) const = default;
};

/// A price in 1e-8 currency units: the scale at every edge of the product (DECIMAL(18,8) in SQL).
using Price = Unit<struct PriceTag, i64>;
/// A price in an instrument's own decimals (ITCH: 4); the scale of books, gate and FPGA.
using BookPrice = Unit<struct BookPriceTag, u32>;
/// A quantity of an instrument (shares, contracts).
using Qty = Unit<struct QtyTag, u32>;
/// Nanoseconds: a duration, or a point on the clock of whoever hands it out (docs/adr/0005).
using Nanos = Unit<struct NanosTag, i64>;

constexpr Nanos operator+(Nanos a, Nanos b) { return {a.v + b.v}; }
constexpr Nanos operator-(Nanos a, Nanos b) { return {a.v - b.v}; }

inline constexpr Nanos kMicrosecond{1'000};
inline constexpr Nanos kMillisecond{1'000'000};
inline constexpr Nanos kSecond{1'000'000'000};

/// Index into the dense table of instruments of one dataplane (0-based, not a venue's number).
using InstrumentIndex = Unit<struct InstrumentIndexTag, u16>;
/// Index into the dense table of accounts.
using AccountIndex = Unit<struct AccountIndexTag, u16>;
inline constexpr InstrumentIndex kNoInstrument{0xFFFF};
inline constexpr AccountIndex kNoAccount{0xFFFF};

inline constexpr u32 kPriceDecimals = 8;

/// 10^(8 - decimals): 1e-8 units in one book unit. `decimals` in [0, 8].
constexpr i64 price_scale(u32 decimals) {
  i64 scale = 1;
  for (u32 i = decimals; i < kPriceDecimals; ++i) scale *= 10;
  return scale;
}

/// Book price -> edge price; never overflows for `decimals` in [0, 8].
constexpr Price to_price(BookPrice p, u32 decimals) {
  return {static_cast<i64>(p.v) * price_scale(decimals)};
}

/// Edge price -> book price; nothing when negative, not a whole number of book units, or above 32
/// bits.
constexpr std::optional<BookPrice> to_book_price(Price p, u32 decimals) {
  const i64 scale = price_scale(decimals);
  if (p.v < 0 || p.v % scale != 0) return std::nullopt;
  const i64 units = p.v / scale;
  if (units > std::numeric_limits<u32>::max()) return std::nullopt;
  return BookPrice{static_cast<u32>(units)};
}

static_assert(sizeof(Price) == sizeof(i64) && sizeof(Qty) == sizeof(u32));
static_assert(to_book_price(to_price({63'0200}, 4), 4) == BookPrice{63'0200});

}  // namespace tradsys
