#include "tests/integration/dataplane/edge/system_call_trap.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstring>

namespace tradsys::testing {
namespace {

constexpr int kTrapped = 101;
constexpr int kNoFilter = 102;
int g_pipe = -1;

/// Tells the number of the system call and ends the process.
void on_system_call(int, siginfo_t* info, void*) {
  char text[] = "system call 000";
  const auto number = static_cast<unsigned>(info->si_syscall);
  text[12] = static_cast<char>('0' + number / 100 % 10);
  text[13] = static_cast<char>('0' + number / 10 % 10);
  text[14] = static_cast<char>('0' + number % 10);
  say(text);
  ::_exit(kTrapped);
}

/// Everything but write and exit_group raises SIGSYS, in this thread only.
bool set_filter() {
  struct sigaction action {};
  action.sa_sigaction = on_system_call;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  ::sigaction(SIGSYS, &action, nullptr);
  const auto load = [](std::size_t offset) {
    return sock_filter{BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<unsigned>(offset)};
  };
  const auto allow_if = [](unsigned number) {
    return sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number};
  };
  const sock_filter allow{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
  std::array program{load(offsetof(seccomp_data, nr)),
                     allow_if(SYS_write),
                     allow,
                     allow_if(SYS_exit_group),
                     allow,
                     sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_TRAP}};
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

[[noreturn]] void child(const std::function<void()>& prepare, const std::function<int()>& run) {
  prepare();
  if (!set_filter()) ::_exit(kNoFilter);
  ::_exit(run());
}

TrapOutcome outcome(int status, std::string text) {
  using Kind = TrapOutcome::Kind;
  if (!WIFEXITED(status)) {
    return {Kind::kFailed, text + " (signal " + std::to_string(WTERMSIG(status)) + ")"};
  }
  switch (WEXITSTATUS(status)) {
    case 0:
      return {Kind::kClean, std::move(text)};
    case kTrapped:
      return {Kind::kSystemCall, std::move(text)};
    case kNoFilter:
      return {Kind::kUnavailable, std::move(text)};
    default:
      return {Kind::kFailed, text + " (exit " + std::to_string(WEXITSTATUS(status)) + ")"};
  }
}

}  // namespace

void say(const char* text) noexcept {
  if (::write(g_pipe, text, std::strlen(text)) < 0) ::_exit(1);
}

TrapOutcome run_without_system_calls(const std::function<void()>& prepare,
                                     const std::function<int()>& run) {
  int ends[2];
  if (::pipe(ends) != 0) return {TrapOutcome::Kind::kFailed, "no pipe"};
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    g_pipe = ends[1];
    child(prepare, run);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[256];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  if (pid < 0 || ::waitpid(pid, &status, 0) != pid) return {TrapOutcome::Kind::kFailed, "no child"};
  return outcome(status, std::move(text));
}

}  // namespace tradsys::testing
