#pragma once
// The whole appliance in one process and in virtual time: venue, dataplane and clients, joined by
// seeded bad cables. Same configuration, same seed: same trace, bit by bit. The dataplane receives
// through its DPDK ports here as everywhere.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/offload/gate_circuit.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"
#include "sim/wire/lossy_wire.hpp"

namespace tradsys::sim {

/// What to simulate.
struct WorldConfig {
  u64 seed = 1;
  u64 orders = 10'000;  ///< new orders of all clients together
  u32 clients = 2;
  u32 instruments = 16;
  u32 standing_orders = 800;  ///< of other participants
  u64 flow_per_s = 2'000;  ///< actions of other participants
  Nanos order_interval{100'000};  ///< of each client
  LossyPath wire;  ///< both directions of both cables
  u32 crashes = 0;  ///< times the dataplane dies and comes back from its journal
  u32 disconnects = 0;  ///< times a client's connection is cut
  u32 venue_cuts = 0;  ///< times the venue ends the connection, by a close or a reset
  u32 busts = 0;  ///< executions that the venue takes back
  u32 corrections = 0;  ///< executions that the venue corrects to half their quantity
  u32 rolls = 0;  ///< times the trading day ends and the next one begins
  Nanos journal_delay{60'000};
  offload::CircuitMaker make_circuit;  ///< of the dataplane's gate; empty: software alone
  /// Every frame at the appliance's ports goes into venue.pcap and client.pcap of this folder, with
  /// virtual time; empty: none.
  std::filesystem::path capture_dir;
  Nanos time_max{
      4'000'000'000'000};  ///< virtual time after which orders that are not over count as stuck
};

/// What came of it.
struct WorldResult {
  u64 orders = 0;  ///< new orders the clients sent
  u64 terminal = 0;  ///< of these, ended exactly once
  u64 trace_hash = 0;
  u64 state_hash = 0;
  u64 fills = 0;
  u64 rejected = 0;
  u64 canceled = 0;
  u64 replaced = 0;
  u64 adopted = 0;
  u64 crashes = 0;
  u64 disconnects = 0;
  u64 venue_cuts = 0;
  u64 busts = 0;
  u64 corrections = 0;
  u64 rolls = 0;
  u64 strategy_orders = 0;  ///< of the last day
  u64 copied = 0;  ///< messages of the first client that the drop copy got
  u64 strategy_copied = 0;  ///< of the strategy
  u64 feed_messages = 0;
  u64 feed_gaps = 0;
  u64 frames = 0;  ///< delivered by the cables
  u64 compared = 0;  ///< verdicts of a circuit that were held against the software's
  u64 fallbacks = 0;  ///< circuits that lost the right to decide
  i64 virtual_ns = 0;
  std::vector<std::string> violations;  ///< each names the broken invariant; empty = none
};

/// Runs a world to its end. Needs nic::Eal; one world at a time in a process. An Error when a port
/// or a capture file cannot be made.
[[nodiscard]] Result<WorldResult> run_world(const WorldConfig& config);

}  // namespace tradsys::sim
