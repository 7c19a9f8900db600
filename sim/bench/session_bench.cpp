// Bench session: what the SoupBinTCP and OUCH session layer of the clients costs, TCP payload in,
// TCP payload out. One item of `session` and `session-ouch42` is one client message: its SoupBinTCP
// packet is framed, the OUCH message decoded and made a typed request of the engine (OUCH 4.2: with
// its token looked up and noted), and the report of its acceptance encoded, appended to the
// client's sequenced stream and handed to the transport as a packet. Mix: 50 % new orders, 25 %
// replaces, 25 % cancels. Neither TCP below nor the engine above is in it. Latency: a client's
// bytes until the typed request, without the report.
#include <array>
#include <memory>
#include <vector>

#include "dataplane/edge/client_desk.hpp"
#include "hostsw/orders/order_store.hpp"
#include "sim/bench/harness.hpp"

namespace tradsys::bench {
namespace {

using dataplane::ClientProtocol;

/// Bytes that arrive, and a transport that takes everything.
struct NullTcp {
  bool listen(u16) noexcept { return true; }
  bool send(net::ConnId, Bytes packet) noexcept {
    bytes += packet.size();
    return true;
  }
  void close(net::ConnId) noexcept {}
  void abort(net::ConnId) noexcept {}
  u64 bytes = 0;
};

/// An engine that takes every request: it keeps what the session layer asks it.
class NullEngine {
 public:
  explicit NullEngine(u32 orders_max) : store_(orders_max, orders::kSessionsMax) {}
  [[nodiscard]] const NullEngine& core() const noexcept { return *this; }
  [[nodiscard]] const orders::OrderStore& store() const noexcept { return store_; }
  [[nodiscard]] u32 last_client_ref(u16) const noexcept { return last_; }
  [[nodiscard]] u64 event_seq() const noexcept { return 0; }
  void note(u32 client_ref) noexcept { last_ = client_ref; }
  [[nodiscard]] bool keep_live(u32 client_ref) {
    orders::Order order;
    order.order_id = order.client_ref = client_ref;
    return store_.insert(order) != nullptr;
  }

 private:
  orders::OrderStore store_;
  u32 last_ = 0;
};

constexpr u32 kLive = 1'024;  ///< orders that replaces and cancels name
constexpr u16 kPort = 1;
constexpr net::ConnId kConn{1};

template <class Message>
void append_packet(std::vector<std::byte>& out, const Message& message) {
  std::byte bytes[64];
  std::byte packet[96];
  const usize n = encode(message, bytes);
  const usize size = soup::encode(soup::UnsequencedData{}, Bytes{bytes, n}, packet);
  out.insert(out.end(), packet, packet + size);
}

orders::ClOrdId token_of(u32 number) {
  orders::ClOrdId token = make_text<14>("B");
  for (usize i = 13; i > 3; --i, number /= 10) token[i] = static_cast<char>('0' + number % 10);
  token[1] = token[2] = token[3] = '0';
  return token;
}

/// One message of the mix, as the client's bytes.
void append_50(std::vector<std::byte>& out, u32 i, u32 ref) {
  if (i % 4 == 3) {
    ouch50::inbound::CancelOrder m{};
    m.user_ref_num = 1 + i % kLive;
    return append_packet(out, m);
  }
  if (i % 4 == 1) {
    ouch50::inbound::ReplaceOrder m{};
    m.orig_user_ref_num = 1 + i % kLive;
    m.user_ref_num = ref;
    m.quantity = 100;
    m.price = 230'000;
    m.time_in_force = '0';
    m.display = 'Y';
    m.inter_market_sweep_eligibility = 'N';
    return append_packet(out, m);
  }
  ouch50::inbound::EnterOrder m{};
  m.user_ref_num = ref;
  m.side = 'B';
  m.quantity = 100;
  m.symbol = Symbol::from("NILE");
  m.price = 230'000;
  m.time_in_force = '0';
  m.display = 'Y';
  m.capacity = 'A';
  m.inter_market_sweep_eligibility = 'N';
  m.cross_type = 'N';
  append_packet(out, m);
}
void append_42(std::vector<std::byte>& out, u32 i, u32 ref) {
  if (i % 4 == 3) {
    ouch42::inbound::CancelOrder m{};
    m.order_token = token_of(1 + i % kLive);
    return append_packet(out, m);
  }
  if (i % 4 == 1) {
    ouch42::inbound::ReplaceOrder m{};
    m.existing_order_token = token_of(1 + i % kLive);
    m.replacement_order_token = token_of(ref);
    m.shares = 100;
    m.price = 230'000;
    m.time_in_force = dataplane::kOuch42MarketHours;
    m.display = 'Y';
    m.intermarket_sweep_eligibility = 'N';
    return append_packet(out, m);
  }
  ouch42::inbound::EnterOrder m{};
  m.order_token = token_of(ref);
  m.buy_sell_indicator = 'B';
  m.shares = 100;
  m.stock = Symbol::from("NILE");
  m.price = 230'000;
  m.time_in_force = dataplane::kOuch42MarketHours;
  m.firm = make_text<4>("");
  m.display = 'Y';
  m.capacity = 'A';
  m.intermarket_sweep_eligibility = 'N';
  m.cross_type = 'N';
  m.customer_type = ' ';
  append_packet(out, m);
}

/// The whole input of a run, message by message.
struct Input {
  std::vector<std::byte> bytes;
  std::vector<u32> ends;

  Input(ClientProtocol protocol, u64 messages) {
    for (u32 i = 0; i < messages; ++i) {
      const u32 ref = kLive + 1 + i;
      protocol == ClientProtocol::kOuch50 ? append_50(bytes, i, ref) : append_42(bytes, i, ref);
      ends.push_back(static_cast<u32>(bytes.size()));
    }
  }
  [[nodiscard]] Bytes message(u32 i) const noexcept {
    const u32 begin = i == 0 ? 0 : ends[i - 1];
    return Bytes(bytes).subspan(begin, ends[i] - begin);
  }
};

/// The desk of one client that is logged in, and what it hands requests to.
class Session {
 public:
  Session(ClientProtocol protocol, u64 messages)
      : engine_(2 * kLive), desk_(*this, config(protocol, messages)) {
    TRADSYS_ASSERT(desk_.listen(tcp_));
    desk_.on_accepted(kConn, kPort, now_);
    soup::LoginRequest login{};
    login.username = make_text<6>("USER");
    login.password = make_text<10>("SECRET");
    login.requested_session = kSpaces<10>;
    login.requested_sequence_number = make_text<20>("1");
    std::byte packet[soup::LoginRequest::kBytes];
    desk_.on_data(kConn, {packet, encode(login, packet)}, now_);
    TRADSYS_ASSERT(desk_.logged_in(0));
    for (u32 ref = 1; ref <= kLive; ++ref) {
      TRADSYS_ASSERT(engine_.keep_live(ref));
      orders::EnterEvent event;
      event.client_ref = ref;
      event.clordid = token_of(ref);
      desk_.entered(event, symbol_);
    }
    engine_.note(kLive);
  }
  void feed(Bytes bytes) noexcept { desk_.on_data(kConn, bytes, now_); }
  /// What the client is told of the last message.
  void answer() noexcept {
    report_.order_number = ++requests_;
    desk_.report(report_, symbol_, requests_);
    desk_.release(requests_, now_);
  }
  [[nodiscard]] u64 sent_bytes() const noexcept { return tcp_.bytes; }
  [[nodiscard]] u64 taken() const noexcept { return taken_; }

  // what the desk asks of its owner
  [[nodiscard]] const NullEngine& engine() const noexcept { return engine_; }
  [[nodiscard]] bool client_room() const noexcept { return true; }
  [[nodiscard]] u16 find_symbol(Symbol symbol) const noexcept { return symbol == symbol_ ? 1 : 0; }
  void client_request(engine::ClientRequest& r) noexcept {
    keep(r);
    ++taken_;
    engine_.note(r.client_ref);
    orders::EnterEvent event;
    event.client_ref = r.client_ref;
    event.clordid = r.clordid;
    desk_.entered(event, symbol_);
    report_.client_ref = r.client_ref;
    report_.clordid = r.clordid;
  }
  void client_cancel(u16, u32 client_ref, u32) noexcept {
    keep(client_ref);
    ++taken_;
  }
  void client_modify(u16, u32, Side, u32) noexcept {}
  void client_query(u16) noexcept {}
  // of clients that speak FIX, which these are not
  [[nodiscard]] u64 wall_ns() const noexcept { return 0; }
  template <class Event>
  void client_note(orders::EventType, const Event&) noexcept {}
  static std::optional<u32> client_mass_cancel(const orders::MassCancelEvent&) noexcept {
    return 0;
  }
  void client_connected(u16) noexcept {}
  void client_gone(u16) noexcept {}

 private:
  static dataplane::EdgeConfig config(ClientProtocol protocol, u64 messages) {
    dataplane::EdgeConfig edge;
    edge.clients.push_back({.user = "USER",
                            .password = "SECRET",
                            .tcp_port = kPort,
                            .account = 0,
                            .cancel_on_disconnect = true,
                            .protocol = protocol,
                            .fix = {}});
    edge.ack = dataplane::AckPolicy::kImmediate;
    edge.client_tokens_max = static_cast<u32>(messages + kLive);
    return edge;
  }

  Nanos now_{1'000'000'000};
  Symbol symbol_ = Symbol::from("NILE");
  NullTcp tcp_;
  NullEngine engine_;
  engine::ClientReport report_{.side = Side::kBuy, .price = 230'000, .qty = 100};
  u64 requests_ = 0;
  u64 taken_ = 0;
  dataplane::ClientDesk<Session, NullTcp> desk_;
};

Status measure_session(Bench& bench, ClientProtocol protocol) {
  const u64 messages = bench.items_or(200'000);
  const Input input(protocol, messages);
  u64 taken = 0;
  bench.measure([&](Run& run) {
    const auto session = std::make_unique<Session>(protocol, messages);
    run.start();
    for (u32 i = 0; i < messages; ++i) {
      session->feed(input.message(i));
      session->answer();
    }
    run.stop(messages);
    keep(session->sent_bytes());
    taken = session->taken();
  });
  if (taken != messages)
    return Error{"session", std::to_string(messages - taken) + " messages made no request",
                 "the figures would not be what they say"};
  bench.measure_latency([&](LatencyProbe& probe) {
    const auto session = std::make_unique<Session>(protocol, messages);
    for (u32 i = 0; i < messages; ++i) {
      const Bytes bytes = input.message(i);
      probe.begin();
      session->feed(bytes);
      probe.end();
      session->answer();
    }
  });
  bench.note("p50..p99.9: frame -> typed request; median, min: with the report's sequenced frame");
  return Done{};
}

Status session_bench(Bench& bench) { return measure_session(bench, ClientProtocol::kOuch50); }
Status session_ouch42_bench(Bench& bench) {
  return measure_session(bench, ClientProtocol::kOuch42);
}

const bool kRegistered = register_bench("session", "ns/message", session_bench) &&
                         register_bench("session-ouch42", "ns/message", session_ouch42_bench);

}  // namespace
}  // namespace tradsys::bench
