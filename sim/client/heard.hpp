#pragma once
// A digest of what somebody was told of orders: two that were told the same in the same order have
// the same.
#include <tradsys/ouch50_spec.hpp>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/random.hpp"

namespace tradsys::sim {

struct Heard {
  u64 messages = 0;
  u64 hash = 0;

  /// An outbound message of OUCH 5.0. Answers to account queries count not: they are about no
  /// order, and drop copies do not have them.
  void add(Bytes message) noexcept {
    if (!message.empty() &&
        static_cast<char>(message[0]) == ouch50::outbound::AccountQueryResponse::kType)
      return;
    ++messages;
    hash = mix64(hash ^ message.size());
    for (const std::byte b : message) hash = mix64(hash ^ std::to_integer<u64>(b));
  }
  friend bool operator==(const Heard&, const Heard&) = default;
};

}  // namespace tradsys::sim
