#pragma once
// What every implementation of the order books speaks: values, statuses, and the concept
// OrderBooks.
//
// The books are an image of a venue's resting orders (market by order, full depth). They never
// match: they do what the feed says, and refuse, without changing anything, what cannot be true.
#include <concepts>
#include <span>

#include <tradsys/risk_spec.hpp>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::book {

/// Best bid and offer of one instrument; a price of 0 means that side is empty (and its quantity
/// 0).
struct Bbo {
  u32 bid_price = 0;
  u32 ask_price = 0;
  u64 bid_qty = 0;
  u64 ask_qty = 0;
  bool operator==(const Bbo&) const = default;
};

/// All orders of one side at one price.
struct Level {
  u32 price = 0;
  u32 order_count = 0;
  u64 qty = 0;
  bool operator==(const Level&) const = default;
};

/// One resting order as a queue shows it.
struct QueuedOrder {
  u64 ref = 0;
  u32 qty = 0;
  bool operator==(const QueuedOrder&) const = default;
};

/// Outcome of one operation. Anything but kOk has changed nothing at all.
enum class BookStatus : u8 {
  kOk,
  kDuplicateOrder,  ///< the new reference is live
  kUnknownOrder,  ///< the reference is not live
  kExcessQuantity,  ///< more than the order has left
  kNoCapacity,  ///< the order or level table is full
  kBadInstrument,  ///< no such instrument, or the order belongs to another one
  kInvalid,  ///< zero quantity, zero or market price, or not a side
};
inline constexpr u32 kBookStatusCount = 7;

/// What an operation did. `price` and `qty` are those of the part of the order that was added,
/// executed or removed (of the new order for a replace); all zero unless `status` is kOk.
struct BookChange {
  BookStatus status = BookStatus::kOk;
  u16 instrument = 0;
  Side side = Side::kNone;
  bool bbo_changed = false;
  u32 price = 0;
  u32 qty = 0;
  bool operator==(const BookChange&) const = default;
};

/// Capacities; memory is taken once, at construction, and never grows.
struct BookConfig {
  u32 instruments_max = 0;  ///< valid instruments are [0, instruments_max); at most 65536
  u32 orders_max = 0;  ///< live orders over all instruments
  u32 levels_max = 0;  ///< live price levels over all instruments and both sides
};

inline constexpr u32 kInstrumentsLimit = 1U << 16;
inline constexpr u32 kOrdersLimit = 1U << 26;
inline constexpr u32 kLevelsLimit = 1U << 26;

/// What a constructor asserts.
constexpr bool is_valid(const BookConfig& c) noexcept {
  return c.instruments_max >= 1 && c.instruments_max <= kInstrumentsLimit && c.orders_max >= 1 &&
         c.orders_max <= kOrdersLimit && c.levels_max >= 1 && c.levels_max <= kLevelsLimit;
}

/// A price an order can rest at.
constexpr bool is_book_price(u32 price) noexcept { return price != 0 && price != kMarketPrice; }
/// A book has two sides; a short sale rests on the sell side under kSell.
constexpr bool is_book_side(Side side) noexcept {
  return side == Side::kBuy || side == Side::kSell;
}

/// The books of many instruments. Checks are made in this order, and the first that fails is the
/// answer: instrument in range, quantity/price/side valid, reference live (or, to add, not live),
/// instrument is the order's own, quantity not above the remainder, new reference not live,
/// capacity.
///
/// * `execute` and `reduce` take quantity off an order, which leaves the book at zero; they differ
/// in
///   meaning only. Time priority is kept.
/// * `replace` ends `old_ref` and puts `new_ref` at the back of its queue, same side; `new_ref`
/// must not
///   be live, not even as `old_ref`. It never fails for capacity that its own removal frees.
/// * `levels` and `queue` copy as many as fit, best price or oldest order first, and return that
/// count.
/// * `bbo` of an instrument out of range is empty.
template <class B>
concept OrderBooks = std::constructible_from<B, const BookConfig&> &&
    requires(B b, const B& c, u16 instrument, u64 ref, Side side, u32 price, u32 qty,
             std::span<Level> levels, std::span<QueuedOrder> orders) {
  { b.add(instrument, ref, side, price, qty) }
  noexcept->std::same_as<BookChange>;
  { b.execute(instrument, ref, qty) }
  noexcept->std::same_as<BookChange>;
  { b.reduce(instrument, ref, qty) }
  noexcept->std::same_as<BookChange>;
  { b.remove(instrument, ref) }
  noexcept->std::same_as<BookChange>;
  { b.replace(instrument, ref, ref, qty, price) }
  noexcept->std::same_as<BookChange>;
  { b.clear(instrument) }
  noexcept;
  { b.clear_all() }
  noexcept;
  { c.bbo(instrument) }
  noexcept->std::same_as<const Bbo&>;
  { c.levels(instrument, side, levels) }
  noexcept->std::same_as<u32>;
  { c.queue(instrument, side, price, orders) }
  noexcept->std::same_as<u32>;
  { c.order_count() }
  noexcept->std::same_as<u32>;
  { c.level_count() }
  noexcept->std::same_as<u32>;
};

}  // namespace tradsys::book
