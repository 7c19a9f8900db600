#pragma once
// What enters and leaves the order engine on the client's side, protocol-neutral: OUCH, FIX, shared
// memory and the strategy in the edge tile speak to the engine in these records.
#include <tradsys/risk_spec.hpp>

#include "hostsw/orders/ended_orders.hpp"
#include "hostsw/orders/events.hpp"
#include "hostsw/orders/trade_store.hpp"

namespace tradsys::engine {

/// A new order or a replace as a client session decoded it. `instrument` is kNoInstrument.v when
/// the symbol is unknown: the gate refuses it with a reason, the session does not.
struct ClientRequest {
  RequestKind kind = RequestKind::kNew;  ///< kNew or kReplace
  Side side = Side::kNone;  ///< kReplace: taken from the live order
  OrderType order_type = OrderType::kLimit;
  TimeInForce tif = TimeInForce::kDay;
  char capacity = orders::kDefaultCapacity;
  u8 unsupported = 0;  ///< 1 = it asks for something we cannot pass on; refused, not dropped
  u8 busy = 0;  ///< 1 = its session has no room for one more order; refused
  u16 session = 0;
  u16 account = 0;
  u8 strategy = 0;
  u16 instrument = 0xFFFF;
  u32 client_ref = 0;  ///< strictly increasing per session; lower ones are retransmissions
  u32 replaces_client_ref = 0;  ///< kReplace only
  u32 price = 0;
  u32 qty = 0;
  orders::ClOrdId clordid{};
};

enum class ReportKind : u8 {
  kAccepted = 0,
  kRejected = 1,
  kExecuted = 2,
  kCanceled = 3,
  kReplaced = 4,
  kCancelRejected = 5,
  kNextReference = 6,  ///< answer to a query: client_ref is the next one to use
  kBroken = 7,  ///< the venue took an execution back
  kCorrected = 8,  ///< an execution has other terms
  kModified = 9,  ///< a modify took effect
  kExpired = 10,  ///< nothing left: the day is over
  kDoneForDay = 11,  ///< nothing more today; it works again tomorrow
};

/// What happened to a client's order. One report is one sequenced message to the client.
struct ClientReport {
  ReportKind kind = ReportKind::kAccepted;
  RejectReason reject_reason = RejectReason::kNone;  ///< kRejected; kNone = the venue's own reason
  char venue_reason = ' ';  ///< kRejected, kCanceled, kBroken, kCorrected: the venue's letter
  u8 dead = 0;  ///< kAccepted, kReplaced: nothing rests
  u8 self_trade = 0;  ///< kCanceled: instead of trading with the own firm
  Side side = Side::kNone;
  TimeInForce tif = TimeInForce::kDay;
  char capacity = orders::kDefaultCapacity;
  u16 session = 0;
  u16 account = 0;
  u16 instrument = 0xFFFF;
  u32 client_ref = 0;
  u32 previous_client_ref = 0;  ///< kReplaced; kRejected of a replace: the order to replace
  u32 price = 0;  ///< kAccepted, kReplaced: limit; of a trade: its price, also of one prevented
  u32 qty = 0;  ///< kAccepted, kReplaced, kModified: open; kCanceled: canceled; of a trade: traded
  u32 prevented_qty = 0;  ///< kCanceled with self_trade
  u32 previous_price = 0;  ///< kCorrected: before
  u32 previous_qty = 0;
  u32 leaves_qty = 0;
  u64 ts_ns = 0;
  u64 order_number = 0;
  u64 match_number = 0;
  orders::ClOrdId clordid{};
  orders::ClOrdId previous_clordid{};  ///< kReplaced
};

/// What the venue did to `order`, which is as it is afterwards.
[[nodiscard]] inline ClientReport report_of(const orders::Order& order, ReportKind kind,
                                            const orders::VenueReport& report) noexcept {
  ClientReport out;
  out.kind = kind;
  out.venue_reason = report.reason;
  out.side = order.side;
  out.tif = order.tif;
  out.capacity = order.capacity;
  out.session = order.session;
  out.account = order.account;
  out.instrument = order.instrument;
  out.client_ref = order.client_ref;
  out.leaves_qty = order.leaves_qty;
  out.ts_ns = report.ts_ns;
  out.order_number = order.order_id;
  out.clordid = order.clordid;
  return out;
}

/// Shares of `order`, which is as it is afterwards, were canceled: a modification that took effect
/// where one was asked for and something is left.
[[nodiscard]] inline ClientReport cancel_report(const orders::Order& order, u32 qty,
                                                const orders::VenueReport& report) noexcept {
  const bool modified = order.modify_pending != 0 && order.leaves_qty != 0;
  ClientReport out =
      report_of(order, modified ? ReportKind::kModified : ReportKind::kCanceled, report);
  out.qty = modified ? order.leaves_qty : qty;
  out.self_trade = report.self_trade;
  if (report.self_trade == 0) return out;
  out.price = report.price;
  out.prevented_qty = static_cast<u32>(report.match_number);
  return out;
}

/// The venue's letter for what was canceled because its time was over (OUCH).
inline constexpr char kTimeOver = 'T';

/// What is left of `order` ends with the day.
[[nodiscard]] inline ClientReport expiry_report(orders::Order order, u64 ts_ns) noexcept {
  const u32 qty = order.leaves_qty;
  order.leaves_qty = 0;
  ClientReport out = report_of(order, ReportKind::kExpired,
                               orders::VenueReport{.ts_ns = ts_ns, .reason = kTimeOver});
  out.qty = qty;
  return out;
}

/// The answer to a client that asks which reference comes next, after `last`.
[[nodiscard]] inline ClientReport next_reference_report(const orders::QueryEvent& event,
                                                        u32 last) noexcept {
  ClientReport out;
  out.kind = ReportKind::kNextReference;
  out.session = event.session;
  out.client_ref = last + 1;
  out.ts_ns = event.ts_ns;
  return out;
}

/// What the venue said of `trade`, which is as it is afterwards.
[[nodiscard]] inline ClientReport report_of(const orders::Trade& trade, ReportKind kind,
                                            const orders::VenueReport& report) noexcept {
  ClientReport out;
  out.kind = kind;
  out.venue_reason = report.reason;
  out.side = trade.side;
  out.session = trade.session;
  out.account = trade.account;
  out.instrument = trade.instrument;
  out.client_ref = trade.client_ref;
  out.price = trade.price;
  out.qty = trade.qty;
  out.ts_ns = report.ts_ns;
  out.order_number = trade.order_id;
  out.match_number = trade.match_number;
  out.clordid = trade.clordid;
  return out;
}

/// The execution that `report` tells of `order`, an orders::Order or the owner of one that ended.
template <class AnyOrder>
[[nodiscard]] orders::Trade trade_of(const AnyOrder& order,
                                     const orders::VenueReport& report) noexcept {
  orders::Trade trade;
  trade.order_id = report.order_id;
  trade.match_number = report.match_number;
  trade.qty = report.qty;
  trade.price = report.price;
  trade.client_ref = order.client_ref;
  trade.session = order.session;
  trade.account = order.account;
  trade.instrument = order.instrument;
  trade.side = order.side;
  trade.strategy = order.strategy;
  trade.clordid = order.clordid;
  return trade;
}

/// A request that we refused ourselves.
[[nodiscard]] inline ClientReport refusal_report(const orders::EnterEvent& event) noexcept {
  ClientReport out;
  out.kind = ReportKind::kRejected;
  out.reject_reason = event.verdict.primary_reason;
  out.side = event.request.side;
  out.tif = event.request.tif;
  out.session = event.request.session;
  out.account = event.request.account;
  out.instrument = event.request.instrument;
  out.client_ref = event.client_ref;
  out.previous_client_ref = event.replaces_client_ref;
  out.ts_ns = event.request.ts_ns;
  out.order_number = event.request.order_id;
  out.clordid = event.clordid;
  return out;
}

/// Refused, be it for other reasons too, because there is no venue session.
[[nodiscard]] inline bool refused_for_venue(const orders::EnterEvent& event) noexcept {
  constexpr u64 kVenueDown = u64{1} << static_cast<u8>(RejectReason::kVenueDown);
  return (event.verdict.fail_bitmap & kVenueDown) != 0;
}

/// How much one engine can keep; memory is taken at the start.
struct EngineCapacity {
  u32 orders_max = 65'536;  ///< live orders
  u32 trades_max = 1U << 20;  ///< executions of a day that can be told twice or taken back
};

/// Counts since start or, after a restart, since the beginning of the journal.
struct EngineCounters {
  u64 requests = 0;  ///< new orders and replaces that were decided
  u64 retransmissions = 0;  ///< requests with an old client_ref, ignored
  u64 passed = 0;  ///< requests that went to the venue
  u64 refused[64]{};  ///< by RejectReason
  u64 accepted = 0;  ///< by the venue
  u64 executions = 0;
  u64 executed_qty = 0;
  u64 replaced = 0;
  u64 filled_orders = 0;  ///< terminal
  u64 canceled_orders = 0;  ///< terminal
  u64 rejected_orders = 0;  ///< terminal, by the gate or the venue
  u64 cancels = 0;  ///< sent to the venue
  u64 modifies_refused = 0;
  u64 cancels_ignored = 0;  ///< of orders that are not live
  u64 adopted = 0;  ///< orders the venue had and the journal had not
  u64 unknown_reports = 0;  ///< about orders nobody knows: an alarm
  u64 unknown_executions = 0;  ///< those of them that are executions: booked nowhere, an alarm
  u64 overfills = 0;  ///< traded beyond what was open: an alarm
  u64 unexpected_reports = 0;  ///< not possible in the order's state
  u64 unsent = 0;  ///< orders and replaces that never reached the venue
  u64 late_executions = 0;  ///< of orders that were over, booked: an alarm
  u64 duplicate_executions = 0;  ///< told twice, booked once
  u64 untracked_trades = 0;  ///< booked, but cannot be taken back: no number, or no room: an alarm
  u64 busted_trades = 0;  ///< taken back by the venue
  u64 corrected_trades = 0;
  u64 expired_orders = 0;  ///< of canceled_orders: told at the end of the day
  u64 carried_differ = 0;  ///< of the day before, and not as the venue says today: an alarm
};

/// What counts orders that ended in `state`.
[[nodiscard]] constexpr u64& ended_counter(EngineCounters& counters,
                                           orders::OrderState state) noexcept {
  if (state == orders::OrderState::kFilled) return counters.filled_orders;
  return state == orders::OrderState::kRejected ? counters.rejected_orders
                                                : counters.canceled_orders;
}

}  // namespace tradsys::engine
