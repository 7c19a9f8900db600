#pragma once
// Where time goes inside the edge tile, per stage, as histograms the status region publishes.
#include <array>
#include <string_view>

#include "hostsw/core/histogram.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::dataplane {

/// All measured in the tile, from the arrival of the frame that caused them.
enum class Stage : u8 {
  kFeedToBook = 0,  ///< feed datagram -> books and best bid/offer up to date
  kTickToTrade = 1,  ///< feed datagram -> strategy's order handed to the port
  kClientToVenue = 2,  ///< client's order -> decided and, when passed, handed to the port
  kVenueToClient = 3,  ///< venue's message -> applied; the client's message is queued
};
inline constexpr std::array<std::string_view, 4> kStageNames{"feed_to_book", "tick_to_trade",
                                                             "client_to_venue", "venue_to_client"};

class Latency {
 public:
  void record(Stage stage, Nanos took) noexcept {
    histograms_[static_cast<u8>(stage)].record(static_cast<u64>(took.v > 0 ? took.v : 0));
  }
  [[nodiscard]] const Histogram& of(Stage stage) const noexcept {
    return histograms_[static_cast<u8>(stage)];
  }

 private:
  std::array<Histogram, kStageNames.size()> histograms_;
};

}  // namespace tradsys::dataplane
