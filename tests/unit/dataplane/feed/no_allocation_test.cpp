// Goal: after construction the feed receiver and the SoupBinTCP framer and sessions take no memory,
// also in gaps, freezes and replays. Method: every allocation of the process is counted; sinks do
// nothing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "dataplane/feed/mold_receiver.hpp"
#include "hostsw/wire/soup_client_session.hpp"
#include "hostsw/wire/soup_server_session.hpp"
#include "tests/support/feed_harness.hpp"

namespace {
tradsys::u64 g_allocations = 0;
}

// Out of line: inlined, the pair looks mismatched to the compiler.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++g_allocations;
  void* memory = std::malloc(bytes);
  if (memory == nullptr) std::abort();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace tradsys::feed {
namespace {

struct QuietSink {
  u64 messages = 0;
  u64 requests = 0;
  void on_message(u64, Bytes) { ++messages; }
  void on_stale(Nanos) {}
  void on_contiguous(Nanos) {}
  void on_end_of_session() {}
  void send_request(u32, Bytes) { ++requests; }
};

TEST(NoAllocation, TheReceiverTakesNoMemoryInOrderInGapsAndWhenItFreezes) {
  std::vector<std::vector<std::byte>> packets;
  for (u64 i = 0; i < 204; ++i) packets.push_back(testing::feed_packet(1 + 4 * i, 4));
  const std::vector<std::byte> far_ahead = testing::feed_packet(50'000'000, 1);
  QuietSink sink;
  MoldReceiver<QuietSink> receiver(FeedConfig{}, sink);
  Nanos now{1};
  const u64 before = g_allocations;
  for (usize i = 0; i < packets.size(); ++i) {
    now = now + Nanos{100'000};
    if (i % 10 != 3) receiver.on_packet(kLineA, packets[i], now);
    if (i % 15 != 3) receiver.on_packet(kLineB, packets[i], now);
    if (i % 30 == 20) receiver.on_packet(kRecoveryLine, packets[i - 17], now);
    receiver.on_timer(now);
  }
  for (u32 i = 0; i < 3; ++i) receiver.on_packet(kLineA, far_ahead, now);
  receiver.resume(testing::kFeedSession, 1);
  receiver.on_packet(kLineA, packets[0], now);
  EXPECT_EQ(g_allocations, before);
  EXPECT_GT(sink.requests, 0U);
  EXPECT_EQ(sink.messages, 820U);
}

/// Joins two sessions: what one sends, the other is given at once.
struct Pipe {
  wire::SoupClientSession<Pipe>* client = nullptr;
  wire::SoupServerSession<Pipe>* server = nullptr;
  bool to_server = false;
  u64 received = 0;

  bool send(Bytes packet) {
    if (to_server)
      server->on_bytes(packet, Nanos{1});
    else
      client->on_bytes(packet, Nanos{1});
    return true;
  }
  char on_login(const wire::SoupLogin&) { return '\0'; }
  void on_login_accepted(const wire::SoupSessionName&, u64) {}
  void on_login_rejected(char) {}
  void on_sequenced(u64, Bytes) { ++received; }
  void on_unsequenced(Bytes) { ++received; }
  void on_end_of_session() {}
  void on_closed(wire::SoupClose) {}
};

TEST(NoAllocation, SoupSessionsTakeNoMemoryForLoginMessagesAndReplay) {
  wire::SequencedStore store(4'096, 64);
  Pipe up;
  Pipe down;
  wire::SoupClientSession<Pipe> client({}, up);
  wire::SoupServerSession<Pipe> server({}, down, store, "DAY1");
  up.server = &server;
  up.to_server = true;
  down.client = &client;
  const std::array<std::byte, 40> message{};
  const u64 before = g_allocations;
  for (u32 i = 0; i < 10; ++i) server.send_sequenced(message, Nanos{1});
  server.start(Nanos{1});
  client.start({}, Nanos{1});
  for (u32 i = 0; i < 100; ++i) {
    EXPECT_TRUE(client.send_unsequenced(message, Nanos{1}));
    server.send_sequenced(message, Nanos{1});
    client.on_timer(Nanos{2'000'000'000});
  }
  EXPECT_EQ(g_allocations, before);
  EXPECT_EQ(up.received, 110U);
  EXPECT_EQ(down.received, 100U);
}

}  // namespace
}  // namespace tradsys::feed
