#pragma once
// A table of fixed size for the hot path: zeroed, on huge pages where the host gives them, every
// page touched at construction, so that no access later enters the kernel.
#include <sys/mman.h>

#include <type_traits>
#include <utility>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::match {

/// `size` elements, all bytes zero. Out of memory at construction stops the process, as it would in
/// any table that cannot be smaller than its configuration says.
template <class T>
class PageArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  explicit PageArray(usize size) : size_(size), bytes_(round_up(size * sizeof(T))) {
    TRADSYS_ASSERT(size > 0);
    void* memory = ::mmap(nullptr, bytes_ + kHugePageBytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TRADSYS_ASSERT(memory != MAP_FAILED);
    mapping_ = static_cast<std::byte*>(memory);
    const usize offset = reinterpret_cast<usize>(mapping_) % kHugePageBytes;
    std::byte* aligned = mapping_ + (offset == 0 ? 0 : kHugePageBytes - offset);
    if (bytes_ >= kHugePageBytes) ::madvise(aligned, bytes_, MADV_HUGEPAGE);
    for (usize at = 0; at < bytes_; at += kPageBytes) aligned[at] = std::byte{0};
    data_ = reinterpret_cast<T*>(aligned);
  }
  PageArray(PageArray&& other) noexcept
      : size_(std::exchange(other.size_, 0)),
        bytes_(std::exchange(other.bytes_, 0)),
        mapping_(std::exchange(other.mapping_, nullptr)),
        data_(std::exchange(other.data_, nullptr)) {}
  PageArray& operator=(PageArray&&) = delete;
  ~PageArray() {
    if (mapping_ != nullptr) ::munmap(mapping_, bytes_ + kHugePageBytes);
  }

  [[nodiscard]] usize size() const noexcept { return size_; }
  [[nodiscard]] T& operator[](usize index) noexcept { return data_[index]; }
  [[nodiscard]] const T& operator[](usize index) const noexcept { return data_[index]; }

 private:
  static constexpr usize kPageBytes = 4'096;
  static constexpr usize kHugePageBytes = usize{1} << 21;

  static constexpr usize round_up(usize bytes) noexcept {
    const usize unit = bytes >= kHugePageBytes ? kHugePageBytes : kPageBytes;
    return (bytes + unit - 1) / unit * unit;
  }

  usize size_;
  usize bytes_;
  std::byte* mapping_ = nullptr;
  T* data_ = nullptr;
};

}  // namespace tradsys::match
