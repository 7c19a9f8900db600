#pragma once
// QuickFIX as a venue in a process of its own, and the cable to it: a host in the venue's network
// whose TCP connections end in kernel sockets of that process.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <sstream>
#include <string>

#include "dataplane/net/net_interface.hpp"
#include "sim/wire/memory_port.hpp"

namespace tradsys::testing {

/// An order as the venue saw it.
struct ForeignOrder {
  u32 cum_qty = 0;
  char status = '?';
};

class ForeignVenue {
 public:
  explicit ForeignVenue(const char* begin_string) : port_(free_port()) {
    int in[2];
    int out[2];
    EXPECT_EQ(::pipe2(in, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    const std::string port_text = std::to_string(port_);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      ::execl(TRADSYS_QUICKFIX_VENUE, "quickfix-venue", begin_string, port_text.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    stdout_ = out[0];
  }
  ~ForeignVenue() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(stdin_);
    ::close(stdout_);
  }
  ForeignVenue(const ForeignVenue&) = delete;
  ForeignVenue& operator=(const ForeignVenue&) = delete;

  [[nodiscard]] u16 port() const { return port_; }
  /// Ends it; afterwards orders() and twice() are what it saw.
  void quit() {
    EXPECT_EQ(::write(stdin_, "quit\n", 5), 5);
    std::string words;
    char chunk[65'536];
    for (ssize_t got = 0; (got = ::read(stdout_, chunk, sizeof chunk)) > 0;)
      words.append(chunk, static_cast<usize>(got));
    std::istringstream lines(words);
    for (std::string word; lines >> word;) {
      std::string id;
      if (word == "order" && lines >> id) lines >> orders_[id].cum_qty >> orders_[id].status;
      if (word == "twice") lines >> twice_;
    }
  }
  /// By the ClOrdID that each was entered with.
  [[nodiscard]] const std::map<std::string, ForeignOrder>& orders() const { return orders_; }
  [[nodiscard]] u32 twice() const { return twice_; }

 private:
  static u16 free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    socklen_t bytes = sizeof address;
    EXPECT_EQ(::bind(socket, generic, bytes), 0);
    EXPECT_EQ(::getsockname(socket, generic, &bytes), 0);
    ::close(socket);
    return ntohs(address.sin_port);
  }

  u16 port_;
  pid_t pid_ = 0;
  int stdin_ = -1;
  int stdout_ = -1;
  std::map<std::string, ForeignOrder> orders_;
  u32 twice_ = ~0U;
};

/// The venue's end of the cable.
class VenueBridge {
 public:
  static constexpr net::Ipv4 kIp = net::ipv4(10, 10, 0, 3);
  static constexpr u16 kPort = 9'801;

  VenueBridge(u16 foreign_port, sim::MemoryPort& port, const VirtualClock& clock)
      : foreign_port_(foreign_port), net_(port, clock, *this, net_config()) {
    net_.announce();
    EXPECT_TRUE(net_.tcp().listen(kPort));
  }
  ~VenueBridge() { cut(); }
  VenueBridge(const VenueBridge&) = delete;
  VenueBridge& operator=(const VenueBridge&) = delete;

  u32 poll() {
    const u32 work = net_.poll(32);
    pass_to_foreign();
    return work + pass_to_tile();
  }
  void housekeep(Nanos now) { net_.housekeep(now); }
  /// What is under way is lost, both ways.
  void cut() {
    if (conn_ != net::kNoConn) net_.tcp().abort(conn_);
    forget();
  }
  [[nodiscard]] u32 connections() const { return connections_; }

  void on_udp(const net::UdpDatagram&) {}
  void on_tcp_connected(net::ConnId) {}
  void on_tcp_accepted(net::ConnId conn, u16) {
    cut();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(foreign_port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto* const generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    if (::connect(socket_, generic, sizeof address) != 0) {  // it has yet to listen
      net_.tcp().abort(conn);
      return forget();
    }
    conn_ = conn;
    ++connections_;
  }
  void on_tcp_data(net::ConnId conn, Bytes bytes) {
    if (conn == conn_)
      to_foreign_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void on_tcp_closed(net::ConnId conn, net::TcpCloseReason) { on_tcp_peer_closed(conn); }
  void on_tcp_peer_closed(net::ConnId conn) {
    if (conn != conn_) return;
    pass_to_foreign();
    net_.tcp().close(conn);
    forget();
  }

 private:
  static net::NetConfig net_config() {
    net::NetConfig config;
    config.mac = net::MacAddress{0x02'00'00'00'00'09};
    config.ip = kIp;
    return config;
  }
  void forget() {
    conn_ = net::kNoConn;
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    to_foreign_.clear();
  }
  void pass_to_foreign() {
    if (to_foreign_.empty() || socket_ < 0) return;
    const ssize_t went =
        ::send(socket_, to_foreign_.data(), to_foreign_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (went > 0) to_foreign_.erase(0, static_cast<usize>(went));
  }
  u32 pass_to_tile() {
    if (socket_ < 0) return 0;
    char bytes[16'384];
    const usize room = std::min<usize>(sizeof bytes, net_.tcp().send_space(conn_));
    if (room == 0) return 0;
    const ssize_t got = ::recv(socket_, bytes, room, MSG_DONTWAIT);
    if (got == 0) {  // it has finished: what was said before arrives
      net_.tcp().close(conn_);
      forget();
    }
    if (got <= 0) return 0;
    EXPECT_TRUE(net_.tcp().send(conn_, std::as_bytes(std::span(bytes, static_cast<usize>(got)))));
    return 1;
  }

  const u16 foreign_port_;
  net::NetInterface<sim::MemoryPort, VirtualClock, VenueBridge> net_;
  net::ConnId conn_ = net::kNoConn;
  int socket_ = -1;
  u32 connections_ = 0;
  std::string to_foreign_;
};

}  // namespace tradsys::testing
