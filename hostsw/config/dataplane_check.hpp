#pragma once
// What no single knob can tell: references between tables, uniqueness, values that must fit each
// other.
#include "hostsw/config/dataplane_config.hpp"
#include "hostsw/config/problems.hpp"

namespace tradsys::config {

/// Adds every password file that cannot be used to `problems`.
void check_secret_files(const DataplaneConfig& config, Problems& problems);

/// Adds every contradiction to `problems`.
void check_dataplane_config(const DataplaneConfig& config, Problems& problems);

}  // namespace tradsys::config
