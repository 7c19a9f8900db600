// Goal: a foreign FIX engine as a client of the whole edge tile, 10,200 orders over three versions:
// orders, replaces, cancels (by OrigClOrdID and by OrderID) and fills at a simulated venue, over
// connections that are cut in the middle, a restart of the appliance that loses the end of its
// journal, and a return of both numbers to 1; nothing is lost, nothing comes twice. Method:
// QuickFIX in a process of its own; its bytes go from a kernel socket to the tile's own TCP and
// back, in real time.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "tests/support/fix/fix_rig.hpp"

namespace tradsys::testing {
namespace {

constexpr u32 kOrders = 3'400;
constexpr u32 kCuts = 3;
constexpr u32 kOpenMax = 100;  ///< orders that the client has under way
/// Without an order that begins or ends. The load of the machine bounds nothing else.
constexpr std::chrono::seconds kPatience{30};
constexpr u64 kFlowPerS = 2'000;  ///< of others, who take what is left over

i64 utc_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The client's end of the cable: what a kernel socket says goes to the tile, and back.
class Bridge {
 public:
  using Net = net::NetInterface<sim::MemoryPort, VirtualClock, Bridge>;

  Bridge(const fix::SessionConfig&, sim::MemoryPort& port, const VirtualClock& clock)
      : clock_(clock), net_(port, clock, *this, net_config()) {
    net_.announce();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    socklen_t bytes = sizeof address;
    EXPECT_EQ(::bind(listener_, generic, bytes), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    EXPECT_EQ(::getsockname(listener_, generic, &bytes), 0);
    port_ = ntohs(address.sin_port);
  }
  ~Bridge() {
    cut();
    ::close(listener_);
  }
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  [[nodiscard]] u16 port() const { return port_; }
  void poll() {
    net_.poll(32);
    if (socket_ < 0) return take();
    pass_on();
    if (!connected_) return;
    char bytes[16'384];
    const usize room = std::min<usize>(sizeof bytes, net_.tcp().send_space(conn_));
    if (room == 0) return;
    const ssize_t got = ::recv(socket_, bytes, room, MSG_DONTWAIT);
    if (got == 0) return cut();
    if (got < 0) return;
    from_client += static_cast<u64>(got);
    EXPECT_TRUE(net_.tcp().send(conn_, std::as_bytes(std::span(bytes, static_cast<usize>(got)))));
  }
  void housekeep() { net_.housekeep(clock_.now()); }
  /// What is under way is lost.
  void cut() {
    if (conn_ != net::kNoConn) net_.tcp().abort(conn_);
    conn_ = net::kNoConn;
    connected_ = false;
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    to_client_.clear();
  }

  u64 from_client = 0;
  u32 connections = 0;

  void on_udp(const net::UdpDatagram&) {}
  void on_tcp_connected(net::ConnId conn) { connected_ = connected_ || conn == conn_; }
  void on_tcp_accepted(net::ConnId, u16) {}
  void on_tcp_data(net::ConnId conn, Bytes bytes) {
    if (conn == conn_) to_client_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void on_tcp_closed(net::ConnId conn, net::TcpCloseReason) { on_tcp_peer_closed(conn); }
  void on_tcp_peer_closed(net::ConnId conn) {
    if (conn != conn_) return;
    pass_on();
    cut();
  }

 private:
  static net::NetConfig net_config() {
    net::NetConfig config;
    config.mac = sim::client_mac(0);
    config.ip = sim::client_ip(0);
    return config;
  }
  void take() {
    pollfd source{listener_, POLLIN, 0};
    if (::poll(&source, 1, 0) <= 0) return;
    socket_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    ++connections;
    conn_ = net_.tcp().connect(sim::kClientSideIp, sim::kClientOrderPort);
  }
  void pass_on() {
    if (to_client_.empty() || socket_ < 0) return;
    const ssize_t went =
        ::send(socket_, to_client_.data(), to_client_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (went > 0) to_client_.erase(0, static_cast<usize>(went));
  }

  const VirtualClock& clock_;
  Net net_;
  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int socket_ = -1;
  u16 port_ = 0;
  net::ConnId conn_ = net::kNoConn;
  bool connected_ = false;
  std::string to_client_;
};

/// QuickFIX in its own process.
class ForeignClient {
 public:
  ForeignClient(const std::string& begin_string, u16 port, const std::vector<std::string>& market) {
    int out[2];
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    const std::string port_text = std::to_string(port);
    const std::string orders = std::to_string(kOrders);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::execl(TRADSYS_QUICKFIX_PEER, "quickfix-peer", "initiator", begin_string.c_str(),
              port_text.c_str(), orders.c_str(), market[0].c_str(), market[1].c_str(),
              market[2].c_str(), market[3].c_str(), nullptr);
      ::_exit(127);
    }
    ::close(out[1]);
    stdout_ = out[0];
  }
  ~ForeignClient() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(stdout_);
  }
  ForeignClient(const ForeignClient&) = delete;
  ForeignClient& operator=(const ForeignClient&) = delete;
  /// Its last words, when it has ended.
  [[nodiscard]] bool ended(std::string& words) const {
    pollfd source{stdout_, POLLIN, 0};
    if (::poll(&source, 1, 0) <= 0) return false;
    char text[256];
    const ssize_t got = ::read(stdout_, text, sizeof text);
    if (got > 0) words.append(text, static_cast<usize>(got));
    return true;
  }

 private:
  pid_t pid_ = 0;
  int stdout_ = -1;
};

class FixEdgeInterop : public ::testing::TestWithParam<const char*> {
 protected:
  static dataplane::ClientProtocol protocol() {
    const std::string_view version = GetParam();
    if (version == "FIX.4.2") return dataplane::ClientProtocol::kFix42;
    return version == "FIX.4.4" ? dataplane::ClientProtocol::kFix44
                                : dataplane::ClientProtocol::kFix50Sp2;
  }
};

TEST_P(FixEdgeInterop, AForeignClientTradesOverCutsAndARestart) {
  const auto begin = std::chrono::steady_clock::now();
  BasicFixRig<Bridge> rig(
      protocol(),
      [](dataplane::EdgeConfig& c) {
        c.wall_offset_ns = utc_ns() - kSecond.v;  // virtual time goes on as real time does
        c.clients[0].cancel_on_disconnect = false;
        c.clients[0].fix.check_password = false;
        c.clients[0].fix.target_comp_id = "QUICK";
      },
      kFlowPerS);
  // The market stays around its middle: what is to trade does, however long the machine takes.
  const auto price = [&](i64 step) { return BasicFixRig<Bridge>::decimal(rig.price_at(step)); };
  const i64 start_ns = rig.clock().now().v;
  const ForeignClient client(GetParam(), rig.peer().port(),
                             {rig.symbol(), price(-60), price(60), price(-180)});
  std::string words;
  u32 cuts = 0;
  u64 events = 0;
  auto moved_at = begin;
  while (!client.ended(words)) {
    const auto now = std::chrono::steady_clock::now();
    const auto passed = now - begin;
    const engine::EngineCounters& counters = rig.tile().engine().core().counters();
    const u64 seen = counters.requests + counters.executions + counters.canceled_orders;
    if (seen != events) moved_at = now;
    events = seen;
    if (now - moved_at > kPatience) break;
    rig.steps(1);
    const i64 real_ns =
        start_ns + std::chrono::duration_cast<std::chrono::nanoseconds>(passed).count();
    if (rig.clock().now().v < real_ns)
      rig.clock().advance_to(Nanos{real_ns});
    else
      ::usleep(50);  // a step is that long
    const u64 orders = rig.tile().engine().core().counters().requests;
    if (cuts == kCuts || orders <= u64{cuts + 1} * kOrders / 4) continue;
    if (++cuts == 2)
      rig.crash();
    else
      rig.peer().cut();
  }
  u32 orders = 0, fills = 0, replaced = 0, canceled = 0, twice = 1, rejected = 0, overtaken = 0;
  EXPECT_EQ(
      std::sscanf(words.c_str(),
                  "orders %u fills %u replaced %u canceled %u twice %u rejected %u overtaken %u",
                  &orders, &fills, &replaced, &canceled, &twice, &rejected, &overtaken),
      7)
      << words;
  EXPECT_EQ(orders, kOrders);
  EXPECT_EQ(fills + canceled + rejected, kOrders);
  EXPECT_LE(rejected, kOpenMax) << "more than the restart may refuse: books are stale at first";
  EXPECT_EQ(canceled + overtaken, replaced);
  EXPECT_LT(overtaken, replaced / 10) << "the far price is to rest";
  EXPECT_EQ(twice, 0U);
  EXPECT_EQ(cuts, kCuts);
  rig.tile().engine().core().store().for_each([](const orders::Order& o) {
    ADD_FAILURE() << "open: " << o.client_ref << " side " << static_cast<u32>(o.side) << " price "
                  << o.price << " leaves " << o.leaves_qty;
  });
  EXPECT_GT(rig.peer().connections, kCuts + 1) << "the client came back for the reset, too";
  EXPECT_LT(rig.client().next_seq(), 2 * rig.tile().engine().core().counters().requests)
      << "each has three messages or so: numbers began again";
  EXPECT_EQ(rig.tile().engine().core().store().size(), 0U);
  EXPECT_EQ(rig.tile().engine().core().counters().unknown_reports, 0U);
}

INSTANTIATE_TEST_SUITE_P(Versions, FixEdgeInterop,
                         ::testing::Values("FIX.4.2", "FIX.4.4", "FIXT.1.1"));

}  // namespace
}  // namespace tradsys::testing
