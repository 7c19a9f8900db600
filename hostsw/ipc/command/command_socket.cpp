#include "hostsw/ipc/command/command_socket.hpp"

#include <poll.h>
#include <pwd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

namespace tradsys::ipc {
namespace {

/// While commands are with the tile, their answers are looked for so often; else nobody waits.
constexpr int kAnswerPauseMs = 1;
constexpr int kIdlePauseMs = 50;
/// Commands of one operator on their way at once: others get their turn in between.
constexpr usize kAtOnce = kCommandsMax / 4;
/// What the kernel says of a process that no login started.
constexpr u32 kNoLogin = 0xFFFF'FFFF;

struct CommandPacket {
  u64 layout = kCommandLayout.hash;
  u64 tag = 0;
  Command command;
};
struct AnswerPacket {
  u64 layout = kCommandLayout.hash;
  u64 tag = 0;
  Answer answer;
};

template <class Packet>
bool send_packet(LocalSocket& socket, const Packet& packet) noexcept {
  return socket.send(std::as_bytes(std::span(&packet, 1)));
}
/// Nothing yet, the end, or a packet; `whole`: it is one of `packet`'s kind by its size.
template <class Packet>
LocalSocket::Received receive_packet(LocalSocket& socket, Packet& packet, bool& whole) noexcept {
  std::byte bytes[sizeof packet + 1];  // one more: what is longer does not pass for it
  const LocalSocket::Packet got = socket.receive(bytes);
  whole = got.bytes == sizeof packet;
  if (whole) std::memcpy(static_cast<void*>(&packet), bytes, sizeof packet);
  return got.what;
}

Error went_away(const std::filesystem::path& path) {
  return {path.string(), "the dataplane went away: the outcome is unknown",
          "look at 'tradsys status' once it is back"};
}

}  // namespace

Text<40> name_of(const Peer& peer) {
  // The login that all programs of a session inherit, sudo's included; it cannot be set by them.
  u32 login = kNoLogin;
  std::ifstream file("/proc/" + std::to_string(peer.pid) + "/loginuid");
  if (!(file >> login)) login = kNoLogin;
  const uid_t uid = login != kNoLogin ? login : peer.uid;
  char text[4'096];
  passwd entry{};
  passwd* user = nullptr;
  const bool known = ::getpwuid_r(uid, &entry, text, sizeof text, &user) == 0 && user != nullptr;
  return Text<40>::from(known ? std::string(user->pw_name) : "uid " + std::to_string(uid));
}

// --- the dataplane's end -------------------------------------------------------------------------

Result<CommandServer> CommandServer::listen(const std::filesystem::path& path,
                                            std::optional<gid_t> group) {
  Result<LocalListener> listener = LocalListener::create(path, group ? 0660 : 0600, group);
  if (!listener) return listener.error();
  return CommandServer(std::move(listener).value());
}

CommandServer::CommandServer(LocalListener listener) : listener_(std::move(listener)) {
  connections_.reserve(kConnectionsMax);
  asked_.reserve(kCommandsMax);
}

void CommandServer::serve(CommandQueue& queue, const std::atomic<bool>& stop) {
  std::vector<pollfd> wanted;
  while (!stop.load(std::memory_order_acquire)) {
    send_answers(queue);
    wanted.assign(1, {.fd = listener_.descriptor(), .events = POLLIN, .revents = 0});
    // What is behind a full queue waits in its socket.
    const short events = queue.unanswered() < kCommandsMax ? POLLIN : 0;
    for (const Connection& c : connections_)
      wanted.push_back({.fd = c.socket.descriptor(), .events = events, .revents = 0});
    const int pause = queue.unanswered() != 0 ? kAnswerPauseMs : kIdlePauseMs;
    if (::poll(wanted.data(), wanted.size(), pause) <= 0) continue;
    for (usize i = connections_.size(); i > 0; --i) {
      if (wanted[i].revents == 0 || receive(connections_[i - 1], queue)) continue;
      connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
    if (wanted[0].revents != 0) accept();
  }
}

void CommandServer::accept() {
  std::optional<LocalSocket> socket = listener_.accept();
  const std::optional<Peer> peer = socket ? socket->peer() : std::nullopt;
  if (!peer) return;
  if (connections_.size() == kConnectionsMax) {  // nobody is locked out by others' idle connections
    const auto idle = std::min_element(
        connections_.begin(), connections_.end(),
        [](const Connection& a, const Connection& b) { return a.last_used < b.last_used; });
    connections_.erase(idle);
  }
  connections_.push_back({std::move(*socket), name_of(*peer), next_connection_++, next_id_});
}

bool CommandServer::receive(Connection& from, CommandQueue& queue) {
  while (queue.unanswered() < kCommandsMax) {
    CommandPacket packet;
    bool whole = false;
    const LocalSocket::Received what = receive_packet(from.socket, packet, whole);
    if (what != LocalSocket::Received::kPacket) return what == LocalSocket::Received::kNothing;
    if (!whole || packet.layout != kCommandLayout.hash) {
      // Another release: told in the one field that all releases share.
      send_packet(from.socket, AnswerPacket{});
      return false;
    }
    packet.command.id = from.last_used = next_id_++;
    packet.command.operator_name = from.name;
    asked_.push_back({packet.command.id, packet.tag, from.number});
    TRADSYS_ASSERT(queue.push(packet.command));
  }
  return true;
}

void CommandServer::send_answers(CommandQueue& queue) {
  Answer answer;
  while (queue.pop_answer(answer)) {
    const auto asked = std::find_if(asked_.begin(), asked_.end(),
                                    [&](const Asked& a) { return a.id == answer.id; });
    TRADSYS_ASSERT(asked != asked_.end());
    for (Connection& c : connections_) {
      // An operator who does not read has asked for an unknown outcome.
      if (c.number == asked->connection)
        send_packet(c.socket, AnswerPacket{.tag = asked->tag, .answer = answer});
    }
    asked_.erase(asked);
  }
}

// --- an operator's end ---------------------------------------------------------------------------

Result<CommandConnection> CommandConnection::open(const std::filesystem::path& path) {
  Result<LocalSocket> socket = LocalSocket::connect(path);
  if (!socket) return socket.error();
  return CommandConnection(std::move(socket).value(), path);
}

Result<std::vector<Answer>> CommandConnection::ask(std::span<const Command> commands,
                                                   Nanos patience) {
  std::vector<Answer> answers(commands.size());
  const u64 first_tag = next_tag_;
  next_tag_ += commands.size();
  usize sent = 0;
  for (usize got = 0; got < commands.size(); ++got) {
    const Nanos deadline = monotonic_now() + patience;
    for (; sent < commands.size() && sent - got < kAtOnce; ++sent) {
      // So few that the socket has room for them.
      const CommandPacket packet{.tag = first_tag + sent, .command = commands[sent]};
      if (!send_packet(socket_, packet)) return went_away(path_);
    }
    const Result<bool> heard = receive(answers, first_tag, deadline);
    if (!heard) return heard.error();
    if (!heard.value()) return answers;
  }
  return answers;
}

Result<bool> CommandConnection::receive(std::span<Answer> answers, u64 first_tag, Nanos deadline) {
  for (;;) {
    AnswerPacket packet;
    bool whole = false;
    const LocalSocket::Received what = receive_packet(socket_, packet, whole);
    if (what == LocalSocket::Received::kClosed) return went_away(path_);
    if (what == LocalSocket::Received::kNothing) {
      const Nanos left = deadline - monotonic_now();
      if (left.v <= 0) return false;
      socket_.wait(left + kMillisecond);
      continue;
    }
    if (!whole || packet.layout != kCommandLayout.hash || packet.tag == 0)
      return Error{path_.string(), "the dataplane is of another release: nothing was done",
                   "use the tradsys of the release that runs"};
    const u64 place = packet.tag - first_tag;  // one of an earlier, timed out question: not ours
    if (place >= answers.size()) continue;
    answers[place] = packet.answer;
    return true;
  }
}

}  // namespace tradsys::ipc
