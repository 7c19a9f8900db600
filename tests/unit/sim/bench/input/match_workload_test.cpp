// Goal: the matching benches measure what they say. Method: counts of a workload against its
// description, and what an engine makes of it: how much trades, how deep the books get in each
// scenario.
#include "sim/bench/input/match_workload.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "hostsw/match/match_engine.hpp"

namespace tradsys::bench {
namespace {

constexpr u32 kOrders = 100'000;

struct Counter : match::NullSink {
  u64 rejected = 0;
  void on_rejected(const match::NewOrder&, RejectReason) noexcept { ++rejected; }
};

struct Outcome {
  u64 rejected = 0;
  u64 trades = 0;
  u32 peak_orders = 0;
};

Outcome play(const std::vector<MatchOp>& ops) {
  Counter sink;
  match::MatchEngine<Counter> engine(
      {.instruments_max = 1, .orders_max = 1U << 16, .price_blocks_max = 1U << 12}, sink);
  engine.set_rules(0, {.price_step = kMatchPriceStep});
  Outcome outcome;
  for (const MatchOp& op : ops) {
    const Side side = op.buy ? Side::kBuy : Side::kSell;
    const TimeInForce tif =
        op.kind == MatchOp::Kind::kImmediate ? TimeInForce::kIoc : TimeInForce::kDay;
    switch (op.kind) {
      case MatchOp::Kind::kCancel:
        engine.cancel(op.order_id, 0);
        break;
      case MatchOp::Kind::kReplace:
        engine.replace(op.order_id, op.new_order_id, op.price, op.qty);
        break;
      default:
        engine.submit({op.order_id, 1, 0, side, OrderType::kLimit, tif, op.price, op.qty});
    }
    outcome.peak_orders = std::max(outcome.peak_orders, engine.live_orders());
  }
  outcome.rejected = sink.rejected;
  outcome.trades = engine.next_match_number() - 1;
  return outcome;
}

TEST(MatchWorkload, HasTheSharesItNames) {
  std::map<MatchOp::Kind, u32> counts;
  for (const MatchOp& op : make_match_workload(MatchScenario::kNormal, 23, kOrders))
    ++counts[op.kind];
  EXPECT_EQ(counts[MatchOp::Kind::kNew] + counts[MatchOp::Kind::kImmediate], kOrders);
  EXPECT_NEAR(counts[MatchOp::Kind::kImmediate], 15'000, 500);
  EXPECT_NEAR(counts[MatchOp::Kind::kCancel], 82'300, 500);
  EXPECT_NEAR(counts[MatchOp::Kind::kReplace], 17'200, 500);
}

TEST(MatchWorkload, SameSeedGivesTheSameCalls) {
  const auto same = [](const MatchOp& a, const MatchOp& b) {
    return a.order_id == b.order_id && a.new_order_id == b.new_order_id && a.price == b.price &&
           a.qty == b.qty && a.kind == b.kind && a.buy == b.buy;
  };
  const auto first = make_match_workload(MatchScenario::kFlashCrash, 5, 10'000);
  const auto again = make_match_workload(MatchScenario::kFlashCrash, 5, 10'000);
  const auto other = make_match_workload(MatchScenario::kFlashCrash, 6, 10'000);
  EXPECT_TRUE(std::equal(first.begin(), first.end(), again.begin(), again.end(), same));
  EXPECT_FALSE(std::equal(first.begin(), first.end(), other.begin(), other.end(), same));
}

TEST(MatchWorkload, ScenariosStressWhatTheyAreNamedFor) {
  const Outcome still = play(make_match_workload(MatchScenario::kStatic, 23, kOrders));
  const Outcome normal = play(make_match_workload(MatchScenario::kNormal, 23, kOrders));
  const Outcome burst = play(make_match_workload(MatchScenario::kBurst, 23, kOrders));
  EXPECT_EQ(still.rejected + normal.rejected + burst.rejected, 0U) << "an order the engine refuses";
  EXPECT_GT(still.peak_orders, normal.peak_orders)
      << "nothing sweeps a book whose mid stands still";
  EXPECT_GT(normal.trades, 4 * still.trades);
  EXPECT_GT(burst.trades, 4 * normal.trades);
}

}  // namespace
}  // namespace tradsys::bench
