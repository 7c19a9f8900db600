#pragma once
// A program of ours that runs beside this one and ends with it.
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "hostsw/core/result.hpp"

namespace tradsys::sim {

/// Stopped by the destructor; killed by the kernel should this process die first.
class ChildProcess {
 public:
  /// Starts `program`, which lies beside the running one, or in $TRADSYS_PROGRAM_DIR; its output
  /// goes to `log`.
  [[nodiscard]] static Result<ChildProcess> start(const std::string& program,
                                                  const std::vector<std::string>& arguments,
                                                  const std::filesystem::path& log);
  ChildProcess(ChildProcess&& other) noexcept : pid_(other.pid_) { other.pid_ = -1; }
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess() { stop(); }

  /// Whether it has not ended yet.
  [[nodiscard]] bool running() noexcept;
  /// Asks it to end and waits; after five seconds it is killed.
  void stop() noexcept;
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

}  // namespace tradsys::sim
