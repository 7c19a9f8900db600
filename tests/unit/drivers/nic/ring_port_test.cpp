// Goal: a port of kind ring carries frames both ways unchanged, counts what it drops, and gives
// every buffer back. Method: both ends in one thread; after each test no buffer may be in use.
#include <cstring>
#include <thread>
#include <vector>

#include "drivers/nic/port.hpp"
#include "drivers/nic/steering/offer_steering.hpp"
#include "tests/support/eal_environment.hpp"

namespace tradsys::nic {
namespace {

const auto* const kEal = testing::use_eal();

// Writes a frame of `len_bytes` whose bytes follow from `seed`; false when it was not sent.
template <class End>
bool send(End& end, u32 len_bytes, u32 seed) {
  std::byte* out = end.tx_alloc();
  if (out == nullptr) return false;
  for (u32 i = 0; i < len_bytes; ++i) out[i] = static_cast<std::byte>(seed + i);
  return end.tx_send(len_bytes);
}

bool holds(const RxFrame& frame, u32 len_bytes, u32 seed) {
  if (frame.len_bytes != len_bytes) return false;
  for (u32 i = 0; i < len_bytes; ++i) {
    if (frame.data[i] != static_cast<std::byte>(seed + i)) return false;
  }
  return true;
}

template <class End>
u32 drain(End& end) {
  RxFrame frames[64];
  u32 total = 0;
  while (const u32 count = end.rx_burst(frames, 64)) {
    end.release(frames, count);
    total += count;
  }
  return total;
}

class RingPort : public ::testing::Test {
 protected:
  static Port make(u32 slots = 1'024) {
    auto port = Port::make({.name = "ring0", .rx_desc = slots, .tx_desc = slots});
    EXPECT_TRUE(port.ok()) << port.error().message();
    return std::move(port).value();
  }
  void TearDown() override { EXPECT_EQ(port_.buffers_in_use(), 0U); }

  Port port_ = make();
  WireEnd& wire_ = port_.wire_end();
};

TEST_F(RingPort, CarriesAFrameToTheFarEndUnchanged) {
  ASSERT_TRUE(send(port_, 60, 7));
  RxFrame frame;
  ASSERT_EQ(wire_.rx_burst(&frame, 1), 1U);
  EXPECT_TRUE(holds(frame, 60, 7));
  wire_.release(&frame, 1);
}

TEST_F(RingPort, ReceivesAFrameOfTheFarEndUnchanged) {
  ASSERT_TRUE(send(wire_, kTxCapacityBytes, 9));
  RxFrame frame;
  ASSERT_EQ(port_.rx_burst(&frame, 1), 1U);
  EXPECT_TRUE(holds(frame, kTxCapacityBytes, 9));
  port_.release(&frame, 1);
}

TEST_F(RingPort, KeepsTheOrderOverManyBursts) {
  RxFrame frames[32];
  u32 next = 0;
  for (u32 round = 0; round < 500; ++round) {
    for (u32 i = 0; i < 32; ++i) ASSERT_TRUE(send(wire_, 64 + i, round * 32 + i));
    const u32 count = port_.rx_burst(frames, 32);
    ASSERT_EQ(count, 32U);
    for (u32 i = 0; i < count; ++i, ++next) ASSERT_TRUE(holds(frames[i], 64 + i, next));
    port_.release(frames, count);
  }
  EXPECT_EQ(port_.counters().rx_packets, 16'000U);
  EXPECT_EQ(wire_.counters().tx_packets, 16'000U);
  EXPECT_EQ(port_.counters().rx_bytes, wire_.counters().tx_bytes);
}

TEST_F(RingPort, ReturnsNoMoreThanAskedFor) {
  for (u32 i = 0; i < 5; ++i) ASSERT_TRUE(send(wire_, 60, i));
  RxFrame frames[8];
  EXPECT_EQ(port_.rx_burst(frames, 0), 0U);
  EXPECT_EQ(port_.rx_burst(frames, 3), 3U);
  port_.release(frames, 3);
  EXPECT_EQ(port_.rx_burst(frames, 8), 2U);
  port_.release(frames, 2);
}

TEST_F(RingPort, DropsAndCountsWhenTheWireIsFull) {
  u32 sent = 0;
  while (send(port_, 60, sent)) ++sent;
  EXPECT_EQ(sent, 1'023U);  // a ring of 1024 slots holds one less
  EXPECT_EQ(port_.counters().tx_dropped, 1U);
  EXPECT_EQ(port_.counters().tx_packets, 1'023U);
  EXPECT_EQ(drain(wire_), 1'023U);
  EXPECT_TRUE(send(port_, 60, 0));
  EXPECT_EQ(drain(wire_), 1U);
}

TEST_F(RingPort, SurvivesAnExhaustedPool) {
  std::vector<RxFrame> held;
  RxFrame frame;
  while (std::byte* out = wire_.tx_alloc()) {
    out[0] = std::byte{1};
    ASSERT_TRUE(wire_.tx_send(60));
    ASSERT_EQ(port_.rx_burst(&frame, 1), 1U);
    held.push_back(frame);
  }
  EXPECT_EQ(wire_.counters().tx_no_buffer, 1U);
  EXPECT_GE(held.size(), port_.buffer_count() - 512);
  port_.release(held.data(), static_cast<u32>(held.size()));
  EXPECT_TRUE(send(wire_, 60, 0));
  EXPECT_EQ(drain(port_), 1U);
}

TEST_F(RingPort, GivesAnAbandonedBufferBack) {
  ASSERT_NE(port_.tx_alloc(), nullptr);
  port_.tx_abandon();
  port_.tx_abandon();
  ASSERT_NE(wire_.tx_alloc(), nullptr);
  wire_.tx_abandon();
}

TEST_F(RingPort, HandsTheSamePendingBufferOutUntilItIsSent) {
  std::byte* first = port_.tx_alloc();
  EXPECT_EQ(port_.tx_alloc(), first);
  ASSERT_TRUE(port_.tx_send(60));
  EXPECT_EQ(drain(wire_), 1U);
}

TEST_F(RingPort, StaysUsableAfterItMoved) {
  Port moved = std::move(port_);
  EXPECT_EQ(&moved.wire_end(), &wire_);
  ASSERT_TRUE(send(moved, 60, 1));
  EXPECT_EQ(drain(wire_), 1U);
  port_ = std::move(moved);
}

TEST_F(RingPort, CarriesFramesBetweenTwoThreads) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the order of the two threads is made inside DPDK's library, which is not "
                  "instrumented: ThreadSanitizer cannot see it";
#endif
  constexpr u32 kFrames = 50'000;
  std::thread echo([&] {
    RxFrame frames[32];
    for (u32 done = 0; done < kFrames;) {
      const u32 count = wire_.rx_burst(frames, 32);
      for (u32 i = 0; i < count; ++i) {
        std::byte* out = nullptr;
        while ((out = wire_.tx_alloc()) == nullptr) std::this_thread::yield();
        std::memcpy(out, frames[i].data, frames[i].len_bytes);
        while (!wire_.tx_send(frames[i].len_bytes)) {
          while ((out = wire_.tx_alloc()) == nullptr) std::this_thread::yield();
          std::memcpy(out, frames[i].data, frames[i].len_bytes);
        }
      }
      wire_.release(frames, count);
      done += count;
      if (count == 0) std::this_thread::yield();
    }
  });
  u32 sent = 0;
  u32 received = 0;
  RxFrame frames[32];
  while (received < kFrames) {
    if (sent < kFrames && sent - received < 256 && send(port_, 64, sent)) ++sent;
    const u32 count = port_.rx_burst(frames, 32);
    for (u32 i = 0; i < count; ++i) ASSERT_TRUE(holds(frames[i], 64, received++));
    port_.release(frames, count);
    if (count == 0) std::this_thread::yield();
  }
  echo.join();
}

TEST(PortLife, CanBeMadeAgainUnderTheSameNameAndGivesItsMemoryBack) {
  for (u32 i = 0; i < 200; ++i) {
    auto port = Port::make({.name = "again"});
    ASSERT_TRUE(port.ok()) << "round " << i << ": " << port.error().message();
    ASSERT_TRUE(send(port.value(), 60, i));  // left in the wire on purpose
  }
}

TEST(PortLife, RefusesASecondPortOfTheSameName) {
  auto first = Port::make({.name = "twin"});
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(Port::make({.name = "twin"}).ok());
  ASSERT_TRUE(send(first.value(), 60, 1));
  EXPECT_EQ(drain(first.value().wire_end()), 1U);
}

TEST(PortLife, RefusesBadSettingsByName) {
  for (const PortConfig& config :
       {PortConfig{.name = ""}, PortConfig{.name = "Upper"}, PortConfig{.name = "sixteen_letters_"},
        PortConfig{.name = "p", .rx_desc = 1'000}, PortConfig{.name = "p", .tx_desc = 65'536},
        PortConfig{.name = "p", .mbuf_count = 10}, PortConfig{.name = "p", .kind = PortKind::kPcap},
        PortConfig{.name = "p", .kind = PortKind::kPcap, .device = "a,b"},
        PortConfig{.name = "p", .kind = PortKind::kAfPacket, .device = "no_such_if"},
        PortConfig{.name = "p", .kind = PortKind::kPci, .device = "ffff:1f:1f.7"}}) {
    auto port = Port::make(config);
    ASSERT_FALSE(port.ok());
    EXPECT_NE(port.error().where.find("port "), std::string::npos);
    EXPECT_FALSE(port.error().remedy.empty()) << port.error().message();
  }
}

TEST(PortLife, KeepsTheConfiguredAddress) {
  const MacAddress mac{0x02, 0, 0, 0, 0, 0x17};
  auto port = Port::make({.name = "mac", .mac = mac});
  ASSERT_TRUE(port.ok());
  EXPECT_EQ(port.value().mac(), mac);
  EXPECT_EQ(port.value().name(), "mac");
}

TEST(PortLife, FallsBackToSoftwareSteeringWhereTheDeviceHasNoFilters) {
  auto port = Port::make({.name = "steer"});
  ASSERT_TRUE(port.ok());
  auto plan = SteeringPlan::make({{0xEF01'0101, 26'477, 0}}, {{0x0A4D'0002, 40'001, 0, 0, 0}});
  ASSERT_TRUE(plan.ok());
  const SteeringReport report = offer_steering(port.value(), plan.value());
  EXPECT_EQ(report.hardware_rules, 0U);
  EXPECT_EQ(report.software_rules, 2U);
  EXPECT_NE(report.reason.find("port steer: "), std::string::npos);
  EXPECT_GT(report.reason.size(), 15U) << report.reason;
}

TEST(EalLife, IsStartedOncePerProcess) {
  ASSERT_TRUE(Eal::ready());
  const Status second = Eal::init({});
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message().find("already"), std::string::npos);
}

TEST(EalLife, GivesAnyThreadADpdkIdentityOnceAndAgain) {
  std::thread([] {
    const Status first = Eal::register_thread();
    EXPECT_TRUE(first.ok());
    EXPECT_TRUE(Eal::register_thread().ok());
  }).join();
}

TEST(PortKindNames, AreReadBackAsWritten) {
  for (const PortKind kind : {PortKind::kRing, PortKind::kShm, PortKind::kPcap, PortKind::kAfPacket,
                              PortKind::kAfXdp, PortKind::kPci}) {
    PortKind read = PortKind::kRing;
    EXPECT_TRUE(parse_port_kind(to_string(kind), read));
    EXPECT_EQ(read, kind);
  }
  PortKind untouched = PortKind::kPci;
  EXPECT_FALSE(parse_port_kind("token ring", untouched));
  EXPECT_EQ(untouched, PortKind::kPci);
}

TEST(EalLife, RefusesMemoryOutOfRange) {
  EXPECT_FALSE(Eal::init({.memory_mib = 4}).ok());
  EXPECT_FALSE(Eal::init({.log_level = 0}).ok());
}

TEST(EalLife, LeavesPciAloneUnlessADeviceIsNamed) {
  const auto plain = Eal::arguments({}, 0);
  EXPECT_NE(std::find(plain.begin(), plain.end(), "--no-pci"), plain.end());
  const auto named = Eal::arguments({.pci_devices = {"0000:81:00.0"}}, 0);
  EXPECT_EQ(std::find(named.begin(), named.end(), "--no-pci"), named.end());
  EXPECT_NE(std::find(named.begin(), named.end(), "0000:81:00.0"), named.end());
}

}  // namespace
}  // namespace tradsys::nic
