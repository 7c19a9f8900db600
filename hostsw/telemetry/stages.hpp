#pragma once
// Where time goes between a frame that comes in and a frame that goes out, per stage, as histograms
// that the status region publishes.
#include <array>

#include "hostsw/core/histogram.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::telemetry {

/// Stages of the edge tile, each from the arrival of the frame that caused it.
enum class Stage : u8 { kFeedToBook, kTickToTrade, kClientToVenue, kVenueToClient, kCount };
inline constexpr usize kStageCount = static_cast<usize>(Stage::kCount);

/// Name and meaning of a stage.
struct StageInfo {
  const char* name;
  const char* doc;
};
inline constexpr std::array<StageInfo, kStageCount> kStages{{
    {"feed_to_book", "Feed datagram until books and best prices are up to date."},
    {"tick_to_trade", "Feed datagram until the strategy's order is handed to the port."},
    {"client_to_venue", "Client's order until decided and, when passed, handed to the port."},
    {"venue_to_client", "Venue's message until applied and the client's message is queued."},
}};

/// One histogram per stage. One thread records and snapshots; others see what it publishes.
class StageRecorder {
 public:
  /// Hot: about 2 ns. A negative duration (clocks of two cores) counts as zero.
  void record(Stage stage, Nanos elapsed) noexcept {
    histograms_[static_cast<usize>(stage)].record(elapsed.v > 0 ? static_cast<u64>(elapsed.v) : 0);
  }
  [[nodiscard]] const Histogram& histogram(Stage stage) const noexcept {
    return histograms_[static_cast<usize>(stage)];
  }
  /// Calls `visit(u32 index, const StageInfo&, const Histogram&)` for each stage in order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (u32 i = 0; i < kStageCount; ++i) visit(i, kStages[i], histograms_[i]);
  }

 private:
  std::array<Histogram, kStageCount> histograms_;
};

}  // namespace tradsys::telemetry
