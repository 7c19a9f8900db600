#pragma once
// How many journal records one poll of the edge tile may make: it takes no input while the journal
// has no room for them.
#include "hostsw/core/types.hpp"

namespace tradsys::dataplane {

/// Events the venue's side can make in one poll: 32 frames and a receive window that a late
/// segment opens, full of the shortest sequenced message (13 bytes).
inline constexpr u32 kVenueRecords = (32 * 1'460 + 65'536) / 13 + 1;
/// What is kept for the end of a client's session that sent more than can be recorded.
inline constexpr u32 kClientReserve = 64;
/// Room without which no input is taken: the venue's, and a share for the clients.
inline constexpr u32 kRecordsPerPoll = kVenueRecords + 2'048;

}  // namespace tradsys::dataplane
