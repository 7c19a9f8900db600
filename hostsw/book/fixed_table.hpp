#pragma once
// A big table with its memory taken once: zeroed, resident before use, on huge pages where the
// kernel grants them. A random access into such a table then costs one cache miss and no page walk.
#include <type_traits>
#include <utility>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::book {

/// Maps `bytes` of zeroed memory, asks for huge pages, touches every page. Aborts when the host has
/// not that much memory: a capacity that cannot be held is a configuration to refuse at start.
[[nodiscard]] void* map_table(usize bytes) noexcept;
void unmap_table(void* memory, usize bytes) noexcept;

/// An array of `size` records whose all-zero bytes are their initial state. Moves, never copies or
/// grows.
template <class T>
class FixedTable {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  FixedTable() = default;
  explicit FixedTable(usize size)
      : data_(static_cast<T*>(map_table(size * sizeof(T)))), size_(size) {}
  FixedTable(FixedTable&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  FixedTable& operator=(FixedTable&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~FixedTable() {
    if (data_ != nullptr) unmap_table(data_, bytes());
  }

  [[nodiscard]] T& operator[](usize index) noexcept { return data_[index]; }
  [[nodiscard]] const T& operator[](usize index) const noexcept { return data_[index]; }
  [[nodiscard]] T* data() noexcept { return data_; }
  [[nodiscard]] const T* data() const noexcept { return data_; }
  [[nodiscard]] usize size() const noexcept { return size_; }
  [[nodiscard]] usize bytes() const noexcept { return size_ * sizeof(T); }

 private:
  T* data_ = nullptr;
  usize size_ = 0;
};

}  // namespace tradsys::book
