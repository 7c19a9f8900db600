#pragma once
// What the order engine holds against a request beside the gate's checks, and how both make one
// verdict: whoever refuses, the first reason by priority is named.
#include <bit>

#include "dataplane/engine/reports.hpp"

namespace tradsys::engine {

/// The bit of a verdict that stands for `reason`.
[[nodiscard]] constexpr u64 bit_of(RejectReason reason) noexcept {
  return u64{1} << static_cast<u8>(reason);
}

/// Checks that hold for an account whatever it asks for: what else the gate says of a replace means
/// nothing where there is no order to replace, for side, instrument and price are the order's.
inline constexpr u64 kChecksOfAccount =
    bit_of(RejectReason::kKill) | bit_of(RejectReason::kUnknownAccount) |
    bit_of(RejectReason::kAccountDisabled) | bit_of(RejectReason::kMessageRate) |
    bit_of(RejectReason::kOrderToTrade);

/// What speaks against replacing `live`, as bits; nullptr: there is no such order.
[[nodiscard]] inline u64 replace_refusals(const ClientRequest& ask,
                                          const orders::Order* live) noexcept {
  if (live == nullptr) return bit_of(RejectReason::kUnknownOrder);
  const bool replaceable = live->state == orders::OrderState::kLive &&
                           live->pending_order_id == 0 && live->cancel_pending == 0 &&
                           ask.qty > live->cum_qty;
  return (ask.tif != live->tif ? bit_of(RejectReason::kUnsupported) : 0) |
         (replaceable ? 0 : bit_of(RejectReason::kUnknownOrder));
}

/// The verdict on a request against which `reasons` (bits, not 0) speak, and what of `gate`, the
/// gate's own, lies within `checks`.
[[nodiscard]] inline Verdict refused_verdict(const Verdict& gate, u64 checks,
                                             u64 reasons) noexcept {
  Verdict v = gate;
  v.fail_bitmap = (gate.fail_bitmap & checks) | reasons;
  v.primary_reason = static_cast<RejectReason>(std::countr_zero(v.fail_bitmap));
  if (v.primary_reason != gate.primary_reason) v.limit_value = v.observed_value = 0;
  return v;
}

}  // namespace tradsys::engine
