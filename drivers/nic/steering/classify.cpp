// The hot half of SteeringPlan.
#include "drivers/nic/steering/steering_plan.hpp"

namespace tradsys::nic {
namespace {

constexpr u16 kEtherVlan = 0x8100;
constexpr u16 kEtherIpv4 = 0x0800;
constexpr u32 kPortsBytes = 4;

constexpr FrameTarget kMalformed{FramePath::kMalformed, 0};

}  // namespace

FrameTarget SteeringPlan::classify(const std::byte* frame, u32 len_bytes) const noexcept {
  u32 ip_at = 14;
  if (len_bytes < ip_at) return kMalformed;
  u16 ether_type = load_be16(frame + 12);
  if (ether_type == kEtherVlan) {
    ip_at = 18;
    if (len_bytes < ip_at) return kMalformed;
    ether_type = load_be16(frame + 16);
  }
  if (ether_type != kEtherIpv4) return {};
  if (len_bytes < ip_at + 20) return kMalformed;
  const std::byte* ip = frame + ip_at;
  const u32 header_bytes = (load_u8(ip) & 0x0FU) * 4;
  if ((load_u8(ip) >> 4) != 4 || header_bytes < 20) return kMalformed;
  const u8 protocol = load_u8(ip + 9);
  const bool fragment = (load_be16(ip + 6) & 0x3FFF) != 0;
  if (fragment || (protocol != kUdp && protocol != kTcp)) return {};
  if (len_bytes < ip_at + header_bytes + kPortsBytes) return kMalformed;
  const std::byte* ports = ip + header_bytes;
  const u64 near = key_of(protocol, load_be32(ip + 16), load_be16(ports + 2));
  const u64 far = protocol == kUdp ? 0 : key_of(kTcp, load_be32(ip + 12), load_be16(ports));
  const Slot* slot = find(near, far);
  if (slot == nullptr && far != 0) slot = find(near, 0);
  return slot == nullptr ? FrameTarget{} : slot->target;
}

const SteeringPlan::Slot* SteeringPlan::find(u64 near, u64 far) const noexcept {
  for (usize at = home_of(near, far);; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (!slot.used) return nullptr;
    if (slot.near == near && slot.far == far) return &slot;
  }
}

}  // namespace tradsys::nic
