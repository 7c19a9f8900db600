// Goal: our TCP and the Linux kernel's understand each other in both roles: bulk, small messages,
// every kind of end, a peer that does not read, a wire that loses 1 %. Method: a DPDK port of the
// kind named on the command line (af_packet, af_xdp) on one end of a veth pair, kernel sockets on a
// thread at the other; streams are compared byte by byte, and neither side may see a bad checksum.
// Skipped as a whole, with the reason, where the kernel does not allow that.
#include "tests/conformance/tcp/kernel_peer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "dataplane/net/net_interface.hpp"
#include "drivers/clock/tsc_clock.hpp"
#include "drivers/nic/eal.hpp"
#include "drivers/nic/port.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::net {
namespace {

using clock::TscClock;
using testing::KernelSocket;

// Set by main(); one port for all tests, since an XDP program is not attached twice.
nic::Port* g_port = nullptr;
const TscClock* g_clock = nullptr;

/// A port that loses frames of both directions as a seed decides.
class LosingPort {
 public:
  LosingPort(nic::Port& port, u32 loss_per_million, u64 seed)
      : port_(port), random_(seed), loss_per_million_(loss_per_million) {}

  u32 rx_burst(nic::RxFrame* out, u32 max) noexcept {
    const u32 count = port_.rx_burst(out, max);
    u32 kept = 0;
    for (u32 i = 0; i < count; ++i) {
      if (lose())
        port_.release(&out[i], 1);
      else
        out[kept++] = out[i];
    }
    return kept;
  }
  void release(const nic::RxFrame* frames, u32 count) noexcept { port_.release(frames, count); }
  std::byte* tx_alloc() noexcept { return port_.tx_alloc(); }
  bool tx_send(u32 len_bytes) noexcept {
    if (!lose()) return port_.tx_send(len_bytes);
    port_.tx_abandon();
    return true;
  }
  void tx_abandon() noexcept { port_.tx_abandon(); }
  [[nodiscard]] u32 lost() const noexcept { return lost_; }

 private:
  bool lose() noexcept {
    const bool yes = random_.chance(loss_per_million_);
    lost_ += yes ? 1U : 0U;
    return yes;
  }
  nic::Port& port_;
  Random random_;
  u32 loss_per_million_;
  u32 lost_ = 0;
};

/// Writes down what it hears; sends what `outbox` holds as the ring takes it.
struct PeerHandler {
  std::string stream;
  std::string outbox;
  bool echo = false;
  ConnId conn{};
  u32 connected = 0, accepted = 0, closed = 0;
  TcpCloseReason reason{};

  void on_udp(const UdpDatagram&) {}
  void on_tcp_connected(ConnId c) { conn = c, ++connected; }
  void on_tcp_accepted(ConnId c, u16) { conn = c, ++accepted; }
  void on_tcp_closed(ConnId, TcpCloseReason why) { reason = why, ++closed; }
  void on_tcp_data(ConnId, Bytes bytes) {
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    (echo ? outbox : stream) += text;
  }
};

NetConfig stack_config() {
  NetConfig config;
  config.mac = {0x020000007701};
  config.ip = ipv4(10, 77, 0, 1);
  config.tcp.sessions_max = 8;
  return config;
}

std::string pattern(usize bytes, u32 salt = 1) {
  std::string text(bytes, '\0');
  for (usize i = 0; i < bytes; ++i) text[i] = static_cast<char>(mix64(i / 8 + salt) >> (i % 8 * 8));
  return text;
}

class KernelPeer : public ::testing::Test {
 protected:
  void SetUp() override { start(0); }
  void TearDown() override {
    ASSERT_NE(net_, nullptr);
    const NetCounters& c = net_->counters();
    EXPECT_EQ(c.rx_bad_tcp_checksum + c.rx_bad_ip_checksum + c.rx_malformed, 0u);
    EXPECT_EQ(testing::kernel_counter("Tcp", "InCsumErrors"), 0u) << "our checksums, to the kernel";
    EXPECT_EQ(testing::kernel_counter("Ip", "InHdrErrors"), 0u);
    net_.reset();
  }

  void start(u32 loss_per_million) {
    net_.reset();
    handler_ = {};
    losing_ = std::make_unique<LosingPort>(*g_port, loss_per_million, testing::test_seed(5));
    net_ = std::make_unique<Interface>(*losing_, clock_, handler_, stack_config());
  }
  auto& tcp() { return net_->tcp(); }
  static u16 next_port() {
    static u16 port = 7'000;
    return ++port;
  }

  /// Polls until `done` or for 30 s.
  template <class Done>
  bool run_until(Done&& done) {
    const Nanos give_up = clock_.now() + Nanos{30 * kSecond.v};
    while (!done()) {
      const u32 work = net_->poll(32) + flush_outbox();
      const Nanos now = clock_.now();
      if (now >= housekeep_at_) {
        net_->housekeep(now);
        housekeep_at_ = now + Nanos{1'000'000};
      }
      if (now > give_up) return false;
      if (work == 0) std::this_thread::yield();
    }
    return true;
  }
  /// Runs `kernel` on a thread of its own and the stack here until both are done.
  template <class Kernel, class Done>
  void together(Kernel&& kernel, Done&& done) {
    std::atomic<bool> finished{false};
    std::thread thread([&] {
      kernel();
      finished = true;
    });
    const bool ended = run_until([&] {
      const bool ours = done();  // always asked: it also acts
      return ours && finished;
    });
    EXPECT_TRUE(ended) << "not done in 30 s";
    thread.join();
  }
  ConnId connect(u16 port) { return tcp().connect(ipv4(10, 77, 0, 2), port); }

  const TscClock& clock_ = *g_clock;
  PeerHandler handler_;

 private:
  using Interface = NetInterface<LosingPort, TscClock, PeerHandler>;

  u32 flush_outbox() {
    std::string& out = handler_.outbox;
    usize sent = 0;
    while (sent < out.size()) {
      const usize bytes = std::min<usize>(tcp().send_space(handler_.conn), out.size() - sent);
      if (bytes == 0) break;
      EXPECT_TRUE(tcp().send(handler_.conn, std::as_bytes(std::span{out}.subspan(sent, bytes))));
      sent += bytes;
    }
    out.erase(0, sent);
    return sent == 0 ? 0 : 1;
  }

 protected:
  std::unique_ptr<LosingPort> losing_;
  std::unique_ptr<Interface> net_;

 private:
  Nanos housekeep_at_{};
};

constexpr usize kMegabyte = 1U << 20;

// Our client, the kernel's listener.

TEST_F(KernelPeer, EchoesAMegabyteToOurClient) {
  const u16 port = next_port();
  KernelSocket listener = KernelSocket::listen(port);
  const std::string text = pattern(kMegabyte + 123);
  handler_.conn = connect(port);
  handler_.outbox = text;
  bool closing = false;
  together([&] { listener.accept().echo(); },
           [&] {
             if (handler_.stream.size() == text.size() && !closing) {
               closing = true;
               tcp().close(handler_.conn);
             }
             return handler_.closed != 0;
           });
  EXPECT_TRUE(handler_.stream == text) << handler_.stream.size() << " bytes";
  EXPECT_EQ(handler_.reason, TcpCloseReason::kLocalClosed);
}

TEST_F(KernelPeer, AnswersSmallMessagesOneByOne) {
  const u16 port = next_port();
  KernelSocket listener = KernelSocket::listen(port);
  const ConnId conn = handler_.conn = connect(port);
  std::string expected;
  u32 sent = 0;
  together([&] { listener.accept().echo(); },
           [&] {
             if (handler_.connected == 0 || handler_.closed != 0) return handler_.closed != 0;
             if (handler_.stream.size() != expected.size()) return false;
             if (sent == 2'000) {
               tcp().close(conn);
               return false;
             }
             const std::string text = pattern(1 + sent % 97, sent);
             ++sent;
             expected += text;
             handler_.outbox += text;
             return false;
           });
  EXPECT_TRUE(handler_.stream == expected);
}

TEST_F(KernelPeer, TheKernelClosesFirst) {
  const u16 port = next_port();
  KernelSocket listener = KernelSocket::listen(port);
  handler_.conn = connect(port);
  bool ended = false;
  together(
      [&] {
        KernelSocket s = listener.accept();
        s.send_all("goodbye");
        s.finish();
        ended = s.at_end();
      },
      [&] { return handler_.closed != 0 && tcp().open_count() == 0; });
  EXPECT_EQ(handler_.stream, "goodbye");
  EXPECT_EQ(handler_.reason, TcpCloseReason::kPeerClosed);
  EXPECT_TRUE(ended) << "our FIN followed";
}

TEST_F(KernelPeer, TheKernelResets) {
  const u16 port = next_port();
  KernelSocket listener = KernelSocket::listen(port);
  handler_.conn = connect(port);
  together(
      [&] {
        KernelSocket s = listener.accept();
        s.send_all("so far");
        s.receive(3);
        s.reset();
      },
      [&] {
        if (handler_.stream == "so far" && handler_.outbox.empty() && handler_.closed == 0)
          handler_.outbox = "ack";
        return handler_.closed != 0;
      });
  EXPECT_EQ(handler_.reason, TcpCloseReason::kReset);
  EXPECT_EQ(tcp().open_count(), 0u);
}

TEST_F(KernelPeer, NobodyListensAtTheKernel) {
  handler_.conn = connect(next_port());
  EXPECT_TRUE(run_until([&] { return handler_.closed != 0; }));
  EXPECT_EQ(handler_.reason, TcpCloseReason::kRefused);
}

TEST_F(KernelPeer, ASlowReaderIsProbedAndGetsEverythingInTheEnd) {
  const u16 port = next_port();
  KernelSocket listener = KernelSocket::listen(port, 8'192);
  const std::string text = pattern(400'000);
  const ConnId conn = handler_.conn = connect(port);
  handler_.outbox = text;
  std::atomic<bool> may_read{false};
  std::string got;
  together(
      [&] {
        KernelSocket s = listener.accept();
        while (!may_read) std::this_thread::yield();
        got = s.receive(text.size());
      },
      [&] {
        const TcpSession* s = tcp().session(conn);
        if (s != nullptr && s->snd_wnd == 0 && tcp().counters().window_probes >= 4) may_read = true;
        return handler_.closed != 0;
      });
  EXPECT_TRUE(got == text) << got.size() << " bytes";
  EXPECT_GE(tcp().counters().window_probes, 4u);
  EXPECT_EQ(handler_.reason, TcpCloseReason::kPeerClosed) << "by the kernel, once it had it all";
}

// The kernel's client, our listener.

TEST_F(KernelPeer, EchoesAMegabyteToTheKernelsClient) {
  const u16 port = next_port();
  tcp().listen(port);
  handler_.echo = true;
  const std::string text = pattern(kMegabyte + 321);
  std::string got;
  together(
      [&] {
        KernelSocket s = KernelSocket::connect(port);
        ASSERT_EQ(s.error(), 0);
        s.send_all(text);
        got = s.receive(text.size());
      },
      [&] { return handler_.closed != 0; });
  EXPECT_TRUE(got == text) << got.size() << " bytes";
  EXPECT_EQ(handler_.reason, TcpCloseReason::kPeerClosed);
}

TEST_F(KernelPeer, SmallMessagesOfTheKernelAreAnswered) {
  const u16 port = next_port();
  tcp().listen(port);
  handler_.echo = true;
  u32 wrong = 0;
  together(
      [&] {
        KernelSocket s = KernelSocket::connect(port);
        for (u32 i = 0; i < 2'000; ++i) {
          const std::string text = pattern(1 + i % 97, i);
          s.send_all(text);
          if (s.receive(text.size()) != text) ++wrong;
        }
      },
      [&] { return handler_.closed != 0; });
  EXPECT_EQ(wrong, 0u);
}

TEST_F(KernelPeer, WeCloseFirst) {
  const u16 port = next_port();
  tcp().listen(port);
  std::string got;
  bool ended = false, closing = false;
  together(
      [&] {
        KernelSocket s = KernelSocket::connect(port);
        got = s.receive(6);
        ended = s.at_end();
        s.send_all("after your FIN");
      },
      [&] {
        if (handler_.accepted != 0 && !closing) {
          closing = true;
          EXPECT_TRUE(tcp().send(handler_.conn, std::as_bytes(std::span{"thanks", 6})));
          tcp().close(handler_.conn);
        }
        return handler_.closed != 0;
      });
  EXPECT_EQ(got, "thanks");
  EXPECT_TRUE(ended);
  EXPECT_EQ(handler_.stream, "after your FIN");
  EXPECT_EQ(handler_.reason, TcpCloseReason::kLocalClosed);
}

TEST_F(KernelPeer, WeReset) {
  const u16 port = next_port();
  tcp().listen(port);
  int error = 0;
  bool aborted = false;
  together(
      [&] {
        KernelSocket s = KernelSocket::connect(port);
        s.send_all("hello");
        s.receive(1);
        error = s.error();
      },
      [&] {
        if (handler_.stream == "hello" && !aborted) {
          aborted = true;
          tcp().abort(handler_.conn);
        }
        return aborted;
      });
  EXPECT_EQ(error, ECONNRESET);
  EXPECT_EQ(tcp().open_count(), 0u);
}

TEST_F(KernelPeer, NobodyListensHere) {
  int error = 0;
  together([&] { error = KernelSocket::connect(next_port()).error(); }, [] { return true; });
  EXPECT_EQ(error, ECONNREFUSED);
}

TEST_F(KernelPeer, TheKernelsClientMayComeBackFromTheSamePort) {
  const u16 port = next_port();
  tcp().listen(port);
  handler_.echo = true;
  for (u32 i = 1; i <= 20; ++i) {
    std::string got;
    together(
        [&] {
          KernelSocket s = KernelSocket::connect(port);
          s.send_all("again");
          got = s.receive(5);
          if (i % 2 == 0) s.reset();
        },
        [&] { return handler_.closed == i; });
    EXPECT_EQ(got, "again") << i;
  }
}

// A wire that loses frames: at our port always, in the kernel where it has netem.

TEST_F(KernelPeer, EchoesAMegabyteOverAWireThatLosesOnePercent) {
  start(10'000);
  const bool netem = testing::run_command("tc qdisc add dev vtb root netem loss 1% 2>/dev/null");
  if (!netem) std::printf("this kernel has no netem: the port alone loses frames\n");
  const u16 port = next_port();
  KernelSocket listener = KernelSocket::listen(port);
  const std::string text = pattern(kMegabyte);
  handler_.conn = connect(port);
  handler_.outbox = text;
  bool closing = false;
  together([&] { listener.accept().echo(); },
           [&] {
             if (handler_.stream.size() == text.size() && !closing) {
               closing = true;
               tcp().close(handler_.conn);
             }
             return handler_.closed != 0;
           });
  if (netem) testing::run_command("tc qdisc del dev vtb root");
  EXPECT_TRUE(handler_.stream == text) << handler_.stream.size() << " bytes";
  const TcpCounters& c = tcp().counters();
  std::printf("lost %u frames: %llu fast retransmits, %llu probes, %llu timeouts\n",
              losing_->lost(), static_cast<unsigned long long>(c.fast_retransmits),
              static_cast<unsigned long long>(c.tail_probes),
              static_cast<unsigned long long>(c.timeouts));
  EXPECT_GT(losing_->lost(), 10u);
  EXPECT_GT(c.retransmitted_bytes, 0u);
}

}  // namespace

int run_all(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  nic::PortKind kind = nic::PortKind::kAfPacket;
  if (argc > 1 && !nic::parse_port_kind(argv[1], kind)) return 2;
  const auto skip = [](const std::string& reason) {
    std::printf("SKIPPED: %s\n", reason.c_str());
    return 0;
  };
  // Before DPDK starts its threads, so that they live in the namespace too.
  if (const std::string reason = testing::make_kernel_peer(); !reason.empty()) return skip(reason);
  if (const Status s = nic::Eal::init({.memory_mib = 128}); !s) return skip(s.error().message());
  auto port = nic::Port::make({.name = "veth", .kind = kind, .device = testing::kOurInterface});
  if (!port) return skip(port.error().message());
  const auto clock = TscClock::make();
  if (!clock) return skip(clock.error().message());
  g_port = &port.value();
  g_clock = &clock.value();
  return RUN_ALL_TESTS();
}

}  // namespace tradsys::net

int main(int argc, char** argv) { return tradsys::net::run_all(argc, argv); }
