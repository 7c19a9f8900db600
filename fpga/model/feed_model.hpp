#pragma once
// The exact rule of fpga/rtl/md/md_mold_rx.sv, packet by packet: what the simulation is compared
// with, and what a host can run beside the card. Time is left out: holes are declared by their
// length alone, as on a card that waits forever.
#include <tradsys/feed_spec.hpp>

#include <optional>

#include "hostsw/wire/mold64.hpp"

namespace tradsys::fpga {

/// What happened to packets and holes, as the counters of block `feed` see it.
struct MoldModelCounters {
  u64 packets_a = 0;
  u64 packets_b = 0;
  u64 malformed = 0;
  u64 too_long = 0;
  u64 wrong_session = 0;
  u64 contradictions = 0;
  u64 duplicates = 0;
  u64 ahead = 0;
  u64 gaps = 0;
  u64 messages = 0;
  bool operator==(const MoldModelCounters&) const = default;
};

/// `Sink` is called with (sequence, message) for each message, in order, each once.
template <class Sink>
class MoldModel {
 public:
  /// `messages_max`: most new messages of one packet, 2^DEPTH_LOG2 - 8.
  MoldModel(u64 gap_window_messages, u64 messages_max, Sink sink)
      : gap_window_(gap_window_messages), messages_max_(messages_max), sink_(sink) {}

  /// The payload of a datagram that passed every check of the frame.
  void on_packet(bool line_b, Bytes payload) {
    ++(line_b ? counters_.packets_b : counters_.packets_a);
    if (payload.size() < wire::kMoldHeaderBytes) {
      ++counters_.malformed;
      return;
    }
    const wire::MoldHeader header = wire::MoldHeader::load(payload.data());
    if (is_copy(header)) {
      ++counters_.duplicates;
      anomalies_ = 0;
      return;
    }
    wire::MoldPacketReader packet(payload);
    if (!packet.valid()) {
      ++counters_.malformed;
      return;
    }
    if (!frozen_) take(header, packet);
  }

  /// As the host does it; no session: that of the first packet.
  void resume(const std::optional<wire::MoldSession>& session, u64 sequence) {
    session_known_ = session.has_value();
    if (session) session_ = *session;
    expected_ = next_seen_ = sequence;
    live_ = caught_up_ = ended_ = frozen_ = end_known_ = doubted_ = false;
    stale_ = true;
    anomalies_ = 0;
    hole_ = 0;
  }

  [[nodiscard]] bool live() const { return live_; }
  [[nodiscard]] bool stale() const { return stale_; }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] bool frozen() const { return frozen_; }
  [[nodiscard]] u64 expected() const { return expected_; }
  [[nodiscard]] u64 next_seen() const { return next_seen_; }
  [[nodiscard]] const MoldModelCounters& counters() const { return counters_; }

 private:
  [[nodiscard]] bool is_copy(const wire::MoldHeader& header) const {
    return live_ && !ended_ && !frozen_ && header.valid_range() && header.session == session_ &&
           header.messages() != 0 && header.next_sequence() <= expected_;
  }

  void take(const wire::MoldHeader& header, wire::MoldPacketReader& packet) {
    if (!session_known_) session_ = header.session;
    session_known_ = true;
    const bool same = header.session == session_;
    if (same) live_ = true;
    if (!same) return suspect(counters_.wrong_session);
    const u64 next = header.next_sequence();
    if (expected_ != 0 &&
        ((end_known_ && next > end_sequence_) || (header.is_end_of_session() && next < next_seen_)))
      return suspect(counters_.contradictions);
    if (!believed(next)) return;
    anomalies_ = 0;
    if (expected_ == 0) expected_ = next_seen_ = header.sequence;
    deliver(header, packet);
    next_seen_ = std::max(next_seen_, next);
    if (header.is_end_of_session()) {
      end_known_ = true;
      end_sequence_ = next;
    }
    settle();
  }

  void suspect(u64& counter) {
    ++counter;
    if (++anomalies_ < kFeedAnomaliesMax) return;
    frozen_ = stale_ = true;
  }

  [[nodiscard]] bool believed(u64 next) {
    if (expected_ == 0 || !caught_up_) return true;
    const bool jumps = next > next_seen_ && next - next_seen_ > gap_window_;
    doubted_ = jumps && !doubted_;
    return !doubted_;
  }

  void deliver(const wire::MoldHeader& header, wire::MoldPacketReader& packet) {
    if (header.messages() == 0) return;
    if (header.next_sequence() <= expected_) {
      ++counters_.duplicates;
    } else if (header.sequence > expected_) {
      ++counters_.ahead;
    } else if (header.next_sequence() - expected_ > messages_max_) {
      ++counters_.too_long;
    } else {
      packet.skip(expected_ - header.sequence);
      counters_.messages += packet.remaining();
      Bytes message;
      while (packet.next(message)) sink_(expected_++, message);
    }
  }

  void settle() {
    if (expected_ == next_seen_) {
      hole_ = 0;
      stale_ = false;
      caught_up_ = true;
      ended_ = end_known_ && expected_ == end_sequence_;
      return;
    }
    if (hole_ == expected_ || next_seen_ - expected_ < gap_window_) return;
    hole_ = expected_;
    ++counters_.gaps;
    stale_ = true;
  }

  const u64 gap_window_;
  const u64 messages_max_;
  Sink sink_;
  wire::MoldSession session_;
  bool session_known_ = false;
  bool live_ = false;
  bool caught_up_ = false;
  bool stale_ = true;
  bool ended_ = false;
  bool frozen_ = false;
  bool end_known_ = false;
  bool doubted_ = false;
  u32 anomalies_ = 0;
  u64 expected_ = 1;
  u64 next_seen_ = 1;
  u64 end_sequence_ = 0;
  u64 hole_ = 0;  // first message of the hole that was declared; 0 = none
  MoldModelCounters counters_;
};

}  // namespace tradsys::fpga
