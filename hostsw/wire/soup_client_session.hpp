#pragma once
// The client's side of a SoupBinTCP session, without transport and clock: bytes and time come in,
// packets and events go out. One object serves one connection at a time; `start` begins the next.
#include "hostsw/wire/soup_framer.hpp"

namespace tradsys::wire {

/// What a client session needs of its handler. Callbacks may send, but do not call `start`.
template <class H>
concept SoupClientHandler = requires(H& h, Bytes bytes, u64 sequence, char code,
                                     const SoupSessionName& session, SoupClose reason) {
  // One packet, taken whole or not at all; the bytes live only during the call.
  { h.send(bytes) } -> std::same_as<bool>;
  // `sequence` is the next message's number; it may differ from what was asked for.
  h.on_login_accepted(session, sequence);
  // 'A' not authorised, 'S' no such session; on_closed follows.
  h.on_login_rejected(code);
  h.on_sequenced(sequence, bytes);
  // No reconnect to this session; on_closed follows.
  h.on_end_of_session();
  // Once per start; the owner then closes the transport.
  h.on_closed(reason);
};

template <class Handler>
class SoupClientSession {
 public:
  /// `handler` outlives the session.
  SoupClientSession(const SoupConfig& config, Handler& handler)
      : config_(config),
        handler_(handler),
        framer_(config.packet_max_bytes),
        scratch_(config.packet_max_bytes) {
    static_assert(SoupClientHandler<Handler>);
    TRADSYS_ASSERT(config.packet_max_bytes >= 64);
  }

  /// The transport is connected: sends the login at once.
  void start(const SoupLogin& login, Nanos now) noexcept {
    state_ = State::kLoggingIn;
    started_at_ = now;
    framer_.reset();
    pulse_.start(now);
    if (!send(Bytes(scratch_).first(soup::encode(login_request(login), scratch_.data())), now))
      close(SoupClose::kSendFailed);
  }

  /// Bytes from the transport, cut anywhere.
  void on_bytes(Bytes bytes, Nanos now) noexcept {
    if (state_ == State::kClosed) return;
    pulse_.received(now);
    const FrameResult result =
        framer_.feed(bytes, [this](const SoupPacket& packet) { return on_packet(packet); });
    if (result == FrameResult::kZeroLength || result == FrameResult::kOversize) protocol_error();
  }

  /// Heartbeats, silence, an unanswered login. Call it several times per heartbeat interval.
  void on_timer(Nanos now) noexcept {
    if (state_ == State::kClosed) return;
    if (state_ == State::kLoggingIn && now - started_at_ >= config_.login_wait) {
      close(SoupClose::kLoginTimeout);
    } else if (state_ == State::kLoggedIn && pulse_.silent(config_, now)) {
      close(SoupClose::kSilence);
    } else if (state_ == State::kLoggedIn && pulse_.heartbeat_due(config_, now)) {
      const usize n = soup::encode(soup::ClientHeartbeat{}, scratch_.data());
      if (send(Bytes(scratch_).first(n), now)) ++counters_.heartbeats_out;
    }
  }

  /// Sends an application message. False: not logged in, too long, or the transport has no room.
  [[nodiscard]] bool send_unsequenced(Bytes message, Nanos now) noexcept {
    if (state_ != State::kLoggedIn) return false;
    if (message.size() > scratch_.size() - kSoupHeaderBytes) return false;
    const usize n = soup::encode(soup::UnsequencedData{}, message, scratch_.data());
    return send(Bytes(scratch_).first(n), now);
  }

  /// Says goodbye; the session is closed whether or not the transport took it.
  void logout(Nanos now) noexcept {
    if (state_ == State::kClosed) return;
    static_cast<void>(
        send(Bytes(scratch_).first(soup::encode(soup::LogoutRequest{}, scratch_.data())), now));
    close(SoupClose::kLogout);
  }

  /// The transport closed by itself.
  void on_disconnected() noexcept {
    if (state_ != State::kClosed) close(SoupClose::kDisconnected);
  }

  [[nodiscard]] bool logged_in() const noexcept { return state_ == State::kLoggedIn; }
  [[nodiscard]] bool closed() const noexcept { return state_ == State::kClosed; }
  /// Number of the next sequenced message: what to ask for when reconnecting. 0 before the first
  /// login.
  [[nodiscard]] u64 next_sequence() const noexcept { return next_sequence_; }
  /// Of the last accepted login.
  [[nodiscard]] const SoupSessionName& session() const noexcept { return session_; }
  [[nodiscard]] const SoupCounters& counters() const noexcept { return counters_; }

 private:
  enum class State : u8 { kClosed, kLoggingIn, kLoggedIn };

  [[nodiscard]] bool send(Bytes packet, Nanos now) noexcept {
    if (!handler_.send(packet)) {
      ++counters_.send_refused;
      return false;
    }
    pulse_.sent(now);
    ++counters_.packets_out;
    return true;
  }

  /// Returns whether more packets are wanted.
  bool on_packet(const SoupPacket& packet) noexcept {
    ++counters_.packets_in;
    if (packet.type() == soup::SequencedData::kType && state_ == State::kLoggedIn) [[likely]] {
      handler_.on_sequenced(next_sequence_++, packet.payload());
    } else {
      on_other_packet(packet);
    }
    return state_ != State::kClosed;
  }

  [[gnu::noinline]] void on_other_packet(const SoupPacket& packet) noexcept {
    const bool waiting = state_ == State::kLoggingIn;
    switch (packet.type()) {
      case soup::ServerHeartbeat::kType:
        ++counters_.heartbeats_in;
        return;
      case soup::Debug::kType:
        return;
      case soup::LoginAccepted::kType:
        return waiting ? on_accepted(packet) : protocol_error();
      case soup::LoginRejected::kType:
        return waiting ? on_rejected(packet) : protocol_error();
      case soup::EndOfSession::kType:
        return waiting ? protocol_error() : on_end();
      default:
        return protocol_error();
    }
  }

  void on_accepted(const SoupPacket& packet) noexcept {
    if (check_length<soup::LoginAcceptedView>(packet.bytes) != DecodeResult::kOk)
      return protocol_error();
    const soup::LoginAcceptedView view{packet.bytes.data()};
    const std::optional<u64> sequence = parse_number(view.sequence_number());
    if (!sequence || *sequence == 0) return protocol_error();
    next_sequence_ = *sequence;
    session_ = view.session();
    state_ = State::kLoggedIn;
    handler_.on_login_accepted(session_, next_sequence_);
  }

  void on_rejected(const SoupPacket& packet) noexcept {
    if (check_length<soup::LoginRejectedView>(packet.bytes) != DecodeResult::kOk)
      return protocol_error();
    handler_.on_login_rejected(soup::LoginRejectedView{packet.bytes.data()}.reject_reason_code());
    close(SoupClose::kRejected);
  }

  void on_end() noexcept {
    handler_.on_end_of_session();
    close(SoupClose::kEndOfSession);
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
  SoupFramer framer_;
  std::vector<std::byte> scratch_;
  SoupPulse pulse_;
  Nanos started_at_{};
  u64 next_sequence_ = 0;
  SoupSessionName session_ = kSpaces<10>;
  State state_ = State::kClosed;
  SoupCounters counters_;
};

}  // namespace tradsys::wire
