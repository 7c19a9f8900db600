#pragma once
// IGMP host (RFC 2236 version 2, RFC 3376 version 3): joins any-source groups, repeats the report,
// answers queries after a seeded random delay, follows an older querier. Pure state: it tells its
// owner what to send.
#include <array>
#include <vector>

#include "dataplane/net/arp.hpp"
#include "hostsw/core/random.hpp"

namespace tradsys::net {

inline constexpr u8 kIgmpQuery = 0x11;
inline constexpr u8 kIgmpV1Report = 0x12;
inline constexpr u8 kIgmpV2Report = 0x16;
inline constexpr u8 kIgmpV2Leave = 0x17;
inline constexpr u8 kIgmpV3Report = 0x22;
inline constexpr Ipv4 kAllHosts = ipv4(224, 0, 0, 1);
inline constexpr Ipv4 kAllRouters = ipv4(224, 0, 0, 2);
inline constexpr Ipv4 kIgmpV3Routers = ipv4(224, 0, 0, 22);
inline constexpr u32 kIgmpBytesMax = 16;  ///< a version 3 report with one group record

/// One message to send: to `dst`, with time-to-live 1 and the router alert option.
struct IgmpMessage {
  Ipv4 dst;
  u32 bytes = 0;
  std::array<std::byte, kIgmpBytesMax> data{};
};

/// The group memberships of one interface.
class IgmpHost {
 public:
  /// Room for `groups_max` groups; `version` 2 or 3 is spoken until a querier speaks an older one.
  IgmpHost(u32 groups_max, u32 version, u64 seed)
      : groups_(groups_max), version_(version), random_(seed) {}

  /// Wants a group. The first report is due at once; joining twice is the same. False when full or
  /// when `group` is not multicast.
  bool join(Ipv4 group, Nanos now) noexcept {
    if (!is_multicast(group)) return false;
    Group* slot = find(group);
    if (slot != nullptr && slot->member) return true;
    if (slot == nullptr) slot = find(kNoIp);
    if (slot == nullptr) return false;
    *slot = {group, now, kRobustness, 0, true, true};
    return true;
  }

  /// Wants a group no longer; the leave message is due at once.
  void leave(Ipv4 group, Nanos now) noexcept {
    Group* slot = find(group);
    if (slot == nullptr || !slot->member) return;
    *slot = {group, now, 0, kRobustness, false, false};
  }

  [[nodiscard]] bool is_member(Ipv4 group) const noexcept {
    for (const Group& g : groups_)
      if (g.ip == group && g.member) return true;
    return false;
  }

  /// A received IGMP message. False when it is malformed (too short, bad checksum).
  bool on_message(Bytes message, Nanos now) noexcept {
    if (message.size() < 8) return false;
    const std::byte* p = message.data();
    if (!checksum_valid(checksum_add(0, p, message.size()))) return false;
    if (load_u8(p) == kIgmpQuery) on_query(message, now);
    return true;
  }

  /// Calls `send(const IgmpMessage&)` for everything that is due.
  template <class Send>
  void housekeep(Nanos now, Send&& send) noexcept {
    now_ = now;
    for (Group& g : groups_) {
      if (g.ip.v == 0 || g.due > now) continue;
      if (g.member) {
        send(message(g.ip, g.joining ? kChangeToExclude : kModeIsExclude));
        if (g.reports > 0) --g.reports;
        if (g.reports == 0) g.joining = false;
      } else {
        send(message(g.ip, kChangeToInclude));
        if (--g.leaves == 0) {
          g = Group{};
          continue;
        }
      }
      g.due = g.reports + g.leaves > 0 ? delayed(now, kUnsolicitedInterval) : kNever;
    }
  }

  /// Earliest time at which housekeep has something to send.
  [[nodiscard]] Nanos next_deadline() const noexcept {
    Nanos next = kNever;
    for (const Group& g : groups_)
      if (g.ip.v != 0 && g.due < next) next = g.due;
    return next;
  }

  /// The version spoken at `now`: the configured one, or that of an older querier.
  [[nodiscard]] u32 version(Nanos now) const noexcept {
    return now < v1_until_ ? 1 : now < v2_until_ ? 2 : version_;
  }

 private:
  static constexpr u32 kRobustness = 2;
  static constexpr Nanos kUnsolicitedInterval{1'000'000'000};
  static constexpr Nanos kOlderQuerierPresent{260'000'000'000};
  static constexpr u8 kModeIsExclude = 2;
  static constexpr u8 kChangeToInclude = 3;
  static constexpr u8 kChangeToExclude = 4;

  struct Group {
    Ipv4 ip;  // 0 = free
    Nanos due{kNever};  // next report or leave
    u32 reports = 0;  // unsolicited reports still to send
    u32 leaves = 0;  // leave messages still to send
    bool member = false;
    bool joining = false;  // the unsolicited reports are not done yet
  };

  /// The slot of a group, or a free one for kNoIp; nullptr when there is none.
  Group* find(Ipv4 group) noexcept {
    for (Group& g : groups_)
      if (g.ip == group) return &g;
    return nullptr;
  }
  Nanos delayed(Nanos now, Nanos longest) noexcept {
    return now + Nanos{static_cast<i64>(random_.below(static_cast<u64>(longest.v) + 1))};
  }

  void on_query(Bytes query, Nanos now) noexcept {
    const u32 code = load_u8(query.data() + 1);
    Nanos longest{static_cast<i64>(code) * 100'000'000};
    if (query.size() >= 12) {
      if (code >= 128)
        longest.v = (i64{(code & 0x0F) | 0x10} << (((code >> 4) & 7) + 3)) * 100'000'000;
    } else if (code == 0) {
      v1_until_ = now + kOlderQuerierPresent;
      longest.v = 10'000'000'000;
    } else {
      v2_until_ = now + kOlderQuerierPresent;
    }
    const Ipv4 group{load_be32(query.data() + 4)};
    for (Group& g : groups_) {
      if (!g.member || (group.v != 0 && g.ip != group)) continue;
      const Nanos due = delayed(now, longest);
      if (due < g.due) g.due = due;
    }
  }

  [[nodiscard]] IgmpMessage message(Ipv4 group, u8 record) const noexcept {
    IgmpMessage m;
    std::byte* p = m.data.data();
    const u32 spoken = version(now_);
    if (spoken == 3) {
      m.dst = kIgmpV3Routers;
      m.bytes = 16;
      store_u8(p, kIgmpV3Report);
      store_be16(p + 6, 1);
      store_u8(p + 8, record);
      store_be32(p + 12, group.v);
    } else {
      const bool leaving = record == kChangeToInclude;
      m.dst = leaving ? kAllRouters : group;
      m.bytes = 8;
      store_u8(p, leaving ? kIgmpV2Leave : spoken == 2 ? kIgmpV2Report : kIgmpV1Report);
      store_be32(p + 4, group.v);
    }
    checksum_store(p + 2, checksum_finish(checksum_add(0, p, m.bytes)));
    return m;
  }

  std::vector<Group> groups_;
  u32 version_;
  Random random_;
  Nanos now_{};
  Nanos v1_until_{};
  Nanos v2_until_{};
};

}  // namespace tradsys::net
