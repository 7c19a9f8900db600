#pragma once
// ClOrdIDs that we give a FIX venue, at most 20 characters: the token says whose order it is, the
// rest which one, so that an order the journal lost in a crash is adopted from the venue's stream.
#include <optional>
#include <string_view>

#include "dataplane/engine/venue_token.hpp"

namespace tradsys::dataplane {

/// Six digits in base 36; an order with a higher id cannot be sent.
inline constexpr u64 kVenueOrderIdMax = 2'176'782'335;

/// Text of an identifier, without allocation.
struct VenueIdText {
  std::array<char, 20> text{};
  u8 bytes = 0;
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text.data(), bytes}; }
};

/// What a ClOrdID of ours names.
struct VenueId {
  u64 order_id = 0;
  bool cancel = false;  ///< it is the name of a cancel request
  orders::ClOrdId token{};  ///< else: engine::decode_token() says whose
};

namespace venue_id {
inline constexpr u32 kTokenBytes = 14;
inline constexpr u32 kOrderDigits = 6;
inline constexpr u32 kTimeDigits = 10;

constexpr void put(VenueIdText& id, u32 digits, u64 value) noexcept {
  for (u32 i = digits; i-- > 0; value /= 36)
    id.text[id.bytes + i] = engine::kBase36Digits[value % 36];
  id.bytes = static_cast<u8>(id.bytes + digits);
}
constexpr bool get(std::string_view digits, u64& value) noexcept {
  value = 0;
  for (const char c : digits) {
    const bool number = c >= '0' && c <= '9';
    if (!number && (c < 'A' || c > 'Z')) return false;
    value = value * 36 + static_cast<u64>(number ? c - '0' : c - 'A' + 10);
  }
  return true;
}
}  // namespace venue_id

/// Of an order, or of a version of it: 20 characters.
[[nodiscard]] constexpr VenueIdText id_of_order(const engine::VenueToken& token,
                                                u64 order_id) noexcept {
  VenueIdText id;
  for (const char c : engine::encode_token(token)) id.text[id.bytes++] = c;
  venue_id::put(id, venue_id::kOrderDigits, order_id);
  return id;
}
/// Of a request to cancel it: 17 characters. `at_us` is another one for each request.
[[nodiscard]] constexpr VenueIdText id_of_cancel(u64 order_id, u64 at_us) noexcept {
  VenueIdText id;
  id.text[id.bytes++] = 'C';
  venue_id::put(id, venue_id::kOrderDigits, order_id);
  venue_id::put(id, venue_id::kTimeDigits, at_us);
  return id;
}
/// Nothing where the text is no ClOrdID of ours.
[[nodiscard]] constexpr std::optional<VenueId> read_venue_id(std::string_view text) noexcept {
  using namespace venue_id;
  constexpr usize kOrderBytes = kTokenBytes + kOrderDigits;
  constexpr usize kCancelBytes = 1 + kOrderDigits + kTimeDigits;
  VenueId id;
  if (text.size() == kCancelBytes && text[0] == 'C') {
    u64 at_us = 0;
    id.cancel = true;
    const bool good = get({text.data() + 1, kOrderDigits}, id.order_id) &&
                      get({text.data() + 1 + kOrderDigits, kTimeDigits}, at_us);
    return good && id.order_id != 0 ? std::optional(id) : std::nullopt;
  }
  if (text.size() != kOrderBytes) return std::nullopt;
  for (u32 i = 0; i < kTokenBytes; ++i) id.token[i] = text[i];
  const bool good = engine::decode_token(id.token).has_value() &&
                    get({text.data() + kTokenBytes, kOrderDigits}, id.order_id);
  return good && id.order_id != 0 ? std::optional(id) : std::nullopt;
}

}  // namespace tradsys::dataplane
