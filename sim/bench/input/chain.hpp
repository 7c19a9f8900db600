#pragma once
// What whole-path benches measure through: the real edge tile on ring wires, the real venue on the
// far end, one instrument quoted by a background participant.
#include <memory>

#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/journal/journal_link.hpp"
#include "drivers/clock/tsc_clock.hpp"
#include "drivers/nic/port.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "sim/venue/venue_host.hpp"

namespace tradsys::bench {

/// Who sends the orders.
enum class Trades : u8 { kStrategy, kLocalClient };

class Chain {
 public:
  using Clock = clock::TscClock;
  using Tile = dataplane::EdgeTile<nic::Port, Clock, offload::SoftGate, dataplane::FollowStrategy,
                                   dataplane::JournalLink>;
  static constexpr u32 kAsk = 501'000;  ///< before the first tick()

  /// Starts the packet library, the tile and the venue, and waits until orders may pass. `name` is
  /// of the bench, for errors.
  [[nodiscard]] static Result<std::unique_ptr<Chain>> make(const char* name, Trades trades);
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  /// Puts the frame on the wire that makes the strategy trade; it is the only one there.
  void tick();
  /// The tile alone, one frame of each side.
  u32 poll() noexcept { return tile_.poll(1); }
  [[nodiscard]] u64 sent() const noexcept { return tile_.venue().counters().messages_out; }
  /// Everything else: the venue answers, the journal is emptied, timers run.
  void settle();

  [[nodiscard]] Symbol symbol() const noexcept { return tile_.market().symbol_of(kInstrument); }
  [[nodiscard]] dataplane::ShmHandover& shm_handover() noexcept { return tile_.shm_handover(); }

 private:
  using Venue = sim::VenueHost<nic::WireEnd, Clock>;
  static constexpr u16 kInstrument = 1;

  Chain(Clock clock, nic::Port venue_port, nic::Port client_port, Trades trades);
  [[nodiscard]] bool come_up();
  u64 quote(Side side, u32 price);

  Clock clock_;
  nic::Port venue_port_;
  nic::Port client_port_;
  offload::SoftGate gate_;
  dataplane::JournalLink link_;
  Tile tile_;
  Venue venue_;
  u64 bid_ = 0;
  u64 ask_ = 0;
  Nanos next_housekeep_{};
  bool up_ = false;
};

}  // namespace tradsys::bench
