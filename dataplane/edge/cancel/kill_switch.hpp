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

/// As above, of a mass cancel; `sessions`: of clients.
template <class Gate, class Market>
[[nodiscard]] bool names_something(const orders::MassCancelEvent& what, usize sessions,
                                   const Gate& gate, const Market& market) noexcept {
  constexpr u16 kAny = orders::MassCancelEvent::kAny;
  const bool session = what.session == kAny || what.session < sessions;
  const bool account = what.account == kAny || gate.account_limits(what.account) != nullptr;
  const bool instrument = what.instrument == kAny || market.limits_known(what.instrument);
  const bool strategy = what.strategy == kAny || what.strategy == 0 ||
                        gate.scope_limits(LimitScope::kStrategy, what.strategy) != nullptr;
  return session && account && instrument && strategy;
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

/// Live orders that a mass cancel names.
[[nodiscard]] inline u32 count_named(const orders::MassCancelEvent& what,
                                     const orders::OrderStore& store) noexcept {
  u32 count = 0;
  store.for_each([&](const orders::Order& live) { count += orders::names(what, live) ? 1U : 0U; });
  return count;
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
