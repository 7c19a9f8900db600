// Goal: no sequence of segments, ICMP errors, timers and calls, in any state of TCP, crashes the
// engine or breaks what it promises: the stream comes once and in order, what is sent again is what
// was sent before, every frame is well formed, a segment has few answers, an end is told once, and
// no session or buffer is lost. Method: the input picks the state to begin in, then operations; a
// byte's value follows from its sequence number, so that every byte in and out can be checked
// alone.
#include <algorithm>
#include <array>

#include "tests/support/net/segment_writer.hpp"
#include "tests/support/net_pair.hpp"

namespace tradsys::net {
namespace {

constexpr Ipv4 kOwnIp = ipv4(10, 0, 0, 1);
constexpr Ipv4 kPeerIp = ipv4(10, 0, 0, 2);

char byte_at(u32 seq, u32 salt) { return static_cast<char>(mix64(seq ^ (u64{salt} << 32))); }
constexpr u32 kPeerSalt = 1, kOwnSalt = 2;

std::string bytes_at(u32 seq, u32 count, u32 salt) {
  std::string text(count, '\0');
  for (u32 i = 0; i < count; ++i) text[i] = byte_at(seq + i, salt);
  return text;
}

/// Reads the input; zeros behind its end.
class Input {
 public:
  explicit Input(Bytes bytes) : bytes_(bytes) {}
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  u8 take8() {
    if (bytes_.empty()) return 0;
    const u8 value = load_u8(bytes_.data());
    bytes_ = bytes_.subspan(1);
    return value;
  }
  u16 take16() { return static_cast<u16>(take8() << 8 | take8()); }
  u32 take32() { return u32{take16()} << 16 | take16(); }

 private:
  Bytes bytes_;
};

struct FuzzHandler {
  using Interface = NetInterface<sim::MemoryPort, VirtualClock, FuzzHandler>;
  struct Open {
    ConnId conn;
    bool stands = false;  ///< false: asked for, and no answer yet
    u32 next = 0;  ///< of the peer's stream
  };
  Interface* net = nullptr;
  std::vector<Open> open;

  Open* find(ConnId conn) {
    const auto at = std::find_if(open.begin(), open.end(), [&](auto& o) { return o.conn == conn; });
    return at == open.end() ? nullptr : &*at;
  }
  void forget(ConnId conn) {
    std::erase_if(open, [&](const Open& o) { return o.conn == conn; });
  }
  void on_udp(const UdpDatagram&) {}
  void on_tcp_connected(ConnId conn) {
    Open* o = find(conn);
    TRADSYS_ASSERT(o != nullptr && !o->stands);
    *o = {conn, true, net->tcp().session(conn)->rcv_nxt};
  }
  void on_tcp_accepted(ConnId conn, u16 port) {
    TRADSYS_ASSERT(port == 7001 && find(conn) == nullptr);
    open.push_back({conn, true, net->tcp().session(conn)->rcv_nxt});
  }
  void on_tcp_peer_closed(ConnId conn) {
    TRADSYS_ASSERT(find(conn) != nullptr && find(conn)->stands);
  }
  void on_tcp_closed(ConnId conn, TcpCloseReason) {
    TRADSYS_ASSERT(find(conn) != nullptr);
    forget(conn);
  }
  void on_tcp_data(ConnId conn, Bytes bytes) {
    Open* o = find(conn);
    TRADSYS_ASSERT(o != nullptr && o->stands && !bytes.empty());
    for (const std::byte b : bytes)
      TRADSYS_ASSERT(static_cast<char>(b) == byte_at(o->next++, kPeerSalt));
    TRADSYS_ASSERT(net->tcp().session(conn)->rcv_nxt == o->next);
  }
};

NetConfig fuzz_config(u8 flags) {
  NetConfig config = host_config(1);
  config.tcp.send_ring_bytes = 4'096;
  config.tcp.receive_window_bytes = (flags & 1U) != 0 ? 2'048 : 65'536;
  if ((flags & 2U) != 0) config.tcp.keepalive_idle = {500'000'000};
  if ((flags & 4U) != 0) config.tcp.tail_probe_min = {};
  if ((flags & 8U) != 0) config.tcp.congestion_window_floor_bytes = 1'000;
  if ((flags & 16U) != 0) config.tcp.secret = 0xFFFF;
  return config;
}

/// One pair of ports, as the peer sees it from the frames it got.
struct Flow {
  u16 own_port = 0, peer_port = 0;
  u32 ack = 0;  ///< behind the last number the stack has sent
  u32 seq = 0;  ///< what the stack expects
};

class Fuzzed {
 public:
  explicit Fuzzed(u8 flags) : host_(clock_, fuzz_config(flags)) {
    clock_.advance_to(kSecond);
    host_.handler.net = &host_.net;
    sim::MemoryPort::join(host_.port, wire_);
    TRADSYS_ASSERT(host_.net.add_static_neighbour(kPeerIp, {0x020000000002}));
    TRADSYS_ASSERT(tcp().listen(7001));
  }

  /// Opens one connection each way as far as `state` says, by the usual segments.
  void begin(u8 state) {
    if (state == 0) return;
    peer(flows_[0], kTcpSyn, "");
    connect();
    if (state == 1) return;
    peer(flows_[0], kTcpAck, "");
    --flows_[1].seq;
    peer(flows_[1], kTcpSynAck, "");
    if (state == 2) return;
    if (state == 3 || state == 5) close_all();
    if (state == 4 || state == 5) fin_all();
    if (state == 6) close_all(), ack_all();
    if (state == 7) close_all(), fin_all(), ack_all();
    if (state == 8) fin_all(), close_all();
  }

  void operate(Input& in) {
    const u8 op = in.take8();
    Flow& flow = flows_[op >> 7];
    switch (op & 15U) {
      case 0:
        return pass(Nanos{in.take16() * 100'000LL});
      case 1:
        return send(op, in.take16() % 2'000);
      case 2:
        return with_conn(op, [&](ConnId c) { close(c); });
      case 3:
        return with_conn(op, [&](ConnId c) { host_.handler.forget(c), tcp().abort(c); });
      case 4:
        return connect();
      case 5:
        return icmp_error(flow, in);
      case 6:
        return (op & 16U) != 0 ? void(tcp().listen(7001)) : tcp().stop_listening(7001);
      default:
        return segment(flow, op, in);
    }
  }

  /// With a peer that says nothing more, all that is owed is given up and every buffer comes back.
  void finish() {
    pass(Nanos{60'000'000'000});
    for (const auto& o : host_.handler.open) {
      const TcpSession* s = tcp().session(o.conn);
      TRADSYS_ASSERT(s != nullptr && s->snd_una == s->snd_max);
    }
    TRADSYS_ASSERT(tcp().open_count() <= host_.handler.open.size());
    TRADSYS_ASSERT(host_.port.free_buffers() == 512 && wire_.free_buffers() == 512);
  }

 private:
  FuzzHandler::Interface::Tcp& tcp() { return host_.net.tcp(); }

  void connect() {
    const ConnId conn = tcp().connect(kPeerIp, 7002, 40'000);
    flows_[1].seq = 0x8000'1001;
    if (conn == kNoConn) return;
    host_.handler.open.push_back({conn});
    drain();
  }
  /// Nothing more is heard of one that is closed before it stands.
  void close(ConnId conn) {
    if (!host_.handler.find(conn)->stands) host_.handler.forget(conn);
    tcp().close(conn);
  }
  void send(u8 op, u32 bytes) {
    with_conn(op, [&](ConnId c) {
      const TcpSession& s = *tcp().session(c);
      const std::string text = bytes_at(s.snd_end, bytes, kOwnSalt);
      const bool fits = s.can_send() && tcp().send_space(c) >= bytes;
      TRADSYS_ASSERT(tcp().send(c, as_bytes(text)) == fits);
    });
  }
  template <class Call>
  void with_conn(u8 op, Call&& call) {
    const auto& open = host_.handler.open;
    if (!open.empty()) call(open[(op >> 7) % open.size()].conn);
    drain();
  }

  void close_all() {
    const auto open = host_.handler.open;
    for (const auto& o : open) close(o.conn);
    drain();
  }
  void fin_all() {
    for (Flow& flow : flows_) {
      const u32 seen = flow.ack;
      flow.ack = seen - 1;  // does not acknowledge a FIN of ours
      peer(flow, kTcpFinAck, "");
      flow.ack = seen;
    }
  }
  void ack_all() {
    for (Flow& flow : flows_) peer(flow, kTcpAck, "");
  }

  void peer(Flow& flow, u8 flags, const std::string& payload) {
    inject(flow, {flow.seq, (flags & kTcpAck) != 0 ? flow.ack : 0, flags, 65'535, 0, payload});
  }

  void segment(Flow& flow, u8 op, Input& in) {
    SegmentFields f;
    const u8 how = in.take8();
    f.flags = in.take8() & 0x3FU;
    if ((op & 16U) != 0) f.flags |= kTcpAck;
    f.seq =
        (how & 1U) != 0 ? in.take32() : flow.seq + in.take16() - ((how & 2U) != 0 ? 0x8000U : 0U);
    if ((how & 4U) != 0) f.seq = flow.seq;
    f.ack = (how & 8U) != 0 ? in.take32() : flow.ack + in.take8() - ((how & 16U) != 0 ? 256U : 0U);
    if ((how & 32U) != 0) f.ack = flow.ack;
    f.window = (op & 32U) != 0 ? in.take16() : u16{65'535};
    f.mss = (op & 64U) != 0 ? in.take16() : u16{0};
    const bool syn = (f.flags & kTcpSyn) != 0;
    const u32 bytes = (how & 64U) != 0 ? in.take16() % 1'400 : in.take8() % 8;
    f.payload = bytes_at(f.seq + (syn ? 1U : 0U), bytes, kPeerSalt);
    for (u32 i = in.take8() % 8 * ((how & 128U) != 0 ? 1U : 0U); i != 0; --i)
      f.options += static_cast<char>(in.take8());
    inject(flow, f);
  }

  void inject(const Flow& flow, const SegmentFields& f) {
    const auto tcp = tcp_bytes(kPeerIp, flow.peer_port, kOwnIp, flow.own_port, f);
    put(ip_frame({0x020000000001}, {0x020000000002}, {kPeerIp, kOwnIp, kProtocolTcp}, tcp));
  }
  void icmp_error(const Flow& flow, Input& in) {
    std::byte message[kIcmpBytes + 28] = {};
    store_u8(message, kIcmpUnreachable);
    store_u8(message + 1, in.take8() % 16);
    store_be16(message + 6, in.take16());
    std::byte* ip = message + kIcmpBytes;
    store_u8(ip, 0x45);
    store_u8(ip + 9, kProtocolTcp);
    store_be32(ip + 12, kOwnIp.v);
    store_be32(ip + 16, kPeerIp.v);
    store_be16(ip + 20, flow.own_port);
    store_be16(ip + 22, flow.peer_port);
    store_be32(ip + 24, flow.ack - in.take8());
    checksum_store(message + 2, checksum_finish(checksum_add(0, message, sizeof message)));
    put(ip_frame({0x020000000001}, {0x020000000009}, {ipv4(10, 0, 0, 254), kOwnIp, kProtocolIcmp},
                 message));
  }
  void put(const std::vector<std::byte>& frame) {
    std::byte* out = wire_.tx_alloc();
    TRADSYS_ASSERT(out != nullptr && frame.size() <= nic::kTxCapacityBytes);
    std::memcpy(out, frame.data(), frame.size());
    wire_.tx_send(static_cast<u32>(frame.size()));
    host_.net.poll(32);
    drain();
  }

  void pass(Nanos span) {
    const Nanos end = clock_.now() + span;
    while (clock_.now() < end) {
      const Nanos next = std::min(end, host_.net.next_deadline());
      clock_.advance_to(next > clock_.now() ? next : clock_.now() + kMicrosecond);
      host_.net.housekeep(clock_.now());
      drain();
    }
  }

  /// Checks what the stack has sent at once: no more than its ring in the smallest segments.
  void drain() {
    nic::RxFrame frame;
    u32 count = 0;
    for (; wire_.rx_burst(&frame, 1) == 1; ++count) {
      check_frame({frame.data, frame.len_bytes});
      wire_.release(&frame, 1);
    }
    TRADSYS_ASSERT(count <= 4'096 / kTcpMssMin + 4);
    for (const auto& o : host_.handler.open) check_session(o.conn);
    TRADSYS_ASSERT(tcp().open_count() <= 4);
  }
  void check_frame(Bytes frame) {
    EthernetFrame ethernet;
    Ipv4Packet ip;
    TcpSegment s;
    TRADSYS_ASSERT(parse_ethernet(frame, ethernet));
    if (ethernet.ether_type == kEtherTypeArp) return;
    TRADSYS_ASSERT(parse_ipv4_packet(ethernet.payload, ip) == Ipv4Fault::kNone);
    TRADSYS_ASSERT(ip.protocol == kProtocolTcp && parse_tcp(ip, s) == L4Fault::kNone);
    TRADSYS_ASSERT(s.payload.size() <= 1'460 && (s.has(kTcpAck) || s.payload.empty()));
    TRADSYS_ASSERT(!s.has(kTcpSyn) || (s.mss == 1'460 && s.payload.empty()));
    for (u32 i = 0; i < s.payload.size(); ++i)
      TRADSYS_ASSERT(static_cast<char>(s.payload[i]) == byte_at(s.seq + i, kOwnSalt));
    for (Flow& flow : flows_) {
      if (s.dst_port != flow.peer_port || s.src_port != flow.own_port || s.has(kTcpRst)) continue;
      flow.ack = s.seq + s.length();
      if (s.has(kTcpAck)) flow.seq = s.ack;
    }
  }
  void check_session(ConnId conn) {
    const TcpSession* s = tcp().session(conn);
    TRADSYS_ASSERT(s != nullptr);
    TRADSYS_ASSERT(seq_at_or_before(s->snd_una, s->snd_nxt));
    TRADSYS_ASSERT(seq_at_or_before(s->snd_nxt, s->snd_max));
    TRADSYS_ASSERT(seq_at_or_before(s->snd_max, s->snd_end + (s->close_wanted ? 1 : 0)));
    TRADSYS_ASSERT(s->unacked_bytes() <= 4'096 && s->mss >= kTcpMssMin && s->mss <= 1'460);
    TRADSYS_ASSERT(s->cwnd != 0 && s->interval_count <= kTcpIntervalsMax);
    u32 behind = s->rcv_nxt;  // intervals: sorted, apart, in the window
    for (u32 i = 0; i < s->interval_count; ++i) {
      TRADSYS_ASSERT(seq_before(behind, s->intervals[i].begin));
      TRADSYS_ASSERT(seq_before(s->intervals[i].begin, s->intervals[i].end));
      behind = s->intervals[i].end;
      TRADSYS_ASSERT(behind - s->rcv_nxt <= 65'535);
    }
    const bool owes = s->snd_una != s->snd_max || seq_before(s->snd_una, s->snd_end);
    TRADSYS_ASSERT(!owes || s->rexmit_at != kNever || s->flush_due);
  }

  VirtualClock clock_;
  sim::MemoryPort wire_;
  Host<FuzzHandler> host_;
  std::array<Flow, 2> flows_{Flow{7001, 50'000, 0, 1'000}, Flow{40'000, 7002, 0, 0}};
};

}  // namespace
}  // namespace tradsys::net

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace tradsys;
  net::Input in(std::as_bytes(std::span{data, size}));
  const u8 state = in.take8() % 9;
  net::Fuzzed fuzzed(in.take8());
  fuzzed.begin(state);
  for (u32 i = 0; i < 200 && !in.empty(); ++i) fuzzed.operate(in);
  fuzzed.finish();
  return 0;
}
