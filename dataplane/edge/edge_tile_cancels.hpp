#pragma once
// What cancels many orders: see edge_tile.hpp.

namespace tradsys::dataplane {

template <nic::FramePort Port, Clock Clk, class Gate, class Strat, JournalSink Journal>
std::optional<KillOutcome> EdgeTile<Port, Clk, Gate, Strat, Journal>::kill(
    const KillOrder& order) noexcept {
  if (!names_something(order, gate_, market_)) return std::nullopt;
  KillOutcome outcome;
  if (order.state == SwitchState::kHalted) {
    engine_.core().store().for_each([&](const orders::Order& live) {
      outcome.orders += concerns(order, live, gate_) ? 1U : 0U;
    });
  }
  engine_.kill(event_of(order, wall_ns()));
  outcome.seq = engine_.event_seq();
  if (order.state != SwitchState::kHalted) return outcome;
  sweeps_.set_killing();  // for orders that the venue still tells of
  return outcome;
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
  if (ready_since_.v != 0 && !grace_over_ && clock_.now() - ready_since_ >= kRestartGrace) {
    grace_over_ = true;
    for (u16 c = 0; c < desk_.count(); ++c) {
      if (desk_.config(c).cancel_on_disconnect && !desk_.logged_in(c)) sweeps_.set_gone(c, true);
    }
  }
  sweeps_.step([this](const auto& wanted,
                      orders::CancelOrigin origin) { return sweep_step(wanted, origin); },
               [this](const orders::Order& order) {
                 return gate_.killed_by_operator(order.account, order.instrument, order.strategy);
               });
}

}  // namespace tradsys::dataplane
