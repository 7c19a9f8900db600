#pragma once
// What goes wrong in a world, and when.
#include <algorithm>
#include <utility>
#include <vector>

#include "hostsw/core/random.hpp"
#include "sim/world/world.hpp"

namespace tradsys::sim {

enum class FaultKind : u8 { kCrash, kDisconnect, kBust, kCorrection, kRoll, kVenueCut };
struct Fault {
  u64 after_orders;  ///< of all clients
  Nanos delay;  ///< so that it hits every part of an order's way
  FaultKind kind;
};

/// Faults happen when the clients have sent a random number of orders; the earliest first.
[[nodiscard]] inline std::vector<Fault> plan_faults(const WorldConfig& config, Random& random) {
  const std::pair<FaultKind, u32> wanted[]{
      {FaultKind::kCrash, config.crashes}, {FaultKind::kDisconnect, config.disconnects},
      {FaultKind::kBust, config.busts},    {FaultKind::kCorrection, config.corrections},
      {FaultKind::kRoll, config.rolls},    {FaultKind::kVenueCut, config.venue_cuts}};
  std::vector<Fault> faults;
  for (const auto& [kind, count] : wanted) {
    for (u32 i = 0; i < count; ++i) {
      const Nanos delay{static_cast<i64>(random.below(200'000))};
      faults.push_back({random.below(config.orders) + 1, delay, kind});
    }
  }
  std::stable_sort(faults.begin(), faults.end(),
                   [](const Fault& x, const Fault& y) { return x.after_orders < y.after_orders; });
  return faults;
}

}  // namespace tradsys::sim
