#pragma once
// Initial sequence numbers nobody outside can guess (RFC 6528): a clock of 4 us plus a keyed hash,
// SipHash-2-4, of the connection.
#include <bit>

#include "hostsw/core/units.hpp"

namespace tradsys::net {

/// SipHash-2-4 of one 8-byte word (in little-endian order) under a 128-bit key.
constexpr u64 siphash(u64 key0, u64 key1, u64 word) noexcept {
  u64 v[4] = {key0 ^ 0x736f6d6570736575ULL, key1 ^ 0x646f72616e646f6dULL,
              key0 ^ 0x6c7967656e657261ULL, key1 ^ 0x7465646279746573ULL};
  const auto rounds = [&v](u32 count) {
    for (u32 i = 0; i < count; ++i) {
      v[0] += v[1];
      v[2] += v[3];
      v[1] = std::rotl(v[1], 13) ^ v[0];
      v[3] = std::rotl(v[3], 16) ^ v[2];
      v[0] = std::rotl(v[0], 32) + v[3];
      v[2] += v[1];
      v[1] = std::rotl(v[1], 17) ^ v[2];
      v[3] = std::rotl(v[3], 21) ^ v[0];
      v[2] = std::rotl(v[2], 32);
    }
  };
  const u64 last = u64{8} << 56;
  for (const u64 block : {word, last}) {
    v[3] ^= block;
    rounds(2);
    v[0] ^= block;
  }
  v[2] ^= 0xFF;
  rounds(4);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/// The first sequence number of a connection (see tcp_key) that opens now.
constexpr u32 initial_sequence(u64 secret, u64 key, Nanos now) noexcept {
  return static_cast<u32>(siphash(secret, ~secret, key) + static_cast<u64>(now.v) / 4'000);
}

}  // namespace tradsys::net
