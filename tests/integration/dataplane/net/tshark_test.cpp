// Goal: an independent dissector finds nothing wrong with the frames this stack writes, checksums
// included. Method: two hosts talk ARP, IGMP, ICMP, UDP and TCP (data, loss, close, reset; tagged
// and untagged) over wires that are tapped into a capture file; tshark judges every frame. Skipped
// where tshark is absent.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>

#include "hostsw/wire/pcap_file.hpp"
#include "tests/support/raw_peer.hpp"
#include "tests/support/tshark.hpp"

namespace tradsys::net {
namespace {

/// Two hosts whose cable runs through a tap.
struct TappedPair {
  TappedPair(wire::PcapWriter& file, u16 vlan_id)
      : capture(file), a(clock, tagged(1, vlan_id)), b(clock, tagged(2, vlan_id)) {
    clock.advance_to(kSecond);
    sim::MemoryPort::join(a.port, tap_a);
    sim::MemoryPort::join(b.port, tap_b);
  }
  static NetConfig tagged(u8 n, u16 vlan_id) {
    NetConfig config = host_config(n);
    config.vlan_id = vlan_id;
    return config;
  }

  u32 pass(sim::MemoryPort& from, sim::MemoryPort& to) {
    nic::RxFrame frame{};
    u32 count = 0;
    for (; from.rx_burst(&frame, 1) == 1; ++count) {
      EXPECT_TRUE(capture.write(clock.now(), {frame.data, frame.len_bytes}));
      clock.advance_by(kMicrosecond);
      ++frames;
      std::byte* out = cut ? nullptr : to.tx_alloc();
      if (out != nullptr) {
        std::memcpy(out, frame.data, frame.len_bytes);
        to.tx_send(frame.len_bytes);
      }
      from.release(&frame, 1);
    }
    return count;
  }
  void settle() {
    u32 work = 1;
    while (work != 0)
      work = a.net.poll(32) + b.net.poll(32) + pass(tap_a, tap_b) + pass(tap_b, tap_a);
  }
  void wait(Nanos span) {
    const Nanos end = clock.now() + span;
    while (clock.now() < end) {
      clock.advance_to(std::min({end, a.net.next_deadline(), b.net.next_deadline()}));
      a.net.housekeep(clock.now());
      b.net.housekeep(clock.now());
      settle();
    }
  }

  wire::PcapWriter& capture;
  VirtualClock clock;
  Host<> a, b;
  sim::MemoryPort tap_a, tap_b;
  bool cut = false;
  u32 frames = 0;
};

void talk(TappedPair& w) {
  w.a.net.announce();
  EXPECT_TRUE(w.a.net.join(ipv4(239, 1, 2, 3)));
  w.wait({2'000'000'000});
  w.b.net.udp_send(ipv4(239, 1, 2, 3), 26'477, 26'478, as_bytes("odd"));
  w.b.net.udp_send(ipv4(239, 1, 2, 3), 26'477, 26'478, {});
  w.settle();
  EXPECT_EQ(w.a.handler.datagrams.size(), 2u);

  std::array<std::byte, 41> echo{};
  store_be32(echo.data(), 0x0800'0000);
  checksum_store(echo.data() + 2, checksum_finish(checksum_add(0, echo.data(), echo.size())));
  const auto ping = ip_frame(w.a.net.config().mac, w.b.net.config().mac,
                             {w.b.net.config().ip, w.a.net.config().ip, kProtocolIcmp}, echo,
                             w.a.net.config().vlan_id);
  std::memcpy(w.tap_a.tx_alloc(), ping.data(), ping.size());
  w.tap_a.tx_send(static_cast<u32>(ping.size()));
  w.settle();

  w.b.net.tcp().listen(7001);
  const ConnId conn = w.a.net.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
  w.settle();
  ASSERT_EQ(w.a.handler.connected.size(), 1u);
  for (usize size = 1; size < 1'600; size += 37) {
    EXPECT_TRUE(w.a.net.tcp().send(conn, as_bytes(std::string(size, 'o'))));
    w.settle();
  }
  w.cut = true;
  EXPECT_TRUE(w.a.net.tcp().send(conn, as_bytes("lost at first")));
  w.settle();
  w.cut = false;
  w.wait({100'000'000});
  EXPECT_EQ(w.a.net.tcp().unacknowledged(conn), 0u);
  w.a.net.tcp().close(conn);
  w.settle();
  (void)w.a.net.tcp().connect(ipv4(10, 0, 0, 2), 7'002, 40'001);
  w.settle();
  w.a.net.leave(ipv4(239, 1, 2, 3));
  w.wait({3'000'000'000});
}

// What talk() puts on the wire, one segment of it twice: the one that met the cut wire.
void expect_the_talk(const std::vector<testing::Dissection>& frames) {
  std::map<std::string, u64> layers = testing::expect_flawless(frames, 1);
  EXPECT_GT(layers["tcp"], 80U);
  EXPECT_EQ(layers["udp"], 2U);
  EXPECT_GE(layers["igmp"], 3U);
  EXPECT_EQ(layers["icmp"], 1U);
}

TEST(Tshark, FindsNoFaultInOurFrames) {
  TRADSYS_REQUIRE_TSHARK();
  for (const u16 vlan_id : {u16{0}, u16{101}}) {
    SCOPED_TRACE("vlan " + std::to_string(vlan_id));
    const std::string path = ::testing::TempDir() + "tradsys_net_" + std::to_string(getpid()) +
                             "_" + std::to_string(vlan_id) + ".pcap";
    auto capture = wire::PcapWriter::create(path);
    ASSERT_TRUE(capture.ok());
    TappedPair pair(capture.value(), vlan_id);
    talk(pair);
    ASSERT_TRUE(capture.value().close().ok());
    const std::vector<testing::Dissection> frames = testing::dissect(path, "");
    EXPECT_EQ(frames.size(), pair.frames) << "tshark reads the whole file";
    expect_the_talk(frames);
    std::remove(path.c_str());
  }
}

}  // namespace
}  // namespace tradsys::net
