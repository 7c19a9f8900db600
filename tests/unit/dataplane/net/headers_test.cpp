// Goal: headers are read and written exactly, and nothing short, contradictory or damaged gets
// through. Method: hand-made frames, the checksum against the obvious algorithm, truncation at
// every byte.
#include "dataplane/net/headers.hpp"

#include <gtest/gtest.h>

#include "dataplane/net/icmp.hpp"
#include "dataplane/net/tcp/tcp_isn.hpp"
#include "hostsw/core/random.hpp"
#include "tests/support/raw_peer.hpp"

namespace tradsys::net {
namespace {

/// The checksum as RFC 1071 writes it, in network order.
u16 obvious_checksum(Bytes data) {
  u32 sum = 0;
  for (usize i = 0; i < data.size(); i += 2) {
    const u32 low = i + 1 < data.size() ? load_u8(data.data() + i + 1) : 0;
    sum += (u32{load_u8(data.data() + i)} << 8) + low;
    sum = (sum & 0xFFFF) + (sum >> 16);
  }
  return static_cast<u16>(~sum);
}

TEST(Checksum, EqualsTheObviousOneForEveryLengthAndAlignment) {
  Random random(7);
  std::array<std::byte, 1'600> data;
  for (auto& b : data) b = static_cast<std::byte>(random.next());
  for (usize size = 0; size < 1'500; ++size) {
    const Bytes part{data.data() + size % 9, size};
    const u16 sum = checksum_finish(checksum_add(0, part.data(), part.size()));
    ASSERT_EQ(__builtin_bswap16(sum), obvious_checksum(part)) << size;
  }
}

TEST(Checksum, AllOnesDoNotOverflow) {
  std::array<std::byte, 1'500> data;
  data.fill(std::byte{0xFF});
  EXPECT_EQ(checksum_finish(checksum_add(0xFFFF'FFFF, data.data(), data.size())), 0);
}

TEST(Checksum, IncrementalUpdateStaysValid) {
  Random random(8);
  for (int i = 0; i < 10'000; ++i) {
    std::array<std::byte, 20> data{};
    if (i > 0)
      for (auto& b : data) b = static_cast<std::byte>(random.next());
    store_be16(data.data() + 4, 0x0800);
    checksum_store(data.data() + 10, 0);
    const u16 before = checksum_finish(checksum_add(0, data.data(), 20));
    const u16 old_word = checksum_load(data.data() + 4);
    store_be16(data.data() + 4, i == 0 ? u16{0} : static_cast<u16>(random.next()));
    const u16 after = checksum_update(before, old_word, checksum_load(data.data() + 4));
    checksum_store(data.data() + 10, after);
    ASSERT_TRUE(checksum_valid(checksum_add(0, data.data(), 20))) << i;
  }
}

TEST(Headers, EthernetIsReadWithAndWithoutATag) {
  std::array<std::byte, 64> frame{};
  EXPECT_EQ(write_ethernet(frame.data(), {0x01005E000001}, {0x02AABBCCDDEE}, 0, 0x0800), 14u);
  EthernetFrame e;
  ASSERT_TRUE(parse_ethernet(frame, e));
  EXPECT_EQ(e.dst.v, 0x01005E000001u);
  EXPECT_EQ(e.src.v, 0x02AABBCCDDEEu);
  EXPECT_EQ(e.ether_type, 0x0800);
  EXPECT_EQ(e.payload.size(), 50u);
  EXPECT_EQ(write_ethernet(frame.data(), {1}, {2}, 101, 0x0806), 18u);
  ASSERT_TRUE(parse_ethernet(frame, e));
  EXPECT_EQ(e.vlan_id, 101);
  EXPECT_EQ(e.ether_type, 0x0806);
  EXPECT_EQ(e.payload.size(), 46u);
  for (usize size = 0; size < 18; ++size)
    EXPECT_FALSE(parse_ethernet({frame.data(), size}, e)) << size;
}

/// A correct packet of 28 bytes, to be damaged.
struct Packet {
  Packet() {
    write_ipv4(bytes.data(), {ipv4(10, 0, 0, 2), ipv4(10, 0, 0, 1), kProtocolUdp, 64, 8, false});
  }
  Ipv4Fault parse(usize size = 46) { return parse_ipv4_packet({bytes.data(), size}, out); }
  void refresh() {
    checksum_store(bytes.data() + 10, 0);
    const usize header = (load_u8(bytes.data()) & 15U) * 4U;
    checksum_store(bytes.data() + 10, checksum_finish(checksum_add(0, bytes.data(), header)));
  }
  std::array<std::byte, 64> bytes{};
  Ipv4Packet out;
};

TEST(Headers, Ipv4TrustsItsOwnLengthAndNotTheFrames) {
  Packet p;
  ASSERT_EQ(p.parse(), Ipv4Fault::kNone);
  EXPECT_EQ(p.out.payload.size(), 8u) << "padding is cut off";
  EXPECT_EQ(p.out.src, ipv4(10, 0, 0, 2));
  EXPECT_EQ(p.out.dst, ipv4(10, 0, 0, 1));
  for (usize size = 0; size < 28; ++size) EXPECT_EQ(p.parse(size), Ipv4Fault::kTruncated) << size;
  EXPECT_EQ(p.parse(28), Ipv4Fault::kNone);
}

TEST(Headers, Ipv4RefusesWhatContradictsItself) {
  Packet p;
  store_u8(p.bytes.data(), 0x65);
  EXPECT_EQ(p.parse(), Ipv4Fault::kMalformed) << "version 6";
  store_u8(p.bytes.data(), 0x44);
  EXPECT_EQ(p.parse(), Ipv4Fault::kMalformed) << "header of 16 bytes";
  store_u8(p.bytes.data(), 0x45);
  store_be16(p.bytes.data() + 2, 19);
  EXPECT_EQ(p.parse(), Ipv4Fault::kMalformed) << "total length below the header's";
}

TEST(Headers, Ipv4RefusesDamageFragmentsAndOptions) {
  for (u32 bit = 0; bit < 160; ++bit) {
    Packet p;
    p.bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_NE(p.parse(), Ipv4Fault::kNone) << "bit " << bit;
  }
  Packet p;
  store_be16(p.bytes.data() + 6, 0x2000);
  p.refresh();
  EXPECT_EQ(p.parse(), Ipv4Fault::kFragment) << "more fragments";
  store_be16(p.bytes.data() + 6, 0x0001);
  p.refresh();
  EXPECT_EQ(p.parse(), Ipv4Fault::kFragment) << "an offset";
  store_be16(p.bytes.data() + 6, 0x4000);
  store_u8(p.bytes.data(), 0x46);
  p.refresh();
  EXPECT_EQ(p.parse(), Ipv4Fault::kOptions);
  store_u8(p.bytes.data() + 9, kProtocolIgmp);
  p.refresh();
  EXPECT_EQ(p.parse(), Ipv4Fault::kNone) << "router alert";
  EXPECT_EQ(p.out.payload.size(), 4u);
}

struct Datagram {
  explicit Datagram(usize payload_bytes) : l4(8 + payload_bytes) {
    for (usize i = 8; i < l4.size(); ++i) l4[i] = static_cast<std::byte>(i * 7);
    const Ipv4Fields ip{ipv4(10, 0, 0, 2), ipv4(10, 0, 0, 1)};
    write_udp(l4.data(), ip, 1'000, 2'000, static_cast<u32>(payload_bytes));
  }
  L4Fault parse(usize size, bool verify = true) {
    Ipv4Packet ip;
    ip.src = ipv4(10, 0, 0, 2);
    ip.dst = ipv4(10, 0, 0, 1);
    ip.payload = Bytes{l4}.first(size);
    return parse_udp(ip, verify, out);
  }
  std::vector<std::byte> l4;
  UdpDatagram out;
};

TEST(Headers, UdpIsReadCompletelyOrNotAtAll) {
  Datagram d(33);
  ASSERT_EQ(d.parse(41), L4Fault::kNone);
  EXPECT_EQ(d.out.src_port, 1'000);
  EXPECT_EQ(d.out.dst_port, 2'000);
  EXPECT_EQ(d.out.payload.size(), 33u);
  for (usize size = 0; size < 41; ++size) EXPECT_EQ(d.parse(size), L4Fault::kTruncated) << size;
  store_be16(d.l4.data() + 4, 7);
  EXPECT_EQ(d.parse(41), L4Fault::kMalformed);
}

TEST(Headers, UdpChecksumIsVerifiedUnlessAbsentOrSwitchedOff) {
  Datagram d(33);
  d.l4[20] ^= std::byte{1};
  EXPECT_EQ(d.parse(41), L4Fault::kChecksum);
  EXPECT_EQ(d.parse(41, false), L4Fault::kNone);
  store_be16(d.l4.data() + 6, 0);
  EXPECT_EQ(d.parse(41), L4Fault::kNone) << "zero means none (RFC 768)";
}

TEST(Headers, UdpNeverWritesAZeroChecksum) {
  for (u32 value = 0; value < 65'536; ++value) {
    Datagram d(2);
    store_be16(d.l4.data() + 8, static_cast<u16>(value));
    write_udp(d.l4.data(), {ipv4(10, 0, 0, 2), ipv4(10, 0, 0, 1)}, 1'000, 2'000, 2);
    ASSERT_NE(load_be16(d.l4.data() + 6), 0);
    ASSERT_EQ(d.parse(10), L4Fault::kNone);
  }
}

L4Fault parse_segment(Bytes l4, TcpSegment& out) {
  Ipv4Packet ip;
  ip.src = ipv4(10, 0, 0, 2);
  ip.dst = ipv4(10, 0, 0, 1);
  ip.payload = l4;
  return parse_tcp(ip, out);
}

std::vector<std::byte> sample_segment() {
  return tcp_bytes(ipv4(10, 0, 0, 2), 5, ipv4(10, 0, 0, 1), 6,
                   {0x01020304, 0x05060708, kTcpSyn, 0x0910, 1'460, "payload"});
}

void refresh_tcp(std::vector<std::byte>& l4) {
  checksum_store(l4.data() + 16, 0);
  const u64 pseudo = pseudo_header_sum(ipv4(10, 0, 0, 2).v, ipv4(10, 0, 0, 1).v, kProtocolTcp,
                                       static_cast<u32>(l4.size()));
  checksum_store(l4.data() + 16, checksum_finish(checksum_add(pseudo, l4.data(), l4.size())));
}

TEST(Headers, TcpIsReadAndEveryTruncationAndBitErrorRefused) {
  const auto good = sample_segment();
  TcpSegment t;
  ASSERT_EQ(parse_segment(good, t), L4Fault::kNone);
  EXPECT_EQ(t.seq, 0x01020304u);
  EXPECT_EQ(t.ack, 0x05060708u);
  EXPECT_EQ(t.window, 0x0910);
  EXPECT_EQ(t.mss, 1'460);
  EXPECT_EQ(as_text(t.payload), "payload");
  EXPECT_EQ(t.length(), 8u) << "the SYN counts";
  for (usize size = 0; size < good.size(); ++size)
    EXPECT_NE(parse_segment(Bytes{good}.first(size), t), L4Fault::kNone) << size;
  for (usize bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_NE(parse_segment(bad, t), L4Fault::kNone) << "bit " << bit;
  }
}

TEST(Headers, TcpRefusesHeadersAndOptionsThatRunOver) {
  TcpSegment t;
  for (const auto& [offset, value] :
       {std::pair{12, 0x40}, {12, 0xF0}, {21, 1}, {21, 0}, {21, 40}}) {
    auto bad = sample_segment();
    bad[static_cast<usize>(offset)] = static_cast<std::byte>(value);
    refresh_tcp(bad);
    EXPECT_NE(parse_segment(bad, t), L4Fault::kNone) << offset << "=" << value;
  }
  auto unknown = sample_segment();
  store_be32(unknown.data() + 20, 0xFE04'0000);
  refresh_tcp(unknown);
  EXPECT_EQ(parse_segment(unknown, t), L4Fault::kNone) << "unknown options are skipped";
  store_be32(unknown.data() + 20, 0x0101'0100);
  refresh_tcp(unknown);
  EXPECT_EQ(parse_segment(unknown, t), L4Fault::kNone) << "padding";
  EXPECT_EQ(t.mss, 0);
}

TEST(Headers, EchoRepliesHaveAValidChecksum) {
  Random random(9);
  for (usize size = 8; size < 200; ++size) {
    std::vector<std::byte> request(size), reply(size);
    if (size > 8)  // the shortest one is all zero but for its type
      for (auto& b : request) b = static_cast<std::byte>(random.next());
    store_be32(request.data(), 0x0800'0000);
    checksum_store(request.data() + 2, checksum_finish(checksum_add(0, request.data(), size)));
    ASSERT_EQ(classify_icmp(request), IcmpKind::kEchoRequest);
    write_echo_reply(reply.data(), request);
    EXPECT_EQ(load_u8(reply.data()), kIcmpEchoReply);
    EXPECT_TRUE(checksum_valid(checksum_add(0, reply.data(), size))) << size;
  }
}

TEST(Addresses, TextFormsAreReadStrictly) {
  EXPECT_EQ(parse_ipv4("10.1.2.3"), ipv4(10, 1, 2, 3));
  for (const char* bad :
       {"", "10", "10.1.2", "10.1.2.", "10.1.2.3.4", "10.1.2.256", "10.1.2.x", " 10.1.2.3"})
    EXPECT_FALSE(parse_ipv4(bad)) << bad;
  EXPECT_EQ(to_string(ipv4(239, 1, 2, 3)), "239.1.2.3");
  for (const char* bad : {"", "02:00:00:00:00", "02:00:00:00:00:0g", "02-00-00-00-00-01"})
    EXPECT_FALSE(parse_mac(bad)) << bad;
  EXPECT_EQ(to_string(*parse_mac("02:0A:00:00:00:ff")), "02:0a:00:00:00:ff");
}

TEST(InitialSequence, IsSipHashPlusAClock) {
  EXPECT_EQ(siphash(0x0706050403020100, 0x0f0e0d0c0b0a0908, 0x0706050403020100),
            0x93f5f5799a932462U)
      << "the authors' test vector";
  EXPECT_EQ(initial_sequence(1, 2, {4'000'000}) - initial_sequence(1, 2, {0}), 1'000u);
  EXPECT_NE(initial_sequence(1, 2, {0}), initial_sequence(2, 2, {0}));
}

TEST(Config, RefusesWhatCannotWorkAndSaysWhere) {
  EXPECT_TRUE(validate(host_config(1)).ok());
  const auto where = [](auto change) {
    NetConfig config = host_config(1);
    change(config);
    const Status status = validate(config);
    return status.ok() ? std::string("accepted") : status.error().where;
  };
  EXPECT_EQ(where([](NetConfig& c) { c.mac = kBroadcastMac; }), "net.mac");
  EXPECT_EQ(where([](NetConfig& c) { c.ip = ipv4(224, 0, 0, 1); }), "net.ip");
  EXPECT_EQ(where([](NetConfig& c) { c.prefix_bits = 33; }), "net.prefix_bits");
  EXPECT_EQ(where([](NetConfig& c) { c.gateway = ipv4(10, 0, 1, 1); }), "net.gateway");
  EXPECT_EQ(where([](NetConfig& c) { c.vlan_id = 4'095; }), "net.vlan_id");
  EXPECT_EQ(where([](NetConfig& c) { c.tcp.sessions_max = 0; }), "net.tcp.sessions_max");
  EXPECT_EQ(where([](NetConfig& c) { c.tcp.send_ring_bytes = 5'000; }), "net.tcp.send_ring_bytes");
  EXPECT_EQ(where([](NetConfig& c) { c.tcp.rto_min = {0}; }), "net.tcp.rto_min");
}

}  // namespace
}  // namespace tradsys::net
