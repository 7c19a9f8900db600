#pragma once
// A reader of a drop copy for simulation: logs in, asks for the next message it has not got, and
// keeps for each client a digest of what that client should have been told.
#include <map>

#include "dataplane/edge/drop_copy.hpp"
#include "dataplane/net/net_interface.hpp"
#include "hostsw/wire/soup_client_session.hpp"
#include "sim/client/heard.hpp"

namespace tradsys::sim {

struct DropCopyReaderConfig {
  net::NetConfig net;
  net::Ipv4 server_ip;
  u16 server_port = 0;
  wire::SoupLogin login;
  wire::SoupConfig soup;
  Nanos reconnect_wait{100'000'000};
};

template <nic::FramePort Port, Clock Clk>
class DropCopyReader {
 public:
  DropCopyReader(const DropCopyReaderConfig& config, Port& port, const Clk& clock)
      : config_(config),
        clock_(clock),
        soup_(config.soup, *this),
        net_(port, clock, *this, config.net) {}
  DropCopyReader(const DropCopyReader&) = delete;
  DropCopyReader& operator=(const DropCopyReader&) = delete;

  void start() noexcept { net_.announce(); }
  u32 poll(u32 budget) { return net_.poll(budget); }
  void housekeep(Nanos now) {
    net_.housekeep(now);
    soup_.on_timer(now);
    if (conn_ != net::kNoConn || now < next_attempt_) return;
    next_attempt_ = now + config_.reconnect_wait;
    conn_ = net_.tcp().connect(config_.server_ip, config_.server_port);
  }
  [[nodiscard]] Nanos next_deadline() const noexcept {
    const Nanos net = net_.next_deadline();
    const Nanos own = soup_.logged_in() ? Nanos{INT64_MAX} : next_attempt_;
    return net < own ? net : own;
  }
  /// A new trading day: the appliance's stream begins anew.
  void begin_day() noexcept {
    disconnect();
    next_sequence_ = 1;
  }
  [[nodiscard]] u64 next_sequence() const noexcept { return next_sequence_; }
  /// Cuts the connection without a word.
  void disconnect() noexcept {
    if (conn_ != net::kNoConn) net_.tcp().abort(conn_);
    soup_.on_disconnected();
    closed();
  }

  /// What was told of the orders of `session`, kOriginStrategy for the strategy's.
  [[nodiscard]] Heard heard(u16 session) const {
    const auto it = heard_.find(session);
    return it == heard_.end() ? Heard{} : it->second;
  }
  /// Messages without an origin, or with a number that was not the next.
  [[nodiscard]] u64 impossible() const noexcept { return impossible_; }
  [[nodiscard]] u64 logins() const noexcept { return logins_; }

  // --- handler of the session --------------------------------------------------------------------
  bool send(Bytes packet) noexcept { return net_.tcp().send(conn_, packet); }
  void on_login_accepted(const wire::SoupSessionName&, u64 next) noexcept {
    ++logins_;
    if (next != next_sequence_) ++impossible_;
  }
  void on_login_rejected(char) noexcept { ++impossible_; }
  void on_sequenced(u64 sequence, Bytes message) noexcept {
    const std::optional<dataplane::Origin> origin = dataplane::origin_at_end(message);
    if (sequence != next_sequence_ || !origin) ++impossible_;
    next_sequence_ = sequence + 1;
    if (!origin) return;
    heard_[origin->session].add(message.first(message.size() - dataplane::kOriginBytes));
  }
  void on_end_of_session() noexcept {}
  void on_closed(wire::SoupClose) noexcept {
    if (conn_ != net::kNoConn) net_.tcp().close(conn_);
    closed();
  }

  // --- handler of the network --------------------------------------------------------------------
  void on_udp(const net::UdpDatagram&) noexcept {}
  void on_tcp_connected(net::ConnId conn) noexcept {
    if (conn != conn_) return;
    wire::SoupLogin login = config_.login;
    login.sequence = next_sequence_;
    soup_.start(login, clock_.now());
  }
  void on_tcp_accepted(net::ConnId conn, u16) noexcept { net_.tcp().abort(conn); }
  void on_tcp_data(net::ConnId conn, Bytes bytes) noexcept {
    if (conn == conn_) soup_.on_bytes(bytes, clock_.now());
  }
  void on_tcp_closed(net::ConnId conn, net::TcpCloseReason) noexcept {
    if (conn != conn_) return;
    closed();
    soup_.on_disconnected();
  }
  void on_tcp_peer_closed(net::ConnId conn) noexcept {
    if (conn == conn_) soup_.on_disconnected();
  }

 private:
  void closed() noexcept {
    conn_ = net::kNoConn;
    next_attempt_ = clock_.now() + config_.reconnect_wait;
  }

  DropCopyReaderConfig config_;
  const Clk& clock_;
  wire::SoupClientSession<DropCopyReader> soup_;
  net::NetInterface<Port, Clk, DropCopyReader> net_;
  net::ConnId conn_ = net::kNoConn;
  Nanos next_attempt_{};
  u64 next_sequence_ = 1;
  std::map<u16, Heard> heard_;
  u64 impossible_ = 0;
  u64 logins_ = 0;
};

}  // namespace tradsys::sim
