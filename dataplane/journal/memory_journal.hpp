#pragma once
// A journal in memory for the simulator and tests: records become durable a fixed time after they
// were pushed, and a crash loses those that were not.
#include <vector>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/clock.hpp"

namespace tradsys::dataplane {

/// One record as the journal keeps it.
struct MemoryRecord {
  u64 seq;
  u64 ts_ns;
  u16 type;
  Nanos durable_at;
  std::vector<std::byte> payload;
};

class MemoryJournal {
 public:
  /// `delay`: how long a commit takes.
  MemoryJournal(const VirtualClock& clock, Nanos delay) : clock_(clock), delay_(delay) {}

  [[nodiscard]] bool ready() const noexcept { return room_ == kBoundless; }
  [[nodiscard]] bool has_room(u32 records) const noexcept { return room_ >= records; }
  void push(u16 type, u64 seq, u64 ts_ns, Bytes payload) noexcept {
    if (room_ != kBoundless) {
      TRADSYS_ASSERT(room_ != 0);
      --room_;
    }
    records_.push_back({seq, ts_ns, type, clock_.now() + delay_, {payload.begin(), payload.end()}});
  }
  [[nodiscard]] u64 durable_seq() const noexcept {
    while (durable_ < records_.size() && records_[durable_].durable_at <= clock_.now()) ++durable_;
    return durable_ == 0 ? 0 : records_[durable_ - 1].seq;
  }
  /// When the next record becomes durable; the far future when all are.
  [[nodiscard]] Nanos next_event() const noexcept {
    return durable_ < records_.size() ? records_[durable_].durable_at : Nanos{INT64_MAX};
  }
  /// The disk stands still, and only `records` more fit.
  void stand_still(u32 records) noexcept { room_ = records; }
  /// The process dies: what is not durable is gone.
  void crash() {
    static_cast<void>(durable_seq());
    records_.resize(durable_);
  }
  /// As crash(), at the moment when the last record of `type` became durable.
  void crash_after(u16 type) {
    while (!records_.empty() && records_.back().type != type) records_.pop_back();
    durable_ = records_.size();
  }
  /// Another journal, which is empty.
  void restart() {
    records_.clear();
    durable_ = 0;
  }
  [[nodiscard]] const std::vector<MemoryRecord>& records() const noexcept { return records_; }

 private:
  static constexpr u32 kBoundless = ~u32{0};

  const VirtualClock& clock_;
  Nanos delay_;
  std::vector<MemoryRecord> records_;
  mutable usize durable_ = 0;
  u32 room_ = kBoundless;
};

}  // namespace tradsys::dataplane
