#pragma once
// The fixed memory of a TCP engine: sessions, their byte rings, the 4-tuple index, the listening
// ports, the list of sessions that owe a segment, and the earliest timer. Nothing is allocated
// after the constructor.
#include <memory>
#include <vector>

#include "dataplane/net/tcp/tcp_session.hpp"
#include "hostsw/core/random.hpp"

namespace tradsys::net {

/// Remote address, remote port and local port in one word; the local address is the interface's.
constexpr u64 tcp_key(Ipv4 remote_ip, u16 remote_port, u16 local_port) noexcept {
  return (u64{remote_ip.v} << 32) | (u64{remote_port} << 16) | local_port;
}

class SessionTable {
 public:
  explicit SessionTable(const TcpConfig& config)
      : config_(config),
        sessions_(config.sessions_max),
        send_bytes_(
            std::make_unique<std::byte[]>(usize{config.sessions_max} * config.send_ring_bytes)),
        receive_bytes_(std::make_unique<std::byte[]>(usize{config.sessions_max} *
                                                     config.receive_window_bytes)),
        index_(index_size(config.sessions_max)),
        index_mask_(static_cast<u32>(index_.size()) - 1),
        pending_(config.sessions_max),
        listeners_(config.listeners_max) {
    for (TcpSession& s : sessions_) s.generation = 1;
  }

  /// A fresh session entered under its 4-tuple; nullptr when none is free.
  TcpSession* claim(Ipv4 remote_ip, u16 remote_port, u16 local_port) noexcept {
    for (TcpSession& s : sessions_) {
      if (s.state != TcpState::kClosed) continue;
      const u16 generation = s.generation;
      const bool pending = s.pending;  // the list may still name the slot
      s = TcpSession{};
      s.generation = generation;
      s.pending = pending;
      s.remote_ip = remote_ip;
      s.remote_port = remote_port;
      s.local_port = local_port;
      insert(key_of(s), slot_of(s));
      ++open_count_;
      return &s;
    }
    return nullptr;
  }

  /// Frees a session; its id is dead from now on.
  void release(TcpSession& s) noexcept {
    TRADSYS_ASSERT(s.state != TcpState::kClosed);
    erase(key_of(s));
    s.state = TcpState::kClosed;
    s.rexmit_at = s.linger_at = kNever;
    s.ack_due = s.flush_due = false;
    s.generation = static_cast<u16>(s.generation == 0xFFFF ? 1 : s.generation + 1);
    --open_count_;
  }

  [[nodiscard]] TcpSession* find(u64 key) noexcept {
    for (u32 i = bucket(key); index_[i].slot != kEmpty; i = (i + 1) & index_mask_)
      if (index_[i].key == key) return &sessions_[index_[i].slot];
    return nullptr;
  }

  /// The session of an id that its handler may still use; nullptr otherwise.
  [[nodiscard]] TcpSession* get(ConnId conn) noexcept {
    const u32 slot = conn.v & 0xFFFFU;
    if (slot >= sessions_.size()) return nullptr;
    TcpSession& s = sessions_[slot];
    const bool live = s.generation == (conn.v >> 16) && s.state != TcpState::kClosed && !s.detached;
    return live ? &s : nullptr;
  }
  [[nodiscard]] ConnId id_of(const TcpSession& s) const noexcept {
    return {(u32{s.generation} << 16) | slot_of(s)};
  }

  /// The longest lingering connection, or else the oldest half-open one that was accepted and has
  /// been silent since `silent_since`: what a new connection may push out. nullptr when all
  /// sessions are in full use.
  [[nodiscard]] TcpSession* replaceable(Nanos silent_since) noexcept {
    TcpSession* best = nullptr;
    for (TcpSession& s : sessions_)
      if (s.state == TcpState::kTimeWait && (best == nullptr || s.linger_at < best->linger_at))
        best = &s;
    if (best != nullptr) return best;
    for (TcpSession& s : sessions_)
      if (s.state == TcpState::kSynReceived && s.passive && s.heard_at <= silent_since &&
          (best == nullptr || s.heard_at < best->heard_at))
        best = &s;
    return best;
  }

  // Listening ports.
  bool listen(u16 port) noexcept {
    if (is_listening(port)) return true;
    if (port == 0 || listener_count_ == listeners_.size()) return false;
    listeners_[listener_count_++] = port;
    return true;
  }
  void stop_listening(u16 port) noexcept {
    for (u32 i = 0; i < listener_count_; ++i)
      if (listeners_[i] == port) listeners_[i--] = listeners_[--listener_count_];
  }
  [[nodiscard]] bool is_listening(u16 port) const noexcept {
    for (u32 i = 0; i < listener_count_; ++i)
      if (listeners_[i] == port) return true;
    return false;
  }

  // Byte rings: the byte with sequence number q lies at q modulo the ring's size.
  /// Free room for payload.
  [[nodiscard]] u32 send_space(const TcpSession& s) const noexcept {
    return config_.send_ring_bytes - s.unacked_bytes();
  }
  void put_send(const TcpSession& s, u32 seq, Bytes data) noexcept {
    put(send_ring(s), config_.send_ring_bytes, seq, data);
  }
  void get_send(const TcpSession& s, u32 seq, std::byte* out, u32 bytes) const noexcept {
    const std::byte* ring = send_ring(s);
    const u32 at = seq & (config_.send_ring_bytes - 1);
    const u32 first = config_.send_ring_bytes - at < bytes ? config_.send_ring_bytes - at : bytes;
    std::memcpy(out, ring + at, first);
    std::memcpy(out + first, ring, bytes - first);
  }
  void put_receive(const TcpSession& s, u32 seq, Bytes data) noexcept {
    put(receive_ring(s), config_.receive_window_bytes, seq, data);
  }
  /// The longest contiguous piece of [begin, end) in the receive ring that starts at `begin`.
  [[nodiscard]] Bytes receive_piece(const TcpSession& s, u32 begin, u32 end) const noexcept {
    const u32 at = begin & (config_.receive_window_bytes - 1);
    const u32 room = config_.receive_window_bytes - at;
    return {receive_ring(s) + at, end - begin < room ? end - begin : room};
  }
  /// The window announced to peers: the ring, as far as 16 bits can say it.
  [[nodiscard]] u32 receive_window() const noexcept {
    return config_.receive_window_bytes < 0xFFFF ? config_.receive_window_bytes : 0xFFFF;
  }

  // Sessions that owe an ACK or have bytes to send once a buffer is free.
  void mark_pending(TcpSession& s) noexcept {
    if (s.pending) return;
    s.pending = true;
    pending_[pending_count_++] = static_cast<u16>(slot_of(s));
  }
  /// Calls `serve(session)` for each in the list; those it returns false for stay in it.
  template <class Serve>
  void serve_pending(Serve&& serve) noexcept {
    u32 kept = 0;
    for (u32 i = 0; i < pending_count_; ++i) {
      TcpSession& s = sessions_[pending_[i]];
      if (serve(s)) {
        s.pending = false;
      } else {
        pending_[kept++] = pending_[i];
      }
    }
    pending_count_ = kept;
  }
  [[nodiscard]] bool has_pending() const noexcept { return pending_count_ != 0; }

  // Timers: a lower bound of the earliest, so that an idle housekeep costs one comparison.
  void set_rexmit(TcpSession& s, Nanos at) noexcept {
    s.rexmit_at = at;
    if (at < next_deadline_) next_deadline_ = at;
  }
  void set_linger(TcpSession& s, Nanos at) noexcept {
    s.linger_at = at;
    if (at < next_deadline_) next_deadline_ = at;
  }
  [[nodiscard]] Nanos next_deadline() const noexcept { return next_deadline_; }
  void recompute_deadline() noexcept {
    next_deadline_ = kNever;
    for (const TcpSession& s : sessions_) {
      if (s.rexmit_at < next_deadline_) next_deadline_ = s.rexmit_at;
      if (s.linger_at < next_deadline_) next_deadline_ = s.linger_at;
    }
  }

  [[nodiscard]] std::vector<TcpSession>& sessions() noexcept { return sessions_; }
  [[nodiscard]] u32 open_count() const noexcept { return open_count_; }
  [[nodiscard]] const TcpConfig& config() const noexcept { return config_; }

 private:
  static constexpr u32 kEmpty = 0xFFFF'FFFF;
  struct IndexEntry {
    u64 key = 0;
    u32 slot = kEmpty;
  };

  /// At most a quarter full, so that searches end after one or two steps.
  static u32 index_size(u32 sessions_max) {
    u32 size = 16;
    while (size < sessions_max * 4) size *= 2;
    return size;
  }
  [[nodiscard]] u32 bucket(u64 key) const noexcept {
    return static_cast<u32>(mix64(key ^ config_.secret)) & index_mask_;
  }
  static u64 key_of(const TcpSession& s) noexcept {
    return tcp_key(s.remote_ip, s.remote_port, s.local_port);
  }
  [[nodiscard]] u32 slot_of(const TcpSession& s) const noexcept {
    return static_cast<u32>(&s - sessions_.data());
  }
  void insert(u64 key, u32 slot) noexcept {
    u32 i = bucket(key);
    while (index_[i].slot != kEmpty) i = (i + 1) & index_mask_;
    index_[i] = {key, slot};
  }
  /// Open addressing without tombstones: later entries of the same run move up.
  void erase(u64 key) noexcept {
    u32 hole = bucket(key);
    while (index_[hole].key != key || index_[hole].slot == kEmpty) hole = (hole + 1) & index_mask_;
    for (u32 i = (hole + 1) & index_mask_; index_[i].slot != kEmpty; i = (i + 1) & index_mask_) {
      const u32 home = bucket(index_[i].key);
      if (((i - home) & index_mask_) < ((i - hole) & index_mask_)) continue;
      index_[hole] = index_[i];
      hole = i;
    }
    index_[hole] = IndexEntry{};
  }

  [[nodiscard]] std::byte* send_ring(const TcpSession& s) const noexcept {
    return send_bytes_.get() + usize{slot_of(s)} * config_.send_ring_bytes;
  }
  [[nodiscard]] std::byte* receive_ring(const TcpSession& s) const noexcept {
    return receive_bytes_.get() + usize{slot_of(s)} * config_.receive_window_bytes;
  }
  static void put(std::byte* ring, u32 size, u32 seq, Bytes data) noexcept {
    const u32 at = seq & (size - 1);
    const usize room = size - at;
    if (data.size() <= room) [[likely]] {
      std::memcpy(ring + at, data.data(), data.size());
      return;
    }
    std::memcpy(ring + at, data.data(), room);
    std::memcpy(ring, data.data() + room, data.size() - room);
  }

  const TcpConfig config_;
  std::vector<TcpSession> sessions_;
  std::unique_ptr<std::byte[]> send_bytes_;
  std::unique_ptr<std::byte[]> receive_bytes_;
  std::vector<IndexEntry> index_;
  u32 index_mask_;
  std::vector<u16> pending_;
  u32 pending_count_ = 0;
  std::vector<u16> listeners_;
  u32 listener_count_ = 0;
  u32 open_count_ = 0;
  Nanos next_deadline_{kNever};
};

}  // namespace tradsys::net
