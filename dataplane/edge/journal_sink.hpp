#pragma once
// What an edge tile asks of its journal.
#include <concepts>

#include "hostsw/core/bytes.hpp"

namespace tradsys::dataplane {

// clang-format off
/// Where events go: a link to the journal tile, or a journal in memory.
template <class J>
concept JournalSink = requires(J j, const J& c, u16 type, u64 number, Bytes payload, u32 records) {
  { c.ready() } noexcept -> std::same_as<bool>;
  { c.has_room(records) } noexcept -> std::same_as<bool>;
  { j.push(type, number, number, payload) } noexcept;
  { c.durable_seq() } noexcept -> std::same_as<u64>;
};
// clang-format on

/// Events the venue's side can make in one poll: 32 frames and a receive window that a late
/// segment opens, full of the shortest sequenced message (13 bytes).
inline constexpr u32 kVenueRecords = (32 * 1'460 + 65'536) / 13 + 1;
/// What is kept for the end of a client's session that sent more than can be recorded.
inline constexpr u32 kClientReserve = 64;
/// Room without which no input is taken: the venue's, and a share for the clients.
inline constexpr u32 kRecordsPerPoll = kVenueRecords + 2'048;

}  // namespace tradsys::dataplane
