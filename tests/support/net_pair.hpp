#pragma once
// Two hosts on one in-memory cable under a virtual clock, and a handler that writes down what it
// hears.
#include <deque>
#include <string>
#include <vector>

#include "dataplane/net/net_interface.hpp"
#include "sim/wire/memory_port.hpp"

namespace tradsys::net {

inline Bytes as_bytes(std::string_view text) { return std::as_bytes(std::span{text}); }
inline std::string as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Records every callback; `echo` sends received TCP data back.
struct RecordingHandler {
  std::vector<ConnId> connected, accepted;
  std::vector<std::pair<ConnId, TcpCloseReason>> closed;
  std::string stream;  ///< TCP data of all connections, in order of arrival
  std::vector<std::string> datagrams;
  UdpDatagram last_datagram;

  void on_udp(const UdpDatagram& d) {
    datagrams.push_back(as_text(d.payload));
    last_datagram = d;
  }
  void on_tcp_connected(ConnId conn) { connected.push_back(conn); }
  void on_tcp_accepted(ConnId conn, u16) { accepted.push_back(conn); }
  void on_tcp_data(ConnId, Bytes bytes) { stream += as_text(bytes); }
  void on_tcp_closed(ConnId conn, TcpCloseReason reason) { closed.emplace_back(conn, reason); }
};

/// Host number `n`: 10.0.0.n, 02:00:00:00:00:n.
inline NetConfig host_config(u8 n) {
  NetConfig config;
  config.mac = {0x020000000000ULL | n};
  config.ip = ipv4(10, 0, 0, n);
  config.tcp.sessions_max = 4;
  config.tcp.secret = n;
  return config;
}

template <class Handler = RecordingHandler>
struct Host {
  using Interface = NetInterface<sim::MemoryPort, VirtualClock, Handler>;

  Host(const VirtualClock& clock, const NetConfig& config) : net(port, clock, handler, config) {}

  sim::MemoryPort port;
  Handler handler;
  Interface net;
};

/// Hosts `a` (10.0.0.1) and `b` (10.0.0.2), joined directly: frames arrive at the next poll.
template <class Handler = RecordingHandler>
struct NetPair {
  explicit NetPair(const NetConfig& config_a = host_config(1),
                   const NetConfig& config_b = host_config(2))
      : a(clock, config_a), b(clock, config_b) {
    clock.advance_to(kSecond);
    sim::MemoryPort::join(a.port, b.port);
  }

  /// Polls both until neither has frames.
  void settle() {
    u32 work = 1;
    for (u32 turns = 0; work != 0 && turns < 100'000; ++turns)
      work = a.net.poll(32) + b.net.poll(32);
  }
  /// Lets `span` pass in steps of the next timer, settling in between.
  void run_for(Nanos span) {
    const Nanos end = clock.now() + span;
    while (clock.now() < end) {
      settle();
      Nanos next = std::min(a.net.next_deadline(), b.net.next_deadline());
      next = std::min(next, end);
      clock.advance_to(next);
      a.net.housekeep(clock.now());
      b.net.housekeep(clock.now());
      settle();
    }
  }

  VirtualClock clock;
  Host<Handler> a, b;
};

}  // namespace tradsys::net
