#pragma once
// SoupBinTCP sessions with handlers that record, and a pipe between them that cuts the bytes at
// random places.
#include <string>
#include <vector>

#include "hostsw/core/random.hpp"
#include "hostsw/wire/soup_client_session.hpp"
#include "hostsw/wire/soup_server_session.hpp"
#include "tests/support/bytes_text.hpp"

namespace tradsys::testing {

/// The bytes one side sent; `room` is what the transport still takes.
struct SoupOutlet {
  std::string sent;
  usize room = ~usize{0};

  bool send(Bytes packet) {
    if (packet.size() > room) return false;
    room -= packet.size();
    sent += text_of(packet);
    return true;
  }
};

struct RecordingClient : SoupOutlet {
  std::vector<std::string> events;  ///< "accepted 5", "rejected A", "end", "closed silence"
  std::vector<std::string> messages;
  u64 next = 0;
  u64 faults = 0;

  void on_login_accepted(const wire::SoupSessionName&, u64 sequence) {
    events.push_back("accepted " + std::to_string(sequence));
    next = sequence;
  }
  void on_login_rejected(char code) { events.push_back(std::string("rejected ") + code); }
  void on_sequenced(u64 sequence, Bytes message) {
    if (sequence != next++) ++faults;
    messages.push_back(text_of(message));
  }
  void on_end_of_session() { events.emplace_back("end"); }
  void on_closed(wire::SoupClose reason) {
    events.push_back("closed " + std::string(wire::name_of(reason)));
  }
};

struct RecordingServer : SoupOutlet {
  std::vector<std::string> events;
  std::vector<std::string> messages;
  std::string user = "user";
  std::string password = "secret";

  char on_login(const wire::SoupLogin& login) {
    const bool known = wire::same_credential(wire::trimmed(login.username), user) &&
                       wire::same_credential(wire::trimmed(login.password), password);
    return known ? '\0' : soup::reject_reason::kNotAuthorized;
  }
  void on_login_accepted(const wire::SoupSessionName&, u64 sequence) {
    events.push_back("accepted " + std::to_string(sequence));
  }
  void on_unsequenced(Bytes message) { messages.push_back(text_of(message)); }
  void on_closed(wire::SoupClose reason) {
    events.push_back("closed " + std::string(wire::name_of(reason)));
  }
};

inline wire::SoupLogin soup_login(std::string_view user = "USER",
                                  std::string_view password = "secret", u64 sequence = 1,
                                  std::string_view session = "") {
  return {make_text<6>(user), make_text<10>(password), make_text<10>(session), sequence};
}

/// Client and server over one connection after another, in virtual time.
struct SoupPair {
  explicit SoupPair(const wire::SoupConfig& config = {}, usize store_bytes = 1U << 16,
                    usize store_messages = 1'024)
      : store(store_bytes, store_messages),
        client(config, client_side),
        server(config, server_side, store, "DAY1") {}

  void connect(const wire::SoupLogin& login = soup_login()) {
    client_side.sent.clear();
    server_side.sent.clear();
    server.start(now);
    client.start(login, now);
    exchange();
  }
  /// Carries bytes both ways until nothing is under way; `random` cuts them.
  void exchange(Random* random = nullptr) {
    while (!client_side.sent.empty() || !server_side.sent.empty()) {
      const std::string up = take(client_side.sent, random);
      server.on_bytes(bytes_of(up), now);
      const std::string down = take(server_side.sent, random);
      client.on_bytes(bytes_of(down), now);
    }
  }
  static std::string take(std::string& from, Random* random) {
    usize n = from.size();
    if (random != nullptr && n > 1) n = static_cast<usize>(random->between(1, n));
    std::string taken = from.substr(0, n);
    from.erase(0, n);
    return taken;
  }
  void after(Nanos time) {
    now = now + time;
    client.on_timer(now);
    server.on_timer(now);
  }

  RecordingClient client_side;
  RecordingServer server_side;
  wire::SequencedStore store;
  wire::SoupClientSession<RecordingClient> client;
  wire::SoupServerSession<RecordingServer> server;
  Nanos now{1'000'000'000};
};

}  // namespace tradsys::testing
