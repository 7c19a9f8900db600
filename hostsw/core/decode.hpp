#pragma once
// What generated message codecs (<tradsys/itch50_spec.hpp> and its siblings) share: the result of
// decoding, fixed-width text, and the length check in front of every delivered message.
#include <array>
#include <cstring>
#include <string_view>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/symbol.hpp"

namespace tradsys {

/// What became of one message. Everything but kOk is bad input: count it and go on.
enum class DecodeResult : u8 {
  kOk,  ///< Delivered, or of a type the handler does not care for.
  kTruncated,  ///< Shorter than its type or its own length field demands.
  kWrongLength,  ///< Longer than its type allows, or its length field contradicts itself.
  kUnknownType,  ///< No such type in this protocol; skip it by the length of its frame.
};

constexpr std::string_view name_of(DecodeResult result) noexcept {
  switch (result) {
    case DecodeResult::kOk:
      return "ok";
    case DecodeResult::kTruncated:
      return "truncated";
    case DecodeResult::kWrongLength:
      return "wrong_length";
    case DecodeResult::kUnknownType:
      return "unknown_type";
  }
  return "?";
}

/// How many bytes a message of one type has.
enum class LengthRule : u8 {
  kExact,  ///< Exactly kBytes.
  kAtLeast,  ///< kBytes or more: releases of the protocol differ; the rest is ignored.
  kStated,  ///< kBytes plus a tail whose length a field of the message states.
};

/// All message types of one direction of a protocol; tests and tools iterate over it.
template <class... Message>
struct MessageList {};

/// Fixed-width text as it stands on the wire: left-justified, padded with spaces.
template <usize N>
using Text = std::array<char, N>;

template <usize N>
constexpr Text<N> make_spaces() noexcept {
  Text<N> text{};
  for (char& c : text) c = ' ';
  return text;
}
/// The default of a text field: blank, which every venue accepts where text is optional.
template <usize N>
inline constexpr Text<N> kSpaces = make_spaces<N>();

/// Pads with spaces; longer text is cut at N bytes.
template <usize N>
constexpr Text<N> make_text(std::string_view value) noexcept {
  Text<N> text = kSpaces<N>;
  for (usize i = 0; i < N && i < value.size(); ++i) text[i] = value[i];
  return text;
}

template <usize N>
inline Text<N> load_text(const std::byte* p) noexcept {
  Text<N> text;
  std::memcpy(text.data(), p, N);
  return text;
}
template <usize N>
inline void store_text(std::byte* p, const Text<N>& text) noexcept {
  std::memcpy(p, text.data(), N);
}
inline char load_char(const std::byte* p) noexcept { return static_cast<char>(*p); }
inline void store_char(std::byte* p, char c) noexcept { *p = static_cast<std::byte>(c); }
inline void store_symbol(std::byte* p, const Symbol& symbol) noexcept {
  std::memcpy(p, symbol.text, sizeof symbol.text);
}

/// Holds `message` against the length rule of `View`; nothing of it is read before its bytes are
/// there.
template <class View>
[[nodiscard, gnu::always_inline]] inline DecodeResult check_length(Bytes message) noexcept {
  constexpr bool kStates = requires(View view) { view.stated_bytes(); };
  if constexpr (kStates || View::kLengthRule != LengthRule::kExact) {
    if (message.size() < View::kBytes) [[unlikely]] {
      return DecodeResult::kTruncated;
    }
  }
  if constexpr (View::kLengthRule == LengthRule::kAtLeast) return DecodeResult::kOk;
  usize expected = View::kBytes;
  if constexpr (kStates) {
    expected = View{message.data()}.stated_bytes();
    const bool possible = View::kLengthRule == LengthRule::kExact ? expected == View::kBytes
                                                                  : expected >= View::kBytes;
    if (!possible) [[unlikely]] {
      return DecodeResult::kWrongLength;
    }
  }
  if (message.size() != expected) [[unlikely]] {
    return message.size() < expected ? DecodeResult::kTruncated : DecodeResult::kWrongLength;
  }
  return DecodeResult::kOk;
}

/// Names what is wrong with a message whose length is not the table's; `expected` 0 = unknown type.
[[nodiscard, gnu::cold, gnu::noinline]] inline DecodeResult refuse_length(usize bytes,
                                                                          usize expected) noexcept {
  if (expected == 0) return DecodeResult::kUnknownType;
  return bytes < expected ? DecodeResult::kTruncated : DecodeResult::kWrongLength;
}

/// Calls handler.on(View) when the handler has such an overload. The length is checked already.
template <class View, class Handler>
[[gnu::always_inline]] inline DecodeResult deliver_checked(Bytes message, Handler& handler) {
  if constexpr (requires(View view) { handler.on(view); }) handler.on(View{message.data()});
  return DecodeResult::kOk;
}

/// Calls handler.on(View) when the length is right and the handler has such an overload.
template <class View, class Handler>
[[nodiscard, gnu::always_inline]] inline DecodeResult deliver(Bytes message, Handler& handler) {
  const DecodeResult result = check_length<View>(message);
  if (result != DecodeResult::kOk) [[unlikely]] {
    return result;
  }
  return deliver_checked<View>(message, handler);
}

}  // namespace tradsys
