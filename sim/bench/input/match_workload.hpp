#pragma once
// Seeded order flow for the matching benches: a session of one liquid instrument in which most
// orders are canceled within a millisecond, under a mid price that stands still, walks or crashes.
//
// The shape is that of a published open benchmark of matching engines, so that its engines' figures
// can be held against ours: tick 0.005 at 167.52, passive orders at a power-law distance with a
// hump eight ticks out, 15 % immediate-or-cancel, 20 % of the rest modified, 95 % canceled, 2 % of
// both sent once too often. Own generator and random numbers: similar counts, not the same orders.
#include <vector>

#include "hostsw/core/types.hpp"

namespace tradsys::bench {

enum class MatchScenario : u8 {
  kNormal,  ///< the mid swings by 2 %
  kStatic,  ///< the mid stands still: the deepest book
  kFlashCrash,  ///< the mid swings by 60 %: orders over ten thousands of ticks
  kBurst,  ///< the crash with five million orders a second: many live at once, much trading
};

/// One call of the engine. Identifiers are handed out in sequence to new orders and replacements
/// alike.
struct MatchOp {
  enum class Kind : u8 { kNew, kImmediate, kCancel, kReplace };
  u64 order_id = 0;
  u64 new_order_id = 0;  ///< kReplace
  u32 price = 0;  ///< in 1e-4 units, a multiple of kMatchPriceStep
  u32 qty = 0;
  Kind kind = Kind::kNew;
  bool buy = false;
};

inline constexpr u32 kMatchPriceStep = 50;

/// About two calls for each of `new_orders`. Same arguments, same calls.
std::vector<MatchOp> make_match_workload(MatchScenario scenario, u64 seed, u32 new_orders);

}  // namespace tradsys::bench
