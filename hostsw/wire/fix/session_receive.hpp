#pragma once
// The receiving half of a FIX session: see session.hpp.

namespace tradsys::fix {

template <class Handler>
void Session<Handler>::on_timer(Nanos now) noexcept {
  now_ = now;
  if (state_ == State::kClosed) return;
  if (state_ == State::kAwaitLogon) {
    if (now - started_at_ >= config_.logon_timeout) close(CloseReason::kTimeout);
    return;
  }
  if (state_ == State::kSentLogout && now - logout_at_ >= config_.logout_timeout)
    return close(CloseReason::kTimeout);
  pump();
  continue_resend();
  ask_again();
  if (heartbeat_s_ == 0) return;
  const Nanos interval{i64{heartbeat_s_} * 1'000'000'000};
  const Nanos silent = now - received_at_;
  if (silent.v >= interval.v * 12 / 5) return close(CloseReason::kTimeout);
  if (test_sent_) return;
  if (silent.v >= interval.v * 6 / 5) {
    body_.clear();
    send(type::kTestRequest, body_.text(tag::kTestReqID, "TEST").body());
    test_sent_ = true;
  } else if (now - sent_at_ >= interval) {
    send(type::kHeartbeat, {});
  }
}

template <class Handler>
bool Session<Handler>::has_good_time(const Message& m) const noexcept {
  const std::optional<Nanos> sent = parse_timestamp(m.text(tag::kSendingTime));
  if (!sent) return false;
  const Nanos off = now_ - *sent;
  return off <= config_.sending_time_tolerance && -off.v <= config_.sending_time_tolerance.v;
}

template <class Handler>
bool Session<Handler>::has_good_names(const Message& m) const noexcept {
  return m.text(tag::kSenderCompID) == config_.target_comp_id &&
         m.text(tag::kTargetCompID) == config_.sender_comp_id;
}

template <class Handler>
void Session<Handler>::handle(const Message& m, std::string_view frame) noexcept {
  const bool awaiting = state_ == State::kAwaitLogon;
  if (awaiting && m.type() != type::kLogon && m.type() != type::kLogout)
    return close(CloseReason::kNotALogon);
  if (m.begin_string() != config_.dialect.begin_string) {
    if (awaiting) return close(CloseReason::kLogonRefused);
    if (m.type() == type::kLogout) return on_logout(m);
    logout("Incorrect BeginString");
    if (!config_.skips_nothing) ++numbers_.next_in;
    return;
  }
  if (const std::optional<Defect> defect = validate(config_.dialect.rules, m)) {
    if (awaiting) return close(CloseReason::kLogonRefused);
    if (!config_.skips_nothing || type::is_session(m.type())) {
      send_reject(m, *defect);
      return took(m);
    }
    ++counters_.defective;
  }
  handle_valid(m, frame);
}

template <class Handler>
void Session<Handler>::handle_valid(const Message& m, std::string_view frame) noexcept {
  const std::string_view t = m.type();
  if (t == type::kLogon) return on_logon(m);
  if (t == type::kSequenceReset) return on_sequence_reset(m, frame);
  if (t == type::kResendRequest) {
    if (verify(m, frame, false, false)) on_resend_request(m);
    return;
  }
  if (t == type::kLogout) {
    if (state_ == State::kAwaitLogon) return close(CloseReason::kLogonRefused);
    if (verify(m, frame, false, false)) on_logout(m);
    return;
  }
  if (!verify(m, frame, true, true)) return;
  if (t == type::kTestRequest) {
    body_.clear();
    send(type::kHeartbeat, body_.text(tag::kTestReqID, m.text(tag::kTestReqID)).body());
  } else if (!type::is_session(t)) {
    on_application(m);
  } else if constexpr (RejectListener<Handler>) {
    if (t == type::kReject) handler_.on_reject(m);
  }
  took(m);
}

/// Time, names and place in the stream. What fails is answered here.
template <class Handler>
bool Session<Handler>::verify(const Message& m, std::string_view frame, bool too_high,
                              bool too_low) noexcept {
  RejectReason reason{};
  bool sound = has_good_time(m);
  if (!sound) reason = RejectReason::kSendingTimeProblem;
  if (sound && !has_good_names(m)) {
    sound = false;
    reason = RejectReason::kCompIdProblem;
  }
  if (!sound) {
    send_reject(m, {reason, 0, false});
    if (!config_.skips_nothing || type::is_session(m.type())) took(m);
    logout();
    return false;
  }
  received_at_ = now_;
  test_sent_ = false;
  const u64 sequence = sequence_of(m);
  if (too_high && sequence > numbers_.next_in) {
    counters_.held_back += held_.hold(sequence, frame);
    ask_for(sequence);
    return false;
  }
  if (too_low && sequence < numbers_.next_in) {
    on_too_low(m, sequence);
    return false;
  }
  return true;
}

/// A message that was there before: only a PossDup may come again.
template <class Handler>
void Session<Handler>::on_too_low(const Message& m, u64 sequence) noexcept {
  if (!m.is_yes(tag::kPossDupFlag)) {
    char text[128];
    char* end = text;
    const auto put = [&end](std::string_view part) {
      std::memcpy(end, part.data(), part.size());
      end += part.size();
    };
    put("MsgSeqNum too low, expecting ");
    end = std::to_chars(end, end + 20, numbers_.next_in).ptr;
    put(" but received ");
    end = std::to_chars(end, end + 20, sequence).ptr;
    send_logout({text, static_cast<usize>(end - text)});
    return close(CloseReason::kSequenceTooLow);
  }
  ++counters_.duplicates;
  if (m.type() == type::kSequenceReset) return;
  const std::optional<Nanos> original = parse_timestamp(m.text(tag::kOrigSendingTime));
  if (!original)
    return send_reject(m, {RejectReason::kRequiredTagMissing, tag::kOrigSendingTime, true});
  const std::optional<Nanos> sent = parse_timestamp(m.text(tag::kSendingTime));
  if (*original <= *sent) return;
  send_reject(m, {RejectReason::kSendingTimeProblem, 0, false});
  logout();
}

template <class Handler>
void Session<Handler>::on_logon(const Message& m) noexcept {
  const bool first = state_ == State::kAwaitLogon;
  const bool reset = m.is_yes(tag::kResetSeqNumFlag);
  if (first && !(has_good_time(m) && has_good_names(m))) return close(CloseReason::kLogonRefused);
  if (!is_own_version(m, tag::kDefaultApplVerID)) {
    send_logout(wrong_version("DefaultApplVerID"));
    return close(CloseReason::kLogonRefused);
  }
  const bool answers_us = first && config_.role == Role::kInitiator;
  if (reset && !answers_us) {
    if (!config_.accept_reset || sequence_of(m) != 1) return close(CloseReason::kLogonRefused);
    reset_numbers();
  } else if (reset && !asks_reset_) {  // we did not ask for it: what we sent would be
    return close(CloseReason::kLogonRefused);  // sent again to a peer that begins anew
  } else if (reset) {
    numbers_.next_in = 1;
  }
  if (!first && !verify(m, {}, false, true)) return;
  const u64 sequence = sequence_of(m);
  if (first && sequence < numbers_.next_in && !m.is_yes(tag::kPossDupFlag))
    return on_too_low(m, sequence);
  if (!answers_us && !handler_.on_logon(m)) return close(CloseReason::kLogonRefused);
  received_at_ = now_;
  test_sent_ = false;
  const std::optional<u64> interval = m.number(tag::kHeartBtInt);
  if (!interval || *interval > 86'400) return close(CloseReason::kLogonRefused);
  heartbeat_s_ = static_cast<u32>(*interval);
  if (first) state_ = State::kActive;
  if (!answers_us) send_logon(reset);
  if (sequence > numbers_.next_in)
    ask_for(sequence + 1);
  else
    took(m);
  handler_.on_logged_on();
}

template <class Handler>
void Session<Handler>::on_sequence_reset(const Message& m, std::string_view frame) noexcept {
  const bool gap_fill = m.is_yes(tag::kGapFillFlag);
  if (!verify(m, frame, gap_fill, gap_fill)) return;
  const u64 next = m.number(tag::kNewSeqNo).value_or(0);
  if (next >= numbers_.next_in) {
    counters_.skipped += next - numbers_.next_in;
    numbers_.next_in = next;
    return;
  }
  send_reject(m, {RejectReason::kValueOutOfRange, 0, false});
  took(m);
}

template <class Handler>
void Session<Handler>::on_resend_request(const Message& m) noexcept {
  const u64 begin = m.number(tag::kBeginSeqNo).value_or(0);
  const u64 end = m.number(tag::kEndSeqNo).value_or(0);
  took(m);
  const u64 last = send_next_ - 1;  // the others leave in their turn
  if (begin == 0 || begin > last) return;
  resend_next_ = begin;
  resend_end_ = end == 0 || end > last ? last : end;
  continue_resend();
}

template <class Handler>
void Session<Handler>::on_logout(const Message& m) noexcept {
  if (state_ == State::kActive) send_logout({});
  took(m);
  close(CloseReason::kLoggedOut);
}

/// "ApplVerID is not supported, expecting FIX.5.0SP2"; valid until the next one.
template <class Handler>
std::string_view Session<Handler>::wrong_version(std::string_view field) noexcept {
  char* end = text_.data();
  for (const std::string_view part : {field, std::string_view(" is not supported, expecting "),
                                      config_.dialect.rules.application->version})
    end = std::ranges::copy(part, end).out;
  return {text_.data(), static_cast<usize>(end - text_.data())};
}

/// FIXT says in two places which application version a message is: 1137 for all, 1128 for one.
template <class Handler>
bool Session<Handler>::is_own_version(const Message& m, i32 tag) const noexcept {
  const std::string& own = config_.dialect.default_appl_ver_id;
  const std::optional<std::string_view> said = m.find(tag);
  return own.empty() || !said || *said == own;
}

template <class Handler>
void Session<Handler>::on_application(const Message& m) noexcept {
  if (!config_.skips_nothing && !is_own_version(m, tag::kApplVerID))
    return send_reject(m, {RejectReason::kValueOutOfRange, tag::kApplVerID, true},
                       wrong_version("ApplVerID"));
  const MessageRow* row = config_.dialect.rules.application->message(m.type());
  const bool supported = row != nullptr && !row->name.empty();
  if (!supported || !handler_.on_application(m)) send_business_reject(m);
}

/// Everything from what is expected next up to `up_to` is missing.
template <class Handler>
void Session<Handler>::ask_for(u64 up_to) noexcept {
  const bool asked = gap_end_ != 0 && numbers_.next_in < gap_end_;
  if (up_to > gap_end_) gap_end_ = up_to;
  if (!asked) request();  // else the answer to that request is on its way
}

/// Asks for the next window of a gap when the last one has come.
template <class Handler>
void Session<Handler>::ask_for_more() noexcept {
  if (gap_end_ == 0) return;
  if (numbers_.next_in >= gap_end_) {
    gap_end_ = asked_end_ = 0;
  } else if (numbers_.next_in > asked_end_) {
    request();
  }
}

/// A request, or the answer to it, may have found no room on its way.
template <class Handler>
void Session<Handler>::ask_again() noexcept {
  if (gap_end_ == 0 || now_ - asked_at_ < config_.resend_timeout) return;
  if (numbers_.next_in == asked_from_) return request();
  asked_from_ = numbers_.next_in;  // it goes on
  asked_at_ = now_;
}

/// Asks for what is missing, or a window of it. An open request covers what is known to be missing
/// now: what is lost while it is answered needs another one.
template <class Handler>
void Session<Handler>::request() noexcept {
  const u64 begin = numbers_.next_in;
  const u64 window = config_.resend_window;
  const u64 end = window == 0 ? 0 : begin + window - 1;
  asked_end_ = end == 0 ? gap_end_ - 1 : end;
  asked_from_ = begin;
  asked_at_ = now_;
  ++counters_.resend_requests;
  body_.clear();
  body_.number(tag::kBeginSeqNo, static_cast<i64>(begin));
  send(type::kResendRequest, body_.number(tag::kEndSeqNo, static_cast<i64>(end)).body());
}

}  // namespace tradsys::fix
