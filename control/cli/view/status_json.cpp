#include "control/cli/view/status_json.hpp"

#include <tradsys/risk_spec.hpp>

#include "control/cli/output/format.hpp"
#include "hostsw/orders/order.hpp"

namespace tradsys::cli {
namespace {

void write_process(JsonWriter& json, const Snapshot& s) {
  const ipc::ProcessStatus& p = s.process;
  json.object("process")
      .field("state", name_of(p.state))
      .field("version", p.version.str())
      .field("started", utc_text(p.started_ns))
      .field("started_ns", p.started_ns)
      .field("killed", p.killed != 0)
      .field("strategy_enabled", p.strategy_enabled != 0)
      .field("polls", p.polls)
      .field("busy_polls", p.busy_polls)
      .field("clock_hz", p.clock_hz)
      .field("packets_received", p.packets_received)
      .field("packets_sent", p.packets_sent)
      .field("packets_malformed", p.packets_malformed)
      .field("transmit_drops", p.transmit_drops)
      .end();
}

void write_lines(JsonWriter& json, const ipc::FeedStatus& f) {
  json.array("lines");
  for (u32 line = 0; line < ipc::kFeedLines; ++line)
    json.begin_object()
        .field("line", line == 0 ? "A" : "B")
        .field("packets", f.line_packets[line])
        .field("messages", f.line_messages[line])
        .field("duplicates", f.line_duplicates[line])
        .field("missed_messages", f.line_missed_messages[line])
        .end();
  json.end();
}

void write_feeds(JsonWriter& json, const Snapshot& s) {
  json.array("feeds");
  for (const auto& [index, f] : s.feeds) {
    json.begin_object()
        .field("index", index)
        .field("name", f.name.str())
        .field("session", f.session.str())
        .field("state", state_of(f))
        .field("stale", f.stale != 0)
        .field("frozen", f.frozen != 0)
        .field("ended", f.ended != 0)
        .field("messages", f.messages)
        .field("next_sequence", f.next_sequence)
        .field("gaps", f.gaps)
        .field("gap_messages", f.gap_messages)
        .field("recovered_messages", f.recovered_messages)
        .field("lost_messages", f.lost_messages)
        .field("requests", f.requests)
        .field("malformed", f.malformed)
        .field("wrong_session", f.wrong_session)
        .field("buffered_messages", f.buffered_messages);
    write_lines(json, f);
    json.end();
  }
  json.end();
}

void write_sessions(JsonWriter& json, const Snapshot& s) {
  json.array("sessions");
  for (const ipc::SessionStatus& x : s.sessions)
    json.begin_object()
        .field("name", x.name.str())
        .field("kind", name_of(x.kind))
        .field("protocol", x.protocol.str())
        .field("state", name_of(x.state))
        .field("account", x.account.str())
        .field("packets_in", x.packets_in)
        .field("packets_out", x.packets_out)
        .field("next_sequence_in", x.next_sequence_in)
        .field("next_sequence_out", x.next_sequence_out)
        .field("malformed", x.malformed)
        .field("rejected_logins", x.rejected_logins)
        .field("live_orders", x.live_orders)
        .field("logins", x.logins)
        .field("disconnects", x.disconnects)
        .field("cancel_on_disconnect", x.cancel_on_disconnect != 0)
        .end();
  json.end();
}

void write_orders(JsonWriter& json, const ipc::OrderStatus& o) {
  json.object("orders")
      .field("requests", o.requests)
      .field("sent_to_venue", o.sent_to_venue)
      .field("fills", o.fills)
      .field("filled_qty", o.filled_qty)
      .field("adopted", o.adopted)
      .field("unknown_reports", o.unknown_reports)
      .field("unknown_executions", o.unknown_executions)
      .field("unknown_order_id", o.unknown_order_id)
      .field("unknown_match_number", o.unknown_match_number)
      .field("unknown_qty", o.unknown_qty)
      .field("unknown_price", o.unknown_price)
      .field("unexpected_reports", o.unexpected_reports)
      .field("overfills", o.overfills)
      .field("limits_at_70", o.limits_at_70)
      .field("limits_at_90", o.limits_at_90)
      .field("limits_at_100", o.limits_at_100)
      .field("late_executions", o.late_executions)
      .field("carried_differ", o.carried_differ)
      .field("carried_unconfirmed", o.carried_unconfirmed)
      .field("duplicate_executions", o.duplicate_executions)
      .field("untracked_trades", o.untracked_trades)
      .field("busted_trades", o.busted_trades)
      .field("corrected_trades", o.corrected_trades)
      .field("venue_differences", o.venue_differences)
      .field("venue_unanswered", o.venue_unanswered)
      .field("venue_malformed", o.venue_malformed)
      .field("venue_stalls", o.venue_stalls)
      .field("ledger_anomalies", o.ledger_anomalies)
      .field("allocated_order_id", o.allocated_order_id);
  json.object("by_state");
  for (u8 i = 0; i < ipc::kOrderStatesMax; ++i) {
    const std::string_view name = orders::name_of(static_cast<orders::OrderState>(i));
    if (name != "?") json.field(name, o.by_state[i]);
  }
  json.end().end();
}

void write_verdicts(JsonWriter& json, const ipc::OrderStatus& o) {
  u64 refused = 0;
  for (u32 i = 1; i < ipc::kReasonsMax; ++i) refused += o.verdicts[i];
  json.object("verdicts").field("passed", o.verdicts[0]).field("refused", refused);
  json.object("gate")
      .field("engine", o.gate.str())
      .field("owner", o.gate_owner.str())
      .field("fallback", o.gate_fallback.str())
      .field("compared", o.gate_compared)
      .end();
  json.object("by_reason");
  for (u32 i = 1; i < ipc::kReasonsMax; ++i) {
    const std::string_view name = tradsys::name_of(static_cast<RejectReason>(i));
    if (name != "?")
      json.field(name, o.verdicts[i]);
    else if (o.verdicts[i] != 0)
      json.field("reason_" + std::to_string(i), o.verdicts[i]);
  }
  json.end().end();
}

void write_latency(JsonWriter& json, const Snapshot& s) {
  json.array("latency");
  for (const auto& [name, histogram] : s.stages) {
    json.begin_object().field("stage", name.str());
    write_percentiles(json, histogram);
    json.end();
  }
  json.end();
}

}  // namespace

void write_source(JsonWriter& json, const Snapshot& s) {
  json.field("instance", s.instance)
      .field("liveness", ipc::describe(s.liveness))
      .field("pid", s.pid)
      .field("heartbeats", s.beats);
  json.key("heartbeat_age_ms");
  s.heartbeat_age.v < 0 ? json.null() : json.value(s.heartbeat_age.v / kMillisecond.v);
  json.array("unreadable");
  for (const std::string& section : s.unreadable) json.value(section);
  json.end();
}

void write_percentiles(JsonWriter& json, const Histogram& h) {
  json.field("count", h.count())
      .field("p50_ns", h.percentile(500'000))
      .field("p99_ns", h.percentile(990'000))
      .field("p999_ns", h.percentile(999'000))
      .field("max_ns", h.max());
}

void write_status(JsonWriter& json, const Snapshot& s) {
  write_source(json, s);
  write_process(json, s);
  write_feeds(json, s);
  write_sessions(json, s);
  write_orders(json, s.orders);
  write_verdicts(json, s.orders);
  json.object("journal")
      .field("seq", s.orders.journal_seq)
      .field("durable_seq", s.orders.durable_seq)
      .field("state_hash", hex_text(s.orders.state_hash))
      .field("state_hash_seq", s.orders.state_hash_seq)
      .field("day", s.orders.day)
      .field("day_over", s.orders.day_over != 0)
      .end();
  write_latency(json, s);
  json.object("instruments")
      .field("count", s.instruments.count)
      .field("trading", s.instruments.trading)
      .field("quoted", s.instruments.quoted)
      .field("stale", s.instruments.stale)
      .field("killed", s.instruments.killed)
      .end();
}

}  // namespace tradsys::cli
