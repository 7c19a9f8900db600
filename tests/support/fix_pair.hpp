#pragma once
// Two FIX sessions, client (initiator) and server (acceptor), on a byte pipe in virtual time that
// can be cut, and both owners, which remember what they were told.
#include <string>
#include <vector>

#include "hostsw/wire/fix/session.hpp"

namespace tradsys::testing {

/// One side. What it sends waits in `outbox` until it is carried over.
struct FixSide {
  explicit FixSide(const fix::SessionConfig& config, fix::SequenceNumbers numbers = {})
      : store(1U << 20, 1U << 14, numbers.next_out), session(config, *this, store, numbers) {}
  FixSide(const FixSide&) = delete;
  FixSide& operator=(const FixSide&) = delete;

  bool send(std::string_view bytes) {
    if (outbox.size() + bytes.size() > room) return false;
    outbox += bytes;
    sent.emplace_back(bytes);
    return true;
  }
  bool on_logon(const fix::Message&) const { return lets_in; }
  void on_logged_on() { ++logons; }
  bool on_application(const fix::Message& m) {
    if (m.type() == "B") return false;
    told.emplace_back(m.text(fix::tag::kClOrdID));
    return true;
  }
  [[nodiscard]] bool wants_resend(std::string_view, std::string_view, Nanos first_sent) const {
    return first_sent >= stale_before;
  }
  void on_closed(fix::CloseReason r) { reasons.push_back(r); }

  /// Types of the messages sent so far.
  [[nodiscard]] std::string types_sent() const {
    std::string types;
    for (const std::string& frame : sent) {
      fix::Message m;
      if (m.parse(frame) == fix::ParseResult::kOk) types += m.type();
    }
    return types;
  }

  wire::SequencedStore store;
  Nanos stale_before{};
  bool lets_in = true;
  usize room = SIZE_MAX;
  std::string outbox;
  std::vector<std::string> sent;
  std::vector<std::string> told;
  std::vector<fix::CloseReason> reasons;
  u32 logons = 0;
  fix::Session<FixSide> session;
};

inline fix::SessionConfig fix_config(fix::Role role, const fix::Dialect& dialect) {
  fix::SessionConfig config;
  config.role = role;
  config.dialect = dialect;
  config.sender_comp_id = role == fix::Role::kInitiator ? "CLIENT" : "SERVER";
  config.target_comp_id = role == fix::Role::kInitiator ? "SERVER" : "CLIENT";
  return config;
}

struct FixPair {
  explicit FixPair(const fix::Dialect& dialect = fix::dialect_fix44())
      : FixPair(fix_config(fix::Role::kInitiator, dialect),
                fix_config(fix::Role::kAcceptor, dialect)) {}
  FixPair(const fix::SessionConfig& initiator, const fix::SessionConfig& acceptor)
      : client(initiator), server(acceptor) {}

  void connect() {
    server.session.start(now);
    client.session.start(now);
    carry();
  }
  /// What is under way is lost.
  void cut() {
    client.outbox.clear();
    server.outbox.clear();
    client.session.on_disconnected();
    server.session.on_disconnected();
  }
  /// Brings everything over, and what is answered to it.
  void carry() {
    while (!client.outbox.empty() || !server.outbox.empty()) {
      move(client, server);
      move(server, client);
    }
  }
  void wait(i64 milliseconds) {
    for (i64 i = 0; i < milliseconds; i += 100) {
      now = now + Nanos{100'000'000};
      client.session.on_timer(now);
      server.session.on_timer(now);
      carry();
    }
  }
  void move(FixSide& from, FixSide& to) {
    const std::string bytes = std::exchange(from.outbox, {});
    to.session.on_bytes(std::as_bytes(std::span(bytes)), now);
  }
  static std::string order(const std::string& id) {
    const std::string text = "11=" + id + "|40=1|54=1|55=COMI|60=20260721-09:30:00|21=1|";
    std::string raw = text;
    for (char& c : raw)
      if (c == '|') c = fix::kSoh;
    return raw;
  }

  Nanos now{1'784'626'200'000'000'000};
  FixSide client;
  FixSide server;
};

}  // namespace tradsys::testing
