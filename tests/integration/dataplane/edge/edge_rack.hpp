#pragma once
// The production edge tile between a venue, a client over the DPDK ring ports and one through
// shared memory, in real time. The tile and its peers can run in one thread in turns, or the peers
// in a thread of their own.
#include <atomic>
#include <memory>
#include <thread>

#include "dataplane/edge/edge_tile.hpp"
#include "dataplane/journal/journal_link.hpp"
#include "drivers/clock/tsc_clock.hpp"
#include "drivers/nic/port.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "hostsw/client/session.hpp"
#include "sim/client/trader.hpp"
#include "sim/venue/background_flow.hpp"
#include "sim/venue/venue_host.hpp"

namespace tradsys::testing {

/// What went through the tile.
struct RackTraffic {
  u64 feed_messages = 0;
  u64 orders = 0;  ///< passed the gate
  u64 executions = 0;
  u64 strategy_orders = 0;
  u64 journal_records = 0;
  u64 shm_orders = 0;  ///< of the client through shared memory, all verdicts

  friend RackTraffic operator-(const RackTraffic& a, const RackTraffic& b) noexcept {
    return {a.feed_messages - b.feed_messages,     a.orders - b.orders,
            a.executions - b.executions,           a.strategy_orders - b.strategy_orders,
            a.journal_records - b.journal_records, a.shm_orders - b.shm_orders};
  }
  /// Enough of each kind that every path was taken many times.
  [[nodiscard]] bool enough() const noexcept {
    return feed_messages >= 2'000 && orders >= 500 && executions >= 100 && strategy_orders >= 5 &&
           shm_orders >= 100;
  }
};

class EdgeRack {
 public:
  using Tile = dataplane::EdgeTile<nic::Port, clock::TscClock, offload::SoftGate,
                                   dataplane::FollowStrategy, dataplane::JournalLink>;

  /// Needs nic::Eal. Nothing runs yet.
  EdgeRack();
  ~EdgeRack() { stop_peers(); }
  EdgeRack(const EdgeRack&) = delete;
  EdgeRack& operator=(const EdgeRack&) = delete;

  /// Runs tile and peers in turns until every kind of traffic has been seen; false after a minute.
  [[nodiscard]] bool warm_up();
  /// From here on the peers run by themselves, and only the tile is the caller's.
  void start_peers();
  void stop_peers();
  /// Polls the tile, and does its housekeeping as its process would, until `enough` traffic went
  /// through since the call, or a minute is over. Returns what went through.
  RackTraffic run_tile() noexcept;

  [[nodiscard]] Tile& tile() noexcept { return *tile_; }
  [[nodiscard]] RackTraffic traffic() const noexcept;

 private:
  using Venue = sim::VenueHost<nic::WireEnd, clock::TscClock>;
  using Client = sim::Trader<nic::WireEnd, clock::TscClock>;

  void poll_tile() noexcept;
  void poll_peers();
  void poll_local();
  [[nodiscard]] u32 price_of(Symbol symbol) const;

  clock::TscClock clock_;
  nic::Port venue_port_;
  nic::Port client_port_;
  std::vector<sim::MarketInstrument> instruments_;
  offload::SoftGate gate_;
  dataplane::JournalLink link_;
  std::unique_ptr<Tile> tile_;
  Venue venue_;
  sim::BackgroundFlow<sim::Exchange<Venue>> flow_;
  Client client_;
  ipc::SessionMemory memory_;
  ipc::MarketBoard board_;
  client::Session local_;
  Nanos next_tile_housekeep_{};
  Nanos next_peer_housekeep_{};
  Nanos next_local_order_{};
  std::atomic<bool> stop_{false};
  std::thread peers_;
};

}  // namespace tradsys::testing
