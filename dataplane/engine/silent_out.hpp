#pragma once
// The outside of a replay: nothing is sent, nothing is written.
#include "dataplane/engine/engine_out.hpp"

namespace tradsys::engine {

/// Whoever wants to hear more derives from it.
struct SilentOut {
  bool venue_ready() noexcept { return false; }
  bool venue_open() noexcept { return false; }
  bool venue_takes(TimeInForce) noexcept { return false; }
  bool journal_ready() noexcept { return false; }
  void venue_enter(const orders::Order&) noexcept {}
  void venue_replace(const orders::Order&) noexcept {}
  void venue_cancel(u64, u32) noexcept {}
  void client_report(const ClientReport&) noexcept {}
  void instrument(const orders::InstrumentEvent&) noexcept {}
  void journal(orders::EventType, u64, u64, Bytes) noexcept {}
};
static_assert(EngineOut<SilentOut>);

}  // namespace tradsys::engine
