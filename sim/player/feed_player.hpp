#pragma once
// A host that plays a message stream as a venue would send it: MoldUDP64 on two multicast lines,
// heartbeats, the end of the session, and a re-request server for what gets lost.
#include <algorithm>

#include "dataplane/net/net_interface.hpp"
#include "sim/player/message_source.hpp"
#include "sim/venue/feed_publisher.hpp"
#include "sim/venue/venue_host.hpp"

namespace tradsys::sim {

struct PlayerConfig {
  net::NetConfig net;
  FeedLine lines[2];
  u16 rerequest_port = 0;
  PublisherConfig publisher;
  Nanos start;  ///< when the first datagram goes out
  /// Datagrams are as far apart as the messages in them were, within these bounds.
  Nanos spacing_min{1'000};
  Nanos spacing_max{200'000};
};

template <nic::FramePort Port, Clock Clk>
class FeedPlayer {
 public:
  /// `source`, `port` and `clock` outlive the player.
  FeedPlayer(const PlayerConfig& config, MessageSource& source, Port& port, const Clk& clock)
      : config_(config),
        source_(source),
        clock_(clock),
        publisher_(*this, config.publisher),
        net_(port, clock, *this, config.net),
        due_(config.start),
        read_(source.next(waiting_)) {
    net_.announce();
  }
  FeedPlayer(const FeedPlayer&) = delete;
  FeedPlayer& operator=(const FeedPlayer&) = delete;

  u32 poll(u32 budget) noexcept { return net_.poll(budget); }
  void housekeep(Nanos now) noexcept {
    net_.housekeep(now);
    publisher_.flush(now);
  }

  /// Sends the next datagram on both lines when it is due, or ends the session behind the last one;
  /// false when there was nothing to do.
  bool play() {
    const Nanos now = clock_.now();
    if (over_ || now < due_) return false;
    if (read_ != wire::FileRead::kRecord) {
      over_ = true;
      publisher_.end_session(now);
      return true;
    }
    const Nanos said = waiting_.time;
    do {
      publisher_.publish(waiting_.bytes);
      read_ = source_.next(waiting_);
    } while (read_ == wire::FileRead::kRecord && !waiting_.starts_datagram);
    publisher_.flush(now);
    const Nanos apart = waiting_.time - said;
    due_ = now + std::clamp(apart, config_.spacing_min, config_.spacing_max);
    return true;
  }

  /// When play() has something to do; the far future when everything was sent.
  [[nodiscard]] Nanos next_action() const noexcept { return over_ ? Nanos{INT64_MAX} : due_; }
  [[nodiscard]] Nanos next_deadline() const noexcept { return net_.next_deadline(); }
  /// Everything was sent, the end of the session too.
  [[nodiscard]] bool over() const noexcept { return over_; }
  /// How the source ended, once over().
  [[nodiscard]] wire::FileRead source_end() const noexcept { return read_; }
  /// Messages sent.
  [[nodiscard]] u64 messages() const noexcept { return publisher_.next_sequence() - 1; }
  /// Datagrams sent on each line, heartbeats and end of session included.
  [[nodiscard]] u64 datagrams() const noexcept { return datagrams_; }
  [[nodiscard]] const auto& publisher() const noexcept { return publisher_; }
  [[nodiscard]] const net::NetCounters& net_counters() const noexcept { return net_.counters(); }

  // --- out of the publisher
  void multicast(u32 line, Bytes datagram) noexcept {
    if (line == 0) ++datagrams_;
    net_.udp_send(config_.lines[line].group, config_.lines[line].port, kSourcePort, datagram);
  }
  void unicast_answer(u32 ip, u16 port, Bytes datagram) noexcept {
    net_.udp_send({ip}, port, config_.rerequest_port, datagram);
  }

  // --- handler of the network: there is no order port here
  void on_udp(const net::UdpDatagram& d) noexcept {
    if (d.dst_port == config_.rerequest_port)
      publisher_.on_request(d.payload, d.src_ip.v, d.src_port);
  }
  void on_tcp_connected(net::ConnId conn) noexcept { net_.tcp().abort(conn); }
  void on_tcp_accepted(net::ConnId conn, u16) noexcept { net_.tcp().abort(conn); }
  void on_tcp_data(net::ConnId, Bytes) noexcept {}
  void on_tcp_closed(net::ConnId, net::TcpCloseReason) noexcept {}

 private:
  static constexpr u16 kSourcePort = 30'000;

  PlayerConfig config_;
  MessageSource& source_;
  const Clk& clock_;
  FeedPublisher<FeedPlayer> publisher_;
  net::NetInterface<Port, Clk, FeedPlayer> net_;
  Nanos due_;
  SourceMessage waiting_;
  wire::FileRead read_;
  u64 datagrams_ = 0;
  bool over_ = false;
};

}  // namespace tradsys::sim
