#pragma once
// A message stream played through the appliance's feed path in virtual time: two multicast lines
// over a bad cable into a DPDK port, arbitration, re-requests, books. Same source, same seed: same
// result, bit by bit.
#include <filesystem>
#include <optional>
#include <vector>

#include "dataplane/feed/feed_config.hpp"
#include "sim/player/book_check.hpp"
#include "sim/player/message_source.hpp"
#include "sim/wire/lossy_wire.hpp"

namespace tradsys::sim {

struct ReplayConfig {
  u64 seed = 1;
  /// Both directions of the cable; chances are drawn for each frame, so each line suffers by
  /// itself.
  /// A frame that is overtaken comes later than a receiver waits for the other line, so that this
  /// opens gaps too.
  LossyPath wire{.reorder_delay = Nanos{10'000'000}};
  std::vector<BookPoint> points;  ///< empty: nothing is checked
  std::filesystem::path
      capture;  ///< every frame at the appliance's port, in virtual time; empty: none
};

struct ReplayResult {
  u64 messages = 0;  ///< sent by the player
  u64 packets = 0;  ///< datagrams on each line, heartbeats and end of session included
  u64 points = 0;
  u64 points_equal = 0;
  std::optional<BookDifference> first_difference;
  u64 books_hash = 0;  ///< over every level of every instrument
  u64 instruments = 0;  ///< named by the feed's directory
  u64 live_orders = 0;  ///< in the books at the end
  u64 book_errors = 0;  ///< messages that the books or the decoder refused
  feed::FeedCounters feed;
  LossyPathCounters cable;  ///< towards the appliance
  feed::FreezeReason freeze_reason = feed::FreezeReason::kNone;
  bool stale_at_end = true;
  std::optional<Error> source_fault;  ///< the file ended early; everything before it was played
  i64 virtual_ns = 0;
};

/// Plays `source` to its end. Needs nic::Eal; one replay or world at a time in a process. An Error
/// when a port or the capture file cannot be made.
[[nodiscard]] Result<ReplayResult> replay(MessageSource& source, const ReplayConfig& config);

}  // namespace tradsys::sim
