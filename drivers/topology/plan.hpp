#pragma once
// Which tile runs on which processor, and why. Pure: a function of the topology and the wishes.
#include <string>
#include <vector>

#include "drivers/topology/topology.hpp"

namespace tradsys::topology {

/// A tile that wants a place.
struct TileWish {
  std::string name{};
  bool hot =
      true;  ///< polls all the time and wants a core of its own; a cold tile sleeps and shares
};

/// What is to be placed.
struct PlanRequest {
  std::vector<TileWish> tiles{};  ///< most important first
  std::string nic{};  ///< interface or PCI address to be near to; empty: none
};

/// Where one tile goes.
struct Placement {
  std::string tile{};
  u32 cpu = 0;
  u32 node = 0;
  bool shared =
      false;  ///< other tiles run on this processor too: idle by sleeping, not by spinning
  std::string reason{};
};

/// A complete answer: every tile of the request has one placement, in the order of the request.
struct Plan {
  std::vector<Placement> placements{};
  std::vector<u32> idle_siblings{};  ///< hardware threads beside hot tiles, to be left empty
  std::vector<std::string> warnings{};
  bool degraded = false;  ///< a hot tile shares its processor

  /// The tile's placement; nullptr when the request did not name it.
  [[nodiscard]] const Placement* find(const std::string& tile) const noexcept;
};

/// Hot tiles get cores of their own: isolated cores first, then those near the NIC, all on one
/// last-level cache as far as it goes, one hardware thread per core, CPU 0 only on machines of at
/// most four cores. Cold tiles share what is left, one core at least. When there are too few cores
/// the plan is degraded, says why, and still places every tile. An Error when the topology has no
/// core or the NIC is not known.
Result<Plan> make_plan(const Topology& topology, const PlanRequest& request);

/// The plan for people: one line per tile with its reason, idle siblings, warnings.
[[nodiscard]] std::string explain(const Topology& topology, const Plan& plan);

}  // namespace tradsys::topology
