#include <charconv>

#include "control/cli/doctor/check.hpp"
#include "control/cli/output/format.hpp"

namespace tradsys::cli {
namespace {

constexpr const char* kNodes = "/sys/devices/system/node";
constexpr u64 kGibibyte = u64{1} << 30;
constexpr u64 kHugepageBytesMin = kGibibyte;
constexpr u64 kMemlockBytesMin = kGibibyte;

/// Number at the start of `text`.
std::optional<u64> leading_number(const std::string& text) {
  u64 value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} ? std::optional(value) : std::nullopt;
}

/// Bytes in all hugepages below `folder` ("hugepages-2048kB", ...).
std::optional<u64> hugepage_bytes(const Host& host, const std::string& folder) {
  constexpr std::string_view kPrefix = "hugepages-";
  std::optional<u64> bytes;
  for (const std::string& size : host.names(folder, std::string(kPrefix))) {
    const auto kibibytes = leading_number(size.substr(kPrefix.size()));
    const auto pages = host.number(folder + "/" + size + "/nr_hugepages");
    if (kibibytes && pages && *pages >= 0)
      bytes = bytes.value_or(0) + *kibibytes * 1'024 * static_cast<u64>(*pages);
  }
  return bytes;
}

Check check_hugepages(const Host& host) {
  const auto bytes = hugepage_bytes(host, "/sys/kernel/mm/hugepages");
  return judged({.name = "memory.hugepages",
                 .required = bytes_text(kHugepageBytesMin) + " or more",
                 .current = "",
                 .severity = Severity::kFatal,
                 .fix = "boot with default_hugepagesz=1G hugepagesz=1G hugepages=4"},
                bytes ? std::optional(bytes_text(*bytes)) : std::nullopt,
                bytes.value_or(0) >= kHugepageBytesMin);
}

/// Tiles take memory of their own node: every node needs some.
Check check_nodes(const Host& host) {
  std::string current;
  bool all = true;
  bool any = false;
  for (const std::string& node : host.names(kNodes, "node")) {
    const auto bytes = hugepage_bytes(host, std::string(kNodes) + "/" + node + "/hugepages");
    if (!bytes) continue;
    any = true;
    all = all && *bytes > 0;
    current += (current.empty() ? "" : ", ") + node + " " + bytes_text(*bytes);
  }
  return judged({.name = "memory.numa_hugepages",
                 .required = "some on every NUMA node",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "write the count to /sys/devices/system/node/node*/hugepages/*/"
                        "nr_hugepages"},
                any ? std::optional(current) : std::nullopt, all);
}

Check check_numa_balancing(const Host& host) {
  const auto value = host.line("/proc/sys/kernel/numa_balancing");
  return judged({.name = "memory.numa_balancing",
                 .required = "0",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "sysctl kernel.numa_balancing=0"},
                // A kernel without it does not move pages either.
                value ? value : std::optional<std::string>("not in this kernel"),
                !value || value == "0");
}

Check check_transparent(const Host& host) {
  const auto line = host.line("/sys/kernel/mm/transparent_hugepage/enabled");
  std::optional<std::string> chosen;
  if (line)
    if (const usize open = line->find('['), close = line->find(']');
        open != std::string::npos && close != std::string::npos && close > open)
      chosen = line->substr(open + 1, close - open - 1);
  return judged({.name = "memory.transparent_hugepages",
                 .required = "never or madvise",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "boot with transparent_hugepage=never"},
                chosen, chosen == "never" || chosen == "madvise");
}

Check check_swap(const Host& host) {
  const auto total = host.value_of("/proc/meminfo", "SwapTotal", ':');
  const auto kibibytes = total ? leading_number(*total) : std::nullopt;
  return judged({.name = "memory.swap",
                 .required = "off",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "swapoff -a, and remove it from /etc/fstab"},
                kibibytes ? std::optional(*kibibytes == 0 ? "off" : bytes_text(*kibibytes * 1'024))
                          : std::nullopt,
                kibibytes == u64{0});
}

Check check_memlock(const Host& host) {
  // "Max locked memory   <soft>   <hard>   bytes"
  constexpr std::string_view kRow = "Max locked memory";
  std::optional<std::string> soft;
  if (const auto limits = host.text("/proc/self/limits")) {
    const usize row = limits->find(kRow);
    const usize first =
        row == std::string::npos ? row : limits->find_first_not_of(' ', row + kRow.size());
    if (first != std::string::npos)
      soft = limits->substr(first, limits->find_first_of(" \n", first) - first);
  }
  const bool unlimited = soft == "unlimited";
  const u64 bytes = soft ? leading_number(*soft).value_or(0) : 0;
  return judged({.name = "memory.memlock",
                 .required = bytes_text(kMemlockBytesMin) + " or more",
                 .current = "",
                 .severity = Severity::kWarning,
                 .fix = "LimitMEMLOCK=infinity in the service, or ulimit -l unlimited"},
                soft ? std::optional(unlimited ? "unlimited" : bytes_text(bytes)) : std::nullopt,
                unlimited || bytes >= kMemlockBytesMin);
}

}  // namespace

std::vector<Check> check_memory(const Host& host) {
  return {check_hugepages(host),   check_nodes(host), check_numa_balancing(host),
          check_transparent(host), check_swap(host),  check_memlock(host)};
}

}  // namespace tradsys::cli
