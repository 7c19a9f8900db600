#pragma once
// Where a trading day ends and the next one begins. A journal holds one day; what outlives it is
// written at the head of the next one, as the last three of these records.
#include "hostsw/orders/trade_store.hpp"

namespace tradsys::orders {

/// Who said that the day is over.
enum class DayEndCause : u8 {
  kFeed = 0,  ///< the feed's end of messages
  kVenueSession = 1,  ///< the venue ended its order session
  kOperator = 2,
};

/// The trading day is over: no new order passes, what cannot rest over night has ended.
struct DayEndEvent {
  u64 ts_ns = 0;
  DayEndCause cause = DayEndCause::kFeed;
  u8 reserved[7]{};
  std::array<char, 40> operator_name{};  ///< kOperator: who; zero padded
};
static_assert(WireRecord<DayEndEvent>);

/// First record of a journal that goes on from another one.
struct DayBeginEvent {
  u64 ts_ns = 0;
  u64 next_order_id = 0;  ///< identifiers are never used twice
  u64 previous_seq = 0;  ///< last record of the journal before
  u64 previous_hash = 0;  ///< its state
  u32 day = 0;  ///< days since the first journal, which is day 1
  std::array<char, 10> previous_venue_session{};  ///< its stream was told; all zero: there was none
  u8 reserved[2]{};
};
static_assert(WireRecord<DayBeginEvent>);

/// What an account holds in an instrument when a day begins.
struct CarriedPosition {
  i64 position = 0;
  u32 price = 0;  ///< it is held at: profit and loss of the day count from there
  u16 account = 0;
  u16 instrument = 0;
};
static_assert(WireRecord<CarriedPosition>);

}  // namespace tradsys::orders
