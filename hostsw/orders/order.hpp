#pragma once
// One order on its way through the appliance, from the client's request to its terminal state.
#include <array>
#include <cstring>
#include <string_view>
#include <tradsys/risk_spec.hpp>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/random.hpp"

namespace tradsys::orders {

/// Life of an order. The last three are terminal: an order reaches exactly one of them and stays
/// there.
enum class OrderState : u8 {
  kPendingNew = 0,  ///< sent to the venue, not answered
  kLive = 1,  ///< the venue holds it
  kFilled = 2,  ///< nothing left: the last of it traded
  kCanceled = 3,  ///< nothing left: the last of it was canceled or expired
  kRejected = 4,  ///< never lived: the gate or the venue refused it
};
inline constexpr usize kOrderStateCount = 5;
[[nodiscard]] constexpr bool is_terminal(OrderState s) noexcept { return s >= OrderState::kFilled; }

/// For status output; one word.
[[nodiscard]] constexpr std::string_view name_of(OrderState s) noexcept {
  constexpr std::array<std::string_view, kOrderStateCount> kNames{"pending_new", "live", "filled",
                                                                  "canceled", "rejected"};
  return static_cast<u8>(s) < kNames.size() ? kNames[static_cast<u8>(s)] : "?";
}

/// What cancels on their way to the venue aim at: the order itself, the id of its pending replace,
/// or both where the whole order is meant.
inline constexpr u8 kCancelsCurrent = 1;
inline constexpr u8 kCancelsPending = 2;

/// The client's own identifier of an order, as OUCH 5.0 carries it (14 ASCII bytes, space padded).
using ClOrdId = std::array<char, 14>;

/// In what capacity the client trades, as OUCH spells it: A agency, P principal, R riskless, O
/// other. Passed on to the venue as it came.
inline constexpr char kDefaultCapacity = 'A';

/// Price times quantity as the gate's ledger counts it.
[[nodiscard]] constexpr u64 value_of(u32 price, u32 qty) noexcept {
  const u64 value = u64{price} * qty;
  return value < kValueMax ? value : kValueMax;
}

/// An order in the store. Quantities: qty = cum_qty + leaves_qty + what was canceled so far.
/// `reserved_qty` is what the gate's ledger holds for it: at least leaves_qty, more while a replace
/// that enlarges the order is pending. The pending_* fields describe that replace; pending_order_id
/// 0 = none.
struct Order {
  u64 order_id = 0;  ///< unique per day; the venue knows the order by it
  u64 venue_order_number = 0;  ///< the venue's own number, 0 until accepted
  u64 pending_order_id = 0;
  u64 accepted_ts_ns = 0;
  u32 client_ref = 0;  ///< the client's reference, strictly increasing per session
  u32 pending_client_ref = 0;
  u32 price = 0;  ///< in the instrument's own decimals
  u32 pending_price = 0;
  u32 qty = 0;
  u32 pending_qty = 0;
  u32 cum_qty = 0;
  u32 leaves_qty = 0;
  u32 reserved_qty = 0;
  u32 worst_price = 0;  ///< what the ledger values it at: price, or the top of the collar
  u64 reserved_value = 0;  ///< what the ledger holds for it, of all versions the largest
  u16 session = 0;
  u16 account = 0;
  u16 instrument = 0;
  u8 strategy = 0;
  u8 modify_pending = 0;  ///< 1 = what the venue cancels next is told as a modification
  Side side = Side::kNone;
  OrderType order_type = OrderType::kLimit;
  TimeInForce tif = TimeInForce::kDay;
  OrderState state = OrderState::kPendingNew;
  u8 cancel_pending = 0;  ///< kCancelsCurrent and kCancelsPending, as bits
  char capacity = kDefaultCapacity;
  ClOrdId clordid{};
  ClOrdId pending_clordid{};
  u8 unconfirmed = 0;  ///< 1 = of the day before; the venue has not spoken of it today
  u8 reserved2[5]{};
};
/// What of an order and its pending replace no cancel is on its way for, as bits of cancel_pending.
[[nodiscard]] inline u8 uncanceled(const Order& order) noexcept {
  const u8 pending = order.pending_order_id != 0 ? kCancelsPending : u8{0};
  return static_cast<u8>((kCancelsCurrent | pending) & ~order.cancel_pending);
}

/// Value of what may still trade of an order, pending version included.
[[nodiscard]] inline u64 open_value(const Order& order) noexcept {
  const u64 current = value_of(order.worst_price, order.leaves_qty);
  if (order.pending_order_id == 0 || order.pending_qty <= order.cum_qty) return current;
  const u64 pending = value_of(order.pending_price, order.pending_qty - order.cum_qty);
  return current > pending ? current : pending;
}

static_assert(WireRecord<Order> && sizeof(Order) % 8 == 0);

/// Order-independent part of the state hash: the hashes of all live orders are added up.
[[nodiscard]] inline u64 hash_of(const Order& order) noexcept {
  u64 words[sizeof(Order) / 8];
  std::memcpy(words, &order, sizeof order);
  u64 h = 0x9E3779B97F4A7C15ULL;
  for (const u64 w : words) h = (h ^ w) * 0xD6E8FEB86659FD93ULL + (h >> 29);
  return mix64(h);
}

}  // namespace tradsys::orders
