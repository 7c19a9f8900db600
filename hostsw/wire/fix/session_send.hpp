#pragma once
// The sending half of a FIX session: see session.hpp.

namespace tradsys::fix {

/// Before the type of a message that is kept: when it was sent first, and whether as PossResend.
inline constexpr usize kKeptHeadBytes = sizeof(Nanos) + 1;

/// Keeps the next message and sends it, when all before it have left.
template <class Handler>
bool Session<Handler>::send(std::string_view type, std::string_view fields,
                            bool poss_resend) noexcept {
  if (!sending_) {  // what came before this connection is asked for by the peer
    sending_ = true;
    send_next_ = numbers_.next_out;
  }
  if (!put(type, fields, now_, poss_resend)) return false;
  if constexpr (NumberKeeper<Handler>) handler_.on_kept(type, fields);
  pump();
  return true;
}

/// Time, flag, type with its separator, body.
template <class Handler>
bool Session<Handler>::put(std::string_view type, std::string_view fields, Nanos at,
                           bool poss_resend) noexcept {
  std::array<std::byte, kMessageBytesMax> kept;
  if (kKeptHeadBytes + type.size() + 1 + fields.size() > kept.size()) return false;
  std::memcpy(kept.data(), &at.v, sizeof at.v);
  kept[sizeof at.v] = std::byte{poss_resend};
  usize bytes = kKeptHeadBytes;
  for (const std::string_view part : {type, std::string_view(&kSoh, 1), fields}) {
    std::ranges::copy(std::as_bytes(std::span(part)), &kept[bytes]);
    bytes += part.size();
  }
  if (store_.append({kept.data(), bytes}) == 0) return false;
  ++numbers_.next_out;
  return true;
}

template <class Handler>
void Session<Handler>::pump() noexcept {
  while (sending_ && send_next_ < store_.shown_seq()) {
    const std::optional<Kept> message = kept(send_next_);
    if (message &&
        !transmit(message->type, message->fields, send_next_, nullptr, message->poss_resend))
      return;
    ++send_next_;
  }
}

template <class Handler>
bool Session<Handler>::transmit(std::string_view type, std::string_view fields, u64 sequence,
                                const Nanos* originally_at, bool poss_resend) noexcept {
  out_.clear();
  out_.text(tag::kMsgType, type).number(tag::kMsgSeqNum, static_cast<i64>(sequence));
  if (originally_at != nullptr) out_.character(tag::kPossDupFlag, 'Y');
  out_.text(tag::kSenderCompID, config_.sender_comp_id);
  if (!config_.sender_sub_id.empty()) out_.text(tag::kSenderSubID, config_.sender_sub_id);
  out_.timestamp(tag::kSendingTime, now_, config_.timestamp_digits);
  out_.text(tag::kTargetCompID, config_.target_comp_id);
  if (!config_.target_sub_id.empty()) out_.text(tag::kTargetSubID, config_.target_sub_id);
  out_.raw(config_.header_fields);
  if (poss_resend) out_.character(tag::kPossResend, 'Y');
  if (originally_at != nullptr)
    out_.timestamp(tag::kOrigSendingTime, *originally_at, config_.timestamp_digits);
  out_.raw(fields);
  sent_at_ = now_;
  ++counters_.sent;
  const std::string_view bytes = out_.finish(config_.dialect.begin_string);
  return !bytes.empty() && handler_.send(bytes);
}

template <class Handler>
void Session<Handler>::send_logon(bool reset) noexcept {
  body_.clear();
  body_.number(tag::kEncryptMethod, 0).number(tag::kHeartBtInt, heartbeat_s_);
  if (reset) body_.character(tag::kResetSeqNumFlag, 'Y');
  const std::string& version = config_.dialect.default_appl_ver_id;
  if (!version.empty()) body_.text(tag::kDefaultApplVerID, version);
  if (config_.role == Role::kInitiator && !config_.username.empty())
    body_.text(tag::kUsername, config_.username);
  if (config_.role == Role::kInitiator && !config_.password.empty())
    body_.text(tag::kPassword, config_.password);
  send(type::kLogon, body_.body());
}

template <class Handler>
void Session<Handler>::send_logout(std::string_view reason) noexcept {
  body_.clear();
  if (!reason.empty()) body_.text(tag::kText, reason);
  send(type::kLogout, body_.body());
}

/// The routing fields of an answer: whoever it was sent for is whom it goes to.
template <class Handler>
void Session<Handler>::write_route_back(const Message& m) noexcept {
  struct Way {
    i32 to;
    i32 from;
  };
  constexpr Way kWays[]{{tag::kOnBehalfOfCompID, tag::kDeliverToCompID},
                        {tag::kOnBehalfOfSubID, tag::kDeliverToSubID},
                        {tag::kDeliverToCompID, tag::kOnBehalfOfCompID},
                        {tag::kDeliverToSubID, tag::kOnBehalfOfSubID},
                        {tag::kOnBehalfOfLocationID, tag::kDeliverToLocationID},
                        {tag::kDeliverToLocationID, tag::kOnBehalfOfLocationID}};
  for (const Way& way : kWays)
    if (const std::string_view value = m.text(way.from); !value.empty()) body_.text(way.to, value);
}

template <class Handler>
void Session<Handler>::send_reject(const Message& m, const Defect& defect,
                                   std::string_view text) noexcept {
  ++counters_.rejected;
  body_.clear();
  write_route_back(m);
  body_.number(tag::kRefSeqNum, static_cast<i64>(sequence_of(m)));
  body_.text(tag::kText, text.empty() ? text_of(defect.reason) : text);
  if (defect.has_tag) body_.number(tag::kRefTagID, defect.tag);
  body_.text(tag::kRefMsgType, m.type());
  const u8 code = static_cast<u8>(defect.reason);
  if (code <= config_.dialect.reject_reason_max) body_.number(tag::kSessionRejectReason, code);
  send(type::kReject, body_.body());
}

template <class Handler>
void Session<Handler>::send_business_reject(const Message& m) noexcept {
  constexpr i64 kUnsupportedMessageType = 3;
  ++counters_.rejected;
  body_.clear();
  write_route_back(m);
  body_.number(tag::kRefSeqNum, static_cast<i64>(sequence_of(m)));
  body_.text(tag::kText, "Unsupported Message Type").text(tag::kRefMsgType, m.type());
  body_.number(tag::kBusinessRejectReason, kUnsupportedMessageType);
  send(type::kBusinessReject, body_.body());
}

template <class Handler>
auto Session<Handler>::kept(u64 sequence) const noexcept -> std::optional<Kept> {
  const std::optional<Bytes> found = store_.get(sequence);
  if (!found || found->empty()) return std::nullopt;
  Kept kept{};
  std::memcpy(&kept.first_sent.v, found->data(), sizeof kept.first_sent.v);
  kept.poss_resend = (*found)[sizeof kept.first_sent.v] != std::byte{0};
  const std::string_view text(reinterpret_cast<const char*>(found->data()) + kKeptHeadBytes,
                              found->size() - kKeptHeadBytes);
  const usize type_end = text.find(kSoh);
  kept.type = slice(text, 0, type_end);
  kept.fields = slice(text, type_end + 1);
  return kept;
}

template <class Handler>
bool Session<Handler>::goes_again(u64 sequence) noexcept {
  const std::optional<Kept> message = kept(sequence);
  if (!message || type::is_session(message->type)) return false;
  if constexpr (ResendJudge<Handler>)
    return handler_.wants_resend(message->type, message->fields, message->first_sent);
  return true;
}

/// Sends again what the peer asked for, as far as the transport takes it. What is not kept any
/// more, what the owner does not want and session messages become gap fills.
template <class Handler>
void Session<Handler>::continue_resend() noexcept {
  while (resend_next_ != 0 && resend_next_ <= resend_end_) {
    // What is forgotten lies in front: it may be millions.
    u64 at = std::max(resend_next_, std::min(store_.first_seq(), resend_end_ + 1));
    while (at <= resend_end_ && !goes_again(at)) ++at;
    if (at != resend_next_ && !send_gap_fill(resend_next_, at)) return;
    resend_next_ = at;
    if (at > resend_end_) break;
    const std::optional<Kept> message = kept(at);
    if (!transmit(message->type, message->fields, at, &message->first_sent, message->poss_resend))
      return;
    ++counters_.resent;
    ++resend_next_;
  }
  resend_next_ = resend_end_ = 0;
}

template <class Handler>
bool Session<Handler>::send_gap_fill(u64 sequence, u64 next) noexcept {
  body_.clear();
  body_.number(tag::kNewSeqNo, static_cast<i64>(next)).character(tag::kGapFillFlag, 'Y');
  return transmit(type::kSequenceReset, body_.body(), sequence, &now_, false);
}

}  // namespace tradsys::fix
