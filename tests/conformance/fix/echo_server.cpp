// A FIX acceptor that echoes orders: the application that session acceptance definitions expect.
// usage: fix-echo [--port N]; prints "listening on PORT" and serves on 127.0.0.1 until it is
// killed. Takes FIX 4.2, 4.4 and FIXT 1.1 with FIX 5.0 SP2, from any SenderCompID that begins with
// TW to ISLD. Every connection starts at number 1. D and d come back, other messages are not
// supported.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hostsw/wire/fix/session.hpp"

namespace {

using namespace tradsys;

Nanos utc_now() {
  return Nanos{std::chrono::duration_cast<std::chrono::nanoseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
                   .count()};
}

std::set<std::string> g_active;  // version and SenderCompID of those logged on

class Connection {
 public:
  explicit Connection(int socket) : socket_(socket) {}
  ~Connection() {
    ::close(socket_);
    g_active.erase(name_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] bool done() const { return done_; }

  void on_readable() {
    std::byte bytes[8'192];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) return on_gone();
    const Bytes received(bytes, static_cast<usize>(got));
    if (session_) return session_->on_bytes(received, utc_now());
    first_.insert(first_.end(), received.begin(), received.end());
    framer_.feed(received, [this](std::string_view frame) {
      choose(frame);
      return false;
    });
    if (session_) session_->on_bytes(first_, utc_now());
  }
  void on_timer() {
    if (session_) session_->on_timer(utc_now());
  }

  // --- handler of the session
  bool send(std::string_view bytes) {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  bool on_logon(const fix::Message&) {
    return !name_.empty() ||
           (g_active.insert(wanted_name_).second && !(name_ = wanted_name_).empty());
  }
  void on_logged_on() {}
  bool on_application(const fix::Message& m) {
    if (m.type() != "D" && m.type() != "d") return false;
    const bool again = m.is_yes(fix::tag::kPossResend);
    const bool seen = !ids_.insert(std::string(m.text(fix::tag::kClOrdID))).second;
    if (again && seen) return true;
    std::multimap<i32, std::string_view> body;
    for (const fix::Field& field : m.fields()) {
      const auto members = session_->config().dialect.rules.session;
      const bool outer = find_member(members->header_members(), field.tag) != nullptr ||
                         find_member(members->trailer_members(), field.tag) != nullptr;
      if (!outer) body.emplace(field.tag, field.value);
    }
    writer_.clear();
    for (const auto& [tag, value] : body) writer_.text(tag, value);
    session_->send_application(m.type(), writer_.body(), again);
    return true;
  }
  void on_closed(fix::CloseReason) { done_ = true; }

 private:
  void on_gone() {
    if (session_) session_->on_disconnected();
    done_ = true;
  }
  /// Which session this is, by its first message.
  void choose(std::string_view frame) {
    fix::Message m;
    if (m.parse(frame) != fix::ParseResult::kOk) return on_gone();
    fix::SessionConfig config;
    if (m.begin_string() == "FIX.4.2")
      config.dialect = fix::dialect_fix42();
    else if (m.begin_string() == "FIX.4.4")
      config.dialect = fix::dialect_fix44();
    else if (m.begin_string() == "FIXT.1.1")
      config.dialect = fix::dialect_fix50sp2();
    else
      return on_gone();
    const std::string_view sender = m.text(fix::tag::kSenderCompID);
    config.sender_comp_id = "ISLD";
    config.target_comp_id = sender.substr(0, 2) == "TW" ? std::string(sender) : "TW";
    wanted_name_ = config.dialect.begin_string + config.target_comp_id;
    session_ = std::make_unique<fix::Session<Connection>>(config, *this, store_);
    session_->start(utc_now());
  }

  int socket_;
  bool done_ = false;
  std::string wanted_name_;
  std::string name_;  ///< set once logged on
  std::vector<std::byte> first_;
  fix::Framer framer_;
  wire::SequencedStore store_{1U << 20, 4'096};
  std::unique_ptr<fix::Session<Connection>> session_;
  fix::Writer writer_;
  std::set<std::string> ids_;
};

int listen_on(u16 port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = static_cast<sockaddr*>(static_cast<void*>(&address));
  socklen_t bytes = sizeof address;
  if (::bind(listener, generic, bytes) != 0 || ::listen(listener, 16) != 0 ||
      ::getsockname(listener, generic, &bytes) != 0) {
    std::perror("fix-echo: cannot listen");
    std::exit(1);
  }
  std::printf("listening on %u\n", static_cast<unsigned>(ntohs(address.sin_port)));
  std::fflush(stdout);
  return listener;
}

}  // namespace

int main(int argc, char** argv) {
  const bool with_port = argc == 3 && std::string_view(argv[1]) == "--port";
  const int listener = listen_on(with_port ? static_cast<u16>(std::atoi(argv[2])) : u16{0});
  std::list<Connection> connections;
  for (;;) {
    std::vector<pollfd> sources{{listener, POLLIN, 0}};
    for (const Connection& c : connections) sources.push_back({c.socket(), POLLIN, 0});
    ::poll(sources.data(), sources.size(), 50);
    usize i = 1;
    for (Connection& c : connections) {
      if ((sources[i++].revents & (POLLIN | POLLHUP | POLLERR)) != 0) c.on_readable();
      c.on_timer();
    }
    connections.remove_if([](const Connection& c) { return c.done(); });
    if ((sources[0].revents & POLLIN) != 0)
      if (const int peer = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC); peer >= 0)
        connections.emplace_back(peer);
  }
}
