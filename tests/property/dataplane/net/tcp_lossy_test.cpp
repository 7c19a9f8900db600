// Goal: over a wire that drops, doubles, overtakes and damages frames, every message of both
// directions arrives once and in order, and the same seed gives the same run. Method: 20,000
// random-length messages each way in virtual time; each stream is compared byte by byte with what
// was sent, and the wire's trace hash with that of a second run. TRADSYS_SEED picks the seed.
#include <gtest/gtest.h>

#include <cstdlib>

#include "sim/wire/lossy_wire.hpp"
#include "tests/support/net_pair.hpp"

namespace tradsys::net {
namespace {

u64 base_seed() {
  const char* text = std::getenv("TRADSYS_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 20'260'101;
}

/// Byte number `at` of the stream that a side with this salt sends.
std::byte stream_byte(u64 salt, u64 at) {
  return static_cast<std::byte>(mix64((salt << 40) + at / 8) >> (at % 8 * 8));
}

/// Sends messages as fast as the ring takes them and checks what arrives against the other's
/// stream.
struct StreamSide {
  u64 own_salt = 0, peer_salt = 0;
  u32 messages_left = 0;
  u64 sent_bytes = 0, got_bytes = 0, wrong_bytes = 0;
  u32 opened = 0, closed = 0;
  TcpCloseReason reason{};
  ConnId conn{};

  void on_udp(const UdpDatagram&) {}
  void on_tcp_connected(ConnId c) { conn = c, ++opened; }
  void on_tcp_accepted(ConnId c, u16) { conn = c, ++opened; }
  void on_tcp_closed(ConnId, TcpCloseReason why) { reason = why, ++closed; }
  void on_tcp_data(ConnId, Bytes bytes) {
    for (const std::byte b : bytes)
      if (b != stream_byte(peer_salt, got_bytes++)) ++wrong_bytes;
  }
};

struct Outcome {
  u64 trace_hash = 0;
  bool finished = false;
  Nanos took{};
  sim::LossyPathCounters there, back;
  TcpCounters client, server;
  StreamSide a, b;
};

class LossyRun {
 public:
  LossyRun(u64 seed, const sim::LossyPath& path, u32 messages, u64 secret_a = 1, u64 secret_b = 2)
      : random_(seed),
        a_(clock_, with_secret(host_config(1), secret_a)),
        b_(clock_, with_secret(host_config(2), secret_b)),
        wire_(wire_a_, wire_b_, {seed, path, path, 4'096}) {
    clock_.advance_to(kSecond);
    sim::MemoryPort::join(a_.port, wire_a_);
    sim::MemoryPort::join(b_.port, wire_b_);
    a_.handler = {1, 2, messages};
    b_.handler = {2, 1, messages};
  }

  Outcome run() {
    b_.net.tcp().listen(7001);
    (void)a_.net.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
    const Nanos start = clock_.now();
    bool finished = false;
    for (u32 step = 0; step < 20'000'000 && !finished; ++step) {
      const bool busy = (produce(a_) | produce(b_)) != 0;
      const u32 moved = a_.net.poll(32) + b_.net.poll(32) + wire_.pump(clock_.now());
      if (moved != 0) continue;
      const bool done = all_sent(a_) && all_sent(b_) && a_.handler.opened != 0;
      if (done && a_.handler.closed == 0) a_.net.tcp().close(a_.handler.conn);
      finished = a_.net.tcp().open_count() + b_.net.tcp().open_count() == 0 && done;
      if (!finished) advance(busy);
    }
    return {wire_.trace_hash(),      finished,       clock_.now() - start,
            wire_.a_to_b(),          wire_.b_to_a(), a_.net.tcp().counters(),
            b_.net.tcp().counters(), a_.handler,     b_.handler};
  }

 private:
  using Side = Host<StreamSide>;

  static NetConfig with_secret(NetConfig config, u64 secret) {
    config.tcp.secret = secret;
    return config;
  }

  /// Up to four messages a turn, while the ring takes them.
  u32 produce(Side& side) {
    StreamSide& h = side.handler;
    u32 sent = 0;
    for (; sent < 4 && h.opened != 0 && h.closed == 0 && h.messages_left != 0; ++sent) {
      std::array<std::byte, 300> message;
      const usize size = 1 + random_.below(message.size());
      if (side.net.tcp().send_space(h.conn) < size) break;
      for (usize i = 0; i < size; ++i) message[i] = stream_byte(h.own_salt, h.sent_bytes + i);
      EXPECT_TRUE(side.net.tcp().send(h.conn, {message.data(), size}));
      h.sent_bytes += size;
      --h.messages_left;
    }
    return sent;
  }
  bool all_sent(Side& side) {
    return side.handler.messages_left == 0 &&
           (side.handler.closed != 0 || side.net.tcp().unacknowledged(side.handler.conn) == 0);
  }
  void advance(bool busy) {
    Nanos next = std::min({a_.net.next_deadline(), b_.net.next_deadline(), wire_.next_event()});
    if (busy) next = std::min(next, clock_.now() + kMicrosecond);
    clock_.advance_to(next);
    a_.net.housekeep(clock_.now());
    b_.net.housekeep(clock_.now());
  }

  VirtualClock clock_;
  Random random_;
  Side a_, b_;
  sim::MemoryPort wire_a_, wire_b_;
  sim::LossyWire<sim::MemoryPort, sim::MemoryPort> wire_;
};

void expect_complete(const Outcome& o, u32 messages) {
  EXPECT_TRUE(o.finished);
  EXPECT_EQ(o.a.messages_left + o.b.messages_left, 0u) << "of " << messages;
  EXPECT_EQ(o.b.got_bytes, o.a.sent_bytes);
  EXPECT_EQ(o.a.got_bytes, o.b.sent_bytes);
  EXPECT_EQ(o.a.wrong_bytes + o.b.wrong_bytes, 0u);
  EXPECT_EQ(o.a.closed, 1u);
  EXPECT_EQ(o.b.closed, 1u);
  EXPECT_EQ(o.a.reason, TcpCloseReason::kLocalClosed);
  EXPECT_EQ(o.b.reason, TcpCloseReason::kPeerClosed);
}

sim::LossyPath bad_path(u32 loss_per_million) {
  sim::LossyPath path;
  path.drop_per_million = loss_per_million;
  path.duplicate_per_million = path.reorder_per_million = 10'000;
  path.corrupt_per_million = 1'000;
  return path;
}

void check_loss(u32 loss_per_million) {
  constexpr u32 kMessages = 20'000;
  const u64 seed = base_seed() + loss_per_million;
  SCOPED_TRACE("seed " + std::to_string(seed));
  const Outcome first = LossyRun(seed, bad_path(loss_per_million), kMessages).run();
  expect_complete(first, kMessages);
  const Outcome second = LossyRun(seed, bad_path(loss_per_million), kMessages).run();
  EXPECT_EQ(first.trace_hash, second.trace_hash);
  EXPECT_EQ(first.took, second.took);
  std::printf(
      "  %u ppm loss: %.3f virtual s, %llu frames, %llu dropped, %llu timeouts, %llu fast\n",
      loss_per_million, static_cast<double>(first.took.v) / 1e9,
      static_cast<unsigned long long>(first.there.taken + first.back.taken),
      static_cast<unsigned long long>(first.there.dropped + first.back.dropped),
      static_cast<unsigned long long>(first.client.timeouts + first.server.timeouts),
      static_cast<unsigned long long>(first.client.fast_retransmits +
                                      first.server.fast_retransmits));
  EXPECT_GT(first.there.dropped, 0u);
}

TEST(TcpOverLossyWire, DeliversAllOnAPerfectWire) {
  const Outcome o = LossyRun(base_seed(), sim::LossyPath{}, 20'000).run();
  expect_complete(o, 20'000);
  EXPECT_EQ(o.client.timeouts + o.server.timeouts, 0u);
  EXPECT_EQ(o.client.retransmitted_bytes + o.server.retransmitted_bytes, 0u);
}

TEST(TcpOverLossyWire, DeliversOnceAndInOrderAtOnePercentLoss) { check_loss(10'000); }

TEST(TcpOverLossyWire, DeliversOnceAndInOrderAtTenPercentLoss) { check_loss(100'000); }

/// A secret under which the connection's first sequence number lies just before the wrap.
u64 wrapping_secret(Ipv4 peer, u16 peer_port, u16 own_port, u64 first) {
  const u64 key = tcp_key(peer, peer_port, own_port);
  u64 secret = first;
  while (initial_sequence(secret, key, kSecond) < 0xFFFF'FFFFU - 100'000) ++secret;
  return secret;
}

TEST(TcpOverLossyWire, SequenceNumbersWrapInBothDirections) {
  const u64 a = wrapping_secret(ipv4(10, 0, 0, 2), 7001, 40'000, 1);
  const u64 b = wrapping_secret(ipv4(10, 0, 0, 1), 40'000, 7001, 1);
  const Outcome o = LossyRun(base_seed(), bad_path(20'000), 5'000, a, b).run();
  expect_complete(o, 5'000);
  EXPECT_GT(o.a.sent_bytes, 300'000u);
  EXPECT_GT(o.b.sent_bytes, 300'000u);
}

TEST(TcpOverLossyWire, DifferentSeedsGiveDifferentRuns) {
  const u64 seed = base_seed();
  EXPECT_NE(LossyRun(seed, bad_path(50'000), 200).run().trace_hash,
            LossyRun(seed + 1, bad_path(50'000), 200).run().trace_hash);
}

TEST(TcpOverLossyWire, SurvivesManySeedsOfHeavyDisorder) {
  for (u64 seed = base_seed(); seed < base_seed() + 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    sim::LossyPath path = bad_path(30'000);
    path.jitter = {200'000};
    path.reorder_per_million = 200'000;
    path.duplicate_per_million = 100'000;
    expect_complete(LossyRun(seed, path, 100).run(), 100);
  }
}

}  // namespace
}  // namespace tradsys::net
