#pragma once
// The FIX sessions of an edge tile, clients and drop copies, by their place in the configuration.
#include <memory>

#include "dataplane/edge/fix/fix_client.hpp"

namespace tradsys::dataplane {

template <class Owner, class Tcp>
class FixDesk {
 public:
  using Client = FixClient<Owner, Tcp>;

  using Copies = FixCopies<Owner, Tcp>;

  FixDesk(Owner& owner, const EdgeConfig& config)
      : copies_(owner, config), clients_(config.clients.size()) {
    Copies* const copies = copies_.any() ? &copies_ : nullptr;
    for (u16 c = 0; c < clients_.size(); ++c)
      if (is_fix(config.clients[c].protocol))
        clients_[c] = std::make_unique<Client>(owner, config, c, copies);
  }

  /// Opens the ports. False when the engine has no room for a listener.
  [[nodiscard]] bool listen(Tcp& tcp) noexcept {
    bool all = true;
    for_each([&](auto& stream) {
      stream.attach(tcp);
      all = all && tcp.listen(stream.config().tcp_port);
    });
    return all;
  }
  [[nodiscard]] Copies& copies() noexcept { return copies_; }
  [[nodiscard]] const Copies& copies() const noexcept { return copies_; }
  /// nullptr: it speaks another protocol, or is a drop copy.
  [[nodiscard]] Client* client(u16 c) noexcept {
    return c < clients_.size() ? clients_[c].get() : nullptr;
  }
  [[nodiscard]] const Client* client(u16 c) const noexcept {
    return c < clients_.size() ? clients_[c].get() : nullptr;
  }

  // Each of these is whether it was a FIX session's.
  bool on_accepted(net::ConnId conn, u16 port, Nanos now) noexcept {
    return with([port](const auto& stream) { return stream.config().tcp_port == port; },
                [&](auto& stream) { stream.on_accepted(conn, now); });
  }
  bool on_data(net::ConnId conn, Bytes bytes, Nanos now) noexcept {
    return with([conn](const auto& stream) { return stream.owns(conn); },
                [&](auto& stream) { stream.on_data(bytes, now); });
  }
  bool on_closed(net::ConnId conn) noexcept {
    return with([conn](const auto& stream) { return stream.owns(conn); },
                [](auto& stream) { stream.on_gone(); });
  }
  void on_timer(Nanos now) noexcept {
    for_each([now](auto& stream) { stream.on_timer(now); });
  }
  void release(u64 durable_seq) noexcept {
    for_each([durable_seq](auto& stream) { stream.release(durable_seq); });
  }

  /// To the clients that are logged on.
  void say(const MarketNews& news) noexcept {
    for (const auto& client : clients_)
      if (client != nullptr && client->logged_on()) client->say(news);
  }

  /// A record of the journal, of whatever type, before start(). False when it names no FIX session.
  [[nodiscard]] bool replay(u16 type, Bytes payload) noexcept {
    unfinished_ = nullptr;
    switch (static_cast<orders::EventType>(type)) {
      case orders::EventType::kFixRequest:
        return replay_request(payload);
      case orders::EventType::kFixSent:
        return replay_as<orders::FixSentEvent>(payload);
      case orders::EventType::kFixNumbers:
        return replay_as<orders::FixNumbersEvent>(payload);
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
  template <class Visit>
  void for_each(Visit&& visit) noexcept {
    for (const auto& client : clients_)
      if (client != nullptr) visit(*client);
    copies_.for_each(visit);
  }
  /// Whether there is a stream that `wanted` names; `visit` gets the first one.
  template <class Wanted, class Visit>
  bool with(const Wanted& wanted, Visit&& visit) noexcept {
    bool found = false;
    for_each([&](auto& stream) {
      if (found || !wanted(stream)) return;
      found = true;
      visit(stream);
    });
    return found;
  }
  bool replay_request(Bytes payload) noexcept {
    orders::FixRequestEvent event;
    if (!load_record(payload, event)) return false;
    unfinished_ = client(event.session);
    if (unfinished_ != nullptr) unfinished_->replay(event);
    return unfinished_ != nullptr;
  }
  template <class Event>
  bool replay_as(Bytes payload) noexcept {
    Event event;
    if (!load_record(payload, event)) return false;
    if (event.session < orders::kFirstDropCopySession)
      return replay_to(client(event.session), event);
    return replay_to(copies_.copy(static_cast<u16>(event.session - orders::kFirstDropCopySession)),
                     event);
  }
  template <class Stream, class Event>
  static bool replay_to(Stream* stream, const Event& event) noexcept {
    if (stream != nullptr) stream->replay(event);
    return stream != nullptr;
  }

  Copies copies_;
  std::vector<std::unique_ptr<Client>> clients_;  ///< nullptr for other protocols
  Client* unfinished_ = nullptr;  ///< whose request the replayed journal ends with
};

}  // namespace tradsys::dataplane
