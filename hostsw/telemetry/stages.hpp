#pragma once
// Where time goes between a frame that comes in and a frame that goes out.
#include <array>

#include "hostsw/core/histogram.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::telemetry {

/// Stages of the edge tile in the order of a packet's life.
enum class Stage : u8 {
  kReceive,
  kFeed,
  kBook,
  kStrategy,
  kGate,
  kOrderEntry,
  kTickToTrade,
  kDurable,
  kCount
};
inline constexpr usize kStageCount = static_cast<usize>(Stage::kCount);

/// Name and meaning of a stage.
struct StageInfo {
  const char* name;
  const char* doc;
};
inline constexpr std::array<StageInfo, kStageCount> kStages{{
    {"receive", "One receive burst until its first frame is parsed."},
    {"feed", "A feed packet through arbitration and sequencing."},
    {"book", "A feed message into the books."},
    {"strategy", "A change of the best prices until the strategy has decided."},
    {"gate", "All pre-trade checks of one order."},
    {"order_entry", "A passed order until its frame is handed to the port."},
    {"tick_to_trade", "A feed frame in until the order frame it caused is out."},
    {"durable", "A record handed to the journal until it is on disk."},
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
  void clear() noexcept {
    for (Histogram& histogram : histograms_) histogram.clear();
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
