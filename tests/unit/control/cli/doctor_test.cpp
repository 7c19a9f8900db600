// Goal: every check of the doctor passes on a host that suits, fails on one that does not, and says
// so when it cannot see. Method: made-up trees of /proc and /sys, changed one file at a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "control/cli/doctor/check.hpp"
#include "tests/support/made_up_host.hpp"

namespace tradsys::cli {
namespace {

using testing::MadeUpHost;

std::vector<Check> checks_of(const MadeUpHost& made_up) {
  const Host host(made_up.root());
  std::vector<Check> all = check_cpu(host);
  for (const std::vector<Check>& group : {check_memory(host), check_kernel(host)})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

Check check_named(const MadeUpHost& made_up, const std::string& name) {
  for (const Check& check : checks_of(made_up))
    if (check.name == name) return check;
  ADD_FAILURE() << "no check " << name;
  return {};
}

TEST(Doctor, PassesAHostThatSuits) {
  const MadeUpHost host;
  for (const Check& check : checks_of(host))
    EXPECT_EQ(check.result, CheckResult::kPass) << check.name << ": " << check.current;
}

TEST(Doctor, SaysUnknownWhereNothingCanBeSeen) {
  const testing::TempDir empty;
  const Host host(empty.path());
  for (const std::vector<Check>& group : {check_cpu(host), check_memory(host), check_kernel(host)})
    for (const Check& check : group)
      EXPECT_EQ(check.result,
                check.name == "memory.numa_balancing" ? CheckResult::kPass : CheckResult::kUnknown)
          << check.name << ": " << check.current;
}

/// One change of a suitable host and the check that must notice.
struct Flaw {
  const char* file;
  const char* text;
  const char* check;
  const char* current;
};

class DoctorFinds : public ::testing::TestWithParam<Flaw> {};

TEST_P(DoctorFinds, OneFlaw) {
  MadeUpHost host;
  host.write(GetParam().file, GetParam().text);
  for (const Check& check : checks_of(host))
    if (check.name == GetParam().check) {
      EXPECT_EQ(check.result, CheckResult::kFail);
      EXPECT_EQ(check.current, GetParam().current);
      EXPECT_FALSE(check.fix.empty());
    } else {
      EXPECT_EQ(check.result, CheckResult::kPass) << check.name << ": " << check.current;
    }
}

INSTANTIATE_TEST_SUITE_P(
    OneByOne, DoctorFinds,
    ::testing::Values(
        Flaw{"/proc/cpuinfo",
             "processor : 0\nflags : fpu avx2 bmi1 bmi2 fma constant_tsc nonstop_tsc\n",
             "cpu.instructions", "missing: movbe"},
        Flaw{"/proc/cpuinfo", "flags : avx2 bmi1 bmi2 fma movbe constant_tsc_not nonstop_tsc\n",
             "cpu.tsc", "missing: constant_tsc"},
        Flaw{"/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n",
             "cpu.clocksource", "hpet"},
        Flaw{"/sys/devices/system/cpu/isolated", "\n", "cpu.isolated", "none"},
        Flaw{"/sys/devices/system/cpu/isolated", "3\n", "cpu.isolated", "3"},
        Flaw{"/sys/devices/system/cpu/nohz_full", "(null)\n", "cpu.nohz_full", "none"},
        Flaw{"/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave\n", "cpu.governor",
             "performance, powersave"},
        Flaw{"/sys/devices/system/cpu/smt/active", "1\n", "cpu.smt", "on"},
        Flaw{"/proc/stat", "cpu  1 2 3 4 5 6 7 80 0 0\n", "cpu.steal", "80 ticks since boot"},
        Flaw{"/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "0\n", "memory.hugepages",
             "1022 MiB"},
        Flaw{"/sys/devices/system/node/node1/hugepages/hugepages-1048576kB/nr_hugepages", "0\n",
             "memory.numa_hugepages", "node0 2.00 GiB, node1 0 B"},
        Flaw{"/proc/sys/kernel/numa_balancing", "1\n", "memory.numa_balancing", "1"},
        Flaw{"/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n",
             "memory.transparent_hugepages", "always"},
        Flaw{"/proc/meminfo", "MemTotal: 10 kB\nSwapTotal:   2097152 kB\n", "memory.swap",
             "2.00 GiB"},
        Flaw{"/proc/self/limits",
             "Limit  Soft  Hard  Units\nMax locked memory         65536      65536     bytes\n",
             "memory.memlock", "64.0 KiB"},
        Flaw{"/proc/sys/kernel/nmi_watchdog", "1\n", "kernel.nmi_watchdog", "1"},
        Flaw{"/proc/sys/kernel/sched_rt_runtime_us", "950000\n", "kernel.rt_runtime", "950000"},
        Flaw{"/proc/sys/kernel/timer_migration", "1\n", "kernel.timer_migration", "1"},
        Flaw{"/proc/77/comm", "irqbalance\n", "kernel.irqbalance", "running"}));

TEST(Doctor, MissesVfioWithoutAnIommu) {
  MadeUpHost host;
  std::filesystem::remove_all(host.root() / "sys/kernel/iommu_groups");
  const Check check = check_named(host, "kernel.vfio");
  EXPECT_EQ(check.result, CheckResult::kFail);
  EXPECT_EQ(check.current, "vfio-pci loaded, IOMMU off");
}

TEST(Doctor, TakesAKernelWithoutNumaBalancingAsGood) {
  MadeUpHost host;
  std::filesystem::remove(host.root() / "proc/sys/kernel/numa_balancing");
  EXPECT_EQ(check_named(host, "memory.numa_balancing").result, CheckResult::kPass);
}

TEST(Doctor, ReadsNonsenseAsUnknown) {
  MadeUpHost host;
  host.write("/sys/devices/system/cpu/isolated", "2-\n");
  host.write("/proc/stat", "intr 1\n");
  EXPECT_EQ(check_named(host, "cpu.isolated").result, CheckResult::kUnknown);
  EXPECT_EQ(check_named(host, "cpu.steal").result, CheckResult::kUnknown);
}

TEST(Doctor, CountsKernelLists) {
  EXPECT_EQ(count_of_list(""), 0U);
  EXPECT_EQ(count_of_list("7"), 1U);
  EXPECT_EQ(count_of_list("2-5,8,10-11"), 7U);
  for (const char* wrong : {"2-", "-2", "5-2", "a", "1,,2", "1 2"})
    EXPECT_FALSE(count_of_list(wrong).has_value()) << wrong;
}

TEST(Doctor, LooksAtTheJournalFolderItself) {
  const testing::TempDir folder;
  const std::vector<Check> checks = check_storage(folder.path().string());
  ASSERT_EQ(checks.size(), 3U);
  for (const Check& check : checks) EXPECT_NE(check.result, CheckResult::kSkip) << check.name;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "it leaves nothing behind";
}

TEST(Doctor, FindsAJournalThatCannotBeWritten) {
  const std::vector<Check> checks = check_storage("/proc/self");
  const auto direct = std::find_if(checks.begin(), checks.end(),
                                   [](const Check& c) { return c.name == "journal.direct_io"; });
  ASSERT_NE(direct, checks.end());
  EXPECT_EQ(direct->result, CheckResult::kFail);
}

TEST(Doctor, SkipsAJournalNobodyNamed) {
  const std::vector<Check> checks = check_storage("");
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_EQ(checks[0].result, CheckResult::kSkip);
}

}  // namespace
}  // namespace tradsys::cli
