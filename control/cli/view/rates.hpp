#pragma once
// What happened between two snapshots, per second.
#include <string>
#include <vector>

#include "control/cli/output/json_writer.hpp"
#include "control/cli/output/paint.hpp"
#include "control/cli/view/snapshot.hpp"

namespace tradsys::cli {

/// One feed in the interval.
struct FeedRates {
  FeedEntry now;
  u64 messages_per_s = 0;
  u64 line_packets_per_s[ipc::kFeedLines]{};
  u64 duplicates_per_s = 0;
  u64 new_gaps = 0;
  u64 new_recovered = 0;
  u64 new_lost = 0;
};

/// One instrument in the interval.
struct InstrumentRates {
  ipc::InstrumentStatus now;
  u64 trades_per_s = 0;
  u64 traded_qty_per_s = 0;
};

struct Rates {
  Nanos interval{};
  bool restarted = false;  ///< the process is another one than before: no rates yet
  std::vector<FeedRates> feeds;
  u64 packets_received_per_s = 0;
  u64 packets_sent_per_s = 0;
  u64 busy_permille = 0;  ///< polls that found work
  u64 requests_per_s = 0;
  u64 sent_to_venue_per_s = 0;
  u64 fills_per_s = 0;
  u64 passed_per_s = 0;
  u64 refused_per_s = 0;
  u64 journal_records_per_s = 0;
  std::vector<ipc::StageLatency> stages;  ///< of the interval only
  std::vector<InstrumentRates> busiest;  ///< most traded first
};

/// A snapshot with every instrument, as `top` needs it.
struct Sample {
  Snapshot snapshot;
  std::vector<ipc::InstrumentStatus> instruments;
};
[[nodiscard]] Sample take_sample(const ipc::StatusReader& reader, std::string instance);

/// `before` and `after` in this order of time; `busiest_max` instruments at most.
[[nodiscard]] Rates rates_between(const Sample& before, const Sample& after, u32 busiest_max);

[[nodiscard]] std::string rates_text(const Snapshot& now, const Rates& rates, const Paint& paint);
/// Writes the members into the open object.
void write_rates(JsonWriter& json, const Snapshot& now, const Rates& rates);

}  // namespace tradsys::cli
