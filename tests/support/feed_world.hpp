#pragma once
// A small world around a feed receiver, in virtual time: a publisher that cuts one stream
// differently on two lines, lines that lose, repeat and delay, and a re-request server behind an
// equally bad path. Everything follows from one seed.
#include <map>

#include "dataplane/feed/mold_receiver.hpp"
#include "hostsw/core/random.hpp"
#include "tests/support/bytes_text.hpp"

namespace tradsys::testing {

/// How bad a path is, per million packets.
struct PathFaults {
  u32 lost = 0;
  u32 repeated = 0;
  u32 delayed = 0;
  Nanos delay_max{};
};

struct FeedWorldConfig {
  u64 seed = 1;
  u64 messages = 2'000;
  PathFaults line[2];
  PathFaults request;
  PathFaults answer;
  u32 answer_messages_max = 20;
  feed::FeedConfig receiver;
};

/// One run from the first message to the end of the session. The world is the receiver's sink.
class FeedWorld {
 public:
  explicit FeedWorld(const FeedWorldConfig& config)
      : config_(config), random_(config.seed), receiver_(config.receiver, *this) {}

  /// True when the session ended at the sink within the virtual time allowed.
  bool run() {
    for (u32 line = 0; line < 2; ++line) schedule(Nanos{0}, {Event::kPublish, line, {}});
    schedule(Nanos{0}, {Event::kTimer, 0, {}});
    while (!ended_ && !events_.empty() && now_.v < kTimeMax.v) {
      const auto first = events_.begin();
      now_ = first->first;
      const Event event = std::move(first->second);
      events_.erase(first);
      handle(event);
    }
    return ended_;
  }

  // Sink.
  void on_message(u64 sequence, Bytes message) {
    if (sequence != delivered_ + 1 || text_of(message) != text(sequence)) ++faults_;
    if (ended_) ++faults_;
    delivered_ = sequence;
    mix(sequence);
  }
  void on_stale(Nanos now) {
    if (stale_) ++faults_;
    stale_ = true;
    mix(static_cast<u64>(now.v) * 2);
  }
  void on_contiguous(Nanos now) {
    if (!stale_) ++faults_;
    stale_ = false;
    mix(static_cast<u64>(now.v) * 2 + 1);
  }
  void on_end_of_session() {
    if (ended_ || delivered_ != config_.messages) ++faults_;
    ended_ = true;
  }
  void send_request(u32 server, Bytes datagram) {
    if (server >= config_.receiver.request_servers) ++faults_;
    carry(config_.request, {Event::kRequest, server, {datagram.begin(), datagram.end()}});
  }

  [[nodiscard]] u64 delivered() const { return delivered_; }
  [[nodiscard]] u64 faults() const { return faults_; }
  /// Depends on every callback and its time.
  [[nodiscard]] u64 trace_hash() const { return hash_; }
  [[nodiscard]] const feed::FeedCounters& counters() const { return receiver_.counters(); }
  [[nodiscard]] feed::FreezeReason freeze_reason() const { return receiver_.freeze_reason(); }

 private:
  static constexpr Nanos kTimeMax{600'000'000'000};
  struct Event {
    enum Kind { kPublish, kLine, kRequest, kAnswer, kTimer } kind;
    u32 index;  // of the line or the server
    std::vector<std::byte> datagram;
  };

  static const wire::MoldSession& session() {
    static const wire::MoldSession name = make_text<10>("PROPERTY01");
    return name;
  }
  /// Some messages are empty; the rest say their number.
  static std::string text(u64 sequence) {
    return sequence % 7 == 0 ? std::string{} : "message " + std::to_string(sequence);
  }

  void mix(u64 value) { hash_ = mix64(hash_ ^ value); }
  void schedule(Nanos at, Event event) { events_.emplace(at, std::move(event)); }

  void carry(const PathFaults& path, const Event& event) {
    const u32 copies = random_.chance(path.lost) ? 0 : random_.chance(path.repeated) ? 2 : 1;
    for (u32 i = 0; i < copies; ++i) {
      Nanos delay{static_cast<i64>(random_.between(2'000, 20'000))};
      if (random_.chance(path.delayed))
        delay = delay + Nanos{static_cast<i64>(random_.below(static_cast<u64>(path.delay_max.v)))};
      schedule(now_ + delay, event);
    }
  }

  std::vector<std::byte> cut(u64 first, u64 count) const {
    wire::MoldPacketBuilder builder;
    builder.start(session(), first);
    for (u64 i = first; i < first + count && i <= config_.messages; ++i)
      if (!builder.add(bytes_of(text(i)))) break;
    const Bytes bytes = builder.packet();
    return {bytes.begin(), bytes.end()};
  }

  void publish(u32 line) {
    u64& at = published_[line];
    if (at > config_.messages) {
      wire::MoldPacketBuilder builder;
      const Bytes bytes = builder.end_of_session(session(), at);
      carry(config_.line[line], {Event::kLine, line, {bytes.begin(), bytes.end()}});
      schedule(now_ + Nanos{5'000'000}, {Event::kPublish, line, {}});
      return;
    }
    const u64 count = random_.chance(50'000) ? 0 : random_.between(1, 8);
    carry(config_.line[line], {Event::kLine, line, cut(at, count)});
    at = std::min(at + count, config_.messages + 1);
    schedule(now_ + Nanos{static_cast<i64>(random_.between(500, 100'000))},
             {Event::kPublish, line, {}});
  }

  void answer(const Event& event) {
    wire::MoldHeader request;
    if (!wire::decode_mold_request(event.datagram, request)) {
      ++faults_;
      return;
    }
    const u64 newest = std::max(published_[0], published_[1]);
    if (request.session != session() || request.sequence >= newest) {
      ++faults_;  // nothing that was never published may be asked for
      return;
    }
    const u64 count =
        std::min<u64>({request.count, config_.answer_messages_max, newest - request.sequence});
    carry(config_.answer, {Event::kAnswer, event.index, cut(request.sequence, count)});
  }

  void handle(const Event& event) {
    switch (event.kind) {
      case Event::kPublish:
        return publish(event.index);
      case Event::kLine:
        return receiver_.on_packet(event.index, event.datagram, now_);
      case Event::kAnswer:
        return receiver_.on_packet(feed::kRecoveryLine, event.datagram, now_);
      case Event::kRequest:
        return answer(event);
      case Event::kTimer:
        break;
    }
    receiver_.on_timer(now_);
    if (receiver_.buffered_messages() > buffer_bound()) ++faults_;
    schedule(now_ + Nanos{50'000}, {Event::kTimer, 0, {}});
  }

  [[nodiscard]] u64 buffer_bound() const {
    return std::bit_ceil(std::max(config_.receiver.buffer_messages, 64U));
  }

  FeedWorldConfig config_;
  Random random_;
  std::multimap<Nanos, Event> events_;  // equal times: first scheduled, first handled
  Nanos now_{};
  u64 published_[2] = {1, 1};
  u64 delivered_ = 0;
  u64 faults_ = 0;
  u64 hash_ = 0;
  bool stale_ = true;
  bool ended_ = false;
  feed::MoldReceiver<FeedWorld> receiver_;
};

}  // namespace tradsys::testing
