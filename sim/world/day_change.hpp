#pragma once
// A simulated appliance goes into its next day: its journal in memory is rolled as the one on disk
// is.
#include <string>
#include <vector>

#include "dataplane/day/day_roll.hpp"
#include "dataplane/journal/memory_journal.hpp"

namespace tradsys::sim {

/// On what venue and dataplane did not agree in a day.
[[nodiscard]] inline std::vector<const char*> disagreements(const engine::EngineCounters& c) {
  std::vector<const char*> found;
  if (c.unknown_reports != 0) found.push_back("orders: the venue reported orders nobody knows");
  if (c.late_executions + c.duplicate_executions + c.untracked_trades != 0)
    found.push_back("orders: executions late, twice or beyond what can be taken back");
  if (c.overfills != 0) found.push_back("orders: the venue traded more than was open");
  if (c.unexpected_reports != 0)
    found.push_back("orders: reports that the order's state does not allow");
  return found;
}

/// Replaces a journal whose day has ended by the next day's. What went wrong; empty when nothing
/// did.
[[nodiscard]] inline std::string roll_journal(dataplane::MemoryJournal& journal,
                                              const dataplane::EdgeConfig& config, u64 ts_ns) {
  const risk::GateConfig gate{static_cast<u32>(config.accounts.size()),
                              config.books.instruments_max};
  dataplane::RollConfig sizes{gate, {config.orders_max, config.trades_max}, {}};
  for (const dataplane::ClientConfig& client : config.clients)
    sizes.clients.push_back({client.protocol, client.fix.requests_max});
  Result<dataplane::DayRoll> roll = dataplane::DayRoll::make(sizes);
  if (!roll) return roll.error().message();
  for (const dataplane::MemoryRecord& record : journal.records()) {
    if (roll.value().replay(record.type, record.seq, record.payload) !=
        engine::ReplayStatus::kApplied)
      return "record " + std::to_string(record.seq) + " does not apply";
  }
  journal.restart();
  const Result<dataplane::RollSummary> summary =
      roll.value().write(ts_ns, [&journal](u16 type, u64 seq, u64 at_ns, Bytes payload) {
        journal.push(type, seq, at_ns, payload);
      });
  return summary ? std::string() : summary.error().message();
}

}  // namespace tradsys::sim
