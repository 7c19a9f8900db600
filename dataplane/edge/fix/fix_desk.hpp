#pragma once
// The FIX clients among the clients of an edge tile, by their place in the configuration.
#include <memory>

#include "dataplane/edge/fix/fix_client.hpp"

namespace tradsys::dataplane {

template <class Owner, class Tcp>
class FixDesk {
 public:
  using Client = FixClient<Owner, Tcp>;

  FixDesk(Owner& owner, const EdgeConfig& config) : clients_(config.clients.size()) {
    for (u16 c = 0; c < clients_.size(); ++c) {
      if (!is_fix(config.clients[c].protocol)) continue;
      clients_[c] = std::make_unique<Client>(owner, config, c);
      ports_.push_back({config.clients[c].tcp_port, c});
    }
  }

  /// Opens the ports. False when the engine has no room for a listener.
  [[nodiscard]] bool listen(Tcp& tcp) noexcept {
    for (const Place& place : ports_) {
      clients_[place.client]->attach(tcp);
      if (!tcp.listen(place.tcp_port)) return false;
    }
    return true;
  }
  /// nullptr: it speaks another protocol, or is a drop copy.
  [[nodiscard]] Client* client(u16 c) noexcept {
    return c < clients_.size() ? clients_[c].get() : nullptr;
  }
  [[nodiscard]] const Client* client(u16 c) const noexcept {
    return c < clients_.size() ? clients_[c].get() : nullptr;
  }

  // Each of these is whether it was a FIX client's.
  bool on_accepted(net::ConnId conn, u16 port, Nanos now) noexcept {
    for (const Place& place : ports_) {
      if (place.tcp_port != port) continue;
      clients_[place.client]->on_accepted(conn, now);
      return true;
    }
    return false;
  }
  bool on_data(net::ConnId conn, Bytes bytes, Nanos now) noexcept {
    Client* found = find(conn);
    if (found != nullptr) found->on_data(bytes, now);
    return found != nullptr;
  }
  bool on_closed(net::ConnId conn) noexcept {
    Client* found = find(conn);
    if (found != nullptr) found->on_gone();
    return found != nullptr;
  }
  void on_timer(Nanos now) noexcept {
    for (const Place& place : ports_) clients_[place.client]->on_timer(now);
  }
  void release(u64 durable_seq) noexcept {
    for (const Place& place : ports_) clients_[place.client]->release(durable_seq);
  }

  /// A record of the journal, of whatever type, before start(). False when it names no FIX client.
  [[nodiscard]] bool replay(u16 type, Bytes payload) noexcept {
    unfinished_ = nullptr;
    switch (static_cast<orders::EventType>(type)) {
      case orders::EventType::kFixRequest:
        unfinished_ = replay_as<orders::FixRequestEvent>(payload);
        return unfinished_ != nullptr;
      case orders::EventType::kFixSent:
        return replay_as<orders::FixSentEvent>(payload) != nullptr;
      case orders::EventType::kFixNumbers:
        return replay_as<orders::FixNumbersEvent>(payload) != nullptr;
      case orders::EventType::kFixCarriedOrder: {
        orders::FixCarriedOrderEvent event;
        if (!load_record(payload, event)) return false;
        Client* found = client(event.session);
        return found != nullptr && found->replay(event);
      }
      default:
        return true;
    }
  }
  /// The journal ends here; new records may follow.
  void start() noexcept {
    if (unfinished_ != nullptr) unfinished_->take_back_last();
    unfinished_ = nullptr;
  }

 private:
  struct Place {
    u16 tcp_port;
    u16 client;
  };
  Client* find(net::ConnId conn) noexcept {
    for (const Place& place : ports_) {
      if (clients_[place.client]->owns(conn)) return clients_[place.client].get();
    }
    return nullptr;
  }
  template <class Event>
  Client* replay_as(Bytes payload) noexcept {
    Event event;
    if (!load_record(payload, event) || event.session >= clients_.size()) return nullptr;
    Client* found = clients_[event.session].get();
    if (found != nullptr) found->replay(event);
    return found;
  }

  std::vector<std::unique_ptr<Client>> clients_;  ///< nullptr for other protocols
  std::vector<Place> ports_;
  Client* unfinished_ = nullptr;  ///< whose request the replayed journal ends with
};

}  // namespace tradsys::dataplane
