#pragma once
// A dispatch handler that proves a codec loses nothing: whatever is delivered is decoded and
// encoded again, and must be the bytes that came in.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "hostsw/core/decode.hpp"

namespace tradsys::testing {

/// Aborts, naming the message, when decode and encode do not give the same bytes back.
struct Reencoder {
  u64 delivered = 0;

  template <class View>
  void on(View view) {
    ++delivered;
    const auto message = decode(view);
    usize bytes = View::kBytes;
    std::vector<std::byte> again;
    if constexpr (View::kLengthRule == LengthRule::kStated) {
      bytes = view.stated_bytes();
      again.resize(bytes);
      const Bytes tail{view.data() + View::kBytes, bytes - View::kBytes};
      if (encode(message, tail, again.data()) != bytes) fail(View::Message::kName);
    } else {
      again.resize(bytes);
      if (encode(message, again.data()) != bytes) fail(View::Message::kName);
    }
    if (std::memcmp(again.data(), view.data(), bytes) != 0) fail(View::Message::kName);
  }

  [[noreturn]] static void fail(std::string_view name) {
    std::fprintf(stderr, "%.*s changes when decoded and encoded again\n",
                 static_cast<int>(name.size()), name.data());
    std::abort();
  }
};

/// Cuts `input` into messages (2-byte big-endian length each, the last one as long as bytes are
/// left) and hands each to `dispatch` in memory of exactly its size, so that a read beyond it is
/// seen.
template <class Dispatch>
void for_each_framed(Bytes input, const Dispatch& dispatch) {
  while (input.size() >= 2) {
    const usize bytes = std::min<usize>(load_be16(input.data()), input.size() - 2);
    const std::vector<std::byte> message(input.begin() + 2,
                                         input.begin() + 2 + static_cast<i64>(bytes));
    dispatch(Bytes{message});
    input = input.subspan(2 + bytes);
  }
}

}  // namespace tradsys::testing
