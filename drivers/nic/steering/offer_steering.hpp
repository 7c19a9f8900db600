#pragma once
// Offers a steering plan to the NIC's own filters (rte_flow).
#include <string>

#include "drivers/nic/port.hpp"
#include "drivers/nic/steering/steering_plan.hpp"

namespace tradsys::nic {

/// What became of the offer. SteeringPlan::classify() is right in either case; with rules in
/// hardware the NIC also lets these frames in without promiscuous mode.
struct SteeringReport {
  u32 hardware_rules = 0;
  u32 software_rules = 0;
  std::string reason{};  ///< why there are software rules; empty when there are none
};

/// Cold. All rules or none go into the hardware: when the device refuses one, those before it are
/// taken back.
SteeringReport offer_steering(const Port& port, const SteeringPlan& plan);

}  // namespace tradsys::nic
