#include "control/cli/output/format.hpp"
#include "control/cli/output/text_table.hpp"
#include "control/cli/view/rates.hpp"
#include "control/cli/view/status_json.hpp"
#include "control/cli/view/status_text.hpp"

namespace tradsys::cli {
namespace {

std::string headline(const Snapshot& now, const Rates& rates, const Paint& paint) {
  const bool alive = now.live();
  std::string text = paint(Tone::kTitle, now.instance) + "  " +
                     paint(alive ? Tone::kGood : Tone::kBad, ipc::describe(now.liveness)) +
                     "  pid " + std::to_string(now.pid) + "  " +
                     std::string(name_of(now.process.state)) + "  interval " +
                     span_text(rates.interval.v > 0 ? static_cast<u64>(rates.interval.v) : 0);
  if (now.process.killed != 0) text += "  " + paint(Tone::kBad, "KILLED");
  if (rates.restarted) text += "  " + paint(Tone::kWarning, "restarted just now");
  return text + "\n";
}

std::string feeds_part(const Rates& rates, const Paint& paint) {
  TextTable table({"FEED", "STATE", ">MSG/S", ">A PKT/S", ">B PKT/S", ">DUP/S", ">NEW GAPS",
                   ">RECOVERED", ">LOST"});
  for (const FeedRates& f : rates.feeds) {
    const std::string_view state = state_of(f.now.status);
    table.row({printable(f.now.status.name.str()),
               Cell(std::string(state), state == "live" ? Tone::kGood : Tone::kWarning),
               grouped(f.messages_per_s), grouped(f.line_packets_per_s[0]),
               grouped(f.line_packets_per_s[1]), grouped(f.duplicates_per_s),
               Cell(grouped(f.new_gaps), f.new_gaps == 0 ? Tone::kPlain : Tone::kWarning),
               grouped(f.new_recovered),
               Cell(grouped(f.new_lost), f.new_lost == 0 ? Tone::kPlain : Tone::kBad)});
  }
  return table.empty() ? "no feed\n" : table.text(paint);
}

std::string flow_part(const Snapshot& now, const Rates& r, const Paint& paint) {
  TextTable table({">PKT IN/S", ">PKT OUT/S", ">BUSY", ">REQUESTS/S", ">PASSED/S", ">REFUSED/S",
                   ">TO VENUE/S", ">FILLS/S", ">JOURNAL/S", ">NOT DURABLE"});
  table.row(
      {grouped(r.packets_received_per_s), grouped(r.packets_sent_per_s),
       percent_text(r.busy_permille, 1'000), grouped(r.requests_per_s), grouped(r.passed_per_s),
       Cell(grouped(r.refused_per_s), r.refused_per_s == 0 ? Tone::kPlain : Tone::kWarning),
       grouped(r.sent_to_venue_per_s), grouped(r.fills_per_s), grouped(r.journal_records_per_s),
       grouped(gained(now.orders.durable_seq, now.orders.journal_seq))});
  return table.text(paint);
}

std::string instruments_part(const Rates& rates, const Paint& paint) {
  TextTable table({"SYMBOL", "STATE", ">BID QTY", ">BID", ">ASK", ">ASK QTY", ">LAST", ">TRADES/S",
                   ">VOLUME/S", ">POSITION"});
  for (const InstrumentRates& r : rates.busiest) {
    const ipc::InstrumentStatus& s = r.now;
    const bool good = s.stale == 0 && s.killed == 0;
    const std::string state = s.killed != 0  ? "killed"
                              : s.stale != 0 ? "stale"
                                             : std::string(name_of(s.state));
    table.row({printable(s.symbol.str()), Cell(state, good ? Tone::kPlain : Tone::kWarning),
               grouped(s.bid_qty), price_or_dash(s.bid_price, s.price_decimals),
               price_or_dash(s.ask_price, s.price_decimals), grouped(s.ask_qty),
               price_or_dash(s.last_price, s.price_decimals), grouped(r.trades_per_s),
               grouped(r.traded_qty_per_s), grouped_signed(s.position)});
  }
  return table.empty() ? "no instrument\n" : table.text(paint);
}

void write_feeds(JsonWriter& json, const Rates& rates) {
  json.array("feeds");
  for (const FeedRates& f : rates.feeds)
    json.begin_object()
        .field("name", f.now.status.name.str())
        .field("state", state_of(f.now.status))
        .field("messages_per_s", f.messages_per_s)
        .field("line_a_packets_per_s", f.line_packets_per_s[0])
        .field("line_b_packets_per_s", f.line_packets_per_s[1])
        .field("duplicates_per_s", f.duplicates_per_s)
        .field("new_gaps", f.new_gaps)
        .field("new_recovered", f.new_recovered)
        .field("new_lost", f.new_lost)
        .end();
  json.end();
}

void write_instruments(JsonWriter& json, const Rates& rates) {
  json.array("instruments");
  for (const InstrumentRates& r : rates.busiest)
    json.begin_object()
        .field("symbol", r.now.symbol.str())
        .field("trades_per_s", r.trades_per_s)
        .field("traded_qty_per_s", r.traded_qty_per_s)
        .end();
  json.end();
}

}  // namespace

std::string rates_text(const Snapshot& now, const Rates& rates, const Paint& paint) {
  return headline(now, rates, paint) + "\n" + feeds_part(rates, paint) + "\n" +
         flow_part(now, rates, paint) + "\n" + latency_text(rates.stages, paint) + "\n" +
         instruments_part(rates, paint);
}

void write_rates(JsonWriter& json, const Snapshot& now, const Rates& r) {
  write_source(json, now);
  json.field("state", name_of(now.process.state))
      .field("killed", now.process.killed != 0)
      .field("interval_ms", r.interval.v / kMillisecond.v)
      .field("restarted", r.restarted)
      .field("packets_received_per_s", r.packets_received_per_s)
      .field("packets_sent_per_s", r.packets_sent_per_s)
      .field("busy_permille", r.busy_permille)
      .field("requests_per_s", r.requests_per_s)
      .field("passed_per_s", r.passed_per_s)
      .field("refused_per_s", r.refused_per_s)
      .field("sent_to_venue_per_s", r.sent_to_venue_per_s)
      .field("fills_per_s", r.fills_per_s)
      .field("journal_records_per_s", r.journal_records_per_s)
      .field("not_durable", gained(now.orders.durable_seq, now.orders.journal_seq));
  write_feeds(json, r);
  json.array("latency");
  for (const auto& [name, histogram] : r.stages) {
    json.begin_object().field("stage", name.str());
    write_percentiles(json, histogram);
    json.end();
  }
  json.end();
  write_instruments(json, r);
}

}  // namespace tradsys::cli
