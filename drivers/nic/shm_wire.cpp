#include "drivers/nic/shm_wire.hpp"

#include <bit>
#include <string>

#include "drivers/nic/shm/shm_segment.hpp"

namespace tradsys::nic {

struct ShmWire::Segment {
  ShmSegment file;
  u32 own_side;
  std::array<std::byte, kTxCapacityBytes> overflow{};
};

Result<ShmWire> ShmWire::attach(const ShmWireConfig& config) {
  if (!std::has_single_bit(config.slots) || config.slots < 64 || config.slots > 32'768) {
    return Error{"segment " + config.path.string(),
                 std::to_string(config.slots) + " slots are no power of two in 64..32768",
                 "1024 is usual"};
  }
  const u32 side = static_cast<u32>(config.side);
  auto opened = ShmSegment::open(config.path, side, config.slots);
  if (!opened) return opened.error();
  auto segment = std::make_unique<Segment>(Segment{std::move(opened).value(), side});
  return ShmWire(std::move(segment), config.slots);
}

ShmWire::ShmWire(std::unique_ptr<Segment> segment, u32 slots) : segment_(std::move(segment)) {
  const u32 own = segment_->own_side;
  const u32 peer = 1 - own;
  ShmSegmentHeader& header = segment_->file.header();
  sender_ = ShmSender(&header.ring[own], segment_->file.slots(own), slots);
  overflow_ = segment_->overflow.data();
  receiver_ = ShmReceiver(&header.ring[peer], segment_->file.slots(peer), slots);
}

ShmWire::ShmWire(ShmWire&&) noexcept = default;
ShmWire& ShmWire::operator=(ShmWire&&) noexcept = default;
ShmWire::~ShmWire() = default;

bool ShmWire::peer_attached() const noexcept { return segment_->file.held(1 - segment_->own_side); }

u64 ShmWire::peer_attach_count() const noexcept {
  const auto& counts = segment_->file.header().attach_count;
  return counts[1 - segment_->own_side].load(std::memory_order_relaxed);
}

}  // namespace tradsys::nic
