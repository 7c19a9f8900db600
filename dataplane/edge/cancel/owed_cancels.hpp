#pragma once
// Cancels that follow from a report while it is being made: they wait until the record behind the
// report is complete. Rebuilt in a replay, where most are found to be done.
#include <vector>

#include "hostsw/core/contract.hpp"
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
  explicit OwedCancels(u32 orders_max) : owed_(usize{orders_max} + kRepeatedMax) {}

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  /// A replay drops what is done before there is no room left.
  [[nodiscard]] bool many() const noexcept { return count_ + kRepeatedMax / 2 > owed_.size(); }
  void add(const OwedCancel& cancel) noexcept {
    TRADSYS_ASSERT(count_ < owed_.size());
    owed_[count_++] = cancel;
  }
  /// Drops those that `stands(cancel)` is false for.
  template <class Stands>
  void keep(Stands&& stands) noexcept {
    usize kept = 0;
    for (usize i = 0; i < count_; ++i) {
      if (stands(owed_[i])) owed_[kept++] = owed_[i];
    }
    count_ = kept;
  }
  /// Takes the last one out.
  [[nodiscard]] OwedCancel take() noexcept {
    TRADSYS_ASSERT(count_ != 0);
    return owed_[--count_];
  }

 private:
  static constexpr usize kRepeatedMax = 65'536;

  std::vector<OwedCancel> owed_;  ///< the first count_ are in use
  usize count_ = 0;
};

}  // namespace tradsys::dataplane
