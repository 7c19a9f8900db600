#include "drivers/topology/topology.hpp"

#include <hwloc.h>
#include <sched.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>

namespace tradsys::topology {
namespace {

struct Unload {
  void operator()(hwloc_topology* tree) const noexcept { hwloc_topology_destroy(tree); }
};
using Tree = std::unique_ptr<hwloc_topology, Unload>;

constexpr u32 kCpuNumberMax = 65'535;

Tree make_tree() {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) return nullptr;
  hwloc_topology_set_io_types_filter(raw, HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
  return Tree(raw);
}

u32 logical_or_zero(hwloc_obj_t object) { return object == nullptr ? 0 : object->logical_index; }

void read_cores(hwloc_topology_t tree, Topology& topology) {
  const int threads = hwloc_get_nbobjs_by_type(tree, HWLOC_OBJ_PU);
  for (int i = 0; i < threads; ++i) {
    hwloc_obj_t thread = hwloc_get_obj_by_type(tree, HWLOC_OBJ_PU, static_cast<u32>(i));
    hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(tree, HWLOC_OBJ_CORE, thread);
    const u32 index = core == nullptr ? static_cast<u32>(i) : core->logical_index;
    if (topology.cores.empty() || topology.cores.back().core_index != index) {
      const int node = hwloc_bitmap_first(thread->nodeset);
      hwloc_obj_t l3 = hwloc_get_ancestor_obj_by_type(tree, HWLOC_OBJ_L3CACHE, thread);
      topology.cores.push_back({.core_index = index,
                                .node = node < 0 ? 0 : static_cast<u32>(node),
                                .l3 = logical_or_zero(l3)});
    }
    topology.cores.back().cpus.push_back(thread->os_index);
  }
  for (Core& core : topology.cores) std::sort(core.cpus.begin(), core.cpus.end());
  topology.node_count =
      static_cast<u32>(std::max(1, hwloc_get_nbobjs_by_type(tree, HWLOC_OBJ_NUMANODE)));
}

std::string pci_address_of(hwloc_obj_t device) {
  for (hwloc_obj_t at = device; at != nullptr; at = at->parent) {
    if (at->type != HWLOC_OBJ_PCI_DEVICE) continue;
    const auto& pci = at->attr->pcidev;
    char text[32];
    std::snprintf(text, sizeof text, "%04x:%02x:%02x.%x", pci.domain, pci.bus, pci.dev, pci.func);
    return text;
  }
  return {};
}

// A device that hangs on all nodes at once says nothing about its node.
std::optional<u32> node_of(hwloc_topology_t tree, hwloc_obj_t device, u32 node_count) {
  hwloc_obj_t parent = hwloc_get_non_io_ancestor_obj(tree, device);
  if (parent == nullptr || parent->nodeset == nullptr) return std::nullopt;
  if (node_count > 1 && hwloc_bitmap_weight(parent->nodeset) != 1) return std::nullopt;
  return static_cast<u32>(hwloc_bitmap_first(parent->nodeset));
}

bool is_network_class(u32 pci_class) { return (pci_class >> 8) == 0x02; }

void read_nics(hwloc_topology_t tree, Topology& topology) {
  hwloc_obj_t device = nullptr;
  while ((device = hwloc_get_next_osdev(tree, device)) != nullptr) {
    if (device->attr->osdev.type != HWLOC_OBJ_OSDEV_NETWORK) continue;
    topology.nics.push_back({.name = device->name,
                             .pci_address = pci_address_of(device),
                             .node = node_of(tree, device, topology.node_count)});
  }
  // A NIC that a user-space driver has taken is no operating system device any more.
  while ((device = hwloc_get_next_pcidev(tree, device)) != nullptr) {
    const std::string address = pci_address_of(device);
    if (!is_network_class(device->attr->pcidev.class_id) || topology.find_nic(address)) continue;
    topology.nics.push_back({.name = address,
                             .pci_address = address,
                             .node = node_of(tree, device, topology.node_count)});
  }
}

// Narrows a core to the threads in this thread's affinity mask; a core without any disappears.
void keep_allowed(Topology& topology) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  for (Core& core : topology.cores) {
    std::erase_if(core.cpus,
                  [&](u32 cpu) { return cpu < CPU_SETSIZE && !CPU_ISSET(cpu, &allowed); });
  }
  std::erase_if(topology.cores, [](const Core& core) { return core.cpus.empty(); });
}

std::vector<u32> isolated_cpus() {
  std::ifstream file("/sys/devices/system/cpu/isolated");
  std::string line;
  std::getline(file, line);
  auto list = parse_cpu_list(line);
  return list ? std::move(list).value() : std::vector<u32>{};
}

Result<Topology> load(Tree tree, std::string source) {
  if (tree == nullptr || hwloc_topology_load(tree.get()) != 0) {
    return Error{"topology", "hwloc cannot describe " + source, ""};
  }
  Topology topology;
  topology.source = std::move(source);
  read_cores(tree.get(), topology);
  read_nics(tree.get(), topology);
  return topology;
}

}  // namespace

const Nic* Topology::find_nic(const std::string& name) const noexcept {
  const auto found = std::find_if(nics.begin(), nics.end(), [&](const Nic& nic) {
    return !name.empty() && (nic.name == name || nic.pci_address == name);
  });
  return found == nics.end() ? nullptr : &*found;
}

Result<Topology> discover() {
  auto topology = load(make_tree(), "this machine");
  if (!topology) return topology;
  keep_allowed(topology.value());
  mark_isolated(topology.value(), isolated_cpus());
  return topology;
}

Result<Topology> from_synthetic(const std::string& description) {
  Tree tree = make_tree();
  if (tree == nullptr || hwloc_topology_set_synthetic(tree.get(), description.c_str()) != 0) {
    return Error{"topology", "'" + description + "' is no synthetic topology",
                 "for example \"pack:2 numa:1 l3:2 core:4 pu:2\""};
  }
  return load(std::move(tree), description);
}

Result<std::vector<u32>> parse_cpu_list(const std::string& text) {
  std::vector<u32> cpus;
  const auto bad = [&] {
    return Error{"cpu list", "'" + text + "' is not a list of processors", "for example \"2-5,8\""};
  };
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    u32 first = 0;
    auto read = std::from_chars(at, end, first);
    if (read.ec != std::errc{}) return bad();
    u32 last = first;
    if (read.ptr != end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, last);
    if (read.ec != std::errc{} || last < first || last > kCpuNumberMax) return bad();
    for (u32 cpu = first; cpu <= last; ++cpu) cpus.push_back(cpu);
    if (read.ptr != end && (*read.ptr != ',' || read.ptr + 1 == end)) return bad();
    at = read.ptr == end ? end : read.ptr + 1;
  }
  return cpus;
}

void mark_isolated(Topology& topology, const std::vector<u32>& cpus) {
  for (Core& core : topology.cores) {
    core.isolated = std::all_of(core.cpus.begin(), core.cpus.end(), [&](u32 cpu) {
      return std::find(cpus.begin(), cpus.end(), cpu) != cpus.end();
    });
  }
}

}  // namespace tradsys::topology
