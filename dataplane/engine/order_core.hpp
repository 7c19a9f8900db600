#pragma once
// The order core: orders, ledger and identifiers as a function of a sequence of events
// (hostsw/orders events.hpp). Live and replay take the same path; only sending to the venue is left
// out in a replay. Sans-I/O: clock, wire and journal are whatever `Out` does.
#include <algorithm>
#include <array>
#include <utility>

#include "dataplane/engine/day_book.hpp"
#include "dataplane/engine/engine_out.hpp"
#include "dataplane/engine/trade_desk.hpp"
#include "dataplane/engine/venue_stream.hpp"
#include "dataplane/engine/venue_token.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/orders/order_store.hpp"

namespace tradsys::engine {

/// `Gate` is a gate engine (drivers/offload): apply, adopt, move_switch, hash.
template <class Gate, class Out>
class OrderCore {
 public:
  OrderCore(Gate& gate, Out& out, const EngineCapacity& capacity)
      : gate_(gate),
        ledger_(gate),
        out_(out),
        store_(capacity.orders_max, orders::kSessionsMax),
        trades_(ledger_, counters_, capacity.trades_max, capacity.orders_max * kEndedPerLive),
        days_(gate, ledger_, store_, counters_) {}

  OrderCore(const OrderCore&) = delete;
  OrderCore& operator=(const OrderCore&) = delete;

  /// While true nothing is sent to the venue: what is applied happened before.
  void set_replaying(bool replaying) noexcept { replaying_ = replaying; }

  /// A decided request: an order that passed is stored and sent, one that was refused is reported.
  void apply(const orders::EnterEvent& event) noexcept {
    ++counters_.requests;
    last_client_ref_[event.request.session] = event.client_ref;
    // While the venue is away or its day over nothing goes out. After a crash, ids that the journal
    // lost may still turn up in the venue's stream then: what is refused meanwhile must not take
    // them.
    if (!refused_for_venue(event) && !days_.over()) next_order_id_ = event.request.order_id + 1;
    if constexpr (requires { out_.client_entered(event); }) out_.client_entered(event);
    if (event.verdict.fail_bitmap != 0) {
      ++counters_.refused[static_cast<u8>(event.verdict.primary_reason) & 63U];
      if (event.request.kind == RequestKind::kNew) ++counters_.rejected_orders;
      out_.client_report(refusal_report(event));
      return;
    }
    ++counters_.passed;
    if (event.request.kind == RequestKind::kNew)
      apply_new(event);
    else
      apply_replace(event);
  }

  /// A cancel goes out; while the venue is away it is remembered and goes out with the reconcile.
  void apply(const orders::CancelEvent& event) noexcept {
    const orders::Order* live = store_.find(event.order_id);
    if (live == nullptr) return;
    ++counters_.cancels;
    if (!replaying_ && out_.venue_open()) out_.venue_cancel(event.order_id, event.qty);
    if (event.qty != 0) return;
    orders::Order next = *live;
    next.cancel_pending |=
        event.order_id == live->order_id ? orders::kCancelsCurrent : orders::kCancelsPending;
    store_.update(live->order_id, next);
  }

  /// A reduction goes out as a cancel down to a total; its answer is told as a modification.
  void apply(const orders::ModifyEvent& event) noexcept {
    const orders::Order* live = store_.find(event.order_id);
    if (live == nullptr) return;
    orders::Order next = *live;
    if (event.refused != 0) {
      ++counters_.modifies_refused;
      return out_.client_report(
          report_of(next, ReportKind::kCancelRejected, orders::VenueReport{.ts_ns = event.ts_ns}));
    }
    ++counters_.cancels;
    if (!replaying_ && out_.venue_open()) out_.venue_cancel(event.order_id, event.qty);
    next.modify_pending = 1;
    store_.update(live->order_id, next);
  }

  /// One message of the venue's sequenced stream.
  void apply(const orders::VenueReport& report) noexcept {
    venue_.read_up_to(report.venue_seq);
    if (report.ignored != 0) return;
    if (report.order_id == 0) {  // never an id of ours
      ++counters_.unknown_reports;
      return;
    }
    if (report.kind == ExecKind::kBusted || report.kind == ExecKind::kCorrected)
      return trades_.change(report, store_.find(report.order_id),
                            [this](const ClientReport& r) { out_.client_report(r); });
    const orders::Order* found = store_.find(report.order_id);
    if (found == nullptr && report.kind == ExecKind::kFilled &&
        trades_.late_fill(report, [this](const ClientReport& r) { out_.client_report(r); }))
      return;
    if (found == nullptr && days_.over() && trades_.is_late_word(report)) return;
    if (found == nullptr && report.kind == ExecKind::kReplaced)
      found = store_.find(report.previous_order_id);
    if (found == nullptr && report.kind == ExecKind::kAccepted) found = adopt(report);
    if (found == nullptr && report.kind == ExecKind::kFilled) {
      ++counters_.unknown_executions;
      unknown_execution_ = report;
      unknown_stands_ = true;
    }
    if (found == nullptr) {
      const bool answered = trades_.is_late_refusal(report) ||
                            (report.kind == ExecKind::kRejected && adopt_refusal(report));
      if (!answered) ++counters_.unknown_reports;
      return;
    }
    orders::Order order = *found;
    if (order.unconfirmed != 0 && days_.confirm(order, report))
      return report.dead != 0 ? carried_is_dead(order, report) : void();
    switch (report.kind) {
      case ExecKind::kAccepted:
        return on_accepted(order, report);
      case ExecKind::kRejected:
        return on_rejected(order, report.order_id, RejectReason::kNone, report);
      case ExecKind::kFilled:
        return on_filled(order, report);
      case ExecKind::kCanceled:
        return on_canceled(order, report);
      case ExecKind::kReplaced:
        return on_replaced(order, report);
      case ExecKind::kCancelRejected:
        return on_cancel_rejected(order, report);
      case ExecKind::kBusted:
      case ExecKind::kCorrected:
        break;
    }
    ++counters_.unexpected_reports;
  }

  /// The venue never saw ids from event.next_order_id on: those requests end here.
  void apply(const orders::ReconcileEvent& event) noexcept {
    lost_from_ = 0;
    next_order_id_ = std::max(next_order_id_, event.next_order_id);
    orders::VenueReport report;
    report.ts_ns = event.ts_ns;
    store_.for_each([&](const orders::Order& order) {
      const bool unsent_replace =
          order.pending_order_id >= event.next_order_id && order.pending_order_id != 0;
      const bool unsent_new =
          order.state == orders::OrderState::kPendingNew && order.order_id >= event.next_order_id;
      if (order.modify_pending != 0) modify_lost(order, report);
      if (!unsent_new && !unsent_replace) return;
      ++counters_.unsent;
      on_rejected(order, unsent_new ? order.order_id : order.pending_order_id,
                  RejectReason::kVenueDown, report);
    });
  }

  void apply(const orders::QueryEvent& event) noexcept {
    out_.client_report(next_reference_report(event, last_client_ref_[event.session]));
  }

  /// Nothing rests over night but what is good till canceled. What the venue says of the others
  /// later is no news; it may have said it before.
  void apply(const orders::DayEndEvent& event) noexcept {
    days_.end();
    const orders::VenueReport at{.ts_ns = event.ts_ns};
    store_.for_each([&](const orders::Order& order) {
      if (order.tif == TimeInForce::kGtc) {
        if (order.pending_order_id != 0)
          on_rejected(order, order.pending_order_id, RejectReason::kMarketClosed, at);
        return out_.client_report(report_of(order, ReportKind::kDoneForDay, at));
      }
      ++counters_.expired_orders;
      out_.client_report(expiry_report(order, event.ts_ns));
      finish(order, orders::OrderState::kCanceled);
    });
  }
  void apply(const orders::DayBeginEvent& event) noexcept {
    days_.begin(event);
    next_order_id_ = event.next_order_id;
  }
  /// These are false where the record does not fit; nothing changes then.
  [[nodiscard]] bool carry(const orders::CarriedPosition& p) noexcept { return days_.carry(p); }
  [[nodiscard]] bool carry(const orders::Order& order) noexcept {
    if (!days_.carry(order)) return false;
    u32& last = last_client_ref_[order.session];
    last = std::max(last, order.client_ref);
    return true;
  }
  [[nodiscard]] bool carry(const orders::Trade& trade) noexcept { return trades_.carry(trade); }

  void apply(const orders::ClientRow& row) noexcept { clients_[row.session] = row; }
  void apply(const orders::VenueSessionEvent& event) noexcept { venue_.apply(event); }
  void apply(const orders::VenueNumbersEvent& event) noexcept { venue_.apply(event); }

  /// Halting also cancels what lives in the scope, by this one record: a kill never waits for room
  /// for a record of each order.
  void apply(const orders::KillEvent& event) noexcept {
    gate_.move_switch(event.scope, event.index, event.state);
    if (event.scope == KillScope::kFirm) {
      firm_switch_ = event.state;
      unknown_stands_ = false;
    }
    if (event.state != SwitchState::kHalted) return;
    store_.for_each([&](const orders::Order& order) {
      if (gate_.killed_by_operator(order.account, order.instrument, order.strategy))
        cancel_whole(order, event.ts_ns);
    });
  }

  [[nodiscard]] const orders::OrderStore& store() const noexcept { return store_; }
  [[nodiscard]] const orders::TradeStore& trades() const noexcept { return trades_.trades(); }
  /// The last execution of an order that nobody knows.
  [[nodiscard]] const orders::VenueReport& unknown_execution() const noexcept {
    return unknown_execution_;
  }
  /// Whether the firm-wide switch was not moved since: a crash may come between the record of the
  /// execution and that of the halt which answers it.
  [[nodiscard]] bool unknown_execution_stands() const noexcept { return unknown_stands_; }
  [[nodiscard]] const DayBook<Gate>& days() const noexcept { return days_; }
  [[nodiscard]] const EngineCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] EngineCounters& counters() noexcept { return counters_; }
  /// The firm-wide kill switch; halted until an event releases it.
  [[nodiscard]] bool firm_killed() const noexcept { return firm_switch_ == SwitchState::kHalted; }
  [[nodiscard]] u64 venue_seq() const noexcept { return venue_.seq(); }
  [[nodiscard]] const auto& venue_session() const noexcept { return venue_.session(); }
  [[nodiscard]] const VenueStream& venue_stream() const noexcept { return venue_; }
  [[nodiscard]] u64 next_order_id() const noexcept { return next_order_id_; }
  /// Whose session it is; an all-zero user where nobody had it yet.
  [[nodiscard]] const orders::ClientRow& client(u16 session) const noexcept {
    return clients_[session];
  }
  /// Highest reference the session used today; 0 = none.
  [[nodiscard]] u32 last_client_ref(u16 session) const noexcept {
    return last_client_ref_[session];
  }

  /// Hash over orders, ledger, identifiers and stream positions. Equal states have equal hashes.
  [[nodiscard]] u64 state_hash() const noexcept {
    u64 h = mix64(store_.hash() ^ mix64(trades().hash()) ^ mix64(next_order_id_) ^
                  mix64(venue_.seq() + 0x1234));
    for (const u32 ref : last_client_ref_) h = mix64(h + ref + 1);
    for (const orders::ClientRow& row : clients_) h = mix64(h ^ orders::hash_of(row));
    h = mix64(venue_.mixed_into(h) ^ counters_.executed_qty ^ days_.hash());
    return mix64(h ^ gate_.hash());
  }

 private:
  /// Ids of ended orders that stay known, for each live order there is room for.
  static constexpr u32 kEndedPerLive = 4;

  void apply_new(const orders::EnterEvent& event) noexcept {
    const orders::Order order = order_of(event);
    if (!replaying_) out_.venue_enter(order);  // wire first, bookkeeping after
    TRADSYS_ASSERT(store_.insert(order) != nullptr);
  }

  void apply_replace(const orders::EnterEvent& event) noexcept {
    const orders::Order* live = store_.find(event.replaces_order_id);
    TRADSYS_ASSERT(live != nullptr);
    orders::Order next = *live;
    next.pending_order_id = event.request.order_id;
    next.pending_client_ref = event.client_ref;
    next.pending_price = event.request.price;
    next.pending_qty = event.request.qty;
    next.pending_clordid = event.clordid;
    next.reserved_qty = std::max(live->reserved_qty, event.request.qty - live->cum_qty);
    next.reserved_value = event.verdict.reserved_value;
    if (!replaying_) out_.venue_replace(next);
    store_.update(live->order_id, next);
  }

  /// The venue holds an order that the journal lost in a crash: our token in it says whose it is.
  const orders::Order* adopt(const orders::VenueReport& report) noexcept;
  /// A replace that the journal lost in a crash: makes it pending, so that its answer finds it.
  bool adopt_replace(orders::Order& order, const orders::VenueReport& report) noexcept;
  /// The venue refused a request that the journal lost in a crash. False when it is none of ours.
  bool adopt_refusal(const orders::VenueReport& report) noexcept;
  /// A request that the journal lost was found at the venue. It got there after all that the same
  /// client sent before: what of that is not known by now was lost too, and never got there. How
  /// many requests may be lost the identifiers say; a client whose references leave larger holes is
  /// not told of each.
  void catch_up(const VenueToken& token, const orders::VenueReport& report) noexcept;
  void tell_lost(const VenueToken& token, u32 client_ref, RejectReason reason,
                 const orders::VenueReport& report) noexcept;

  void on_accepted(const orders::Order& order, const orders::VenueReport& report) noexcept {
    if (order.state != orders::OrderState::kPendingNew) {
      ++counters_.unexpected_reports;
      return;
    }
    orders::Order next = order;
    next.price = report.price;
    become_live(next, report);
    if (report.dead != 0) finish(next, orders::OrderState::kCanceled);
  }
  /// The venue works the order, as it says or as a fill shows: the client hears of it first.
  void become_live(orders::Order& order, const orders::VenueReport& report) noexcept {
    ++counters_.accepted;
    order.state = orders::OrderState::kLive;
    order.venue_order_number = report.venue_order_number;
    order.accepted_ts_ns = report.ts_ns;
    ClientReport out = report_of(order, ReportKind::kAccepted, report);
    out.qty = order.leaves_qty;
    out.price = order.price;
    out.dead = report.dead;
    store_.update(order.order_id, order);
    out_.client_report(out);
  }

  /// The venue answers that an order of the day before does not rest any more.
  void carried_is_dead(const orders::Order& order, orders::VenueReport report) noexcept {
    report.kind = ExecKind::kCanceled;
    report.qty = order.leaves_qty;
    on_canceled(order, report);
  }
  /// A modify whose effect the venue's stream does not tell of never got there: the order stands.
  void modify_lost(const orders::Order& order, const orders::VenueReport& report) noexcept {
    ++counters_.modifies_refused;
    orders::Order next = order;
    next.modify_pending = 0;
    store_.update(order.order_id, next);
    out_.client_report(report_of(next, ReportKind::kCancelRejected, report));
  }

  /// Cancels an order and its pending replace, as far as no cancel is on its way.
  void cancel_whole(orders::Order order, u64 ts_ns) noexcept {
    const u8 open = orders::uncanceled(order);
    const auto cancel = [&](u64 id) {
      apply(orders::CancelEvent{
          .order_id = id, .ts_ns = ts_ns, .origin = orders::CancelOrigin::kKill});
    };
    if ((open & orders::kCancelsCurrent) != 0) cancel(order.order_id);
    if ((open & orders::kCancelsPending) != 0) cancel(order.pending_order_id);
  }

  /// A new order or a pending replace was refused, by the venue or because it never got there.
  void on_rejected(const orders::Order& order, u64 id, RejectReason reason,
                   const orders::VenueReport& report) noexcept {
    ClientReport out = report_of(order, ReportKind::kRejected, report);
    out.reject_reason = reason;
    if (order.pending_order_id != 0 && id == order.pending_order_id) {
      out.previous_client_ref = order.client_ref;
      out.client_ref = order.pending_client_ref;
      out.clordid = order.pending_clordid;
      orders::Order next = order;
      ledger_.drop_pending(next);
      store_.update(order.order_id, next);
      out_.client_report(out);
      return;
    }
    if (order.state != orders::OrderState::kPendingNew) {
      ++counters_.unexpected_reports;
      return;
    }
    out_.client_report(out);
    finish(order, orders::OrderState::kRejected);
  }

  void on_filled(const orders::Order& order, const orders::VenueReport& report) noexcept {
    if (!trades_.note(trade_of(order, report))) return;
    orders::Order next = order;
    if (order.state == orders::OrderState::kPendingNew) become_live(next, report);
    if (report.qty > order.leaves_qty) {  // book all of it, and say so
      ++counters_.overfills;
      const u32 excess = report.qty - order.leaves_qty;
      ledger_.reserve_unchecked(next, excess, false);
      next.leaves_qty += excess;
    }
    next.cum_qty += report.qty;
    next.leaves_qty -= report.qty;
    if (next.leaves_qty == 0 && next.pending_order_id != 0) {
      trades_.ended(order);
      ledger_.drop_pending_keeping(next, report.qty);
    }
    ledger_.fill(next, report);
    ClientReport out = report_of(next, ReportKind::kExecuted, report);
    out.price = report.price;
    out.qty = report.qty;
    out.match_number = report.match_number;
    store_.update(order.order_id, next);
    out_.client_report(out);
    if (next.leaves_qty == 0) erase(next, orders::OrderState::kFilled);
  }

  void on_canceled(const orders::Order& order, const orders::VenueReport& report) noexcept {
    const u32 qty = std::min(report.qty, order.leaves_qty);
    orders::Order next = order;
    next.leaves_qty -= qty;
    ClientReport out = cancel_report(next, qty, report);
    next.modify_pending = 0;
    if (next.leaves_qty == 0) {
      store_.update(order.order_id, next);
      out_.client_report(out);
      finish(next, orders::OrderState::kCanceled);
      return;
    }
    if (next.pending_order_id == 0) ledger_.release(next, ExecKind::kReplaced, qty);
    store_.update(order.order_id, next);
    out_.client_report(out);
  }

  void on_replaced(const orders::Order& stored, const orders::VenueReport& report) noexcept {
    orders::Order order = stored;
    if (order.pending_order_id != report.order_id && !adopt_replace(order, report)) {
      ++counters_.unexpected_reports;
      return;
    }
    ++counters_.replaced;
    orders::Order replaced = order;
    replaced.pending_order_id = 0;
    trades_.ended(replaced);
    orders::Order next = order;
    next.order_id = order.pending_order_id;
    next.client_ref = order.pending_client_ref;
    next.clordid = order.pending_clordid;
    next.qty = order.pending_qty;
    next.price = next.worst_price = report.price;
    next.leaves_qty = report.qty;
    if (report.qty > order.reserved_qty) ++counters_.unexpected_reports;
    if (works_more(order, report)) ledger_.reserve_unchecked(next, report.qty, false);
    next.venue_order_number = report.venue_order_number;
    // A cancel of the replaced id has no effect any more; one of the new id is still on its way.
    const bool cancel_stands = (order.cancel_pending & orders::kCancelsPending) != 0;
    ledger_.drop_pending(next);  // also what the old version had reserved
    next.cancel_pending = cancel_stands ? orders::kCancelsCurrent : 0;
    next.modify_pending = 0;  // the venue had read it before the replace, and done nothing
    ClientReport out = report_of(next, ReportKind::kReplaced, report);
    out.previous_client_ref = order.client_ref;
    out.previous_clordid = order.clordid;
    out.price = next.price;
    out.qty = next.leaves_qty;
    out.dead = report.dead;
    store_.update(stored.order_id, next);
    out_.client_report(out);
    if (report.dead != 0 || next.leaves_qty == 0) finish(next, orders::OrderState::kCanceled);
  }

  void on_cancel_rejected(const orders::Order& order, const orders::VenueReport& report) noexcept {
    orders::Order next = order;
    const u8 refused =
        report.order_id == order.order_id ? orders::kCancelsCurrent : orders::kCancelsPending;
    next.cancel_pending &= static_cast<u8>(~refused);
    if (refused == orders::kCancelsCurrent) next.modify_pending = 0;
    store_.update(order.order_id, next);
    out_.client_report(report_of(next, ReportKind::kCancelRejected, report));
  }

  /// Ends an order whose remainder never trades: all reserved goes back, a pending replace's, too.
  void finish(const orders::Order& order, orders::OrderState state) noexcept {
    orders::Order last = order;
    last.pending_order_id = last.leaves_qty = 0;
    const ExecKind kind =
        state == orders::OrderState::kRejected ? ExecKind::kRejected : ExecKind::kCanceled;
    ledger_.release(last, kind, last.reserved_qty);
    erase(order, state);
  }

  void erase(const orders::Order& order, orders::OrderState state) noexcept {
    ++ended_counter(counters_, state);
    trades_.ended(order);
    store_.erase(order.order_id);
  }

  Gate& gate_;
  OrderLedger<Gate> ledger_;
  Out& out_;
  orders::OrderStore store_;
  std::array<u32, orders::kSessionsMax> last_client_ref_{};
  std::array<orders::ClientRow, orders::kSessionsMax> clients_{};
  VenueStream venue_;
  orders::VenueReport unknown_execution_;
  EngineCounters counters_;
  TradeDesk<Gate> trades_;
  DayBook<Gate> days_;
  u64 next_order_id_ = 1;
  u64 lost_from_ = 0;  ///< first id that the journal may have lost; 0: none was found
  bool replaying_ = false;
  bool unknown_stands_ = false;
  SwitchState firm_switch_ = SwitchState::kHalted;
};

}  // namespace tradsys::engine

#include "dataplane/engine/lost_requests.hpp"
