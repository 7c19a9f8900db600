#pragma once
// Which frames of a port belong to which path: feed lines by multicast group and port, order
// sessions by the four numbers of a TCP connection. One table, used by the NIC's own filters where
// there are any and by classify() everywhere.
#include <span>
#include <vector>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/random.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::nic {

/// UDP to this group or address and port is feed `line`.
struct FeedRule {
  u32 dst_ip = 0;  ///< host byte order
  u16 dst_port = 0;
  u16 line = 0;
};

/// TCP between these two is order session `session`. Remote 0 and port 0: whoever connects to the
/// local port.
struct OrderRule {
  u32 local_ip = 0;
  u16 local_port = 0;
  u32 remote_ip = 0;
  u16 remote_port = 0;
  u16 session = 0;
};

/// Where a frame belongs.
enum class FramePath : u8 {
  kOther,  ///< ARP, IGMP, ICMP, fragments, and all that is no rule's
  kFeed,  ///< index is the line
  kOrders,  ///< index is the session
  kMalformed,  ///< too short for what it claims to be
};
struct FrameTarget {
  FramePath path = FramePath::kOther;
  u16 index = 0;
  bool operator==(const FrameTarget&) const = default;
};

/// Immutable after make; any number of threads classify.
class SteeringPlan {
 public:
  static constexpr usize kRulesMax = 4'096;

  /// An Error when two rules claim the same frames, an address or local port is 0, or there are
  /// more than kRulesMax of a kind.
  static Result<SteeringPlan> make(std::vector<FeedRule> feeds, std::vector<OrderRule> orders);

  /// Hot. Looks at an Ethernet frame (one 802.1Q tag allowed) without checking checksums: whoever
  /// handles the path does that.
  [[nodiscard]] FrameTarget classify(const std::byte* frame, u32 len_bytes) const noexcept;

  [[nodiscard]] std::span<const FeedRule> feeds() const noexcept { return feeds_; }
  [[nodiscard]] std::span<const OrderRule> orders() const noexcept { return orders_; }

 private:
  // Open addressing; `used` tells an empty slot. At most half full.
  struct Slot {
    u64 near = 0;  ///< address and port on our side
    u64 far = 0;  ///< and on theirs; 0 for feeds and listeners
    FrameTarget target{};
    bool used = false;
  };
  SteeringPlan() = default;

  // Transport and endpoint in one word: UDP and TCP rules live in one table and never meet.
  static constexpr u64 key_of(u8 protocol, u32 ip, u16 port) noexcept {
    return (u64{protocol} << 48) | (u64{ip} << 16) | port;
  }
  static constexpr u8 kTcp = 6;
  static constexpr u8 kUdp = 17;

  [[nodiscard]] usize home_of(u64 near, u64 far) const noexcept {
    return mix64(near ^ (far * 3)) & (slots_.size() - 1);
  }
  [[nodiscard]] const Slot* find(u64 near, u64 far) const noexcept;
  [[nodiscard]] bool insert(u64 near, u64 far, FrameTarget target);

  std::vector<FeedRule> feeds_;
  std::vector<OrderRule> orders_;
  std::vector<Slot> slots_;
};

}  // namespace tradsys::nic
