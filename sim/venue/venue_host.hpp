#pragma once
// A whole venue on one port: member sessions (OUCH 5.0 over SoupBinTCP), the exchange, the feed on
// two multicast lines and the re-request server. Runs in real time in tradsys-venue and in virtual
// time in the simulation.
#include <functional>

#include "dataplane/net/net_interface.hpp"
#include "dataplane/session/soup_desk.hpp"
#include "sim/venue/exchange.hpp"
#include "sim/venue/feed_publisher.hpp"

namespace tradsys::sim {

/// A UDP address of a feed line.
struct FeedLine {
  net::Ipv4 group;
  u16 port = 0;
};

struct VenueHostConfig {
  net::NetConfig net;
  FeedLine lines[2];
  u16 rerequest_port = 0;
  PublisherConfig publisher;
  ExchangeConfig exchange;
  dataplane::DeskConfig members;
};

template <nic::FramePort Port, Clock Clk>
class VenueHost {
 public:
  VenueHost(const VenueHostConfig& config, Port& port, const Clk& clock)
      : config_(config),
        clock_(clock),
        exchange_(*this, config.exchange),
        publisher_(*this, config.publisher),
        members_(*this, config.members),
        net_(port, clock, *this, config.net) {}
  VenueHost(const VenueHost&) = delete;
  VenueHost& operator=(const VenueHost&) = delete;

  /// Opens the member ports and the trading day.
  [[nodiscard]] bool start() noexcept {
    net_.announce();
    if (!members_.listen(net_.tcp())) return false;
    exchange_.open_day(clock_.now());
    flush();
    return true;
  }
  u32 poll(u32 budget) noexcept {
    const u32 count = net_.poll(budget);
    if (count != 0) flush();
    return count;
  }
  void housekeep(Nanos now) noexcept {
    net_.housekeep(now);
    members_.on_timer(now);
    flush();
  }
  /// Ends the trading day and the feed's session.
  void close_day() noexcept {
    exchange_.close_day(clock_.now());
    flush();
    publisher_.end_session(clock_.now());
  }
  /// Sends what the exchange has said since the last time.
  void flush() noexcept {
    const Nanos now = clock_.now();
    for (u16 m = 0; m < members_.count(); ++m) members_.pump(m, now);
    publisher_.flush(now);
  }

  /// Ends the connection of a member's session, as a gateway that restarts does.
  void drop_member(u16 session) noexcept { members_.drop(session, wire::SoupClose::kLogout); }
  /// The same by a reset.
  void reset_member(u16 session) noexcept { members_.drop(session, wire::SoupClose::kTooSlow); }

  /// Told of every fill of a member; empty = nobody.
  std::function<void(const MemberFill&)> on_fill;

  [[nodiscard]] Nanos next_deadline() const noexcept { return net_.next_deadline(); }
  [[nodiscard]] Exchange<VenueHost>& exchange() noexcept { return exchange_; }
  [[nodiscard]] const Exchange<VenueHost>& exchange() const noexcept { return exchange_; }
  [[nodiscard]] const FeedPublisher<VenueHost>& publisher() const noexcept { return publisher_; }
  [[nodiscard]] const auto& members() const noexcept { return members_; }
  [[nodiscard]] const net::NetCounters& net_counters() const noexcept { return net_.counters(); }

  // --- out of exchange and publisher
  // ---------------------------------------------------------------
  void ouch(u16 session, Bytes message) noexcept {
    TRADSYS_ASSERT(members_.store(session).append(message) != 0);
  }
  void itch(Bytes message) noexcept { publisher_.publish(message); }
  void member_fill(const MemberFill& fill) {
    if (on_fill) on_fill(fill);
  }
  void multicast(u32 line, Bytes datagram) noexcept {
    net_.udp_send(config_.lines[line].group, config_.lines[line].port, kFeedSourcePort, datagram);
  }
  void unicast_answer(u32 ip, u16 port, Bytes datagram) noexcept {
    net_.udp_send({ip}, port, config_.rerequest_port, datagram);
  }

  // --- owner of the member sessions
  // ------------------------------------------------------------------
  void session_message(u16 session, Bytes message) noexcept {
    exchange_.on_member(session, message, clock_.now());
  }
  void session_connected(u16) noexcept {}
  void session_gone(u16 session) noexcept { exchange_.on_member_gone(session, clock_.now()); }

  // --- handler of the network
  // ------------------------------------------------------------------------
  void on_udp(const net::UdpDatagram& d) noexcept {
    if (d.dst_port == config_.rerequest_port)
      publisher_.on_request(d.payload, d.src_ip.v, d.src_port);
  }
  void on_tcp_connected(net::ConnId conn) noexcept { net_.tcp().abort(conn); }
  void on_tcp_accepted(net::ConnId conn, u16 port) noexcept {
    members_.on_accepted(conn, port, clock_.now());
  }
  void on_tcp_data(net::ConnId conn, Bytes bytes) noexcept {
    members_.on_data(conn, bytes, clock_.now());
  }
  void on_tcp_closed(net::ConnId conn, net::TcpCloseReason) noexcept { members_.on_closed(conn); }
  void on_tcp_peer_closed(net::ConnId conn) noexcept { members_.on_closed(conn); }

 private:
  static constexpr u16 kFeedSourcePort = 30'000;

  using Net = net::NetInterface<Port, Clk, VenueHost>;
  VenueHostConfig config_;
  const Clk& clock_;
  Exchange<VenueHost> exchange_;
  FeedPublisher<VenueHost> publisher_;
  dataplane::SoupDesk<VenueHost, typename Net::Tcp> members_;
  Net net_;
};

}  // namespace tradsys::sim
