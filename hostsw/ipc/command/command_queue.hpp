#pragma once
// Commands from the thread that talks to operators to the tile that carries them out, and the
// answers back.
#include "hostsw/core/contract.hpp"
#include "hostsw/core/spsc_ring.hpp"
#include "hostsw/ipc/command/command.hpp"

namespace tradsys::ipc {

/// Commands taken and not yet answered.
inline constexpr u32 kCommandsMax = 64;

/// One thread at either end.
class CommandQueue {
 public:
  // Operators' end.
  /// False while kCommandsMax commands are not answered.
  [[nodiscard]] bool push(const Command& command) noexcept {
    if (unanswered_ == kCommandsMax || !commands_.try_push(command)) return false;
    ++unanswered_;
    return true;
  }
  /// Answers in any order. False when there is none.
  [[nodiscard]] bool pop_answer(Answer& out) noexcept {
    if (!answers_.try_pop(out)) return false;
    --unanswered_;
    return true;
  }
  [[nodiscard]] u32 unanswered() const noexcept { return unanswered_; }

  // The tile's end; hot-safe.
  /// The next command. False when there is none.
  [[nodiscard]] bool poll(Command& out) noexcept { return commands_.try_pop(out); }
  /// Answers a command that poll() gave; `result` is not kPending. In any order.
  void answer(const Answer& answer) noexcept {
    TRADSYS_ASSERT(answer.result != CommandResult::kPending);
    TRADSYS_ASSERT(answers_.try_push(answer));  // as many places as commands
  }

 private:
  SpscRing<Command> commands_{kCommandsMax};
  SpscRing<Answer> answers_{kCommandsMax};
  u32 unanswered_ = 0;  ///< operators' end
};

}  // namespace tradsys::ipc
