// Benches tcp-send and tcp-receive: what one message of an established session costs on the ring
// wire, with all of Ethernet, IPv4 and TCP, checksums included. The far end is a second engine, and
// outside of what is timed.
//   tcp-send     one item is one call of send(): the frame is on the wire and the bytes are kept
//   for
//                retransmission when it returns
//   tcp-receive  one item is one segment: from the wire to the handler, in bursts of 32 that share
//   an
//                ACK; single items (p50..) are a poll() of one segment with its own ACK
#include <memory>

#include "dataplane/net/net_interface.hpp"
#include "drivers/nic/eal.hpp"
#include "drivers/nic/port.hpp"
#include "sim/bench/harness.hpp"

namespace tradsys::bench {
namespace {

using clock::TscClock;

constexpr u32 kMessageBytes = 50;  // an OUCH order in SoupBinTCP
constexpr u32 kBatch = 512;  // messages on the wire at once: 25 KiB of a window of 64
constexpr u32 kBurst = 32;
constexpr u64 kItems = 2'000'000;

/// Counts what it is given.
struct CountingHandler {
  net::ConnId conn{};
  u64 bytes = 0;
  u64 first_bytes = 0;  // read of each piece, so that it is really there

  void on_udp(const net::UdpDatagram&) noexcept {}
  void on_tcp_connected(net::ConnId c) noexcept { conn = c; }
  void on_tcp_accepted(net::ConnId c, u16) noexcept { conn = c; }
  void on_tcp_closed(net::ConnId, net::TcpCloseReason) noexcept { conn = {}; }
  void on_tcp_data(net::ConnId, Bytes data) noexcept {
    bytes += data.size();
    first_bytes += load_u8(data.data());
  }
};

net::NetConfig net_config(u8 host) {
  net::NetConfig config;
  config.mac = {0x020000000000ULL | host};
  config.ip = net::ipv4(10, 0, 0, host);
  return config;
}

/// Two stacks on one ring wire with an open connection.
class TcpWire {
 public:
  TcpWire(const TscClock& clock, nic::Port port)
      : clock_(clock),
        port_(std::move(port)),
        near_(port_, clock_, near_handler_, net_config(1)),
        far_(port_.wire_end(), clock_, far_handler_, net_config(2)) {}

  [[nodiscard]] Status open() {
    far_.tcp().listen(7001);
    near_conn_ = near_.tcp().connect(net::ipv4(10, 0, 0, 2), 7001);
    for (u32 i = 0; i < 100 && far_handler_.conn == net::kNoConn; ++i) settle();
    return near_handler_.conn != net::kNoConn && far_handler_.conn != net::kNoConn
               ? Status{Done{}}
               : Status{Error{"tcp", "the connection does not come up", ""}};
  }
  bool send() noexcept { return near_.tcp().send(near_conn_, message_); }
  bool send_back() noexcept { return far_.tcp().send(far_handler_.conn, message_); }
  u32 poll() noexcept { return near_.poll(kBurst); }
  /// Takes everything off the wire, both ways.
  void settle() noexcept {
    while (far_.poll(kBurst) + near_.poll(kBurst) != 0) {
    }
    const Nanos now = clock_.now();
    near_.housekeep(now);
    far_.housekeep(now);
  }
  [[nodiscard]] u64 received() const noexcept { return near_handler_.bytes / kMessageBytes; }
  [[nodiscard]] u64 delivered() const noexcept { return far_handler_.bytes / kMessageBytes; }

 private:
  const TscClock& clock_;
  nic::Port port_;
  CountingHandler near_handler_, far_handler_;
  net::NetInterface<nic::Port, TscClock, CountingHandler> near_;
  net::NetInterface<nic::WireEnd, TscClock, CountingHandler> far_;
  net::ConnId near_conn_{};
  std::byte message_[kMessageBytes] = {};
};

/// The clock and the wire of one bench.
struct Setup {
  std::unique_ptr<TscClock> clock;
  std::unique_ptr<TcpWire> wire;
};

Result<Setup> set_up(const char* port_name) {
  if (!nic::Eal::ready()) {
    if (Status s = nic::Eal::init({}); !s) return s.error();
  }
  Result<TscClock> clock = TscClock::make();
  if (!clock) return clock.error();
  nic::PortConfig config;
  config.name = port_name;
  Result<nic::Port> port = nic::Port::make(config);
  if (!port) return port.error();
  Setup setup;
  setup.clock = std::make_unique<TscClock>(std::move(clock).value());
  setup.wire = std::make_unique<TcpWire>(*setup.clock, std::move(port).value());
  if (Status s = setup.wire->open(); !s) return s.error();
  return setup;
}

Status lost(u64 wanted, u64 got) {
  if (wanted == got) return Done{};
  return Error{"tcp", std::to_string(got) + " of " + std::to_string(wanted) + " messages came",
               "the figures would not be what they say"};
}

Status tcp_send_bench(Bench& bench) {
  Result<Setup> setup = set_up("tcp-send");
  if (!setup) return setup.error();
  TcpWire& wire = *setup.value().wire;
  const u64 items = bench.items_or(kItems);
  u64 sent = 0;
  bench.measure([&](Run& run) {
    for (u64 left = items; left != 0;) {
      const u64 batch = left < kBatch ? left : kBatch;
      run.resume();
      for (u64 i = 0; i < batch; ++i) sent += wire.send() ? 1U : 0U;
      run.pause();
      wire.settle();
      left -= batch;
    }
    run.stop(items);
  });
  bench.measure_latency([&](LatencyProbe& probe) {
    for (u64 i = 0; i < items; ++i) {
      probe.begin();
      sent += wire.send() ? 1U : 0U;
      probe.end();
      if (i % kBurst == kBurst - 1) wire.settle();
    }
    wire.settle();
  });
  bench.note("50 bytes a message; p50..p99.9: single calls, and some 20 ns to read the counter");
  const u64 wanted = items * (bench.options().runs + 1);
  if (Status s = lost(wanted, sent); !s) return s;
  return lost(wanted, wire.delivered());
}

Status tcp_receive_bench(Bench& bench) {
  Result<Setup> setup = set_up("tcp-receive");
  if (!setup) return setup.error();
  TcpWire& wire = *setup.value().wire;
  const u64 items = bench.items_or(kItems);
  bench.measure([&](Run& run) {
    for (u64 left = items; left != 0;) {
      const u64 batch = left < kBatch ? left : kBatch;
      for (u64 i = 0; i < batch; ++i) keep(wire.send_back());
      run.resume();
      while (wire.poll() != 0) {
      }
      run.pause();
      wire.settle();
      left -= batch;
    }
    run.stop(items);
  });
  bench.measure_latency([&](LatencyProbe& probe) {
    for (u64 i = 0; i < items; ++i) {
      keep(wire.send_back());
      probe.begin();
      wire.poll();
      probe.end();
      wire.settle();
    }
  });
  bench.note(
      "50 bytes a segment, bursts of 32; p50..p99.9: a poll of one segment that sends its ACK");
  return lost(items * (bench.options().runs + 1), wire.received());
}

const bool kRegistered = register_bench("tcp-send", "ns/message", tcp_send_bench, "tcp") &&
                         register_bench("tcp-receive", "ns/segment", tcp_receive_bench, "tcp");

}  // namespace
}  // namespace tradsys::bench
