#include "dataplane/app/client_door.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "drivers/topology/host_thread.hpp"
#include "hostsw/ipc/shared_file.hpp"
#include "hostsw/wire/soup.hpp"

namespace tradsys::dataplane {
namespace {

constexpr usize kGuestsMax = 64;
constexpr Nanos kAskingMax = kSecond;
/// The tile cannot wake anybody, so its notices are looked for.
constexpr Nanos kNoticeInterval{5'000'000};

ipc::Descriptor watch_process(pid_t pid) noexcept {
  return ipc::Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

bool holds(const std::vector<u32>& ids, uid_t uid) {
  return std::find(ids.begin(), ids.end(), uid) != ids.end();
}

void log(const char* what, const ipc::Peer& peer, std::string_view user) {
  std::fprintf(stderr, "tradsys-dataplane: local client %s: process %d, user id %u, user '%.*s'\n",
               what, peer.pid, peer.uid, static_cast<int>(user.size()), user.data());
}

bool answer(ipc::LocalSocket& socket, ipc::AttachStatus status, int memory = -1) {
  const ipc::AttachReply reply = ipc::reply_of(status);
  return socket.send(std::as_bytes(std::span(&reply, 1)), memory);
}

}  // namespace

ClientDoor::ClientDoor(DoorConfig config, ipc::LocalListener listener, ShmHandover& handover)
    : config_(std::move(config)), listener_(std::move(listener)), handover_(handover) {}

void ClientDoor::start() {
  thread_ = std::thread([this] {
    topology::name_current_thread("door");
    while (!stop_.load(std::memory_order_acquire)) step(kNoticeInterval);
  });
}

void ClientDoor::stop() {
  stop_.store(true, std::memory_order_release);
  if (thread_.joinable()) thread_.join();
  guests_.clear();
}

void ClientDoor::step(Nanos wait) {
  wait_for_news(wait);
  take_notices();
  usize i = 0;
  std::erase_if(guests_, [&](const auto& guest) { return !look_at(*guest, process_gone_[i++]); });
  let_in();
}

void ClientDoor::wait_for_news(Nanos wait) {
  std::vector<pollfd> polled;
  polled.push_back({listener_.descriptor(), POLLIN, 0});
  for (const auto& guest : guests_) {
    const bool left = guest->state == Guest::State::kLeaving;
    polled.push_back({left ? -1 : guest->socket.descriptor(), POLLIN, 0});
    polled.push_back({left ? -1 : guest->process.get(), POLLIN, 0});
  }
  static_cast<void>(
      ::poll(polled.data(), polled.size(), static_cast<int>(wait.v / kMillisecond.v)));
  process_gone_.clear();
  for (usize i = 0; i < guests_.size(); ++i)
    process_gone_.push_back((polled[2 + 2 * i].revents & POLLIN) != 0);
}

/// The tile ended a session, or has let go of the memory of one that left.
void ClientDoor::take_notices() {
  for (ShmNotice notice; handover_.notices.try_pop(notice);) {
    const auto found = std::find_if(guests_.begin(), guests_.end(),
                                    [&](const auto& g) { return g->link == notice.link; });
    TRADSYS_ASSERT(found != guests_.end() && links_ > 0);
    process_gone_.erase(process_gone_.begin() + (found - guests_.begin()));
    guests_.erase(found);
    --links_;
  }
}

void ClientDoor::let_in() {
  while (std::optional<ipc::LocalSocket> socket = listener_.accept()) {
    const std::optional<ipc::Peer> peer = socket->peer();
    if (guests_.size() >= kGuestsMax + handover_.links_max || !peer) {
      static_cast<void>(answer(*socket, ipc::AttachStatus::kBusy));
      continue;
    }
    guests_.push_back(std::make_unique<Guest>(std::move(*socket)));
    guests_.back()->peer = *peer;
    guests_.back()->process = watch_process(peer->pid);
    guests_.back()->since = ipc::monotonic_now();
  }
}

bool ClientDoor::look_at(Guest& guest, bool process_gone) {
  if (guest.state == Guest::State::kLeaving) return true;
  if (process_gone) return leave(guest);
  if (guest.state == Guest::State::kAsking) return listen_to(guest);
  // Nothing is said any more once memory took over.
  std::byte nothing[1];
  return guest.socket.receive(nothing).what == ipc::LocalSocket::Received::kNothing || leave(guest);
}

bool ClientDoor::listen_to(Guest& guest) {
  std::byte bytes[2 * sizeof(ipc::AttachRequest)];
  const ipc::LocalSocket::Packet packet = guest.socket.receive(bytes);
  if (packet.what == ipc::LocalSocket::Received::kNothing)
    return ipc::monotonic_now() - guest.since < kAskingMax;
  if (packet.what == ipc::LocalSocket::Received::kClosed) return false;
  ipc::AttachRequest request{};
  ipc::AttachStatus status = ipc::read_request(Bytes(bytes).first(packet.bytes), request);
  if (status == ipc::AttachStatus::kGranted) status = serve(guest, request);
  if (status == ipc::AttachStatus::kGranted) return true;
  static_cast<void>(answer(guest.socket, status));
  log(status == ipc::AttachStatus::kNotAuthorized ? "not authorized" : "refused", guest.peer,
      wire::trimmed(request.user));
  return false;
}

ipc::AttachStatus ClientDoor::serve(Guest& guest, const ipc::AttachRequest& request) {
  if (request.kind == ipc::AttachKind::kMarket) {
    if (!may_subscribe(guest.peer.uid)) return ipc::AttachStatus::kNotAuthorized;
    guest.state = Guest::State::kServed;
    return answer(guest.socket, ipc::AttachStatus::kGranted, config_.market_board)
               ? ipc::AttachStatus::kGranted
               : ipc::AttachStatus::kBusy;
  }
  const std::optional<u16> client = client_of(guest, request);
  return client ? serve_session(guest, *client) : ipc::AttachStatus::kNotAuthorized;
}

ipc::AttachStatus ClientDoor::serve_session(Guest& guest, u16 client) {
  if (links_ == handover_.links_max) return ipc::AttachStatus::kBusy;
  Result<ipc::SessionMemory> memory = ipc::SessionMemory::create(config_.clients[client].shm.sizes);
  if (!memory) return ipc::AttachStatus::kNoMemory;
  if (!answer(guest.socket, ipc::AttachStatus::kGranted, memory.value().descriptor()))
    return ipc::AttachStatus::kBusy;
  guest.memory = std::move(memory).value();
  guest.link = next_link_++;
  guest.state = Guest::State::kServed;
  ++links_;
  TRADSYS_ASSERT(handover_.orders.try_push(
      {ShmOrder::Kind::kAttach, client, guest.link, guest.memory.pipes()}));
  log("attached", guest.peer, config_.clients[client].user);
  return ipc::AttachStatus::kGranted;
}

std::optional<u16> ClientDoor::client_of(const Guest& guest,
                                         const ipc::AttachRequest& request) const {
  for (u16 i = 0; i < config_.clients.size(); ++i) {
    const ClientConfig& client = config_.clients[i];
    if (client.protocol == ClientProtocol::kShm && holds(client.shm.user_ids, guest.peer.uid) &&
        wire::same_credential(wire::trimmed(request.user), client.user) &&
        wire::same_credential(wire::trimmed(request.password), client.password))
      return i;
  }
  return std::nullopt;
}

/// Prices are for every user that may trade here.
bool ClientDoor::may_subscribe(uid_t uid) const {
  return std::any_of(config_.clients.begin(), config_.clients.end(), [uid](const auto& client) {
    return client.protocol == ClientProtocol::kShm && holds(client.shm.user_ids, uid);
  });
}

/// Whether it must be kept until the tile has let go of its memory.
bool ClientDoor::leave(Guest& guest) {
  if (guest.link == 0) return false;
  guest.state = Guest::State::kLeaving;
  TRADSYS_ASSERT(handover_.orders.try_push({ShmOrder::Kind::kDetach, 0, guest.link, {}}));
  log("gone", guest.peer, "");
  return true;
}

}  // namespace tradsys::dataplane
