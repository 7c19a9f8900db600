#pragma once
// The venue and its demonstration clients in real time, over shared-memory wires.
#include <atomic>
#include <filesystem>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::sim {

/// Set from a signal handler.
using StopFlag = std::atomic<bool>;

struct VenueProcessConfig {
  std::filesystem::path venue_wire;  ///< segment file towards the appliance
  std::filesystem::path client_wire;  ///< segment file of the clients; empty = no clients
  u32 clients = 2;
  u32 orders_per_s = 200;  ///< of each client
  u64 orders = 0;  ///< of each client; 0 = without end
  u64 flow_per_s = 1'000;
  u32 instruments = 64;
  u64 seed = 1;
  bool keep_orders = false;  ///< the venue does not cancel on disconnect
  std::filesystem::path report_file;
};

/// Runs until `stop`; with a number of orders, until every client is done. Then writes the report:
/// what each client was told and what the venue itself holds, for a test to compare.
[[nodiscard]] Status run_venue(const VenueProcessConfig& config, const StopFlag& stop);

}  // namespace tradsys::sim
