#include "sim/player/pcap_messages.hpp"

#include "dataplane/net/headers.hpp"
#include "dataplane/net/udp.hpp"

namespace tradsys::sim {

wire::FileRead PcapMessages::next(Bytes& message) {
  first_of_datagram_ = false;
  while (!packet_ || !packet_->next(message)) {
    packet_.reset();
    wire::PcapFrame frame;
    const wire::FileRead read = reader_.next(frame);
    if (read != wire::FileRead::kRecord) return read;
    if (!open_datagram(frame.data)) {
      ++other_frames_;
      continue;
    }
    time_ = frame.time;
    first_of_datagram_ = true;
  }
  return wire::FileRead::kRecord;
}

/// Sets the packet to the first message of the frame that is new.
bool PcapMessages::open_datagram(Bytes bytes) {
  net::EthernetFrame frame;
  net::Ipv4Packet ip;
  net::UdpDatagram udp;
  if (!net::parse_ethernet(bytes, frame) || frame.ether_type != net::kEtherTypeIpv4) return false;
  if (net::parse_ipv4_packet(frame.payload, ip) != net::Ipv4Fault::kNone) return false;
  if (ip.protocol != net::kProtocolUdp || !net::is_multicast(ip.dst)) return false;
  if (net::parse_udp(ip, true, udp) != net::L4Fault::kNone) return false;
  wire::MoldPacketReader packet(udp.payload);
  if (!packet.valid()) return false;
  if (packet.header().session != session_) {
    session_ = packet.header().session;
    next_sequence_ = packet.sequence();
  }
  if (packet.sequence() < next_sequence_) packet.skip(next_sequence_ - packet.sequence());
  if (packet.remaining() != 0) next_sequence_ = packet.header().next_sequence();
  packet_ = packet;
  return true;
}

}  // namespace tradsys::sim
