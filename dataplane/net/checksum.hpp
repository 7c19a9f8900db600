#pragma once
// The Internet checksum (RFC 1071). Sums are kept unfolded in 64 bits and in the host's byte order:
// the ones' complement sum does not depend on it, so nothing is swapped until a number joins that
// was not read from memory (see word_of).
#include "hostsw/core/bytes.hpp"

namespace tradsys::net {

/// Adds the 16-bit words of `size` bytes to a running sum; an odd last byte is padded with zero.
/// All parts of one sum but the last must have an even size.
inline u64 checksum_add(u64 sum, const std::byte* p, usize size) noexcept {
  u64 low = 0;
  u64 high = 0;
  for (; size >= 8; size -= 8, p += 8) {
    u64 word;
    std::memcpy(&word, p, 8);
    low += static_cast<u32>(word);
    high += word >> 32;
  }
  sum += low + high;
  if ((size & 4U) != 0) {
    u32 word;
    std::memcpy(&word, p, 4);
    sum += word;
    p += 4;
  }
  if ((size & 2U) != 0) {
    u16 word;
    std::memcpy(&word, p, 2);
    sum += word;
    p += 2;
  }
  if ((size & 1U) != 0) sum += load_u8(p);
  return sum;
}

/// A host-order number as the sum sees it when it stands in a packet.
constexpr u64 word_of(u16 value) noexcept { return __builtin_bswap16(value); }
constexpr u64 word_of(u32 value) noexcept { return __builtin_bswap32(value); }

/// Folds a sum to 16 bits.
constexpr u16 checksum_fold(u64 sum) noexcept {
  sum = (sum & 0xFFFFFFFFU) + (sum >> 32);
  sum = (sum & 0xFFFFFFFFU) + (sum >> 32);
  sum = (sum & 0xFFFFU) + (sum >> 16);
  sum = (sum & 0xFFFFU) + (sum >> 16);
  return static_cast<u16>(sum);
}

/// The checksum field that completes `sum`; store it with checksum_store.
constexpr u16 checksum_finish(u64 sum) noexcept { return static_cast<u16>(~checksum_fold(sum)); }

/// True when a sum over a packet with its checksum field is right.
constexpr bool checksum_valid(u64 sum) noexcept { return checksum_fold(sum) == 0xFFFF; }

/// Checksums are in the byte order of the sum, so they are stored as they are.
inline void checksum_store(std::byte* p, u16 checksum) noexcept { std::memcpy(p, &checksum, 2); }
inline u16 checksum_load(const std::byte* p) noexcept {
  u16 checksum;
  std::memcpy(&checksum, p, 2);
  return checksum;
}

/// Incremental update (RFC 1624): the checksum after one 16-bit word changed. Words as memory holds
/// them. Never zero: all ones mean the same to a receiver, and stay right when everything else is
/// zero.
constexpr u16 checksum_update(u16 checksum, u16 old_word, u16 new_word) noexcept {
  const u64 sum = u64{static_cast<u16>(~checksum)} + static_cast<u16>(~old_word) + new_word;
  const u16 updated = checksum_finish(sum);
  return updated == 0 ? u16{0xFFFF} : updated;
}

/// Sum of the pseudo-header of UDP and TCP; `bytes` is the length of their header and payload.
constexpr u64 pseudo_header_sum(u32 src_ip, u32 dst_ip, u8 protocol, u32 bytes) noexcept {
  return word_of(src_ip) + word_of(dst_ip) + word_of(u16{protocol}) +
         word_of(static_cast<u16>(bytes));
}

}  // namespace tradsys::net
