// Goal: the block hands on exactly the datagrams that the software hands on, and names the same
// fault of every other frame. Method: random frames, most of them wrong in one place, with random
// stalls on both sides; each compared with dataplane/net. Seed: printed, TRADSYS_SEED overrides.
#include <gtest/gtest.h>
#include <tradsys/feed_spec.hpp>

#include <map>

#include "Vnet_udp_rx.h"
#include "tests/support/rtl/axis.hpp"
#include "tests/support/rtl/frames.hpp"
#include "tests/support/rtl/scale.hpp"
#include "tests/support/seed.hpp"

namespace tradsys {
namespace {

constexpr net::Ipv4 kGroupA{0xE900'0001};
constexpr net::Ipv4 kGroupB{0xE900'0002};
constexpr u16 kPortA = 26'477;
constexpr u16 kPortB = 26'478;
constexpr u32 kLatencyClocks = 5;

struct Outcome {
  FrameFault fault = FrameFault::kNone;
  bool line_b = false;
  std::vector<std::byte> payload;
};

FrameFault of(net::Ipv4Fault fault) {
  switch (fault) {
    case net::Ipv4Fault::kNone:
      return FrameFault::kNone;
    case net::Ipv4Fault::kTruncated:
      return FrameFault::kTruncated;
    case net::Ipv4Fault::kMalformed:
      return FrameFault::kMalformed;
    case net::Ipv4Fault::kChecksum:
      return FrameFault::kChecksum;
    case net::Ipv4Fault::kFragment:
      return FrameFault::kFragment;
    case net::Ipv4Fault::kOptions:
      return FrameFault::kOptions;
  }
  return FrameFault::kNone;
}

/// What the software makes of a frame.
Outcome by_software(Bytes bytes) {
  net::EthernetFrame frame;
  net::Ipv4Packet ip;
  net::UdpDatagram udp;
  if (!net::parse_ethernet(bytes, frame)) return {FrameFault::kTruncated, false, {}};
  if (frame.ether_type != net::kEtherTypeIpv4) return {FrameFault::kIgnored, false, {}};
  FrameFault fault = of(net::parse_ipv4_packet(frame.payload, ip));
  // The card does not look into a header with options.
  const bool whole = frame.payload.size() >= net::kIpv4Bytes && fault != FrameFault::kMalformed;
  if (whole && (load_u8(frame.payload.data()) & 0xF) > 5) fault = FrameFault::kOptions;
  if (fault != FrameFault::kNone) return {fault, false, {}};
  if (ip.protocol != net::kProtocolUdp || (ip.dst != kGroupA && ip.dst != kGroupB))
    return {FrameFault::kIgnored, false, {}};
  switch (net::parse_udp(ip, true, udp)) {
    case net::L4Fault::kNone:
      break;
    case net::L4Fault::kTruncated:
      return {FrameFault::kTruncated, false, {}};
    case net::L4Fault::kMalformed:
      return {FrameFault::kMalformed, false, {}};
    case net::L4Fault::kChecksum:
      return {FrameFault::kChecksum, false, {}};
  }
  const bool line_a = udp.dst_ip == kGroupA && udp.dst_port == kPortA;
  const bool line_b = udp.dst_ip == kGroupB && udp.dst_port == kPortB;
  if (!line_a && !line_b) return {FrameFault::kIgnored, false, {}};
  return {FrameFault::kNone, line_b, {udp.payload.begin(), udp.payload.end()}};
}

class FrameMaker {
 public:
  explicit FrameMaker(u64 seed) : random_(seed) {}

  std::vector<std::byte> next() {
    const bool b = random_.chance(500'000);
    testing::FramePlan plan{b ? kGroupB : kGroupA, b ? kPortB : kPortA};
    if (random_.below(16) == 0)
      plan.dst = net::Ipv4{0xE900'0000U + static_cast<u32>(random_.below(4))};
    if (random_.below(16) == 0) plan.dst_port = kPortA;
    if (random_.below(3) == 0) plan.vlan_id = static_cast<u16>(1 + random_.below(4094));
    plan.udp_checksum = random_.below(4) != 0;
    std::vector<std::byte> payload(random_.below(4) == 0 ? random_.below(1'473)
                                                         : random_.below(200));
    for (std::byte& x : payload) x = static_cast<std::byte>(random_.next());
    // Sums that are all ones or nearly: the corner of the folds.
    if (random_.below(8) == 0)
      for (std::byte& x : payload) x = std::byte{0xFF};
    std::vector<std::byte> frame = testing::make_frame(plan, payload);
    if (random_.below(2) == 0) spoil(frame, plan.vlan_id == net::kUntagged ? 14 : 18);
    if (frame.size() < 60 && random_.below(2) == 0) frame.resize(60);
    if (random_.below(16) == 0) frame.resize(frame.size() + 1 + random_.below(130));
    return frame;
  }

 private:
  void spoil(std::vector<std::byte>& frame, usize ip) {
    std::byte* const p = frame.data();
    switch (random_.below(11)) {
      case 0:
        flip(frame, frame.size());
        return;
      case 1:
        flip(frame, ip + 28);
        return;
      case 2:
        frame.resize(1 + random_.below(frame.size()));
        return;
      case 3:
        store_be16(p + ip + 2, near(load_be16(p + ip + 2)));
        break;
      case 4:
        store_be16(p + ip + 24, near(load_be16(p + ip + 24)));
        return;
      case 5:
        store_be16(p + ip + 6, static_cast<u16>(1U << random_.below(16)));
        break;
      case 6:
        p[ip] = static_cast<std::byte>(random_.below(3) == 0 ? random_.next()
                                                             : 0x40 + random_.below(16));
        break;
      case 7:
        p[ip + 9] = static_cast<std::byte>(random_.below(20));
        break;
      case 9:  // both lengths near their least
        store_be16(p + ip + 2, static_cast<u16>(18 + random_.below(14)));
        store_be16(p + ip + 24, static_cast<u16>(random_.below(14)));
        break;
      case 8:
        store_be16(p + ip - 2, static_cast<u16>(random_.below(2) ? 0x0806 : 0x8100));
        return;
      default:
        store_be16(p + ip + 24, static_cast<u16>(random_.next()));
        return;
    }
    testing::mend_ip_checksum(frame, ip);
  }
  void flip(std::vector<std::byte>& frame, usize below) {
    frame[random_.below(std::min(below, frame.size()))] ^=
        static_cast<std::byte>(1U << random_.below(8));
  }
  u16 near(u16 value) { return static_cast<u16>(value + random_.below(17) - 8); }

  Random random_;
};

class NetUdpRxTest : public ::testing::Test {
 protected:
  NetUdpRxTest() : seed(testing::test_seed(20'260'402)), random(seed) {
    dut.line_a_ip_i = kGroupA.v;
    dut.line_a_port_i = kPortA;
    dut.line_b_ip_i = kGroupB.v;
    dut.line_b_port_i = kPortB;
    dut.s_valid_i = 0;
    dut.m_ready_i = 1;
    dut.rst = 1;
    testing::clock(dut);
    testing::clock(dut);
    dut.rst = 0;
  }

  /// One clock; takes what is offered to the next outcome, and sends from `beats`.
  void step(bool may_send, bool may_take) {
    // A beat that was offered stays.
    offering = offering || (may_send && !beats.empty());
    dut.s_valid_i = offering;
    if (offering) {
      testing::put_bytes(dut.s_data_i, beats.front().data);
      dut.s_keep_i = beats.front().keep();
      dut.s_last_i = beats.front().last;
    }
    dut.m_ready_i = may_take;
    dut.eval();
    if (dut.m_valid_o && dut.m_ready_i) take();
    if (offering && dut.s_ready_o) {
      if (beats.front().last) sent_at.push_back(clocks);
      beats.pop_front();
      offering = false;
    }
    testing::clock(dut);
    ++clocks;
  }
  void take() {
    std::byte data[testing::kBeatBytes];
    testing::get_bytes(dut.m_data_o, data, sizeof data);
    ASSERT_LE(dut.m_bytes_o, testing::kBeatBytes);
    open.payload.insert(open.payload.end(), data, data + dut.m_bytes_o);
    if (!dut.m_last_o) return;
    open.fault = static_cast<FrameFault>(dut.m_fault_o);
    open.line_b = dut.m_line_b_o;
    seen.push_back(open);
    seen_at.push_back(clocks);
    open = {};
  }

  Vnet_udp_rx dut;
  u64 seed;
  Random random;
  std::deque<testing::Beat> beats;
  bool offering = false;
  u64 clocks = 0;
  Outcome open;
  std::deque<Outcome> seen;
  std::deque<u64> sent_at, seen_at;
};

TEST_F(NetUdpRxTest, EveryFrameIsJudgedAsTheSoftwareJudgesIt) {
  const u32 frame_count = 40'000 * testing::cosim_scale();
  FrameMaker maker(seed + 1);
  testing::Stalls sender(seed + 2);
  testing::Stalls receiver(seed + 3);
  std::deque<std::vector<std::byte>> frames;
  std::map<FrameFault, u32> faults;
  u64 payload_bytes = 0;
  for (u32 sent = 0, done = 0; done < frame_count;) {
    if (beats.size() < 4 && sent < frame_count) {
      frames.push_back(maker.next());
      testing::append_beats(frames.back(), random, beats);
      ++sent;
    }
    step(!sender.now(), !receiver.now());
    ASSERT_LT(clocks, 200ULL * frame_count) << "the card stands still";
    for (; !seen.empty(); seen.pop_front(), frames.pop_front(), ++done) {
      const Outcome expected = by_software(frames.front());
      ASSERT_EQ(seen.front().fault, expected.fault) << "frame " << done;
      ++faults[expected.fault];
      if (expected.fault != FrameFault::kNone) continue;
      ASSERT_EQ(seen.front().line_b, expected.line_b) << "frame " << done;
      ASSERT_EQ(seen.front().payload, expected.payload) << "frame " << done;
      payload_bytes += expected.payload.size();
    }
  }
  for (u32 code = 0; code < kFrameFaultCount; ++code)
    EXPECT_GT(faults[static_cast<FrameFault>(code)], 100U)
        << name_of(static_cast<FrameFault>(code));
  EXPECT_GT(payload_bytes, 1'000'000U);
}

TEST_F(NetUdpRxTest, TheLatencyIsTheSameForEveryFrameAndABeatGoesInEveryClock) {
  FrameMaker maker(seed + 1);
  u64 sent_beats = 0;
  for (u32 i = 0; i < 2'000; ++i) {
    const std::vector<std::byte> frame = maker.next();
    testing::append_beats(frame, random, beats);
  }
  sent_beats = beats.size();
  while (!beats.empty()) step(true, true);
  EXPECT_EQ(clocks, sent_beats);
  for (u32 i = 0; i < 2 * kLatencyClocks; ++i) step(false, true);
  ASSERT_EQ(sent_at.size(), seen_at.size());
  for (usize i = 0; i < sent_at.size(); ++i)
    ASSERT_EQ(seen_at[i] - sent_at[i], kLatencyClocks) << i;
}

}  // namespace
}  // namespace tradsys
