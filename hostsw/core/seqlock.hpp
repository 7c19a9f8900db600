#pragma once
// A value with one writer and any number of readers that never block it; readers retry a torn read.
// Fit for shared memory between processes: no pointer, no lock, no kernel object.
#include <atomic>
#include <cstring>
#include <type_traits>

#include "hostsw/core/types.hpp"

namespace tradsys {

/// Single-writer snapshot of a trivially copyable `T`. The payload is copied word by word with
/// relaxed atomics, so that a torn read is not a data race but a retry.
template <class T>
class SeqLock {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  /// Writer only.
  void store(const T& value) noexcept {
    u64 words[kWords]{};
    std::memcpy(words, &value, sizeof(T));
    const u64 version = version_.load(std::memory_order_relaxed);
    version_.store(version + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    for (usize i = 0; i < kWords; ++i) words_[i].store(words[i], std::memory_order_relaxed);
    version_.store(version + 2, std::memory_order_release);
  }

  /// Any reader. False when the writer was active on each of `attempts` tries (or died writing).
  [[nodiscard]] bool load(T& value, u32 attempts = 1'000) const noexcept {
    for (u32 attempt = 0; attempt < attempts; ++attempt) {
      const u64 before = version_.load(std::memory_order_acquire);
      if (before & 1U) continue;
      u64 words[kWords];
      for (usize i = 0; i < kWords; ++i) words[i] = words_[i].load(std::memory_order_relaxed);
      std::atomic_thread_fence(std::memory_order_acquire);
      if (version_.load(std::memory_order_relaxed) != before) continue;
      std::memcpy(static_cast<void*>(&value), words, sizeof(T));
      return true;
    }
    return false;
  }

  /// Times stored so far; a reader uses it to see whether anything changed.
  [[nodiscard]] u64 stores() const noexcept { return version_.load(std::memory_order_acquire) / 2; }

 private:
  static constexpr usize kWords = (sizeof(T) + 7) / 8;
  std::atomic<u64> version_{0};
  std::atomic<u64> words_[kWords]{};
};

}  // namespace tradsys
