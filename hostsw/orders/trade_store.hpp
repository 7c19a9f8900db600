#pragma once
// The executions of a day by order and match number, so that one told twice is booked once, and one
// that the venue takes back or corrects later can be undone. Fixed memory; a day's trades are never
// forgotten before it ends.
#include <bit>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/orders/order.hpp"

namespace tradsys::orders {

/// One execution as it was booked, with what identifies its order to the client.
struct Trade {
  u64 order_id = 0;  ///< the order's id when it traded
  u64 match_number = 0;
  u32 qty = 0;
  u32 price = 0;
  u32 client_ref = 0;
  u16 session = 0;
  u16 account = 0;
  u16 instrument = 0;
  Side side = Side::kNone;
  u8 broken = 0;  ///< 1 = the venue took it back
  u8 strategy = 0;
  ClOrdId clordid{};
  u8 reserved[5]{};
};
static_assert(WireRecord<Trade> && sizeof(Trade) == 56);

[[nodiscard]] inline u64 hash_of(const Trade& trade) noexcept {
  const u64 terms = u64{trade.qty} << 32 | trade.price;
  return mix64(mix64(mix64(trade.order_id) + trade.match_number) ^ terms ^ trade.broken);
}

/// At most `capacity` trades. Open addressing at half load; keys are compared whole.
class TradeStore {
 public:
  explicit TradeStore(u32 capacity)
      : mask_(std::bit_ceil(u64{capacity} * 2 + 2) - 1), slots_(mask_ + 1), trades_(capacity) {}

  /// nullptr when there is no such trade.
  [[nodiscard]] const Trade* find(u64 order_id, u64 match_number) const noexcept {
    const u32 number = slots_[slot_of(order_id, match_number)];
    return number == 0 ? nullptr : &trades_[number - 1];
  }
  /// The newest one with this match number for which accept(trade) holds, whatever its order; walks
  /// over all of them, which only a trade that is taken back is worth. nullptr when there is none.
  template <class Accept>
  [[nodiscard]] const Trade* find_number(u64 match_number, Accept&& accept) const noexcept {
    for (u32 i = size_; i-- > 0;)
      if (trades_[i].match_number == match_number && accept(trades_[i])) return &trades_[i];
    return nullptr;
  }
  [[nodiscard]] const Trade* find_number(u64 match_number) const noexcept {
    return find_number(match_number, [](const Trade&) { return true; });
  }
  /// Calls visit(const Trade&) for each, in the order they came.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (u32 i = 0; i < size_; ++i) visit(trades_[i]);
  }
  [[nodiscard]] bool full() const noexcept { return size_ == trades_.size(); }
  [[nodiscard]] u32 size() const noexcept { return size_; }
  /// Sum of hash_of over all trades.
  [[nodiscard]] u64 hash() const noexcept { return hash_; }

  /// Keeps a trade that is not there yet; the store is not full.
  void insert(const Trade& trade) noexcept {
    u32& number = slots_[slot_of(trade.order_id, trade.match_number)];
    TRADSYS_ASSERT(number == 0 && !full());
    trades_[size_] = trade;
    number = ++size_;
    hash_ += hash_of(trade);
  }
  /// New terms for a trade that is there.
  void update(const Trade& trade) noexcept {
    const u32 number = slots_[slot_of(trade.order_id, trade.match_number)];
    TRADSYS_ASSERT(number != 0);
    hash_ += hash_of(trade) - hash_of(trades_[number - 1]);
    trades_[number - 1] = trade;
  }

 private:
  /// Where the trade is, or the free slot where it would be.
  [[nodiscard]] u64 slot_of(u64 order_id, u64 match_number) const noexcept {
    u64 i = mix64(mix64(order_id) + match_number) & mask_;
    for (; slots_[i] != 0; i = (i + 1) & mask_) {
      const Trade& trade = trades_[slots_[i] - 1];
      if (trade.order_id == order_id && trade.match_number == match_number) break;
    }
    return i;
  }

  u64 mask_;
  std::vector<u32> slots_;  ///< number of the trade, from 1; 0 = free
  std::vector<Trade> trades_;
  u32 size_ = 0;
  u64 hash_ = 0;
};

}  // namespace tradsys::orders
