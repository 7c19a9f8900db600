#include "drivers/nic/eal.hpp"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <sched.h>

#include <atomic>

namespace tradsys::nic {
namespace {

std::atomic<bool> eal_ready{false};
std::atomic<bool> eal_claimed{false};

Status check(const EalConfig& config) {
  if (config.memory_mib < 16 || config.memory_mib > 65'536) {
    return Error{"eal.memory_mib", std::to_string(config.memory_mib) + " is out of range 16..65536",
                 "128 is enough for a few ports"};
  }
  if (config.log_level < 1 || config.log_level > 8) {
    return Error{"eal.log_level", std::to_string(config.log_level) + " is out of range 1..8",
                 "4 shows errors only"};
  }
  return Done{};
}

u32 first_core(const cpu_set_t& allowed) {
  for (u32 core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &allowed)) return core;
  }
  return 0;
}

}  // namespace

std::vector<std::string> Eal::arguments(const EalConfig& config, u32 main_core) {
  std::vector<std::string> args{"tradsys", "-l", std::to_string(main_core), "--no-telemetry",
                                "--log-level=" + std::to_string(config.log_level)};
  if (config.memory == EalMemory::kOrdinary) {
    args.insert(args.end(), {"--no-huge", "--no-shconf", "-m", std::to_string(config.memory_mib)});
  } else {
    args.insert(args.end(), {"--in-memory", "-m", std::to_string(config.memory_mib)});
  }
  if (config.pci_devices.empty()) args.emplace_back("--no-pci");
  for (const std::string& address : config.pci_devices) {
    args.insert(args.end(), {"-a", address});
  }
  return args;
}

Status Eal::init(const EalConfig& config) {
  if (Status status = check(config); !status) return status;
  if (eal_claimed.exchange(true)) {
    return Error{"eal", "the DPDK environment was started already in this process",
                 "call Eal::init once, before the first Port::make"};
  }
  cpu_set_t before;
  CPU_ZERO(&before);
  sched_getaffinity(0, sizeof before, &before);
  std::vector<std::string> args = arguments(config, first_core(before));
  std::vector<char*> argv;
  for (std::string& arg : args) argv.push_back(arg.data());
  const int used = rte_eal_init(static_cast<int>(argv.size()), argv.data());
  const int reason = rte_errno;
  sched_setaffinity(0, sizeof before, &before);
  if (used < 0) {
    return Error{"eal", std::string("DPDK refused to start: ") + rte_strerror(reason),
                 config.memory == EalMemory::kHugepages
                     ? "reserve hugepages, or set eal.memory to ordinary"
                     : "raise eal.log_level to 8 to see why"};
  }
  eal_ready = true;
  return Done{};
}

bool Eal::ready() noexcept { return eal_ready; }

Status Eal::register_thread() {
  if (!ready()) return Error{"eal", "not started", "call Eal::init first"};
  if (rte_lcore_id() != LCORE_ID_ANY) return Done{};
  if (rte_thread_register() != 0) {
    return Error{"eal", std::string("cannot register the thread: ") + rte_strerror(rte_errno), ""};
  }
  return Done{};
}

}  // namespace tradsys::nic
