// Goal: a foreign FIX engine and ours trade with each other, either of us the client, in every
// version: 10,000 orders with replaces, cancels and fills, over connections that are cut in the
// middle; nothing is lost, nothing comes twice; then once more from number 1 after a reset. Method:
// QuickFIX in a process of its own (quickfix_peer.cpp), our session over a socket.
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
#include <set>
#include <string>

#include "hostsw/wire/fix/session.hpp"

namespace tradsys::fix {
namespace {

constexpr u32 kOrders = 10'000;
constexpr u32 kCuts = 3;

Nanos utc_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return Nanos{std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

sockaddr_in loopback(u16 port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}
sockaddr* generic(sockaddr_in& address) {
  return static_cast<sockaddr*>(static_cast<void*>(&address));
}

/// A bound socket on a free port.
struct Listener {
  Listener() {
    sockaddr_in address = loopback(0);
    socklen_t bytes = sizeof address;
    EXPECT_EQ(::bind(socket, generic(address), bytes), 0);
    EXPECT_EQ(::listen(socket, 4), 0);
    EXPECT_EQ(::getsockname(socket, generic(address), &bytes), 0);
    port = ntohs(address.sin_port);
  }
  ~Listener() { ::close(socket); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  u16 port = 0;
};

/// QuickFIX in its own process.
class ForeignPeer {
 public:
  ForeignPeer(const char* role, const std::string& begin_string, u16 port) {
    int in[2];
    int out[2];
    EXPECT_EQ(::pipe2(in, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    const std::string port_text = std::to_string(port);
    const std::string orders = std::to_string(kOrders);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      ::execl(TRADSYS_QUICKFIX_PEER, "quickfix-peer", role, begin_string.c_str(), port_text.c_str(),
              orders.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    stdout_ = out[0];
  }
  ~ForeignPeer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(stdout_);
  }
  ForeignPeer(const ForeignPeer&) = delete;
  ForeignPeer& operator=(const ForeignPeer&) = delete;
  void end() { ::close(stdin_); }
  /// Its last words, when it has ended.
  [[nodiscard]] bool ended(std::string& words) const {
    pollfd source{stdout_, POLLIN, 0};
    if (::poll(&source, 1, 0) <= 0) return false;
    char text[256];
    const ssize_t got = ::read(stdout_, text, sizeof text);
    if (got > 0) words.append(text, static_cast<usize>(got));
    return got > 0;
  }

 private:
  pid_t pid_ = 0;
  int stdin_ = -1;
  int stdout_ = -1;
};

Dialect dialect_of(const std::string& begin_string) {
  if (begin_string == "FIX.4.2") return dialect_fix42();
  return begin_string == "FIX.4.4" ? dialect_fix44() : dialect_fix50sp2();
}

/// Our session over a socket, and what both roles have in common. Orders are numbered; every tenth
/// is replaced and canceled instead of filled.
class OurPeer {
 public:
  /// `letter` begins the ids of its orders; `reset`: starts from number 1 and says so.
  OurPeer(Role role, const std::string& begin_string, char letter = 'c', bool reset = false)
      : letter_(1, letter), session_(config(role, begin_string, reset), *this, store_) {}
  ~OurPeer() { drop(); }
  OurPeer(const OurPeer&) = delete;
  OurPeer& operator=(const OurPeer&) = delete;

  void take(int socket) {
    socket_ = socket;
    outbox_.clear();
    session_.start(utc_now());
  }
  bool connect(u16 port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(port);
    const bool there = ::connect(socket, generic(address), sizeof address) == 0;
    there ? take(socket) : static_cast<void>(::close(socket));
    return there;
  }
  /// Cuts the connection; what is under way is lost.
  void drop() {
    if (socket_ < 0) return;
    ::close(socket_);
    socket_ = -1;
    session_.on_disconnected();
  }
  [[nodiscard]] bool connected() const { return socket_ >= 0; }
  [[nodiscard]] Session<OurPeer>& session() { return session_; }

  void poll() {
    pollfd source{socket_, POLLIN, 0};
    if (::poll(&source, 1, 5) > 0) {
      static char bytes[65'536];
      const ssize_t got = ::recv(socket_, bytes, sizeof bytes, MSG_DONTWAIT);
      if (got <= 0) return drop();
      session_.on_bytes(std::as_bytes(std::span(bytes, static_cast<usize>(got))), utc_now());
    }
    session_.on_timer(utc_now());
    if (session_.closed()) return drop();
    if (outbox_.empty()) return;
    if (std::exchange(cut_next, false)) return drop();
    const ssize_t went =
        ::send(socket_, outbox_.data(), outbox_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (went > 0) outbox_.erase(0, static_cast<usize>(went));
  }

  // --- handler
  bool send(std::string_view bytes) {
    if (outbox_.size() > (1U << 20)) return false;
    outbox_ += bytes;
    return true;
  }
  static bool on_logon(const Message&) { return true; }
  void on_logged_on() { ++logons; }
  void on_closed(CloseReason) {}
  bool on_application(const Message& m) {
    m.type() == "8" ? on_report(m) : on_request(m);
    return true;
  }

  // --- client
  void fill_up(u32 orders) {
    while (session_.active() && sent < orders && sent - fills - canceled < 100) {
      ++sent;
      request("D", letter_ + std::to_string(sent), {});
    }
  }

  bool cut_next = false;  ///< cut the connection instead of sending what is to be sent
  u32 logons = 0;
  u32 sent = 0;  ///< client: orders
  u32 requests = 0;  ///< venue: requests of any kind
  u32 fills = 0;
  u32 replaced = 0;
  u32 canceled = 0;
  u32 twice = 0;

 private:
  static SessionConfig config(Role role, const std::string& begin_string, bool reset) {
    SessionConfig c;
    c.reset_on_logon = reset;
    c.role = role;
    c.dialect = dialect_of(begin_string);
    c.sender_comp_id = "TRADSYS";
    c.target_comp_id = "QUICK";
    c.heartbeat_s = 5;
    return c;
  }
  void request(std::string_view type, const std::string& id, std::string_view original) {
    body_.clear();
    body_.text(tag::kClOrdID, id);
    if (type != "F") body_.text(tag::kHandlInst, "1");
    body_.text(tag::kOrderQty, "100");
    if (type != "F") body_.text(tag::kOrdType, "2");
    if (!original.empty()) body_.text(tag::kOrigClOrdID, original);
    if (type != "F") body_.text(tag::kPrice, "81.5");
    body_.text(tag::kSide, "1").text(tag::kSymbol, "COMI");
    body_.timestamp(tag::kTransactTime, utc_now(), 3);
    EXPECT_TRUE(session_.send_application(type, body_.body()));
  }
  void on_report(const Message& m) {
    twice += !ids_.insert(std::string(m.text(tag::kExecID))).second;
    const std::string id(m.text(tag::kClOrdID));
    switch (m.text(tag::kExecType)[0]) {
      case '0':
        if (std::stoul(id.substr(1)) % 10 == 0) request("G", id + "r", id);
        break;
      case '5':
        ++replaced;
        request("F", id + "x", id);
        break;
      case '4':
        ++canceled;
        break;
      default:
        ++fills;
    }
  }
  void on_request(const Message& m) {
    ++requests;
    const std::string id(m.text(tag::kClOrdID));
    twice += !ids_.insert(id).second;
    if (m.type() == "D") {
      report(m, '0', '0');
      if (std::stoul(id.substr(1)) % 10 == 0) return;
      ++fills;
      return report(m, m.begin_string() == "FIX.4.2" ? '2' : 'F', '2');
    }
    const bool replace = m.type() == "G";
    ++(replace ? replaced : canceled);
    report(m, replace ? '5' : '4', replace ? '0' : '4');
  }
  void report(const Message& m, char exec_type, char status) {
    const std::string number = std::to_string(++exec_id_);
    body_.clear();
    body_.text(tag::kAvgPx, "81.5").text(tag::kClOrdID, m.text(tag::kClOrdID));
    body_.text(tag::kCumQty, "100").text(tag::kExecID, "e" + number);
    if (m.begin_string() == "FIX.4.2") body_.text(tag::kExecTransType, "0");
    body_.text(tag::kOrderID, number).character(tag::kOrdStatus, status);
    body_.text(tag::kSide, "1").text(tag::kSymbol, "COMI").character(tag::kExecType, exec_type);
    body_.text(tag::kLeavesQty, "0");
    session_.send_application("8", body_.body());
  }

  const std::string letter_;
  wire::SequencedStore store_{1U << 24, 1U << 16};
  Writer body_;
  std::string outbox_;
  std::set<std::string> ids_;
  u64 exec_id_ = 0;
  int socket_ = -1;
  Session<OurPeer> session_;
};

bool in_time(std::chrono::steady_clock::time_point start) {
  return std::chrono::steady_clock::now() - start < std::chrono::seconds(180);
}

class FixInterop : public ::testing::TestWithParam<const char*> {
 protected:
  static constexpr u32 kTenth = kOrders / 10;
  static std::string all_seen(u32 orders) {
    const std::string tenth = std::to_string(orders / 10);
    return "orders " + std::to_string(orders) + " fills " + std::to_string(orders - orders / 10) +
           " replaced " + tenth + " canceled " + tenth + " twice 0\n";
  }
};

TEST_P(FixInterop, AForeignClientTradesWithOurVenue) {
  Listener listener;
  ForeignPeer client("initiator", GetParam(), listener.port);
  OurPeer venue(Role::kAcceptor, GetParam());
  std::string words;
  u32 cuts = 0;
  const auto start = std::chrono::steady_clock::now();
  while (!client.ended(words) && in_time(start)) {
    if (!venue.connected()) {
      pollfd source{listener.socket, POLLIN, 0};
      if (::poll(&source, 1, 20) > 0)
        venue.take(::accept4(listener.socket, nullptr, nullptr, SOCK_CLOEXEC));
      continue;
    }
    venue.poll();
    if (cuts < kCuts && venue.requests > (cuts + 1) * kOrders / 4) {
      ++cuts;
      venue.cut_next = true;
    }
  }
  EXPECT_EQ(words, all_seen(kOrders));
  EXPECT_EQ(cuts, kCuts);
  EXPECT_EQ(venue.requests, kOrders + 2 * kTenth);
  EXPECT_EQ(venue.twice, 0U);
  EXPECT_GT(venue.session().counters().resent, 0U);
}

/// Trades until `orders` are over, with some cuts, and logs off.
void trade(OurPeer& client, u16 port, u32 orders, u32 wanted_cuts) {
  u32 cuts = 0;
  const auto start = std::chrono::steady_clock::now();
  while (client.fills + client.canceled < orders && in_time(start)) {
    if (!client.connected() && !client.connect(port)) ::usleep(20'000);
    if (!client.connected()) continue;
    client.poll();
    client.fill_up(orders);
    if (cuts == wanted_cuts || client.sent <= (cuts + 1) * orders / 4) continue;
    ++cuts;
    client.cut_next = true;
  }
  EXPECT_EQ(client.fills, orders - orders / 10);
  EXPECT_EQ(client.canceled, orders / 10);
  EXPECT_EQ(client.replaced, orders / 10);
  EXPECT_EQ(client.twice, 0U);
  EXPECT_EQ(client.logons, wanted_cuts + 1);
  client.session().logout();
  while (client.connected() && in_time(start)) client.poll();
}

TEST_P(FixInterop, OurClientTradesWithAForeignVenueAndAgainAfterAReset) {
  constexpr u32 kMore = 100;
  Listener reserved;
  const u16 port = reserved.port;
  ::close(std::exchange(reserved.socket, ::dup(STDERR_FILENO)));
  ForeignPeer venue("acceptor", GetParam(), port);
  OurPeer client(Role::kInitiator, GetParam());
  trade(client, port, kOrders, kCuts);
  OurPeer fresh(Role::kInitiator, GetParam(), 'd', true);
  trade(fresh, port, kMore, 0);
  EXPECT_LT(fresh.session().numbers().next_in, kOrders);
  venue.end();
  std::string words;
  const auto start = std::chrono::steady_clock::now();
  while (!venue.ended(words) && in_time(start)) ::usleep(10'000);
  EXPECT_EQ(words, all_seen(kOrders + kMore));
}

INSTANTIATE_TEST_SUITE_P(Versions, FixInterop, ::testing::Values("FIX.4.2", "FIX.4.4", "FIXT.1.1"),
                         [](const auto& version) {
                           std::string name = version.param;
                           std::erase(name, '.');
                           return name;
                         });

}  // namespace
}  // namespace tradsys::fix
