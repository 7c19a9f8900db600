#include "drivers/topology/host_thread.hpp"

#include <numa.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <cerrno>
#include <cstring>

namespace tradsys::topology {

Status pin_current_thread(u32 cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (cpu < CPU_SETSIZE) CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) == 0) return Done{};
  return Error{"cpu " + std::to_string(cpu), std::string("cannot pin: ") + std::strerror(errno),
               "choose one that this process may use (taskset -p)"};
}

void name_current_thread(const std::string& name) {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
}

void prefer_memory_of_node(u32 node) {
  if (numa_available() < 0 || static_cast<int>(node) > numa_max_node()) return;
  numa_set_preferred(static_cast<int>(node));
}

Status lock_memory() {
  if (mlockall(MCL_CURRENT | MCL_FUTURE) == 0) return Done{};
  return Error{"memory", std::string("cannot lock: ") + std::strerror(errno),
               "raise the limit (ulimit -l unlimited), or go on without"};
}

void make_sleeps_precise() { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }

}  // namespace tradsys::topology
