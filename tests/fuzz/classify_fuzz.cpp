// Goal: the steering classifier reads no byte that is not there and agrees with a slow reading of
// the frame, whatever the frame is. Method: the input is the frame; a plan with feeds, a session
// and a listener is fixed.
#include <cstdlib>
#include <cstring>
#include <memory>

#include "drivers/nic/steering/steering_plan.hpp"

namespace {

using namespace tradsys;
using namespace tradsys::nic;

constexpr FeedRule kFeed{0xEF01'0101, 26'477, 3};
constexpr OrderRule kSession{0x0A4D'0002, 40'001, 0x0A4D'0001, 9'001, 5};
constexpr OrderRule kListener{0x0A4D'0002, 7'001, 0, 0, 6};

const SteeringPlan& plan() {
  static const SteeringPlan made =
      std::move(SteeringPlan::make({kFeed}, {kSession, kListener})).value();
  return made;
}

// The same rules, written as one reads the standard.
FrameTarget obvious(Bytes frame) {
  const FrameTarget malformed{FramePath::kMalformed, 0};
  if (frame.size() < 14) return malformed;
  Bytes rest = frame.subspan(12);
  if (load_be16(rest.data()) == 0x8100) {
    if (rest.size() < 6) return malformed;
    rest = rest.subspan(4);
  }
  if (load_be16(rest.data()) != 0x0800) return {};
  const Bytes ip = rest.subspan(2);
  if (ip.size() < 20) return malformed;
  const usize header_bytes = (load_u8(ip.data()) % 16U) * 4U;
  if (load_u8(ip.data()) / 16U != 4 || header_bytes < 20) return malformed;
  const bool more = (load_be16(ip.data() + 6) & 0x2000) != 0;
  const bool later = (load_be16(ip.data() + 6) & 0x1FFF) != 0;
  const u8 protocol = load_u8(ip.data() + 9);
  if (more || later || (protocol != 17 && protocol != 6)) return {};
  if (ip.size() < header_bytes + 4) return malformed;
  const u32 src = load_be32(ip.data() + 12);
  const u32 dst = load_be32(ip.data() + 16);
  const u16 src_port = load_be16(ip.data() + header_bytes);
  const u16 dst_port = load_be16(ip.data() + header_bytes + 2);
  if (protocol == 17) {
    const bool feed = dst == kFeed.dst_ip && dst_port == kFeed.dst_port;
    return feed ? FrameTarget{FramePath::kFeed, kFeed.line} : FrameTarget{};
  }
  if (dst == kSession.local_ip && dst_port == kSession.local_port && src == kSession.remote_ip &&
      src_port == kSession.remote_port) {
    return {FramePath::kOrders, kSession.session};
  }
  if (dst == kListener.local_ip && dst_port == kListener.local_port) {
    return {FramePath::kOrders, kListener.session};
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of exactly this size: reading beyond it is seen.
  const auto frame = std::make_unique<std::byte[]>(size);
  if (size != 0) std::memcpy(frame.get(), data, size);
  const FrameTarget target = plan().classify(frame.get(), static_cast<u32>(size));
  if (!(target == obvious({frame.get(), size}))) std::abort();
  return 0;
}
