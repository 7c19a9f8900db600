#pragma once
// What the tiles count.
#include "hostsw/telemetry/counters.hpp"

namespace tradsys::telemetry {

/// The edge tile: feed, books, strategy, gate and order entry on one core.
enum class EdgeMetric : u8 {
  kPolls,
  kBusyPolls,
  kRxPackets,
  kTxPackets,
  kTxDrops,
  kMalformed,
  kFeedMessages,
  kBookErrors,
  kOrdersIn,
  kGatePassed,
  kGateRejected,
  kOrdersOut,
  kExecutions,
  kStrategyOrders,
  kJournalWaits,
  kCommands,
  kCount
};

template <>
struct MetricTable<EdgeMetric> {
  static constexpr std::array<MetricInfo, static_cast<usize>(EdgeMetric::kCount)> kMetrics{{
      {"edge_polls", "rounds", "Rounds of the poll loop."},
      {"edge_busy_polls", "rounds", "Rounds that found something to do."},
      {"edge_rx_packets", "packets", "Frames received on all ports."},
      {"edge_tx_packets", "packets", "Frames handed to a port for sending."},
      {"edge_tx_drops", "packets", "Frames a port did not take: its queue was full."},
      {"edge_malformed_packets", "packets", "Frames dropped for a bad header, length or checksum."},
      {"edge_feed_messages", "messages", "Feed messages applied in order."},
      {"edge_book_errors", "messages", "Feed messages that did not fit the books."},
      {"edge_orders_in", "orders", "Requests from clients and strategies."},
      {"edge_gate_passed", "orders", "Requests the gate let through."},
      {"edge_gate_rejected", "orders", "Requests the gate refused."},
      {"edge_orders_out", "orders", "Requests sent to the venue."},
      {"edge_executions", "messages", "Answers of the venue that changed an order."},
      {"edge_strategy_orders", "orders", "Requests made by the strategy."},
      {"edge_journal_waits", "orders", "Requests refused because the journal's queue was full."},
      {"edge_commands", "commands", "Operators' commands carried out."},
  }};
};

/// The journal tile: takes records from the edge and makes them durable.
enum class JournalMetric : u8 {
  kRecords,
  kCommits,
  kWrittenBytes,
  kRolls,
  kStalledRolls,
  kDurableSeq,
  kReserveBytes,
  kFailed,
  kCount
};

template <>
struct MetricTable<JournalMetric> {
  static constexpr std::array<MetricInfo, static_cast<usize>(JournalMetric::kCount)> kMetrics{{
      {"journal_records", "records", "Records made durable."},
      {"journal_commits", "commits", "Durable writes."},
      {"journal_written_bytes", "bytes", "Bytes written, padding included."},
      {"journal_rolls", "segments", "Changes to the next segment."},
      {"journal_stalled_rolls", "segments", "Changes that waited for the segment to be prepared."},
      {"journal_durable_seq", "", "Highest durable sequence number.", MetricKind::kGauge},
      {"journal_reserve_bytes", "bytes", "Space that surely takes records.", MetricKind::kGauge},
      {"journal_failed", "", "1 = a write failed, nothing is accepted.", MetricKind::kGauge},
  }};
};

}  // namespace tradsys::telemetry
