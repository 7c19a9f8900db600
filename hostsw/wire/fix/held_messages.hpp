#pragma once
// Messages that came before their turn, until the gap before them is filled. Fixed memory; what
// does not fit is dropped and comes again with the next resend.
#include <array>
#include <cstring>
#include <string_view>
#include <vector>

#include "hostsw/core/types.hpp"

namespace tradsys::fix {

class HeldMessages {
 public:
  static constexpr usize kSlots = 64;
  static constexpr usize kBytesPerSlot = 2'048;

  HeldMessages() : bytes_(kSlots * kBytesPerSlot) {}

  void clear() noexcept { sequences_.fill(0); }
  /// False when there is no room for it, or when it is there.
  bool hold(u64 sequence, std::string_view frame) noexcept {
    const usize slot = sequence % kSlots;
    if (frame.size() > kBytesPerSlot || sequences_[slot] != 0) return false;
    std::memcpy(&bytes_[slot * kBytesPerSlot], frame.data(), frame.size());
    sequences_[slot] = sequence;
    sizes_[slot] = frame.size();
    return true;
  }
  /// Takes the message with the number; empty when it is not there. Forgets what is older.
  [[nodiscard]] std::string_view take(u64 sequence) noexcept {
    const usize slot = sequence % kSlots;
    for (u64& held : sequences_)
      if (held != 0 && held < sequence) held = 0;
    if (sequences_[slot] != sequence) return {};
    sequences_[slot] = 0;
    return {&bytes_[slot * kBytesPerSlot], sizes_[slot]};
  }

 private:
  std::vector<char> bytes_;
  std::array<u64, kSlots> sequences_{};
  std::array<usize, kSlots> sizes_{};
};

}  // namespace tradsys::fix
