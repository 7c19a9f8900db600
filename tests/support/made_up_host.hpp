#pragma once
// A tree of /proc and /sys as a host has it that suits a dataplane.
#include <fstream>
#include <string>

#include "tests/support/temp_dir.hpp"

namespace tradsys::testing {

class MadeUpHost {
 public:
  MadeUpHost() {
    write_cpu();
    write_memory();
    write("/proc/sys/kernel/nmi_watchdog", "0\n");
    write("/proc/sys/kernel/sched_rt_runtime_us", "-1\n");
    write("/proc/sys/kernel/timer_migration", "0\n");
    write("/proc/1/comm", "systemd\n");
    write("/sys/bus/pci/drivers/vfio-pci/bind", "");
    write("/sys/kernel/iommu_groups/0/type", "DMA\n");
  }
  /// Replaces a file; `path` as on the real host.
  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = dir_.path() / std::filesystem::path(path).relative_path();
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  [[nodiscard]] const std::filesystem::path& root() const noexcept { return dir_.path(); }

 private:
  void write_cpu() {
    write("/proc/cpuinfo",
          "processor\t: 0\nflags\t\t: fpu avx2 bmi1 bmi2 fma movbe constant_tsc nonstop_tsc\n");
    write("/proc/stat", "cpu  1 2 3 4 5 6 7 0 0 0\ncpu0 1 2 3 4 5 6 7 0 0 0\n");
    write("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    write("/sys/devices/system/cpu/isolated", "2-5\n");
    write("/sys/devices/system/cpu/nohz_full", "2-5\n");
    write("/sys/devices/system/cpu/smt/active", "0\n");
    for (const char* cpu : {"cpu0", "cpu1"})
      write(std::string("/sys/devices/system/cpu/") + cpu + "/cpufreq/scaling_governor",
            "performance\n");
  }
  void write_memory() {
    write("/proc/meminfo", "MemTotal:       65536 kB\nSwapTotal:             0 kB\n");
    write("/proc/self/limits",
          "Limit                     Soft Limit           Hard Limit           Units\n"
          "Max locked memory         unlimited            unlimited            bytes\n");
    write("/proc/sys/kernel/numa_balancing", "0\n");
    write("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
    write("/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "4\n");
    write("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "511\n");
    for (const char* node : {"node0", "node1"})
      write(std::string("/sys/devices/system/node/") + node +
                "/hugepages/hugepages-1048576kB/nr_hugepages",
            "2\n");
  }

  TempDir dir_;
};

}  // namespace tradsys::testing
