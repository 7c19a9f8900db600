// Benches match, match-static, match-flash-crash and match-burst: one instrument through the
// matching engine, every order event written as a 64-byte report into a ring, as a venue's gateway
// would take it.
#include <optional>
#include <string>

#include "hostsw/match/match_engine.hpp"
#include "sim/bench/harness.hpp"
#include "sim/bench/input/match_workload.hpp"

namespace tradsys::bench {
namespace {

constexpr u64 kSeed = 23;
constexpr u32 kNewOrders = 1'000'000;
constexpr match::MatchConfig kTables{.instruments_max = 1,
                                     .orders_max = 1U << 16,
                                     .price_blocks_max = 1U << 12,
                                     .first_match_number = 1};

struct alignas(kCacheLineBytes) Report64 {
  u64 order_id, other_id, match_number;
  u32 owner, other_owner, price, qty, leaves, other_leaves;
  u16 instrument;
  u8 kind, side;
  u32 reason;
};
static_assert(sizeof(Report64) == kCacheLineBytes);

/// A ring nobody drains, of the size of a second-level cache's quarter.
class ReportRing : public match::NullSink {
 public:
  void on_accepted(const match::NewOrder& o) noexcept {
    put({o.order_id, 0, 0, o.owner, 0, o.price, o.qty, o.qty, 0, o.instrument, 0, raw(o.side), 0});
  }
  void on_rejected(const match::NewOrder& o, RejectReason why) noexcept {
    put({o.order_id, 0, 0, o.owner, 0, o.price, o.qty, 0, 0, o.instrument, 1, raw(o.side),
         raw(why)});
  }
  void on_trade(const match::Trade& t) noexcept {
    ++trades;
    put({t.resting_id, t.aggressor_id, t.match_number, t.resting_owner, t.aggressor_owner, t.price,
         t.qty, t.resting_leaves, t.aggressor_leaves, t.instrument, 2, raw(t.aggressor_side), 0});
  }
  void on_canceled(const match::Canceled& c) noexcept {
    put({c.order_id, 0, 0, c.owner, 0, c.price, c.qty, c.leaves_qty, 0, c.instrument, 3,
         raw(c.side), raw(c.reason)});
  }
  void on_cancel_rejected(u64 order_id, RejectReason why) noexcept {
    ++refused;
    put({order_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, raw(why)});
  }
  void on_replaced(const match::Replaced& r) noexcept {
    put({r.order_id, r.new_order_id, 0, r.owner, 0, r.price, r.qty, r.qty, r.old_qty, r.instrument,
         5, raw(r.side), 0});
  }
  void on_replace_rejected(u64 order_id, u64 new_order_id, RejectReason why) noexcept {
    ++refused;
    put({order_id, new_order_id, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, raw(why)});
  }

  u64 trades = 0;
  u64 refused = 0;

 private:
  static constexpr usize kSlots = 4'096;

  template <class Enum>
  static constexpr u8 raw(Enum value) noexcept {
    return static_cast<u8>(value);
  }
  void put(const Report64& report) noexcept { reports_[next_++ % kSlots] = report; }

  std::vector<Report64> reports_{kSlots};
  usize next_ = 0;
};

using Engine = match::MatchEngine<ReportRing>;

inline void call(Engine& engine, const MatchOp& op) noexcept {
  const Side side = op.buy ? Side::kBuy : Side::kSell;
  switch (op.kind) {
    case MatchOp::Kind::kNew:
      return engine.submit(
          {op.order_id, 1, 0, side, OrderType::kLimit, TimeInForce::kDay, op.price, op.qty});
    case MatchOp::Kind::kImmediate:
      return engine.submit(
          {op.order_id, 1, 0, side, OrderType::kLimit, TimeInForce::kIoc, op.price, op.qty});
    case MatchOp::Kind::kCancel:
      return engine.cancel(op.order_id, 0);
    case MatchOp::Kind::kReplace:
      return engine.replace(op.order_id, op.new_order_id, op.price, op.qty);
  }
}

template <MatchScenario kScenario>
Status match_bench(Bench& bench) {
  const u32 new_orders = static_cast<u32>(bench.items_or(2 * kNewOrders) / 2 + 1);
  const std::vector<MatchOp> ops = make_match_workload(kScenario, kSeed, new_orders);
  ReportRing ring;
  std::optional<Engine> engine;
  const auto reset = [&] {
    ring.trades = ring.refused = 0;
    engine.emplace(kTables, ring);
    engine->set_rules(0, {.price_step = kMatchPriceStep});
  };
  bench.measure([&](Run& run) {
    reset();
    run.start();
    for (const MatchOp& op : ops) call(*engine, op);
    run.stop(ops.size());
  });
  bench.note(std::to_string(ring.trades) + " trades, " + std::to_string(ring.refused) +
             " calls refused (dead orders), " + std::to_string(engine->live_orders()) +
             " orders left");
  bench.measure_latency([&](LatencyProbe& probe) {
    reset();
    for (const MatchOp& op : ops) {
      probe.begin();
      call(*engine, op);
      probe.end();
    }
  });
  return Done{};
}

const bool kRegistered[] = {
    register_bench("match", "ns/op", match_bench<MatchScenario::kNormal>),
    register_bench("match-static", "ns/op", match_bench<MatchScenario::kStatic>),
    register_bench("match-flash-crash", "ns/op", match_bench<MatchScenario::kFlashCrash>),
    register_bench("match-burst", "ns/op", match_bench<MatchScenario::kBurst>),
};

}  // namespace
}  // namespace tradsys::bench
