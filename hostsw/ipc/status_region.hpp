#pragma once
// The window into a running dataplane: it publishes, any number of readers look, nobody waits. The
// file outlives its writer, so that the last state of a dead process can still be read.
#include <span>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/seqlock.hpp"
#include "hostsw/ipc/layout.hpp"
#include "hostsw/ipc/shared_file.hpp"
#include "hostsw/ipc/status_types.hpp"

namespace tradsys::ipc {

/// Everything of fixed size; InstrumentStatus sections follow it in the file.
struct StatusSections {
  SharedHeader header;
  alignas(kCacheLineBytes) SeqLock<ProcessStatus> process;
  alignas(kCacheLineBytes) SeqLock<FeedStatus> feeds[kFeedsMax];
  alignas(kCacheLineBytes) SeqLock<OrderStatus> orders;
  alignas(kCacheLineBytes) SeqLock<StageLatency> stages[kStagesMax];
  alignas(kCacheLineBytes) SeqLock<SessionStatus> sessions[kSessionsMax];
};
/// One instrument on cache lines of its own.
struct alignas(kCacheLineBytes) InstrumentSection {
  SeqLock<InstrumentStatus> status;
};

inline constexpr Layout kStatusLayout{
    .magic = 0x3154'4154'5353'4454,  // "TDSSTAT1" in file order
    .version = 1,
    .hash = layout_hash({sizeof(StatusSections), sizeof(InstrumentSection)}),
    .what = "status region"};

/// The dataplane's side. Every publish is hot-safe: a copy, no allocation, no system call. One
/// thread writes a section.
class StatusWriter {
 public:
  /// Creates the file (0600) for `instruments` instruments. Error when a living process owns it
  /// already.
  [[nodiscard]] static Result<StatusWriter> create(const std::filesystem::path& path,
                                                   u32 instruments);

  void process(const ProcessStatus& status) noexcept { sections().process.store(status); }
  void feed(u32 index, const FeedStatus& status) noexcept {
    at(sections().feeds, index).store(status);
  }
  void orders(const OrderStatus& status) noexcept { sections().orders.store(status); }
  void stage(u32 index, const StageLatency& status) noexcept {
    at(sections().stages, index).store(status);
  }
  void session(u32 index, const SessionStatus& status) noexcept {
    at(sections().sessions, index).store(status);
  }
  void instrument(u32 index, const InstrumentStatus& status) noexcept;
  /// Now and then (warm path), with monotonic_now() or a clock equal to it.
  void heartbeat(Nanos now) noexcept { file_.heartbeat(now); }
  [[nodiscard]] u32 instruments() const noexcept { return instruments_; }

 private:
  StatusWriter(SharedFile file, u32 instruments)
      : file_(std::move(file)), instruments_(instruments) {}
  [[nodiscard]] StatusSections& sections() noexcept;
  template <class T, usize kCount>
  static T& at(T (&items)[kCount], u32 index) noexcept {
    TRADSYS_ASSERT(index < kCount);
    return items[index];
  }

  SharedFile file_;
  u32 instruments_;
};

/// A reader's side; the mapping is read-only. Each getter gives a whole record, or false when none
/// could be had because the writer died in the middle of publishing it.
class StatusReader {
 public:
  [[nodiscard]] static Result<StatusReader> open(const std::filesystem::path& path);

  [[nodiscard]] bool process(ProcessStatus& out) const noexcept {
    return sections().process.load(out);
  }
  [[nodiscard]] bool feed(u32 index, FeedStatus& out) const noexcept {
    return index < kFeedsMax && sections().feeds[index].load(out);
  }
  [[nodiscard]] bool orders(OrderStatus& out) const noexcept { return sections().orders.load(out); }
  [[nodiscard]] bool stage(u32 index, StageLatency& out) const noexcept {
    return index < kStagesMax && sections().stages[index].load(out);
  }
  [[nodiscard]] bool session(u32 index, SessionStatus& out) const noexcept {
    return index < kSessionsMax && sections().sessions[index].load(out);
  }
  [[nodiscard]] bool instrument(u32 index, InstrumentStatus& out) const noexcept;
  [[nodiscard]] u32 instruments() const noexcept {
    return static_cast<u32>(file_.header().item_count);
  }
  /// Index of the instrument with this symbol; instruments() when there is none.
  [[nodiscard]] u32 find(Symbol symbol) const noexcept;

  [[nodiscard]] u32 owner_pid() const noexcept { return file_.header().owner_pid; }
  /// Times the owner has shown that it runs.
  [[nodiscard]] u64 beats() const noexcept {
    return file_.header().beats.load(std::memory_order_acquire);
  }
  /// When it last did, on the clock of monotonic_now().
  [[nodiscard]] Nanos last_heartbeat() const noexcept {
    return {file_.header().heartbeat_ns.load(std::memory_order_relaxed)};
  }
  /// Whether the owner lives; a file replaced by a later owner needs a new open().
  [[nodiscard]] Liveness liveness(Nanos now, Nanos heartbeat_limit = kSecond) const noexcept {
    return file_.liveness(now, heartbeat_limit);
  }

 private:
  explicit StatusReader(SharedFile file) : file_(std::move(file)) {}
  [[nodiscard]] const StatusSections& sections() const noexcept;

  SharedFile file_;
};

}  // namespace tradsys::ipc
