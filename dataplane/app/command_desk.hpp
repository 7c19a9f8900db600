#pragma once
// Carries out operators' commands, one at a time, in the edge tile's housekeeping. A kill is in
// force at once; it is answered when the journal holds it, so that "done" survives any crash.
#include <optional>

#include "dataplane/edge/edge_tile.hpp"
#include "hostsw/ipc/command_ring.hpp"

namespace tradsys::dataplane {

/// `Tile` is an EdgeTile; `Link` its way to the journal.
template <class Tile, class Link>
class CommandDesk {
 public:
  CommandDesk(ipc::CommandReceiver commands, Tile& tile, const Link& link)
      : commands_(std::move(commands)), tile_(tile), link_(link) {}

  void run() noexcept {
    answer_waiting();
    ipc::Command command;
    while (!waiting_ && link_.has_room(1) && commands_.poll(command)) {
      execute(command);
      answer_waiting();
    }
    commands_.heartbeat(ipc::monotonic_now());
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
    const std::optional<KillOrder> order = order_of(command);
    if (order) waiting_ = tile_.kill(*order);
    if (!waiting_) commands_.answer(ipc::CommandResult::kRefused);
  }

  static std::optional<KillOrder> order_of(const ipc::Command& command) noexcept {
    using ipc::CommandKind;
    KillOrder order;
    std::memcpy(order.operator_name.data(), command.operator_name.text, order.operator_name.size());
    switch (command.kind) {
      case CommandKind::kKillFirm:
      case CommandKind::kResumeFirm:
        order.killed = command.kind == CommandKind::kKillFirm;
        return order;
      case CommandKind::kKillAccount:
      case CommandKind::kResumeAccount:
        order.scope = KillScope::kAccount;
        order.index = command.account;
        order.killed = command.kind == CommandKind::kKillAccount;
        return order;
      case CommandKind::kKillInstrument:
      case CommandKind::kResumeInstrument:
        order.scope = KillScope::kInstrument;
        order.index = command.instrument;
        order.killed = command.kind == CommandKind::kKillInstrument;
        return order;
      case CommandKind::kNone:
        break;
    }
    return std::nullopt;
  }

  ipc::CommandReceiver commands_;
  Tile& tile_;
  const Link& link_;
  std::optional<KillOutcome> waiting_;  ///< carried out, not yet answered
};

}  // namespace tradsys::dataplane
