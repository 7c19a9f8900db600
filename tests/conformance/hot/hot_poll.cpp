// The hot functions of the production tile as an object file, and nothing else of it: an explicit
// instantiation of a member brings in what it calls, and not the constructors, which may allocate.
#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/journal/journal_link.hpp"
#include "drivers/clock/tsc_clock.hpp"
#include "drivers/nic/port.hpp"
#include "drivers/offload/soft_gate.hpp"

namespace tradsys::dataplane {

using Tile = EdgeTile<nic::Port, clock::TscClock, offload::SoftGate, FollowStrategy, JournalLink>;

template u32 Tile::poll(u32 budget) noexcept;
template void Tile::housekeep(Nanos now) noexcept;
template std::optional<KillOutcome> Tile::kill(const KillOrder& order) noexcept;
template void Tile::checkpoint() noexcept;

}  // namespace tradsys::dataplane
