#pragma once
// What goes into a matching engine and what comes out of it: the words both engines (MatchEngine
// and ReferenceMatch) share, so that one conformance suite can hold them to the same events.
#include <tradsys/risk_spec.hpp>

#include "hostsw/core/random.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::match {

/// A new order. `price` is in the instrument's book units and ignored for a market order.
struct NewOrder {
  u64 order_id = 0;  ///< unique among live orders; any value
  u32 owner = 0;  ///< carried through to every event; orders of one owner may trade with each other
  u16 instrument = 0;
  Side side = Side::kNone;
  OrderType type = OrderType::kLimit;
  TimeInForce tif = TimeInForce::kDay;
  u32 price = 0;
  u32 qty = 0;
  bool operator==(const NewOrder&) const = default;
};

/// One order in the book, as an observer sees it.
struct RestingOrder {
  u64 order_id = 0;
  u32 owner = 0;
  u16 instrument = 0;
  Side side = Side::kNone;
  u32 price = 0;
  u32 qty = 0;  ///< open quantity
  bool operator==(const RestingOrder&) const = default;
};

/// One trade, always at the price of the resting order. The `_leaves` are what stays open of each
/// side after it; a resting order with `resting_leaves` 0 has left the book.
struct Trade {
  u64 match_number = 0;  ///< gap-free over all instruments
  u64 resting_id = 0;
  u64 aggressor_id = 0;
  u32 resting_owner = 0;
  u32 aggressor_owner = 0;
  u16 instrument = 0;
  Side aggressor_side = Side::kNone;
  u32 price = 0;
  u32 qty = 0;
  u32 resting_leaves = 0;
  u32 aggressor_leaves = 0;
  bool operator==(const Trade&) const = default;
};

/// Why open quantity ended without a trade.
enum class CancelReason : u8 {
  kRequested = 0,  ///< the owner canceled or reduced the order
  kImmediate = 1,  ///< the remainder of an immediate-or-cancel order
  kMarket = 2,  ///< the remainder of a market order: the other side is empty
};

/// Open quantity that ended: `qty` of it, `leaves_qty` still works.
struct Canceled {
  u64 order_id = 0;
  u32 owner = 0;
  u16 instrument = 0;
  Side side = Side::kNone;
  u32 price = 0;
  u32 qty = 0;
  u32 leaves_qty = 0;
  CancelReason reason = CancelReason::kRequested;
  bool operator==(const Canceled&) const = default;
};

/// An order replaced by another of the same owner, instrument and side. Quantities are open
/// quantities.
struct Replaced {
  u64 order_id = 0;
  u64 new_order_id = 0;
  u32 owner = 0;
  u16 instrument = 0;
  Side side = Side::kNone;
  u32 old_price = 0;
  u32 old_qty = 0;
  u32 price = 0;
  u32 qty = 0;
  bool operator==(const Replaced&) const = default;
};

/// The handlers of an engine's events, all empty: a sink derives from it and hides those it wants.
/// Handlers run inside the engine's call and must not call the engine.
///
/// Order events tell the owners (OUCH, FIX):
///   submit   on_rejected, or on_accepted then on_trade.. then, unless filled or resting,
///   on_canceled cancel   on_cancel_rejected, or on_canceled replace  on_replace_rejected (the
///   order stands), or on_replaced then on_trade..
/// Book events tell the market (ITCH) and come after the order event they belong to; a trade is
/// both:
///   on_book_add A, on_trade E, on_book_reduce X, on_book_remove D, on_book_replace U
/// A replace that trades at once is on_book_remove, on_trade.., then on_book_add of what remains.
struct NullSink {
  void on_accepted(const NewOrder&) noexcept {}
  void on_rejected(const NewOrder&, RejectReason) noexcept {}
  void on_trade(const Trade&) noexcept {}
  void on_canceled(const Canceled&) noexcept {}
  void on_cancel_rejected(u64 /*order_id*/, RejectReason) noexcept {}
  void on_replaced(const Replaced&) noexcept {}
  void on_replace_rejected(u64 /*order_id*/, u64 /*new_order_id*/, RejectReason) noexcept {}
  void on_book_add(const RestingOrder&) noexcept {}
  void on_book_reduce(const RestingOrder& /*after*/, u32 /*by_qty*/) noexcept {}
  void on_book_remove(const RestingOrder& /*before*/) noexcept {}
  void on_book_replace(u64 /*old_order_id*/, const RestingOrder& /*replacement*/) noexcept {}
};

/// Fixed capacities; every table is allocated once, for these.
struct MatchConfig {
  u32 instruments_max = 1'024;
  u32 orders_max = 1U << 16;  ///< live orders over all instruments
  u32 price_blocks_max = 1U << 13;  ///< runs of 64 price steps that hold at least one order
  u64 first_match_number = 1;
};

/// The price rules of one instrument.
struct InstrumentRules {
  u32 price_step = 1;  ///< every price is a multiple; in book units, at least 1
  u32 price_max = kMarketPrice - 1;  ///< highest price taken
};

/// Folds orders, in a fixed order, into one word.
class StateHash {
 public:
  explicit constexpr StateHash(u64 seed) noexcept : value_(mix64(seed)) {}
  constexpr void add(const RestingOrder& o) noexcept {
    fold(o.order_id);
    fold((u64{o.owner} << 32) | (u64{o.instrument} << 8) | static_cast<u64>(o.side));
    fold((u64{o.price} << 32) | o.qty);
  }
  [[nodiscard]] constexpr u64 value() const noexcept { return value_; }

 private:
  constexpr void fold(u64 word) noexcept {
    value_ = mix64(value_ + 0x9E37'79B9'7F4A'7C15ULL) ^ word;
  }
  u64 value_;
};

/// Is it a buy? Sell and short sale rest on the same side.
constexpr bool is_buy(Side side) noexcept { return side == Side::kBuy; }

}  // namespace tradsys::match
