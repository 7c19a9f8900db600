#pragma once
// One sequenced stream out of two multicast lines: the first copy of each message wins, whatever
// packets the lines cut the stream into. The sink sees every message once and in order, or is told
// that it cannot.
//
//   line A --+                                   missing messages
//   line B --+--> arbitration --> sink      re-request server
//   answers -+        |  ^                           ^
//                     v  |                           |
//               reorder buffer          hole declared (timer or window)
//
// A hole shows by a later message, a heartbeat or the end of the session. It first waits for the
// other line; then it is a gap: the sink is told (`on_stale`), the messages are asked for again,
// and live ones are kept meanwhile. `on_contiguous` comes when nothing is missing any more. A
// stream begins stale: until the first `on_contiguous` nothing built from it may be used.
//
// When the lines contradict what was received (another session, numbers that go back, data behind
// the end, a jump that re-requests cannot bridge, servers that stay silent) the receiver freezes:
// it goes stale, counts and delivers nothing until `resume`. It never blends two sessions. A stray
// packet does not freeze it.
//
// Hot: in-order packets are handed on in place, nothing allocates, nothing blocks, no system call.
// Time comes in with each call and never runs backwards.
#include <algorithm>
#include <concepts>

#include "dataplane/feed/feed_config.hpp"
#include "dataplane/feed/reorder_buffer.hpp"
#include "dataplane/feed/rerequest.hpp"

namespace tradsys::feed {

/// What a receiver needs of its sink. Callbacks do not call the receiver back. Two more are called
/// where the sink has them: `on_packet_prefetch(blocks)` with the length-prefixed messages about to
/// be delivered from one packet, and `on_frozen(reason, now)` after `on_stale`.
template <class S>
concept FeedSink = requires(S& sink, u64 sequence, Bytes bytes, Nanos now, u32 server) {
  // In order, each number once; the bytes live only during the call.
  sink.on_message(sequence, bytes);
  // From here on messages are missing, or both lines are silent.
  sink.on_stale(now);
  // Everything up to the last known message was delivered.
  sink.on_contiguous(now);
  // After the session's last message, once.
  sink.on_end_of_session();
  // A 20-byte datagram for that re-request server.
  sink.send_request(server, bytes);
};

/// Where a stream stands.
enum class FeedState : u8 {
  kJoining,  ///< no valid packet yet
  kLive,  ///< delivering, or waiting for a hole to fill
  kEnded,  ///< the session's last message was delivered
  kFrozen,  ///< see freeze_reason()
};

/// The receiver of one MoldUDP64 stream; one tile owns it.
template <class Sink>
class MoldReceiver {
 public:
  /// `config` has passed `validate`; `sink` outlives the receiver.
  MoldReceiver(const FeedConfig& config, Sink& sink)
      : config_(config),
        sink_(sink),
        buffer_(config.buffer_messages, config.buffer_bytes),
        timer_(config) {
    static_assert(FeedSink<Sink>);
    TRADSYS_ASSERT(validate(config).ok());
    if (config.session) session_ = *config.session;
    session_known_ = config.session.has_value();
    expected_ = next_seen_ = config.first_sequence;
  }

  /// One UDP payload from `line` (kLineA, kLineB, or kRecoveryLine for answers to requests).
  void on_packet(u32 line, Bytes datagram, Nanos now) noexcept {
    TRADSYS_ASSERT(line < kLineCount);
    ++counters_.line[line].packets;
    if (is_copy(datagram, now)) {
      on_copy(line, datagram, now);
      return;
    }
    wire::MoldPacketReader packet(datagram);
    if (!packet.valid()) [[unlikely]] {
      ++counters_.malformed;
      return;
    }
    const bool in_order = packet.sequence() == expected_ && next_seen_ == expected_ && !stale_ &&
                          end_sequence_ == 0 && packet.remaining() != 0 &&
                          packet.header().session == session_;
    if (in_order) [[likely]] {
      anomalies_ = 0;
      jump_doubted_ = false;
      if (line != kRecoveryLine) note_line(line, packet.header(), now);
      last_advance_at_ = now;
      deliver(line, packet);
      next_seen_ = expected_;
      return;
    }
    on_other_packet(line, packet, now);
  }

  /// Declares holes that waited long enough, repeats requests, notices silence. Call it often:
  /// timers fire no earlier than the call after they are due.
  void on_timer(Nanos now) noexcept {
    if (state_ != FeedState::kLive) return;
    if (config_.silence_max.v > 0 && !silent_ && now - last_packet_at_ >= config_.silence_max)
      on_silence(now);
    if (next_seen_ == expected_) [[likely]]
      return;
    if (timer_.expired(now))
      on_request_timeout(now);
    else if (!hole_declared() && now - hole_opened_ >= config_.gap_wait)
      declare_hole(now);
  }

  /// Starts afresh: `sequence` of `session` is the next message wanted (after a snapshot, a
  /// fail-over or a new day). The stream is stale until it proves contiguous. What was buffered is
  /// forgotten, counters are kept.
  void resume(const wire::MoldSession& session, u64 sequence) noexcept {
    TRADSYS_ASSERT(sequence != 0);
    session_ = session;
    session_known_ = true;
    expected_ = next_seen_ = sequence;
    hole_start_ = hole_end_ = end_sequence_ = 0;
    line_next_ = {};
    anomalies_ = 0;
    silent_ = caught_up_ = jump_doubted_ = false;
    stale_ = true;
    buffer_.clear();
    timer_.idle();
    freeze_reason_ = FreezeReason::kNone;
    state_ = FeedState::kJoining;
  }

  [[nodiscard]] FeedState state() const noexcept { return state_; }
  [[nodiscard]] FreezeReason freeze_reason() const noexcept { return freeze_reason_; }
  /// True while messages are missing, before the first packet, when silent and when frozen.
  [[nodiscard]] bool stale() const noexcept { return stale_; }
  /// Next message to deliver; 0 before the first packet when the config leaves the start open.
  [[nodiscard]] u64 expected() const noexcept { return expected_; }
  /// One more than the last message known to exist.
  [[nodiscard]] u64 next_seen() const noexcept { return next_seen_; }
  [[nodiscard]] u64 buffered_messages() const noexcept { return buffer_.waiting(); }
  [[nodiscard]] bool session_known() const noexcept { return session_known_; }
  /// Only when `session_known()`.
  [[nodiscard]] const wire::MoldSession& session() const noexcept { return session_; }
  [[nodiscard]] const FeedCounters& counters() const noexcept { return counters_; }
  /// When the last valid packet of the session came on A or B.
  [[nodiscard]] Nanos last_packet_at() const noexcept { return last_packet_at_; }

 private:
  using Packet = wire::MoldPacketReader;

  // Hot: packets in order, and copies.

  /// Half of all packets repeat what the other line brought: told by the header alone, and not
  /// looked into any further.
  [[nodiscard]] bool is_copy(Bytes datagram, Nanos now) const noexcept {
    if (datagram.size() < wire::kMoldHeaderBytes || state_ != FeedState::kLive || silent_)
      return false;
    const wire::MoldHeader header = wire::MoldHeader::load(datagram.data());
    const u64 next = header.next_sequence();
    return next <= expected_ && header.messages() != 0 && header.valid_range() &&
           header.session == session_ && expected_ - next <= config_.regression_messages_max &&
           now - last_advance_at_ < config_.regression_wait;
  }

  void on_copy(u32 line, Bytes datagram, Nanos now) noexcept {
    const wire::MoldHeader header = wire::MoldHeader::load(datagram.data());
    counters_.line[line].duplicates += header.messages();
    if (line == kRecoveryLine) return;
    anomalies_ = 0;
    note_line(line, header, now);
  }

  void note_line(u32 line, const wire::MoldHeader& header, Nanos now) noexcept {
    last_packet_at_ = now;
    if (line_next_[line] != 0 && header.sequence > line_next_[line])
      counters_.line[line].missed_messages += header.sequence - line_next_[line];
    line_next_[line] = std::max(line_next_[line], header.next_sequence());
  }

  /// The rest of `packet` begins at `expected_` and nothing is buffered.
  void deliver(u32 line, Packet& packet) noexcept {
    if constexpr (requires { sink_.on_packet_prefetch(packet.blocks()); })
      sink_.on_packet_prefetch(packet.blocks());
    counters_.line[line].messages += packet.remaining();
    counters_.delivered += packet.remaining();
    Bytes message;
    while (packet.next(message)) sink_.on_message(expected_++, message);
  }

  // Warm: everything else.

  [[gnu::noinline]] void on_other_packet(u32 line, Packet& packet, Nanos now) noexcept {
    if (state_ == FeedState::kFrozen) {
      ++counters_.after_freeze;
      return;
    }
    if (state_ == FeedState::kJoining && !join(line, packet, now)) return;
    if (!plausible(line, packet, now)) return;
    if (expected_ == 0) expected_ = next_seen_ = packet.header().sequence;
    const u64 before = expected_;
    if (line != kRecoveryLine) note_plausible(line, packet, now);
    take(line, packet, now);
    if (expected_ != before) last_advance_at_ = now;
    settle(now, line == kRecoveryLine && expected_ != before);
  }

  /// The first packet of the session on A or B opens the stream; false: not to be looked at.
  bool join(u32 line, const Packet& packet, Nanos now) noexcept {
    if (line == kRecoveryLine) {
      ++counters_.unrequested;
      return false;
    }
    if (!session_known_) session_ = packet.header().session;
    session_known_ = true;
    if (packet.header().session == session_) {
      state_ = FeedState::kLive;
      last_packet_at_ = last_advance_at_ = now;
    }
    return true;
  }

  void note_plausible(u32 line, const Packet& packet, Nanos now) noexcept {
    note_line(line, packet.header(), now);
    anomalies_ = 0;
    silent_ = false;
    if (packet.header().messages() == 0) ++counters_.line[line].heartbeats;
  }

  /// False: the packet contradicts the stream and is only counted; enough of them freeze it.
  bool plausible(u32 line, const Packet& packet, Nanos now) noexcept {
    const wire::MoldHeader& header = packet.header();
    const u64 next = header.next_sequence();
    if (header.session != session_)
      return suspect(line, counters_.wrong_session, FreezeReason::kSessionChange, now);
    if (expected_ == 0) return true;
    if (caught_up_ && next > expected_ && next - expected_ > config_.far_ahead_messages_max)
      return suspect(line, counters_.far_ahead, FreezeReason::kFarAhead, now);
    if ((end_sequence_ != 0 && next > end_sequence_) ||
        (header.is_end_of_session() && next < next_seen_))
      return suspect(line, counters_.contradictions, FreezeReason::kContradiction, now);
    if (caught_up_ && line != kRecoveryLine && !believed(next)) return false;
    if (line != kRecoveryLine && next < expected_ &&
        (expected_ - next > config_.regression_messages_max ||
         now - last_advance_at_ >= config_.regression_wait))
      return suspect(line, counters_.regressions, FreezeReason::kRegression, now);
    return true;
  }

  /// One packet that jumps beyond the gap window may be damaged or forged, and what it claims would
  /// have to be bridged: it counts when a second one says the like, with none between that does
  /// not.
  [[nodiscard]] bool believed(u64 next) noexcept {
    const bool jumps = next > next_seen_ && next - next_seen_ > config_.gap_window_messages;
    if (jumps && !jump_doubted_) {
      jump_doubted_ = true;
      ++counters_.doubted_jumps;
      return false;
    }
    jump_doubted_ = false;
    return true;
  }

  [[gnu::cold, gnu::noinline]] bool suspect(u32 line, u64& counter, FreezeReason reason,
                                            Nanos now) noexcept {
    ++counter;
    if (line == kRecoveryLine || ++anomalies_ < config_.anomalies_max) return false;
    if (now - last_packet_at_ >= config_.anomaly_wait)
      freeze(reason, now);
    else
      go_stale(now);
    return false;
  }

  /// Delivers or buffers what is new in the packet, then what waited for it.
  void take(u32 line, Packet& packet, Nanos now) noexcept {
    const u64 next = packet.header().next_sequence();
    if (packet.sequence() < expected_) {
      const u64 old = std::min<u64>(expected_ - packet.sequence(), packet.remaining());
      counters_.line[line].duplicates += old;
      packet.skip(old);
    }
    if (packet.remaining() != 0) {
      if (packet.sequence() != expected_)
        keep(line, packet, now);
      else if (buffer_.empty())
        deliver(line, packet);
      else
        deliver_past_buffer(line, packet);
      drain();
    }
    if (next > next_seen_) {
      next_seen_ = next;
      next_seen_at_ = now;
    }
    if (packet.header().is_end_of_session()) end_sequence_ = next;
  }

  /// As `deliver`, dropping buffered copies; those were counted when they came.
  void deliver_past_buffer(u32 line, Packet& packet) noexcept {
    LineCounters& counters = counters_.line[line];
    Bytes message;
    while (packet.next(message)) {
      const bool waited = has_buffered(expected_);
      if (waited) buffer_.drop(expected_);
      ++(waited ? counters.duplicates : counters.messages);
      ++counters_.delivered;
      sink_.on_message(expected_++, message);
    }
  }

  void keep(u32 line, Packet& packet, Nanos now) noexcept {
    LineCounters& counters = counters_.line[line];
    Bytes message;
    for (u64 sequence = packet.sequence(); packet.next(message); ++sequence) {
      if (sequence - expected_ >= buffer_.capacity()) {
        counters_.buffer_dropped += u64{packet.remaining()} + 1;
        return;
      }
      if (buffer_.has(sequence)) {
        ++counters.duplicates;
      } else if (buffer_.put(sequence, message, now)) {
        ++counters.messages;
        ++counters_.buffered;
      } else {
        ++counters_.buffer_dropped;
      }
    }
  }

  void drain() noexcept {
    while (!buffer_.empty() && buffer_.has(expected_)) {
      sink_.on_message(expected_, buffer_.get(expected_));
      buffer_.drop(expected_++);
      ++counters_.delivered;
    }
  }

  [[nodiscard]] bool has_buffered(u64 sequence) const noexcept {
    return !buffer_.empty() && buffer_.has(sequence);
  }

  // Holes and re-requests.

  [[nodiscard]] bool hole_declared() const noexcept { return expected_ < hole_end_; }

  /// Decides what the stream's position means. `answered`: a re-request server moved it.
  void settle(Nanos now, bool answered) noexcept {
    if (state_ != FeedState::kLive && state_ != FeedState::kEnded) return;
    if (expected_ == next_seen_) {
      on_no_hole(now);
      return;
    }
    if (hole_declared()) {
      if (answered) {
        timer_.progressed();
        request(now);
      }
      return;
    }
    if (hole_start_ != expected_) open_hole(now);
    if (next_seen_ - expected_ >= config_.gap_window_messages ||
        now - hole_opened_ >= config_.gap_wait)
      declare_hole(now);
  }

  void on_no_hole(Nanos now) noexcept {
    hole_start_ = hole_end_ = 0;
    timer_.idle();
    caught_up_ = true;
    if (stale_) {
      stale_ = false;
      sink_.on_contiguous(now);
    }
    if (state_ == FeedState::kLive && expected_ == end_sequence_) {
      state_ = FeedState::kEnded;
      sink_.on_end_of_session();
    }
  }

  /// The number behind the hole that begins at `expected_`.
  [[nodiscard]] u64 hole_limit() const noexcept {
    const u64 window = std::min(next_seen_ - expected_, buffer_.capacity());
    const u64 found = buffer_.first_waiting(expected_, expected_ + window);
    return found == expected_ + window ? next_seen_ : found;
  }

  /// A hole is as old as the message behind it: later holes of a burst get their own wait.
  void open_hole(Nanos now) noexcept {
    timer_.idle();
    hole_start_ = expected_;
    hole_end_ = 0;
    const u64 limit = hole_limit();
    hole_opened_ = limit < next_seen_ ? buffer_.arrival(limit) : std::min(next_seen_at_, now);
  }

  [[gnu::noinline]] void declare_hole(Nanos now) noexcept {
    hole_end_ = hole_limit();
    ++counters_.gaps;
    counters_.gap_messages += hole_end_ - expected_;
    go_stale(now);
    request(now);
  }

  void request(Nanos now) noexcept {
    timer_.sent(expected_, now);
    if (!timer_.has_servers()) return;
    const u64 missing = std::min<u64>(hole_end_ - expected_, config_.request_messages_max);
    const wire::MoldRequest bytes =
        wire::encode_mold_request(session_, expected_, static_cast<u16>(missing));
    ++counters_.requests;
    sink_.send_request(timer_.server(), Bytes(bytes));
  }

  [[gnu::noinline]] void on_request_timeout(Nanos now) noexcept {
    ++counters_.request_timeouts;
    if (timer_.timed_out(expected_))
      request(now);
    else
      freeze(FreezeReason::kUnrecoverableGap, now);
  }

  // Faults.

  void go_stale(Nanos now) noexcept {
    if (stale_) return;
    stale_ = true;
    sink_.on_stale(now);
  }

  [[gnu::cold, gnu::noinline]] void on_silence(Nanos now) noexcept {
    silent_ = true;
    ++counters_.silences;
    go_stale(now);
  }

  [[gnu::cold, gnu::noinline]] void freeze(FreezeReason reason, Nanos now) noexcept {
    state_ = FeedState::kFrozen;
    freeze_reason_ = reason;
    ++counters_.freezes;
    buffer_.clear();
    timer_.idle();
    hole_start_ = hole_end_ = 0;
    go_stale(now);
    if constexpr (requires { sink_.on_frozen(reason, now); }) sink_.on_frozen(reason, now);
  }

  const FeedConfig config_;
  Sink& sink_;
  wire::MoldSession session_;
  bool session_known_ = false;
  bool stale_ = true;
  bool silent_ = false;
  bool caught_up_ = false;  // contiguous at least once
  bool jump_doubted_ = false;  // the last packet claimed a jump that nothing has confirmed
  FeedState state_ = FeedState::kJoining;
  FreezeReason freeze_reason_ = FreezeReason::kNone;
  u32 anomalies_ = 0;
  u64 expected_;
  u64 next_seen_;
  u64 end_sequence_ = 0;  // 0: the end of the session was not announced yet
  Nanos last_packet_at_{};
  Nanos last_advance_at_{};
  std::array<u64, 2> line_next_{};
  FeedCounters counters_;
  Nanos next_seen_at_{};
  u64 hole_start_ = 0;  // 0: no hole is open
  u64 hole_end_ = 0;  // above expected_: the hole was declared up to here
  Nanos hole_opened_{};
  ReorderBuffer buffer_;
  RerequestTimer timer_;
};

}  // namespace tradsys::feed
