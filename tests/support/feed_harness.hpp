#pragma once
// A feed receiver with a sink that records, and shorthand for the packets it is given. Message
// number n says "m<n>", so that a wrong number or a wrong byte shows.
#include <string>
#include <vector>

#include "dataplane/feed/mold_receiver.hpp"
#include "tests/support/bytes_text.hpp"

namespace tradsys::testing {

inline const wire::MoldSession kFeedSession = make_text<10>("SESSION001");

inline std::string feed_text(u64 sequence) { return "m" + std::to_string(sequence); }

/// Remembers every callback; `faults` counts messages out of order or with wrong content.
struct RecordingFeedSink {
  u64 next = 1;
  u64 messages = 0;
  u64 faults = 0;
  std::vector<std::string> events;  ///< "stale", "contiguous", "end", "frozen session_change"
  std::vector<wire::MoldHeader> requests;
  std::vector<u32> servers;

  void on_message(u64 sequence, Bytes message) {
    if (sequence != next || text_of(message) != feed_text(sequence)) ++faults;
    next = sequence + 1;
    ++messages;
  }
  void on_stale(Nanos) { events.emplace_back("stale"); }
  void on_contiguous(Nanos) { events.emplace_back("contiguous"); }
  void on_end_of_session() { events.emplace_back("end"); }
  void on_frozen(feed::FreezeReason reason, Nanos) {
    events.push_back("frozen " + std::string(feed::name_of(reason)));
  }
  void send_request(u32 server, Bytes datagram) {
    wire::MoldHeader request;
    if (!wire::decode_mold_request(datagram, request)) ++faults;
    requests.push_back(request);
    servers.push_back(server);
  }
};

/// Packets by number. All return the datagram as bytes of its own.
inline std::vector<std::byte> feed_packet(u64 first, u64 count,
                                          const wire::MoldSession& session = kFeedSession) {
  wire::MoldPacketBuilder builder;
  builder.start(session, first);
  for (u64 i = 0; i < count; ++i) TRADSYS_ASSERT(builder.add(bytes_of(feed_text(first + i))));
  const Bytes bytes = builder.packet();
  return {bytes.begin(), bytes.end()};
}
inline std::vector<std::byte> feed_heartbeat(u64 next) { return feed_packet(next, 0); }
inline std::vector<std::byte> feed_end(u64 next) {
  wire::MoldPacketBuilder builder;
  const Bytes bytes = builder.end_of_session(kFeedSession, next);
  return {bytes.begin(), bytes.end()};
}

/// One receiver under test, with the time it is told.
struct FeedHarness {
  explicit FeedHarness(const feed::FeedConfig& config = {}) : receiver(config, sink) {
    if (config.first_sequence != 0) sink.next = config.first_sequence;
  }
  void packet(u32 line, const std::vector<std::byte>& datagram) {
    receiver.on_packet(line, datagram, now);
  }
  void data(u32 line, u64 first, u64 count) { packet(line, feed_packet(first, count)); }
  /// Lets time pass, then calls the timer.
  void after(Nanos time) {
    now = now + time;
    receiver.on_timer(now);
  }

  RecordingFeedSink sink;
  feed::MoldReceiver<RecordingFeedSink> receiver;
  Nanos now{1'000'000'000};
};

}  // namespace tradsys::testing
