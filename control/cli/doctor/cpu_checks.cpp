#include <set>
#include <sstream>

#include "control/cli/doctor/check.hpp"

namespace tradsys::cli {
namespace {

constexpr const char* kCpu = "/sys/devices/system/cpu/";
constexpr u32 kIsolatedCoresMin = 2;  // edge tile and journal tile

/// Those of `wanted` that the processor has, or lacks.
Check check_flags(const Host& host, Check check, const std::vector<std::string>& wanted) {
  const auto flags = host.value_of("/proc/cpuinfo", "flags", ':');
  std::string missing;
  for (const std::string& flag : wanted)
    if (flags && !has_word(*flags, flag)) missing += (missing.empty() ? "" : " ") + flag;
  const std::string current = missing.empty() ? "present" : "missing: " + missing;
  return judged(std::move(check), flags ? std::optional(current) : std::nullopt, missing.empty());
}

Check check_clocksource(const Host& host) {
  const auto current =
      host.line("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  return judged({.name = "cpu.clocksource",
                 .required = "tsc",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "boot with clocksource=tsc tsc=reliable"},
                current, current == "tsc");
}

Check check_core_list(const Host& host, const char* file, const char* name, const char* fix) {
  const auto list = host.line(std::string(kCpu) + file);
  const std::optional<u32> cores =
      list ? count_of_list(*list == "(null)" ? "" : *list) : std::nullopt;
  return judged({.name = name,
                 .required = std::to_string(kIsolatedCoresMin) + " cores or more",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = fix},
                list && cores ? std::optional(*cores == 0 ? "" : *list) : std::nullopt,
                cores.value_or(0) >= kIsolatedCoresMin);
}

Check check_governor(const Host& host) {
  std::set<std::string> governors;
  for (const std::string& cpu : host.names(kCpu, "cpu"))
    if (const auto governor = host.line(kCpu + cpu + "/cpufreq/scaling_governor"))
      governors.insert(*governor);
  std::string text;
  for (const std::string& governor : governors) text += (text.empty() ? "" : ", ") + governor;
  return judged({.name = "cpu.governor",
                 .required = "performance",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "cpupower frequency-set -g performance"},
                governors.empty() ? std::nullopt : std::optional(text), text == "performance");
}

Check check_smt(const Host& host) {
  const auto active = host.number(std::string(kCpu) + "smt/active");
  return judged({.name = "cpu.smt",
                 .required = "off",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "boot with nosmt, or keep the siblings of tile cores idle"},
                active ? std::optional<std::string>(*active == 0 ? "off" : "on") : std::nullopt,
                active == 0);
}

Check check_steal(const Host& host) {
  std::optional<u64> steal;
  if (const auto line = host.line("/proc/stat"); line && line->starts_with("cpu ")) {
    std::istringstream fields(line->substr(4));
    u64 value = 0;
    for (int i = 0; i < 8 && fields >> value; ++i)
      if (i == 7) steal = value;
  }
  return judged({.name = "cpu.steal",
                 .required = "0 ticks",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "run on a host of its own, not on a shared virtual machine"},
                steal ? std::optional(std::to_string(*steal) + " ticks since boot") : std::nullopt,
                steal == u64{0});
}

}  // namespace

std::vector<Check> check_cpu(const Host& host) {
  return {
      check_flags(host,
                  {.name = "cpu.instructions",
                   .required = "x86-64-v3 (avx2 bmi1 bmi2 fma movbe)",
                   .current = "",
                   .severity = Severity::kFatal,
                   .fix = "use a processor of 2015 or later; in a virtual machine pass the host's"},
                  {"avx2", "bmi1", "bmi2", "fma", "movbe"}),
      check_flags(host,
                  {.name = "cpu.tsc",
                   .required = "constant_tsc nonstop_tsc",
                   .current = "",
                   .severity = Severity::kFatal,
                   .fix = "use a processor whose counter runs evenly in all power states"},
                  {"constant_tsc", "nonstop_tsc"}),
      check_clocksource(host),
      check_core_list(host, "isolated", "cpu.isolated",
                      "boot with isolcpus= for the cores of the tiles"),
      check_core_list(host, "nohz_full", "cpu.nohz_full",
                      "boot with nohz_full= and rcu_nocbs= for the same cores"),
      check_governor(host),
      check_smt(host),
      check_steal(host),
  };
}

}  // namespace tradsys::cli
