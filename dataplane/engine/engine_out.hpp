#pragma once
// What the order engine needs of the outside: the venue, the clients, the journal.
#include <concepts>

#include "dataplane/engine/reports.hpp"

namespace tradsys::engine {

// clang-format off
/// What the engine needs of the outside. None of it may fail: the caller makes room first.
template <class O>
concept EngineOut = requires(O out, const orders::Order& order, const ClientReport& report, u64 id,
                             u32 qty, orders::EventType type, Bytes payload,
                             const orders::InstrumentEvent& event, TimeInForce tif) {
  { out.venue_ready() } noexcept -> std::same_as<bool>;  // new orders may go out
  { out.venue_open() } noexcept -> std::same_as<bool>;  // cancels may: the room that orders leave
  { out.venue_takes(tif) } noexcept -> std::same_as<bool>;  // false: it has no such order
  { out.journal_ready() } noexcept -> std::same_as<bool>;
  { out.venue_enter(order) } noexcept;
  { out.venue_replace(order) } noexcept;
  { out.venue_cancel(id, qty) } noexcept;
  { out.client_report(report) } noexcept;
  { out.instrument(event) } noexcept;  // replay only: the symbol table follows the journal
  { out.journal(type, id, id, payload) } noexcept;
};
// clang-format on

}  // namespace tradsys::engine
