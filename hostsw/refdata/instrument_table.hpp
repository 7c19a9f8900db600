#pragma once
// The instruments of one dataplane: a dense table, found by symbol or by the venue's own number.
// Capacity is fixed at make; after that nothing allocates, and lookups are a few loads.
#include <bit>
#include <limits>
#include <string>
#include <vector>

#include "hostsw/core/random.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/core/symbol.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/refdata/tick_table.hpp"

namespace tradsys::refdata {

/// What the venue says of an instrument; it starts unknown, which is not trading.
enum class TradingState : u8 { kUnknown = 0, kTrading = 1, kHalted = 2, kPaused = 3, kQuoting = 4 };

/// One instrument. `venue_locate` is the venue's number for the day, 0 for none.
struct Instrument {
  Symbol symbol;
  u32 lot_size{1};
  u16 venue_locate{};
  u8 price_decimals{4};
  u8 tick_table{};  ///< as returned by add_tick_table
  TradingState state{TradingState::kUnknown};
};

class InstrumentTable {
 public:
  static constexpr u32 kTickTablesMax = 64;

  /// `instruments_max` in 1..65535.
  [[nodiscard]] static Result<InstrumentTable> make(u32 instruments_max) {
    if (instruments_max < 1 || instruments_max > kNoInstrument.v)
      return Error{"refdata.instruments_max", std::to_string(instruments_max) + " is out of range",
                   "use 1..65535"};
    return InstrumentTable(instruments_max);
  }

  /// Registers price steps; equal tables share a number.
  [[nodiscard]] Result<u8> add_tick_table(const BookTicks& ticks) {
    for (usize i = 0; i < tick_tables_.size(); ++i)
      if (tick_tables_[i] == ticks) return static_cast<u8>(i);
    if (ticks.count() == 0) return Error{"refdata.tick_table", "has no band", "give at least one"};
    if (tick_tables_.size() == kTickTablesMax)
      return Error{"refdata.tick_table", "more than 64 tables", "share tables between instruments"};
    tick_tables_.push_back(ticks);
    return static_cast<u8>(tick_tables_.size() - 1);
  }

  /// Adds an instrument; indexes are given out from 0 upwards and never change.
  [[nodiscard]] Result<InstrumentIndex> add(const Instrument& instrument);

  /// Gives an instrument the venue's number of today; 0 takes it away. False when it is another's.
  [[nodiscard]] bool bind_locate(InstrumentIndex index, u16 venue_locate) noexcept {
    TRADSYS_ASSERT(index.v < rows_.size());
    if (venue_locate != 0 && by_locate_[venue_locate] != kNoInstrument.v &&
        by_locate_[venue_locate] != index.v)
      return false;
    by_locate_[rows_[index.v].venue_locate] = kNoInstrument.v;
    rows_[index.v].venue_locate = venue_locate;
    if (venue_locate != 0) by_locate_[venue_locate] = index.v;
    return true;
  }
  void set_state(InstrumentIndex index, TradingState state) noexcept {
    TRADSYS_ASSERT(index.v < rows_.size());
    rows_[index.v].state = state;
  }
  /// Price steps change with a weekly list or a new rule; false for a table that was never added.
  [[nodiscard]] bool set_tick_table(InstrumentIndex index, u8 tick_table) noexcept {
    TRADSYS_ASSERT(index.v < rows_.size());
    if (tick_table >= tick_tables_.size()) return false;
    rows_[index.v].tick_table = tick_table;
    return true;
  }

  /// kNoInstrument when there is none.
  [[nodiscard]] InstrumentIndex find(Symbol symbol) const noexcept {
    for (u64 slot = home(symbol);; slot = (slot + 1) & mask_) {
      const u16 index = slots_[slot];
      if (index == kNoInstrument.v || rows_[index].symbol == symbol) return {index};
    }
  }
  [[nodiscard]] InstrumentIndex by_locate(u16 venue_locate) const noexcept {
    return {by_locate_[venue_locate]};
  }
  [[nodiscard]] const Instrument& row(InstrumentIndex index) const noexcept {
    TRADSYS_ASSERT(index.v < rows_.size());
    return rows_[index.v];
  }
  [[nodiscard]] const BookTicks& ticks(InstrumentIndex index) const noexcept {
    return tick_tables_[row(index).tick_table];
  }
  [[nodiscard]] u32 count() const noexcept { return static_cast<u32>(rows_.size()); }
  [[nodiscard]] u32 capacity() const noexcept { return instruments_max_; }

 private:
  explicit InstrumentTable(u32 instruments_max)
      : instruments_max_(instruments_max),
        mask_(std::bit_ceil(u64{instruments_max} * 2) - 1),
        slots_(mask_ + 1, kNoInstrument.v),
        by_locate_(usize{1} << 16, kNoInstrument.v) {
    rows_.reserve(instruments_max);
    tick_tables_.reserve(kTickTablesMax);
  }
  [[nodiscard]] u64 home(Symbol symbol) const noexcept { return mix64(symbol.word()) & mask_; }

  u32 instruments_max_;
  u64 mask_;
  std::vector<u16> slots_;  ///< open addressing, at most half full: a search always ends
  std::vector<u16> by_locate_;
  std::vector<Instrument> rows_;
  std::vector<BookTicks> tick_tables_;
};

inline Result<InstrumentIndex> InstrumentTable::add(const Instrument& instrument) {
  const std::string where = "instrument " + instrument.symbol.str();
  if (rows_.size() == instruments_max_)
    return Error{where,
                 "the table holds " + std::to_string(instruments_max_) + " instruments already",
                 "raise refdata.instruments_max"};
  if (find(instrument.symbol) != kNoInstrument)
    return Error{where, "is there already", "list each symbol once"};
  if (instrument.venue_locate != 0 && by_locate(instrument.venue_locate) != kNoInstrument)
    return Error{where, "its venue number is taken", "each instrument has a number of its own"};
  if (instrument.lot_size == 0)
    return Error{where, "lot size 0", "use 1 where there is no board lot"};
  if (instrument.price_decimals > kPriceDecimals)
    return Error{where, "more than 8 price decimals", "use 0..8"};
  if (instrument.tick_table >= tick_tables_.size())
    return Error{where, "unknown tick table", "add the tick table first"};
  const auto index = static_cast<u16>(rows_.size());
  rows_.push_back(instrument);
  if (instrument.venue_locate != 0) by_locate_[instrument.venue_locate] = index;
  u64 slot = home(instrument.symbol);
  while (slots_[slot] != kNoInstrument.v) slot = (slot + 1) & mask_;
  slots_[slot] = index;
  return InstrumentIndex{index};
}

}  // namespace tradsys::refdata
