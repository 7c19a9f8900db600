#pragma once
// The DPDK environment of this process: memory, device buses, its own helper threads.
#include <string>
#include <vector>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::nic {

/// How the environment gets its memory.
enum class EalMemory : u8 {
  kOrdinary,  ///< anonymous pages: works for any user, with no preparation of the host
  kHugepages,  ///< hugepages through memfd: no hugetlbfs mount, nothing left on disk
};

/// What the environment is allowed to touch. The defaults need no privilege and no hardware.
struct EalConfig {
  EalMemory memory = EalMemory::kOrdinary;
  u32 memory_mib = 128;  ///< upper bound of all mempools together, 16..65536
  std::vector<std::string> pci_devices{};  ///< addresses to probe; empty: the PCI bus is left alone
  u32 log_level = 4;  ///< 1 emergency .. 4 error .. 8 debug
};

/// DPDK allows one environment per process, for its whole life; there is no way back.
class Eal {
 public:
  /// Starts the environment. The calling thread's CPU affinity is as before afterwards. An Error
  /// when it was started already, when a value is out of range, or when DPDK refuses; DPDK's own
  /// reason is part of the text.
  static Status init(const EalConfig& config);

  /// True once init() succeeded.
  [[nodiscard]] static bool ready() noexcept;

  /// Gives the calling thread a DPDK identity, and with it per-thread mempool caches inside drivers
  /// of real NICs. Not needed for rings and shared memory. Ends with the thread.
  static Status register_thread();

  /// The argument list that init() hands to DPDK, program name first (shown by diagnostics).
  [[nodiscard]] static std::vector<std::string> arguments(const EalConfig& config, u32 main_core);
};

}  // namespace tradsys::nic
