#pragma once
// A 64-bit name for the memory layout of shared structures: two programs that agree on it see the
// same fields at the same places.
#include <initializer_list>

#include "hostsw/core/types.hpp"

namespace tradsys::ipc {

/// FNV-1a over sizes as the compiler made them, begun with a digest of the headers that declare
/// what is shared: sizes alone would not notice two fields that changed places.
constexpr u64 layout_hash(std::initializer_list<usize> sizes) noexcept {
  u64 hash = 0xCBF29CE484222325ULL ^ TRADSYS_IPC_SOURCES;
  for (usize size : sizes)
    for (int i = 0; i < 8; ++i, size >>= 8) hash = (hash ^ (size & 0xFFU)) * 0x100000001B3ULL;
  return hash;
}
static_assert(layout_hash({1, 2}) != layout_hash({2, 1}));

}  // namespace tradsys::ipc
