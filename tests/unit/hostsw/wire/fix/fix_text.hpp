#pragma once
// FIX messages as tests write them: '|' for the separator; length and checksum are put in.
#include <algorithm>
#include <string>

#include "hostsw/core/bytes.hpp"
#include "hostsw/wire/fix/message.hpp"

namespace tradsys::testing {

inline std::string with_separators(std::string text) {
  for (char& c : text)
    if (c == '|') c = fix::kSoh;
  return text;
}

/// "8=FIX.4.4|35=0|..." becomes a whole message: BodyLength behind the first field, CheckSum last.
inline std::string fix_message(const std::string& text) {
  const std::string raw = with_separators(text);
  const auto first = std::find(raw.begin(), raw.end(), fix::kSoh);
  const usize head = static_cast<usize>(first - raw.begin()) + 1;
  const std::string body = raw.substr(head);
  std::string whole = raw.substr(0, head) + "9=" + std::to_string(body.size()) + fix::kSoh + body;
  const u32 sum = fix::checksum_of(whole);
  char trailer[8];
  std::snprintf(trailer, sizeof trailer, "10=%03u", sum);
  return whole + trailer + fix::kSoh;
}

inline std::string with_bars(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c == fix::kSoh) c = '|';
  return out;
}

inline Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace tradsys::testing
