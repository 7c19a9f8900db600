#pragma once
// The offline command behind `tradsys journal roll`: one folder is read, the other one is made.
#include <filesystem>

#include "dataplane/day/day_roll.hpp"
#include "hostsw/config/dataplane_config.hpp"

namespace tradsys::dataplane {

/// Makes the folder `to` with the journal of the day after the one in `from`, which is only read.
/// `to` is there whole, on disk and replayed once more, or not at all. `now_ns`: wall clock.
[[nodiscard]] Result<RollSummary> roll_journal(const config::DataplaneConfig& config,
                                               const std::filesystem::path& from,
                                               const std::filesystem::path& to, u64 now_ns);

}  // namespace tradsys::dataplane
