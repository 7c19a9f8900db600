#pragma once
// A 64-bit name for the memory layout of shared structures: two programs that agree on it see the
// same fields at the same places.
#include <initializer_list>

#include "hostsw/core/types.hpp"

namespace tradsys::ipc {

/// FNV-1a over sizes and offsets.
constexpr u64 layout_hash(std::initializer_list<usize> facts) noexcept {
  u64 hash = 0xCBF29CE484222325ULL;
  for (usize fact : facts)
    for (int i = 0; i < 8; ++i, fact >>= 8) hash = (hash ^ (fact & 0xFFU)) * 0x100000001B3ULL;
  return hash;
}
static_assert(layout_hash({1, 2}) != layout_hash({2, 1}));

}  // namespace tradsys::ipc
