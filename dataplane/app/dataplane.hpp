#pragma once
// The dataplane process: replays the journal, then runs the edge tile on the calling thread and the
// journal tile on a second one until it is told to stop.
#include <atomic>
#include <string>

#include "hostsw/config/dataplane_config.hpp"

namespace tradsys::dataplane {

/// Set from a signal handler.
using StopFlag = std::atomic<bool>;

/// Of the host.
[[nodiscard]] u64 wall_now_ns();

/// Runs until `stop`, or until an operator's stop command. Prints one line when it is up. An Error
/// says why it could not start or why it had to stop.
[[nodiscard]] Status run_dataplane(const config::DataplaneConfig& config, const StopFlag& stop);

/// What a replay of the journal alone shows.
struct ReplayReport {
  u64 records = 0;
  u64 last_seq = 0;
  u64 state_hash = 0;
  u64 live_orders = 0;
  u64 next_order_id = 0;
  u64 executed_qty = 0;
};

/// Replays the journal without ports, up to and including record `until_seq` (0 = all).
[[nodiscard]] Result<ReplayReport> replay_journal(const config::DataplaneConfig& config,
                                                  u64 until_seq);

}  // namespace tradsys::dataplane
