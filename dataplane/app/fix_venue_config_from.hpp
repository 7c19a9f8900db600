#pragma once
// The FIX session with the venue, from what a configuration says of it.
#include "dataplane/edge/edge_config.hpp"
#include "hostsw/config/dataplane_config.hpp"

namespace tradsys::dataplane {

/// `config` was checked. Error when the password's file cannot be read.
[[nodiscard]] Status fill_fix_venue(const config::DataplaneConfig& config, VenueConfig& venue);

}  // namespace tradsys::dataplane
