#pragma once
// An instrument's name on the wire: 8 ASCII bytes, left-justified, padded with spaces.
#include <cstring>
#include <string>
#include <string_view>

#include "hostsw/core/types.hpp"

namespace tradsys {

/// Comparable and hashable as one 64-bit word.
struct Symbol {
  char text[8]{' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '};

  /// Longer names are cut at 8 bytes.
  static constexpr Symbol from(std::string_view name) noexcept {
    Symbol s;
    for (usize i = 0; i < 8 && i < name.size(); ++i) s.text[i] = name[i];
    return s;
  }
  static Symbol load(const std::byte* p) noexcept {
    Symbol s;
    std::memcpy(s.text, p, 8);
    return s;
  }
  [[nodiscard]] u64 word() const noexcept {
    u64 w;
    std::memcpy(&w, text, 8);
    return w;
  }
  /// Without the padding.
  [[nodiscard]] std::string str() const {
    usize n = 8;
    while (n > 0 && text[n - 1] == ' ') --n;
    return std::string(text, n);
  }
  bool operator==(const Symbol& other) const noexcept { return word() == other.word(); }
};
static_assert(sizeof(Symbol) == 8);

}  // namespace tradsys
