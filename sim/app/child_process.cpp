#include "sim/app/child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace tradsys::sim {

Result<ChildProcess> ChildProcess::start(const std::string& program,
                                         const std::vector<std::string>& arguments,
                                         const std::filesystem::path& log) {
  std::error_code failure;
  const char* given = std::getenv("TRADSYS_PROGRAM_DIR");
  const std::filesystem::path folder =
      given != nullptr ? std::filesystem::path(given)
                       : std::filesystem::read_symlink("/proc/self/exe", failure).parent_path();
  const std::filesystem::path path = folder / program;
  if (failure || ::access(path.c_str(), X_OK) != 0) {
    return Error{path.string(), "is not there", "build the target " + program};
  }
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0) return Error{log.string(), "cannot be written", "name another runtime directory"};
  std::vector<std::string> words{path.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::setpgid(0, 0);  // Ctrl-C is for the parent, which then stops its children in order
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(path.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(out);
  if (pid < 0) return Error{program, "cannot be started", "too many processes?"};
  return ChildProcess(pid);
}

bool ChildProcess::running() noexcept {
  if (pid_ <= 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  pid_ = -1;
  return false;
}

void ChildProcess::stop() noexcept {
  if (!running()) return;
  ::kill(pid_, SIGTERM);
  for (int i = 0; i < 500 && running(); ++i) {
    const timespec nap{0, 10'000'000};
    nanosleep(&nap, nullptr);
  }
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace tradsys::sim
