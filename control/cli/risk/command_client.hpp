#pragma once
// An operator's way to a dataplane: sends commands, and waits for its word.
#include <string>
#include <vector>

#include "control/cli/globals.hpp"
#include "hostsw/ipc/command/command_socket.hpp"

namespace tradsys::cli {

/// Waits at most `timeout_s` for each answer.
class CommandClient {
 public:
  [[nodiscard]] static Outcome<CommandClient> open(const Globals& globals, double timeout_s);

  /// What became of it: kPending when there was no answer in time, so that the outcome is unknown.
  [[nodiscard]] Result<ipc::Answer> send(const ipc::Command& command);
  /// All of them, several on their way at once; answers in the order of the commands.
  [[nodiscard]] Result<std::vector<ipc::Answer>> send_all(const std::vector<ipc::Command>& all) {
    return connection_.ask(all, timeout_);
  }

 private:
  CommandClient(ipc::CommandConnection connection, Nanos timeout)
      : connection_(std::move(connection)), timeout_(timeout) {}

  ipc::CommandConnection connection_;
  Nanos timeout_;
};

/// Asks on the terminal; whether the operator typed `word`. False where nobody can be asked.
[[nodiscard]] bool types(const std::string& question, const std::string& word);

/// The same without an outcome in time, as a Failure.
[[nodiscard]] Failure unanswered(const std::string& what);

}  // namespace tradsys::cli
