#pragma once
// SoupBinTCP server sessions over one TCP engine: a port, a user and a sequenced stream each.
// Streams outlive connections; a newer login takes a session over from an older one. The appliance
// serves its clients with it, the venue simulator its members.
#include <memory>
#include <string>
#include <vector>

#include "dataplane/net/tcp/tcp_session.hpp"
#include "hostsw/wire/soup_server_session.hpp"

namespace tradsys::dataplane {

/// Who may log in on which port. Several sessions may share no port.
struct DeskSession {
  std::string user;
  std::string password;
  u16 tcp_port = 0;  ///< 0: nobody comes over a port; see on_connected
  /// Its stream gets so many times the room of DeskConfig; 0: only the place is kept, nobody is
  /// served.
  usize room = 1;
};

struct DeskConfig {
  std::vector<DeskSession> sessions;
  std::string session_name = "TRADSYS001";  ///< of all streams, at most 10 characters
  wire::SoupConfig soup;
  usize store_bytes = usize{24} << 20;  ///< of each stream, kept for replay
  usize store_messages = usize{1} << 18;
};

/// Counts of one session.
struct DeskCounters {
  u64 logins = 0;
  u64 rejected_logins = 0;
  u64 disconnects = 0;
  u64 messages_in = 0;
};

/// `Owner` gets: session_message(session, Bytes), session_connected(session),
/// session_gone(session); the last only when no newer login took the session over.
template <class Owner, class Tcp>
class SoupDesk {
 public:
  SoupDesk(Owner& owner, const DeskConfig& config) : owner_(owner) {
    for (const DeskSession& session : config.sessions) {
      sessions_.push_back(
          std::make_unique<Session>(*this, config, session, static_cast<u16>(sessions_.size())));
    }
  }

  /// Opens the ports. False when the engine has no room for a listener.
  [[nodiscard]] bool listen(Tcp& tcp) noexcept {
    tcp_ = &tcp;
    for (const auto& session : sessions_) {
      if (session->config.tcp_port == 0) continue;
      if (!tcp.listen(session->config.tcp_port)) return false;
    }
    return true;
  }

  /// All streams have another name; before listen().
  void rename(const wire::SoupSessionName& name) noexcept {
    for (const auto& session : sessions_) {
      for (Connection& c : session->connections) c.soup.rename(name);
    }
  }

  // --- from the TCP engine -----------------------------------------------------------------------
  void on_accepted(net::ConnId conn, u16 port, Nanos now) noexcept {
    for (const auto& session : sessions_) {
      if (session->config.tcp_port == port) return on_connected(conn, session->index, now);
    }
    tcp_->abort(conn);
  }
  /// As on_accepted, for one that the transport knows to be meant for `session`.
  void on_connected(net::ConnId conn, u16 session, Nanos now) noexcept {
    Connection* const c = place_for(*sessions_[session], now);
    if (c == nullptr)  // both places are taken: one logged in, one trying to take over
      return tcp_->abort(conn);
    c->conn = conn;
    c->accepted_at = now;
    c->soup.start(now);
  }
  void on_data(net::ConnId conn, Bytes bytes, Nanos now) noexcept {
    if (Connection* c = find(conn)) c->soup.on_bytes(bytes, now);
  }
  void on_closed(net::ConnId conn) noexcept {
    if (Connection* c = find(conn)) c->soup.on_disconnected();
  }
  void on_timer(Nanos now) noexcept {
    for (const auto& session : sessions_) {
      for (Connection& c : session->connections) c.soup.on_timer(now);
    }
  }

  /// The stream of a session; whoever appends to it calls pump() afterwards.
  [[nodiscard]] wire::SequencedStore& store(u16 session) noexcept {
    return sessions_[session]->store;
  }
  [[nodiscard]] const wire::SequencedStore& store(u16 session) const noexcept {
    return sessions_[session]->store;
  }
  /// Sends what a stream shows and the client has not got yet, as far as the transport takes it.
  void pump(u16 session, Nanos now) noexcept {
    for (Connection& c : sessions_[session]->connections) c.soup.pump(now);
  }

  /// Ends the connection that a session is logged in with; its stream goes on with the next one.
  void drop(u16 session, wire::SoupClose reason) noexcept {
    for (Connection& c : sessions_[session]->connections) {
      if (c.soup.logged_in()) c.soup.drop(reason);
    }
  }

  [[nodiscard]] u16 count() const noexcept { return static_cast<u16>(sessions_.size()); }
  [[nodiscard]] bool logged_in(u16 session) const noexcept {
    for (const Connection& c : sessions_[session]->connections) {
      if (c.soup.logged_in()) return true;
    }
    return false;
  }
  [[nodiscard]] const DeskSession& config(u16 session) const noexcept {
    return sessions_[session]->config;
  }
  [[nodiscard]] const DeskCounters& counters(u16 session) const noexcept {
    return sessions_[session]->counters;
  }

 private:
  struct Session;

  /// One TCP connection; handler of its SoupBinTCP session.
  struct Connection {
    Connection(SoupDesk& d, Session& s, const DeskConfig& config)
        : desk(d), session(s), soup(config.soup, *this, s.store, config.session_name) {}

    bool send(Bytes packet) noexcept { return desk.tcp_->send(conn, packet); }
    char on_login(const wire::SoupLogin& login) noexcept {
      const bool user = wire::same_credential(wire::trimmed(login.username), session.config.user);
      const bool password =
          wire::same_credential(wire::trimmed(login.password), session.config.password);
      if (user && password) return 0;
      ++session.counters.rejected_logins;
      return soup::reject_reason::kNotAuthorized;
    }
    void on_login_accepted(const wire::SoupSessionName&, u64) noexcept {
      ++session.counters.logins;
      owns_session = true;
      for (Connection& other : session.connections) {
        if (&other == this || !other.soup.logged_in()) continue;
        other.owns_session = false;
        other.soup.drop(wire::SoupClose::kLogout);
      }
      desk.owner_.session_connected(session.index);
    }
    void on_unsequenced(Bytes message) noexcept {
      ++session.counters.messages_in;
      desk.owner_.session_message(session.index, message);
    }
    void on_closed(wire::SoupClose reason) noexcept {
      // Who takes nothing would not take the end of the stream either.
      if (reason == wire::SoupClose::kTooSlow)
        desk.tcp_->abort(conn);
      else
        desk.tcp_->close(conn);
      conn = net::kNoConn;
      if (!owns_session) return;
      owns_session = false;
      ++session.counters.disconnects;
      desk.owner_.session_gone(session.index);
    }

    SoupDesk& desk;
    Session& session;
    net::ConnId conn = net::kNoConn;
    Nanos accepted_at{};
    bool owns_session = false;
    wire::SoupServerSession<Connection> soup;
  };

  struct Session {
    Session(SoupDesk& desk, const DeskConfig& desk_config, const DeskSession& c, u16 i)
        : config(c),
          index(i),
          store(c.room == 0 ? kNoStoreBytes : c.room * desk_config.store_bytes,
                c.room == 0 ? 1 : c.room * desk_config.store_messages),
          connections{{desk, *this, desk_config}, {desk, *this, desk_config}} {}
    DeskSession config;
    u16 index;
    wire::SequencedStore store;
    DeskCounters counters;
    Connection connections[2];
  };

  /// A free place, or one whose connection has said nothing since it came: who only connects cannot
  /// lock the session's owner out.
  static Connection* place_for(Session& session, Nanos now) noexcept {
    for (Connection& c : session.connections) {
      if (c.soup.closed()) return &c;
    }
    for (Connection& c : session.connections) {
      if (c.soup.logged_in() || now - c.accepted_at < kLoginPatience) continue;
      c.soup.drop(wire::SoupClose::kLoginTimeout);
      return &c;
    }
    return nullptr;
  }
  static constexpr usize kNoStoreBytes = 64;
  static constexpr Nanos kLoginPatience{100'000'000};

  Connection* find(net::ConnId conn) noexcept {
    for (const auto& session : sessions_) {
      for (Connection& c : session->connections) {
        if (c.conn == conn && !c.soup.closed()) return &c;
      }
    }
    return nullptr;
  }

  Owner& owner_;
  Tcp* tcp_ = nullptr;
  std::vector<std::unique_ptr<Session>> sessions_;
};

}  // namespace tradsys::dataplane
