#pragma once
// The rows the gate reads and the ledger it writes, in cache lines of their own: an order touches
// one account, one instrument, one (account, instrument) pair and four scopes, and no more.
#include <array>
#include <concepts>
#include <limits>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/random.hpp"
#include "hostsw/core/types.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/risk/reference_price.hpp"

namespace tradsys::risk {

/// What one message costs. Credit is counted in 1e-9 messages, so that a refill of `rate_per_s`
/// adds `rate_per_s` units each nanosecond: exact, without division or rounding.
inline constexpr u64 kMessageCost = 1'000'000'000;

/// Token bucket of one account. Invariant: credit <= rate_burst * kMessageCost.
struct TokenBucket {
  u64 credit{};
  i64 refilled_ns{};  ///< the time `credit` stands for
  bool operator==(const TokenBucket&) const = default;
};

/// Credit at `now`. Time that runs backwards adds nothing. Refilling in one step or in many gives
/// the same credit, so a refused order need not store the refill it saw.
[[nodiscard]] constexpr u64 credit_at(const TokenBucket& bucket, const AccountLimits& limits,
                                      Nanos now) noexcept {
  if (now.v <= bucket.refilled_ns) return bucket.credit;
  const u64 elapsed_ns = static_cast<u64>(now.v) - static_cast<u64>(bucket.refilled_ns);
  const u64 capacity = limits.rate_burst * kMessageCost;
  const u128 credit = static_cast<u128>(elapsed_ns) * limits.rate_per_s + bucket.credit;
  return credit < capacity ? static_cast<u64>(credit) : capacity;
}

/// The last new orders of an account that passed, oldest overwritten first. Kept only while the
/// account's duplicate check is on.
struct RecentOrders {
  std::array<u64, kDuplicatesWatched> keys{};  ///< order_key of each; 0 = none
  std::array<i64, kDuplicatesWatched> passed_ns{};
  u64 count{};  ///< orders put in so far

  constexpr void put(u64 key, i64 now_ns) noexcept {
    const usize slot = count++ % kDuplicatesWatched;
    keys[slot] = key;
    passed_ns[slot] = now_ns;
  }
  /// How many of them equal `key` and are younger than the window.
  [[nodiscard]] constexpr u32 equal(u64 key, i64 now_ns, u32 window_ms) const noexcept {
    const i64 from_ns = now_ns - i64{window_ms} * 1'000'000;
    u32 found = 0;
    for (usize i = 0; i < kDuplicatesWatched; ++i)
      found += static_cast<u32>(keys[i] == key) & static_cast<u32>(passed_ns[i] > from_ns);
    return found;
  }
};

/// Names the terms of a new order: equal terms, equal key. Never 0.
[[nodiscard]] constexpr u64 order_key(const OrderRequest& r) noexcept {
  constexpr u64 kSpread = 0x9E37'79B9'7F4A'7C15ULL;
  const u64 terms = (u64{r.price} << 32) | r.qty;
  const u64 kind =
      (u64{r.instrument} << 16) | (static_cast<u64>(r.side) << 8) | static_cast<u64>(r.order_type);
  return (mix64(terms) ^ (kind * kSpread)) | 1U;
}

/// One account: its limits and what it has used. A row never set is not `known`.
struct alignas(kCacheLineBytes) AccountRow {
  AccountLimits limits{};
  TokenBucket bucket{};
  bool known{};
  u64 requests{};  ///< new orders and replaces that passed today
  u64 trades{};  ///< executions today
  RecentOrders recent{};
};
static_assert(sizeof(AccountRow) == 4 * kCacheLineBytes);

/// Multiplier that tells divisibility by `divisor` without dividing: n is a multiple of d exactly
/// when n * inverse <= inverse - 1 (mod 2^64), for all 32-bit n and d >= 1 (ceil(2^64 / d); 0
/// stands for 2^64).
[[nodiscard]] constexpr u64 divisor_inverse(u32 divisor) noexcept {
  return divisor == 0 ? 0 : std::numeric_limits<u64>::max() / divisor + 1;
}
[[nodiscard]] constexpr bool is_multiple(u32 n, u64 inverse) noexcept {
  return n * inverse <= inverse - 1;
}

/// One instrument's rules as the checks read them: one cache line, with tick and lot prepared for
/// `is_multiple`. The row of limits it was made from is kept elsewhere.
struct alignas(kCacheLineBytes) InstrumentRow {
  u64 max_notional{};
  u64 tick_inverse{};
  u64 lot_inverse{};
  u32 max_qty{};
  u32 min_qty{};
  u32 collar_bp{};  ///< cut at kCollarBpMax
  u32 fat_finger_bp{};  ///< cut at kCollarBpMax; kNoLimit32 = off
  u32 band_low{};
  u32 band_high{};
  u32 feed_silence_max_ms{};
  bool has_tick{};  ///< tick_size is not 0
  bool has_lot{};
  u8 enabled{};
  u8 killed{1};
  u8 short_sale_restricted{};
  bool known{};
  SwitchState operator_switch{};
};
static_assert(sizeof(InstrumentRow) == kCacheLineBytes);

/// The row of `limits`, known, its switch at `operator_switch`.
[[nodiscard]] constexpr InstrumentRow make_instrument_row(
    const InstrumentLimits& limits, SwitchState operator_switch = SwitchState::kActive) noexcept {
  const auto cut = [](u32 bp) { return bp < kCollarBpMax ? bp : static_cast<u32>(kCollarBpMax); };
  return {
      .max_notional = limits.max_notional,
      .tick_inverse = divisor_inverse(limits.tick_size),
      .lot_inverse = divisor_inverse(limits.lot_size),
      .max_qty = limits.max_qty,
      .min_qty = limits.min_qty,
      .collar_bp = cut(limits.collar_bp),
      .fat_finger_bp = limits.fat_finger_bp == kNoLimit32 ? kNoLimit32 : cut(limits.fat_finger_bp),
      .band_low = limits.band_low,
      .band_high = limits.band_high,
      .feed_silence_max_ms = limits.feed_silence_max_ms,
      .has_tick = limits.tick_size != 0,
      .has_lot = limits.lot_size != 0,
      .enabled = limits.enabled,
      .killed = limits.killed,
      .short_sale_restricted = limits.short_sale_restricted,
      .known = true,
      .operator_switch = operator_switch};
}

/// What one account has and may still get in one instrument. Open quantities are never negative.
struct Exposure {
  i64 position{};  ///< bought - sold
  i64 open_buy{};  ///< reserved by buys that may still trade
  i64 open_sell{};  ///< reserved by sells that may still trade, short ones included

  /// Position if every open buy trades and no sell does. A fill of a reserved buy leaves it
  /// unchanged.
  [[nodiscard]] constexpr i64 worst_long() const noexcept { return position + open_buy; }
  /// Position if every open sell trades and no buy does. A fill of a reserved sell leaves it
  /// unchanged.
  [[nodiscard]] constexpr i64 worst_short() const noexcept { return position - open_sell; }
  bool operator==(const Exposure&) const = default;
};

/// Quantities of the day in one instrument. `open_short` is the part of Exposure::open_sell that is
/// short.
struct DayQty {
  i64 bought{};
  i64 sold{};  ///< without short sales
  i64 shorted{};
  i64 open_short{};
  bool operator==(const DayQty&) const = default;
};

/// `a` or, when `second`, `b`, without a branch: sides come in random order, and a mispredicted
/// branch costs as much as half of the check.
template <std::integral T>
[[nodiscard]] constexpr T pick(bool second, T a, T b) noexcept {
  return a ^ ((a ^ b) & (T{} - static_cast<T>(second)));
}

/// Ledger and limits of one (account, instrument). All zero, as the table starts, allows no order.
struct alignas(kCacheLineBytes) PositionCell {
  Exposure exposure{};
  i64 max_long{};  ///< PositionLimits::max_long, cut at the largest i64
  i64 max_short{};  ///< PositionLimits::max_short, cut at the largest i64
  i64 cash{};  ///< value sold - value bought today
  i64 marked{};  ///< cash + position at the price of the last passed order or execution
  u16 restrictions{};  ///< bits of Restriction
  DayQty day{};
  u64 max_value{};
  u64 daily_qty_max{};
  u32 buy_qty_max{};
  u32 sell_qty_max{};
  u32 same_day_qty_max{};
  u32 short_qty_max{};
};
static_assert(sizeof(PositionCell) == 2 * kCacheLineBytes);

/// What a firm, client, account or strategy has used. Values stay at kValueMax once they reach it:
/// what is not known exactly any more must not become small again.
struct ScopeUse {
  u64 open_buy{};  ///< value reserved by open buys
  u64 open_sell{};
  u64 bought{};  ///< value traded today
  u64 sold{};
  i64 result{};  ///< of the day: sum of PositionCell::marked; not kept for strategies
  i64 window_from_ns{};  ///< strategy: first execution of the window
  u32 executions{};  ///< strategy: in the window
  u32 open_orders{};
  bool operator==(const ScopeUse&) const = default;
};

/// A limit that is none becomes one that no sum of values reaches.
[[nodiscard]] constexpr u64 limit_of(u64 value) noexcept {
  return value < kValueMax ? value : std::numeric_limits<u64>::max();
}
/// `limits` as a ScopeRow holds them.
[[nodiscard]] constexpr ScopeLimits with_no_limits(ScopeLimits limits) noexcept {
  for (u64* value : {&limits.gross_value_max, &limits.net_value_max, &limits.open_value_max,
                     &limits.buying_power, &limits.loss_max, &limits.loss_halt})
    *value = limit_of(*value);
  return limits;
}

/// Limits of one scope, as with_no_limits makes them, and what is used of them.
struct alignas(kCacheLineBytes) ScopeRow {
  ScopeLimits limits{};
  ScopeUse use{};
  bool known{};
  SwitchState operator_switch{};  ///< new limits do not release it
  bool throttled{};  ///< strategy: it traded too often; released with its switch
};
static_assert(sizeof(ScopeRow) == 2 * kCacheLineBytes);

[[nodiscard]] constexpr u64 cut_value(u64 value) noexcept {
  return value < kValueMax ? value : kValueMax;
}
/// The row of what has none: it allows nothing.
inline constexpr ScopeRow kNoScope{};

/// Sums of values: see ScopeUse. Arguments are at most kValueMax.
[[nodiscard]] constexpr u64 add_value(u64 sum, u64 value) noexcept {
  return cut_value(sum + value);
}
[[nodiscard]] constexpr u64 take_value(u64 sum, u64 value) noexcept {
  if (sum == kValueMax) return sum;
  return sum > value ? sum - value : 0;
}
[[nodiscard]] constexpr i64 cut_result(i128 result) noexcept {
  constexpr i128 kMax = kValueMax;
  return static_cast<i64>(result > kMax ? kMax : result < -kMax ? -kMax : result);
}

/// Executions that do not fit the ledger. Each points at a fault of the venue or of the caller.
struct GateAnomalies {
  u64 unknown_executions{};  ///< account, instrument, side or kind not known; nothing changed
  u64 excess_releases{};  ///< more filled or released than reserved; booked, open quantity stays 0
  u64 excess_ends{};  ///< more orders ended than were opened
  bool operator==(const GateAnomalies&) const = default;
};

static_assert(is_multiple(0, divisor_inverse(1)) && is_multiple(0xFFFF'FFFF, divisor_inverse(1)));
static_assert(is_multiple(300, divisor_inverse(100)) && !is_multiple(301, divisor_inverse(100)));
static_assert(credit_at({.credit = 0, .refilled_ns = 0}, {.rate_per_s = 3, .rate_burst = 9},
                        {333'333'333}) == kMessageCost - 1);
static_assert(take_value(kValueMax, 5) == kValueMax && take_value(7, 5) == 2);

}  // namespace tradsys::risk
