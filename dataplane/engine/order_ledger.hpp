#pragma once
// What orders and trades do to the gate's ledger (hostsw/risk): the order core says what happened,
// this says which quantity moves.
#include <algorithm>

#include "hostsw/orders/events.hpp"
#include "hostsw/orders/trade_store.hpp"

namespace tradsys::engine {

/// What the gate valued one share of a new order at; of a market order its value tells.
[[nodiscard]] inline u32 worst_price_of(const orders::EnterEvent& event) noexcept {
  const OrderRequest& r = event.request;
  if (r.order_type != OrderType::kMarket) return r.price;
  const u64 price = event.verdict.reserved_value / std::max(r.qty, 1U);
  return static_cast<u32>(std::min<u64>(price, kNoLimit32));
}

/// A new order that passed, as it goes out.
[[nodiscard]] inline orders::Order order_of(const orders::EnterEvent& event) noexcept {
  const OrderRequest& r = event.request;
  orders::Order order;
  order.order_id = r.order_id;
  order.client_ref = event.client_ref;
  order.price = r.price;
  order.qty = order.leaves_qty = order.reserved_qty = r.qty;
  order.reserved_value = event.verdict.reserved_value;
  order.worst_price = worst_price_of(event);
  order.session = r.session;
  order.account = r.account;
  order.instrument = r.instrument;
  order.strategy = r.strategy;
  order.side = r.side;
  order.order_type = r.order_type;
  order.tif = r.tif;
  order.capacity = event.capacity;
  order.clordid = event.clordid;
  return order;
}

/// Whether the venue answers the pending replace of `order` with more, or at a higher price, than
/// was reserved for it: that is what may trade.
[[nodiscard]] inline bool works_more(const orders::Order& order,
                                     const orders::VenueReport& report) noexcept {
  const bool dearer = order.order_type == OrderType::kLimit && report.price > order.pending_price;
  return report.qty > order.reserved_qty || dearer;
}

/// `Gate` is a gate engine (drivers/offload): apply, adopt.
template <class Gate>
class OrderLedger {
 public:
  explicit OrderLedger(Gate& gate) : gate_(gate) {}

  /// Reserves `qty` more without a check, at the price the order is valued at: the venue holds it
  /// already, or is about to report it as traded.
  void reserve_unchecked(orders::Order& order, u32 qty, bool opens_order) noexcept {
    OrderRequest request;
    request.order_id = order.order_id;
    request.qty = qty;
    request.price = order.worst_price;
    request.account = order.account;
    request.instrument = order.instrument;
    request.strategy = order.strategy;
    request.side = order.side;
    order.reserved_qty += qty;
    order.reserved_value += gate_.adopt(request, opens_order);
  }

  /// Gives `qty` of the reservation back, and the value that is no longer needed; `order` is as it
  /// is afterwards, but for what it reserves.
  void release(orders::Order& order, ExecKind kind, u32 qty) noexcept {
    gate_.apply(release_of(order, kind, qty));
  }

  /// Turns `report.qty` of the reservation into position; `order` is as it is afterwards, but for
  /// what it reserves.
  void fill(orders::Order& order, const orders::VenueReport& report) noexcept {
    Execution execution = release_of(order, ExecKind::kFilled, report.qty);
    execution.price = report.price;
    execution.exec_id = report.match_number;
    execution.ts_ns = report.ts_ns;
    gate_.apply(execution);
  }

  /// Books a trade that no reservation stands for.
  void book(const orders::Trade& trade, u64 ts_ns) noexcept {
    orders::Order order;
    order.order_id = trade.order_id;
    order.worst_price = trade.price;
    order.account = trade.account;
    order.instrument = trade.instrument;
    order.strategy = trade.strategy;
    order.side = trade.side;
    reserve_unchecked(order, trade.qty, true);
    orders::VenueReport report;
    report.qty = trade.qty;
    report.price = trade.price;
    report.match_number = trade.match_number;
    report.ts_ns = ts_ns;
    fill(order, report);
  }

  /// Undoes a trade that was booked.
  void take_back(const orders::Trade& trade) noexcept {
    Execution e;
    e.order_id = trade.order_id;
    e.exec_id = trade.match_number;
    e.price = trade.price;
    e.qty = trade.qty;
    e.instrument = trade.instrument;
    e.account = trade.account;
    e.kind = ExecKind::kBusted;
    e.side = trade.side;
    e.strategy = trade.strategy;
    gate_.apply(e);
  }

  /// Forgets the pending replace and gives back what was reserved for it beyond the live order.
  void drop_pending(orders::Order& order) noexcept {
    order.pending_order_id = 0;
    order.pending_client_ref = order.pending_price = order.pending_qty = 0;
    order.pending_clordid = {};
    order.cancel_pending &= static_cast<u8>(~orders::kCancelsPending);
    const u32 surplus = order.reserved_qty - order.leaves_qty;
    if (surplus != 0 || order.reserved_value != orders::open_value(order))
      release(order, ExecKind::kReplaced, surplus);
  }

  /// As drop_pending, while `qty` of the reservation is about to be turned into position by a fill.
  void drop_pending_keeping(orders::Order& order, u32 qty) noexcept {
    order.leaves_qty += qty;
    drop_pending(order);
    order.leaves_qty -= qty;
  }

 private:
  Execution release_of(orders::Order& order, ExecKind kind, u32 qty) noexcept {
    const u64 needed = orders::open_value(order);
    Execution e;
    e.order_id = order.order_id;
    e.price = order.price;
    e.qty = qty;
    e.leaves_qty = order.leaves_qty;
    e.instrument = order.instrument;
    e.account = order.account;
    e.kind = kind;
    e.side = order.side;
    e.strategy = order.strategy;
    e.released_value = order.reserved_value > needed ? order.reserved_value - needed : 0;
    order.reserved_qty -= qty;
    order.reserved_value -= e.released_value;
    return e;
  }

  Gate& gate_;
};

}  // namespace tradsys::engine
