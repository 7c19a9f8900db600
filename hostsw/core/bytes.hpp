#pragma once
// Unaligned big-endian access (network and exchange byte order) and trivially copyable wire
// records.
#include <bit>
#include <cstring>
#include <span>
#include <type_traits>

#include "hostsw/core/types.hpp"

namespace tradsys {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

static_assert(std::endian::native == std::endian::little, "only little-endian hosts are supported");

inline u8 load_u8(const std::byte* p) noexcept { return static_cast<u8>(*p); }
inline u16 load_be16(const std::byte* p) noexcept {
  u16 v;
  std::memcpy(&v, p, sizeof v);
  return __builtin_bswap16(v);
}
inline u32 load_be32(const std::byte* p) noexcept {
  u32 v;
  std::memcpy(&v, p, sizeof v);
  return __builtin_bswap32(v);
}
inline u64 load_be48(const std::byte* p) noexcept {
  return (static_cast<u64>(load_be16(p)) << 32) | load_be32(p + 2);
}
inline u64 load_be64(const std::byte* p) noexcept {
  u64 v;
  std::memcpy(&v, p, sizeof v);
  return __builtin_bswap64(v);
}
inline void store_u8(std::byte* p, u8 v) noexcept { *p = static_cast<std::byte>(v); }
inline void store_be16(std::byte* p, u16 v) noexcept {
  v = __builtin_bswap16(v);
  std::memcpy(p, &v, sizeof v);
}
inline void store_be32(std::byte* p, u32 v) noexcept {
  v = __builtin_bswap32(v);
  std::memcpy(p, &v, sizeof v);
}
inline void store_be48(std::byte* p, u64 v) noexcept {
  store_be16(p, static_cast<u16>(v >> 32));
  store_be32(p + 2, static_cast<u32>(v));
}
inline void store_be64(std::byte* p, u64 v) noexcept {
  v = __builtin_bswap64(v);
  std::memcpy(p, &v, sizeof v);
}

/// A record that can cross a wire, a file or shared memory byte by byte: no padding, no pointer.
template <class T>
concept WireRecord = std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T> &&
    std::has_unique_object_representations_v<T>;

/// Copies a record out of `in`; false (and `out` untouched) when there are too few bytes.
template <WireRecord T>
[[nodiscard]] bool load_record(Bytes in, T& out) noexcept {
  if (in.size() < sizeof(T)) return false;
  std::memcpy(&out, in.data(), sizeof(T));
  return true;
}

}  // namespace tradsys
