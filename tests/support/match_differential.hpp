#pragma once
// Drives the fast and the obvious matching engine with the same calls and says where they part.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "hostsw/match/match_engine.hpp"
#include "hostsw/match/reference_match.hpp"
#include "tests/support/match_recorder.hpp"

namespace tradsys::testing {

/// Both engines side by side. Calls are drawn from `Source`, anything with `u64 below(u64 bound)`:
/// a seeded generator, or the bytes of a fuzzer.
class MatchDifferential {
 public:
  static constexpr match::MatchConfig kConfig{
      .instruments_max = 3, .orders_max = 48, .price_blocks_max = 512, .first_match_number = 1};

  MatchDifferential() {
    for (u16 i = 0; i < kConfig.instruments_max; ++i) {
      const match::InstrumentRules rules{.price_step = kSteps[i], .price_max = 4'000'000'000};
      fast_.set_rules(i, rules);
      obvious_.set_rules(i, rules);
    }
  }

  /// One call on both; the difference when their events, best prices or order counts differ.
  template <class Source>
  std::optional<std::string> step(Source& source) {
    switch (source.below(10)) {
      case 0:
      case 1:
      case 2:
        cancel(source);
        break;
      case 3:
      case 4:
        replace(source);
        break;
      default:
        submit(source);
        break;
    }
    return difference();
  }

  /// Compares the whole state, and what the fast engine's own invariants say.
  std::optional<std::string> compare_state() const {
    for (u16 i = 0; i < kConfig.instruments_max; ++i) {
      for (const Side side : {Side::kBuy, Side::kSell}) {
        if (resting_lines(fast_, i, side) != resting_lines(obvious_, i, side)) {
          return "queues differ on instrument " + std::to_string(i);
        }
      }
      const u32 bid = fast_.best_price(i, Side::kBuy);
      const u32 ask = fast_.best_price(i, Side::kSell);
      if (ask != 0 && bid >= ask) return "crossed book on instrument " + std::to_string(i);
    }
    if (fast_.hash() != obvious_.hash()) return "state hashes differ";
    return std::nullopt;
  }

  u64 trades() const { return obvious_.next_match_number() - 1; }

 private:
  static constexpr u32 kSteps[] = {1, 100, 7};
  static constexpr u64 kHomeSlots = 128;  // of the fast engine at this capacity: ids that collide

  template <class Source>
  u64 any_id(Source& source) {
    const u64 id = source.below(60);
    switch (source.below(4)) {
      case 0:
        return id * kHomeSlots;
      case 1:
        return (id << 32) | source.below(4);
      default:
        return id;
    }
  }
  template <class Source>
  u64 known_id(Source& source) {
    if (recent_.empty() || source.below(8) == 0) return any_id(source);
    return recent_[static_cast<usize>(source.below(recent_.size()))];
  }
  template <class Source>
  u32 any_price(Source& source, u32 step) {
    switch (source.below(16)) {
      case 0:
        return static_cast<u32>(source.below(u64{1} << 32));
      case 1:
        return static_cast<u32>((1 + source.below(500'000)) * 8 * step);
      case 2:
        return step * static_cast<u32>(1 + source.below(3));
      default:
        return step * static_cast<u32>(4090 + source.below(24));
    }
  }

  template <class Source>
  void submit(Source& source) {
    match::NewOrder order;
    order.order_id = any_id(source);
    order.owner = static_cast<u32>(source.below(3));
    order.instrument =
        static_cast<u16>(source.below(kConfig.instruments_max + (source.below(32) == 0)));
    order.side = static_cast<Side>(source.below(64) == 0 ? 0 : 1 + source.below(3));
    order.type = static_cast<OrderType>(source.below(12) == 0 ? 1 + source.below(2) : 0);
    order.tif = static_cast<TimeInForce>(source.below(5) == 0 ? 1 + (source.below(16) == 0) : 0);
    order.price = any_price(source, kSteps[std::min<usize>(order.instrument, 2)]);
    order.qty = static_cast<u32>(source.below(40) == 0 ? 0 : 1 + source.below(50));
    remember(order.order_id);
    fast_.submit(order);
    obvious_.submit(order);
    call_ = "submit";
  }
  template <class Source>
  void cancel(Source& source) {
    const u64 id = known_id(source);
    const u32 open_qty = source.below(3) == 0 ? static_cast<u32>(source.below(40)) : 0;
    fast_.cancel(id, open_qty);
    obvious_.cancel(id, open_qty);
    call_ = "cancel";
  }
  template <class Source>
  void replace(Source& source) {
    const u64 id = known_id(source);
    const u64 new_id = any_id(source);
    match::RestingOrder old;
    const u32 step = obvious_.find(id, old) ? kSteps[old.instrument] : 1;
    const u32 price = source.below(3) == 0 ? old.price : any_price(source, step);
    const u32 qty = static_cast<u32>(source.below(50));
    remember(new_id);
    fast_.replace(id, new_id, price, qty);
    obvious_.replace(id, new_id, price, qty);
    call_ = "replace";
  }

  void remember(u64 id) {
    recent_.push_back(id);
    if (recent_.size() > 64) recent_.erase(recent_.begin());
  }

  std::optional<std::string> difference() {
    const std::vector<std::string> ours = fast_events_.take();
    const std::vector<std::string> theirs = obvious_events_.take();
    for (usize i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
      const std::string a = i < ours.size() ? ours[i] : "(nothing)";
      const std::string b = i < theirs.size() ? theirs[i] : "(nothing)";
      if (a != b) return call_ + ": engine says '" + a + "', reference says '" + b + "'";
    }
    for (u16 i = 0; i < kConfig.instruments_max; ++i) {
      for (const Side side : {Side::kBuy, Side::kSell}) {
        if (fast_.best_price(i, side) != obvious_.best_price(i, side))
          return call_ + ": best price";
      }
    }
    if (fast_.live_orders() != obvious_.live_orders()) return call_ + ": live orders";
    return std::nullopt;
  }

  MatchRecorder fast_events_, obvious_events_;
  match::MatchEngine<MatchRecorder> fast_{kConfig, fast_events_};
  match::ReferenceMatch<MatchRecorder> obvious_{kConfig, obvious_events_};
  std::vector<u64> recent_;
  std::string call_;
};

}  // namespace tradsys::testing
