#pragma once
// Fixed-width names used everywhere in the project.
#include <cstddef>
#include <cstdint>

namespace tradsys {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using usize = std::size_t;
__extension__ typedef __int128 i128;  // notional products never wrap
__extension__ typedef unsigned __int128 u128;

/// Bytes of a cache line on every supported host; fields of different writers stand on different
/// lines.
inline constexpr usize kCacheLineBytes = 64;

}  // namespace tradsys
