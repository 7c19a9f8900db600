#pragma once
// Text as message bytes and back: tests of framing do not care what a message says.
#include <string>
#include <string_view>

#include "hostsw/core/bytes.hpp"

namespace tradsys::testing {

/// The characters of `text`, in place.
inline Bytes bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

inline std::string text_of(Bytes bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace tradsys::testing
