#pragma once
// How far the venue's stream was read, and whose it is; for a FIX session also which numbers of
// ours may have been used. A function of journal records.
#include "hostsw/core/random.hpp"
#include "hostsw/orders/events.hpp"

namespace tradsys::engine {

class VenueStream {
 public:
  void apply(const orders::VenueSessionEvent& event) noexcept { session_ = event; }
  void apply(const orders::VenueNumbersEvent& event) noexcept {
    out_bound_ = event.out_bound;
    if (event.reset == 0) return;
    seq_ = 0;
    reset_ts_ns_ = event.ts_ns;
  }
  void read_up_to(u64 seq) noexcept { seq_ = seq; }

  /// Number of the last message that was applied.
  [[nodiscard]] u64 seq() const noexcept { return seq_; }
  /// All zero before the first login.
  [[nodiscard]] const std::array<char, 10>& session() const noexcept { return session_.name; }
  /// Numbers of ours below it may have been sent; 0 where none are kept.
  [[nodiscard]] u64 out_bound() const noexcept { return out_bound_; }
  /// When both directions began at 1 last; 0: never.
  [[nodiscard]] u64 reset_ts_ns() const noexcept { return reset_ts_ns_; }

  /// Mixes all of it but seq() into a hash; without FIX numbers the session alone.
  [[nodiscard]] u64 mixed_into(u64 hash) const noexcept {
    for (const char c : session_.name) hash = mix64(hash + static_cast<u8>(c) + 1);
    return out_bound_ == 0 ? hash : mix64(mix64(hash ^ out_bound_) + reset_ts_ns_);
  }

 private:
  orders::VenueSessionEvent session_;
  u64 seq_ = 0;
  u64 out_bound_ = 0;
  u64 reset_ts_ns_ = 0;
};

}  // namespace tradsys::engine
