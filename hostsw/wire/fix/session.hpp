#pragma once
// A FIX session, either side, without transport and clock: logon, sequence numbers, gaps and
// resends, heartbeats, rejects, logout (FIX 4.2, 4.4, FIXT 1.1). State is a function of the bytes
// and times that were handed in; nothing is allocated after construction.
#include "hostsw/wire/fix/framer.hpp"
#include "hostsw/wire/fix/held_messages.hpp"
#include "hostsw/wire/fix/session_config.hpp"
#include "hostsw/wire/fix/tags.hpp"
#include "hostsw/wire/fix/writer.hpp"
#include "hostsw/wire/sequenced_store.hpp"

namespace tradsys::fix {

/// What a session needs of its owner. Callbacks may send, but not start.
template <class H>
concept SessionHandler = requires(H& h, std::string_view bytes, const Message& message,
                                  CloseReason reason) {
  // Taken whole or not at all; what is refused stays in the store and is resent when asked for.
  { h.send(bytes) } -> std::same_as<bool>;
  // Acceptor: may this peer in? Names, version and time are right already.
  { h.on_logon(message) } -> std::same_as<bool>;
  h.on_logged_on();
  // False: the type is not supported; answered with a BusinessMessageReject.
  { h.on_application(message) } -> std::same_as<bool>;
  // Once per start; the owner then closes the transport.
  h.on_closed(reason);
};
/// An owner that wants a say when an application message is to be sent again: false for one that is
/// stale, e.g. an order of long ago; a gap fill then stands for it. May be asked more than once.
template <class H>
concept ResendJudge = requires(H& h, std::string_view type, std::string_view fields,
                               Nanos first_sent) {
  { h.wants_resend(type, fields, first_sent) } -> std::same_as<bool>;
};

/// An owner that keeps the numbers in a journal: told of every message the session itself sends,
/// when it has its number and before it leaves, and of every return to number 1. What the store
/// holds back (SequencedStore::hold_from) leaves with a later pump().
template <class H>
concept NumberKeeper = requires(H& h, std::string_view type, std::string_view fields) {
  h.on_kept(type, fields);
  h.on_reset();
};

/// An owner that is told which of its messages the peer's session refused (Reject, 3).
template <class H>
concept RejectListener = requires(H& h, const Message& reject) {
  h.on_reject(reject);
};

template <class Handler>
class Session {
 public:
  /// `store` keeps what was sent; both outlive the session. A session that goes on after a restart
  /// gets its numbers; store.next_seq() must equal next_out.
  Session(const SessionConfig& config, Handler& handler, wire::SequencedStore& store,
          SequenceNumbers numbers = {})
      : config_(config), handler_(handler), store_(store), numbers_(numbers) {
    static_assert(SessionHandler<Handler>);
    TRADSYS_ASSERT(store.next_seq() == numbers.next_out);
  }

  /// The transport is there. An initiator says who it is at once; with `reset` both directions
  /// start at 1 again, and it says so (ResetSeqNumFlag), as with reset_on_logon.
  void start(Nanos now, bool reset = false) noexcept {
    framer_.reset();
    held_.clear();
    now_ = started_at_ = received_at_ = sent_at_ = now;
    test_sent_ = false;
    gap_end_ = resend_next_ = resend_end_ = 0;
    if (reset_due_) reset_numbers();
    sending_ = false;
    heartbeat_s_ = config_.heartbeat_s;
    state_ = State::kAwaitLogon;
    if (config_.role != Role::kInitiator) return;
    asks_reset_ = config_.reset_on_logon || reset;
    if (asks_reset_) reset_numbers();
    send_logon(asks_reset_);
  }
  /// Bytes from the transport, cut anywhere.
  void on_bytes(Bytes bytes, Nanos now) noexcept {
    if (state_ == State::kClosed) return;
    now_ = now;
    framer_.feed(bytes, [this](std::string_view frame) { return on_frame(frame); });
    if (state_ != State::kClosed) continue_resend();
  }
  /// The transport is gone.
  void on_disconnected() noexcept { close(CloseReason::kDisconnected); }

  /// To be called at least every 100 ms.
  void on_timer(Nanos now) noexcept;

  /// Sends an application message: `fields` are those of its body as they stand on the wire. False
  /// while nobody is logged on, or when it can never be sent.
  bool send_application(std::string_view type, std::string_view fields,
                        bool poss_resend = false) noexcept {
    if (state_ != State::kActive) return false;
    return send(type, fields, poss_resend);
  }
  /// Gives an application message its number, logged on or not; it leaves with pump(). `at`: when
  /// it came to be. False when it can never be sent.
  bool keep(std::string_view type, std::string_view fields, Nanos at) noexcept {
    return put(type, fields, at, false);
  }
  /// Sends what the store shows and the peer has not got yet, as far as the transport takes it;
  /// also behind the end of a session, for its last words.
  void pump(Nanos now) noexcept {
    now_ = now;
    pump();
  }
  /// Everything that was to leave on this connection has left.
  [[nodiscard]] bool all_sent() const noexcept {
    return !sending_ || send_next_ == numbers_.next_out;
  }
  /// Messages that wait for the transport.
  [[nodiscard]] u64 waiting() const noexcept {
    return sending_ && send_next_ < store_.shown_seq() ? store_.shown_seq() - send_next_ : 0;
  }
  /// Before start(): what a journal says. A message that was sent, of which only its number counts;
  /// the number that is expected next; both numbers at 1 again.
  void restore_sent() noexcept {
    TRADSYS_ASSERT(store_.append({}) != 0);
    ++numbers_.next_out;
  }
  void restore_next_in(u64 next_in) noexcept { numbers_.next_in = next_in; }
  /// The same for both at once; what was sent is not kept.
  void restore(SequenceNumbers numbers) noexcept {
    numbers_ = numbers;
    store_.restart(numbers.next_out);
  }
  void restore_reset() noexcept {
    numbers_ = {};
    store_.restart(1);
  }
  /// Between connections: both directions start at 1 again, as the owner of the numbers wants it.
  void reset() noexcept {
    TRADSYS_ASSERT(state_ == State::kClosed);
    reset_numbers();
  }
  /// Says goodbye; the session closes with the answer or without it.
  void logout(std::string_view reason = {}) noexcept {
    if (state_ != State::kActive) return;
    send_logout(reason);
    state_ = State::kSentLogout;
    logout_at_ = now_;
  }

  /// A message as the store keeps it: what it takes to send it once more.
  struct Kept {
    Nanos first_sent;
    bool poss_resend;
    std::string_view type;
    std::string_view fields;
  };
  /// Nothing for what the store has forgotten, and for what a restart knows the number of only.
  [[nodiscard]] std::optional<Kept> kept(u64 sequence) const noexcept;

  [[nodiscard]] bool active() const noexcept { return state_ == State::kActive; }
  [[nodiscard]] bool closed() const noexcept { return state_ == State::kClosed; }
  /// Messages of the peer are missing and were asked for.
  [[nodiscard]] bool has_gap() const noexcept { return gap_end_ != 0; }
  [[nodiscard]] const SequenceNumbers& numbers() const noexcept { return numbers_; }
  [[nodiscard]] const SessionCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const SessionConfig& config() const noexcept { return config_; }

 private:
  enum class State : u8 { kClosed, kAwaitLogon, kActive, kSentLogout };

  bool on_frame(std::string_view frame) noexcept {
    ++counters_.received;
    if (message_.parse(frame) == ParseResult::kGarbled) {
      ++counters_.garbled;
      if (state_ == State::kAwaitLogon) close(CloseReason::kNotALogon);
      return state_ != State::kClosed;
    }
    handle(message_, frame);
    while (state_ == State::kActive || state_ == State::kSentLogout) {
      const std::string_view held = held_.take(numbers_.next_in);
      if (held.empty() || message_.parse(held) == ParseResult::kGarbled) break;
      const u64 before = numbers_.next_in;
      handle(message_, held);
      if (numbers_.next_in == before) break;
    }
    if (state_ == State::kActive) ask_for_more();
    return state_ != State::kClosed;
  }

  // Receiving: session_receive.hpp.
  void handle(const Message& m, std::string_view frame) noexcept;
  void handle_valid(const Message& m, std::string_view frame) noexcept;
  void on_logon(const Message& m) noexcept;
  void on_resend_request(const Message& m) noexcept;
  void on_sequence_reset(const Message& m, std::string_view frame) noexcept;
  void on_logout(const Message& m) noexcept;
  void on_application(const Message& m) noexcept;
  [[nodiscard]] std::string_view wrong_version(std::string_view field) noexcept;
  [[nodiscard]] bool is_own_version(const Message& m, i32 tag) const noexcept;
  [[nodiscard]] bool verify(const Message& m, std::string_view frame, bool too_high,
                            bool too_low) noexcept;
  void on_too_low(const Message& m, u64 sequence) noexcept;
  [[nodiscard]] bool has_good_time(const Message& m) const noexcept;
  [[nodiscard]] bool has_good_names(const Message& m) const noexcept;
  void took(const Message& m) noexcept {
    if (sequence_of(m) == numbers_.next_in) ++numbers_.next_in;
  }
  static u64 sequence_of(const Message& m) noexcept {
    return m.number(tag::kMsgSeqNum).value_or(0);
  }
  void ask_for(u64 up_to) noexcept;
  void ask_for_more() noexcept;
  void ask_again() noexcept;
  void request() noexcept;

  // Sending: session_send.hpp.
  bool send(std::string_view type, std::string_view fields, bool poss_resend = false) noexcept;
  bool put(std::string_view type, std::string_view fields, Nanos at, bool poss_resend) noexcept;
  void pump() noexcept;
  bool transmit(std::string_view type, std::string_view fields, u64 sequence,
                const Nanos* originally_at, bool poss_resend) noexcept;
  [[nodiscard]] bool goes_again(u64 sequence) noexcept;
  void send_logon(bool reset) noexcept;
  void send_logout(std::string_view reason) noexcept;
  void send_reject(const Message& m, const Defect& defect, std::string_view text = {}) noexcept;
  void send_business_reject(const Message& m) noexcept;
  void write_route_back(const Message& m) noexcept;
  void continue_resend() noexcept;
  bool send_gap_fill(u64 sequence, u64 next) noexcept;

  void reset_numbers() noexcept {
    numbers_ = {};
    store_.restart(1);
    held_.clear();
    gap_end_ = resend_next_ = resend_end_ = 0;
    sending_ = reset_due_ = false;
    if constexpr (NumberKeeper<Handler>) handler_.on_reset();
  }
  void close(CloseReason reason) noexcept {
    if (state_ == State::kClosed) return;
    state_ = State::kClosed;
    if (reason == CloseReason::kDisconnected) sending_ = false;
    const bool logged_out = reason == CloseReason::kLoggedOut;
    reset_due_ = config_.reset_on_disconnect || (logged_out && config_.reset_on_logout);
    if (reset_due_ && all_sent()) reset_numbers();
    handler_.on_closed(reason);
  }

  SessionConfig config_;
  Handler& handler_;
  wire::SequencedStore& store_;
  SequenceNumbers numbers_;
  Framer framer_;
  HeldMessages held_;
  Message message_;
  Writer body_;
  Writer out_;
  std::array<char, 96> text_;  ///< of a reject or a logout
  SessionCounters counters_;
  State state_ = State::kClosed;
  bool asks_reset_ = false;  ///< initiator: in the logon of this connection
  bool test_sent_ = false;
  bool sending_ = false;  ///< this connection has got a message of ours, or gets it
  bool reset_due_ = false;  ///< the last words of the connection before have yet to leave
  u64 send_next_ = 1;  ///< while sending: first message that has not left for the first time
  u32 heartbeat_s_ = 0;
  u64 gap_end_ = 0;  ///< messages before this one were asked for; 0: no gap
  u64 asked_end_ = 0;  ///< of these, the last one that was asked for so far
  u64 asked_from_ = 0;  ///< what was missing first when it was last looked at
  Nanos asked_at_{};
  u64 resend_next_ = 0;  ///< what the peer asked for and has not got; 0: nothing
  u64 resend_end_ = 0;
  Nanos now_{};
  Nanos started_at_{};
  Nanos received_at_{};
  Nanos sent_at_{};
  Nanos logout_at_{};
};

}  // namespace tradsys::fix

#include "hostsw/wire/fix/session_receive.hpp"
#include "hostsw/wire/fix/session_send.hpp"
