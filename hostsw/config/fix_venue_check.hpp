#pragma once
// What has to fit together where the venue speaks FIX.
#include "hostsw/config/dataplane_config.hpp"
#include "hostsw/config/problems.hpp"

namespace tradsys::config {

/// `config.venue.protocol` is a version of FIX. Adds what is wrong, with its key and remedy.
void check_fix_venue(const DataplaneConfig& config, Problems& problems);

/// Second of the day of "HH:MM:SS"; -1 for anything else.
[[nodiscard]] i32 second_of_day(std::string_view text) noexcept;

}  // namespace tradsys::config
