#pragma once
// The market-data side of a venue: numbers messages, packs them into MoldUDP64 datagrams, sends
// each on two lines, answers re-requests, beats when idle, and ends the session.
#include <vector>

#include "hostsw/core/units.hpp"
#include "hostsw/wire/mold64.hpp"

namespace tradsys::sim {

/// How a publisher behaves.
struct PublisherConfig {
  wire::MoldSession session{'T', 'R', 'A', 'D', 'S', 'Y', 'S', '0', '0', '1'};
  usize store_bytes = usize{64} << 20;  ///< messages kept for re-requests; the oldest are forgotten
  u32 store_messages = 1U << 21;
  Nanos heartbeat{1'000'000'000};  ///< silence after which a heartbeat goes out
  usize payload_max_bytes = wire::kMoldPayloadMaxBytes;
};

/// `Wire` gets multicast(line, Bytes) and unicast_answer(ip, port, Bytes).
template <class Wire>
class FeedPublisher {
 public:
  FeedPublisher(Wire& wire, const PublisherConfig& config)
      : wire_(wire),
        config_(config),
        bytes_(config.store_bytes),
        entries_(config.store_messages),
        live_(config.payload_max_bytes),
        answer_(config.payload_max_bytes) {
    live_.start(config_.session, 1);
  }

  /// Appends one message to the stream; it goes out with the next flush, or at once when the
  /// datagram is full.
  void publish(Bytes message) noexcept {
    keep(message);
    if (live_.add(message)) return;
    send_live();
    TRADSYS_ASSERT(live_.add(message));
  }

  /// Sends what is waiting, or a heartbeat after a quiet while. Call it after each batch of events.
  void flush(Nanos now) noexcept {
    if (!live_.empty()) {
      send_live();
      last_sent_ = now;
    } else if (now - last_sent_ >= config_.heartbeat) {
      send_quiet();
      last_sent_ = now;
    }
  }

  /// No more messages: from now on the heartbeats say so.
  void end_session(Nanos now) noexcept {
    ended_ = true;
    send_live();
    send_quiet();
    last_sent_ = now;
  }

  /// Answers a re-request with as many messages as fit one datagram; anything invalid is ignored,
  /// as the protocol asks, and counted.
  void on_request(Bytes datagram, u32 ip, u16 port) noexcept {
    wire::MoldHeader request;
    if (!wire::decode_mold_request(datagram, request) || request.session != config_.session ||
        request.sequence < first_kept_ || request.sequence >= next_sequence_) {
      ++requests_ignored_;
      return;
    }
    ++requests_answered_;
    answer_.start(config_.session, request.sequence);
    for (u64 i = 0; i < request.count && answer_.next_sequence() < next_sequence_; ++i) {
      if (!answer_.add(message(answer_.next_sequence()))) break;
    }
    wire_.unicast_answer(ip, port, answer_.packet());
  }

  [[nodiscard]] u64 next_sequence() const noexcept { return next_sequence_; }
  [[nodiscard]] u64 requests_answered() const noexcept { return requests_answered_; }
  [[nodiscard]] u64 requests_ignored() const noexcept { return requests_ignored_; }
  [[nodiscard]] const PublisherConfig& config() const noexcept { return config_; }

 private:
  struct Entry {
    u64 offset;  // into the endless byte stream; bytes_ keeps its last part
    u32 bytes;
  };

  void keep(Bytes message) noexcept {
    // A message never wraps around the end of the store: it starts over instead.
    u64 offset = next_offset_;
    const u64 in_store = offset % bytes_.size();
    if (in_store + message.size() > bytes_.size()) offset += bytes_.size() - in_store;
    std::memcpy(bytes_.data() + offset % bytes_.size(), message.data(), message.size());
    next_offset_ = offset + message.size();
    entries_[next_sequence_ % entries_.size()] = {offset, static_cast<u32>(message.size())};
    ++next_sequence_;
    while (next_sequence_ - first_kept_ > entries_.size() ||
           next_offset_ - entries_[first_kept_ % entries_.size()].offset > bytes_.size()) {
      ++first_kept_;
    }
  }
  [[nodiscard]] Bytes message(u64 sequence) const noexcept {
    const Entry& entry = entries_[sequence % entries_.size()];
    return {bytes_.data() + entry.offset % bytes_.size(), entry.bytes};
  }
  void send_live() noexcept {
    if (live_.empty()) return;
    const u64 next = live_.next_sequence();
    for (u8 line = 0; line < 2; ++line) wire_.multicast(line, live_.packet());
    live_.start(config_.session, next);
  }
  void send_quiet() noexcept {
    for (u8 line = 0; line < 2; ++line) {
      wire_.multicast(
          line, ended_ ? answer_.end_of_session(config_.session, next_sequence_) : live_.packet());
    }
  }

  Wire& wire_;
  PublisherConfig config_;
  std::vector<std::byte> bytes_;
  std::vector<Entry> entries_;
  wire::MoldPacketBuilder live_;
  wire::MoldPacketBuilder answer_;
  u64 next_sequence_ = 1;
  u64 first_kept_ = 1;
  u64 next_offset_ = 0;
  Nanos last_sent_{};
  u64 requests_answered_ = 0;
  u64 requests_ignored_ = 0;
  bool ended_ = false;
};

}  // namespace tradsys::sim
