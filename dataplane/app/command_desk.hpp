#pragma once
// Carries out operators' commands, in their order, in the edge tile's housekeeping. A kill is in
// force at once, however slow the disk is; it is answered when the journal holds it, so that "done"
// survives any crash.
#include <cstring>
#include <optional>
#include <vector>

#include "dataplane/app/limits_desk.hpp"
#include "dataplane/app/release_desk.hpp"
#include "dataplane/edge/edge_tile.hpp"
#include "hostsw/ipc/command/command_queue.hpp"
#include "hostsw/ipc/shared_file.hpp"

namespace tradsys::dataplane {

/// `Tile` is an EdgeTile; `Link` its way to the journal.
template <class Tile, class Link>
class CommandDesk {
 public:
  CommandDesk(ipc::CommandQueue& commands, Tile& tile, const Link& link)
      : commands_(commands), tile_(tile), link_(link), limits_(tile) {
    waiting_.reserve(ipc::kCommandsMax);
  }

  void run() noexcept {
    answer_waiting();
    for (;;) {
      if (!has_next_) has_next_ = commands_.poll(next_);
      if (!has_next_ || (is_kill(next_) && !link_.has_room(1))) break;
      has_next_ = false;
      execute(next_);
    }
    answer_waiting();
  }

 private:
  /// Carried out; answered when the journal holds it.
  struct Waiting {
    u64 id;
    KillOutcome outcome;
  };

  void answer_waiting() noexcept {
    usize done = 0;
    for (; done < waiting_.size(); ++done) {
      const Waiting& w = waiting_[done];
      const bool durable = link_.durable_seq() >= w.outcome.seq;
      if (!durable && !link_.failed()) break;  // those behind it have higher numbers
      answer(w.id, durable ? ipc::CommandResult::kDone : ipc::CommandResult::kNotRecorded,
             w.outcome.orders);
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
  }
  void answer(u64 id, ipc::CommandResult result, u32 detail = 0,
              const ipc::Payload& reply = {}) noexcept {
    commands_.answer({.id = id, .result = result, .detail = detail, .reply = reply});
  }

  void execute(const ipc::Command& command) noexcept {
    if (const std::optional<ipc::Payload> reply = limits_.ask(command))
      return answer(command.id, ipc::CommandResult::kDone, 0, *reply);
    // A kill takes any place that is left, and waits for one; the rest leaves it some.
    if (!is_kill(command) && !link_.has_room(kOperatorReserve))
      return answer(command.id, ipc::CommandResult::kBusy);
    if (command.kind == ipc::CommandKind::kSetLimits) {
      const LimitsChange change = limits_.set(command);
      if (change.seq == 0) return answer(command.id, change.refusal);
      return wait_for(command, {.seq = change.seq});
    }
    if (command.kind == ipc::CommandKind::kEndDay) return end_day(command);
    if (command.kind == ipc::CommandKind::kMassCancel) return mass_cancel(command);
    const std::optional<KillOrder> order = order_of(command);
    if (!order) return answer(command.id, ipc::CommandResult::kRefused);
    if (loosens(*order) && !releases_.second_person(*order, ipc::monotonic_now()))
      return answer(command.id, ipc::CommandResult::kSecondPersonNeeded);
    if (order->state == SwitchState::kHalted) releases_.forget(*order);
    const std::optional<KillOutcome> outcome = tile_.kill(*order);
    if (!outcome) return answer(command.id, ipc::CommandResult::kRefused);
    wait_for(command, *outcome);
  }
  static bool is_kill(const ipc::Command& command) noexcept {
    return command.kind == ipc::CommandKind::kKill;
  }
  void wait_for(const ipc::Command& command, const KillOutcome& outcome) noexcept {
    waiting_.push_back({command.id, outcome});
  }

  void end_day(const ipc::Command& command) noexcept {
    u32 day_orders = 0;
    if (const std::optional<u64> seq = tile_.end_day(ipc::operator_of(command), day_orders))
      return wait_for(command, {.seq = *seq});
    answer(command.id, ipc::CommandResult::kRefused, day_orders);
  }

  void mass_cancel(const ipc::Command& command) noexcept {
    orders::MassCancelEvent what;
    std::memcpy(static_cast<void*>(&what), command.payload.data(), sizeof what);
    const bool sound = what.side <= Side::kSell;
    if (!sound) return answer(command.id, ipc::CommandResult::kRefused);
    if (tile_.mass_cancels_full()) return answer(command.id, ipc::CommandResult::kBusy);
    const std::optional<KillOutcome> outcome = tile_.mass_cancel(what, ipc::operator_of(command));
    if (!outcome) return answer(command.id, ipc::CommandResult::kRefused);
    wait_for(command, *outcome);
  }

  /// Whether the order would let pass what is stopped now, and takes two persons.
  [[nodiscard]] bool loosens(const KillOrder& order) const noexcept {
    if (tile_.release_persons() < 2) return false;
    return order.state < tile_.switch_state(order.scope, order.index);
  }

  static std::optional<KillOrder> order_of(const ipc::Command& command) noexcept {
    using ipc::CommandKind;
    KillOrder order;
    order.operator_name = ipc::operator_of(command);
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
  ipc::Command next_;  ///< to be carried out, where has_next_
  bool has_next_ = false;
  std::vector<Waiting> waiting_;  ///< in the order of their records
};

}  // namespace tradsys::dataplane
