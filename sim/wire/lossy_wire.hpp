#pragma once
// A bad cable, the same way every time: takes frames from two ports and hands each to the other one
// after a delay, or drops, doubles, overtakes or damages it, as a seed decides. Virtual time only.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/frame.hpp"
#include "hostsw/core/random.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::sim {

/// How one direction misbehaves. Chances are per million frames and independent of each other.
struct LossyPath {
  u32 drop_per_million = 0;
  u32 duplicate_per_million = 0;
  u32 reorder_per_million = 0;  ///< held back by up to reorder_delay, so that later frames overtake
  u32 corrupt_per_million = 0;  ///< one bit is flipped
  Nanos delay{5'000};  ///< every frame
  Nanos jitter{0};  ///< plus up to this; more than the spacing of frames reorders them
  Nanos reorder_delay{500'000};
};

struct LossyWireConfig {
  u64 seed = 1;
  LossyPath a_to_b;
  LossyPath b_to_a;
  u32 frames_max = 4'096;  ///< under way at once, both directions together
};

/// What happened to the frames of one direction.
struct LossyPathCounters {
  u64 taken = 0;
  u64 delivered = 0;
  u64 dropped = 0;
  u64 duplicated = 0;
  u64 reordered = 0;
  u64 corrupted = 0;
  u64 overflowed = 0;  ///< frames_max were under way
  u64 undeliverable = 0;  ///< the receiving port had no buffer, or the frame was too long for it
};

/// The wire is the user of both ports: join each with a host's port (MemoryPort::join).
template <nic::FramePort PortA, nic::FramePort PortB>
class LossyWire {
 public:
  LossyWire(PortA& a, PortB& b, const LossyWireConfig& config)
      : a_(a),
        b_(b),
        paths_{Path{config.a_to_b, Random(config.seed * 2), {}},
               Path{config.b_to_a, Random(config.seed * 2 + 1), {}}},
        memory_(std::make_unique_for_overwrite<std::byte[]>(usize{config.frames_max} *
                                                            nic::kTxCapacityBytes)),
        free_(config.frames_max) {
    for (u32 i = 0; i < config.frames_max; ++i) free_[i] = config.frames_max - 1 - i;
    heap_.reserve(config.frames_max);
  }
  LossyWire(const LossyWire&) = delete;
  LossyWire& operator=(const LossyWire&) = delete;

  /// Takes what both ports have sent, delivers what is due. Returns the frames moved.
  u32 pump(Nanos now) {
    const u32 taken = take(a_, 0, now) + take(b_, 1, now);
    u32 delivered = 0;
    for (; !heap_.empty() && heap_.front().due <= now; ++delivered) deliver_first();
    return taken + delivered;
  }

  /// When the next frame arrives; the far future when none is under way.
  [[nodiscard]] Nanos next_event() const noexcept {
    return heap_.empty() ? Nanos{INT64_MAX} : heap_.front().due;
  }

  /// Changes the behaviour from now on, e.g. to cut the wire: drop_per_million 1,000,000.
  void set_paths(const LossyPath& a_to_b, const LossyPath& b_to_a) noexcept {
    paths_[0].config = a_to_b;
    paths_[1].config = b_to_a;
  }

  [[nodiscard]] const LossyPathCounters& a_to_b() const noexcept { return paths_[0].counters; }
  [[nodiscard]] const LossyPathCounters& b_to_a() const noexcept { return paths_[1].counters; }
  /// Hash over every delivery: time, direction and bytes. Equal runs have equal hashes.
  [[nodiscard]] u64 trace_hash() const noexcept { return trace_hash_; }

 private:
  struct Path {
    LossyPath config;
    Random random;
    LossyPathCounters counters;
  };
  struct Event {
    Nanos due;
    u64 order;  // frames due at the same time arrive in the order they were sent
    u32 buffer;
    u32 len_bytes;
    u32 path;
  };
  static bool later(const Event& x, const Event& y) noexcept {
    return x.due != y.due ? x.due > y.due : x.order > y.order;
  }

  template <class Port>
  u32 take(Port& port, u32 path, Nanos now) {
    nic::RxFrame frames[32];
    u32 total = 0;
    while (const u32 count = port.rx_burst(frames, 32)) {
      for (u32 i = 0; i < count; ++i) on_frame(frames[i], path, now);
      port.release(frames, count);
      total += count;
    }
    return total;
  }

  /// Draws all chances for every frame, so that one changed chance does not shift the others.
  void on_frame(const nic::RxFrame& frame, u32 path, Nanos now) {
    Path& p = paths_[path];
    ++p.counters.taken;
    const bool drop = p.random.chance(p.config.drop_per_million);
    const bool twice = p.random.chance(p.config.duplicate_per_million);
    const u64 damage = p.random.chance(p.config.corrupt_per_million) ? p.random.next() | 1U : 0;
    const Nanos first = arrival(p, now);
    const Nanos second = arrival(p, now);
    if (drop) {
      ++p.counters.dropped;
      return;
    }
    schedule(frame, path, first, damage);
    if (!twice) return;
    ++p.counters.duplicated;
    schedule(frame, path, second, 0);
  }

  Nanos arrival(Path& p, Nanos now) {
    Nanos at = now + p.config.delay;
    at.v += static_cast<i64>(p.random.below(static_cast<u64>(p.config.jitter.v) + 1));
    const i64 hold =
        static_cast<i64>(p.random.below(static_cast<u64>(p.config.reorder_delay.v) + 1));
    if (p.random.chance(p.config.reorder_per_million)) {
      ++p.counters.reordered;
      at.v += hold;
    }
    return at;
  }

  void schedule(const nic::RxFrame& frame, u32 path, Nanos due, u64 damage) {
    Path& p = paths_[path];
    if (frame.len_bytes > nic::kTxCapacityBytes || frame.len_bytes == 0) {
      ++p.counters.undeliverable;
      return;
    }
    if (free_.empty()) {
      ++p.counters.overflowed;
      return;
    }
    const u32 index = free_.back();
    free_.pop_back();
    std::byte* copy = buffer(index);
    std::memcpy(copy, frame.data, frame.len_bytes);
    if (damage != 0) {
      ++p.counters.corrupted;
      copy[(damage >> 8) % frame.len_bytes] ^= static_cast<std::byte>(1U << (damage >> 4 & 7U));
    }
    heap_.push_back({due, ++order_, index, frame.len_bytes, path});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  void deliver_first() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const Event event = heap_.back();
    heap_.pop_back();
    trace(event);
    const bool sent = event.path == 0 ? put(b_, event) : put(a_, event);
    LossyPathCounters& counters = paths_[event.path].counters;
    ++(sent ? counters.delivered : counters.undeliverable);
    free_.push_back(event.buffer);
  }

  template <class Port>
  bool put(Port& port, const Event& event) {
    std::byte* out = port.tx_alloc();
    if (out == nullptr) return false;
    std::memcpy(out, buffer(event.buffer), event.len_bytes);
    return port.tx_send(event.len_bytes);
  }

  void trace(const Event& event) noexcept {
    u64 hash = mix64(trace_hash_ ^ static_cast<u64>(event.due.v)) + event.path;
    const std::byte* p = buffer(event.buffer);
    for (u32 at = 0; at < event.len_bytes; at += 8) {
      u64 word = 0;
      std::memcpy(&word, p + at, std::min<u32>(8, event.len_bytes - at));
      hash = mix64(hash ^ word) + at;
    }
    trace_hash_ = hash;
  }

  std::byte* buffer(u32 index) noexcept {
    return memory_.get() + usize{index} * nic::kTxCapacityBytes;
  }

  PortA& a_;
  PortB& b_;
  std::array<Path, 2> paths_;
  std::unique_ptr<std::byte[]> memory_;
  std::vector<u32> free_;
  std::vector<Event> heap_;
  u64 order_ = 0;
  u64 trace_hash_ = 0;
};

}  // namespace tradsys::sim
