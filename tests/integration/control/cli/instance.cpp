#include "tests/integration/control/cli/instance.hpp"

#include <cstdlib>
#include <tradsys/risk_spec.hpp>

namespace tradsys::testing {
namespace {

ipc::StageLatency stage(const char* name, u64 values) {
  ipc::StageLatency latency{ipc::Text<24>::from(name), {}};
  for (u64 i = 1; i <= values; ++i) latency.latency_ns.record(i);
  return latency;
}

ipc::SessionStatus session(const char* name, ipc::SessionKind kind, ipc::SessionState state) {
  ipc::SessionStatus s;
  s.name = ipc::Text<16>::from(name);
  s.account = ipc::Text<16>::from("ACC1");
  s.protocol = ipc::Text<16>::from(kind == ipc::SessionKind::kVenue ? "fix44" : "ouch50");
  s.packets_in = 2'100;
  s.packets_out = 2'200;
  s.next_sequence_in = 2'301;
  s.next_sequence_out = 2'401;
  s.live_orders = 17;
  s.logins = 2;
  s.disconnects = 1;
  s.kind = kind;
  s.state = state;
  s.cancel_on_disconnect = kind == ipc::SessionKind::kClient ? 1 : 0;
  return s;
}

ipc::ProcessStatus process() {
  ipc::ProcessStatus p;
  p.instance = ipc::Text<32>::from("sim");
  p.version = ipc::Text<32>::from("9.8.7");
  p.started_ns = 1'577'836'800'000'000'000;  // 2020-01-01T00:00:00Z
  p.polls = 1'000;
  p.busy_polls = 125;
  p.clock_hz = 2'100'000'000;
  p.packets_received = 4'001;
  p.packets_sent = 4'002;
  p.packets_malformed = 3;
  p.transmit_drops = 4;
  p.state = ipc::ProcessState::kRunning;
  p.strategy_enabled = 1;
  return p;
}

}  // namespace

ipc::InstrumentStatus Instance::comi() {
  ipc::InstrumentStatus s;
  s.symbol = Symbol::from("COMI");
  s.bid_price = 63'0100;
  s.bid_qty = 1'500;
  s.ask_price = 63'0200;
  s.ask_qty = 700;
  s.last_price = 63'0150;
  s.price_decimals = 4;
  s.trades = 12;
  s.traded_qty = 3'400;
  s.position = -250;
  s.shown_ns = 77;
  s.bid_levels = 3;
  s.ask_levels = 1;
  s.state = ipc::TradingState::kTrading;
  s.stale = 0;
  s.enabled = 1;
  s.killed = 0;
  for (u32 i = 0; i < 3; ++i) s.bids[i] = {1'500 + i, 63'0100 - i * 100, 4 + i};
  s.asks[0] = {700, 63'0200, 2};
  return s;
}

ipc::FeedStatus Instance::feed() {
  ipc::FeedStatus f;
  f.name = ipc::Text<16>::from("egx-itch");
  f.session = ipc::Text<10>::from("0000000042");
  f.line_packets[0] = 501;
  f.line_packets[1] = 502;
  f.line_messages[0] = 5'001;
  f.line_messages[1] = 5'002;
  f.line_duplicates[1] = 4'990;
  f.messages = 5'013;
  f.next_sequence = 5'014;
  f.gaps = 6;
  f.gap_messages = 61;
  f.recovered_messages = 60;
  f.lost_messages = 1;
  f.requests = 7;
  f.malformed = 8;
  f.wrong_session = 9;
  f.buffered_messages = 11;
  f.present = 1;
  f.stale = 0;
  return f;
}

ipc::OrderStatus Instance::orders() {
  ipc::OrderStatus o;
  for (u32 i = 0; i < 5; ++i) o.by_state[i] = 301 + i;
  o.verdicts[0] = 1'400;
  o.verdicts[static_cast<u32>(RejectReason::kPriceCollar)] = 31;
  o.verdicts[static_cast<u32>(RejectReason::kPositionLimit)] = 32;
  o.requests = 1'463;
  o.sent_to_venue = 1'400;
  o.fills = 350;
  o.filled_qty = 1'234'567;
  o.venue_differences = 11;
  o.venue_unanswered = 12;
  o.venue_malformed = 15;
  o.venue_stalls = 16;
  o.gate = ipc::Text<16>::from("rtl");
  o.gate_owner = ipc::Text<16>::from("software");
  o.gate_fallback = ipc::Text<16>::from("timeout");
  o.gate_compared = 1'463;
  o.journal_seq = 9'100;
  o.durable_seq = 9'090;
  o.state_hash = 0x0123456789ABCDEF;
  o.state_hash_seq = 9'000;
  o.allocated_order_id = 1'401;
  return o;
}

Instance::Instance() : paths_(ipc::instance_paths("sim", dir_ / "run").value()) {
  if (!ipc::make_instance_folder(paths_)) std::abort();
  writer_ =
      std::make_unique<ipc::StatusWriter>(ipc::StatusWriter::create(paths_.status(), 4).value());
  publish();
}

void Instance::publish() {
  writer_->process(process());
  writer_->feed(0, feed());
  writer_->orders(orders());
  writer_->stage(0, stage("feed", 100));
  writer_->stage(1, stage("gate", 0));
  writer_->session(0, session("venue-1", ipc::SessionKind::kVenue, ipc::SessionState::kUp));
  writer_->session(3, session("client-1", ipc::SessionKind::kClient, ipc::SessionState::kDown));
  writer_->instrument(0, comi());
  for (u32 i = 1; i < 3; ++i) {
    ipc::InstrumentStatus other;
    other.symbol = Symbol::from(i == 1 ? "ETEL" : "HRHO");
    other.price_decimals = 4;
    writer_->instrument(i, other);
  }
}

void Instance::beat(Nanos ago) { beat_ago_ = ago; }

Outcome Instance::run(std::vector<std::string> args, RunOptions options) {
  args.insert(args.end(), {"--runtime-dir", (dir_ / "run").string()});
  if (writer_) heartbeat();
  return run_program(args, options);
}

}  // namespace tradsys::testing
