#pragma once
// A fixed table that starts as zero bytes and costs memory only where it was written: the ledger of
// all (account, instrument) pairs is large and mostly empty.
#include <sys/mman.h>

#include <span>
#include <type_traits>
#include <utility>

#include "hostsw/core/types.hpp"

namespace tradsys::risk {

/// Owns `count` rows of T in anonymous memory, on huge pages where the kernel gives them. T must be
/// valid as zero bytes. Empty when the kernel has no memory: ask ok() after construction.
template <class T>
class ZeroTable {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  explicit ZeroTable(usize count) noexcept {
    void* p = ::mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return;
    ::madvise(p, count * sizeof(T), MADV_HUGEPAGE);
    rows_ = {static_cast<T*>(p), count};
  }
  ZeroTable(ZeroTable&& other) noexcept : rows_(std::exchange(other.rows_, {})) {}
  ZeroTable& operator=(ZeroTable&& other) noexcept {
    std::swap(rows_, other.rows_);
    return *this;
  }
  ~ZeroTable() {
    if (!rows_.empty()) ::munmap(rows_.data(), rows_.size_bytes());
  }

  [[nodiscard]] bool ok() const noexcept { return !rows_.empty(); }
  [[nodiscard]] T& operator[](usize index) noexcept { return rows_[index]; }
  [[nodiscard]] const T& operator[](usize index) const noexcept { return rows_[index]; }
  [[nodiscard]] usize count() const noexcept { return rows_.size(); }

 private:
  std::span<T> rows_;
};

}  // namespace tradsys::risk
