#pragma once
// Price steps by price band, in whole numbers.
#include <array>
#include <optional>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::refdata {

inline constexpr usize kTickBandsMax = 16;

/// Bands of (lowest price, tick), in any one unit: 1e-8 currency units in rule packs (TickTable),
/// an instrument's own decimals in the tables of the dataplane (BookTicks). A band ends where the
/// next starts.
template <class Rep>
class BasicTickTable {
 public:
  struct Band {
    Rep from{};
    Rep tick{};
    bool operator==(const Band&) const = default;
  };

  constexpr BasicTickTable() = default;
  /// One tick for all prices.
  [[nodiscard]] static constexpr BasicTickTable fixed(Rep tick) {
    BasicTickTable table;
    table.bands_[table.count_++] = {0, tick};
    return table;
  }

  /// Appends a band; nothing when it may stand there, else why not. Bands start at 0, ascend, and
  /// have a tick above 0 of which their start is a multiple: so a price on the edge is on both
  /// grids.
  [[nodiscard]] constexpr const char* append(Rep from, Rep tick) {
    if (count_ == kTickBandsMax) return "more than 16 bands";
    if (count_ == 0 && from != 0) return "the first band must start at 0";
    if (count_ != 0 && from <= bands_[count_ - 1].from) return "bands must ascend";
    if (tick <= 0) return "a tick must be above 0";
    if (from % tick != 0) return "the start of a band must be a multiple of its tick";
    bands_[count_++] = {from, tick};
    return nullptr;
  }

  /// Step at `price`; 0 only in an empty table. Prices below 0 count as the first band.
  [[nodiscard]] constexpr Rep tick_at(Rep price) const noexcept {
    usize band = 0;
    while (band + 1 < count_ && bands_[band + 1].from <= price) ++band;
    return bands_[band].tick;
  }
  [[nodiscard]] constexpr bool on_tick(Rep price) const noexcept {
    const Rep tick = tick_at(price);
    return tick != 0 && price % tick == 0;
  }
  /// Nearest valid price at or below / at or above `price`; price >= 0 and the table not empty.
  [[nodiscard]] constexpr Rep round_down(Rep price) const noexcept {
    return price - price % tick_at(price);
  }
  [[nodiscard]] constexpr Rep round_up(Rep price) const noexcept {
    const Rep tick = tick_at(price);
    const Rep rest = price % tick;
    if (rest == 0) return price;
    const Rep up = price - rest + tick;
    for (usize band = 0; band < count_; ++band)
      if (bands_[band].from > price && bands_[band].from < up) return bands_[band].from;
    return up;
  }
  /// The finest step of all bands: what the gate, which knows one tick, is given.
  [[nodiscard]] constexpr Rep finest() const noexcept {
    Rep finest = bands_[0].tick;
    for (usize band = 1; band < count_; ++band)
      if (bands_[band].tick < finest) finest = bands_[band].tick;
    return finest;
  }

  [[nodiscard]] constexpr usize count() const noexcept { return count_; }
  [[nodiscard]] constexpr const Band& band(usize index) const noexcept { return bands_[index]; }
  bool operator==(const BasicTickTable&) const = default;

 private:
  std::array<Band, kTickBandsMax> bands_{};
  usize count_{};
};

using TickTable = BasicTickTable<i64>;
using BookTicks = BasicTickTable<u32>;

/// `table` in units of 10^-decimals; an error when a band or tick is no whole number of them.
[[nodiscard]] inline Result<BookTicks> to_book_ticks(const TickTable& table, u32 decimals) {
  BookTicks ticks;
  for (usize i = 0; i < table.count(); ++i) {
    const auto from = to_book_price({table.band(i).from}, decimals);
    const auto tick = to_book_price({table.band(i).tick}, decimals);
    if (!from || !tick || ticks.append(from->v, tick->v) != nullptr)
      return Error{"tick band " + std::to_string(i),
                   "does not fit " + std::to_string(decimals) + " decimals",
                   "give the instrument more price decimals"};
  }
  return ticks;
}

}  // namespace tradsys::refdata
