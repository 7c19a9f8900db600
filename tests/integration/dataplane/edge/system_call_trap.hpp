#pragma once
// Runs something in a child process that may not enter the kernel from a chosen moment on.
#include <functional>
#include <string>

namespace tradsys::testing {

/// How such a child ended.
struct TrapOutcome {
  enum class Kind {
    kClean,  ///< ran to its end, and said 0
    kFailed,  ///< ran to its end, and said something else, or died of another cause
    kSystemCall,  ///< entered the kernel behind the trap
    kUnavailable,  ///< this machine does not let a process filter its own system calls
  };
  Kind kind = Kind::kFailed;
  std::string text;  ///< what the child said last
};

/// Forks. The child calls `prepare`, which may do anything, sets the trap for its own thread
/// (threads that `prepare` started stay free), calls `run`, and ends with what `run` returned.
TrapOutcome run_without_system_calls(const std::function<void()>& prepare,
                                     const std::function<int()>& run);

/// Allowed behind the trap: leaves a word for TrapOutcome::text.
void say(const char* text) noexcept;

}  // namespace tradsys::testing
