#pragma once
// What operators change: see edge_tile.hpp.

namespace tradsys::dataplane {

template <nic::FramePort Port, Clock Clk, class Gate, class Strat, JournalSink Journal>
template <class Row>
u64 EdgeTile<Port, Clk, Gate, Strat, Journal>::set_limits(
    const Row& row, const std::array<char, 40>& operator_name) noexcept {
  const u64 now = wall_ns();
  rows_.operator_sets(row);
  engine_.note(orders::EventType::kOperator, orders::OperatorEvent{now, operator_name});
  if constexpr (std::same_as<Row, InstrumentLimits>)
    engine_.set(orders::InstrumentEvent{row, market_.symbol_of(row.instrument).word()}, now);
  else
    engine_.set(row, now);
  return engine_.event_seq();
}

}  // namespace tradsys::dataplane
