#pragma once
// After a logon: which orders the venue is asked for, in what order, and which answers are due.
#include <array>
#include <vector>

#include "hostsw/orders/order_store.hpp"

namespace tradsys::dataplane {

/// Identifiers of orders and of pending replaces, a few under way at a time. Memory is taken once.
class StatusRound {
 public:
  static constexpr u32 kOpenMax = 64;  ///< requests without an answer

  explicit StatusRound(u32 orders_max) : ids_(usize{orders_max} * 2) {}

  /// Every live order, with its pending replace.
  void begin(const orders::OrderStore& store, Nanos now) noexcept {
    open_.fill(0);
    count_ = next_ = 0;
    open_count_ = tries_ = 0;
    asked_at_ = now;
    store.for_each([this](const orders::Order& order) {
      ids_[count_++] = order.order_id;
      if (order.pending_order_id != 0) ids_[count_++] = order.pending_order_id;
    });
  }
  /// The next identifier to ask for; 0 while enough is under way, and when all were.
  [[nodiscard]] u64 next() const noexcept {
    return open_count_ < kOpenMax && next_ < count_ ? ids_[next_] : 0;
  }
  /// next() was asked for, or needs no answer.
  void asked(bool needs_answer, Nanos now) noexcept {
    const u64 id = ids_[next_++];
    if (!needs_answer) return;
    *find(0) = id;
    ++open_count_;
    asked_at_ = now;
  }
  /// Whether an answer for it was due.
  bool answered(u64 id, Nanos now) noexcept {
    u64* const place = id == 0 ? nullptr : find(id);
    if (place == nullptr) return false;
    *place = 0;
    --open_count_;
    tries_ = 0;
    asked_at_ = now;
    return true;
  }
  /// No answer came for so long: asks for what is due again, and gives the round up after the third
  /// time. Returns how many answers will never come.
  u64 give_up_after(Nanos wait, Nanos now) noexcept {
    if (open_count_ == 0 || now - asked_at_ < wait) return 0;
    asked_at_ = now;
    const bool again = ++tries_ < kTriesMax;
    const u64 lost = again ? 0 : open_count_ + (count_ - next_);
    for (u64& id : open_) {
      if (id != 0 && again) ids_[--next_] = id;  // its place, or that of one that was answered
      id = 0;
    }
    if (!again) next_ = count_;
    open_count_ = 0;
    return lost;
  }
  [[nodiscard]] bool done() const noexcept { return open_count_ == 0 && next_ == count_; }

 private:
  static constexpr u32 kTriesMax = 3;

  [[nodiscard]] u64* find(u64 id) noexcept {
    for (u64& open : open_)
      if (open == id) return &open;
    return nullptr;
  }

  std::vector<u64> ids_;
  std::array<u64, kOpenMax> open_{};
  usize count_ = 0;
  usize next_ = 0;
  u32 open_count_ = 0;
  u32 tries_ = 0;
  Nanos asked_at_{};
};

}  // namespace tradsys::dataplane
