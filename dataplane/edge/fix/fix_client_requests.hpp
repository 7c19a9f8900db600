#pragma once
// What a FIX client may ask for: see fix_client.hpp.

namespace tradsys::dataplane {

template <class Owner, class Tcp>
bool FixClient<Owner, Tcp>::take(const fix::Message& m) noexcept {
  if (m.type() == "BE") {
    on_user(m);
    return true;
  }
  if (m.type().size() != 1) return false;
  switch (m.type().front()) {
    case 'D':
      on_new(m);
      return true;
    case 'G':
      on_replace(m);
      return true;
    case 'F':
      on_cancel(m);
      return true;
    case 'H':
      on_status(m);
      return true;
    case 'q':
      on_mass_cancel(m);
      return true;
    default:
      return false;
  }
}

/// The reference of a request; 0 when there is none left.
template <class Owner, class Tcp>
u32 FixClient<Owner, Tcp>::begin_request(const fix::Message& m) noexcept {
  this->begin_handling(m);
  const u64 ref = base_ref_ + handling_;
  return ref < UINT32_MAX ? static_cast<u32>(ref) : 0;
}

/// Journals a request before the engine decides it. False when there is no place for it.
template <class Owner, class Tcp>
bool FixClient<Owner, Tcp>::note_request(const fix::Message& m, const FixRequest& r, u32 ref,
                                         u32 target) noexcept {
  const std::string_view id = m.text(fix::tag::kClOrdID);
  orders::FixRequestEvent e{.ts_ns = owner_.wall_ns(),
                            .msg_seq = handling_,
                            .symbol = r.symbol.word(),
                            .client_ref = ref,
                            .target_ref = target,
                            .price = r.ask.price,
                            .qty = r.ask.qty,
                            .session = index_,
                            .request = m.type().front(),
                            .side = r.side,
                            .ord_type = r.ord_type,
                            .tif = r.tif,
                            .id_bytes = static_cast<u8>(id.size())};
  std::ranges::copy(id, e.id.begin());
  if (!apply_request(e)) return false;
  owner_.client_note(orders::EventType::kFixRequest, e);
  return true;
}

template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::forward(FixRequest& r, u32 ref) noexcept {
  r.ask.session = index_;
  r.ask.account = config_.account;
  r.ask.client_ref = ref;
  owner_.client_request(r.ask);
}

template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::on_new(const fix::Message& m) noexcept {
  FixRequest r = request_of(m);
  const u32 ref = begin_request(m);
  const std::string_view id = m.text(fix::tag::kClOrdID);
  if (id.size() > orders::kFixIdBytesMax)
    return refuse_new(m, r, RejectReason::kUnsupported, "ClOrdID is too long");
  if (ref == 0) return refuse_new(m, r, RejectReason::kSystemBusy, "reset the sequence numbers");
  if (!user_is_on_) return refuse_new(m, r, RejectReason::kSystemBusy, "the user is logged off");
  const bool lost =
      ref <= owner_.engine().core().last_client_ref(index_);  // a crash took our record of it
  FixOrder* known = reporter_.table().find(ref);
  const bool found = reporter_.is_unnamed(ref);  // the venue had it
  if (lost && known == nullptr && !found)
    return refuse_new(m, r, RejectReason::kVenueDown, "lost in a restart, never sent");
  FixOrder* named = reporter_.table().find_id(id);
  if (named != nullptr && named != known) {
    if (m.is_yes(fix::tag::kPossResend)) return tell_status(*named, {});
    return refuse_new(m, r, RejectReason::kDuplicateId, "duplicate ClOrdID");
  }
  if (account_differs(m))
    return refuse_new(m, r, RejectReason::kUnknownAccount, "not the account of the session");
  if (!m.find(fix_tag::kSymbol))
    return refuse_new(m, r, RejectReason::kUnknownInstrument,
                      "Symbol (55) is needed: SecurityID (48) names no instrument here");
  if (r.not_taken != 0)
    return refuse_new(m, r, RejectReason::kUnsupported, NotTakenText(r.not_taken).view());
  if (!note_request(m, r, ref, 0))
    return refuse_new(m, r, RejectReason::kSystemBusy, "too many live orders");
  if (found) return;
  if (lost) return tell_status(*known, {});
  r.ask.instrument = owner_.find_symbol(r.symbol);
  forward(r, ref);
}

/// The live order of this client that OrderID (37) names, or nullptr.
template <class Owner, class Tcp>
FixOrder* FixClient<Owner, Tcp>::of_number(const fix::Message& m) noexcept {
  const std::optional<u64> number = m.number(fix_tag::kOrderID);
  const orders::Order* live = number ? owner_.engine().core().store().find(*number) : nullptr;
  const bool own = live != nullptr && live->session == index_;
  return own ? reporter_.table().find(live->client_ref) : nullptr;
}

/// By OrigClOrdID, or by OrderID where that names none of ours ("NONE"); nullptr for another order
/// in each.
template <class Owner, class Tcp>
FixOrder* FixClient<Owner, Tcp>::target_of(const fix::Message& m) noexcept {
  FixOrder* const by_id = reporter_.table().find_id(m.text(fix_tag::kOrigClOrdID));
  FixOrder* const by_number = of_number(m);
  if (by_id == nullptr) return by_number;
  return by_number == nullptr || by_number == by_id ? by_id : nullptr;
}

/// The order that a G or F means; where it cannot be changed, nullptr and an answer.
template <class Owner, class Tcp>
FixOrder* FixClient<Owner, Tcp>::changeable(const fix::Message& m) noexcept {
  const std::string_view id = m.text(fix::tag::kClOrdID);
  FixOrder* target = target_of(m);
  const auto refuse = [&](CxlRejReason reason, std::string_view text) {
    refuse_change(m, target, reason, text);
    return nullptr;
  };
  if (id.size() > orders::kFixIdBytesMax)
    return refuse(CxlRejReason::kOption, "ClOrdID is too long");
  if (const FixOrder* named = reporter_.table().find_id(id);
      named != nullptr && named->client_ref != base_ref_ + handling_)
    return refuse(CxlRejReason::kDuplicateId, "duplicate ClOrdID");
  if (target == nullptr || target->request == 'F')
    return refuse(CxlRejReason::kUnknownOrder, "unknown OrigClOrdID or OrderID");
  if (!target->live()) return refuse(CxlRejReason::kTooLate, "the order is over");
  if (account_differs(m)) return refuse(CxlRejReason::kOption, "not the account of the session");
  if (m.text(fix_tag::kSide).front() != target->side)
    return refuse(CxlRejReason::kOption, "another side than the order's");
  if (const auto symbol = m.find(fix_tag::kSymbol);
      symbol && !(symbol_of_fix(*symbol) == target->symbol))
    return refuse(CxlRejReason::kOption, "another symbol than the order's");
  const u32 own = base_ref_ + static_cast<u32>(handling_);
  const bool busy =
      (target->pending_cancel != 0 && target->pending_cancel != own) ||
      (m.type().front() == 'G' && target->pending_replace != 0 && target->pending_replace != own);
  if (busy) return refuse(CxlRejReason::kPending, "a cancel or replace is on its way");
  return target;
}

template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::on_replace(const fix::Message& m) noexcept {
  FixRequest r = request_of(m);
  const u32 ref = begin_request(m);
  FixOrder* target = changeable(m);
  if (target == nullptr) return;
  if (!user_is_on_)
    return refuse_change(m, target, CxlRejReason::kOption, "the user is logged off");
  FixOrder* known = reporter_.table().find(ref);
  const bool lost = ref <= owner_.engine().core().last_client_ref(index_);
  const bool found = reporter_.is_unnamed(ref);
  if (ref == 0 || r.ord_type != target->ord_type || (lost && known == nullptr && !found))
    return refuse_change(m, target, CxlRejReason::kOption,
                         lost ? "lost in a restart, never sent" : "the order type cannot change");
  if (r.not_taken != 0)
    return refuse_change(m, target, CxlRejReason::kOption, NotTakenText(r.not_taken).view());
  const u32 target_ref = target->client_ref;
  r.symbol = target->symbol;
  if (!note_request(m, r, ref, target_ref))
    return refuse_change(m, target, CxlRejReason::kOption, "too many live orders");
  if (found) return;
  if (lost) return tell_status(*known, {});
  if (config_.fix.pending_reports) tell_pending(m, *target, fix_status::kPendingReplace);
  r.ask.kind = RequestKind::kReplace;
  r.ask.replaces_client_ref = target_ref;
  forward(r, ref);
}

template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::on_cancel(const fix::Message& m) noexcept {
  const u32 ref = begin_request(m);
  FixOrder* target = changeable(m);
  if (target == nullptr) return;
  const u32 target_ref = target->client_ref;
  FixRequest r;
  r.symbol = target->symbol;
  r.side = target->side;
  // A cancel is never blocked: without a place its order is told of as of one that ended by itself.
  if (ref == 0 || !note_request(m, r, ref, target_ref))
    return owner_.client_cancel(index_, target_ref, 0);
  if (config_.fix.pending_reports) tell_pending(m, *target, fix_status::kPendingCancel);
  owner_.client_cancel(index_, target_ref, 0);
}

template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::on_status(const fix::Message& m) noexcept {
  static_cast<void>(begin_request(m));
  const std::string_view id = m.text(fix::tag::kClOrdID);
  const std::string_view request_id = m.text(fix_tag::kOrdStatusReqID);
  const FixOrder* order = reporter_.table().find_id(id);
  if (order == nullptr) order = of_number(m);
  if (order != nullptr && order->request != 'F') return tell_status(*order, request_id);
  FixOrder unknown;
  unknown.symbol = symbol_of_fix(m.text(fix_tag::kSymbol));
  const std::string_view side = m.text(fix_tag::kSide);
  unknown.side = side.empty() ? '1' : side.front();
  unknown.ord_type = unknown.tif = ' ';
  const FixNumberText exec = exec_id();
  const FixExecution e{.exec_type = 'I',
                       .status = fix_status::kRejected,
                       .exec_id = exec.view(),
                       .cl_ord_id = id,
                       .status_req_id = request_id,
                       .text = "unknown order",
                       .refused = true,
                       .reject_reason = RejectReason::kUnknownOrder,
                       .ts_ns = owner_.wall_ns()};
  write_execution(body_, version_, unknown, e);
  Stream::say("8", body_);
}

template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::tell_status(const FixOrder& order,
                                        std::string_view request_id) noexcept {
  const FixNumberText exec = exec_id();
  const FixOrder* before =
      order.request == 'G' ? reporter_.table().find(order.target_ref) : nullptr;
  write_execution(body_, version_, order,
                  {.exec_type = 'I',
                   .status = reporter_.status_of(order),
                   .exec_id = exec.view(),
                   .cl_ord_id = order.id(),
                   .orig_cl_ord_id = before == nullptr ? std::string_view{} : before->id(),
                   .status_req_id = request_id,
                   .ts_ns = owner_.wall_ns()});
  Stream::say("8", body_);
}

/// FIX, appendix D: the request is on its way to the venue.
template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::tell_pending(const fix::Message& m, FixOrder& target,
                                         char what) noexcept {
  const FixNumberText exec = exec_id();
  write_execution(body_, version_, target,
                  {.exec_type = what,
                   .status = what,
                   .exec_id = exec.view(),
                   .cl_ord_id = m.text(fix::tag::kClOrdID),
                   .orig_cl_ord_id = target.id(),
                   .ts_ns = owner_.wall_ns()});
  Stream::say("8", body_);
}

/// An order that never gets to the engine.
template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::refuse_new(const fix::Message& m, const FixRequest& r,
                                       RejectReason reason, std::string_view text) noexcept {
  FixOrder order;
  order.symbol = r.symbol;
  order.side = r.side;
  order.ord_type = r.ord_type;
  order.tif = r.tif;
  order.qty = r.ask.qty;
  order.price = r.ord_type == '1' ? 0 : r.ask.price;
  const FixNumberText exec = exec_id();
  const FixExecution e{.exec_type = '8',
                       .status = fix_status::kRejected,
                       .exec_id = exec.view(),
                       .cl_ord_id = m.text(fix::tag::kClOrdID),
                       .text = text,
                       .refused = true,
                       .reject_reason = reason,
                       .ts_ns = owner_.wall_ns()};
  write_execution(body_, version_, order, e);
  Stream::say("8", body_);
}

template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::refuse_change(const fix::Message& m, FixOrder* target,
                                          CxlRejReason reason, std::string_view text) noexcept {
  FixCancelReject reject{.cl_ord_id = m.text(fix::tag::kClOrdID),
                         .orig_cl_ord_id = m.text(fix_tag::kOrigClOrdID),
                         .text = text,
                         .response_to = m.type().front() == 'G' ? '2' : '1',
                         .reason = reason,
                         .ts_ns = owner_.wall_ns()};
  if (target != nullptr) {
    reject.order_number = target->order_number;
    reject.status = reporter_.status_of(*target);
  }
  write_cancel_reject(body_, version_, reject);
  Stream::say("9", body_);
}

/// By security (1) or all (7), of one side or both.
template <class Owner, class Tcp>
auto FixClient<Owner, Tcp>::mass_cancel_of(const fix::Message& m) const noexcept -> MassCancel {
  constexpr u32 kNotSupported = 0, kUnknownSecurity = 1, kOther = 99;
  const std::string_view scope = m.text(fix_tag::kMassCancelRequestType);
  const std::string_view side = m.text(fix_tag::kSide);
  MassCancel wanted{.what = {.session = index_}};
  if (scope != "1" && scope != "7") {
    wanted.reject_reason = kNotSupported;
    wanted.refusal = "MassCancelRequestType (530): 1, of a security, or 7, all";
    return wanted;
  }
  if (!side.empty() && side != "1" && side != "2") {
    wanted.reject_reason = kOther;
    wanted.refusal = "Side (54): 1, or 2 for every sell, or none for both";
    return wanted;
  }
  if (!side.empty()) wanted.what.side = side == "1" ? Side::kBuy : Side::kSell;
  if (scope == "7") return wanted;
  wanted.what.instrument = owner_.find_symbol(symbol_of_fix(m.text(fix_tag::kSymbol)));
  if (wanted.what.instrument == orders::MassCancelEvent::kAny) {
    wanted.reject_reason = kUnknownSecurity;
    wanted.refusal = "unknown Symbol (55)";
  }
  return wanted;
}

/// The report says how many orders are meant; each then ends with a report of its own. Orders
/// entered after it are not.
template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::on_mass_cancel(const fix::Message& m) noexcept {
  constexpr u32 kOther = 99;
  static_cast<void>(begin_request(m));
  MassCancel wanted = mass_cancel_of(m);
  std::optional<u32> meant;
  if (wanted.refusal.empty()) {
    meant = owner_.client_mass_cancel(wanted.what);
    if (!meant) {
      wanted.reject_reason = kOther;
      wanted.refusal = "too many mass cancels are under way";
    }
  }
  const std::string_view scope = m.text(fix_tag::kMassCancelRequestType);
  body_.clear();
  body_.text(fix::tag::kClOrdID, m.text(fix::tag::kClOrdID));
  const FixNumberText id = exec_id();
  body_.text(fix_tag::kOrderID, id.view());
  if (version_ == FixVersion::kFix50Sp2) body_.text(fix_tag::kMassActionReportID, id.view());
  body_.text(fix_tag::kMassCancelRequestType, scope);
  body_.text(fix_tag::kMassCancelResponse, meant ? scope : "0");
  if (!meant) body_.number(fix_tag::kMassCancelRejectReason, wanted.reject_reason);
  if (meant) body_.number(fix_tag::kTotalAffectedOrders, *meant);
  const std::string_view symbol = m.text(fix_tag::kSymbol);
  if (!symbol.empty()) body_.text(fix_tag::kSymbol, symbol);
  const std::string_view side = m.text(fix_tag::kSide);
  if (!side.empty()) body_.text(fix_tag::kSide, side);
  if (!meant) body_.text(fix_tag::kText, wanted.refusal);
  Stream::say("r", body_);
}

/// What becomes of the user (926): 1 is on, 2 is off, 3 unknown, 4 wrong password, 6 refused.
template <class Owner, class Tcp>
char FixClient<Owner, Tcp>::user_status_after(const fix::Message& m) noexcept {
  constexpr char kOn = '1', kOff = '2', kUnknown = '3', kWrongPassword = '4', kRefused = '6';
  if (!wire::same_credential(m.text(fix::tag::kUsername), config_.user)) return kUnknown;
  switch (m.text(fix_tag::kUserRequestType).front()) {
    case '1':
      if (config_.fix.check_password &&
          !wire::same_credential(m.text(fix::tag::kPassword), config_.password))
        return kWrongPassword;
      user_on();
      return kOn;
    case '2':
      user_off();
      return kOff;
    case '4':
      return user_is_on_ ? kOn : kOff;
    default:
      return kRefused;
  }
}

template <class Owner, class Tcp>
void FixClient<Owner, Tcp>::on_user(const fix::Message& m) noexcept {
  static_cast<void>(begin_request(m));
  const char status = user_status_after(m);
  constexpr std::array<std::string_view, 6> kTexts{
      "logged on",
      "logged off: orders and replaces are refused",
      "unknown user: name the one of this session",
      "wrong password",
      "",
      "refused: passwords are changed in the configuration of the appliance"};
  body_.clear();
  body_.text(fix_tag::kUserRequestID, m.text(fix_tag::kUserRequestID));
  body_.text(fix::tag::kUsername, m.text(fix::tag::kUsername));
  body_.character(fix_tag::kUserStatus, status);
  body_.text(fix_tag::kUserStatusText, kTexts[static_cast<usize>(status - '1')]);
  Stream::say("BF", body_);
}

}  // namespace tradsys::dataplane
