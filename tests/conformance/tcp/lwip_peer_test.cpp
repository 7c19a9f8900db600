// Goal: our TCP and lwIP's understand each other in both roles: bulk, small messages, every kind of
// end, a peer that does not read, a wire that loses, doubles and overtakes. Method: both stacks in
// this process and in virtual time, on a cable that misbehaves as a seed decides (TRADSYS_SEED);
// streams are compared byte by byte, and on a good cable nothing may be sent twice.
#include "tests/conformance/tcp/lwip_peer.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "sim/wire/lossy_wire.hpp"
#include "tests/support/net_pair.hpp"
#include "tests/support/seed.hpp"

/// The library's clock.
extern "C" u32_t sys_now(void) {
  return static_cast<u32_t>(tradsys::testing::g_lwip_clock->now().v / 1'000'000);
}

namespace tradsys::net {
namespace {

using testing::LwipConnection;
using testing::LwipHost;
using testing::LwipListener;

/// Writes down what it hears; sends what `outbox` holds as the ring takes it.
struct StreamHandler {
  std::string stream;
  std::string outbox;
  bool echo = false;
  ConnId conn = kNoConn;
  u32 connected = 0, accepted = 0, closed = 0;
  TcpCloseReason reason{};

  void on_udp(const UdpDatagram&) {}
  void on_tcp_connected(ConnId c) { conn = c, ++connected; }
  void on_tcp_accepted(ConnId c, u16) { conn = c, ++accepted; }
  void on_tcp_closed(ConnId, TcpCloseReason why) { reason = why, ++closed; }
  void on_tcp_data(ConnId, Bytes bytes) { (echo ? outbox : stream) += as_text(bytes); }
};

std::string pattern(usize bytes, u32 salt = 1) {
  std::string text(bytes, '\0');
  for (usize i = 0; i < bytes; ++i) text[i] = static_cast<char>(mix64(i / 8 + salt) >> (i % 8 * 8));
  return text;
}

/// lwIP keeps timers over the tests of a process, so time never goes back.
VirtualClock& process_clock() {
  static VirtualClock clock;
  if (clock.now() < kSecond) clock.advance_to(kSecond);
  return clock;
}

class LwipPeer : public ::testing::Test {
 protected:
  LwipPeer() : ours_(clock_, host_config(1)), lwip_(clock_, 0x020000000002, ipv4(10, 0, 0, 2)) {
    use_cable({});
  }
  ~LwipPeer() override { expect_good_frames(); }

  void use_cable(const sim::LossyPath& path) {
    wire_ = std::make_unique<Wire>(wire_ours_, wire_lwip_,
                                   sim::LossyWireConfig{testing::test_seed(21), path, path, 4'096});
    sim::MemoryPort::join(ours_.port, wire_ours_);
    sim::MemoryPort::join(lwip_.port, wire_lwip_);
  }
  auto& tcp() { return ours_.net.tcp(); }
  StreamHandler& handler() { return ours_.handler; }
  const TcpCounters& counters() { return ours_.net.tcp().counters(); }
  /// A port that no connection of an earlier test waits on.
  static u16 next_port() {
    static u16 port = 7'000;
    return ++port;
  }

  /// Lets time pass until `done`, but not longer than `limit`.
  template <class Done>
  bool run_until(Done&& done, Nanos limit = Nanos{600 * kSecond.v}) {
    const Nanos end = clock_.now() + limit;
    for (settle(); !done(); settle()) {
      if (clock_.now() > end) return false;
      on_to_next_event();
    }
    return true;
  }

  VirtualClock& clock_ = process_clock();
  LwipConnection peer_;

 private:
  using Wire = sim::LossyWire<sim::MemoryPort, sim::MemoryPort>;

  /// Everything that can happen now.
  void settle() {
    while (ours_.net.poll(32) + lwip_.poll(32) + wire_->pump(clock_.now()) != 0 || flush()) {
    }
  }
  void on_to_next_event() {
    const Nanos next = std::min(
        {wire_->next_event(), ours_.net.next_deadline(), clock_.now() + LwipHost::sleep_time()});
    if (next > clock_.now()) clock_.advance_to(next);
    ours_.net.housekeep(clock_.now());
    LwipHost::housekeep();
  }
  bool flush() {
    bool moved = peer_.flush();
    std::string& out = handler().outbox;
    const usize bytes = handler().conn == kNoConn
                            ? 0
                            : std::min<usize>(tcp().send_space(handler().conn), out.size());
    if (bytes != 0 &&
        tcp().send(handler().conn, as_bytes(std::string_view(out).substr(0, bytes)))) {
      out.erase(0, bytes);
      moved = true;
    }
    return moved;
  }
  void expect_good_frames() {
    const NetCounters& c = ours_.net.counters();
    EXPECT_EQ(c.rx_bad_tcp_checksum + c.rx_bad_ip_checksum + c.rx_malformed, 0u);
  }

  Host<StreamHandler> ours_;
  sim::MemoryPort wire_ours_, wire_lwip_;
  std::unique_ptr<Wire> wire_;
  LwipHost lwip_;  // ends first: it resets what is still open

 protected:
  [[nodiscard]] u64 dropped() const { return wire_->a_to_b().dropped + wire_->b_to_a().dropped; }
  ConnId connect(u16 port) { return tcp().connect(ipv4(10, 0, 0, 2), port); }
  void expect_nothing_sent_twice() {
    EXPECT_EQ(counters().retransmitted_bytes, 0u);
    EXPECT_EQ(counters().timeouts, 0u);
    EXPECT_EQ(counters().out_of_window, 0u);
  }
};

constexpr usize kMegabyte = 1U << 20;

// Our client, lwIP's listener.

TEST_F(LwipPeer, EchoesAMegabyteToOurClient) {
  const u16 port = next_port();
  const LwipListener listener(port, peer_);
  peer_.echo = true;
  const std::string text = pattern(kMegabyte + 123);
  connect(port);
  handler().outbox = text;
  ASSERT_TRUE(run_until([&] { return handler().stream.size() == text.size(); }));
  EXPECT_TRUE(handler().stream == text);
  expect_nothing_sent_twice();
  tcp().close(handler().conn);
  ASSERT_TRUE(run_until([&] { return peer_.peer_finished(); }));
  peer_.finish();
  ASSERT_TRUE(run_until([&] { return handler().closed != 0; }));
  EXPECT_EQ(handler().reason, TcpCloseReason::kLocalClosed);
}

TEST_F(LwipPeer, AnswersSmallMessagesOneByOne) {
  const u16 port = next_port();
  const LwipListener listener(port, peer_);
  peer_.echo = true;
  connect(port);
  std::string expected;
  for (u32 i = 0; i < 2'000; ++i) {
    const std::string text = pattern(1 + i % 97, i);
    expected += text;
    handler().outbox += text;
    ASSERT_TRUE(run_until([&] { return handler().stream.size() == expected.size(); })) << i;
  }
  EXPECT_TRUE(handler().stream == expected);
  expect_nothing_sent_twice();
}

TEST_F(LwipPeer, LwipClosesFirst) {
  const u16 port = next_port();
  const LwipListener listener(port, peer_);
  connect(port);
  ASSERT_TRUE(run_until([&] { return peer_.connected(); }));
  peer_.outbox = "goodbye";
  ASSERT_TRUE(run_until([&] { return handler().stream == "goodbye"; }));
  peer_.finish();
  ASSERT_TRUE(run_until([&] { return handler().closed != 0 && tcp().open_count() == 0; }));
  EXPECT_EQ(handler().reason, TcpCloseReason::kPeerClosed);
  EXPECT_TRUE(run_until([&] { return peer_.peer_finished(); })) << "our FIN followed";
}

TEST_F(LwipPeer, LwipResets) {
  const u16 port = next_port();
  const LwipListener listener(port, peer_);
  connect(port);
  ASSERT_TRUE(run_until([&] { return peer_.connected(); }));
  peer_.abort();
  ASSERT_TRUE(run_until([&] { return handler().closed != 0; }));
  EXPECT_EQ(handler().reason, TcpCloseReason::kReset);
  EXPECT_EQ(tcp().open_count(), 0u);
}

TEST_F(LwipPeer, NobodyListensAtLwip) {
  connect(next_port());
  ASSERT_TRUE(run_until([&] { return handler().closed != 0; }));
  EXPECT_EQ(handler().reason, TcpCloseReason::kRefused);
}

TEST_F(LwipPeer, ASlowReaderIsProbedAndGetsEverythingInTheEnd) {
  const u16 port = next_port();
  const LwipListener listener(port, peer_);
  peer_.reads = false;
  const std::string text = pattern(400'000);
  connect(port);
  handler().outbox = text;
  ASSERT_TRUE(run_until([&] { return counters().window_probes >= 4; }));
  EXPECT_LT(peer_.stream.size(), text.size());
  peer_.reads = true;
  peer_.read();
  ASSERT_TRUE(run_until([&] { return peer_.stream.size() == text.size(); }));
  EXPECT_TRUE(peer_.stream == text);
}

// lwIP's client, our listener.

TEST_F(LwipPeer, EchoesAMegabyteToLwipsClient) {
  const u16 port = next_port();
  tcp().listen(port);
  handler().echo = true;
  const std::string text = pattern(kMegabyte + 321);
  peer_.connect(ipv4(10, 0, 0, 1), port);
  peer_.outbox = text;
  ASSERT_TRUE(run_until([&] { return peer_.stream.size() == text.size(); }));
  EXPECT_TRUE(peer_.stream == text);
  expect_nothing_sent_twice();
  peer_.finish();
  ASSERT_TRUE(run_until([&] { return handler().closed != 0; }));
  EXPECT_EQ(handler().reason, TcpCloseReason::kPeerClosed);
}

TEST_F(LwipPeer, SmallMessagesOfLwipAreAnswered) {
  const u16 port = next_port();
  tcp().listen(port);
  handler().echo = true;
  peer_.connect(ipv4(10, 0, 0, 1), port);
  std::string expected;
  for (u32 i = 0; i < 2'000; ++i) {
    const std::string text = pattern(1 + i % 97, i);
    expected += text;
    peer_.outbox += text;
    ASSERT_TRUE(run_until([&] { return peer_.stream.size() == expected.size(); })) << i;
  }
  EXPECT_TRUE(peer_.stream == expected);
  expect_nothing_sent_twice();
}

TEST_F(LwipPeer, WeCloseFirstAndStillTakeWhatComes) {
  const u16 port = next_port();
  tcp().listen(port);
  peer_.connect(ipv4(10, 0, 0, 1), port);
  ASSERT_TRUE(run_until([&] { return handler().accepted != 0 && peer_.connected(); }));
  EXPECT_TRUE(tcp().send(handler().conn, as_bytes("thanks")));
  tcp().close(handler().conn);
  ASSERT_TRUE(run_until([&] { return peer_.peer_finished(); }));
  EXPECT_EQ(peer_.stream, "thanks");
  peer_.outbox = "after your FIN";
  ASSERT_TRUE(run_until([&] { return handler().stream == "after your FIN"; }));
  peer_.finish();
  ASSERT_TRUE(run_until([&] { return handler().closed != 0; }));
  EXPECT_EQ(handler().reason, TcpCloseReason::kLocalClosed);
}

TEST_F(LwipPeer, WeReset) {
  const u16 port = next_port();
  tcp().listen(port);
  peer_.connect(ipv4(10, 0, 0, 1), port);
  peer_.outbox = "hello";
  ASSERT_TRUE(run_until([&] { return handler().stream == "hello"; }));
  tcp().abort(handler().conn);
  ASSERT_TRUE(run_until([&] { return peer_.error() != ERR_OK; }));
  EXPECT_EQ(peer_.error(), ERR_RST);
}

TEST_F(LwipPeer, NobodyListensHere) {
  peer_.connect(ipv4(10, 0, 0, 1), next_port());
  ASSERT_TRUE(run_until([&] { return peer_.error() != ERR_OK; }));
  EXPECT_EQ(peer_.error(), ERR_RST);
}

// A wire that loses, doubles and overtakes frames of both directions.

sim::LossyPath bad_path(u32 loss_per_million) {
  sim::LossyPath path;
  path.drop_per_million = loss_per_million;
  path.duplicate_per_million = 10'000;
  path.reorder_per_million = 10'000;
  return path;
}

TEST_F(LwipPeer, EchoesAMegabyteOverABadWireToOurClient) {
  use_cable(bad_path(10'000));
  const u16 port = next_port();
  const LwipListener listener(port, peer_);
  peer_.echo = true;
  const std::string text = pattern(kMegabyte);
  connect(port);
  handler().outbox = text;
  ASSERT_TRUE(run_until([&] { return handler().stream.size() == text.size(); }));
  EXPECT_TRUE(handler().stream == text);
  EXPECT_GT(dropped(), 5u);
  EXPECT_GT(counters().retransmitted_bytes, 0u);
}

TEST_F(LwipPeer, EchoesAMegabyteOverABadWireToLwipsClient) {
  use_cable(bad_path(50'000));
  const u16 port = next_port();
  tcp().listen(port);
  handler().echo = true;
  const std::string text = pattern(kMegabyte);
  peer_.connect(ipv4(10, 0, 0, 1), port);
  peer_.outbox = text;
  ASSERT_TRUE(run_until([&] { return peer_.stream.size() == text.size(); }));
  EXPECT_TRUE(peer_.stream == text);
  EXPECT_GT(dropped(), 20u);
  EXPECT_GT(counters().retransmitted_bytes, 0u);
}

}  // namespace
}  // namespace tradsys::net
