#pragma once
// What the machine is made of, as plain data: cores, caches, memory nodes, NICs.
#include <optional>
#include <string>
#include <vector>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::topology {

/// One physical core that this process may use.
struct Core {
  u32 core_index = 0;  ///< the machine's own count, 0-based
  u32 node = 0;  ///< memory node
  u32 l3 = 0;  ///< group of cores that share a last-level cache
  std::vector<u32> cpus{};  ///< operating system's numbers of its hardware threads, lowest first
  bool isolated = false;  ///< the kernel schedules nothing here by itself (isolcpus)
};

/// A network device and where it hangs.
struct Nic {
  std::string name{};  ///< kernel's interface name, or the PCI address when there is none
  std::string pci_address{};  ///< "0000:81:00.0"; empty for virtual devices
  std::optional<u32> node{};  ///< nothing: the machine does not say, any node is as near
};

/// The whole machine.
struct Topology {
  std::vector<Core> cores{};  ///< by core_index
  std::vector<Nic> nics{};
  u32 node_count = 1;
  std::string source{};  ///< "this machine" or the synthetic description

  /// The NIC of this name or PCI address; nullptr when there is none.
  [[nodiscard]] const Nic* find_nic(const std::string& name) const noexcept;
};

/// Looks at this machine, restricted to the processors that this process is allowed to use.
Result<Topology> discover();

/// A machine that does not exist, described as hwloc does: "pack:2 numa:1 l3:2 core:4 pu:2". It has
/// no NICs and no isolated cores; tests add them.
Result<Topology> from_synthetic(const std::string& description);

/// Numbers of a kernel CPU list such as "2-5,8"; an Error names what is not a list.
Result<std::vector<u32>> parse_cpu_list(const std::string& text);

/// Marks cores whose every hardware thread is in `cpus` as isolated.
void mark_isolated(Topology& topology, const std::vector<u32>& cpus);

}  // namespace tradsys::topology
