#pragma once
// The segment file of a shared-memory wire: created, checked, locked, mapped. Private to
// drivers/nic.
#include <array>
#include <filesystem>

#include "drivers/nic/shm/shm_ring.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::nic {

/// First page of the file. `magic` is written last, so a creator that died leaves no valid segment.
struct ShmSegmentHeader {
  std::atomic<u64> magic;
  u32 version;
  u32 slot_count;
  u32 slot_bytes;
  u32 reserved;
  std::array<std::atomic<u64>, 2> attach_count;  ///< by side
  std::array<ShmRingHeader, 2> ring;  ///< by sending side
};

/// An open segment with one side held. Movable.
class ShmSegment {
 public:
  static constexpr u64 kMagic = 0x3130'4557'5253'4454;  // "TDSRWE01"
  static constexpr u32 kVersion = 1;
  static constexpr usize kHeaderBytes = 4'096;

  /// Opens or creates the file and takes `side` (0 or 1). See ShmWire::attach.
  static Result<ShmSegment> open(const std::filesystem::path& path, u32 side, u32 slot_count);

  ShmSegment() = default;
  ShmSegment(ShmSegment&& other) noexcept;
  ShmSegment& operator=(ShmSegment&& other) noexcept;
  ~ShmSegment();

  [[nodiscard]] ShmSegmentHeader& header() const noexcept { return *header_; }
  /// Slots of the ring that side `sender` writes.
  [[nodiscard]] std::byte* slots(u32 sender) const noexcept;
  /// True when some process holds `side` at this moment.
  [[nodiscard]] bool held(u32 side) const noexcept;

 private:
  Status lock_side(u32 side, const std::filesystem::path& path);
  Status prepare_file(u32 side, u32 slot_count, const std::filesystem::path& path);
  Status map(const std::filesystem::path& path);

  int file_ = -1;
  usize bytes_ = 0;
  ShmSegmentHeader* header_ = nullptr;
};

}  // namespace tradsys::nic
