// Goal: no sequence of frames crashes an interface, and an established session survives all of
// them. Method: two hosts with an open connection; the input is cut into frames (two bytes of
// length, then the frame) that are given to one host raw, or with addresses and checksums made
// right so that they get deep into TCP. Afterwards the connection still carries bytes both ways,
// unless the input held the exact reset, FIN or bytes in order that only the real peer can know.
#include <algorithm>

#include "tests/support/net_pair.hpp"

namespace tradsys::net {
namespace {

/// Points a frame at host a and repairs its IPv4, UDP and TCP checksums as far as its lengths
/// allow.
void repair(std::byte* frame, u32 bytes, bool from_peer) {
  if (bytes < 34) return;
  write_ethernet(frame, {0x020000000001}, {0x020000000002}, 0, kEtherTypeIpv4);
  std::byte* ip = frame + 14;
  store_u8(ip, 0x45);
  store_be16(ip + 2, static_cast<u16>(bytes - 14));
  store_be16(ip + 6, 0x4000);
  store_be32(ip + 12, (from_peer ? ipv4(10, 0, 0, 2) : ipv4(10, 0, 0, 77)).v);
  store_be32(ip + 16, ipv4(10, 0, 0, 1).v);
  checksum_store(ip + 10, 0);
  checksum_store(ip + 10, checksum_finish(checksum_add(0, ip, 20)));
  const u8 protocol = load_u8(ip + 9);
  std::byte* l4 = ip + 20;
  const u32 l4_bytes = bytes - 34;
  const u32 at = protocol == kProtocolTcp ? 16 : protocol == kProtocolUdp ? 6 : 2;
  if (l4_bytes < at + 2) return;
  if (protocol == kProtocolUdp) store_be16(l4 + 4, static_cast<u16>(l4_bytes));
  const bool pseudo = protocol == kProtocolTcp || protocol == kProtocolUdp;
  const u64 sum =
      pseudo ? pseudo_header_sum(load_be32(ip + 12), load_be32(ip + 16), protocol, l4_bytes) : 0;
  checksum_store(l4 + at, 0);
  checksum_store(l4 + at, checksum_finish(checksum_add(sum, l4, l4_bytes)));
}

/// Small rings: each input builds two hosts.
NetConfig small_config(u8 n) {
  NetConfig config = host_config(n);
  config.tcp.send_ring_bytes = 2'048;
  config.arp_entries = 8;
  return config;
}

struct Session {
  Session() : pair(small_config(1), small_config(2)) {
    pair.b.net.tcp().listen(7001);
    client = pair.a.net.tcp().connect(ipv4(10, 0, 0, 2), 7001, 40'000);
    pair.settle();
    TRADSYS_ASSERT(pair.b.handler.accepted.size() == 1);
    server = pair.b.handler.accepted[0];
    (void)pair.a.net.join(ipv4(239, 1, 2, 3));
    pair.a.net.tcp().listen(9000);
  }

  void inject(Bytes frame, u8 mode) {
    std::byte* out = pair.b.port.tx_alloc();
    TRADSYS_ASSERT(out != nullptr);
    const u32 bytes = static_cast<u32>(std::min<usize>(frame.size(), nic::kTxCapacityBytes));
    std::memcpy(out, frame.data(), bytes);
    if ((mode & 1U) != 0) repair(out, bytes, (mode & 2U) != 0);
    const bool repaired = (mode & 1U) != 0 && bytes >= 54;
    if (repaired && ((mode & 4U) != 0 || is_of_session(out))) aim(out, bytes, (mode & 8U) != 0);
    pair.b.port.tx_send(bytes);
    pair.a.net.poll(32);
  }
  /// What the input made a segment of the open connection is aimed as well: it must not guess
  /// right.
  static bool is_of_session(const std::byte* frame) {
    return load_u8(frame + 23) == kProtocolTcp && load_be32(frame + 26) == ipv4(10, 0, 0, 2).v &&
           load_be32(frame + 34) == (7001U << 16 | 40'000U);
  }
  /// Makes it a segment of the open connection. Its numbers stay as the input has them, so that it
  /// is off the window almost always; `near` brings them near, but never exactly onto the next
  /// byte.
  void aim(std::byte* frame, u32 bytes, bool near) {
    std::byte* ip = frame + 14;
    store_u8(ip + 9, kProtocolTcp);
    store_be16(ip + 20, 7001);
    store_be16(ip + 22, 40'000);
    const TcpSession* s = pair.a.net.tcp().session(client);
    if (s == nullptr) return;
    u32 seq = load_be32(ip + 24);
    if (near) seq = s->rcv_nxt + seq % 200'000 - 100'000;
    const u32 room = s->rcv_nxt - seq;  // bytes it may carry without reaching the next byte
    const bool harmful = seq - s->rcv_nxt < 65'536 || room <= bytes;
    if (harmful) seq = s->rcv_nxt - 100'000;
    store_be32(ip + 24, seq);
    repair(frame, bytes, true);
  }

  void check() {
    const usize before_a = pair.a.handler.stream.size();
    const usize before_b = pair.b.handler.stream.size();
    TRADSYS_ASSERT(pair.a.net.tcp().send(client, as_bytes("ping")));
    TRADSYS_ASSERT(pair.b.net.tcp().send(server, as_bytes("pong")));
    pair.run_for({3'000'000'000});
    TRADSYS_ASSERT(pair.a.handler.stream.substr(before_a) == "pong");
    TRADSYS_ASSERT(pair.b.handler.stream.substr(before_b) == "ping");
    TRADSYS_ASSERT(pair.a.port.free_buffers() == 512);
  }

  NetPair<> pair;
  ConnId client, server;
};

}  // namespace
}  // namespace tradsys::net

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace tradsys;
  net::Session session;
  Bytes input = std::as_bytes(std::span{data, size});
  while (input.size() >= 3) {
    const u8 mode = load_u8(input.data());
    const usize bytes = std::min<usize>(load_be16(input.data() + 1) % 1'600, input.size() - 3);
    session.inject(input.subspan(3, bytes), mode);
    input = input.subspan(3 + bytes);
  }
  session.check();
  return 0;
}
