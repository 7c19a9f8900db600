#pragma once
// The market maker's mind, without time, memory or sockets: what it holds, and what it would quote.
#include <algorithm>

#include "hostsw/client/event.hpp"
#include "hostsw/client/market.hpp"

namespace tradsys::client {

struct MakerConfig {
  Symbol symbol;
  u32 qty = 100;  ///< of each side
  u32 edge = 100;  ///< price units behind the best prices
  u32 tick = 100;  ///< price step of the instrument
  i64 position_max = 1'000;  ///< it never quotes a side that could lead beyond
};

/// One side's order.
struct Side {
  Way way = Way::kBuy;
  u32 ref = 0;  ///< 0: none
  u32 open = 0;
  u32 price = 0;
  u32 filled = 0;  ///< of the chain of replaces
  u32 asked = 0;  ///< reference of an order or replace that was not answered yet
  bool canceling = false;
  bool refused = false;  ///< wait for the next price before trying again
};

/// Where a side should stand; a quantity of 0 is nowhere.
struct Target {
  u32 price = 0;
  u32 qty = 0;
};

class Maker {
 public:
  explicit Maker(const MakerConfig& config) : config_(config) { sides_[1].way = Way::kSell; }

  /// Follows a message of the stream, from the first one of the day on.
  void on_event(const Event& e) noexcept {
    switch (e.kind) {
      case Event::Kind::kAccepted:
      case Event::Kind::kReplaced:
        return on_live(e);
      case Event::Kind::kExecuted:
        return on_executed(e);
      case Event::Kind::kCanceled:
        if (Side* s = side_of(e.ref)) reduce(*s, e.qty);
        return;
      case Event::Kind::kRejected:
        return on_rejected(e);
      case Event::Kind::kCancelRejected:
        if (Side* s = side_of(e.ref)) s->canceling = false;
        return;
      case Event::Kind::kReduced:
        if (Side* s = side_of(e.ref)) s->open = e.qty;
        return;
      default:
        return;
    }
  }

  /// Where a side should stand at these prices: further away on the side that would add to the
  /// position, closer where it would reduce it.
  [[nodiscard]] Target target(const Side& side, const Quote& q) const noexcept {
    if (q.trading == 0 || q.bid_price == 0 || q.ask_price <= q.bid_price) return {};
    const i64 signed_position = side.way == Way::kBuy ? position_ : -position_;
    const i64 room = config_.position_max - signed_position;
    const u32 qty = static_cast<u32>(std::clamp<i64>(room, 0, config_.qty));
    const i64 skew = signed_position * config_.edge / std::max<i64>(config_.position_max, 1);
    const i64 away = std::max<i64>(0, config_.edge + skew);
    const i64 raw = side.way == Way::kBuy ? q.bid_price - away : q.ask_price + away;
    const i64 price = side.way == Way::kBuy
                          ? raw / config_.tick * config_.tick
                          : (raw + config_.tick - 1) / config_.tick * config_.tick;
    return price <= 0 ? Target{} : Target{static_cast<u32>(price), qty};
  }

  [[nodiscard]] Side& side(usize i) noexcept { return sides_[i]; }
  [[nodiscard]] i64 position() const noexcept { return position_; }
  [[nodiscard]] u64 fills() const noexcept { return fills_; }
  [[nodiscard]] u64 rejects() const noexcept { return rejects_; }
  [[nodiscard]] u64 accepted() const noexcept { return accepted_; }
  /// No order lives or is under way.
  [[nodiscard]] bool flat_book() const noexcept {
    return std::all_of(sides_, sides_ + 2,
                       [](const Side& s) { return s.ref == 0 && s.asked == 0; });
  }
  /// The connection ended: what was not answered may never be.
  void forget_questions() noexcept {
    for (Side& s : sides_) s.asked = 0, s.canceling = false;
  }

 private:
  [[nodiscard]] Side* side_of(u32 ref) noexcept {
    for (Side& s : sides_)
      if (ref != 0 && s.ref == ref) return &s;
    return nullptr;
  }
  void on_live(const Event& e) noexcept {
    ++accepted_;
    Side& s = sides_[e.way == Way::kBuy ? 0 : 1];
    s.ref = e.qty == 0 ? 0 : e.ref;
    s.open = e.qty;
    s.price = e.price;
    if (e.kind == Event::Kind::kAccepted) s.filled = 0;
    s.asked = 0;
    s.canceling = false;
  }
  void on_executed(const Event& e) noexcept {
    Side* const s = side_of(e.ref);
    if (s == nullptr) return;
    ++fills_;
    position_ += s->way == Way::kBuy ? i64{e.qty} : -i64{e.qty};
    s->filled += e.qty;
    reduce(*s, e.qty);
  }
  void on_rejected(const Event& e) noexcept {
    for (Side& s : sides_) {
      if (s.asked != e.ref) continue;
      ++rejects_;
      s.asked = 0;
      s.refused = true;
    }
  }
  static void reduce(Side& s, u32 qty) noexcept {
    s.open -= std::min(s.open, qty);
    if (s.open == 0) s.ref = 0, s.asked = 0, s.canceling = false;
  }

  MakerConfig config_;
  Side sides_[2];
  i64 position_ = 0;
  u64 fills_ = 0;
  u64 rejects_ = 0;
  u64 accepted_ = 0;
};

}  // namespace tradsys::client
