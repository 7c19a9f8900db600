#pragma once
// An order engine with the real software gate, and an outside that remembers everything it was
// told.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "dataplane/engine/order_engine.hpp"
#include "drivers/offload/soft_gate.hpp"
#include "hostsw/core/symbol.hpp"
#include "tests/support/gate/world.hpp"

namespace tradsys::engine {

struct JournalRecord {
  orders::EventType type;
  u64 seq;
  u64 ts_ns;
  std::vector<std::byte> payload;
};

struct RecordingOut {
  bool up = true;
  bool has_room = true;  ///< for new orders
  bool journal_has_room = true;
  bool takes_gtc = true;
  std::vector<orders::Order> entered;
  std::vector<orders::Order> replaced;
  std::vector<std::pair<u64, u32>> canceled;
  std::vector<ClientReport> reports;
  std::vector<JournalRecord> records;

  bool venue_ready() noexcept { return up && has_room; }
  bool venue_open() noexcept { return up; }
  bool venue_takes(TimeInForce tif) noexcept { return takes_gtc || tif != TimeInForce::kGtc; }
  bool journal_ready() noexcept { return journal_has_room; }
  void venue_enter(const orders::Order& order) noexcept { entered.push_back(order); }
  void venue_replace(const orders::Order& order) noexcept { replaced.push_back(order); }
  void venue_cancel(u64 id, u32 qty) noexcept { canceled.emplace_back(id, qty); }
  void client_report(const ClientReport& report) noexcept { reports.push_back(report); }
  void instrument(const orders::InstrumentEvent&) noexcept {}
  void journal(orders::EventType type, u64 seq, u64 ts_ns, Bytes payload) noexcept {
    records.push_back({type, seq, ts_ns, {payload.begin(), payload.end()}});
  }
};
static_assert(EngineOut<RecordingOut>);

/// One firm, two accounts, two instruments with tick 1 and lot 1, generous limits.
struct Appliance {
  static constexpr u16 kAccount = 0;
  static constexpr u16 kInstrument = 1;
  offload::SoftGate gate = offload::SoftGate::make({2, 4}).value();
  RecordingOut out;
  OrderEngine<offload::SoftGate, RecordingOut> engine{gate, out, {1'000, 1'000}};
  u64 venue_seq = 0;

  void open_for_trading() {
    engine.kill({.ts_ns = 1, .scope = KillScope::kFirm, .state = SwitchState::kActive});
    for (const LimitScope scope : {LimitScope::kFirm, LimitScope::kClient, LimitScope::kStrategy})
      engine.set(testing::open_scope(scope, 0), 1);
    for (u16 i = 0; i < 2; ++i) {
      AccountLimits account;
      account.max_notional = u64{1} << 50;
      account.max_qty = 1'000'000;
      account.rate_per_s = account.rate_burst = 1'000'000;
      account.orders_per_trade_max = kNoLimit32;
      account.self_trade = SelfTrade::kAllow;
      account.account = i;
      account.enabled = 1;
      account.killed = 0;
      engine.set(account, 1);
      engine.set(testing::open_scope(LimitScope::kAccount, i), 1);
      orders::InstrumentEvent instrument;
      instrument.symbol = Symbol::from(i == 0 ? "AAA" : "BBB").word();
      InstrumentLimits& limits = instrument.limits;
      limits.max_notional = u64{1} << 50;
      limits.max_qty = 1'000'000;
      limits.tick_size = limits.lot_size = 1;
      limits.collar_bp = 1'000;
      limits.fat_finger_bp = limits.band_high = limits.feed_silence_max_ms = kNoLimit32;
      limits.instrument = static_cast<u16>(i + 1);
      limits.enabled = 1;
      limits.killed = 0;
      engine.set(instrument, 1);
    }
    for (u16 a = 0; a < 2; ++a) {
      for (u16 i = 1; i < 3; ++i) {
        PositionLimits position = testing::open_position(a, i);
        position.max_long = position.max_short = 100'000;
        engine.set(position, 1);
      }
    }
  }
  static MarketState market() {
    MarketState m;
    m.bid_price = 9'990;
    m.ask_price = 10'010;
    m.instrument = kInstrument;
    m.trading = m.market_open = 1;
    m.stale = 0;
    return m;
  }
  static ClientRequest buy(u32 ref, u32 qty) {
    ClientRequest r;
    r.side = Side::kBuy;
    r.account = kAccount;
    r.instrument = kInstrument;
    r.client_ref = ref;
    r.price = 10'000;
    r.qty = qty;
    return r;
  }
  static ClientRequest replace(u32 old_ref, u32 ref, u32 qty) {
    ClientRequest r = buy(ref, qty);
    r.kind = RequestKind::kReplace;
    r.replaces_client_ref = old_ref;
    return r;
  }
  void request(const ClientRequest& r) { engine.request(r, market(), 1'000); }
  orders::VenueReport report(ExecKind kind, u64 id, u32 qty) {
    orders::VenueReport r;
    r.venue_seq = ++venue_seq;
    r.ts_ns = 2'000;
    r.kind = kind;
    r.order_id = id;
    r.qty = qty;
    r.price = 10'000;
    return r;
  }
  void venue(ExecKind kind, u64 id, u32 qty) { engine.venue_report(report(kind, id, qty)); }
  void venue_replaced(u64 old_id, u64 id, u32 open_qty) {
    orders::VenueReport r = report(ExecKind::kReplaced, id, open_qty);
    r.previous_order_id = old_id;
    engine.venue_report(r);
  }
  risk::Exposure exposure() const {
    return gate.exposure(AccountIndex{kAccount}, InstrumentIndex{kInstrument});
  }
};

}  // namespace tradsys::engine
