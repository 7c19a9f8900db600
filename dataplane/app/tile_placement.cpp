#include "dataplane/app/tile_placement.hpp"

#include "drivers/topology/plan.hpp"

namespace tradsys::dataplane {
namespace {

/// The device behind the venue's port, where it is one that hangs at a place of the machine.
std::string nic_of(const config::DataplaneConfig& config, const topology::Topology& topology) {
  for (const config::PortSettings& port : config.ports) {
    if (port.name == config.venue.port && topology.find_nic(port.device) != nullptr)
      return port.device;
  }
  return {};
}

const topology::Core* core_of(const topology::Topology& topology, u32 cpu) {
  for (const topology::Core& core : topology.cores) {
    for (const u32 own : core.cpus) {
      if (own == cpu) return &core;
    }
  }
  return nullptr;
}

}  // namespace

Result<TilePlacement> place_tiles(const config::DataplaneConfig& config,
                                  const topology::Topology& topology) {
  topology::PlanRequest request;
  request.tiles = {{.name = "edge"}, {.name = "journal", .hot = false}};
  request.nic = nic_of(config, topology);
  Result<topology::Plan> planned = topology::make_plan(topology, request);
  if (!planned) return planned.error();
  topology::Plan& plan = planned.value();
  const auto choose = [&](usize tile, i32 core, const char* key) -> Status {
    if (core < 0) return Done{};
    const topology::Core* there = core_of(topology, static_cast<u32>(core));
    if (there == nullptr)
      return Error{key, "this process may not use processor " + std::to_string(core),
                   "name one of the machine's, or -1 for the planner's choice"};
    plan.placements[tile].cpu = static_cast<u32>(core);
    plan.placements[tile].node = there->node;
    plan.placements[tile].reason = std::string("named by ") + key;
    return Done{};
  };
  if (Status s = choose(0, config.tiles.edge_core, "tiles.edge_core"); !s) return s.error();
  if (Status s = choose(1, config.tiles.journal_core, "tiles.journal_core"); !s) return s.error();
  TilePlacement placement;
  placement.edge_node = plan.placements[0].node;
  placement.warnings = plan.warnings;
  const bool pins = config.idle == config::IdlePolicy::kSpin || config.tiles.edge_core >= 0 ||
                    config.tiles.journal_core >= 0;
  if (pins) {
    placement.edge_cpu = plan.placements[0].cpu;
    placement.journal_cpu = plan.placements[1].cpu;
  }
  placement.explanation = topology::explain(topology, plan);
  if (!pins) placement.explanation += "idle = \"adaptive\": no tile is bound, the kernel chooses\n";
  return placement;
}

Result<TilePlacement> place_tiles(const config::DataplaneConfig& config) {
  const Result<topology::Topology> topology = topology::discover();
  if (!topology) return topology.error();
  return place_tiles(config, topology.value());
}

}  // namespace tradsys::dataplane
