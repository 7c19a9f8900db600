#pragma once
// Local clients as the edge tile sees them: a transport beside TCP whose connections are pairs of
// pipes in shared memory (ADR 0013). The same SoupBinTCP session runs over either, so logins,
// takeovers, replay, heartbeats and slow readers are handled once. Whatever the client does to its
// memory, the tile copies before it looks, and ends the session when a pipe makes no sense.
#include <array>
#include <vector>

#include "dataplane/edge/shm/shm_handover.hpp"
#include "dataplane/net/tcp/tcp_session.hpp"

namespace tradsys::dataplane {

/// Ids whose slot, the low 16 bits, is one of these are local links, others TCP's.
inline constexpr u32 kShmSlotFirst = 0x8000;
[[nodiscard]] constexpr bool is_shm(net::ConnId conn) noexcept {
  return (conn.v & kShmSlotFirst) != 0;
}

class ShmLinks {
 public:
  /// Taken from one link in one poll: some 20 orders.
  static constexpr usize kBytesPerPoll = 1'024;

  explicit ShmLinks(u32 links_max) : handover_(links_max), links_(links_max) {
    TRADSYS_ASSERT(links_max < kShmSlotFirst);
  }

  /// Clients may come in from here on; before, what is handed over waits.
  void open() noexcept { open_ = true; }
  [[nodiscard]] ShmHandover& handover() noexcept { return handover_; }

  /// Hot. Returns how many links had something to say. `user` gets: shm_attached(conn, client),
  /// shm_bytes(conn, bytes), shm_closed(conn), shm_broken(client), and is asked shm_room(): whether
  /// one more message can be recorded.
  template <class User>
  u32 poll(User& user) noexcept {
    if (!open_) return 0;
    u32 work = 0;
    for (ShmOrder order; handover_.orders.try_pop(order); ++work) obey(order, user);
    for (Link& link : links_) {
      if (link.number != 0 && user.shm_room()) work += read(link, user);
    }
    return work;
  }

  // --- transport of the sessions -----------------------------------------------------------------
  /// All of it or nothing.
  [[nodiscard]] bool send(net::ConnId conn, Bytes packet) noexcept {
    Link* const link = find(conn);
    return link != nullptr && link->reports.try_write(packet);
  }
  /// The memory goes back; what the client has not read it can still read.
  void close(net::ConnId conn) noexcept {
    Link* const link = find(conn);
    if (link == nullptr) return;
    TRADSYS_ASSERT(handover_.notices.try_push({link->number}));
    *link = {.generation = static_cast<u16>(link->generation + 1)};
  }

 private:
  struct Link {
    u32 number = 0;  ///< 0: the slot is free
    u16 client = 0;
    u16 generation = 1;
    bool leaving = false;
    u64 last = 0;  ///< when leaving: where the client's bytes end
    ipc::PipeReader requests{};
    ipc::PipeWriter reports{};
  };

  [[nodiscard]] net::ConnId id_of(const Link& link) const noexcept {
    const u32 slot = static_cast<u32>(&link - links_.data());
    return {u32{link.generation} << 16 | kShmSlotFirst | slot};
  }
  [[nodiscard]] Link* find(net::ConnId conn) noexcept {
    const u32 slot = conn.v & (kShmSlotFirst - 1);
    if (!is_shm(conn) || slot >= links_.size()) return nullptr;
    Link& link = links_[slot];
    return link.number != 0 && id_of(link) == conn ? &link : nullptr;
  }
  [[nodiscard]] Link* find_number(u32 number) noexcept {
    for (Link& link : links_) {
      if (link.number == number) return &link;
    }
    return nullptr;
  }

  template <class User>
  void obey(const ShmOrder& order, User& user) noexcept {
    if (order.kind == ShmOrder::Kind::kAttach) {
      Link* const link = find_number(0);
      TRADSYS_ASSERT(link != nullptr);  // the other side counts them
      link->number = order.link;
      link->client = order.client;
      link->leaving = false;
      link->requests = {*order.pipes.requests, order.pipes.request_bytes()};
      link->reports = {*order.pipes.reports, order.pipes.report_bytes()};
      user.shm_attached(id_of(*link), order.client);
    } else if (Link* const link = find_number(order.link)) {
      link->leaving = true;
      link->last = link->requests.taken() + link->requests.waiting();
    }
  }

  template <class User>
  u32 read(Link& link, User& user) noexcept {
    const u32 number = link.number;
    usize limit = kBytesPerPoll;
    if (link.leaving) limit = std::min<usize>(limit, link.last - link.requests.taken());
    const usize n = link.requests.take(MutableBytes(scratch_).first(limit));
    if (n != 0) user.shm_bytes(id_of(link), Bytes(scratch_).first(n));
    if (link.number != number) return 1;  // a logout, a rejected login, a protocol error
    const bool broken = link.requests.broken() || link.reports.broken();
    if (broken) user.shm_broken(link.client);
    if (broken || (link.leaving && link.requests.taken() == link.last)) end(link, user);
    return n != 0 ? 1 : 0;
  }
  template <class User>
  void end(Link& link, User& user) noexcept {
    const net::ConnId conn = id_of(link);
    user.shm_closed(conn);
    close(conn);  // where no session was on it any more
  }

  ShmHandover handover_;
  std::vector<Link> links_;
  std::array<std::byte, kBytesPerPoll> scratch_{};
  bool open_ = false;
};

/// Carries the sessions of one desk over TCP and over local links.
template <class Tcp>
class ClientTransport {
 public:
  explicit ClientTransport(ShmLinks& links) noexcept : links_(links) {}
  void attach(Tcp& tcp) noexcept { tcp_ = &tcp; }

  [[nodiscard]] bool listen(u16 port) noexcept { return tcp_->listen(port); }
  [[nodiscard]] bool send(net::ConnId conn, Bytes packet) noexcept {
    return is_shm(conn) ? links_.send(conn, packet) : tcp_->send(conn, packet);
  }
  void close(net::ConnId conn) noexcept { is_shm(conn) ? links_.close(conn) : tcp_->close(conn); }
  void abort(net::ConnId conn) noexcept { is_shm(conn) ? links_.close(conn) : tcp_->abort(conn); }

 private:
  ShmLinks& links_;
  Tcp* tcp_ = nullptr;
};

}  // namespace tradsys::dataplane
