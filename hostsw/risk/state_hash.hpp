#pragma once
// Parts of the gate's state hash. Each row or cell adds a number of its own; an all-zero one adds
// 0, and what the hot path changes is linear in the change, so that the sum follows it with one
// multiplication.
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

/// Linear in `e`: the hash of a change is the change of the hash.
[[nodiscard]] constexpr u64 exposure_hash(u16 account, u16 instrument, const Exposure& e) noexcept {
  constexpr u64 kBuy = 0xD6E8'FEB8'6659'FD93ULL, kSell = 0xA076'1D64'78BD'642FULL;
  return place_key(1, account, instrument) *
         (static_cast<u64>(e.position) + kBuy * static_cast<u64>(e.open_buy) +
          kSell * static_cast<u64>(e.open_sell));
}

/// Linear in both, under one key: credit, time and count each have a multiplier of their own.
[[nodiscard]] constexpr u64 bucket_hash(u16 account, const TokenBucket& bucket) noexcept {
  constexpr u64 kTime = 0xE703'7ED1'A0B4'28DBULL;
  return place_key(2, account, 0) * (bucket.credit + kTime * static_cast<u64>(bucket.refilled_ns));
}
[[nodiscard]] constexpr u64 open_orders_hash(u16 account, u64 count) noexcept {
  constexpr u64 kCount = 0x9FB2'1C65'1E98'DF25ULL;
  return place_key(2, account, 0) * (kCount * count);
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

[[nodiscard]] inline u64 account_hash(const AccountRow& row, u16 account) noexcept {
  const u64 killed = row.operator_killed ? place_key(4, account, 0) : 0;
  const u64 limits = row.known ? detail::record_hash(row.limits, place_key(5, account, 0)) : 0;
  return killed + limits + bucket_hash(account, row.bucket) +
         open_orders_hash(account, row.open_orders);
}

[[nodiscard]] inline u64 instrument_hash(const InstrumentRow& row, u16 instrument) noexcept {
  const u64 killed = row.operator_killed ? place_key(6, 0, instrument) : 0;
  return killed + (row.known ? detail::record_hash(row.limits, place_key(7, 0, instrument)) : 0);
}

[[nodiscard]] constexpr u64 position_limits_hash(const PositionCell& cell, u16 account,
                                                 u16 instrument) noexcept {
  constexpr u64 kShort = 0x8EBC'6AF0'9C88'C6E3ULL;
  return place_key(8, account, instrument) *
         (static_cast<u64>(cell.max_long) + kShort * static_cast<u64>(cell.max_short));
}

}  // namespace tradsys::risk
