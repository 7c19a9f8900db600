#pragma once
// The Linux kernel as the peer of our stack: a veth pair in a network namespace of this process, so
// that nothing is left behind however it ends, and the kernel's own TCP sockets at the far end.
#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "hostsw/core/types.hpp"

namespace tradsys::testing {

inline constexpr const char* kOurInterface = "vta";  ///< polled by the stack; has no address
inline constexpr const char* kKernelInterface = "vtb";
inline constexpr const char* kKernelAddress = "10.77.0.2";
inline constexpr const char* kOurAddress = "10.77.0.1";

inline bool run_command(const char* command) { return std::system(command) == 0; }

/// Frames shall leave the kernel as a cable would carry them: whole checksums, no giant segments.
inline bool switch_off(const char* interface, int feature) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  ethtool_value value{.cmd = static_cast<u32>(feature), .data = 0};
  ifreq request{};
  std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&value);
  const bool done = ::ioctl(fd, SIOCETHTOOL, &request) == 0;
  ::close(fd);
  return done;
}

/// Moves this process into a namespace with the pair, up. The reason when that is not possible.
inline std::string make_kernel_peer() {
  if (::unshare(CLONE_NEWNET) != 0) return "no permission for a network namespace (CAP_SYS_ADMIN)";
  if (!run_command("ip link add vta numrxqueues 1 numtxqueues 1 type veth peer name vtb "
                   "numrxqueues 1 numtxqueues 1 2>/dev/null")) {
    return "cannot create a veth pair (ip, or the kernel's veth, is missing)";
  }
  run_command("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 2>/dev/null");
  for (const int feature : {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_STXCSUM}) {
    if (!switch_off(kKernelInterface, feature)) return "cannot switch the veth's offloads off";
  }
  const bool up = run_command(
      "ip addr add 10.77.0.2/24 dev vtb && ip link set lo up && "
      "ip link set vta up && ip link set vtb up");
  return up ? "" : "cannot set the pair up";
}

/// A counter of /proc/net/snmp, e.g. ("Tcp", "InCsumErrors").
inline u64 kernel_counter(const std::string& protocol, const std::string& name) {
  std::ifstream file("/proc/net/snmp");
  std::string names, values;
  while (std::getline(file, names) && std::getline(file, values)) {
    if (names.rfind(protocol + ":", 0) != 0) continue;
    std::istringstream keys(names), numbers(values);
    std::string key, number;
    while (keys >> key && numbers >> number)
      if (key == name) return std::stoull(number);
  }
  return ~u64{0};
}

/// A socket of the kernel that gives up after some seconds instead of waiting for ever.
class KernelSocket {
 public:
  explicit KernelSocket(int fd) : fd_(fd) {
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  KernelSocket(KernelSocket&& other) noexcept : fd_(other.fd_), error_(other.error_) {
    other.fd_ = -1;
  }
  KernelSocket& operator=(KernelSocket&&) = delete;
  ~KernelSocket() { close(); }

  static KernelSocket listen(u16 port, int receive_buffer_bytes = 0) {
    KernelSocket s(::socket(AF_INET, SOCK_STREAM, 0));
    if (receive_buffer_bytes != 0)
      ::setsockopt(s.fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof(int));
    s.bind_to(kKernelAddress, port);
    if (::listen(s.fd_, 8) != 0) s.error_ = errno;
    return s;
  }
  static KernelSocket connect(u16 port) {
    KernelSocket s(::socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in to = address(kOurAddress, port);
    if (::connect(s.fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) s.error_ = errno;
    return s;
  }
  [[nodiscard]] KernelSocket accept() { return KernelSocket(::accept(fd_, nullptr, nullptr)); }

  /// False when the connection broke; see error().
  bool send_all(const std::string& text) {
    for (usize at = 0; at < text.size();) {
      const ssize_t n = ::send(fd_, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (n <= 0) return failed();
      at += static_cast<usize>(n);
    }
    return true;
  }
  /// Up to `bytes`, fewer when the peer has finished or the connection broke.
  std::string receive(usize bytes) {
    std::string out;
    std::vector<char> buffer(65'536);
    while (out.size() < bytes) {
      const ssize_t n = ::recv(fd_, buffer.data(), std::min(buffer.size(), bytes - out.size()), 0);
      if (n < 0) failed();
      if (n <= 0) break;
      out.append(buffer.data(), static_cast<usize>(n));
    }
    return out;
  }
  /// True when the peer has finished in order.
  bool at_end() {
    char byte;
    const ssize_t n = ::recv(fd_, &byte, 1, 0);
    if (n < 0) failed();
    return n == 0;
  }
  /// Sends back whatever comes until the peer finishes.
  void echo() {
    std::vector<char> buffer(65'536);
    ssize_t n = 0;
    while ((n = ::recv(fd_, buffer.data(), buffer.size(), 0)) > 0)
      if (!send_all(std::string(buffer.data(), static_cast<usize>(n)))) return;
    if (n < 0) failed();
  }
  void finish() const { ::shutdown(fd_, SHUT_WR); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  /// Closes with a reset instead of a FIN.
  void reset() {
    const linger hard{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
  }
  [[nodiscard]] int error() const { return error_; }

 private:
  static sockaddr_in address(const char* ip, u16 port) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    ::inet_pton(AF_INET, ip, &a.sin_addr);
    return a;
  }
  void bind_to(const char* ip, u16 port) {
    const int on = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in a = address(ip, port);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&a), sizeof a) != 0) error_ = errno;
  }
  bool failed() {
    error_ = errno;
    return false;
  }

  int fd_;
  int error_ = 0;
};

}  // namespace tradsys::testing
