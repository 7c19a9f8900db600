#include "hostsw/ipc/command_ring.hpp"

#include <cstring>
#include <new>

#include "hostsw/core/contract.hpp"

namespace tradsys::ipc {
namespace {

constexpr u32 kSenderByte = 1;

/// The command's number stands in its answer, so that a slot used again is recognised by one load.
constexpr u64 answer_word(u64 id, CommandResult result, u32 detail) noexcept {
  return (id << 32) | (static_cast<u64>(result) << 24) |
         (detail < kDetailMax ? detail : kDetailMax);
}

template <class Sections, class Byte>
Sections& sections_of(Byte* data) noexcept {
  return *std::launder(reinterpret_cast<Sections*>(data));
}

void store_command(CommandSlot& slot, const Command& command) noexcept {
  std::array<u64, sizeof(Command) / 8> words;
  std::memcpy(words.data(), &command, sizeof command);
  for (usize i = 0; i < words.size(); ++i) slot.words[i].store(words[i], std::memory_order_relaxed);
}

Command load_command(const CommandSlot& slot) noexcept {
  std::array<u64, sizeof(Command) / 8> words;
  for (usize i = 0; i < words.size(); ++i) words[i] = slot.words[i].load(std::memory_order_relaxed);
  Command command;
  std::memcpy(static_cast<void*>(&command), words.data(), sizeof command);
  return command;
}

}  // namespace

Result<CommandReceiver> CommandReceiver::create(const std::filesystem::path& path) {
  Result<SharedFile> file =
      SharedFile::create(path, kCommandLayout, sizeof(CommandSections), kCommandSlots);
  if (!file) return file.error();
  if (Status published = file.value().publish(); !published) return published.error();
  return CommandReceiver(std::move(file).value());
}

CommandSections& CommandReceiver::sections() noexcept {
  return sections_of<CommandSections>(file_.data());
}

bool CommandReceiver::poll(Command& out) noexcept {
  if (sections().head.load(std::memory_order_acquire) == tail_) return false;
  out = load_command(sections().slots[tail_ % kCommandSlots]);
  out.id = tail_ + 1;
  return true;
}

void CommandReceiver::answer(CommandResult result, u32 detail, const Payload& reply) noexcept {
  TRADSYS_ASSERT(result != CommandResult::kPending);
  TRADSYS_ASSERT(sections().head.load(std::memory_order_acquire) != tail_);
  CommandSlot& slot = sections().slots[tail_ % kCommandSlots];
  for (usize i = 0; i < slot.reply.size(); ++i) {
    u64 word = 0;
    std::memcpy(&word, &reply[i * sizeof word], sizeof word);
    slot.reply[i].store(word, std::memory_order_relaxed);
  }
  slot.answer.store(answer_word(++tail_, result, detail), std::memory_order_relaxed);
  sections().tail.store(tail_, std::memory_order_release);
}

Result<CommandSender> CommandSender::open(const std::filesystem::path& path) {
  Result<SharedFile> file = SharedFile::open(path, kCommandLayout, SharedFile::Access::kReadWrite);
  if (!file) return file.error();
  if (file.value().size() != sizeof(CommandSections))
    return Error{path.string(), "the size does not fit a command ring",
                 "restart the process that owns it"};
  return CommandSender(std::move(file).value());
}

Result<u64> CommandSender::send(Command command) {
  if (file_.liveness({}, kSecond) == Liveness::kDead)
    return Error{file_.path(), "the dataplane is not running",
                 "start it, then send the command again"};
  if (!file_.try_lock(kSenderByte))
    return Error{file_.path(), "another operator is sending a command", "send it again"};
  auto& sections = sections_of<CommandSections>(file_.data());
  const u64 head = sections.head.load(std::memory_order_acquire);
  const bool room = head - sections.tail.load(std::memory_order_acquire) < kCommandSlots;
  if (room) {
    command.id = head + 1;
    store_command(sections.slots[head % kCommandSlots], command);
    sections.head.store(head + 1, std::memory_order_release);
  }
  file_.unlock(kSenderByte);
  if (room) return command.id;
  return Error{file_.path(),
               "the dataplane does not answer: " + std::to_string(kCommandSlots) + " commands wait",
               "check its status; if it is stalled, stop it"};
}

Answer CommandSender::answer(u64 id) const noexcept {
  const auto& sections = sections_of<const CommandSections>(file_.data());
  Answer answer{.result = CommandResult::kUnknown};
  if (id == 0 || id > sections.head.load(std::memory_order_acquire)) return answer;
  if (id > sections.tail.load(std::memory_order_acquire)) return {};
  const CommandSlot& slot = sections.slots[(id - 1) % kCommandSlots];
  for (usize i = 0; i < slot.reply.size(); ++i) {
    const u64 word = slot.reply[i].load(std::memory_order_relaxed);
    std::memcpy(&answer.reply[i * sizeof word], &word, sizeof word);
  }
  std::atomic_thread_fence(std::memory_order_acquire);
  const u64 word = slot.answer.load(std::memory_order_relaxed);
  if (word >> 32 != (id & 0xFFFF'FFFFU)) return answer;  // its slot is in use again
  answer.result = static_cast<CommandResult>((word >> 24) & 0xFFU);
  answer.detail = static_cast<u32>(word & kDetailMax);
  return answer;
}

}  // namespace tradsys::ipc
