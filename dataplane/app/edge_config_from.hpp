#pragma once
// From what the operator wrote to what the edge tile is built from.
#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/strategy.hpp"
#include "drivers/nic/port_config.hpp"
#include "hostsw/config/dataplane_config.hpp"

namespace tradsys::dataplane {

/// Everything a dataplane process needs to start.
struct DataplaneParts {
  EdgeConfig edge;
  FollowStrategy::Config strategy;
  nic::PortConfig venue_port;
  nic::PortConfig client_port;
};

[[nodiscard]] net::MacAddress mac_of(const std::array<u8, 6>& bytes) noexcept;

/// Reads the password files and resolves names of a configuration that was checked. The feed lines,
/// the re-request servers and the venue session share one port, all clients another. An Error names
/// the key and the remedy.
[[nodiscard]] Result<DataplaneParts> make_parts(const config::DataplaneConfig& config);

}  // namespace tradsys::dataplane
