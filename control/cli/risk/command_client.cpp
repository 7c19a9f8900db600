#include "control/cli/risk/command_client.hpp"

#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

namespace tradsys::cli {
namespace {

constexpr auto kPollPause = std::chrono::milliseconds(1);
/// What the kernel says of a process that no login started.
constexpr u32 kNoLogin = 0xFFFF'FFFF;
/// Commands on their way at once; the ring has room for twice as many.
constexpr usize kAtOnce = ipc::kCommandSlots / 2;

}  // namespace

std::string operator_name() {
  // The login that all programs of a session inherit, sudo's included; it cannot be set by them.
  u32 login = kNoLogin;
  if (!(std::ifstream("/proc/self/loginuid") >> login)) login = kNoLogin;
  const uid_t uid = login != kNoLogin ? login : ::getuid();
  const struct passwd* user = ::getpwuid(uid);
  return user != nullptr ? user->pw_name : "uid " + std::to_string(uid);
}

Outcome<CommandClient> CommandClient::open(const Globals& globals, double timeout_s) {
  const Result<ipc::InstancePaths> paths = globals.paths();
  if (!paths) return Failure{ExitCode::kUsage, paths.error()};
  const std::filesystem::path file = paths.value().commands();
  if (std::optional<Failure> refused = refuse_instance_file(globals, file, R_OK | W_OK))
    return *refused;
  Result<ipc::CommandSender> sender = ipc::CommandSender::open(file);
  if (!sender) return Failure{ExitCode::kUnreachable, sender.error()};
  if (sender.value().liveness(ipc::monotonic_now()) == ipc::Liveness::kDead)
    return Failure{
        ExitCode::kUnreachable,
        {"instance '" + globals.instance + "'", "the dataplane is dead: it sends no orders", ""}};
  const Nanos timeout{static_cast<i64>(timeout_s * 1'000'000'000.0)};
  return CommandClient(std::move(sender).value(), timeout);
}

Result<u64> CommandClient::queue(const ipc::Command& command, Nanos deadline) {
  for (;;) {
    Result<u64> id = sender_.send(command);
    if (id.ok() || ipc::monotonic_now() >= deadline) return id;
    std::this_thread::sleep_for(kPollPause);
  }
}

ipc::Answer CommandClient::wait(u64 id, Nanos deadline) const {
  for (;;) {
    const bool dead = sender_.liveness(ipc::monotonic_now()) == ipc::Liveness::kDead;
    const ipc::Answer answer = sender_.answer(id);
    if (answer.result != ipc::CommandResult::kPending) return answer;
    if (dead || ipc::monotonic_now() >= deadline) return {};
    std::this_thread::sleep_for(kPollPause);
  }
}

Result<CommandClient::Sent> CommandClient::send(ipc::Command command) {
  command.operator_name = ipc::Text<40>::from(operator_name());
  const Nanos deadline = ipc::monotonic_now() + timeout_;
  const Result<u64> id = queue(command, deadline);
  if (!id) return id.error();
  return Sent{id.value(), wait(id.value(), deadline)};
}

Result<std::vector<ipc::Answer>> CommandClient::send_all(const std::vector<ipc::Command>& all) {
  std::vector<ipc::Answer> answers;
  std::vector<u64> ids;
  for (usize first = 0; first < all.size(); first += kAtOnce) {
    ids.clear();
    const Nanos deadline = ipc::monotonic_now() + timeout_;
    for (usize i = first; i < all.size() && i < first + kAtOnce; ++i) {
      const Result<u64> id = queue(all[i], deadline);
      if (!id) return id.error();
      ids.push_back(id.value());
    }
    for (const u64 id : ids) answers.push_back(wait(id, deadline));
  }
  return answers;
}

Failure unanswered(const std::string& what) {
  return {ExitCode::kTimeout,
          {what, "not acknowledged: the outcome is unknown, it may still take effect",
           "look at 'tradsys status', then send it again"}};
}

}  // namespace tradsys::cli
