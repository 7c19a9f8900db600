#pragma once
// Keeps an account from trading with itself: what happens to a request that would cross an order of
// the same account that lives here (domain check C15). Pending orders and pending replaces count as
// resting.
#include "hostsw/orders/order_store.hpp"

namespace tradsys::engine {

/// Own orders that one request may cancel; a request that crosses more is refused.
inline constexpr u32 kSelfCancelsMax = 32;

/// What a request crosses.
struct OwnCrossing {
  SelfTrade policy = SelfTrade::kAllow;
  u32 orders = 0;  ///< crossed, counted up to kSelfCancelsMax + 1

  /// The request itself must not go out.
  [[nodiscard]] bool refuses() const noexcept {
    return orders != 0 && (policy != SelfTrade::kCancelOldest || orders > kSelfCancelsMax);
  }
  /// The crossed orders are to be canceled.
  [[nodiscard]] bool cancels() const noexcept {
    return orders != 0 && orders <= kSelfCancelsMax && policy != SelfTrade::kCancelNewest;
  }
};

/// Price at which a request trades at worst.
[[nodiscard]] inline u32 reach_of(const OrderRequest& r) noexcept {
  if (r.order_type != OrderType::kMarket) return r.price;
  return r.side == Side::kBuy ? kNoLimit32 : 0;
}

/// `limits` of the request's account; null when it is not known.
[[nodiscard]] inline OwnCrossing crossing_of(const OrderRequest& r, const AccountLimits* limits,
                                             const orders::OrderStore& store) noexcept {
  OwnCrossing crossing;
  if (limits == nullptr || limits->self_trade == SelfTrade::kAllow) return crossing;
  crossing.policy = limits->self_trade;
  store.for_each_crossing(
      r.account, r.instrument, r.side == Side::kBuy, reach_of(r),
      [&](const orders::Order&) { return ++crossing.orders <= kSelfCancelsMax; });
  return crossing;
}

}  // namespace tradsys::engine
