#pragma once
// What a price is held against, and how far it may go. Integers only; prices are doubled where a
// midpoint would need a half.
#include <tradsys/risk_spec.hpp>

#include "hostsw/core/types.hpp"

namespace tradsys::risk {

inline constexpr u64 kBasisPoints = 10'000;
/// A wider collar counts as this one (1000 times the reference): keeps every product in 64 bits.
inline constexpr u64 kCollarBpMax = 10'000'000;

/// Twice the reference price, 0 for none. Priority: midpoint of bid and ask when both are there,
/// else the last trade, else the static reference. One side alone is no reference: a stray quote
/// against an empty book would otherwise widen its own collar.
[[nodiscard]] constexpr u64 reference_doubled(const MarketState& market) noexcept {
  if (market.bid_price != 0 && market.ask_price != 0)
    return u64{market.bid_price} + market.ask_price;
  if (market.last_price != 0) return u64{market.last_price} * 2;
  return u64{market.reference_price} * 2;
}

/// Highest price a buy may bid: reference * (1 + collar), rounded down.
[[nodiscard]] constexpr u64 collar_top(u64 doubled, u64 collar) noexcept {
  return doubled * (kBasisPoints + collar) / (2 * kBasisPoints);
}
/// Lowest price a sell may ask: reference * (1 - collar), rounded up; 0 when the collar is 100 % or
/// more.
[[nodiscard]] constexpr u64 collar_bottom(u64 doubled, u64 collar) noexcept {
  if (collar >= kBasisPoints) return 0;
  return (doubled * (kBasisPoints - collar) + 2 * kBasisPoints - 1) / (2 * kBasisPoints);
}
/// Whether a buy goes too far above the reference: the same as price > collar_top, without a
/// division.
[[nodiscard]] constexpr bool above_collar(u32 price, u64 doubled, u64 collar) noexcept {
  return price * (2 * kBasisPoints) > doubled * (kBasisPoints + collar);
}
/// Whether a sell goes too far below the reference: the same as price < collar_bottom.
[[nodiscard]] constexpr bool below_collar(u32 price, u64 doubled, u64 collar) noexcept {
  return collar < kBasisPoints && price * (2 * kBasisPoints) < doubled * (kBasisPoints - collar);
}

static_assert(reference_doubled({.bid_price = 99, .ask_price = 102}) == 201);
static_assert(reference_doubled({.bid_price = 99, .last_price = 70}) == 140);
static_assert(collar_top(200, 500) == 105 && collar_bottom(200, 500) == 95);
static_assert(!above_collar(105, 200, 500) && above_collar(106, 200, 500));
static_assert(!below_collar(95, 200, 500) && below_collar(94, 200, 500));

}  // namespace tradsys::risk
