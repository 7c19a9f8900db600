#pragma once
// Parts of the gate's state hash. Each row or cell adds a number of its own; an all-zero one adds
// 0. What the hot path changes of a cell is linear in the change, so that the sum over the many
// cells follows it; the few accounts and scopes are walked when the hash is asked for.
#include <array>
#include <cstring>

#include "hostsw/core/random.hpp"
#include "hostsw/core/types.hpp"
#include "hostsw/risk/rows.hpp"

namespace tradsys::risk {

/// An odd multiplier for one place in the tables; `kind` tells tables apart.
[[nodiscard]] constexpr u64 place_key(u32 kind, u16 account, u16 instrument) noexcept {
  const u64 place = (u64{kind} << 32) | (u64{account} << 16) | instrument;
  return mix64(place + 0x9E37'79B9'7F4A'7C15ULL) | 1U;
}

/// What the hot path changes of a cell.
struct CellChange {
  Exposure exposure{};
  DayQty day{};
  i64 cash{};
  i64 marked{};
};

/// Linear in `c`: the hash of a change is the change of the hash. Spelled out term by term, so that
/// what a caller does not change costs nothing.
[[gnu::always_inline, nodiscard]] constexpr u64 cell_hash(u64 key, const CellChange& c) noexcept {
  return key * (static_cast<u64>(c.exposure.position) +
                0xD6E8'FEB8'6659'FD93ULL * static_cast<u64>(c.exposure.open_buy) +
                0xA076'1D64'78BD'642FULL * static_cast<u64>(c.exposure.open_sell) +
                0xE703'7ED1'A0B4'28DBULL * static_cast<u64>(c.day.bought) +
                0x9FB2'1C65'1E98'DF25ULL * static_cast<u64>(c.day.sold) +
                0x8EBC'6AF0'9C88'C6E3ULL * static_cast<u64>(c.day.shorted) +
                0x5899'65CC'7537'4CC3ULL * static_cast<u64>(c.day.open_short) +
                0x1D8E'4E27'C47D'124FULL * static_cast<u64>(c.cash) +
                0xEB44'ACCA'B455'D165ULL * static_cast<u64>(c.marked));
}
/// Key of a pair's cell.
[[nodiscard]] constexpr u64 cell_key(u16 account, u16 instrument) noexcept {
  return place_key(1, account, instrument);
}

namespace detail {

/// Order-dependent mix of a record's words; 0 words of a row never set are hashed by the caller as
/// 0.
template <class Record>
[[nodiscard]] u64 record_hash(const Record& record, u64 seed) noexcept {
  static_assert(sizeof(Record) % sizeof(u64) == 0);
  u64 words[sizeof(Record) / sizeof(u64)];
  std::memcpy(words, &record, sizeof record);
  for (const u64 word : words) seed = mix64(seed ^ word) + 0x9E37'79B9'7F4A'7C15ULL;
  return seed;
}

}  // namespace detail

/// All of an account; cold. 0 for one never set.
[[nodiscard]] inline u64 account_hash(const AccountRow& row, u16 account) noexcept {
  if (!row.known) return 0;
  u64 h = detail::record_hash(row.limits, place_key(5, account, 0));
  h = mix64(h ^ row.bucket.credit) + static_cast<u64>(row.bucket.refilled_ns);
  h = mix64(h ^ row.requests) + row.trades;
  for (usize i = 0; i < kDuplicatesWatched; ++i)
    h = mix64(h ^ row.recent.keys[i]) + static_cast<u64>(row.recent.passed_ns[i]);
  return h;
}

/// All of a scope; cold. 0 for one never set or used.
[[nodiscard]] inline u64 scope_hash(const ScopeRow& row, u32 number) noexcept {
  const u64 state = (u64{row.throttled} << 8) | static_cast<u64>(row.operator_switch);
  if (!row.known && state == 0 && row.use == ScopeUse{}) return 0;
  const u64 limits = row.known ? detail::record_hash(row.limits, place_key(4, 0, 0) + number) : 0;
  return detail::record_hash(row.use, limits + number) ^ mix64(state + 1);
}

[[nodiscard]] inline u64 instrument_hash(const InstrumentRow& row, const InstrumentLimits& limits,
                                         u16 instrument) noexcept {
  const u64 state = static_cast<u64>(row.operator_switch) * place_key(6, 0, instrument);
  return state + (row.known ? detail::record_hash(limits, place_key(7, 0, instrument)) : 0);
}

[[nodiscard]] inline u64 position_limits_hash(const PositionCell& cell, u16 account,
                                              u16 instrument) noexcept {
  const std::array<u64, 7> words{static_cast<u64>(cell.max_long),
                                 static_cast<u64>(cell.max_short),
                                 static_cast<u64>(cell.restrictions),
                                 cell.max_value,
                                 cell.daily_qty_max,
                                 (u64{cell.buy_qty_max} << 32) | cell.sell_qty_max,
                                 (u64{cell.same_day_qty_max} << 32) | cell.short_qty_max};
  u64 h = 0;
  for (const u64 word : words) h = (h + word) * 0x9E37'79B9'7F4A'7C15ULL;
  return place_key(8, account, instrument) * h;
}

}  // namespace tradsys::risk
