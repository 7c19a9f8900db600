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

/// What became of a command, as the JSON contract says it.
[[nodiscard]] std::string_view word_of(ipc::CommandResult result);

/// Shows what became of a command about orders of a scope (empty: it has none): as JSON, or a line
/// where it is done.
void show_command(const Globals& globals, std::string_view verb, const std::string& scope,
                  const ipc::Answer& answer);

/// Why a command is not done; `refused` where the dataplane would not. Not of kDone, nor where a
/// second person is needed.
[[nodiscard]] Failure undone(const std::string& what, ipc::CommandResult result, Failure refused);

}  // namespace tradsys::cli
