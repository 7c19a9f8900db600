#pragma once
// The order engine makes events of live inputs, has the core apply them, and journals them. After a
// crash the journal's records go through replay() and must lead to the same verdicts and the same
// state.
#include "dataplane/engine/order_core.hpp"
#include "dataplane/engine/refusals.hpp"
#include "dataplane/engine/self_trade_guard.hpp"

namespace tradsys::engine {

/// Outcome of applying one journal record.
enum class ReplayStatus : u8 { kApplied, kBadRecord, kVerdictDiffers, kHashDiffers };

/// `Gate` is a gate engine (drivers/offload): submit, adopt, apply, set, move_switch, hash.
template <class Gate, class Out>
class OrderEngine {
 public:
  OrderEngine(Gate& gate, Out& out, const EngineCapacity& capacity)
      : gate_(gate), out_(out), core_(gate, out, capacity) {}

  // --- live inputs -------------------------------------------------------------------------------

  /// Decides a new order or a replace, reserves exposure and sends it. A client_ref that is not
  /// higher than all before it is a retransmission: counted and ignored (OUCH 5.0). `market` is
  /// what the book says of the instrument now; `ts_ns` the time of the request.
  void request(const ClientRequest& ask, const MarketState& market, u64 ts_ns) noexcept {
    TRADSYS_ASSERT(ask.session < orders::kSessionsMax);
    if (ask.client_ref <= core_.last_client_ref(ask.session)) {
      ++core_.counters().retransmissions;
      return;
    }
    gate_.prefetch(ask.account, ask.instrument);  // its lines arrive while the event is made
    orders::EnterEvent event = make_event(ask, market, ts_ns);
    const u64 reasons = refusals_of(ask, event);
    if (reasons != 0) [[unlikely]]
      return refuse(event, reasons, ts_ns);
    const OwnCrossing own =
        crossing_of(event.request, gate_.account_limits(event.request.account), core_.store());
    if (own.orders != 0) [[unlikely]]
      return request_crossing(event, own, ts_ns);
    decide(event, Nanos{static_cast<i64>(ts_ns)});
    take(event, ts_ns);
  }

  /// Cancels a client's order (qty 0) or reduces it to a total of `qty`, what has traded included.
  /// Never blocked by limits; a cancel of an order that is not live is ignored, as OUCH asks, and
  /// counted.
  bool cancel(u16 session, u32 client_ref, u32 qty, u64 ts_ns) noexcept {
    const orders::Order* order = core_.store().find_client(session, client_ref);
    if (order == nullptr || (qty != 0 && !(out_.venue_ready() && venue_reduces()))) {
      ++core_.counters().cancels_ignored;
      return false;
    }
    // The client may cancel by the reference of a replace that the venue has not answered yet.
    const bool by_pending = order->pending_order_id != 0 && order->pending_client_ref == client_ref;
    cancel_order(by_pending ? order->pending_order_id : order->order_id, qty,
                 orders::CancelOrigin::kClient, ts_ns);
    return true;
  }

  /// Reduces a client's order to a total of `qty`, what has traded included. A change of the side's
  /// marking cannot be passed on, nor can anything while a replace is pending, the venue is away or
  /// knows no reduction: then the client is told that the order stands. What changes nothing is
  /// ignored, as OUCH asks.
  bool modify(u16 session, u32 client_ref, Side side, u32 qty, u64 ts_ns) noexcept {
    const orders::Order* order = core_.store().find_client(session, client_ref);
    const bool reduces = order != nullptr && qty < order->cum_qty + order->leaves_qty;
    if (order == nullptr || (!reduces && side == order->side)) {
      ++core_.counters().cancels_ignored;
      return false;
    }
    const bool possible = side == order->side && qty > order->cum_qty && out_.venue_ready() &&
                          venue_reduces() && order->state == orders::OrderState::kLive &&
                          order->pending_order_id == 0;
    const orders::ModifyEvent event{.order_id = order->order_id,
                                    .ts_ns = ts_ns,
                                    .qty = qty,
                                    .side = side,
                                    .refused = static_cast<u8>(possible ? 0 : 1)};
    core_.apply(event);
    record(orders::EventType::kModify, ts_ns, event);
    return possible;
  }

  /// Journals that a set of orders is to be canceled; returns the event, whose orders the caller
  /// cancels by cancel_where, as fast as it has room, also after a restart: see names().
  orders::MassCancelEvent mass_cancel(orders::MassCancelEvent event) noexcept {
    event.orders_before = core_.next_order_id();
    tell_mass_cancel(event);
    record(orders::EventType::kMassCancel, event.ts_ns, event);
    return event;
  }

  /// Cancels one order of a client, unless that is on its way.
  void cancel_once(u16 session, u32 client_ref, orders::CancelOrigin origin, u64 ts_ns) noexcept {
    const orders::Order* order = core_.store().find_client(session, client_ref);
    if (order == nullptr || (order->cancel_pending & orders::kCancelsCurrent) != 0) return;
    cancel_order(order->order_id, 0, origin, ts_ns);
  }

  /// Cancels live orders for which `wanted(order)` and no cancel is on its way, at most `limit` of
  /// them; returns how many. A caller with more orders than its journal has room for calls again.
  template <class Wanted>
  u32 cancel_where(Wanted&& wanted, orders::CancelOrigin origin, u64 ts_ns, u32 limit) noexcept {
    u32 count = 0;
    core_.store().for_each([&](const orders::Order& order) {
      if (count == limit || orders::uncanceled(order) == 0 || !wanted(order)) return;
      cancel_whole(order, origin, ts_ns);
      ++count;
    });
    return count;
  }

  /// Sends the cancels again that the venue has not answered; harmless when it has seen them.
  void resend_cancels() noexcept {
    core_.store().for_each([this](const orders::Order& order) {
      if ((order.cancel_pending & orders::kCancelsCurrent) != 0)
        out_.venue_cancel(order.order_id, 0);
      if ((order.cancel_pending & orders::kCancelsPending) != 0)
        out_.venue_cancel(order.pending_order_id, 0);
    });
  }

  /// Applies one message of the venue's sequenced stream. Messages at or below venue_seq() were
  /// applied before (a session replays after reconnect) and are ignored.
  void venue_report(const orders::VenueReport& report) noexcept {
    if (report.venue_seq <= core_.venue_seq()) return;
    core_.apply(report);
    record(orders::EventType::kVenue, report.ts_ns, report);
  }

  /// The venue session is up and replayed; `next_order_id` is the lowest id the venue has not seen.
  void reconcile(u64 next_order_id, u64 ts_ns) noexcept {
    const orders::ReconcileEvent event{next_order_id, ts_ns};
    core_.apply(event);
    record(orders::EventType::kReconcile, ts_ns, event);
    if (out_.venue_open()) resend_cancels();
  }

  /// Answers a client that asks which reference comes next.
  void query(const orders::QueryEvent& event) noexcept {
    TRADSYS_ASSERT(event.session < orders::kSessionsMax);
    core_.apply(event);
    record(orders::EventType::kQuery, event.ts_ns, event);
  }
  /// A session index gets its owner, or the owner another account.
  void set(const orders::ClientRow& row, u64 ts_ns) noexcept {
    TRADSYS_ASSERT(row.session < orders::kSessionsMax);
    core_.apply(row);
    record(orders::EventType::kClient, ts_ns, row);
  }
  /// The first login of this journal: from here on venue_seq() counts this session's stream.
  void set(const orders::VenueSessionEvent& event, u64 ts_ns) noexcept {
    core_.apply(event);
    record(orders::EventType::kVenueSession, ts_ns, event);
  }
  void set(const orders::VenueNumbersEvent& event) noexcept {
    core_.apply(event);
    record(orders::EventType::kVenueNumbers, event.ts_ns, event);
  }
  void session(const orders::SessionEvent& event) noexcept {
    record(orders::EventType::kSession, event.ts_ns, event);
  }
  /// Journals an event of a client's session that orders do not depend on; its owner applies it,
  /// now and in a replay.
  template <WireRecord Event>
  void note(orders::EventType type, const Event& event) noexcept {
    record(type, event.ts_ns, event);
  }
  void set(const AccountLimits& row, u64 ts_ns) noexcept {
    gate_.set(row);
    record(orders::EventType::kAccount, ts_ns, row);
  }
  void set(const ScopeLimits& row, u64 ts_ns) noexcept {
    gate_.set(row);
    record(orders::EventType::kScope, ts_ns, row);
  }
  void set(const orders::InstrumentEvent& event, u64 ts_ns) noexcept {
    gate_.set(event.limits);
    record(orders::EventType::kInstrument, ts_ns, event);
  }
  void set(const PositionLimits& row, u64 ts_ns) noexcept {
    gate_.set(row);
    record(orders::EventType::kPosition, ts_ns, row);
  }
  void kill(const orders::KillEvent& event) noexcept {
    core_.apply(event);
    record(orders::EventType::kKill, event.ts_ns, event);
  }
  /// The trading day is over: new orders and replaces are refused, day orders end.
  void end_day(const orders::DayEndEvent& event) noexcept {
    core_.apply(event);
    record(orders::EventType::kDayEnd, event.ts_ns, event);
  }
  /// The first record of a journal that takes over what outlived the day before.
  void begin_day(const orders::DayBeginEvent& event) noexcept {
    core_.apply(event);
    record(orders::EventType::kDayBegin, event.ts_ns, event);
  }
  /// Takes over a position, an order or an execution. False, and nothing recorded, when it does not
  /// fit: an unknown account or instrument, a full table, an order that is not good till canceled.
  template <class Carried>
  [[nodiscard]] bool carry(const Carried& carried, u64 ts_ns) noexcept {
    if (!core_.carry(carried)) return false;
    record(carried_type(carried), ts_ns, carried);
    return true;
  }
  /// Journals the hash of the state, which a replay then has to meet.
  void checkpoint(u64 ts_ns) noexcept {
    const orders::CheckpointEvent event{core_.state_hash(), ts_ns};
    record(orders::EventType::kCheckpoint, ts_ns, event);
  }

  // --- replay ------------------------------------------------------------------------------------

  /// Applies one journal record without sending anything to the venue; client reports are made
  /// again, because a session's sequenced stream is part of the state.
  [[nodiscard]] ReplayStatus replay(orders::EventType type, u64 seq, Bytes payload) noexcept {
    core_.set_replaying(true);
    const ReplayStatus status = replay_record(type, payload);
    core_.set_replaying(false);
    event_seq_ = seq;
    return status;
  }

  /// Whether self-trade prevention would refuse a request now.
  [[nodiscard]] bool crosses_own(const OrderRequest& request) const noexcept {
    return crossing_of(request, gate_.account_limits(request.account), core_.store()).refuses();
  }
  [[nodiscard]] const OrderCore<Gate, Out>& core() const noexcept { return core_; }
  /// Number of the last event that was journaled or replayed.
  [[nodiscard]] u64 event_seq() const noexcept { return event_seq_; }

 private:
  /// Applies and records a decided request.
  void take(const orders::EnterEvent& event, u64 ts_ns) noexcept {
    core_.apply(event);
    const bool is_new = event.request.kind == RequestKind::kNew;
    record(is_new ? orders::EventType::kEnter : orders::EventType::kReplace, ts_ns, event);
  }

  /// A request that crosses orders of its own account. They are canceled only where nothing else
  /// speaks against the request; then before it goes out.
  [[gnu::noinline]] void request_crossing(orders::EnterEvent& event, const OwnCrossing& own,
                                          u64 ts_ns) noexcept {
    const Nanos now{static_cast<i64>(ts_ns)};
    if (own.cancels() && gate_.what_if(event.request, event.market, now).fail_bitmap == 0) {
      const OrderRequest& r = event.request;
      core_.store().for_each_crossing(r.account, r.instrument, r.side == Side::kBuy, reach_of(r),
                                      [&](const orders::Order& order) {
                                        cancel_whole(order, orders::CancelOrigin::kSelfTrade,
                                                     ts_ns);
                                        return true;
                                      });
      event.request.seq = event_seq_ + 1;
    }
    event.request.crosses_own = own.refuses() ? 1 : 0;
    decide(event, now);
    take(event, ts_ns);
  }
  /// A circuit that overrules the software gives a reason no gate has: replays must not ask again.
  void decide(orders::EnterEvent& event, Nanos now) noexcept {
    event.verdict = gate_.submit(event.request, event.market, now);
    event.refused_by_engine = event.verdict.primary_reason == RejectReason::kSystemBusy;
  }

  orders::EnterEvent make_event(const ClientRequest& ask, const MarketState& market,
                                u64 ts_ns) noexcept {
    orders::EnterEvent event;
    event.market = market;
    event.client_ref = ask.client_ref;
    event.replaces_client_ref = ask.replaces_client_ref;
    event.clordid = ask.clordid;
    event.capacity = ask.capacity;
    OrderRequest& r = event.request;
    r.seq = event_seq_ + 1;
    r.order_id = core_.next_order_id();
    r.ts_ns = ts_ns;
    r.price = ask.price;
    r.qty = ask.qty;
    r.instrument = ask.instrument;
    r.account = ask.account;
    r.session = ask.session;
    r.strategy = ask.strategy;
    r.kind = ask.kind;
    r.side = ask.side;
    r.order_type = ask.order_type;
    r.tif = ask.tif;
    if (ask.kind != RequestKind::kReplace) return event;
    if (const orders::Order* live =
            core_.store().find_client(ask.session, ask.replaces_client_ref)) {
      event.replaces_order_id = live->order_id;
      r.replaces_cum_qty = live->cum_qty;
      r.replaces_reserved_qty = live->reserved_qty;
      r.replaces_reserved_value = live->reserved_value;
      r.strategy = live->strategy;
      r.side = live->side;
      r.instrument = live->instrument;
      r.account = live->account;
      r.order_type = live->order_type;
    }
    return event;
  }

  /// Reasons that lie outside the gate, as bits.
  [[nodiscard]] u64 refusals_of(const ClientRequest& ask,
                                const orders::EnterEvent& event) const noexcept {
    const bool is_new = event.request.kind == RequestKind::kNew;
    u64 reasons = is_new ? 0 : replace_refusals(ask, core_.store().find(event.replaces_order_id));
    const auto add = [&](bool speaks, RejectReason reason) {
      if (speaks) reasons |= bit_of(reason);
    };
    add(core_.days().over(), RejectReason::kMarketClosed);
    add(!out_.venue_ready(), RejectReason::kVenueDown);
    add(!out_.journal_ready() || ask.busy != 0 || (is_new && core_.store().full()),
        RejectReason::kSystemBusy);
    add(ask.unsupported != 0 || !out_.venue_takes(ask.tif), RejectReason::kUnsupported);
    return reasons;
  }

  /// Refuses a request for `reasons` and for what the gate would say, which reserves nothing. The
  /// verdict is recorded: a replay does not ask again.
  [[gnu::cold, gnu::noinline]] void refuse(orders::EnterEvent& event, u64 reasons,
                                           u64 ts_ns) noexcept {
    OrderRequest& r = event.request;
    const bool has_terms = r.kind == RequestKind::kNew || event.replaces_order_id != 0;
    if (has_terms) r.crosses_own = crosses_own(r) ? 1 : 0;
    const Verdict gate = gate_.what_if(r, event.market, Nanos{static_cast<i64>(ts_ns)});
    event.refused_by_engine = 1;
    event.verdict = refused_verdict(gate, has_terms ? ~u64{0} : kChecksOfAccount, reasons);
    take(event, ts_ns);
  }

  /// Whether the venue's protocol can reduce an order without replacing it.
  [[nodiscard]] bool venue_reduces() const noexcept {
    if constexpr (requires { out_.venue_reduces(); }) return out_.venue_reduces();
    return true;
  }
  /// The outside goes on with it, live or in a replay, where it can.
  void tell_mass_cancel(const orders::MassCancelEvent& event) noexcept {
    if constexpr (requires { out_.mass_cancel_begins(event); }) out_.mass_cancel_begins(event);
  }

  /// Cancels both, unless that is under way: whichever of cancel and replace the venue takes first,
  /// nothing stays.
  void cancel_whole(orders::Order order, orders::CancelOrigin origin, u64 ts_ns) noexcept {
    if (orders::uncanceled(order) == 0) return;
    cancel_order(order.order_id, 0, origin, ts_ns);
    if (order.pending_order_id != 0) cancel_order(order.pending_order_id, 0, origin, ts_ns);
  }
  void cancel_order(u64 order_id, u32 qty, orders::CancelOrigin origin, u64 ts_ns) noexcept {
    orders::CancelEvent event;
    event.order_id = order_id;
    event.ts_ns = ts_ns;
    event.qty = qty;
    event.origin = origin;
    core_.apply(event);
    record(orders::EventType::kCancel, ts_ns, event);
  }

  template <WireRecord Event>
  void record(orders::EventType type, u64 ts_ns, const Event& event) noexcept {
    ++event_seq_;
    out_.journal(type, event_seq_, ts_ns, std::as_bytes(std::span(&event, 1)));
  }

  [[nodiscard]] ReplayStatus replay_record(orders::EventType type, Bytes payload) noexcept {
    using orders::EventType;
    switch (type) {
      case EventType::kEnter:
      case EventType::kReplace:
        return replay_request(payload);
      case EventType::kCancel:
        return replay_as<orders::CancelEvent>(payload);
      case EventType::kModify:
        return replay_as<orders::ModifyEvent>(payload);
      case EventType::kMassCancel: {
        orders::MassCancelEvent event;
        if (!load_record(payload, event)) return ReplayStatus::kBadRecord;
        tell_mass_cancel(event);
        return ReplayStatus::kApplied;
      }
      case EventType::kVenue:
        return replay_as<orders::VenueReport>(payload);
      case EventType::kReconcile:
        return replay_as<orders::ReconcileEvent>(payload);
      case EventType::kQuery:
        return replay_of_session<orders::QueryEvent>(payload);
      case EventType::kKill:
        return replay_as<orders::KillEvent>(payload);
      case EventType::kAccount:
        return replay_row<AccountLimits>(payload);
      case EventType::kInstrument:
        return replay_instrument(payload);
      case EventType::kScope:
        return replay_row<ScopeLimits>(payload);
      case EventType::kPosition:
        return replay_row<PositionLimits>(payload);
      case EventType::kDayEnd:
        return replay_as<orders::DayEndEvent>(payload);
      case EventType::kDayBegin:
        return replay_as<orders::DayBeginEvent>(payload);
      case EventType::kCarriedPosition:
        return replay_carried<orders::CarriedPosition>(payload);
      case EventType::kCarriedOrder:
        return replay_carried<orders::Order>(payload);
      case EventType::kCarriedTrade:
        return replay_carried<orders::Trade>(payload);
      case EventType::kFixCarriedOrder:
      case EventType::kOperator:
      case EventType::kSession:
      case EventType::kFixRequest:
      case EventType::kFixSent:
      case EventType::kFixNumbers:
        return ReplayStatus::kApplied;
      case EventType::kClient:
        return replay_of_session<orders::ClientRow>(payload);
      case EventType::kVenueSession:
        return replay_as<orders::VenueSessionEvent>(payload);
      case EventType::kVenueNumbers:
        return replay_as<orders::VenueNumbersEvent>(payload);
      case EventType::kCheckpoint: {
        orders::CheckpointEvent event;
        if (!load_record(payload, event)) return ReplayStatus::kBadRecord;
        return event.state_hash == core_.state_hash() ? ReplayStatus::kApplied
                                                      : ReplayStatus::kHashDiffers;
      }
    }
    return ReplayStatus::kBadRecord;
  }

  [[nodiscard]] ReplayStatus replay_request(Bytes payload) noexcept {
    orders::EnterEvent event;
    if (!load_record(payload, event) || event.request.session >= orders::kSessionsMax) {
      return ReplayStatus::kBadRecord;
    }
    if (event.refused_by_engine == 0) {
      const Verdict again =
          gate_.submit(event.request, event.market, Nanos{static_cast<i64>(event.request.ts_ns)});
      if (!(again == event.verdict)) return ReplayStatus::kVerdictDiffers;
    }
    core_.apply(event);
    return ReplayStatus::kApplied;
  }

  template <class Event>
  [[nodiscard]] ReplayStatus replay_as(Bytes payload) noexcept {
    Event event;
    if (!load_record(payload, event)) return ReplayStatus::kBadRecord;
    core_.apply(event);
    return ReplayStatus::kApplied;
  }

  template <class Event>
  [[nodiscard]] ReplayStatus replay_of_session(Bytes payload) noexcept {
    Event event;
    if (!load_record(payload, event) || event.session >= orders::kSessionsMax)
      return ReplayStatus::kBadRecord;
    core_.apply(event);
    return ReplayStatus::kApplied;
  }

  static constexpr orders::EventType carried_type(const orders::CarriedPosition&) noexcept {
    return orders::EventType::kCarriedPosition;
  }
  static constexpr orders::EventType carried_type(const orders::Order&) noexcept {
    return orders::EventType::kCarriedOrder;
  }
  static constexpr orders::EventType carried_type(const orders::Trade&) noexcept {
    return orders::EventType::kCarriedTrade;
  }
  template <class Carried>
  [[nodiscard]] ReplayStatus replay_carried(Bytes payload) noexcept {
    Carried carried;
    const bool fits = load_record(payload, carried) && core_.carry(carried);
    return fits ? ReplayStatus::kApplied : ReplayStatus::kBadRecord;
  }

  [[nodiscard]] ReplayStatus replay_instrument(Bytes payload) noexcept {
    orders::InstrumentEvent event;
    if (!load_record(payload, event)) return ReplayStatus::kBadRecord;
    gate_.set(event.limits);
    out_.instrument(event);
    return ReplayStatus::kApplied;
  }

  template <class Row>
  [[nodiscard]] ReplayStatus replay_row(Bytes payload) noexcept {
    Row row;
    if (!load_record(payload, row)) return ReplayStatus::kBadRecord;
    gate_.set(row);
    return ReplayStatus::kApplied;
  }

  Gate& gate_;
  Out& out_;
  OrderCore<Gate, Out> core_;
  u64 event_seq_ = 0;
};

}  // namespace tradsys::engine
