#pragma once
// What of an order engine's state belongs to the trading day, and how the next day takes over what
// outlives it: positions, orders that are good till canceled, and their executions.
#include "dataplane/engine/order_ledger.hpp"
#include "dataplane/engine/reports.hpp"
#include "hostsw/orders/day_events.hpp"
#include "hostsw/orders/order_store.hpp"

namespace tradsys::engine {

/// `Gate` is a gate engine (drivers/offload): load_position, adopt.
template <class Gate>
class DayBook {
 public:
  DayBook(Gate& gate, OrderLedger<Gate>& ledger, orders::OrderStore& store,
          EngineCounters& counters)
      : gate_(gate), ledger_(ledger), store_(store), counters_(counters) {}

  void end() noexcept { over_ = true; }
  void begin(const orders::DayBeginEvent& event) noexcept {
    day_ = event.day;
    previous_venue_session_ = event.previous_venue_session;
  }

  /// False when the position does not fit the gate's tables; nothing changes then.
  [[nodiscard]] bool carry(const orders::CarriedPosition& p) noexcept {
    return gate_.load_position({p.account}, {p.instrument}, p.position, p.price);
  }
  /// An order of the day before works on, as the venue has to confirm: it is reserved whole,
  /// without a check. False when it cannot be one; nothing changes then.
  [[nodiscard]] bool carry(const orders::Order& before) noexcept {
    if (!can_be_carried(before)) return false;
    orders::Order order = before;
    order.state = orders::OrderState::kLive;
    order.unconfirmed = 1;
    order.reserved_qty = 0;
    order.reserved_value = 0;
    if (store_.insert(order) == nullptr) return false;
    ledger_.reserve_unchecked(order, order.leaves_qty, true);
    store_.update(order.order_id, order);
    return true;
  }

  /// The venue speaks of a carried order for the first time in its session. Whether all is said
  /// with that: else the report has its usual effect, too. What contradicts what is believed here
  /// is counted, and the larger of both is reserved until the order ends.
  [[nodiscard]] bool confirm(orders::Order& order, const orders::VenueReport& report) noexcept {
    order.unconfirmed = 0;
    const bool told = report.kind == ExecKind::kAccepted;
    if (told) order.venue_order_number = report.venue_order_number;
    const bool differs = report.qty != order.leaves_qty || report.price != order.price ||
                         report.side != order.side || report.dead != 0;
    const bool refused =
        report.kind == ExecKind::kRejected || report.kind == ExecKind::kCancelRejected;
    if ((told && differs) || refused) ++counters_.carried_differ;
    if (told && differs && report.dead == 0) reserve_as_told(order, report);
    store_.update(order.order_id, order);
    return told;
  }

  /// No new order passes any more.
  [[nodiscard]] bool over() const noexcept { return over_; }
  /// Live orders that end with the day. Walks them all.
  [[nodiscard]] u32 ending_orders() const noexcept {
    u32 count = 0;
    store_.for_each([&](const orders::Order& order) { count += order.tif != TimeInForce::kGtc; });
    return count;
  }
  /// 1 for the first journal; one more with each roll.
  [[nodiscard]] u32 day() const noexcept { return day_; }
  /// The venue's session of the day before; all zero where there was none. Its messages were told.
  [[nodiscard]] const std::array<char, 10>& previous_venue_session() const noexcept {
    return previous_venue_session_;
  }
  [[nodiscard]] u64 hash() const noexcept {
    u64 h = mix64(day_ * 2 + (over_ ? 1 : 0));
    for (const char c : previous_venue_session_) h = mix64(h + static_cast<u8>(c) + 1);
    return h;
  }

 private:
  /// The venue works more, or at a higher price, than was carried: that is what may trade.
  void reserve_as_told(orders::Order& order, const orders::VenueReport& report) noexcept {
    const u32 price = std::max(order.price, report.price);
    const u32 qty = std::max(order.leaves_qty, report.qty);
    if (price == order.price && qty == order.leaves_qty) return;
    order.price = order.worst_price = price;
    ledger_.reserve_unchecked(order, qty, false);
    order.qty += qty - order.leaves_qty;
    order.leaves_qty = qty;
    ledger_.release(order, ExecKind::kReplaced, order.reserved_qty - qty);
  }
  [[nodiscard]] bool can_be_carried(const orders::Order& o) const noexcept {
    const bool terms = o.tif == TimeInForce::kGtc && o.order_type == OrderType::kLimit &&
                       o.leaves_qty != 0 && o.pending_order_id == 0 && o.order_id != 0 &&
                       o.worst_price == o.price;
    const bool side = o.side == Side::kBuy || o.side == Side::kSell || o.side == Side::kSellShort;
    return terms && side && gate_.account_limits(o.account) != nullptr &&
           gate_.instrument_limits(o.instrument) != nullptr;
  }

  Gate& gate_;
  OrderLedger<Gate>& ledger_;
  orders::OrderStore& store_;
  EngineCounters& counters_;
  u32 day_ = 1;
  bool over_ = false;
  std::array<char, 10> previous_venue_session_{};
};

}  // namespace tradsys::engine
