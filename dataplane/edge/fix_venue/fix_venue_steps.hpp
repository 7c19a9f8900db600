#pragma once
// The steps of a FIX session with the venue, and what its reports do: see fix_venue_link.hpp.

namespace tradsys::dataplane {

/// A bound is on disk long before its numbers are used.
template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::reserve_numbers() noexcept {
  const u64 next_out = session_.numbers().next_out;
  if (numbers_.wants_more(next_out)) {
    const u64 bound = next_out + OutNumbers::kBlock;
    owner_.venue_numbers({.ts_ns = owner_.wall_ns(), .out_bound = bound});
    numbers_.reserved(bound, owner_.engine().event_seq());
  }
  numbers_.on_durable(owner_.durable_seq());
}

/// Session messages and gap fills take numbers, too. What the venue passed over may have been
/// executions: then it is asked for the status of every order, as after a logon.
template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::follow_numbers() noexcept {
  const u64 skipped = session_.counters().skipped;
  const bool asks = state_ == VenueState::kReady || state_ == VenueState::kReconciling;
  if (std::exchange(skipped_, skipped) != skipped && asks) {
    state_ = VenueState::kReplaying;
    last_message_at_ = now_;
  }
  const u64 read = session_.numbers().next_in - 1;
  if (read <= owner_.engine().core().venue_seq()) return;
  last_message_at_ = now_;
  orders::VenueReport report;
  tell({}, report, read, {});
}

template <class Owner, class Tcp>
bool FixVenueLink<Owner, Tcp>::reset_due() const noexcept {
  switch (config_.fix.reset) {
    case SequenceReset::kNever:
      return false;
    case SequenceReset::kLogon:
      return true;
    case SequenceReset::kDaily:
      break;
  }
  const u64 reset_ns = owner_.engine().core().venue_stream().reset_ts_ns();
  return day_of(reset_ns) != day_of(owner_.wall_ns());
}

template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::connect() noexcept {
  leaving_ = false;
  if (now_ < next_attempt_ || !day_of(owner_.wall_ns())) return;
  if (!numbers_.allows(session_.numbers().next_out)) return;
  next_attempt_ = now_ + config_.reconnect_wait;
  conn_ = tcp_->connect(config_.server.ip, config_.server.port, config_.local_port);
  if (conn_ != net::kNoConn) state_ = VenueState::kConnecting;
}

template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::end_replay() noexcept {
  if (session_.has_gap() || now_ - last_message_at_ < config_.quiet) return;
  if (!config_.fix.status_requests) return finish_reconcile();
  round_.begin(owner_.engine().core().store(), now_);
  state_ = VenueState::kReconciling;
  reconcile();
}

/// Asks on, as far as there is room.
template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::reconcile() noexcept {
  counters_.unanswered += round_.give_up_after(config_.fix.status_wait, now_);
  for (u64 id = round_.next(); id != 0; id = round_.next()) {
    const orders::Order* order = find(id);
    if (order != nullptr && tcp_->send_space(conn_) < kReservedBytes) return;
    if (order != nullptr &&
        !send_request("H", writer_.status(*order, version_of(*order, id), symbol_of(*order)),
                      wall()))
      return;
    round_.asked(order != nullptr, now_);
  }
  if (round_.done()) finish_reconcile();
}

template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::finish_reconcile() noexcept {
  state_ = VenueState::kReady;
  const u64 lost = skips_ids_ ? kLostIdsMax : 0;
  skips_ids_ = false;
  owner_.venue_reconciled(owner_.engine().core().next_order_id() + lost);
}

/// The session ends with its hours, and before its numbers begin again.
template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::end_day() noexcept {
  const bool resets = config_.fix.reset == SequenceReset::kDaily && reset_due();
  if (day_of(owner_.wall_ns()) && !resets) return;
  state_ = VenueState::kConnecting;
  leaving_ = true;
  session_.logout("end of the session's day");
}

template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::go_down() noexcept {
  if (state_ == VenueState::kStopped) return;
  const bool was_up = state_ == VenueState::kReady || state_ == VenueState::kReplaying ||
                      state_ == VenueState::kReconciling;
  if (was_up) ++counters_.disconnects;
  state_ = VenueState::kDown;
  next_attempt_ = now_ + config_.reconnect_wait;
}

template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::stop() noexcept {
  ++counters_.stream_mismatches;
  state_ = VenueState::kStopped;
  session_.logout("the journal is of another session");
}

template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::take(const FixVenueReport& r, u64 sequence) noexcept {
  orders::VenueReport report;
  const u64 id = r.order_id();
  const orders::Order* order = find(id);
  // Not every venue marks the answer to a status request as one.
  const bool known = order != nullptr && order->state != orders::OrderState::kPendingNew;
  const bool answers = r.says == FixVenueSays::kStatus || r.says == FixVenueSays::kRejected ||
                       (r.says == FixVenueSays::kAccepted && known);
  const bool due = answers && state_ == VenueState::kReconciling && round_.answered(id, now_);
  const bool status = r.says == FixVenueSays::kStatus || due;
  if (status) {
    const FixVenueMeaning meaning =
        order != nullptr ? meaning_of_status(r, *order, report) : FixVenueMeaning{};
    return tell(meaning, report, sequence, r.symbol);
  }
  const FixVenueMeaning meaning = meaning_of(r, order, report);
  // It would not cancel what it does not know: is the order gone?
  const bool gone = r.says == FixVenueSays::kCancelRejected && r.unknown_order;
  if (gone && order != nullptr && open() && config_.fix.status_requests)
    send_request("H", writer_.status(*order, version_of(*order, id), symbol_of(*order)), wall());
  if (report.kind == ExecKind::kBusted || report.kind == ExecKind::kCorrected)
    report.order_id = traded_as(r);
  tell(meaning, report, sequence, r.symbol);
}

template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::tell(const FixVenueMeaning& meaning, orders::VenueReport& report,
                                    u64 sequence, Symbol symbol) noexcept {
  if (meaning.malformed) ++counters_.malformed;
  if (meaning.differs) ++counters_.differences;
  report.venue_seq = sequence;
  report.ts_ns = owner_.wall_ns();
  report.ignored = meaning.tells ? 0 : 1;
  if (meaning.tells) report.instrument = owner_.find_symbol(symbol);
  owner_.venue_report(report);
}

/// The identifier that an order had when it traded: a report that takes the trade back may name a
/// later version.
template <class Owner, class Tcp>
u64 FixVenueLink<Owner, Tcp>::traded_as(const FixVenueReport& r) const noexcept {
  const orders::TradeStore& trades = owner_.engine().core().trades();
  for (const u64 id : {r.id.order_id, r.original.order_id})
    if (id != 0 && trades.find(id, r.exec_ref_number) != nullptr) return id;
  const orders::Trade* const trade = trades.find_number(r.exec_ref_number);
  return trade != nullptr ? trade->order_id : r.order_id();
}

/// A request of ours that the venue's session or gateway did not take. Where it does not say which,
/// the message that has the number does.
template <class Owner, class Tcp>
void FixVenueLink<Owner, Tcp>::refused(const fix::Message& m, std::string_view type, VenueId id,
                                       bool unknown) noexcept {
  const u64 number = m.number(fix::tag::kRefSeqNum).value_or(0);
  if (const auto sent = session_.kept(number); sent && (id.order_id == 0 || type.empty())) {
    type = sent->type;
    if (id.order_id == 0) id = read_venue_id(cl_ord_id_in(sent->fields)).value_or(VenueId{});
  }
  FixVenueReport r;
  r.id = id;
  r.reason = 'Z';
  const bool status = type == "H";
  if (status && state_ == VenueState::kReconciling) {
    const bool due = round_.answered(id.order_id, now_);
    if (due && !unknown) ++counters_.unanswered;
    r.status = fix_status::kRejected;
    r.says = due && unknown ? FixVenueSays::kStatus : FixVenueSays::kNothing;
  } else if (type == "D" || type == "G") {
    r.says = FixVenueSays::kRejected;
  } else if (type == "F") {
    r.says = FixVenueSays::kCancelRejected;
  }
  if (type.empty()) ++counters_.malformed;
  take(r, sequence_of(m));
}

}  // namespace tradsys::dataplane
