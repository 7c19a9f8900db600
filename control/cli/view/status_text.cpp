#include "control/cli/view/status_text.hpp"

#include <time.h>

#include <tradsys/risk_spec.hpp>

#include "control/cli/output/format.hpp"
#include "control/cli/output/text_table.hpp"
#include "hostsw/orders/order.hpp"

namespace tradsys::cli {
namespace {

Tone tone_of(ipc::Liveness liveness) noexcept {
  return liveness == ipc::Liveness::kAlive ? Tone::kGood : Tone::kBad;
}

Cell count_cell(u64 number, Tone when_not_zero = Tone::kPlain) {
  return {grouped(number), number == 0 ? Tone::kPlain : when_not_zero};
}

std::string age_text(Nanos age) {
  return age.v < 0 ? "before this host last started" : span_text(static_cast<u64>(age.v)) + " ago";
}

/// "(pid 4242), running" and what else names the process.
std::string state_line(const Snapshot& s, const Paint& paint) {
  const bool failed = s.process.state == ipc::ProcessState::kFailed;
  return paint(tone_of(s.liveness), ipc::describe(s.liveness)) + " (pid " + std::to_string(s.pid) +
         ", last heartbeat " + age_text(s.heartbeat_age) + "), " +
         paint(failed ? Tone::kBad : Tone::kPlain, name_of(s.process.state));
}

std::string started_line(const Snapshot& s) {
  std::string text = utc_text(s.process.started_ns);
  struct timespec now {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const auto started_s = static_cast<i64>(s.process.started_ns / 1'000'000'000);
  if (s.live() && started_s > 0 && now.tv_sec >= started_s)
    text += ", up " + uptime_text(static_cast<u64>(now.tv_sec - started_s));
  return text;
}

std::string packets_line(const ipc::ProcessStatus& p) {
  return grouped(p.packets_received) + " in, " + grouped(p.packets_sent) + " out, " +
         grouped(p.packets_malformed) + " malformed, " + grouped(p.transmit_drops) + " dropped";
}

std::string lines_text(const Snapshot& s, const Paint& paint) {
  TextTable table({"FEED", "LINE", ">PACKETS", ">MESSAGES", ">DUPLICATES"});
  for (const auto& [index, f] : s.feeds)
    for (u32 line = 0; line < ipc::kFeedLines; ++line)
      table.row({printable(f.name.str()), line == 0 ? "A" : "B", grouped(f.line_packets[line]),
                 grouped(f.line_messages[line]), grouped(f.line_duplicates[line])});
  return table.text(paint);
}

}  // namespace

std::string process_text(const Snapshot& s, const Paint& paint) {
  const ipc::ProcessStatus& p = s.process;
  TextTable table({"INSTANCE", s.instance});
  table.row({"process", state_line(s, paint)});
  table.row({"version", printable(p.version.str())});
  table.row({"started", started_line(s)});
  table.row({"trading", p.killed != 0 ? Cell("KILLED: the firm-wide kill switch is set", Tone::kBad)
                                      : Cell("not killed")});
  table.row({"strategy", p.strategy_enabled != 0 ? "enabled" : "disabled"});
  table.row({"packets", packets_line(p)});
  table.row({"busy polls", percent_text(p.busy_polls, p.polls) + " of " + grouped(p.polls)});
  table.row({"instruments", grouped(s.instruments.count) + ", " + grouped(s.instruments.trading) +
                                " trading, " + grouped(s.instruments.quoted) + " quoted, " +
                                grouped(s.instruments.stale) + " stale, " +
                                grouped(s.instruments.killed) + " killed"});
  return table.text(paint);
}

std::string feeds_text(const Snapshot& s, const Paint& paint) {
  if (s.feeds.empty()) return "no feed\n";
  TextTable table({"FEED", "SESSION", "STATE", ">MESSAGES", ">NEXT SEQ", ">GAPS", ">MISSED",
                   ">RECOVERED", ">LOST", ">REQUESTS", ">BUFFERED", ">MALFORMED"});
  for (const auto& [index, f] : s.feeds) {
    const std::string_view state = state_of(f);
    table.row({printable(f.name.str()), printable(f.session.str()),
               Cell(std::string(state), state == "live"    ? Tone::kGood
                                        : state == "ended" ? Tone::kPlain
                                                           : Tone::kBad),
               grouped(f.messages), grouped(f.next_sequence), count_cell(f.gaps, Tone::kWarning),
               count_cell(f.gap_messages), count_cell(f.recovered_messages),
               count_cell(f.lost_messages, Tone::kBad), count_cell(f.requests),
               count_cell(f.buffered_messages), count_cell(f.malformed, Tone::kWarning)});
  }
  return table.text(paint) + "\n" + lines_text(s, paint);
}

// A stream that has no sequence numbers in this direction shows none.
std::string sequence_or_dash(u64 sequence) { return sequence == 0 ? "-" : grouped(sequence); }

std::string sessions_text(const Snapshot& s, const Paint& paint) {
  if (s.sessions.empty()) return "no session\n";
  TextTable table({"SESSION", "KIND", "PROTOCOL", "STATE", "ACCOUNT", ">IN", ">OUT", ">NEXT IN",
                   ">NEXT OUT", ">LIVE ORDERS", ">LOGINS", ">REFUSED", ">DISCONNECTS",
                   ">MALFORMED"});
  for (const ipc::SessionStatus& x : s.sessions)
    table.row({printable(x.name.str()), std::string(name_of(x.kind)), printable(x.protocol.str()),
               Cell(std::string(name_of(x.state)),
                    x.state == ipc::SessionState::kUp ? Tone::kGood : Tone::kWarning),
               printable(x.account.str()), grouped(x.packets_in), grouped(x.packets_out),
               sequence_or_dash(x.next_sequence_in), sequence_or_dash(x.next_sequence_out),
               grouped(x.live_orders), grouped(x.logins),
               count_cell(x.rejected_logins, Tone::kWarning),
               count_cell(x.disconnects, Tone::kWarning), count_cell(x.malformed, Tone::kWarning)});
  return table.text(paint);
}

std::string orders_text(const Snapshot& s, const Paint& paint) {
  const ipc::OrderStatus& o = s.orders;
  std::vector<std::string> titles{"ORDERS", ">REQUESTS", ">TO VENUE", ">FILLS", ">FILLED QTY"};
  std::vector<Cell> cells{"", grouped(o.requests), grouped(o.sent_to_venue), grouped(o.fills),
                          grouped(o.filled_qty)};
  for (u8 i = 0; i < ipc::kOrderStatesMax; ++i) {
    const std::string_view name = orders::name_of(static_cast<orders::OrderState>(i));
    if (name == "?") break;
    std::string title = ">";
    for (const char c : name)
      title += c == '_' ? ' ' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    titles.push_back(title);
    cells.emplace_back(grouped(o.by_state[i]));
  }
  TextTable table(titles);
  table.row(cells);
  return table.text(paint);
}

// Nothing where all is well: what stands here wants an operator.
std::string alarms_text(const Snapshot& s, const Paint& paint) {
  const ipc::OrderStatus& o = s.orders;
  TextTable table({"ALARM", ">COUNT", "MEANS"});
  bool any = false;
  const auto row = [&](const char* name, u64 count, const std::string& means) {
    if (count == 0) return;
    table.row({name, count_cell(count, Tone::kBad), means});
    any = true;
  };
  row("unknown_reports", o.unknown_reports, "the venue spoke of orders nobody here knows");
  row("unknown_executions", o.unknown_executions,
      "traded, but no order's here; the last: id " + std::to_string(o.unknown_order_id) + ", " +
          grouped(o.unknown_qty) + " at " + std::to_string(o.unknown_price) + ", match " +
          std::to_string(o.unknown_match_number));
  row("unexpected_reports", o.unexpected_reports, "the venue said what the order's state forbids");
  row("venue_differences", o.venue_differences, "orders that the venue holds otherwise than we do");
  row("venue_unanswered", o.venue_unanswered, "orders whose status the venue did not say");
  const std::string fallback = o.gate_fallback.str();
  row("gate_fallback", fallback.empty() || fallback == "none" ? 0 : 1,
      "the gate's circuit lost the right to decide (" + printable(fallback) +
          "): the software decides");
  row("venue_malformed", o.venue_malformed, "messages of the venue that could not be read");
  row("venue_stalls", o.venue_stalls, "the venue took nothing: its connection was given up");
  row("overfills", o.overfills, "more traded than was open");
  row("limits_at_100", o.limits_at_100, "scopes whose limit is used up: 'tradsys risk headroom'");
  row("limits_at_90", o.limits_at_90, "scopes with a limit used to 90 %");
  row("limits_at_70", o.limits_at_70, "scopes with a limit used to 70 %");
  row("late_executions", o.late_executions, "traded when the order was over; booked");
  row("carried_differ", o.carried_differ, "orders of the day before, not as the venue has them");
  row("carried_unconfirmed", o.carried_unconfirmed, "orders the venue has not spoken of today");
  row("untracked_trades", o.untracked_trades, "cannot be taken back: trades_max is too small");
  row("ledger_anomalies", o.ledger_anomalies, "executions that do not fit the exposure ledger");
  return any ? table.text(paint) + "\n" : "";
}

std::string verdicts_text(const Snapshot& s, const Paint& paint) {
  TextTable table({"GATE VERDICT", ">ORDERS"});
  table.row({"passed", grouped(s.orders.verdicts[0])});
  for (u32 i = 1; i < ipc::kReasonsMax; ++i) {
    if (s.orders.verdicts[i] == 0) continue;
    const std::string_view name = tradsys::name_of(static_cast<RejectReason>(i));
    table.row({name == "?" ? "reason " + std::to_string(i) : std::string(name),
               count_cell(s.orders.verdicts[i], Tone::kWarning)});
  }
  return table.text(paint);
}

// Nothing where the software decides alone.
std::string gate_text(const Snapshot& s, const Paint& paint) {
  const ipc::OrderStatus& o = s.orders;
  if (o.gate.str().empty() || o.gate.str() == "soft") return "";
  TextTable table({"GATE", "DECIDES", "FALLBACK", ">COMPARED"});
  table.row({printable(o.gate.str()), printable(o.gate_owner.str()),
             printable(o.gate_fallback.str()), grouped(o.gate_compared)});
  return table.text(paint) + "\n";
}

std::string journal_text(const Snapshot& s, const Paint& paint) {
  const ipc::OrderStatus& o = s.orders;
  TextTable table({"JOURNAL", ">DAY", ">SEQ", ">DURABLE", ">NOT YET", "STATE HASH", ">AT SEQ"});
  table.row({o.day_over != 0 ? "day over" : "", grouped(o.day), grouped(o.journal_seq),
             grouped(o.durable_seq), grouped(gained(o.durable_seq, o.journal_seq)),
             hex_text(o.state_hash), grouped(o.state_hash_seq)});
  return table.text(paint);
}

std::string latency_text(const std::vector<ipc::StageLatency>& stages, const Paint& paint) {
  if (stages.empty()) return "no latency measured\n";
  TextTable table({"LATENCY", ">COUNT", ">P50", ">P99", ">P99.9", ">MAX"});
  for (const auto& [name, h] : stages) {
    if (h.count() == 0)
      table.row({printable(name.str()), "0", "-", "-", "-", "-"});
    else
      table.row({printable(name.str()), grouped(h.count()), span_text(h.percentile(500'000)),
                 span_text(h.percentile(990'000)), span_text(h.percentile(999'000)),
                 span_text(h.max())});
  }
  return table.text(paint);
}

std::string status_text(const Snapshot& s, const Paint& paint) {
  return process_text(s, paint) + "\n" + feeds_text(s, paint) + "\n" + sessions_text(s, paint) +
         "\n" + orders_text(s, paint) + "\n" + alarms_text(s, paint) + gate_text(s, paint) +
         verdicts_text(s, paint) + "\n" + journal_text(s, paint) + "\n" +
         latency_text(s.stages, paint);
}

std::string liveness_warning(const Snapshot& s) {
  std::string text;
  if (s.liveness == ipc::Liveness::kDead)
    text = "the dataplane is dead: this is the last state it published, last heartbeat " +
           age_text(s.heartbeat_age);
  else if (s.liveness == ipc::Liveness::kStalled)
    text = "the dataplane does not beat: this state may be old, last heartbeat " +
           age_text(s.heartbeat_age);
  for (const std::string& section : s.unreadable)
    text += (text.empty() ? "" : "; ") + section + " could not be read: its writer stopped midway";
  return text;
}

}  // namespace tradsys::cli
