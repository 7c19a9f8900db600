#include "dataplane/edge/fix_venue/fix_venue_meaning.hpp"

#include "dataplane/edge/fix/fix_order.hpp"

namespace tradsys::dataplane {
namespace {

using orders::Order;
using orders::VenueReport;

/// Whether the venue still works an order in this OrdStatus.
bool is_live(char status) noexcept {
  return status == fix_status::kNew || status == fix_status::kPartlyFilled ||
         status == fix_status::kReplaced;
}
/// Whether it never trades again. Pending, stopped and suspended orders may.
bool is_over(char status) noexcept {
  return status == fix_status::kFilled || status == fix_status::kCanceled ||
         status == fix_status::kRejected || status == fix_status::kDoneForDay ||
         status == fix_status::kExpired;
}
/// Done for the day, and works on tomorrow.
bool rests_over_night(char status, TimeInForce tif) noexcept {
  return status == fix_status::kDoneForDay && tif == TimeInForce::kGtc;
}

/// Some venues say no open quantity where nothing traded yet.
void accept(const FixVenueReport& r, const Order* order, VenueReport& out) noexcept {
  out.kind = ExecKind::kAccepted;
  out.qty = r.leaves_qty;
  if (out.qty == 0 && r.order_qty > r.cum_qty) out.qty = r.order_qty - r.cum_qty;
  out.price = order != nullptr && r.price == 0 ? order->price : r.price;
  if (order == nullptr && r.price == 0) out.price = kMarketPrice;
}

/// The same: then it follows from what was asked for.
void replace(const FixVenueReport& r, const Order* order, VenueReport& out) noexcept {
  out.kind = ExecKind::kReplaced;
  out.previous_order_id = r.original.order_id;
  out.qty = r.leaves_qty;
  out.price = r.price;
  if (order == nullptr) return;
  const bool pending = order->pending_order_id == out.order_id;
  if (out.previous_order_id == 0) out.previous_order_id = order->order_id;
  if (out.price == 0) out.price = pending ? order->pending_price : order->price;
  if (out.qty == 0 && is_live(r.status) && pending && order->pending_qty > order->cum_qty)
    out.qty = order->pending_qty - order->cum_qty;
}

/// A trade is never dropped because of its price. A report of something that is pending may repeat
/// the last one under a new ExecID: then it counts no more than is known.
FixVenueMeaning trade(const FixVenueReport& r, const Order* order, VenueReport& out) noexcept {
  if (r.pending && order != nullptr && r.cum_qty <= order->cum_qty) return {};
  out.kind = ExecKind::kFilled;
  out.qty = r.last_qty;
  out.price = r.last_price;
  out.match_number = r.exec_number;
  if (out.price == 0 && order != nullptr) out.price = order->price;
  return {.tells = true, .malformed = r.last_price == 0};
}

void cancel(const FixVenueReport& r, u32 qty, VenueReport& out) noexcept {
  out.kind = ExecKind::kCanceled;
  out.qty = qty;
  out.reason = r.reason;
}

FixVenueMeaning restate(const FixVenueReport& r, const Order* order, VenueReport& out) noexcept {
  if (order == nullptr) return {.differs = true};
  const bool reduced = r.leaves_qty < order->leaves_qty && (r.leaves_qty != 0 || is_over(r.status));
  const bool same_price = r.price == 0 || r.price == order->price;
  if (reduced) cancel(r, order->leaves_qty - r.leaves_qty, out);
  return {.tells = reduced,
          .differs = !same_price || (!reduced && r.leaves_qty != order->leaves_qty)};
}

void reject(const FixVenueReport& r, u64 order_id, VenueReport& out) noexcept {
  out.kind = ExecKind::kRejected;
  out.order_id = order_id;
  out.reason = r.reason;
}

FixVenueMeaning change_trade(const FixVenueReport& r, ExecKind kind, VenueReport& out) noexcept {
  out.kind = kind;
  out.match_number = r.exec_ref_number;
  out.qty = kind == ExecKind::kCorrected ? r.last_qty : 0;
  out.price = kind == ExecKind::kCorrected ? r.last_price : 0;
  out.reason = r.reason;
  return {.tells = true};
}

void identify(const FixVenueReport& r, VenueReport& out) noexcept {
  out.order_id = r.order_id();
  out.venue_order_number = r.venue_order_number;
  out.side = r.side;
  out.tif = r.tif;
  out.capacity = r.capacity;
  out.clordid = r.id.order_id != 0 && !r.id.cancel ? r.id.token : r.original.token;
}

}  // namespace

FixVenueMeaning meaning_of(const FixVenueReport& r, const Order* order, VenueReport& out) noexcept {
  identify(r, out);
  switch (r.says) {
    case FixVenueSays::kNothing:
    case FixVenueSays::kStatus:
      return {};
    case FixVenueSays::kMalformed:
      return {.malformed = true};
    case FixVenueSays::kAccepted:
      accept(r, order, out);
      return {.tells = true};
    case FixVenueSays::kRejected:
      reject(r, r.order_id(), out);
      return {.tells = true};
    case FixVenueSays::kTraded:
      return trade(r, order, out);
    case FixVenueSays::kDoneForDay:
      if (rests_over_night(fix_status::kDoneForDay, order != nullptr ? order->tif : r.tif))
        return {};
      [[fallthrough]];
    case FixVenueSays::kCanceled:
      cancel(r, order != nullptr ? order->leaves_qty : 0, out);
      return {.tells = true};
    case FixVenueSays::kReplaced:
      replace(r, order, out);
      return {.tells = true};
    case FixVenueSays::kRestated:
      return restate(r, order, out);
    case FixVenueSays::kBusted:
      return change_trade(r, ExecKind::kBusted, out);
    case FixVenueSays::kCorrected:
      return change_trade(r, ExecKind::kCorrected, out);
    case FixVenueSays::kReplaceRejected:
      reject(r, r.id.order_id, out);
      return {.tells = true};
    case FixVenueSays::kCancelRejected:
      out.kind = ExecKind::kCancelRejected;
      out.reason = r.reason;
      return {.tells = true};
  }
  return {.malformed = true};
}

FixVenueMeaning meaning_of_status(const FixVenueReport& r, const Order& order,
                                  VenueReport& out) noexcept {
  identify(r, out);
  out.order_id = r.order_id();
  const bool of_replace = order.pending_order_id != 0 && order.pending_order_id == out.order_id;
  const bool unanswered = of_replace || order.state == orders::OrderState::kPendingNew;
  const bool rests = rests_over_night(r.status, order.tif);
  if (is_over(r.status) && !rests) {
    // What was filled is not ours to make up: its executions have numbers and prices.
    if (r.status == fix_status::kFilled) return {.differs = true};
    if (unanswered)
      reject(r, out.order_id, out);
    else
      cancel(r, order.leaves_qty, out);
    return {.tells = true, .differs = !unanswered};
  }
  if (!is_live(r.status) && !rests) return {};
  if (of_replace) {
    replace(r, &order, out);
    return {.tells = true, .differs = r.cum_qty != order.cum_qty};
  }
  const bool same = r.cum_qty == order.cum_qty && r.leaves_qty == order.leaves_qty &&
                    (r.price == 0 || r.price == order.price);
  if (unanswered) accept(r, &order, out);
  return {.tells = unanswered, .differs = !same};
}

}  // namespace tradsys::dataplane
