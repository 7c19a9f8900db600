#include "hostsw/ipc/local_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "hostsw/ipc/runtime_paths.hpp"

namespace tradsys::ipc {
namespace {

constexpr int kBacklog = 16;
constexpr u32 kAttempts = 2'000;  ///< to connect, a millisecond apart

Error failed(const std::filesystem::path& path, const char* what, const char* remedy) {
  char text[128]{};
  return {path.string(), std::string(what) + ": " + ::strerror_r(errno, text, sizeof text), remedy};
}

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& name = path.native();
  if (name.empty() || name.size() >= sizeof address.sun_path)
    return Error{name, "has " + std::to_string(name.size()) + " characters as a socket's name",
                 "use a runtime directory whose path is shorter: at most " +
                     std::to_string(sizeof address.sun_path - 1) + " with the file"};
  std::memcpy(address.sun_path, name.data(), name.size());
  return address;
}

Descriptor make_socket() noexcept {
  return Descriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

template <class Call>
bool call(Call connect_or_bind, const Descriptor& fd, const sockaddr_un& address) noexcept {
  return connect_or_bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
         0;
}

/// Room for one descriptor beside a packet.
union Control {
  cmsghdr head;
  char bytes[CMSG_SPACE(sizeof(int))];
};

}  // namespace

Result<LocalSocket> LocalSocket::connect(const std::filesystem::path& path) {
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return address.error();
  Descriptor fd = make_socket();
  // EAGAIN: so many ask at once that the listener is behind.
  for (u32 attempts = 0; fd && attempts < kAttempts; ++attempts) {
    if (call(::connect, fd, address.value())) return LocalSocket(std::move(fd));
    if (errno != EAGAIN) break;
    ::poll(nullptr, 0, 1);
    errno = EAGAIN;
  }
  if (errno == ENOENT || errno == ECONNREFUSED)
    return Error{path.string(), "no dataplane listens there",
                 "start it, or name its runtime directory and instance"};
  return failed(path, "cannot connect", "use an account that may reach the dataplane");
}

bool LocalSocket::send(Bytes packet, int descriptor) noexcept {
  iovec part{const_cast<std::byte*>(packet.data()), packet.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  Control control{};
  if (descriptor >= 0) {
    message.msg_control = &control;
    message.msg_controllen = sizeof control.bytes;
    cmsghdr* const head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
  }
  return ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL) == static_cast<ssize_t>(packet.size());
}

LocalSocket::Packet LocalSocket::receive(MutableBytes out) noexcept {
  iovec part{out.data(), out.size()};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control.bytes;
  Packet packet;
  const ssize_t n = ::recvmsg(fd_.get(), &message, MSG_CMSG_CLOEXEC);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return packet;
  packet.what = n <= 0 ? Received::kClosed : Received::kPacket;
  packet.bytes = n <= 0 ? 0 : static_cast<usize>(n);
  const cmsghdr* const head = n < 0 ? nullptr : CMSG_FIRSTHDR(&message);
  if (head == nullptr || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
    return packet;
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(head), sizeof descriptor);
  packet.descriptor = Descriptor(descriptor);
  return packet;
}

void LocalSocket::wait(Nanos limit) noexcept {
  pollfd entry{fd_.get(), POLLIN, 0};
  static_cast<void>(::poll(&entry, 1, static_cast<int>(limit.v / kMillisecond.v)));
}

std::optional<Peer> LocalSocket::peer() const noexcept {
  ucred credentials{};
  socklen_t bytes = sizeof credentials;
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &bytes) != 0)
    return std::nullopt;
  return Peer{credentials.pid, credentials.uid};
}

Result<LocalListener> LocalListener::create(const std::filesystem::path& path, mode_t mode,
                                            std::optional<gid_t> group) {
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return address.error();
  if (call(::connect, make_socket(), address.value()))
    return Error{path.string(), "another living process listens here",
                 "stop it, or use another runtime directory or instance name"};
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode))
      return Error{path.string(), "is a file that is no socket", "name another path"};
    ::unlink(path.c_str());
  }
  Descriptor fd = make_socket();
  constexpr const char* kRemedy = "check that the folder is there and yours";
  if (!fd || !call(::bind, fd, address.value())) return failed(path, "cannot listen", kRemedy);
  LocalListener listener(std::move(fd), path.string());
  // Nobody connects before listen(): until then the access rights are what they shall be.
  if (Status s = set_access(path, mode, group); !s) return s.error();
  if (::listen(listener.descriptor(), kBacklog) != 0) return failed(path, "cannot listen", kRemedy);
  return listener;
}

LocalListener::~LocalListener() {
  if (fd_) ::unlink(path_.c_str());
}

std::optional<LocalSocket> LocalListener::accept() noexcept {
  Descriptor fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd) return std::nullopt;
  return LocalSocket(std::move(fd));
}

}  // namespace tradsys::ipc
