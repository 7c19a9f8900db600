#pragma once
// Reading a journal back into whatever rebuilds its state.
#include <filesystem>

#include "dataplane/engine/order_engine.hpp"
#include "hostsw/config/dataplane_config.hpp"
#include "hostsw/journal/reader.hpp"
#include "hostsw/risk/gate.hpp"

namespace tradsys::dataplane {

/// The gate that a configuration needs.
[[nodiscard]] inline risk::GateConfig gate_config(const config::DataplaneConfig& config) {
  u32 accounts = 1;
  for (const config::AccountSettings& account : config.accounts)
    accounts = std::max<u32>(accounts, account.id + 1U);
  return {accounts, config.books.instruments_max};
}

/// Records between two signs of life.
inline constexpr u64 kRecordsPerSignOfLife = 16'384;

/// Applies a journal to a tile-like `target` (replay(type, seq, payload)); `last_ts_ns` becomes the
/// time of the last record, `alive()` is called now and then: a long day takes a while.
template <class Target, class Alive>
Result<journal::Tail> replay_into(Target& target, const std::filesystem::path& dir, u64 until_seq,
                                  u64& last_ts_ns, Alive&& alive) {
  if (!std::filesystem::exists(dir)) return journal::Tail{};
  Result<journal::Reader> reader = journal::Reader::open(dir);
  if (!reader) return reader.error();
  journal::Record record;
  for (;;) {
    const journal::ReadStatus status = reader.value().next(record);
    if (status == journal::ReadStatus::kCorrupt) return reader.value().problem();
    if (status != journal::ReadStatus::kRecord) return reader.value().tail();
    if (until_seq != 0 && record.seq > until_seq) return reader.value().tail();
    last_ts_ns = std::max(last_ts_ns, record.ts_ns);
    if (record.seq % kRecordsPerSignOfLife == 0) alive();
    const engine::ReplayStatus applied = target.replay(record.type, record.seq, record.payload);
    if (applied != engine::ReplayStatus::kApplied) {
      return Error{
          dir.string() + ": record " + std::to_string(record.seq),
          applied == engine::ReplayStatus::kHashDiffers
              ? "the rebuilt state is not the recorded one"
          : applied == engine::ReplayStatus::kVerdictDiffers
              ? "the gate decides otherwise than recorded"
              : "is not a record of this version",
          "start the release that wrote the journal, or move the journal away after reconciling"};
    }
  }
}

}  // namespace tradsys::dataplane
