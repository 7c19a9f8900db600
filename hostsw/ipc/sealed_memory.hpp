#pragma once
// Anonymous memory that one process makes and passes to another as a descriptor. It is sealed: its
// size can never change again, so that neither side can make the other one fault by cutting it.
#include "hostsw/core/bytes.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/ipc/descriptor.hpp"

namespace tradsys::ipc {

/// What the process that gets the descriptor may do.
enum class Sharing : u8 {
  kBothWrite,
  kMakerWrites,  ///< the kernel refuses every further writable mapping
};

/// One mapping of such memory, all of it in memory from the start.
class SealedMemory {
 public:
  /// Makes `bytes` of zeros, mapped writable. `name` is for /proc only.
  [[nodiscard]] static Result<SealedMemory> create(const char* name, usize bytes, Sharing sharing);
  /// Maps what another process made. Error when its size is not sealed, or when it could still be
  /// written by others though it is kMakerWrites: a maker that is honest has sealed it.
  [[nodiscard]] static Result<SealedMemory> open(Descriptor memory, Sharing sharing);

  SealedMemory() = default;
  SealedMemory(SealedMemory&& other) noexcept { swap(other); }
  SealedMemory& operator=(SealedMemory&& other) noexcept {
    SealedMemory(std::move(other)).swap(*this);
    return *this;
  }
  ~SealedMemory();

  [[nodiscard]] std::byte* data() const noexcept { return data_; }
  [[nodiscard]] usize size() const noexcept { return bytes_; }
  [[nodiscard]] int descriptor() const noexcept { return fd_.get(); }

 private:
  void swap(SealedMemory& other) noexcept;
  [[nodiscard]] Status map(bool writable);

  Descriptor fd_;
  std::byte* data_ = nullptr;
  usize bytes_ = 0;
};

}  // namespace tradsys::ipc
