#include "control/cli/doctor/check.hpp"

namespace tradsys::cli {
namespace {

/// A file under /proc/sys that must hold one value.
struct Setting {
  const char* name;
  const char* file;
  const char* wanted;
  const char* fix;
};

constexpr Setting kSettings[] = {
    {"kernel.nmi_watchdog", "/proc/sys/kernel/nmi_watchdog", "0", "sysctl kernel.nmi_watchdog=0"},
    {"kernel.rt_runtime", "/proc/sys/kernel/sched_rt_runtime_us", "-1",
     "sysctl kernel.sched_rt_runtime_us=-1"},
    {"kernel.timer_migration", "/proc/sys/kernel/timer_migration", "0",
     "sysctl kernel.timer_migration=0"},
};

Check check_setting(const Host& host, const Setting& setting) {
  const auto value = host.line(setting.file);
  return judged({.name = setting.name,
                 .required = setting.wanted,
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = setting.fix},
                value, value == setting.wanted);
}

/// A running irqbalance moves interrupts onto tile cores.
Check check_irqbalance(const Host& host) {
  bool any = false;
  bool running = false;
  for (const std::string& name : host.names("/proc")) {
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto command = host.line("/proc/" + name + "/comm");
    any = any || command.has_value();
    running = running || command == "irqbalance";
  }
  return judged(
      {.name = "kernel.irqbalance",
       .required = "not running",
       .current = "",
       .severity = Severity::kWarning,
       .fix = "systemctl disable --now irqbalance"},
      any ? std::optional<std::string>(running ? "running" : "not running") : std::nullopt,
      !running);
}

/// NICs reach user space through vfio-pci, which needs an IOMMU.
Check check_vfio(const Host& host) {
  const bool driver = host.exists("/sys/bus/pci/drivers/vfio-pci");
  const bool iommu = !host.names("/sys/kernel/iommu_groups").empty();
  std::string current = driver ? "vfio-pci loaded" : "vfio-pci not loaded";
  current += iommu ? ", IOMMU on" : ", IOMMU off";
  return judged({.name = "kernel.vfio",
                 .required = "vfio-pci loaded, IOMMU on",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "boot with intel_iommu=on iommu=pt (or amd_iommu=on), modprobe vfio-pci"},
                host.exists("/sys") ? std::optional(current) : std::nullopt, driver && iommu);
}

}  // namespace

std::vector<Check> check_kernel(const Host& host) {
  std::vector<Check> checks;
  for (const Setting& setting : kSettings) checks.push_back(check_setting(host, setting));
  checks.push_back(check_irqbalance(host));
  checks.push_back(check_vfio(host));
  return checks;
}

}  // namespace tradsys::cli
