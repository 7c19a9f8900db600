#pragma once
// An operator's end of the command ring: sends, and waits for the dataplane's word.
#include <optional>
#include <string>
#include <vector>

#include "control/cli/globals.hpp"
#include "hostsw/ipc/command_ring.hpp"

namespace tradsys::cli {

/// Who asks, as the operating system says; behind sudo the caller.
[[nodiscard]] std::string operator_name();

/// Waits at most `timeout_s` for each answer.
class CommandClient {
 public:
  [[nodiscard]] static Outcome<CommandClient> open(const Globals& globals, double timeout_s);

  /// What was sent under which number, and what became of it: kPending when there was no answer in
  /// time, so that the outcome is unknown.
  struct Sent {
    u64 id = 0;
    ipc::Answer answer;
  };
  [[nodiscard]] Result<Sent> send(ipc::Command command);
  /// All of them, several on their way at once; answers in the order of the commands.
  [[nodiscard]] Result<std::vector<ipc::Answer>> send_all(const std::vector<ipc::Command>& all);

 private:
  CommandClient(ipc::CommandSender sender, Nanos timeout)
      : sender_(std::move(sender)), timeout_(timeout) {}
  [[nodiscard]] Result<u64> queue(const ipc::Command& command, Nanos deadline);
  [[nodiscard]] ipc::Answer wait(u64 id, Nanos deadline) const;

  ipc::CommandSender sender_;
  Nanos timeout_;
};

/// The same without an outcome in time, as a Failure.
[[nodiscard]] Failure unanswered(const std::string& what);

}  // namespace tradsys::cli
