#pragma once
// Turns what the engine says of a FIX client's orders into messages. A pure function of reports and
// requests in their order: a replay makes the same messages with the same identifiers again.
#include "dataplane/edge/fix/fix_messages.hpp"
#include "dataplane/edge/fix/fix_request.hpp"
#include "dataplane/engine/reports.hpp"

namespace tradsys::dataplane {

struct FixReporterConfig {
  u32 requests_max = 0;  ///< that are known
  bool by_id = true;  ///< ClOrdIDs are unique and can be looked up
  bool waits_for_id = true;  ///< what is said of an order without a ClOrdID waits for it
};

/// `Sink` gets: tell(order, execution) and refuse(reject), the next message of a stream; exec_id(),
/// an identifier that no execution before it had.
template <class Sink>
class FixReporter {
 public:
  FixReporter(Sink& sink, const FixReporterConfig& config)
      : sink_(sink),
        table_(config.requests_max, config.by_id),
        unnamed_(config.waits_for_id ? kUnnamedMax : 0) {}

  [[nodiscard]] FixOrderTable& table() noexcept { return table_; }

  /// A request on its way to the engine. False when there is no place for it.
  bool apply(const orders::FixRequestEvent& e) noexcept {
    if (!place(e)) return false;
    tell_unnamed(e.client_ref);
    return true;
  }
  /// A request of a client that speaks another protocol.
  void apply(const orders::EnterEvent& e, Symbol symbol) noexcept {
    static_cast<void>(place(fix_request_of(e, symbol)));
  }
  /// Whether something was said of an order whose request a crash took.
  [[nodiscard]] bool is_unnamed(u32 client_ref) const noexcept {
    for (u32 i = 0; i < unnamed_count_; ++i)
      if (unnamed_[i].report.client_ref == client_ref) return true;
    return false;
  }

  /// What is said of an order without a ClOrdID waits for it: the client sends the request again.
  void on_report(const engine::ClientReport& r, Symbol symbol) noexcept {
    const FixOrder* order = table_.find(r.client_ref);
    const bool named = order != nullptr && order->id_bytes != 0;
    // A request that never left is refused when the client sends it again.
    const bool unsent =
        r.kind == engine::ReportKind::kRejected && r.reject_reason != RejectReason::kNone;
    if (named || unsent || unnamed_count_ == unnamed_.size()) return tell_report(r, symbol);
    unnamed_[unnamed_count_++] = {r, symbol};
  }

  /// OrdStatus with what is on its way to the venue.
  [[nodiscard]] static char status_of(const FixOrder& order) noexcept {
    if (!order.live()) return order.status;
    if (order.pending_cancel != 0) return fix_status::kPendingCancel;
    return order.pending_replace != 0 ? fix_status::kPendingReplace : order.status;
  }

 private:
  static constexpr u32 kUnnamedMax = 4'096;
  struct Unnamed {
    engine::ClientReport report;
    Symbol symbol;
  };

  bool place(const orders::FixRequestEvent& e) noexcept {
    FixOrder* order = table_.find(e.client_ref);  // adopted from the venue, or asked again
    if (order == nullptr) order = table_.insert(e.client_ref);
    if (order == nullptr) return false;
    if (order->id_bytes == 0) table_.name(*order, {e.id.data(), e.id_bytes});
    if (order->order_number != 0) return true;
    std::memcpy(order->symbol.text, &e.symbol, sizeof e.symbol);
    order->target_ref = e.target_ref;
    order->request = e.request;
    order->side = e.side;
    order->ord_type = e.ord_type;
    order->tif = e.tif;
    order->price = e.price;
    order->qty = e.qty;
    FixOrder* target = e.target_ref == 0 ? nullptr : table_.find(e.target_ref);
    if (target != nullptr)
      (e.request == 'F' ? target->pending_cancel : target->pending_replace) = e.client_ref;
    return true;
  }

  void tell_report(const engine::ClientReport& r, Symbol symbol) noexcept {
    using engine::ReportKind;
    if (r.kind == ReportKind::kReplaced) return on_replaced(r, symbol);
    FixOrder* order = table_.find(r.client_ref);
    if (r.kind == ReportKind::kRejected) {
      if (order != nullptr) on_rejected(*order, r);
      return;  // without one: a request that a crash took; the client sends it again
    }
    if (order == nullptr) order = adopt(r, symbol);
    if (order == nullptr) return;
    switch (r.kind) {
      case ReportKind::kAccepted:
        return on_accepted(*order, r);
      case ReportKind::kExecuted:
        return on_executed(latest(*order), r);
      case ReportKind::kCanceled:
        return on_canceled(*order, r);
      case ReportKind::kModified:
        return on_modified(*order, r);
      case ReportKind::kExpired:
        return on_expired(*order, r);
      case ReportKind::kDoneForDay:
        return tell(*order, {.exec_type = '3', .status = fix_status::kDoneForDay}, r.ts_ns);
      case ReportKind::kCancelRejected:
        return refuse_cancel(*order, CxlRejReason::kOption, "refused by the venue", r.ts_ns);
      case ReportKind::kBroken:
      case ReportKind::kCorrected:
        return on_changed(latest(*order), r);
      default:
        return;
    }
  }

  void tell_unnamed(u32 client_ref) noexcept {
    u32 kept = 0;
    for (u32 i = 0; i < unnamed_count_; ++i) {
      const Unnamed waiting = unnamed_[i];
      if (waiting.report.client_ref == client_ref)
        tell_report(waiting.report, waiting.symbol);
      else
        unnamed_[kept++] = waiting;
    }
    unnamed_count_ = kept;
  }
  /// An order of which a crash took the request.
  [[nodiscard]] FixOrder* adopt(const engine::ClientReport& r, Symbol symbol) noexcept {
    FixOrder* order = table_.insert(r.client_ref);
    if (order == nullptr) return nullptr;
    order->symbol = symbol;
    order->side = fix_side_of(r.side);
    order->tif = fix_tif(r.tif);
    order->qty = r.qty;
    order->price = r.price;
    return order;
  }
  /// The version of an order that its executions count in now.
  [[nodiscard]] FixOrder& latest(FixOrder& order) noexcept {
    FixOrder* at = &order;
    while (at->replaced_by != 0) {
      FixOrder* next = table_.find(at->replaced_by);
      if (next == nullptr) break;
      at = next;
    }
    return *at;
  }
  [[nodiscard]] std::string_view id_of(u32 client_ref) noexcept {
    const FixOrder* order = client_ref == 0 ? nullptr : table_.find(client_ref);
    return order == nullptr ? std::string_view{} : order->id();
  }

  void tell(const FixOrder& order, FixExecution e, u64 ts_ns) noexcept {
    const FixNumberText id = sink_.exec_id();
    if (e.exec_id.empty()) e.exec_id = id.view();
    if (e.cl_ord_id.empty()) e.cl_ord_id = order.id();
    e.ts_ns = ts_ns;
    sink_.tell(order, e);
  }

  void on_accepted(FixOrder& order, const engine::ClientReport& r) noexcept {
    order.order_number = r.order_number;
    order.status = fix_status::kNew;
    order.leaves_qty = r.qty;
    if (order.qty == 0) order.qty = r.qty;
    if (order.ord_type != '1') order.price = r.price;
    tell(order, {.exec_type = '0', .status = fix_status::kNew}, r.ts_ns);
    if (r.dead != 0) end_unfilled(order, 0, r.ts_ns);
  }

  void on_rejected(FixOrder& order, const engine::ClientReport& r) noexcept {
    if (!order.live()) return;
    order.status = fix_status::kRejected;
    order.leaves_qty = 0;
    const bool ours = r.reject_reason != RejectReason::kNone;
    const std::string_view why = ours ? name_of(r.reject_reason) : "refused by the venue";
    if (order.request == 'G') {
      FixOrder* target = table_.find(order.target_ref);
      if (target != nullptr && target->pending_replace == order.client_ref)
        target->pending_replace = 0;
      const bool gone = r.reject_reason == RejectReason::kUnknownOrder ||
                        (target != nullptr && !latest(*target).live());
      refuse(order, target, gone ? CxlRejReason::kTooLate : CxlRejReason::kOption, why, r.ts_ns);
    } else {
      order.order_number = r.order_number;
      tell(order,
           {.exec_type = '8',
            .status = fix_status::kRejected,
            .text = why,
            .refused = true,
            .reject_reason = r.reject_reason},
           r.ts_ns);
    }
    settle(order, r.ts_ns);
  }

  void on_executed(FixOrder& order, const engine::ClientReport& r) noexcept {
    const bool was_live = order.live();
    order.cum_qty += r.qty;
    order.value += u64{r.qty} * r.price;
    if (order.order_number == 0) order.order_number = r.order_number;
    if (was_live) {
      order.leaves_qty = r.leaves_qty;
      order.status = r.leaves_qty == 0 ? fix_status::kFilled : fix_status::kPartlyFilled;
    }
    const FixNumberText id = trade_id(r);
    tell(order,
         {.exec_type = 'F',
          .status = status_of(order),
          .exec_id = r.match_number == 0 ? std::string_view{} : id.view(),
          .last_qty = r.qty,
          .last_price = r.price,
          .match_number = r.match_number},
         r.ts_ns);
    if (was_live && !order.live()) settle(order, r.ts_ns);
  }

  void on_canceled(FixOrder& order, const engine::ClientReport& r) noexcept {
    if (!order.live()) return;
    if (order.order_number == 0) order.order_number = r.order_number;
    if (r.leaves_qty == 0) return end_unfilled(order, order.pending_cancel, r.ts_ns);
    order.leaves_qty = r.leaves_qty;
    order.qty -= std::min(order.qty, r.qty);
    tell(order, {.exec_type = 'D', .status = status_of(order), .text = "reduced by the venue"},
         r.ts_ns);
  }
  /// OUCH: a client reduced its order, or marked it another way.
  void on_modified(FixOrder& order, const engine::ClientReport& r) noexcept {
    if (!order.live()) return;
    order.qty -= std::min(order.qty, order.leaves_qty - std::min(order.leaves_qty, r.qty));
    order.leaves_qty = r.qty;
    order.side = fix_side_of(r.side);
    tell(order, {.exec_type = 'D', .status = status_of(order), .text = "modified by the client"},
         r.ts_ns);
  }
  void on_expired(FixOrder& order, const engine::ClientReport& r) noexcept {
    if (!order.live()) return;
    if (order.order_number == 0) order.order_number = r.order_number;
    order.status = fix_status::kExpired;
    order.leaves_qty = 0;
    tell(order, {.exec_type = 'C', .status = fix_status::kExpired}, r.ts_ns);
    settle(order, r.ts_ns);
  }
  /// `cancel_ref`: of the request that did it; 0: nobody of the client's asked.
  void end_unfilled(FixOrder& order, u32 cancel_ref, u64 ts_ns) noexcept {
    order.status = fix_status::kCanceled;
    order.leaves_qty = 0;
    const std::string_view asked_by = id_of(cancel_ref);
    tell(order,
         {.exec_type = '4',
          .status = fix_status::kCanceled,
          .cl_ord_id = asked_by,
          .orig_cl_ord_id = asked_by.empty() ? std::string_view{} : order.id()},
         ts_ns);
    if (FixOrder* done = cancel_ref == 0 ? nullptr : table_.find(cancel_ref); done != nullptr)
      done->status = fix_status::kCanceled;
    if (order.pending_cancel == cancel_ref) order.pending_cancel = 0;
    settle(order, ts_ns);
  }

  void on_replaced(const engine::ClientReport& r, Symbol symbol) noexcept {
    FixOrder* order = table_.find(r.client_ref);
    if (order == nullptr) order = adopt(r, symbol);
    FixOrder* before = table_.find(r.previous_client_ref);
    if (order == nullptr) return;
    if (before != nullptr) {
      order->cum_qty = before->cum_qty;
      order->value = before->value;
      order->ord_type = before->ord_type;
      before->status = fix_status::kReplaced;
      before->leaves_qty = 0;
      before->replaced_by = order->client_ref;
      if (before->pending_replace == order->client_ref) before->pending_replace = 0;
    }
    order->order_number = r.order_number;
    order->price = r.price;
    order->leaves_qty = r.qty;
    order->qty = r.qty + order->cum_qty;
    order->status = order->cum_qty == 0 ? fix_status::kNew : fix_status::kPartlyFilled;
    tell(*order,
         {.exec_type = '5',
          .status = status_of(*order),
          .orig_cl_ord_id = before == nullptr ? std::string_view{} : before->id()},
         r.ts_ns);
    if (before != nullptr) settle(*before, r.ts_ns);
    if (r.dead != 0 || r.qty == 0) end_unfilled(*order, 0, r.ts_ns);
  }

  /// A trade was taken back or has other terms. What was ordered does not work again.
  void on_changed(FixOrder& order, const engine::ClientReport& r) noexcept {
    const bool broken = r.kind == engine::ReportKind::kBroken;
    const u32 old_qty = r.previous_qty;
    order.cum_qty -= std::min(order.cum_qty, old_qty);
    order.value -= std::min(order.value, u64{old_qty} * r.previous_price);
    if (!broken) {
      order.cum_qty += r.qty;
      order.value += u64{r.qty} * r.price;
    }
    if (order.live())
      order.status = order.cum_qty == 0 ? fix_status::kNew : fix_status::kPartlyFilled;
    else if (order.status == fix_status::kFilled && order.cum_qty < order.qty)
      order.status = fix_status::kCanceled;
    const FixNumberText id = trade_id(r);
    tell(order,
         {.exec_type = broken ? 'H' : 'G',
          .status = status_of(order),
          .exec_ref_id = id.view(),
          .last_qty = r.qty,
          .last_price = r.price,
          .match_number = r.match_number},
         r.ts_ns);
  }
  static FixNumberText trade_id(const engine::ClientReport& r) noexcept {
    return {'T', r.match_number, r.order_number};
  }

  /// The order is over: what was asked of it and has no answer came too late.
  void settle(FixOrder& order, u64 ts_ns) noexcept {
    refuse_cancel(order, CxlRejReason::kTooLate, "the order is over", ts_ns);
    FixOrder* replace = order.pending_replace == 0 ? nullptr : table_.find(order.pending_replace);
    order.pending_replace = 0;
    if (replace == nullptr || !replace->live()) return;
    replace->status = fix_status::kRejected;
    refuse(*replace, &order, CxlRejReason::kTooLate, "the order is over", ts_ns);
    refuse_cancel(*replace, CxlRejReason::kTooLate, "the order is over", ts_ns);
  }
  void refuse_cancel(FixOrder& order, CxlRejReason reason, std::string_view text,
                     u64 ts_ns) noexcept {
    FixOrder* cancel = order.pending_cancel == 0 ? nullptr : table_.find(order.pending_cancel);
    order.pending_cancel = 0;
    if (cancel == nullptr || !cancel->live()) return;
    cancel->status = fix_status::kRejected;
    refuse(*cancel, &order, reason, text, ts_ns);
  }
  void refuse(const FixOrder& request, const FixOrder* target, CxlRejReason reason,
              std::string_view text, u64 ts_ns) noexcept {
    FixCancelReject r{.cl_ord_id = request.id(),
                      .text = text,
                      .response_to = request.request == 'G' ? '2' : '1',
                      .reason = reason,
                      .ts_ns = ts_ns};
    if (r.cl_ord_id.empty()) return;
    if (target != nullptr) {
      r.orig_cl_ord_id = target->id();
      r.order_number = target->order_number;
      const FixOrder& now = latest_of(*target);
      r.status = status_of(now);
    }
    sink_.refuse(r);
  }
  [[nodiscard]] const FixOrder& latest_of(const FixOrder& order) noexcept {
    FixOrder* found = table_.find(order.client_ref);
    return found == nullptr ? order : latest(*found);
  }

  Sink& sink_;
  FixOrderTable table_;
  std::vector<Unnamed> unnamed_;  ///< the first unnamed_count_
  u32 unnamed_count_ = 0;
};

}  // namespace tradsys::dataplane
