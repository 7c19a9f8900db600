#pragma once
// Which processor each tile of the dataplane runs on, and why.
#include <optional>
#include <string>
#include <vector>

#include "hostsw/config/dataplane_config.hpp"
#include "hostsw/core/result.hpp"

namespace tradsys::topology {
struct Topology;
}

namespace tradsys::dataplane {

/// Where the tiles go. Nothing where the kernel may choose: in simulation, unless the configuration
/// names a core.
struct TilePlacement {
  std::optional<u32> edge_cpu;
  std::optional<u32> journal_cpu;
  u32 edge_node = 0;  ///< memory node of the edge tile
  std::string explanation;  ///< for people: a line a tile with its reason, warnings
  std::vector<std::string> warnings;
};

/// Plans for the machine as `topology` has it. `tiles.edge_core` and `tiles.journal_core` go before
/// the plan; an Error when one of them is not there.
[[nodiscard]] Result<TilePlacement> place_tiles(const config::DataplaneConfig& config,
                                                const topology::Topology& topology);

/// The same for this machine.
[[nodiscard]] Result<TilePlacement> place_tiles(const config::DataplaneConfig& config);

}  // namespace tradsys::dataplane
