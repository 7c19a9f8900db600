#pragma once
// The rows the gate reads and the ledger it writes: one cache line per account, per instrument and
// per (account, instrument) pair, so that an order touches three lines of tables and no more.
#include <concepts>
#include <limits>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/types.hpp"
#include "hostsw/core/units.hpp"

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

/// One account: its limits and what it has used. A row never set is not `known`.
struct alignas(kCacheLineBytes) AccountRow {
  AccountLimits limits{};
  TokenBucket bucket{};
  u32 open_orders{};
  bool known{};
  bool operator_killed{};  ///< kill switch of the operator; a new limits row does not clear it
};
static_assert(sizeof(AccountRow) == kCacheLineBytes);

/// Multiplier that tells divisibility by `divisor` without dividing: n is a multiple of d exactly
/// when n * inverse <= inverse - 1 (mod 2^64), for all 32-bit n and d >= 1 (ceil(2^64 / d); 0
/// stands for 2^64).
[[nodiscard]] constexpr u64 divisor_inverse(u32 divisor) noexcept {
  return divisor == 0 ? 0 : std::numeric_limits<u64>::max() / divisor + 1;
}
[[nodiscard]] constexpr bool is_multiple(u32 n, u64 inverse) noexcept {
  return n * inverse <= inverse - 1;
}

/// One instrument: its rules, with the tick and lot prepared for `is_multiple`.
struct alignas(kCacheLineBytes) InstrumentRow {
  InstrumentLimits limits{};
  u64 tick_inverse{};
  u64 lot_inverse{};
  bool known{};
  bool operator_killed{};
};
static_assert(sizeof(InstrumentRow) == kCacheLineBytes);

/// The row of `limits`, known and not killed by the operator.
[[nodiscard]] constexpr InstrumentRow make_instrument_row(const InstrumentLimits& limits) noexcept {
  InstrumentRow row;
  row.limits = limits;
  row.tick_inverse = divisor_inverse(limits.tick_size);
  row.lot_inverse = divisor_inverse(limits.lot_size);
  row.known = true;
  return row;
}

/// What one account has and may still get in one instrument. Open quantities are never negative.
struct Exposure {
  i64 position{};  ///< bought - sold
  i64 open_buy{};  ///< reserved by buys that may still trade
  i64 open_sell{};  ///< reserved by sells that may still trade

  /// Position if every open buy trades and no sell does. A fill of a reserved buy leaves it
  /// unchanged.
  [[nodiscard]] constexpr i64 worst_long() const noexcept { return position + open_buy; }
  /// Position if every open sell trades and no buy does. A fill of a reserved sell leaves it
  /// unchanged.
  [[nodiscard]] constexpr i64 worst_short() const noexcept { return position - open_sell; }
  bool operator==(const Exposure&) const = default;
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
};
static_assert(sizeof(PositionCell) == kCacheLineBytes);

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

}  // namespace tradsys::risk
