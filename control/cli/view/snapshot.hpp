#pragma once
// Everything the status region says, read once.
#include <string>
#include <vector>

#include "hostsw/ipc/status_region.hpp"

namespace tradsys::cli {

/// One feed with the place it has in the region.
struct FeedEntry {
  u32 index = 0;
  ipc::FeedStatus status;
};

/// Whether a place of the region describes an instrument: places nobody has filled have no name.
[[nodiscard]] bool is_used(const ipc::InstrumentStatus& status) noexcept;

/// How many instruments are in which condition.
struct InstrumentTotals {
  u64 count = 0;  ///< places in use
  u64 trading = 0;
  u64 stale = 0;
  u64 killed = 0;
  u64 quoted = 0;  ///< with a bid or an ask
};

/// Each record is whole; records are read one after the other, so sums over several of them may be
/// a moment apart.
struct Snapshot {
  std::string instance;  ///< the name it was asked for by
  Nanos taken{};  ///< ipc::monotonic_now()
  ipc::Liveness liveness = ipc::Liveness::kDead;
  Nanos heartbeat_age{};  ///< negative: the file stems from before the host's last start
  u32 pid = 0;
  u64 beats = 0;
  ipc::ProcessStatus process;
  std::vector<FeedEntry> feeds;  ///< those in use
  ipc::OrderStatus orders;
  std::vector<ipc::StageLatency> stages;  ///< those with a name
  std::vector<ipc::SessionStatus> sessions;  ///< those in use
  InstrumentTotals instruments;
  std::vector<std::string> unreadable;  ///< sections whose writer died in the middle of writing

  [[nodiscard]] bool live() const noexcept { return liveness == ipc::Liveness::kAlive; }
};

[[nodiscard]] Snapshot take_snapshot(const ipc::StatusReader& reader, std::string instance);

[[nodiscard]] std::string_view name_of(ipc::ProcessState state) noexcept;
[[nodiscard]] std::string_view name_of(ipc::SessionKind kind) noexcept;
[[nodiscard]] std::string_view name_of(ipc::SessionState state) noexcept;
[[nodiscard]] std::string_view name_of(ipc::TradingState state) noexcept;
/// "live", "stale", "frozen" or "ended": the gravest that holds.
[[nodiscard]] std::string_view state_of(const ipc::FeedStatus& feed) noexcept;

}  // namespace tradsys::cli
