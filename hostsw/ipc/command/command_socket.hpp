#pragma once
// How operators reach a dataplane: a Unix socket beside its shared files. Who sends a command, the
// kernel says; nobody can state another name. One packet is one command or one answer.
#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/ipc/command/command_queue.hpp"
#include "hostsw/ipc/layout.hpp"
#include "hostsw/ipc/local_socket.hpp"
#include "hostsw/ipc/shared_file.hpp"

namespace tradsys::ipc {

inline constexpr Layout kCommandLayout{.magic = 0x3244'4D43'5353'4454,  // "TDSSCMD2"
                                       .version = 5,
                                       .hash = layout_hash({sizeof(Command), sizeof(Answer)}),
                                       .what = "command socket"};

/// Who that is: the login of its session, which sudo does not change; without a login (a service)
/// the name of its user.
[[nodiscard]] Text<40> name_of(const Peer& peer);

/// The dataplane's end, on a thread of its own. An operator who sends nothing costs nothing.
class CommandServer {
 public:
  static constexpr usize kConnectionsMax = 16;

  /// Binds `path`, for this user and the members of `group`, where there is one. A socket that a
  /// dead process left there gives way; a live one is an error.
  [[nodiscard]] static Result<CommandServer> listen(const std::filesystem::path& path,
                                                    std::optional<gid_t> group = {});
  /// Takes commands into `queue` and sends its answers back until `stop`.
  void serve(CommandQueue& queue, const std::atomic<bool>& stop);

 private:
  struct Connection {
    LocalSocket socket;
    Text<40> name;
    u64 number = 0;  ///< of the connection: answers to a closed one are dropped
    u64 last_used = 0;  ///< number of the command it sent last
  };
  struct Asked {
    u64 id;
    u64 tag;  ///< the operator's number of the command
    u64 connection;
  };

  explicit CommandServer(LocalListener listener);
  void accept();
  /// Takes what the connection sent; false when it is over.
  [[nodiscard]] bool receive(Connection& from, CommandQueue& queue);
  void send_answers(CommandQueue& queue);

  LocalListener listener_;
  std::vector<Connection> connections_;
  std::vector<Asked> asked_;
  u64 next_id_ = 1;
  u64 next_connection_ = 1;
};

/// An operator's end.
class CommandConnection {
 public:
  /// Error when no dataplane listens there or this user may not ask it.
  [[nodiscard]] static Result<CommandConnection> open(const std::filesystem::path& path);

  /// Asks all of `commands`, and waits at most `patience` from one answer to the next. Answers in
  /// the order of the commands; kPending where there was none in time: the outcome is unknown.
  /// Error when the dataplane went away, or its commands are those of another release.
  [[nodiscard]] Result<std::vector<Answer>> ask(std::span<const Command> commands, Nanos patience);

 private:
  CommandConnection(LocalSocket socket, std::filesystem::path path)
      : socket_(std::move(socket)), path_(std::move(path)) {}
  [[nodiscard]] Result<bool> receive(std::span<Answer> answers, u64 first_tag, Nanos deadline);

  LocalSocket socket_;
  std::filesystem::path path_;
  u64 next_tag_ = 1;
};

}  // namespace tradsys::ipc
