#pragma once
// The dataplane's end of an instance's command socket, in a test's hand.
#include <atomic>
#include <thread>
#include <vector>

#include "hostsw/ipc/command/command_socket.hpp"
#include "tests/integration/control/cli/instance.hpp"

namespace tradsys::testing {

/// Takes the commands of an instance and answers everything alike.
class Receiver {
 public:
  Receiver(const Instance& instance, ipc::CommandResult result, u32 detail = 0)
      : server_(ipc::CommandServer::listen(instance.paths().commands()).value()),
        operators_([this] { server_.serve(queue_, stopping_); }),
        tile_([this, result, detail] { answer_all(result, detail); }) {}
  ~Receiver() { stop(); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  /// What has come so far; the receiver serves no longer.
  const std::vector<ipc::Command>& commands() {
    stop();
    return commands_;
  }

 private:
  void answer_all(ipc::CommandResult result, u32 detail) {
    for (ipc::Command command; !stopping_;) {
      if (result != ipc::CommandResult::kPending && queue_.poll(command)) {
        commands_.push_back(command);
        queue_.answer({.id = command.id, .result = result, .detail = detail});
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  void stop() {
    stopping_ = true;
    if (operators_.joinable()) operators_.join();
    if (tile_.joinable()) tile_.join();
  }

  ipc::CommandQueue queue_;
  ipc::CommandServer server_;
  std::atomic<bool> stopping_{false};
  std::vector<ipc::Command> commands_;
  std::thread operators_, tile_;  // last: start when all else stands
};

}  // namespace tradsys::testing
