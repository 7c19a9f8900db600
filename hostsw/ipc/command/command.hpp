#pragma once
// Operators' commands to a running dataplane and its word on them.
#include <array>
#include <cstring>
#include <tradsys/risk_spec.hpp>

#include "hostsw/core/random.hpp"
#include "hostsw/ipc/status_types.hpp"

namespace tradsys::ipc {

enum class CommandKind : u16 {
  kNone,
  kKill,  ///< halts a scope and cancels its orders
  kReduceOnly,  ///< lets only reducing orders of a scope pass
  kResume,
  kWhatIf,  ///< payload: OrderRequest; reply: the Verdict it would get
  kReadLimits,  ///< reply: the row in force
  kReadUse,  ///< of a scope; reply: risk::ScopeUse
  kSetLimits,  ///< payload: a row of limits, in force once answered
  kEndDay,  ///< refused while orders live that end with it: detail says how many
  kMassCancel,  ///< payload: orders::MassCancelEvent, whose ts_ns and orders_before do not count
};

/// Which row of limits a command is about.
enum class LimitRow : u8 { kAccount, kScope, kInstrument, kPosition };

inline constexpr usize kPayloadBytes = 64;
using Payload = std::array<std::byte, kPayloadBytes>;

/// What is asked, and by whom (for the journal).
struct Command {
  u64 id = 0;  ///< set by the dataplane: 1, 2, 3, ...
  CommandKind kind = CommandKind::kNone;
  KillScope scope = KillScope::kFirm;  ///< of the switches
  LimitRow row = LimitRow::kAccount;
  LimitScope limit_scope = LimitScope::kFirm;  ///< of LimitRow::kScope
  u8 reserved[3]{};
  u16 index = 0;  ///< of what scope or row names; 0 for the firm; of a position: the account
  u16 instrument = 0;  ///< of a position
  u32 seen = 0;  ///< kSetLimits: mark_of() the row that the operator saw
  Text<40> operator_name;  ///< set by the dataplane, from what the kernel says of the sender
  Payload payload{};
};
static_assert(sizeof(Command) == 128 && std::is_trivially_copyable_v<Command>);

/// Who asks, as the journal keeps it: zero padded.
[[nodiscard]] inline std::array<char, 40> operator_of(const Command& command) noexcept {
  std::array<char, 40> name{};
  std::memcpy(name.data(), command.operator_name.text, name.size());
  return name;
}

/// Tells one state of a row from another: a change is made to the row that its operator saw, or not
/// at all.
[[nodiscard]] inline u32 mark_of(const Payload& row) noexcept {
  u64 mark = 0;
  for (usize at = 0; at < row.size(); at += sizeof mark) {
    u64 word = 0;
    std::memcpy(&word, &row[at], sizeof word);
    mark = mix64(mark ^ word);
  }
  return static_cast<u32>(mark);
}

enum class CommandResult : u8 {
  kPending,
  kDone,  ///< in force, and in the journal
  kRefused,  ///< nothing was done: it names nothing, or what may not be
  kChanged,  ///< nothing was done: the row is not the one that was seen
  kBusy,  ///< nothing was done: the journal has no room
  kSecondPersonNeeded,  ///< noted: takes effect when another operator asks the same, too
  kNotRecorded,  ///< in force, but the journal cannot be written: a restart forgets it
};

/// The dataplane's word on a command.
struct Answer {
  u64 id = 0;  ///< of the command
  CommandResult result = CommandResult::kPending;
  u8 reserved[3]{};
  u32 detail = 0;  ///< orders being canceled; of kEndDay: orders in its way
  Payload reply{};  ///< of a command that asks
};
static_assert(sizeof(Answer) == 80 && std::is_trivially_copyable_v<Answer>);

}  // namespace tradsys::ipc
