#pragma once
// Cancels that follow from a report while it is being made: they wait until the record behind the
// report is complete. Rebuilt in a replay, where most are found to be done.
#include <vector>

#include "hostsw/orders/events.hpp"

namespace tradsys::dataplane {

struct OwedCancel {
  u16 client = 0;
  u32 client_ref = 0;
  orders::CancelOrigin origin = orders::CancelOrigin::kClient;
};

class OwedCancels {
 public:
  /// Each live order can owe one; the rest is for what the messages of one poll repeat.
  explicit OwedCancels(u32 orders_max) : capacity_(usize{orders_max} + kRepeatedMax) {
    owed_.reserve(capacity_);
  }

  [[nodiscard]] bool empty() const noexcept { return owed_.empty(); }
  /// A replay drops what is done before there is no room left.
  [[nodiscard]] bool many() const noexcept { return owed_.size() + kRepeatedMax / 2 > capacity_; }
  void add(const OwedCancel& cancel) noexcept {
    TRADSYS_ASSERT(owed_.size() < capacity_);
    owed_.push_back(cancel);
  }
  /// Drops those that `stands(cancel)` is false for.
  template <class Stands>
  void keep(Stands&& stands) noexcept {
    std::erase_if(owed_, [&](const OwedCancel& cancel) { return !stands(cancel); });
  }
  /// Takes the last one out.
  [[nodiscard]] OwedCancel take() noexcept {
    const OwedCancel cancel = owed_.back();
    owed_.pop_back();
    return cancel;
  }

 private:
  static constexpr usize kRepeatedMax = 65'536;

  usize capacity_;
  std::vector<OwedCancel> owed_;
};

}  // namespace tradsys::dataplane
