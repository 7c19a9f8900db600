#pragma once
// What an operator asks of a kill switch, and which orders it is about.
#include <array>

#include <tradsys/risk_spec.hpp>

#include "hostsw/orders/events.hpp"
#include "hostsw/orders/order_store.hpp"

namespace tradsys::dataplane {

/// Moves the switch of one scope.
struct KillOrder {
  KillScope scope = KillScope::kFirm;
  u16 index = 0;  ///< of what the scope names; 0 for the firm
  SwitchState state = SwitchState::kHalted;
  std::array<char, 40> operator_name{};
};

[[nodiscard]] inline orders::KillEvent event_of(const KillOrder& order, u64 ts_ns) noexcept {
  return {.ts_ns = ts_ns,
          .index = order.index,
          .scope = order.scope,
          .state = order.state,
          .operator_name = order.operator_name};
}

/// What became of it: in force now, and after any crash once event `seq` is durable.
struct KillOutcome {
  u64 seq = 0;
  u32 orders = 0;  ///< live orders in its scope, being canceled
};

/// Whether there is what the order names. `Gate` knows the rows in force, `Market` the instruments.
template <class Gate, class Market>
[[nodiscard]] bool names_something(const KillOrder& order, const Gate& gate,
                                   const Market& market) noexcept {
  switch (order.scope) {
    case KillScope::kFirm:
      return order.index == 0;
    case KillScope::kAccount:
      return gate.account_limits(order.index) != nullptr;
    case KillScope::kInstrument:
      return market.limits_known(order.index);
    case KillScope::kClient:
      return gate.scope_limits(LimitScope::kClient, order.index) != nullptr;
    case KillScope::kStrategy:
      return gate.scope_limits(LimitScope::kStrategy, order.index) != nullptr;
  }
  return false;
}

/// Whether a live order lies in the scope.
template <class Gate>
[[nodiscard]] bool concerns(const KillOrder& order, const orders::Order& live,
                            const Gate& gate) noexcept {
  switch (order.scope) {
    case KillScope::kFirm:
      return true;
    case KillScope::kAccount:
      return live.account == order.index;
    case KillScope::kInstrument:
      return live.instrument == order.index;
    case KillScope::kClient: {
      const AccountLimits* limits = gate.account_limits(live.account);
      return limits != nullptr && limits->client == order.index;
    }
    case KillScope::kStrategy:
      return live.strategy == order.index;
  }
  return false;
}

/// Live orders in the scope.
template <class Gate>
[[nodiscard]] u32 count_concerned(const KillOrder& order, const orders::OrderStore& store,
                                  const Gate& gate) noexcept {
  u32 count = 0;
  store.for_each(
      [&](const orders::Order& live) { count += concerns(order, live, gate) ? 1U : 0U; });
  return count;
}

}  // namespace tradsys::dataplane
