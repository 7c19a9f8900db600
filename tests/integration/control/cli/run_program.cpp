#include "tests/integration/control/cli/run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace tradsys::testing {
namespace {

constexpr int kLimitMs = 60'000;

struct Pipe {
  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close(int end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
  int ends[2]{-1, -1};
};

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& args,
                         const RunOptions& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::unsetenv("NO_COLOR");
  ::unsetenv("TRADSYS_RUNTIME_DIR");
  for (const auto& [name, value] : options.env)
    value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
  if (options.as_user && ::setresuid(*options.as_user, *options.as_user, *options.as_user) != 0)
    ::_exit(126);
  std::vector<std::string> copies = args;
  std::string path = program;
  std::vector<char*> argv{path.data()};
  for (std::string& arg : copies) argv.push_back(arg.data());
  argv.push_back(nullptr);
  ::execv(path.c_str(), argv.data());
  ::_exit(127);
}

/// Reads until both ends are closed or the time is over.
void collect(Pipe& out, Pipe& err, pid_t child, int signal_after_output, Outcome& outcome) {
  struct pollfd sources[2] = {{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}};
  std::string* const texts[2] = {&outcome.out, &outcome.err};
  while (sources[0].fd >= 0 || sources[1].fd >= 0) {
    if (::poll(sources, 2, kLimitMs) <= 0) {
      ::kill(child, SIGKILL);
      return;
    }
    for (int i = 0; i < 2; ++i) {
      if (sources[i].revents == 0) continue;
      char buffer[4096];
      const ssize_t got = ::read(sources[i].fd, buffer, sizeof buffer);
      if (got > 0)
        texts[i]->append(buffer, static_cast<size_t>(got));
      else
        sources[i].fd = -1;
    }
    if (signal_after_output != 0 && !outcome.out.empty()) {
      ::kill(child, signal_after_output);
      signal_after_output = 0;
    }
  }
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Outcome run_with_pipes(const std::string& program, const std::vector<std::string>& args,
                       const RunOptions& options) {
  Outcome outcome;
  Pipe out;
  Pipe err;
  const pid_t child = ::fork();
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(out.ends[1], STDOUT_FILENO);
    ::dup2(err.ends[1], STDERR_FILENO);
    become(program, args, options);
  }
  out.close(1);
  err.close(1);
  collect(out, err, child, options.signal_after_output, outcome);
  outcome.code = wait_for(child);
  return outcome;
}

Outcome run_on_terminal(const std::string& program, const std::vector<std::string>& args,
                        RunOptions options) {
  Outcome outcome;
  struct winsize size {};
  size.ws_row = 40;
  size.ws_col = 120;
  int master = -1;
  options.env.try_emplace("TERM", "xterm");
  const pid_t child = ::forkpty(&master, nullptr, nullptr, &size);
  if (child == 0) become(program, args, options);
  std::string to_type = *options.typed;
  struct pollfd source {
    master, POLLIN, 0
  };
  while (::poll(&source, 1, kLimitMs) > 0) {
    char buffer[4096];
    const ssize_t got = ::read(master, buffer, sizeof buffer);
    if (got <= 0) break;  // EIO: the last process on the terminal has gone
    outcome.out.append(buffer, static_cast<size_t>(got));
    if (options.on_output) options.on_output(outcome.out);
    if (!to_type.empty() &&
        ::write(master, to_type.data(), to_type.size()) == static_cast<ssize_t>(to_type.size()))
      to_type.clear();
  }
  ::kill(child, SIGKILL);  // nothing to it but its end when it has left already
  ::close(master);
  outcome.code = wait_for(child);
  return outcome;
}

std::string run_python(const std::string& script, const std::string& text) {
  const Outcome outcome =
      run_program({"python3", "-c", script, text}, {.env = {}, .program = "/usr/bin/env"});
  return outcome.code == 0 ? outcome.out : "";
}

constexpr const char* kLoad = R"(
import json, sys
def unique(pairs):
    assert len(dict(pairs)) == len(pairs), "a key twice"
    return dict(pairs)
def refuse(word):
    raise ValueError(word)
document = json.loads(sys.argv[1], object_pairs_hook=unique, parse_constant=refuse)
)";

}  // namespace

std::string bin_folder() {
  const char* folder = std::getenv("TRADSYS_BIN");
  return folder == nullptr ? "build/dev/bin" : folder;
}

Outcome run_program(const std::vector<std::string>& args, const RunOptions& options) {
  const std::string program = options.program.empty() ? bin_folder() + "/tradsys" : options.program;
  return options.typed ? run_on_terminal(program, args, options)
                       : run_with_pipes(program, args, options);
}

std::map<std::string, std::string> parse_json(const std::string& text) {
  const std::string leaves_text = run_python(std::string(kLoad) + R"(
def walk(path, node):
    if isinstance(node, (dict, list)) and node:
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            walk(path + [str(key)], value)
    else:
        text = node if isinstance(node, str) else json.dumps(node)
        print(".".join(path), text, sep="\t", end="\0")
walk([], document)
)",
                                             text);
  std::map<std::string, std::string> leaves;
  for (size_t at = 0; at < leaves_text.size();) {
    const size_t tab = leaves_text.find('\t', at);
    const size_t end = leaves_text.find('\0', tab);
    leaves[leaves_text.substr(at, tab - at)] = leaves_text.substr(tab + 1, end - tab - 1);
    at = end + 1;
  }
  return leaves;
}

std::string json_keys(const std::string& text) {
  return run_python(std::string(kLoad) + "print(*document, end='')", text);
}

}  // namespace tradsys::testing
