// Goal: an independent dissector finds nothing wrong with the frames this stack writes, checksums
// included. Method: two hosts talk ARP, IGMP, ICMP, UDP and TCP (data, loss, close, reset; tagged
// and untagged) over wires that are tapped into a capture file; tshark judges every frame. Skipped
// where tshark is absent.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <sstream>

#include "hostsw/wire/pcap_file.hpp"
#include "tests/support/raw_peer.hpp"

namespace tradsys::net {
namespace {

/// What a command prints; empty when it cannot run.
std::string output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string text;
  char chunk[4'096];
  while (const usize count = std::fread(chunk, 1, sizeof chunk, pipe)) text.append(chunk, count);
  pclose(pipe);
  return text;
}

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

/// tshark's verdict on one frame; a checksum status is empty where the layer is absent, "1" when
/// good.
struct Verdict {
  std::string protocols, severity, ip_status, tcp_status, udp_status, igmp_status, icmp_status,
      retransmission;
};

std::vector<Verdict> judge(const std::string& path) {
  const std::string text = output_of(
      "tshark -r " + path +
      " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields"
      " -E occurrence=l -e frame.protocols -e _ws.expert.severity -e ip.checksum.status"
      " -e tcp.checksum.status -e udp.checksum.status -e igmp.checksum.status -e "
      "icmp.checksum.status"
      " -e tcp.analysis.retransmission 2>/dev/null");
  std::vector<Verdict> verdicts;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    Verdict v;
    for (std::string* field : {&v.protocols, &v.severity, &v.ip_status, &v.tcp_status,
                               &v.udp_status, &v.igmp_status, &v.icmp_status, &v.retransmission})
      std::getline(fields, *field, '\t');
    verdicts.push_back(v);
  }
  return verdicts;
}

/// Counts frames per layer; expects each to be whole and every checksum to be good.
void expect_flawless(const std::vector<Verdict>& verdicts) {
  constexpr u32 kError = 8'388'608;  // PI_ERROR of tshark's expert information; malformed is one
  std::map<std::string, u32> layers;
  u32 repeated = 0;
  for (usize i = 0; i < verdicts.size(); ++i) {
    const Verdict& v = verdicts[i];
    SCOPED_TRACE("frame " + std::to_string(i + 1) + ": " + v.protocols);
    EXPECT_EQ(v.protocols.find("malformed"), std::string::npos);
    EXPECT_LT(v.severity.empty() ? 0 : std::stoul(v.severity), kError);
    const auto check = [&](const std::string& layer, const std::string& status) {
      if (v.protocols.find(":" + layer) == std::string::npos) return;
      ++layers[layer];
      EXPECT_EQ(status, "1") << layer << " checksum";
    };
    check("ip", v.ip_status);
    check("tcp", v.tcp_status);
    check("udp", v.udp_status);
    check("igmp", v.igmp_status);
    check("icmp", v.icmp_status);
    repeated += v.retransmission.empty() ? 0U : 1U;
  }
  EXPECT_GT(layers["tcp"], 80u);
  EXPECT_EQ(layers["udp"], 2u);
  EXPECT_GE(layers["igmp"], 3u);
  EXPECT_EQ(layers["icmp"], 1u);
  EXPECT_EQ(repeated, 1u) << "the segment that met the cut wire, and no other";
}

TEST(Tshark, FindsNoFaultInOurFrames) {
  if (output_of("tshark --version 2>/dev/null").empty())
    GTEST_SKIP() << "SKIPPED: tshark is not installed (Debian package tshark)";
  for (const u16 vlan_id : {u16{0}, u16{101}}) {
    SCOPED_TRACE("vlan " + std::to_string(vlan_id));
    const std::string path = ::testing::TempDir() + "tradsys_net_" + std::to_string(getpid()) +
                             "_" + std::to_string(vlan_id) + ".pcap";
    auto capture = wire::PcapWriter::create(path);
    ASSERT_TRUE(capture.ok());
    TappedPair pair(capture.value(), vlan_id);
    talk(pair);
    ASSERT_TRUE(capture.value().close().ok());
    const std::vector<Verdict> verdicts = judge(path);
    EXPECT_EQ(verdicts.size(), pair.frames) << "tshark reads the whole file";
    expect_flawless(verdicts);
    std::remove(path.c_str());
  }
}

}  // namespace
}  // namespace tradsys::net
