#pragma once
// What the command tells its caller by number. A contract: scripts depend on it (docs/CLI.md).

namespace tradsys::cli {

enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,  ///< the operation failed, or the dataplane refused it
  kUsage = 2,  ///< wrong arguments
  kNotLive = 3,  ///< shown, but not live: the dataplane is dead or stalled; or the journal is torn
  kNotFound = 4,  ///< no such symbol, file or program
  kPermission = 5,
  kConflict = 6,  ///< a precondition is not met: not confirmed
  kTimeout = 8,  ///< no answer in time: the outcome is unknown
  kUnreachable = 9,  ///< no such instance, or one that this program cannot talk to
  kDoctorWarnings = 10,
  kDoctorFatal = 11,
  kConfigInvalid = 12,
  kInterrupted = 130,  ///< stopped by SIGINT or SIGTERM
};

}  // namespace tradsys::cli
