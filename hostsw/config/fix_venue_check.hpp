#pragma once
// What has to fit together where the venue speaks FIX.
#include "hostsw/config/dataplane_config.hpp"
#include "hostsw/config/problems.hpp"

namespace tradsys::config {

/// `config.venue.protocol` is a version of FIX. Adds what is wrong, with its key and remedy.
void check_fix_venue(const DataplaneConfig& config, Problems& problems);

}  // namespace tradsys::config
