#pragma once
// The far end of a cable as a script: writes segments field by field and reads what the stack
// answers.
#include <gtest/gtest.h>

#include <optional>

#include "tests/support/net/segment_writer.hpp"
#include "tests/support/net_pair.hpp"

namespace tradsys::net {

/// A segment that the stack has sent, with its payload kept.
struct SentSegment {
  TcpSegment head;
  std::string payload;
};

/// The stack under test is host 10.0.0.1; the script plays 10.0.0.2, known to it by a static
/// neighbour.
template <class Handler = RecordingHandler>
struct BasicScripted {
  static constexpr u16 kOwnPort = 7001;  ///< the stack's, in passive tests
  static constexpr u16 kPeerPort = 50'000;  ///< the script's

  explicit BasicScripted(NetConfig config = host_config(1)) : host(clock, config) {
    clock.advance_to(kSecond);
    sim::MemoryPort::join(host.port, wire);
    host.net.add_static_neighbour(ipv4(10, 0, 0, 2), {0x020000000002});
  }

  void send_frame(Bytes frame) {
    std::byte* out = wire.tx_alloc();
    ASSERT_NE(out, nullptr);
    std::memcpy(out, frame.data(), frame.size());
    wire.tx_send(static_cast<u32>(frame.size()));
  }
  /// Writes a segment from the peer and lets the stack handle it.
  void peer(const SegmentFields& f) {
    queue(f);
    host.net.poll(32);
  }
  /// Writes a segment that the next poll finds together with others.
  void queue(const SegmentFields& f) {
    const auto tcp = tcp_bytes(ipv4(10, 0, 0, 2), peer_port, ipv4(10, 0, 0, 1), own_port, f);
    send_frame(ip_frame({0x020000000001}, {0x020000000002},
                        {ipv4(10, 0, 0, 2), ipv4(10, 0, 0, 1), kProtocolTcp}, tcp));
  }
  /// The next TCP segment that the stack sent; nothing when it sent none.
  std::optional<SentSegment> next() {
    nic::RxFrame frame;
    while (wire.rx_burst(&frame, 1) == 1) {
      EthernetFrame ethernet;
      Ipv4Packet ip;
      SentSegment out;
      const bool ok = parse_ethernet({frame.data, frame.len_bytes}, ethernet) &&
                      ethernet.ether_type == kEtherTypeIpv4 &&
                      parse_ipv4_packet(ethernet.payload, ip) == Ipv4Fault::kNone &&
                      ip.protocol == kProtocolTcp;
      if (ok) {
        EXPECT_EQ(parse_tcp(ip, out.head), L4Fault::kNone) << "our own segment is malformed";
        EXPECT_EQ(ethernet.dst.v, 0x020000000002U);
        out.payload = as_text(out.head.payload);
      }
      wire.release(&frame, 1);
      if (ok) return out;
    }
    return std::nullopt;
  }
  bool silent() { return !next().has_value(); }
  /// Exactly one segment, with these flags; fails the test otherwise.
  SentSegment expect(u8 flags) {
    const auto segment = next();
    EXPECT_TRUE(segment.has_value()) << "nothing was sent";
    if (!segment) return {};
    EXPECT_EQ(+segment->head.flags, +flags);
    return *segment;
  }
  void pass(Nanos span) {
    const Nanos end = clock.now() + span;
    while (clock.now() < end) {
      clock.advance_to(std::min(end, host.net.next_deadline()));
      host.net.housekeep(clock.now());
    }
  }

  /// The stack connects to the script; afterwards `iss` is its first number and ours is 1000.
  void open_active(u16 window = 65'535, u16 mss = 1'460) {
    own_port = 40'000;
    peer_port = 7001;
    conn = host.net.tcp().connect(ipv4(10, 0, 0, 2), peer_port, own_port);
    iss = expect(kTcpSyn).head.seq;
    peer({1'000, iss + 1, kTcpSynAck, window, mss, ""});
    EXPECT_EQ(expect(kTcpAck).head.ack, 1'001u);
    snd = iss + 1;
    rcv = 1'001;
  }
  /// The script connects to the stack's listener.
  void open_passive(u16 window = 65'535, u16 mss = 1'460, u32 peer_iss = 1'000) {
    host.net.tcp().listen(kOwnPort);
    peer({peer_iss, 0, kTcpSyn, window, mss, ""});
    const SentSegment reply = expect(kTcpSynAck);
    EXPECT_EQ(reply.head.ack, peer_iss + 1);
    iss = reply.head.seq;
    peer({peer_iss + 1, iss + 1, kTcpAck, window, 0, ""});
    EXPECT_EQ(host.handler.accepted.size(), 1u);
    conn = host.handler.accepted.empty() ? kNoConn : host.handler.accepted.back();
    snd = iss + 1;
    rcv = peer_iss + 1;
  }
  auto& tcp() { return host.net.tcp(); }
  bool send(std::string_view text) { return tcp().send(conn, as_bytes(text)); }

  VirtualClock clock;
  sim::MemoryPort wire;
  Host<Handler> host;
  ConnId conn{};
  u16 own_port = kOwnPort;
  u16 peer_port = kPeerPort;
  u32 iss = 0;  ///< the stack's first sequence number
  u32 snd = 0;  ///< next number of the stack's stream, as the script counts it
  u32 rcv = 0;  ///< next number of the script's stream
};
using Scripted = BasicScripted<>;

}  // namespace tradsys::net
