#pragma once
// Captured frames taken apart by our own network code, and messages counted by type.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "dataplane/net/tcp/tcp_segment.hpp"
#include "dataplane/net/udp.hpp"
#include "hostsw/wire/pcap_file.hpp"

namespace tradsys::testing {

/// The bytes a capture carries for the application, copied.
struct CapturedPayload {
  Nanos time;
  u16 vlan_id = 0;
  net::Ipv4 dst_ip;
  u16 dst_port = 0;
  usize trailing_bytes = 0;  ///< frame bytes behind the IP packet
  std::vector<std::byte> payload;
};

/// Every frame of the capture; headers, lengths and checksums must be right.
inline std::vector<CapturedPayload> captured_payloads(const std::filesystem::path& path) {
  std::vector<CapturedPayload> all;
  Result<wire::PcapReader> reader = wire::PcapReader::open(path);
  if (!reader) {
    ADD_FAILURE() << reader.error().message();
    return all;
  }
  wire::PcapFrame frame;
  wire::FileRead end{};
  while ((end = reader.value().next(frame)) == wire::FileRead::kRecord) {
    EXPECT_EQ(frame.data.size(), frame.wire_bytes) << path;
    net::EthernetFrame ethernet;
    net::Ipv4Packet ip;
    EXPECT_TRUE(net::parse_ethernet(frame.data, ethernet));
    EXPECT_EQ(ethernet.ether_type, net::kEtherTypeIpv4);
    EXPECT_EQ(net::parse_ipv4_packet(ethernet.payload, ip), net::Ipv4Fault::kNone) << path;
    Bytes payload;
    u16 dst_port = 0;
    if (ip.protocol == net::kProtocolUdp) {
      net::UdpDatagram udp;
      EXPECT_EQ(net::parse_udp(ip, true, udp), net::L4Fault::kNone) << path;
      payload = udp.payload;
      dst_port = udp.dst_port;
    } else {
      net::TcpSegment tcp;
      EXPECT_EQ(net::parse_tcp(ip, tcp), net::L4Fault::kNone) << path;
      payload = tcp.payload;
      dst_port = tcp.dst_port;
    }
    const usize ip_bytes =
        static_cast<usize>(ip.payload.data() - ethernet.payload.data()) + ip.payload.size();
    all.push_back({frame.time,
                   ethernet.vlan_id,
                   ip.dst,
                   dst_port,
                   ethernet.payload.size() - ip_bytes,
                   {payload.begin(), payload.end()}});
  }
  EXPECT_EQ(end, wire::FileRead::kEnd) << path;
  return all;
}

/// A handler of generated dispatch functions: counts each message by its type character.
struct TypeCounter {
  std::map<char, u64> count;
  template <class View>
  void on(View) {
    ++count[View::Message::kType];
  }
};

}  // namespace tradsys::testing
