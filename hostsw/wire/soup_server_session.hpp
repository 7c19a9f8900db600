#pragma once
// The server's side of a SoupBinTCP session, without transport and clock. Sequenced messages live
// in a SequencedStore that outlives connections; the session is a cursor into it, so that a replay
// after a reconnect and live messages are one and the same path.
#include "hostsw/wire/sequenced_store.hpp"
#include "hostsw/wire/soup_framer.hpp"

namespace tradsys::wire {

/// What a server session needs of its handler. Callbacks may append to the store and `pump`, but do
/// not call `start`.
template <class H>
concept SoupServerHandler = requires(H& h, Bytes bytes, u64 sequence, const SoupLogin& login,
                                     const SoupSessionName& session, SoupClose reason) {
  // One packet, taken whole or not at all; the bytes live only during the call.
  { h.send(bytes) } -> std::same_as<bool>;
  // 0 accepts, 'A' or 'S' rejects.
  { h.on_login(login) } -> std::same_as<char>;
  // After the answer went out, before the replay. Taking a session over from an older connection is
  // up to the owner of them all, and belongs here.
  h.on_login_accepted(session, sequence);
  h.on_unsequenced(bytes);
  // Once per start; the owner then closes the transport.
  h.on_closed(reason);
};

template <class Handler>
class SoupServerSession {
 public:
  /// `session` is the current session's name; `store` holds its messages. Both and `handler`
  /// outlive the object.
  SoupServerSession(const SoupConfig& config, Handler& handler, SequencedStore& store,
                    std::string_view session)
      : config_(config),
        handler_(handler),
        store_(store),
        session_(session_text(session)),
        framer_(config.packet_max_bytes) {
    static_assert(SoupServerHandler<Handler>);
    TRADSYS_ASSERT(config.packet_max_bytes >= 64);
  }

  /// The session has another name from now on; before the first login.
  void rename(const SoupSessionName& session) noexcept { session_ = session; }
  /// A client connected: waits for its login.
  void start(Nanos now) noexcept {
    state_ = State::kWaiting;
    ending_ = false;
    started_at_ = now;
    stalled_since_ = {};
    framer_.reset();
    pulse_.start(now);
  }

  /// Bytes from the transport, cut anywhere.
  void on_bytes(Bytes bytes, Nanos now) noexcept {
    if (state_ == State::kClosed) return;
    pulse_.received(now);
    const FrameResult result =
        framer_.feed(bytes, [&](const SoupPacket& packet) { return on_packet(packet, now); });
    if (result == FrameResult::kZeroLength || result == FrameResult::kOversize) protocol_error();
  }

  /// Sends what the transport had no room for, heartbeats; drops a silent client or one that never
  /// logs in.
  void on_timer(Nanos now) noexcept {
    if (state_ == State::kWaiting && now - started_at_ >= config_.login_wait)
      close(SoupClose::kLoginTimeout);
    if (state_ != State::kLoggedIn) return;
    if (pulse_.silent(config_, now)) return close(SoupClose::kSilence);
    pump(now);
    if (stalled_since_.v != 0 && now - stalled_since_ >= config_.stall_max)
      return close(SoupClose::kTooSlow);
    if (state_ == State::kLoggedIn && pulse_.heartbeat_due(config_, now) &&
        send_control(soup::ServerHeartbeat{}, now))
      ++counters_.heartbeats_out;
  }

  /// Sends the messages of the store that this client has not got yet, as far as the transport
  /// takes them. Owners that append to the store themselves call it afterwards.
  void pump(Nanos now) noexcept {
    while (state_ == State::kLoggedIn && next_to_send_ < store_.shown_seq()) {
      const std::optional<Bytes> packet = store_.packet(next_to_send_);
      if (!packet) return close(SoupClose::kTooSlow);
      if (!send(*packet, now)) {
        if (stalled_since_.v == 0) stalled_since_ = now;
        return;
      }
      stalled_since_ = {};
      ++next_to_send_;
    }
    if (ending_ && state_ == State::kLoggedIn && send_control(soup::EndOfSession{}, now))
      close(SoupClose::kEndOfSession);
  }

  /// Appends to the store, whether or not a client is there, and sends. Returns the message's
  /// number; 0 when it can never fit.
  u64 send_sequenced(Bytes message, Nanos now) noexcept {
    const u64 sequence = store_.append(message);
    pump(now);
    return sequence;
  }

  /// The session is over: says so after the last message, then closes.
  void end_session(Nanos now) noexcept {
    ending_ = true;
    pump(now);
  }

  /// Closes without a word, as the document has it after a logout; also for a takeover.
  void drop(SoupClose reason) noexcept { close(reason); }
  /// The transport closed by itself.
  void on_disconnected() noexcept { close(SoupClose::kDisconnected); }

  [[nodiscard]] bool logged_in() const noexcept { return state_ == State::kLoggedIn; }
  [[nodiscard]] bool closed() const noexcept { return state_ == State::kClosed; }
  /// Number of the next message this client is to get; meaningful once logged in.
  [[nodiscard]] u64 next_to_send() const noexcept { return next_to_send_; }
  [[nodiscard]] const SoupSessionName& session() const noexcept { return session_; }
  [[nodiscard]] const SoupCounters& counters() const noexcept { return counters_; }

 private:
  enum class State : u8 { kClosed, kWaiting, kLoggedIn };

  [[nodiscard]] bool send(Bytes packet, Nanos now) noexcept {
    if (!handler_.send(packet)) {
      ++counters_.send_refused;
      return false;
    }
    pulse_.sent(now);
    ++counters_.packets_out;
    return true;
  }
  template <class Packet>
  [[nodiscard]] bool send_control(const Packet& packet, Nanos now) noexcept {
    std::array<std::byte, Packet::kBytes> bytes;
    soup::encode(packet, bytes.data());
    return send(bytes, now);
  }

  /// Returns whether more packets are wanted.
  bool on_packet(const SoupPacket& packet, Nanos now) noexcept {
    ++counters_.packets_in;
    const bool logged_in = state_ == State::kLoggedIn;
    switch (packet.type()) {
      case soup::UnsequencedData::kType:
        if (!logged_in) {
          protocol_error();
          break;
        }
        handler_.on_unsequenced(packet.payload());
        break;
      case soup::ClientHeartbeat::kType:
        ++counters_.heartbeats_in;
        break;
      case soup::Debug::kType:
        break;
      case soup::LoginRequest::kType:
        on_login(packet, now);
        break;
      case soup::LogoutRequest::kType:
        close(SoupClose::kLogout);
        break;
      default:
        protocol_error();
    }
    return state_ != State::kClosed;
  }

  [[gnu::noinline]] void on_login(const SoupPacket& packet, Nanos now) noexcept {
    if (state_ == State::kLoggedIn ||
        check_length<soup::LoginRequestView>(packet.bytes) != DecodeResult::kOk)
      return protocol_error();
    const std::optional<SoupLogin> login = login_of(soup::LoginRequestView{packet.bytes.data()});
    if (!login) return protocol_error();
    const std::string_view wanted = trimmed(login->session);
    char code = handler_.on_login(*login);
    if (code == 0 && !wanted.empty() && wanted != trimmed(session_))
      code = soup::reject_reason::kSessionNotAvailable;
    if (code != 0) {
      static_cast<void>(send_control(soup::LoginRejected{code}, now));
      return close(SoupClose::kRejected);
    }
    accept(login->sequence, now);
  }

  /// A number the store does not hold is answered with the nearest it can send; the answer states
  /// it.
  void accept(u64 sequence, Nanos now) noexcept {
    const u64 newest = store_.shown_seq();
    next_to_send_ = sequence == 0 ? newest : std::clamp(sequence, store_.first_seq(), newest);
    if (!send_control(soup::LoginAccepted{session_, number_text(next_to_send_)}, now))
      return close(SoupClose::kSendFailed);
    state_ = State::kLoggedIn;
    handler_.on_login_accepted(session_, next_to_send_);
    pump(now);
  }

  [[gnu::cold]] void protocol_error() noexcept {
    ++counters_.protocol_errors;
    close(SoupClose::kProtocol);
  }

  void close(SoupClose reason) noexcept {
    if (state_ == State::kClosed) return;
    state_ = State::kClosed;
    handler_.on_closed(reason);
  }

  const SoupConfig config_;
  Handler& handler_;
  SequencedStore& store_;
  SoupSessionName session_;
  SoupFramer framer_;
  SoupPulse pulse_;
  Nanos started_at_{};
  Nanos stalled_since_{};  ///< the transport takes nothing since; 0 = it does
  u64 next_to_send_ = 0;
  State state_ = State::kClosed;
  bool ending_ = false;
  SoupCounters counters_;
};

}  // namespace tradsys::wire
