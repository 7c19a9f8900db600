#pragma once
// What cancels many orders: see edge_tile.hpp.

namespace tradsys::dataplane {

template <nic::FramePort Port, Clock Clk, class Gate, class Strat, JournalSink Journal>
std::optional<KillOutcome> EdgeTile<Port, Clk, Gate, Strat, Journal>::kill(
    const KillOrder& order) noexcept {
  if (!names_something(order, gate_, market_)) return std::nullopt;
  KillOutcome outcome;
  if (order.state == SwitchState::kHalted) {
    outcome.orders = count_concerned(order, engine_.core().store(), gate_);
  }
  engine_.kill(event_of(order, wall_ns()));
  outcome.seq = engine_.event_seq();
  if (order.state != SwitchState::kHalted) return outcome;
  sweeps_.set_killing();  // for orders that the venue still tells of
  return outcome;
}

template <nic::FramePort Port, Clock Clk, class Gate, class Strat, JournalSink Journal>
KillOutcome EdgeTile<Port, Clk, Gate, Strat, Journal>::mass_cancel(
    orders::MassCancelEvent what) noexcept {
  TRADSYS_ASSERT(!mass_cancels_full());
  what.ts_ns = wall_ns();
  const orders::MassCancelEvent begun = engine_.mass_cancel(what);
  const KillOutcome outcome{.seq = engine_.event_seq(),
                            .orders = count_named(begun, engine_.core().store())};
  sweep();
  return outcome;
}

template <nic::FramePort Port, Clock Clk, class Gate, class Strat, JournalSink Journal>
std::optional<KillOutcome> EdgeTile<Port, Clk, Gate, Strat, Journal>::mass_cancel(
    const orders::MassCancelEvent& what, const std::array<char, 40>& operator_name) noexcept {
  if (!names_something(what, desk_.count(), gate_, market_)) return std::nullopt;
  engine_.note(orders::EventType::kOperator, orders::OperatorEvent{wall_ns(), operator_name});
  return mass_cancel(what);
}

template <nic::FramePort Port, Clock Clk, class Gate, class Strat, JournalSink Journal>
void EdgeTile<Port, Clk, Gate, Strat, Journal>::on_unknown_execution() noexcept {
  if (!config_.halt_on_unknown_execution || killed()) return;
  constexpr std::string_view kWho = "unknown execution";
  orders::KillEvent halt{.ts_ns = wall_ns()};
  std::ranges::copy(kWho, halt.operator_name.begin());
  engine_.kill(halt);
  sweeps_.set_killing();
}

template <nic::FramePort Port, Clock Clk, class Gate, class Strat, JournalSink Journal>
void EdgeTile<Port, Clk, Gate, Strat, Journal>::sweep() noexcept {
  sweeps_.end_grace(desk_, engine_.core().next_order_id(), clock_.now());
  sweeps_.step(
      clock_.now(),
      [this](const auto& wanted, orders::CancelOrigin origin) {
        return this->sweep_step(wanted, origin);
      },
      [this](const orders::Order& order) {
        return gate_.killed_by_operator(order.account, order.instrument, order.strategy);
      });
}

}  // namespace tradsys::dataplane
