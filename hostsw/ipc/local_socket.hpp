#pragma once
// Sockets between processes of one host (AF_UNIX, SOCK_SEQPACKET): whole packets, descriptors with
// them, and the kernel's word on who the other side is.
#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/ipc/descriptor.hpp"

namespace tradsys::ipc {

/// Who is on the other side, as of the time of its connect().
struct Peer {
  pid_t pid = 0;
  uid_t uid = 0;
};

class LocalSocket {
 public:
  explicit LocalSocket(Descriptor fd) noexcept : fd_(std::move(fd)) {}
  /// Error when nobody listens at `path`, or this user may not connect.
  [[nodiscard]] static Result<LocalSocket> connect(const std::filesystem::path& path);

  /// Sends one packet, with a descriptor unless `descriptor` is -1. False: the other side is gone,
  /// or does not read.
  [[nodiscard]] bool send(Bytes packet, int descriptor = -1) noexcept;

  enum class Received : u8 {
    kPacket,  ///< `bytes` of it; what did not fit is lost
    kNothing,  ///< not yet
    kClosed,  ///< the other side is gone
  };
  struct Packet {
    Received what = Received::kNothing;
    usize bytes = 0;
    Descriptor descriptor;  ///< empty when none came
  };
  /// Never waits.
  [[nodiscard]] Packet receive(MutableBytes out) noexcept;
  /// Waits until there is something to receive(), at most so long.
  void wait(Nanos limit) noexcept;
  [[nodiscard]] std::optional<Peer> peer() const noexcept;
  [[nodiscard]] int descriptor() const noexcept { return fd_.get(); }

 private:
  Descriptor fd_;
};

/// The listening end; its file goes with it.
class LocalListener {
 public:
  /// Takes the place of a file whose process is gone. `mode` and `group` say who may connect, as
  /// far as they can reach the folder. Error when a living process listens there.
  [[nodiscard]] static Result<LocalListener> create(const std::filesystem::path& path, mode_t mode,
                                                    std::optional<gid_t> group = {});
  LocalListener(LocalListener&&) noexcept = default;
  LocalListener& operator=(LocalListener&&) = delete;
  ~LocalListener();

  /// Nothing when nobody waits.
  [[nodiscard]] std::optional<LocalSocket> accept() noexcept;
  [[nodiscard]] int descriptor() const noexcept { return fd_.get(); }

 private:
  LocalListener(Descriptor fd, std::string path) noexcept
      : fd_(std::move(fd)), path_(std::move(path)) {}
  Descriptor fd_;
  std::string path_;
};

}  // namespace tradsys::ipc
