#include "hostsw/ipc/command_socket.hpp"

#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "hostsw/ipc/runtime_paths.hpp"

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

std::string reason() { return std::strerror(errno); }

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path)
    return Error{text, "is longer than a socket's name may be",
                 "use a runtime directory with a shorter name"};
  std::copy(text.begin(), text.end(), address.sun_path);
  return address;
}

/// 0, or the error number.
int connect_to(int socket, const sockaddr_un& address) {
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return ::connect(socket, generic, sizeof address) == 0 ? 0 : errno;
}

FileDescriptor new_socket(int flags) {
  return FileDescriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0));
}

template <class Packet>
ssize_t send_packet(int socket, const Packet& packet) {
  return ::send(socket, &packet, sizeof packet, MSG_NOSIGNAL | MSG_DONTWAIT);
}
/// Bytes of the packet, whole or not; 0: the peer is gone, -1: see errno.
template <class Packet>
ssize_t receive_packet(int socket, Packet& packet) {
  return ::recv(socket, static_cast<void*>(&packet), sizeof packet, MSG_TRUNC | MSG_DONTWAIT);
}

/// Waits for `events` until `deadline`; false when nothing came.
bool wait_for(int socket, short events, Nanos deadline) {
  for (;;) {
    const Nanos left = deadline - monotonic_now();
    const timespec pause{left.v > 0 ? left.v / kSecond.v : 0, left.v > 0 ? left.v % kSecond.v : 0};
    pollfd wanted{.fd = socket, .events = events, .revents = 0};
    const int ready = ::ppoll(&wanted, 1, &pause, nullptr);
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

Error went_away(const std::filesystem::path& path) {
  return {path.string(), "the dataplane went away: the outcome is unknown",
          "look at 'tradsys status' once it is back"};
}

}  // namespace

Text<40> peer_name(int socket) {
  ucred peer{};
  socklen_t bytes = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0) return {};
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
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return address.error();
  FileDescriptor socket = new_socket(SOCK_NONBLOCK);
  const auto failed = [&path](const char* what) {
    return Error{path.string(), std::string(what) + ": " + reason(), "check the runtime directory"};
  };
  if (!socket.is_open()) return failed("cannot make a socket");
  if (const int error = connect_to(new_socket(0).get(), address.value()); error == 0)
    return Error{path.string(), "another dataplane takes commands there",
                 "stop it, or name another instance"};
  ::unlink(path.c_str());
  const auto* generic = reinterpret_cast<const sockaddr*>(&address.value());
  // Nobody connects before listen(): until then the access rights are what they shall be.
  if (::bind(socket.get(), generic, sizeof(sockaddr_un)) != 0) return failed("cannot bind it");
  if (Status s = set_access(path, group ? 0660 : 0600, group); !s) return s.error();
  if (::listen(socket.get(), kConnectionsMax) != 0) return failed("cannot listen there");
  return CommandServer(std::move(socket), path);
}

CommandServer::CommandServer(FileDescriptor socket, std::filesystem::path path)
    : socket_(std::move(socket)), path_(std::move(path)) {
  connections_.reserve(kConnectionsMax);
  asked_.reserve(kCommandsMax);
}
CommandServer::CommandServer(CommandServer&& other) noexcept = default;
CommandServer::~CommandServer() {
  if (socket_.is_open()) ::unlink(path_.c_str());
}

void CommandServer::serve(CommandQueue& queue, const std::atomic<bool>& stop) {
  std::vector<pollfd> wanted;
  while (!stop.load(std::memory_order_acquire)) {
    send_answers(queue);
    wanted.assign(1, {.fd = socket_.get(), .events = POLLIN, .revents = 0});
    // What is behind a full queue waits in its socket.
    const short events = queue.unanswered() < kCommandsMax ? POLLIN : 0;
    for (const Connection& c : connections_)
      wanted.push_back({.fd = c.socket.get(), .events = events, .revents = 0});
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
  FileDescriptor socket(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket.is_open()) return;
  if (connections_.size() == kConnectionsMax) {  // nobody is locked out by others' idle connections
    const auto idle = std::min_element(
        connections_.begin(), connections_.end(),
        [](const Connection& a, const Connection& b) { return a.last_used < b.last_used; });
    connections_.erase(idle);
  }
  const Text<40> name = peer_name(socket.get());
  connections_.push_back({std::move(socket), name, next_connection_++, next_id_});
}

bool CommandServer::receive(Connection& from, CommandQueue& queue) {
  while (queue.unanswered() < kCommandsMax) {
    CommandPacket packet;
    const ssize_t bytes = receive_packet(from.socket.get(), packet);
    if (bytes < 0) return errno == EAGAIN || errno == EINTR;
    const bool whole = bytes == static_cast<ssize_t>(sizeof packet);
    if (!whole || packet.layout != kCommandLayout.hash) {
      // Another release: told in the one field that all releases share.
      if (bytes > 0) send_packet(from.socket.get(), AnswerPacket{});
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
    for (const Connection& c : connections_) {
      // An operator who does not read has asked for an unknown outcome.
      if (c.number == asked->connection)
        send_packet(c.socket.get(), AnswerPacket{.tag = asked->tag, .answer = answer});
    }
    asked_.erase(asked);
  }
}

// --- an operator's end ---------------------------------------------------------------------------

Result<CommandConnection> CommandConnection::open(const std::filesystem::path& path) {
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return address.error();
  FileDescriptor socket = new_socket(0);
  const int error = connect_to(socket.get(), address.value());
  if (error == 0) return CommandConnection(std::move(socket), path);
  if (error == ENOENT || error == ECONNREFUSED)
    return Error{path.string(), "no dataplane takes commands there",
                 "start it, then send the command again"};
  return Error{path.string(), std::string("cannot reach the dataplane: ") + std::strerror(error),
               "use the account that runs the dataplane"};
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
      const Result<bool> taken = send(first_tag + sent, commands[sent], deadline);
      if (!taken) return taken.error();
      if (!taken.value()) return answers;
    }
    const Result<bool> heard = receive(answers, first_tag, deadline);
    if (!heard) return heard.error();
    if (!heard.value()) return answers;
  }
  return answers;
}

Result<bool> CommandConnection::send(u64 tag, const Command& command, Nanos deadline) {
  const CommandPacket packet{.tag = tag, .command = command};
  while (send_packet(socket_.get(), packet) < 0) {
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return went_away(path_);
    if (!wait_for(socket_.get(), POLLOUT, deadline)) return false;
  }
  return true;
}

Result<bool> CommandConnection::receive(std::span<Answer> answers, u64 first_tag, Nanos deadline) {
  for (;;) {
    AnswerPacket packet;
    const ssize_t bytes = receive_packet(socket_.get(), packet);
    if (bytes < 0 && errno == EAGAIN) {
      if (!wait_for(socket_.get(), POLLIN, deadline)) return false;
      continue;
    }
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return went_away(path_);
    const bool whole = bytes == static_cast<ssize_t>(sizeof packet);
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
