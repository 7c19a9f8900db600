#include "control/cli/view/snapshot.hpp"

#include <array>
#include <utility>

namespace tradsys::cli {
namespace {

template <usize kCount, class Enum>
std::string_view pick(const std::array<std::string_view, kCount>& names, Enum value) noexcept {
  const auto index = static_cast<usize>(value);
  return index < kCount ? names[index] : "?";
}

void count_instruments(const ipc::StatusReader& reader, Snapshot& snapshot) {
  InstrumentTotals& totals = snapshot.instruments;
  ipc::InstrumentStatus status;
  bool all_readable = true;
  for (u32 i = 0; i < reader.instruments(); ++i) {
    if (!reader.instrument(i, status)) {
      all_readable = false;
      continue;
    }
    if (!is_used(status)) continue;
    ++totals.count;
    totals.trading += status.state == ipc::TradingState::kTrading ? 1 : 0;
    totals.stale += status.stale;
    totals.killed += status.killed;
    totals.quoted += status.bid_price != 0 || status.ask_price != 0 ? 1 : 0;
  }
  if (!all_readable) snapshot.unreadable.emplace_back("instruments");
}

}  // namespace

Snapshot take_snapshot(const ipc::StatusReader& reader, std::string instance) {
  Snapshot s;
  s.instance = std::move(instance);
  s.taken = ipc::monotonic_now();
  s.liveness = reader.liveness(s.taken);
  s.heartbeat_age = s.taken - reader.last_heartbeat();
  s.pid = reader.owner_pid();
  s.beats = reader.beats();
  const auto expect = [&s](bool read, const char* section, u32 index) {
    if (!read) s.unreadable.push_back(section + ("[" + std::to_string(index) + "]"));
    return read;
  };
  if (!reader.process(s.process)) s.unreadable.emplace_back("process");
  if (!reader.orders(s.orders)) s.unreadable.emplace_back("orders");
  ipc::FeedStatus feed;
  for (u32 i = 0; i < ipc::kFeedsMax; ++i)
    if (expect(reader.feed(i, feed), "feeds", i) && feed.present != 0) s.feeds.push_back({i, feed});
  ipc::StageLatency stage;
  for (u32 i = 0; i < ipc::kStagesMax; ++i)
    if (expect(reader.stage(i, stage), "stages", i) && stage.name.text[0] != '\0')
      s.stages.push_back(stage);
  ipc::SessionStatus session;
  for (u32 i = 0; i < ipc::kSessionsMax; ++i)
    if (expect(reader.session(i, session), "sessions", i) &&
        session.kind != ipc::SessionKind::kNone)
      s.sessions.push_back(session);
  count_instruments(reader, s);
  return s;
}

bool is_used(const ipc::InstrumentStatus& status) noexcept {
  return !(status.symbol == Symbol{}) && status.symbol.word() != 0;
}

std::string_view name_of(ipc::ProcessState state) noexcept {
  static constexpr std::array<std::string_view, 5> kNames{"starting", "recovering", "running",
                                                          "stopping", "failed"};
  return pick(kNames, state);
}

std::string_view name_of(ipc::SessionKind kind) noexcept {
  static constexpr std::array<std::string_view, 4> kNames{"none", "venue", "client", "drop_copy"};
  return pick(kNames, kind);
}

std::string_view name_of(ipc::SessionState state) noexcept {
  static constexpr std::array<std::string_view, 5> kNames{"down", "connecting", "logging_in", "up",
                                                          "stopped"};
  return pick(kNames, state);
}

std::string_view name_of(ipc::TradingState state) noexcept {
  static constexpr std::array<std::string_view, 6> kNames{"unknown", "trading", "halted",
                                                          "paused",  "closed",  "quoting"};
  return pick(kNames, state);
}

std::string_view state_of(const ipc::FeedStatus& feed) noexcept {
  if (feed.frozen != 0) return "frozen";
  if (feed.stale != 0) return "stale";
  return feed.ended != 0 ? "ended" : "live";
}

}  // namespace tradsys::cli
