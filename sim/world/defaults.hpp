#pragma once
// Configurations of the simulated parts that fit together: the same addresses, sessions and limits
// whether they run in one process or in three.
#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/strategy.hpp"
#include "hostsw/risk/gate.hpp"
#include "sim/client/drop_copy_reader.hpp"
#include "sim/client/trader.hpp"
#include "sim/market/instruments.hpp"
#include "sim/venue/venue_host.hpp"

namespace tradsys::sim {

/// The appliance with `clients` client sessions, one account each, and one more for the strategy.
[[nodiscard]] dataplane::EdgeConfig default_edge_config(u32 clients);
/// The same with a drop copy of all accounts, and tables as large as a simulated day of `orders`
/// needs: worlds are made by the hundred.
[[nodiscard]] dataplane::EdgeConfig small_edge_config(u32 clients, u32 instruments, u64 orders);
/// The gate that has room for what it configures.
[[nodiscard]] risk::GateConfig gate_size(const dataplane::EdgeConfig& config);
[[nodiscard]] DropCopyReaderConfig default_drop_copy_reader_config();
/// A venue that lists `instruments` and knows the appliance as its only member.
[[nodiscard]] VenueHostConfig default_venue_config(
    const std::vector<MarketInstrument>& instruments);
/// The same as small as a world's, on its `day`, counted from 0.
[[nodiscard]] VenueHostConfig small_venue_config(const std::vector<MarketInstrument>& instruments,
                                                 u64 day, bool cancel_on_disconnect);
/// The client with this number.
[[nodiscard]] TraderConfig default_trader_config(u32 client,
                                                 const std::vector<MarketInstrument>& instruments,
                                                 u64 seed);
/// The strategy that runs in simulations.
[[nodiscard]] dataplane::FollowStrategy::Config default_strategy_config();

}  // namespace tradsys::sim
