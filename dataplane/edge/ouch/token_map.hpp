#pragma once
// Which reference of ours stands for a client's order token (OUCH 4.2). A token names one order a
// day, so nothing is ever taken out. Memory is taken once.
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "hostsw/core/random.hpp"
#include "hostsw/orders/order.hpp"

namespace tradsys::dataplane {

using OrderToken = orders::ClOrdId;

/// Letters and digits, then spaces; not all spaces.
[[nodiscard]] constexpr bool is_token(const OrderToken& token) noexcept {
  bool over = false;
  for (const char c : token) {
    const bool sign = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (c != ' ' && (!sign || over)) return false;
    over = c == ' ';
  }
  return token[0] != ' ';
}

class TokenMap {
 public:
  /// At most `capacity` tokens; the table is kept at most half full. 0: none, and no memory.
  explicit TokenMap(u32 capacity)
      : mask_(std::bit_ceil(u64{capacity} * 2 + 2) - 1),
        capacity_(capacity),
        entries_(capacity == 0 ? 0 : mask_ + 1) {}

  /// Reference of the token; 0 when it was never used.
  [[nodiscard]] u32 find(const OrderToken& token) const noexcept {
    if (capacity_ == 0) return 0;
    return entries_[place_of(key_of(token))].client_ref;
  }
  /// False when the token is there already, or there is no room; nothing changes then.
  [[nodiscard]] bool insert(const OrderToken& token, u32 client_ref) noexcept {
    if (full() || client_ref == 0) return false;
    const Key key = key_of(token);
    Entry& entry = entries_[place_of(key)];
    if (entry.client_ref != 0) return false;
    entry = {key, client_ref, 0};
    ++size_;
    return true;
  }
  [[nodiscard]] bool full() const noexcept { return size_ == capacity_; }
  [[nodiscard]] u32 size() const noexcept { return size_; }

 private:
  struct Key {
    u64 first = 0;
    u64 rest = 0;
    bool operator==(const Key&) const = default;
  };
  struct Entry {
    Key key;
    u32 client_ref = 0;  ///< 0: free
    u32 reserved = 0;
  };
  static Key key_of(const OrderToken& token) noexcept {
    Key key;
    std::memcpy(&key.first, token.data(), 8);
    std::memcpy(&key.rest, token.data() + 8, 6);
    return key;
  }
  /// Where the key stands, or would.
  [[nodiscard]] usize place_of(const Key& key) const noexcept {
    usize i = mix64(key.first ^ mix64(key.rest)) & mask_;
    while (entries_[i].client_ref != 0 && entries_[i].key != key) i = (i + 1) & mask_;
    return i;
  }

  u64 mask_;
  u32 capacity_;
  u32 size_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace tradsys::dataplane
