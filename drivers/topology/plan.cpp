#include "drivers/topology/plan.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <sstream>
#include <tuple>

namespace tradsys::topology {
namespace {

constexpr u32 kSmallMachineCores = 4;

// Cores in order of preference, and what is left of them.
class Chooser {
 public:
  Chooser(const Topology& topology, std::optional<u32> nic_node) : nic_node_(nic_node) {
    const bool small = topology.cores.size() <= kSmallMachineCores;
    std::map<u32, u32> cores_of_l3;
    for (const Core& core : topology.cores) {
      cores_.push_back(&core);
      if (usable(core, small)) ++cores_of_l3[core.l3];
    }
    const auto rank = [&](const Core* core) {
      return std::tuple(!usable(*core, small), !core->isolated, far(*core), ~cores_of_l3[core->l3],
                        core->l3, core->core_index);
    };
    std::sort(cores_.begin(), cores_.end(),
              [&](const Core* a, const Core* b) { return rank(a) < rank(b); });
    // On a small machine the lowest CPU is where interrupts land: hot tiles take it last.
    if (small) {
      std::stable_partition(cores_.begin(), cores_.end(),
                            [](const Core* c) { return !has_cpu_0(*c); });
    }
  }

  [[nodiscard]] const std::vector<const Core*>& cores() const noexcept { return cores_; }
  [[nodiscard]] bool far(const Core& core) const noexcept {
    return nic_node_ && core.node != *nic_node_;
  }

  static bool has_cpu_0(const Core& core) noexcept { return core.cpus.front() == 0; }
  static bool core_has_cpu_0(const Core* core) noexcept { return has_cpu_0(*core); }

 private:
  static bool usable(const Core& core, bool small) noexcept { return small || !has_cpu_0(core); }

  std::vector<const Core*> cores_;
  std::optional<u32> nic_node_;
};

std::string reason_of(const Core& core, const Chooser& chooser, std::optional<u32> nic_node) {
  std::string reason = core.isolated ? "isolated core" : "core of its own";
  if (nic_node) reason += chooser.far(core) ? ", away from the NIC's node" : ", on the NIC's node";
  return reason;
}

// One core is kept for everything cold as long as there are enough.
void place_hot(Plan& plan, const std::vector<u32>& order, const PlanRequest& request,
               const Chooser& chooser, std::optional<u32> nic_node) {
  const auto& cores = chooser.cores();
  for (usize i = 0; i < order.size(); ++i) {
    const Core& core = *cores[i % cores.size()];
    Placement& placement = plan.placements[order[i]];
    placement = {request.tiles[order[i]].name, core.cpus.front(), core.node, false,
                 reason_of(core, chooser, nic_node)};
    if (chooser.far(core)) {
      plan.warnings.push_back("tile " + placement.tile + " is not on the NIC's memory node");
    }
    if (i < cores.size()) {
      plan.idle_siblings.insert(plan.idle_siblings.end(), core.cpus.begin() + 1, core.cpus.end());
    }
  }
  if (order.size() >= cores.size()) {
    plan.warnings.push_back(std::to_string(order.size()) + " hot tiles on " +
                            std::to_string(cores.size()) +
                            " cores: none is left for cold tiles and the operating system");
  }
}

// Tiles on one processor must know it, and a hot tile that shares makes the plan a degraded one.
void mark_shared(Plan& plan, const PlanRequest& request) {
  std::map<u32, u32> tiles_of_cpu;
  for (const Placement& placement : plan.placements) ++tiles_of_cpu[placement.cpu];
  for (usize i = 0; i < plan.placements.size(); ++i) {
    Placement& placement = plan.placements[i];
    if (tiles_of_cpu[placement.cpu] < 2) continue;
    placement.shared = true;
    if (!request.tiles[i].hot) continue;
    placement.reason = "too few cores for one of its own";
    plan.degraded = true;
  }
}

// Hardware threads that no hot tile sits on or beside; the last core's when hot tiles took them
// all.
std::vector<const Core*> cold_cores(const Plan& plan, const Chooser& chooser) {
  std::vector<const Core*> free;
  for (const Core* core : chooser.cores()) {
    const bool taken =
        std::any_of(plan.placements.begin(), plan.placements.end(), [&](const Placement& placed) {
          return !placed.tile.empty() && placed.cpu == core->cpus.front();
        });
    if (!taken) free.push_back(core);
  }
  if (free.empty()) free.push_back(chooser.cores().back());
  // Isolated cores are for hot tiles. CPU 0 comes first: it runs the system's own work already.
  const auto ordinary = [](const Core* core) { return !core->isolated; };
  if (std::any_of(free.begin(), free.end(), ordinary)) std::erase_if(free, std::not_fn(ordinary));
  std::stable_partition(free.begin(), free.end(), Chooser::core_has_cpu_0);
  return free;
}

void place_cold(Plan& plan, const std::vector<u32>& order, const PlanRequest& request,
                const Chooser& chooser) {
  std::vector<std::pair<u32, const Core*>> threads;
  for (const Core* core : cold_cores(plan, chooser)) {
    for (const u32 cpu : core->cpus) threads.emplace_back(cpu, core);
  }
  for (usize i = 0; i < order.size(); ++i) {
    const auto& [cpu, core] = threads[i % threads.size()];
    plan.placements[order[i]] = {request.tiles[order[i]].name, cpu, core->node, false,
                                 "cold: takes what hot tiles leave"};
  }
}

void warn_about_the_machine(Plan& plan, const Topology& topology, bool has_hot) {
  const bool isolated = std::any_of(topology.cores.begin(), topology.cores.end(),
                                    [](const Core& c) { return c.isolated; });
  if (has_hot && !isolated) {
    plan.warnings.emplace_back("no isolated cores: the kernel may interrupt hot tiles (isolcpus=)");
  }
}

}  // namespace

const Placement* Plan::find(const std::string& tile) const noexcept {
  const auto found = std::find_if(placements.begin(), placements.end(),
                                  [&](const Placement& p) { return p.tile == tile; });
  return found == placements.end() ? nullptr : &*found;
}

Result<Plan> make_plan(const Topology& topology, const PlanRequest& request) {
  if (topology.cores.empty())
    return Error{"topology", "no core may be used", "check the CPU affinity"};
  const Nic* nic = topology.find_nic(request.nic);
  if (nic == nullptr && !request.nic.empty()) {
    return Error{"topology", "no NIC '" + request.nic + "' on this machine",
                 "name an interface or a PCI address"};
  }
  const std::optional<u32> nic_node = nic == nullptr ? std::nullopt : nic->node;
  const Chooser chooser(topology, nic_node);
  std::vector<u32> hot, cold;
  for (u32 i = 0; i < request.tiles.size(); ++i) (request.tiles[i].hot ? hot : cold).push_back(i);
  Plan plan;
  plan.placements.resize(request.tiles.size());
  place_hot(plan, hot, request, chooser, nic_node);
  place_cold(plan, cold, request, chooser);
  mark_shared(plan, request);
  warn_about_the_machine(plan, topology, !hot.empty());
  return plan;
}

std::string explain(const Topology& topology, const Plan& plan) {
  std::ostringstream text;
  text << topology.source << ": " << topology.cores.size() << " cores, " << topology.node_count
       << " memory node(s)" << (plan.degraded ? ", DEGRADED plan" : "") << '\n';
  for (const Placement& placement : plan.placements) {
    text << "  " << placement.tile << " -> cpu " << placement.cpu << ", node " << placement.node
         << ": " << placement.reason << (placement.shared ? " (shared)" : "") << '\n';
  }
  if (!plan.idle_siblings.empty()) {
    text << "  left idle beside hot tiles: cpu";
    for (const u32 cpu : plan.idle_siblings) text << ' ' << cpu;
    text << '\n';
  }
  for (const std::string& warning : plan.warnings) text << "  warning: " << warning << '\n';
  return text.str();
}

}  // namespace tradsys::topology
