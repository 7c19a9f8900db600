#pragma once
// Carries out operators' commands, one at a time, in the edge tile's housekeeping. A kill is in
// force at once; it is answered when the journal holds it, so that "done" survives any crash.
#include <optional>

#include "dataplane/app/limits_desk.hpp"
#include "dataplane/app/release_desk.hpp"
#include "dataplane/edge/edge_tile.hpp"
#include "hostsw/ipc/command_queue.hpp"
#include "hostsw/ipc/shared_file.hpp"

namespace tradsys::dataplane {

/// `Tile` is an EdgeTile; `Link` its way to the journal.
template <class Tile, class Link>
class CommandDesk {
 public:
  CommandDesk(ipc::CommandQueue& commands, Tile& tile, const Link& link)
      : commands_(commands), tile_(tile), link_(link), limits_(tile) {}

  void run() noexcept {
    answer_waiting();
    ipc::Command command;
    while (!waiting_ && link_.has_room(1) && commands_.poll(command)) {
      execute(command);
      answer_waiting();
    }
  }

 private:
  void answer_waiting() noexcept {
    if (!waiting_) return;
    if (link_.durable_seq() >= waiting_->seq)
      commands_.answer(ipc::CommandResult::kDone, waiting_->orders);
    else if (link_.failed())
      commands_.answer(ipc::CommandResult::kNotRecorded, waiting_->orders);
    else
      return;
    waiting_.reset();
  }

  void execute(const ipc::Command& command) noexcept {
    if (command.kind == ipc::CommandKind::kSetLimits) {
      if (const std::optional<u64> seq = limits_.set(command)) waiting_ = KillOutcome{.seq = *seq};
      if (!waiting_) commands_.answer(ipc::CommandResult::kRefused);
      return;
    }
    if (command.kind == ipc::CommandKind::kEndDay) return end_day(command);
    if (const std::optional<ipc::Payload> reply = limits_.ask(command)) {
      commands_.answer(ipc::CommandResult::kDone, 0, *reply);
      return;
    }
    const std::optional<KillOrder> order = order_of(command);
    if (order && loosens(*order) && !releases_.second_person(*order, ipc::monotonic_now())) {
      commands_.answer(ipc::CommandResult::kSecondPersonNeeded);
      return;
    }
    if (order && order->state == SwitchState::kHalted) releases_.forget(*order);
    if (order) waiting_ = tile_.kill(*order);
    if (!waiting_) commands_.answer(ipc::CommandResult::kRefused);
  }

  void end_day(const ipc::Command& command) noexcept {
    u32 day_orders = 0;
    if (const std::optional<u64> seq = tile_.end_day(name_of(command), day_orders))
      waiting_ = KillOutcome{.seq = *seq};
    else
      commands_.answer(ipc::CommandResult::kRefused, day_orders);
  }

  /// Whether the order would let pass what is stopped now, and takes two persons.
  [[nodiscard]] bool loosens(const KillOrder& order) const noexcept {
    if (tile_.release_persons() < 2) return false;
    return order.state < tile_.switch_state(order.scope, order.index);
  }

  static std::array<char, 40> name_of(const ipc::Command& command) noexcept {
    std::array<char, 40> name{};
    std::memcpy(name.data(), command.operator_name.text, name.size());
    return name;
  }
  static std::optional<KillOrder> order_of(const ipc::Command& command) noexcept {
    using ipc::CommandKind;
    KillOrder order;
    order.operator_name = name_of(command);
    order.scope = command.scope;
    order.index = command.index;
    switch (command.kind) {
      case CommandKind::kKill:
        return order;
      case CommandKind::kReduceOnly:
        order.state = SwitchState::kReduceOnly;
        return order;
      case CommandKind::kResume:
        order.state = SwitchState::kActive;
        return order;
      default:
        break;
    }
    return std::nullopt;
  }

  ipc::CommandQueue& commands_;
  Tile& tile_;
  const Link& link_;
  LimitsDesk<Tile> limits_;
  ReleaseDesk releases_;
  std::optional<KillOutcome> waiting_;  ///< carried out, not yet answered
};

}  // namespace tradsys::dataplane
