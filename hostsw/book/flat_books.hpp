#pragma once
// The fast order books: flat tables, no allocation after construction, every operation O(1) but for
// the rare price outside the best 14, which costs O(log n).
//
//   reference -> OrderSlot (order_table.hpp) -> LevelSlot (quantity, count, queue) ; instrument ->
//   Ladder (ladder.hpp) -> LevelSlot ; instrument -> Bbo, kept current by every operation.
//
// A caller that knows the messages ahead hides the cache misses: prefetch() as soon as a reference
// is known, prefetch_linked() some messages later. Both are hints; any argument is allowed.
#include "hostsw/book/book_types.hpp"
#include "hostsw/book/ladder.hpp"
#include "hostsw/book/order_table.hpp"
#include "hostsw/core/prefetch.hpp"

namespace tradsys::book {

/// OrderBooks for the data path. One owner thread.
class FlatBooks {
 public:
  /// Takes all memory; `config` must pass validate().
  explicit FlatBooks(const BookConfig& config);

  BookChange add(u16 instrument, u64 ref, Side side, u32 price, u32 qty) noexcept;
  BookChange execute(u16 instrument, u64 ref, u32 qty) noexcept {
    return take(instrument, ref, qty);
  }
  BookChange reduce(u16 instrument, u64 ref, u32 qty) noexcept {
    return take(instrument, ref, qty);
  }
  BookChange remove(u16 instrument, u64 ref) noexcept;
  BookChange replace(u16 instrument, u64 old_ref, u64 new_ref, u32 qty, u32 price) noexcept;
  void clear(u16 instrument) noexcept;
  void clear_all() noexcept;

  [[nodiscard]] const Bbo& bbo(u16 instrument) const noexcept {
    return bbos_[instrument < config_.instruments_max ? instrument : config_.instruments_max];
  }
  u32 levels(u16 instrument, Side side, std::span<Level> out) const noexcept;
  u32 queue(u16 instrument, Side side, u32 price, std::span<QueuedOrder> out) const noexcept;
  [[nodiscard]] u32 order_count() const noexcept { return order_count_; }
  [[nodiscard]] u32 level_count() const noexcept { return level_count_; }
  /// What bytes() will be: asked before memory is taken.
  [[nodiscard]] static usize bytes_for(const BookConfig& config) noexcept;
  /// Memory of all tables.
  [[nodiscard]] usize bytes() const noexcept {
    return orders_.bytes() + levels_.bytes() + ladders_.bytes() + bbos_.bytes() + deep_.bytes();
  }

  /// First hint: the order's slot, and what the instrument's top of book needs.
  void prefetch(u16 instrument, u64 ref) const noexcept {
    const u32 index = instrument < config_.instruments_max ? instrument : 0;
    prefetch_line(&orders_[orders_.home(ref)]);
    prefetch_line(&bbos_[index]);
    const char* ladder = reinterpret_cast<const char*>(&ladders_[usize{2} * index]);
    for (usize line = 0; line < 4; ++line) prefetch_line(ladder + line * kCacheLineBytes);
  }
  /// Second hint, when the slot has come: the order's level and its neighbours in the queue.
  void prefetch_linked(u64 ref) const noexcept {
    const OrderSlot& order = orders_[orders_.home(ref)];
    prefetch_line(&levels_[order.level]);
    prefetch_line(&orders_[order.prev]);
    prefetch_line(&orders_[order.next]);
  }

 private:
  struct LevelSlot {
    u64 qty;
    u32 order_count;
    u32 head;  // oldest order
    u32 tail;
    u32 next_free;
    u64 reserved;
  };
  static_assert(sizeof(LevelSlot) == 32);
  struct alignas(32) BboSlot : Bbo {};

  static u32 key_of(u8 side, u32 price) noexcept { return side == kBid ? price : ~price; }
  static u32 price_of(u8 side, u32 key) noexcept { return side == kBid ? key : ~key; }
  [[nodiscard]] Ladder& ladder(u16 instrument, u8 side) noexcept {
    return ladders_[usize{2} * instrument + (side == kBid ? 0 : 1)];
  }
  [[nodiscard]] const Ladder& ladder(u16 instrument, u8 side) const noexcept {
    return ladders_[usize{2} * instrument + (side == kBid ? 0 : 1)];
  }

  BookChange take(u16 instrument, u64 ref, u32 qty) noexcept;
  [[nodiscard]] BookStatus check_live(u16 instrument, u32 slot) const noexcept;
  [[nodiscard]] u32 find_or_open_level(u16 instrument, u8 side, u32 price) noexcept;
  BookChange remove_slot(u32 slot) noexcept;
  void append(u32 slot, u32 level) noexcept;
  bool unlink(u32 slot) noexcept;
  bool show_best(u16 instrument, u8 side) noexcept;
  bool refresh_best(u16 instrument, u8 side, u32 price) noexcept;
  void drop_level(u16 instrument, u8 side, u32 price, u32 level) noexcept;
  [[nodiscard]] bool level_available(const OrderSlot& old, u32 price) const noexcept;

  static constexpr u8 kBid = static_cast<u8>(Side::kBuy);

  BookConfig config_;
  OrderTable orders_;
  FixedTable<LevelSlot> levels_;
  FixedTable<Ladder> ladders_;  // bids and asks of each instrument
  FixedTable<BboSlot> bbos_;  // one more, always empty, for instruments out of range
  PriceTreePool deep_;
  u32 free_level_ = 0;  // level 0 is never used
  u32 order_count_ = 0;
  u32 level_count_ = 0;
};
static_assert(OrderBooks<FlatBooks>);

inline BookStatus FlatBooks::check_live(u16 instrument, u32 slot) const noexcept {
  if (slot == OrderTable::kNone) return BookStatus::kUnknownOrder;
  return orders_[slot].instrument == instrument ? BookStatus::kOk : BookStatus::kBadInstrument;
}

// The level at `price`, made when it is not there; 0 when the level table is full.
inline u32 FlatBooks::find_or_open_level(u16 instrument, u8 side, u32 price) noexcept {
  Ladder& prices = ladder(instrument, side);
  const u32 key = key_of(side, price);
  u32 level = prices.find(key, deep_);
  if (level != Ladder::kNoLevel) return level;
  level = free_level_;
  if (level == 0 || !prices.insert(key, level, deep_)) return 0;
  LevelSlot& slot = levels_[level];
  free_level_ = slot.next_free;
  slot = {};
  ++level_count_;
  return level;
}

inline void FlatBooks::append(u32 slot, u32 level) noexcept {
  OrderSlot& order = orders_[slot];
  LevelSlot& at = levels_[level];
  order.level = level;
  order.prev = at.tail;
  order.next = 0;
  (at.tail != 0 ? orders_[at.tail].next : at.head) = slot;
  at.tail = slot;
  at.qty += order.qty;
  ++at.order_count;
}

// Takes the order out of its queue; true when its level is empty now.
inline bool FlatBooks::unlink(u32 slot) noexcept {
  const OrderSlot& order = orders_[slot];
  LevelSlot& at = levels_[order.level];
  (order.prev != 0 ? orders_[order.prev].next : at.head) = order.next;
  (order.next != 0 ? orders_[order.next].prev : at.tail) = order.prev;
  at.qty -= order.qty;
  return --at.order_count == 0;
}

// Copies the best level of one side into the instrument's Bbo.
inline bool FlatBooks::show_best(u16 instrument, u8 side) noexcept {
  const Ladder& prices = ladder(instrument, side);
  const u32 key = prices.best_key();
  Bbo& bbo = bbos_[instrument];
  u32& price = side == kBid ? bbo.bid_price : bbo.ask_price;
  u64& qty = side == kBid ? bbo.bid_qty : bbo.ask_qty;
  const u32 new_price = key == 0 ? 0 : price_of(side, key);
  const u64 new_qty = key == 0 ? 0 : levels_[prices.best_level()].qty;
  const bool changed = price != new_price || qty != new_qty;
  price = new_price;
  qty = new_qty;
  return changed;
}

// After a change at `price`: true when the Bbo shows something else than before.
inline bool FlatBooks::refresh_best(u16 instrument, u8 side, u32 price) noexcept {
  const Bbo& bbo = bbos_[instrument];
  const u32 shown = side == kBid ? bbo.bid_price : bbo.ask_price;
  if (shown != 0 && key_of(side, price) < key_of(side, shown)) return false;
  return show_best(instrument, side);
}

inline void FlatBooks::drop_level(u16 instrument, u8 side, u32 price, u32 level) noexcept {
  ladder(instrument, side).erase(key_of(side, price), deep_);
  levels_[level].next_free = free_level_;
  free_level_ = level;
  --level_count_;
}

inline BookChange FlatBooks::add(u16 instrument, u64 ref, Side side, u32 price, u32 qty) noexcept {
  if (instrument >= config_.instruments_max) return {.status = BookStatus::kBadInstrument};
  if (qty == 0 || !is_book_price(price) || !is_book_side(side))
    return {.status = BookStatus::kInvalid};
  if (orders_.find(ref) != OrderTable::kNone) return {.status = BookStatus::kDuplicateOrder};
  if (order_count_ == config_.orders_max) return {.status = BookStatus::kNoCapacity};
  const u8 side_code = static_cast<u8>(side);
  const u32 level = find_or_open_level(instrument, side_code, price);
  if (level == 0) return {.status = BookStatus::kNoCapacity};
  const u32 slot = orders_.place(ref, side_code);
  OrderSlot& order = orders_[slot];
  order.qty = qty;
  order.price = price;
  order.instrument = instrument;
  append(slot, level);
  ++order_count_;
  return {BookStatus::kOk, instrument, side, refresh_best(instrument, side_code, price),
          price,           qty};
}

inline BookChange FlatBooks::take(u16 instrument, u64 ref, u32 qty) noexcept {
  if (instrument >= config_.instruments_max) return {.status = BookStatus::kBadInstrument};
  if (qty == 0) return {.status = BookStatus::kInvalid};
  const u32 slot = orders_.find(ref);
  if (const BookStatus s = check_live(instrument, slot); s != BookStatus::kOk) return {.status = s};
  OrderSlot& order = orders_[slot];
  if (qty > order.qty) return {.status = BookStatus::kExcessQuantity};
  if (qty == order.qty) return remove_slot(slot);
  order.qty -= qty;
  levels_[order.level].qty -= qty;
  const bool changed = refresh_best(instrument, order.side, order.price);
  return {BookStatus::kOk, instrument, Side{order.side}, changed, order.price, qty};
}

inline BookChange FlatBooks::remove(u16 instrument, u64 ref) noexcept {
  if (instrument >= config_.instruments_max) return {.status = BookStatus::kBadInstrument};
  const u32 slot = orders_.find(ref);
  if (const BookStatus s = check_live(instrument, slot); s != BookStatus::kOk) return {.status = s};
  return remove_slot(slot);
}

inline BookChange FlatBooks::remove_slot(u32 slot) noexcept {
  const OrderSlot& order = orders_[slot];
  const u16 instrument = order.instrument;
  const u8 side = order.side;
  const u32 price = order.price;
  const u32 qty = order.qty;
  if (unlink(slot)) drop_level(instrument, side, price, order.level);
  orders_.release(slot);
  --order_count_;
  return {BookStatus::kOk, instrument, Side{side}, refresh_best(instrument, side, price),
          price,           qty};
}

// Whether an order at `price` finds a level once `old` is gone.
inline bool FlatBooks::level_available(const OrderSlot& old, u32 price) const noexcept {
  const bool alone = levels_[old.level].order_count == 1;
  if ((alone || free_level_ != 0) && deep_.has_room()) return true;
  if (old.price == price) return !alone;
  return ladder(old.instrument, old.side).find(key_of(old.side, price), deep_) != Ladder::kNoLevel;
}

inline BookChange FlatBooks::replace(u16 instrument, u64 old_ref, u64 new_ref, u32 qty,
                                     u32 price) noexcept {
  if (instrument >= config_.instruments_max) return {.status = BookStatus::kBadInstrument};
  if (qty == 0 || !is_book_price(price)) return {.status = BookStatus::kInvalid};
  const u32 slot = orders_.find(old_ref);
  if (const BookStatus s = check_live(instrument, slot); s != BookStatus::kOk) return {.status = s};
  if (orders_.find(new_ref) != OrderTable::kNone) return {.status = BookStatus::kDuplicateOrder};
  if (!level_available(orders_[slot], price)) return {.status = BookStatus::kNoCapacity};
  const Side side{orders_[slot].side};
  const Bbo before = bbos_[instrument];
  remove_slot(slot);
  const BookChange added = add(instrument, new_ref, side, price, qty);
  TRADSYS_ASSERT(added.status == BookStatus::kOk);
  return {BookStatus::kOk, instrument, side, before != bbos_[instrument], price, qty};
}

}  // namespace tradsys::book
