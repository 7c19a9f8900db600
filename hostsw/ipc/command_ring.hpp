#pragma once
// Operators' commands to a running dataplane, one at a time in order, each answered.
#include <array>
#include <atomic>

#include <tradsys/risk_spec.hpp>

#include "hostsw/ipc/layout.hpp"
#include "hostsw/ipc/shared_file.hpp"
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
};

/// Which row of limits a command is about.
enum class LimitRow : u8 { kAccount, kScope, kInstrument, kPosition };

inline constexpr usize kPayloadBytes = 64;
using Payload = std::array<std::byte, kPayloadBytes>;

/// What is asked, and by whom (for the journal).
struct Command {
  u64 id = 0;  ///< set by the ring: 1, 2, 3, ...
  CommandKind kind = CommandKind::kNone;
  KillScope scope = KillScope::kFirm;  ///< of the switches
  LimitRow row = LimitRow::kAccount;
  LimitScope limit_scope = LimitScope::kFirm;  ///< of LimitRow::kScope
  u8 reserved[3]{};
  u16 index = 0;  ///< of what scope or row names; 0 for the firm; of a position: the account
  u16 instrument = 0;  ///< of a position
  u32 reserved2 = 0;
  Text<40> operator_name;
  Payload payload{};
};
static_assert(sizeof(Command) == 128 && std::is_trivially_copyable_v<Command>);

enum class CommandResult : u8 {
  kPending,
  kDone,  ///< in force, and in the journal
  kRefused,  ///< nothing was done
  kUnknown,
  kSecondPersonNeeded,  ///< noted: takes effect when another operator asks the same, too
  kNotRecorded,  ///< in force, but the journal cannot be written: a restart forgets it
};

/// The dataplane's word on a command.
struct Answer {
  CommandResult result = CommandResult::kPending;
  u32 detail = 0;  ///< orders being canceled; at most kDetailMax
  Payload reply{};  ///< of a command that asks
};

inline constexpr u32 kCommandSlots = 64;
inline constexpr u32 kDetailMax = 0xFF'FFFF;

/// A slot is written by the sender before `head` moves over it, answered by the dataplane before
/// `tail` does, and used again when `head` comes round.
struct CommandSlot {
  std::array<std::atomic<u64>, sizeof(Command) / 8> words;
  std::array<std::atomic<u64>, kPayloadBytes / 8> reply;
  std::atomic<u64> answer;  ///< number of the command (32 bits), result (8), detail (24)
};

struct CommandSections {
  SharedHeader header;
  alignas(kCacheLineBytes) std::atomic<u64> head;  ///< commands sent; written by senders
  alignas(kCacheLineBytes) std::atomic<u64> tail;  ///< commands answered; written by the dataplane
  alignas(kCacheLineBytes) CommandSlot slots[kCommandSlots];
};

inline constexpr Layout kCommandLayout{.magic = 0x3144'4D43'5353'4454,  // "TDSSCMD1" in file order
                                       .version = 3,
                                       .hash = layout_hash({sizeof(CommandSections)}),
                                       .what = "command ring"};

/// The dataplane's end. Polled in the warm path; hot-safe all the same.
class CommandReceiver {
 public:
  /// Creates the file (0600); commands sent to an earlier owner are gone.
  [[nodiscard]] static Result<CommandReceiver> create(const std::filesystem::path& path);

  /// The oldest command not yet answered. False when there is none. Until answer() it stays the
  /// oldest.
  [[nodiscard]] bool poll(Command& out) noexcept;
  /// Answers the command poll() gave; `result` is not kPending.
  void answer(CommandResult result, u32 detail = 0, const Payload& reply = {}) noexcept;
  void heartbeat(Nanos now) noexcept { file_.heartbeat(now); }

 private:
  explicit CommandReceiver(SharedFile file) : file_(std::move(file)) {}
  [[nodiscard]] CommandSections& sections() noexcept;

  SharedFile file_;
  u64 tail_ = 0;
};

/// An operator's end. Several processes may have one: each send holds a lock for its duration.
class CommandSender {
 public:
  [[nodiscard]] static Result<CommandSender> open(const std::filesystem::path& path);

  /// Queues a command; its id. Error when the dataplane is dead, the ring is full, or another
  /// sender is in the middle of sending.
  [[nodiscard]] Result<u64> send(Command command);
  /// What has become of command `id`: kPending until answered, kUnknown when its slot was used
  /// again.
  [[nodiscard]] Answer answer(u64 id) const noexcept;
  [[nodiscard]] Liveness liveness(Nanos now, Nanos heartbeat_limit = kSecond) const noexcept {
    return file_.liveness(now, heartbeat_limit);
  }

 private:
  explicit CommandSender(SharedFile file) : file_(std::move(file)) {}

  SharedFile file_;
};

}  // namespace tradsys::ipc
