#pragma once
// Made-up instruments for the synthetic market: symbols, ticks, lots and prices, all from a seed.
#include <vector>

#include "hostsw/core/symbol.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::sim {

/// One instrument; its number (ITCH stock locate) is its place in the list plus 1.
struct MarketInstrument {
  Symbol symbol;
  u32 price_step = 100;  ///< tick, in 1e-4 units: 0.0100, or 0.0010 below a price of 1
  u32 lot = 1;  ///< every quantity is a multiple
  u32 reference_price = 0;  ///< previous close, in 1e-4 units
};

/// `count` instruments with different symbols; the same seed gives the same list. Prices lie
/// between 0.2 and 640; one in eight is below 1 (finer tick), one in eight trades in lots of ten.
std::vector<MarketInstrument> make_instruments(u32 count, u64 seed);

}  // namespace tradsys::sim
