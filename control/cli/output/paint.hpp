#pragma once
// Colours of a terminal, or none.
#include <string>
#include <string_view>

#include "hostsw/core/types.hpp"

namespace tradsys::cli {

/// What a piece of text means to the reader.
enum class Tone : u8 { kPlain, kTitle, kGood, kWarning, kBad };

/// Wraps text in the escape sequences of its tone; leaves it alone when off.
struct Paint {
  bool on = false;

  [[nodiscard]] std::string operator()(Tone tone, std::string_view text) const {
    constexpr std::string_view kStart[] = {"", "\x1b[1m", "\x1b[32m", "\x1b[33m", "\x1b[1;31m"};
    const std::string_view start = kStart[static_cast<usize>(tone)];
    if (!on || start.empty()) return std::string(text);
    return std::string(start) + std::string(text) + "\x1b[0m";
  }
};

}  // namespace tradsys::cli
