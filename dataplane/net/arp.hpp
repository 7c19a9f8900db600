#pragma once
// ARP: the packet, and the table of neighbours. The table is pure state; who owns it sends the
// requests it asks for. Entries in use are confirmed before they expire, unused ones are forgotten.
#include <vector>

#include "dataplane/net/headers.hpp"
#include "hostsw/core/contract.hpp"

namespace tradsys::net {

inline constexpr u32 kArpBytes = 28;
inline constexpr u16 kArpRequest = 1;
inline constexpr u16 kArpReply = 2;
inline constexpr Nanos kNever{INT64_MAX};

/// An ARP packet for IPv4 over Ethernet.
struct ArpPacket {
  u16 operation = 0;
  MacAddress sender_mac;
  Ipv4 sender_ip;
  MacAddress target_mac;
  Ipv4 target_ip;
};

/// False when truncated, or not a request or reply for IPv4 over Ethernet.
[[nodiscard]] inline bool parse_arp(Bytes in, ArpPacket& out) noexcept {
  if (in.size() < kArpBytes) return false;
  const std::byte* p = in.data();
  out.operation = load_be16(p + 6);
  out.sender_mac.v = load_be48(p + 8);
  out.sender_ip.v = load_be32(p + 14);
  out.target_mac.v = load_be48(p + 18);
  out.target_ip.v = load_be32(p + 24);
  return load_be64(p) >> 16 == 0x0001'0800'0604 &&
         (out.operation == kArpRequest || out.operation == kArpReply);
}

inline void write_arp(std::byte* out, const ArpPacket& a) noexcept {
  store_be48(out, 0x0001'0800'0604);
  store_be16(out + 6, a.operation);
  store_be48(out + 8, a.sender_mac.v);
  store_be32(out + 14, a.sender_ip.v);
  store_be48(out + 18, a.target_mac.v);
  store_be32(out + 24, a.target_ip.v);
}

/// Fixed table of neighbours, searched linearly: it is not asked on the send path of a session,
/// which keeps its neighbour's address in its prepared header.
class ArpTable {
 public:
  /// `reachable`: trust in a learnt address; `retry`, `tries`: requests before a neighbour is given
  /// up.
  ArpTable(u32 entries, Nanos reachable, Nanos retry, u32 tries)
      : entries_(entries), reachable_(reachable), retry_(retry), tries_(tries) {}

  /// What to do about an address that is to be sent to.
  enum class Lookup : u8 {
    kFound,
    kPending,  ///< unknown; a request is under way
    kAsk,  ///< unknown; the caller sends a request now
  };
  [[nodiscard]] Lookup lookup(Ipv4 ip, Nanos now, MacAddress& mac) noexcept {
    Entry* e = find(ip);
    if (e != nullptr && e->mac.v != 0) {
      e->used = true;
      mac = e->mac;
      return Lookup::kFound;
    }
    if (e != nullptr) return Lookup::kPending;
    e = claim();
    if (e == nullptr) return Lookup::kPending;
    *e = {ip, kNoMac, now + retry_, 1, true, false};
    return Lookup::kAsk;
  }

  /// A neighbour said where it is. `create` adds an unknown one (its packet was meant for us);
  /// otherwise only known ones are updated. True when an address became known or changed.
  bool learn(Ipv4 ip, MacAddress mac, bool create, Nanos now) noexcept {
    if (!is_host(ip) || mac.v == 0 || is_group(mac)) return false;
    Entry* e = find(ip);
    if (e == nullptr) {
      if (!create || (e = claim()) == nullptr) return false;
      *e = {ip, kNoMac, kNever, 0, false, false};
    }
    if (e->fixed) return false;
    const bool changed = e->mac != mac;
    if (e->tries != 0 && e->mac.v != 0) e->used = false;  // confirmed: kept on only if used again
    e->mac = mac;
    e->tries = 0;
    e->deadline = now + reachable_;
    return changed;
  }

  /// An entry that neither ages nor follows what the network says. False when the table is full of
  /// such.
  bool set_static(Ipv4 ip, MacAddress mac) noexcept {
    Entry* e = find(ip);
    if (e == nullptr) e = claim();
    if (e == nullptr) return false;
    *e = {ip, mac, kNever, 0, true, true};
    return true;
  }

  /// Doubt about a neighbour (its sessions get no answer): the next housekeep asks again.
  void doubt(Ipv4 ip, Nanos now) noexcept {
    Entry* e = find(ip);
    if (e == nullptr) {
      e = ip.v == 0 ? nullptr : claim();
      if (e == nullptr) return;
      *e = {ip, kNoMac, now, 0, true, false};
    }
    if (e->fixed || e->tries != 0) return;
    e->used = true;
    e->deadline = now;
  }

  /// Ages the table; calls `ask(ip)` for each request that is due.
  template <class Ask>
  void housekeep(Nanos now, Ask&& ask) noexcept {
    for (Entry& e : entries_) {
      if (e.ip.v == 0 || e.deadline > now) continue;
      if (!e.used || e.tries >= tries_) {
        e = Entry{};
        continue;
      }
      ++e.tries;
      e.deadline = now + retry_;
      ask(e.ip);
    }
  }

  /// Earliest time at which housekeep has something to do.
  [[nodiscard]] Nanos next_deadline() const noexcept {
    Nanos next = kNever;
    for (const Entry& e : entries_)
      if (e.ip.v != 0 && e.deadline < next) next = e.deadline;
    return next;
  }

  /// The known address of `ip`, kNoMac when there is none. Does not count as use.
  [[nodiscard]] MacAddress peek(Ipv4 ip) const noexcept {
    for (const Entry& e : entries_)
      if (e.ip == ip && ip.v != 0) return e.mac;
    return kNoMac;
  }

 private:
  struct Entry {
    Ipv4 ip;  // 0 = free
    MacAddress mac;  // 0 = not known yet
    Nanos deadline{kNever};  // next request, or expiry
    u32 tries = 0;  // requests since the last answer
    bool used = false;  // looked up since it was learnt
    bool fixed = false;
  };

  Entry* find(Ipv4 ip) noexcept {
    if (ip.v == 0) return nullptr;
    for (Entry& e : entries_)
      if (e.ip == ip) return &e;
    return nullptr;
  }
  /// A free entry, or the one that expires first; static entries stay.
  Entry* claim() noexcept {
    Entry* best = nullptr;
    for (Entry& e : entries_) {
      if (e.ip.v == 0) return &e;
      if (!e.fixed && (best == nullptr || e.deadline < best->deadline)) best = &e;
    }
    return best;
  }

  std::vector<Entry> entries_;
  Nanos reachable_;
  Nanos retry_;
  u32 tries_;
};

}  // namespace tradsys::net
