#pragma once
// The requests of one FIX client by ClOrdID and by reference, in fixed memory: what an order's
// identifiers, quantities and state are as FIX tells them. A function of journal records.
#include <algorithm>
#include <string_view>
#include <vector>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/fixed_map.hpp"
#include "hostsw/core/symbol.hpp"
#include "hostsw/orders/fix_events.hpp"

namespace tradsys::dataplane {

/// OrdStatus (39) as FIX spells it.
namespace fix_status {
inline constexpr char kNew = '0';
inline constexpr char kPartlyFilled = '1';
inline constexpr char kFilled = '2';
inline constexpr char kDoneForDay = '3';
inline constexpr char kCanceled = '4';
inline constexpr char kReplaced = '5';
inline constexpr char kPendingCancel = '6';
inline constexpr char kRejected = '8';
inline constexpr char kPendingNew = 'A';
inline constexpr char kExpired = 'C';
inline constexpr char kPendingReplace = 'E';
}  // namespace fix_status

/// A D, G or F. A replace that succeeds is the order from then on.
struct FixOrder {
  u64 order_number = 0;  ///< OrderID (37); 0: none yet
  u64 value = 0;  ///< sum of price times quantity of what traded
  Symbol symbol;
  u32 client_ref = 0;
  u32 target_ref = 0;  ///< G, F: the order that was meant
  u32 replaced_by = 0;  ///< reference; 0: it is the last version
  u32 pending_replace = 0;  ///< reference of a G without an answer
  u32 pending_cancel = 0;  ///< reference of an F without an answer
  u32 price = 0;
  u32 qty = 0;
  u32 cum_qty = 0;
  u32 leaves_qty = 0;
  char request = 'D';
  char side = '1';
  char ord_type = '2';
  char tif = '0';
  char status = fix_status::kPendingNew;
  u8 id_bytes = 0;
  orders::FixIdText id_text{};

  [[nodiscard]] std::string_view id() const noexcept { return {id_text.data(), id_bytes}; }
  /// It may still trade, or waits for an answer.
  [[nodiscard]] bool live() const noexcept {
    return status == fix_status::kPendingNew || status == fix_status::kNew ||
           status == fix_status::kPartlyFilled;
  }
};

/// What the next day's journal keeps of an order that outlives its day.
[[nodiscard]] inline orders::FixCarriedOrderEvent carried(const FixOrder& order, u16 session,
                                                          u64 ts_ns) noexcept {
  return {.ts_ns = ts_ns,
          .order_number = order.order_number,
          .value = order.value,
          .symbol = order.symbol.word(),
          .client_ref = order.client_ref,
          .price = order.price,
          .qty = order.qty,
          .cum_qty = order.cum_qty,
          .leaves_qty = order.leaves_qty,
          .session = session,
          .side = order.side,
          .ord_type = order.ord_type,
          .tif = order.tif,
          .status = order.status,
          .id_bytes = order.id_bytes,
          .id = order.id_text};
}

/// The newest requests push out the oldest that are over.
class FixOrderTable {
 public:
  /// `by_id`: ClOrdIDs are unique and can be looked up.
  explicit FixOrderTable(u32 capacity, bool by_id = true)
      : orders_(capacity), by_ref_(capacity), by_id_(by_id ? capacity : 0), has_ids_(by_id) {}

  [[nodiscard]] FixOrder* find(u32 client_ref) noexcept { return at(by_ref_.find(client_ref)); }
  /// By ClOrdID; nullptr when it is not known, or not any more.
  [[nodiscard]] FixOrder* find_id(std::string_view id) noexcept {
    FixOrder* found = id.empty() ? nullptr : at(by_id_.find(hash_of(id)));
    return found != nullptr && found->id() == id ? found : nullptr;
  }
  /// A place for `client_ref`, which is not there yet; nullptr, and nothing changed, when all are
  /// live: what is not done is not in the journal either.
  [[nodiscard]] FixOrder* insert(u32 client_ref) noexcept {
    u32 slot = next_;
    for (usize tries = 0; tries < orders_.size(); ++tries, slot = after(slot)) {
      FixOrder& order = orders_[slot];
      if (order.client_ref != 0 && order.live()) continue;
      if (order.client_ref != 0) forget(order);
      order = {};
      order.client_ref = client_ref;
      TRADSYS_ASSERT(by_ref_.insert(client_ref, slot));
      next_ = after(slot);
      return &order;
    }
    return nullptr;
  }
  /// An order of the day before. False when there is no place for it, or its identifier is taken.
  bool carry(const orders::FixCarriedOrderEvent& e) noexcept {
    if (e.client_ref == 0 || e.id_bytes > e.id.size() || find(e.client_ref) != nullptr)
      return false;
    FixOrder* order = insert(e.client_ref);
    if (order == nullptr) return false;
    order->order_number = e.order_number;
    order->value = e.value;
    std::memcpy(order->symbol.text, &e.symbol, sizeof e.symbol);
    order->price = e.price;
    order->qty = e.qty;
    order->cum_qty = e.cum_qty;
    order->leaves_qty = e.leaves_qty;
    order->side = e.side;
    order->ord_type = e.ord_type;
    order->tif = e.tif;
    order->status = e.status;
    return e.id_bytes == 0 || name(*order, {e.id.data(), e.id_bytes});
  }
  /// False when another request has the identifier.
  bool name(FixOrder& order, std::string_view id) noexcept {
    TRADSYS_ASSERT(order.id_bytes == 0 && id.size() <= order.id_text.size());
    const u32 slot = static_cast<u32>(&order - orders_.data());
    if (has_ids_ && !by_id_.insert(hash_of(id), slot)) return false;
    std::ranges::copy(id, order.id_text.begin());
    order.id_bytes = static_cast<u8>(id.size());
    return true;
  }
  template <class Visit>
  void for_each(Visit&& visit) noexcept {
    for (FixOrder& order : orders_) {
      if (order.client_ref != 0) visit(order);
    }
  }

 private:
  [[nodiscard]] u32 after(u32 slot) const noexcept {
    return slot + 1 == orders_.size() ? 0 : slot + 1;
  }
  [[nodiscard]] FixOrder* at(u32 slot) noexcept {
    return slot == FixedMap::kNone ? nullptr : &orders_[slot];
  }
  void forget(const FixOrder& order) noexcept {
    by_ref_.erase(order.client_ref);
    if (has_ids_ && order.id_bytes != 0) by_id_.erase(hash_of(order.id()));
  }
  /// FNV-1a; never 0, which the map does not take.
  static u64 hash_of(std::string_view id) noexcept {
    u64 hash = 0xCBF2'9CE4'8422'2325;
    for (const char c : id) hash = (hash ^ static_cast<u8>(c)) * 0x100'0000'01B3;
    return hash == 0 ? 1 : hash;
  }

  std::vector<FixOrder> orders_;
  FixedMap by_ref_;
  FixedMap by_id_;
  bool has_ids_;
  u32 next_ = 0;
};

}  // namespace tradsys::dataplane
