#pragma once
// An instance that lives in the test: what a dataplane would publish, with known values.
#include <memory>
#include <string>
#include <vector>

#include "hostsw/ipc/runtime_paths.hpp"
#include "hostsw/ipc/status_region.hpp"
#include "tests/integration/control/cli/run_program.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::testing {

/// Owns a runtime directory with the status region of instance "sim": three instruments COMI, ETEL
/// and HRHO and one place that is not in use, one feed, two sessions, two stages.
class Instance {
 public:
  Instance();

  [[nodiscard]] ipc::StatusWriter& writer() { return *writer_; }
  [[nodiscard]] const TempDir& dir() const noexcept { return dir_; }
  [[nodiscard]] const ipc::InstancePaths& paths() const noexcept { return paths_; }
  /// Publishes the same values as the constructor.
  void publish();
  /// The owner is gone, as after kill -9: the file stays.
  void die() { writer_.reset(); }
  /// The heartbeat before each run is this old. Unless asked for otherwise it lies ahead, so that a
  /// busy machine does not turn a living owner into a stalled one.
  void beat(Nanos ago);
  void heartbeat() { writer_->heartbeat(ipc::monotonic_now() - beat_ago_); }

  /// `tradsys ARGS --runtime-dir <ours>` with a heartbeat before it, unless the owner died.
  [[nodiscard]] Outcome run(std::vector<std::string> args, RunOptions options = {});

  static ipc::InstrumentStatus comi();
  static ipc::FeedStatus feed();
  static ipc::OrderStatus orders();

 private:
  TempDir dir_;
  ipc::InstancePaths paths_;
  std::unique_ptr<ipc::StatusWriter> writer_;
  Nanos beat_ago_{-60 * kSecond.v};
};

}  // namespace tradsys::testing
