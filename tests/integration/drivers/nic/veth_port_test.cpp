// Goal: ports of kind af_packet and af_xdp carry frames to and from a kernel interface.
// Method: a veth pair in a network namespace of the test's own; the port has one end, a packet
// socket the other. Skips, and says why, where the kernel does not allow that.
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "drivers/nic/port.hpp"
#include "hostsw/core/bytes.hpp"
#include "tests/support/eal_environment.hpp"

namespace tradsys::nic {
namespace {

constexpr u16 kEtherType = 0x88B5;  // reserved for local experiments: no stack answers it

bool run(const char* command) { return std::system(command) == 0; }

// Moves this process into a network namespace with the pair vta <-> vtb, up. Empty when it worked.
std::string make_pair() {
  if (unshare(CLONE_NEWNET) != 0) return "no permission for a network namespace (CAP_SYS_ADMIN)";
  if (!run("ip link add vta numrxqueues 1 numtxqueues 1 type veth peer name vtb numrxqueues 1 "
           "numtxqueues 1 2>/dev/null")) {
    return "cannot create a veth pair (ip, or the kernel's veth, is missing)";
  }
  run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 2>/dev/null");
  return run("ip link set vta up && ip link set vtb up") ? "" : "cannot set the pair up";
}

// The far end: a packet socket on vtb that sees only our own ether type.
class PacketSocket {
 public:
  PacketSocket() : socket_(socket(AF_PACKET, SOCK_RAW, htons(kEtherType))) {
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(kEtherType);
    address.sll_ifindex = static_cast<int>(if_nametoindex("vtb"));
    bound_ = bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    timeval limit{.tv_sec = 5, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  PacketSocket(const PacketSocket&) = delete;
  PacketSocket& operator=(const PacketSocket&) = delete;
  ~PacketSocket() { close(socket_); }

  [[nodiscard]] bool bound() const { return bound_; }
  bool send(const std::vector<std::byte>& frame) const {
    return ::send(socket_, frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size());
  }
  [[nodiscard]] std::vector<std::byte> receive() const {
    std::vector<std::byte> frame(2'048);
    const ssize_t bytes = recv(socket_, frame.data(), frame.size(), 0);
    frame.resize(bytes < 0 ? 0 : static_cast<usize>(bytes));
    return frame;
  }

 private:
  int socket_;
  bool bound_ = false;
};

std::vector<std::byte> frame_of(u32 len_bytes, u32 number) {
  std::vector<std::byte> frame(len_bytes, static_cast<std::byte>(number));
  std::memset(frame.data(), 0xFF, 6);
  const u8 source[] = {0x02, 0, 0, 0, 0, 1};
  std::memcpy(frame.data() + 6, source, 6);
  store_be16(frame.data() + 12, kEtherType);
  return frame;
}

bool send(Port& port, const std::vector<std::byte>& frame) {
  std::byte* out = port.tx_alloc();
  if (out == nullptr) return false;
  std::memcpy(out, frame.data(), frame.size());
  return port.tx_send(static_cast<u32>(frame.size()));
}

// The next frame of our ether type, or nothing after five seconds.
std::vector<std::byte> receive(Port& port) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (std::chrono::steady_clock::now() < limit) {
    RxFrame frame;
    if (port.rx_burst(&frame, 1) == 0) {
      std::this_thread::yield();
      continue;
    }
    std::vector<std::byte> copy(frame.data, frame.data + frame.len_bytes);
    port.release(&frame, 1);
    if (copy.size() >= 14 && load_be16(copy.data() + 12) == kEtherType) return copy;
  }
  return {};
}

void exchange(PortKind kind) {
  auto made = Port::make({.name = "veth", .kind = kind, .device = "vta"});
  if (!made && kind == PortKind::kAfXdp) GTEST_SKIP() << "SKIPPED: " << made.error().message();
  ASSERT_TRUE(made.ok()) << made.error().message();
  Port port = std::move(made).value();
  const PacketSocket far;
  ASSERT_TRUE(far.bound());
  for (u32 i = 0; i < 200; ++i) {
    const u32 len_bytes = 60 + (i * 37) % 1'455;
    const auto frame = frame_of(len_bytes, i);
    ASSERT_TRUE(send(port, frame)) << i;
    ASSERT_EQ(far.receive(), frame) << "sent by the port, " << len_bytes << " bytes";
    ASSERT_TRUE(far.send(frame)) << i;
    ASSERT_EQ(receive(port), frame) << "received by the port, " << len_bytes << " bytes";
  }
  ASSERT_TRUE(send(port, frame_of(20, 1)));
  EXPECT_EQ(far.receive().size(), 60U) << "short frames are padded to Ethernet's minimum";
}

// Before DPDK starts its threads, so that they live in the namespace too.
const std::string kReason = make_pair();
const auto* const kEal = testing::use_eal();

class VethPort : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!kReason.empty()) GTEST_SKIP() << "SKIPPED: " << kReason;
  }
};

TEST_F(VethPort, CarriesFramesThroughPacketSockets) { exchange(PortKind::kAfPacket); }
TEST_F(VethPort, CarriesFramesThroughAfXdp) { exchange(PortKind::kAfXdp); }

TEST_F(VethPort, CanOpenTheSameInterfaceAgain) {
  for (u32 i = 0; i < 3; ++i) exchange(PortKind::kAfPacket);
}

}  // namespace
}  // namespace tradsys::nic
