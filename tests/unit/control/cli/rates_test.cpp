// Goal: `top` shows what happened between two looks, never a rate across a restart.
// Method: two samples with known counters.
#include "control/cli/view/rates.hpp"

#include <gtest/gtest.h>

namespace tradsys::cli {
namespace {

/// A sample whose counters are all `times` their base.
Sample sample(u64 times, i64 at_ms) {
  Sample s;
  s.snapshot.taken = {at_ms * kMillisecond.v};
  s.snapshot.pid = 10;
  s.snapshot.process.packets_received = 1'000 * times;
  s.snapshot.process.packets_sent = 100 * times;
  s.snapshot.process.polls = 8'000 * times;
  s.snapshot.process.busy_polls = 1'000 * times;
  s.snapshot.orders.requests = 60 * times;
  s.snapshot.orders.verdicts[0] = 50 * times;
  s.snapshot.orders.verdicts[3] = 6 * times;
  s.snapshot.orders.verdicts[9] = 4 * times;
  s.snapshot.orders.fills = 20 * times;
  s.snapshot.orders.journal_seq = 500 * times;
  ipc::FeedStatus feed;
  feed.messages = 2'000 * times;
  feed.line_packets[0] = 300 * times;
  feed.line_packets[1] = 310 * times;
  feed.gaps = 2 * times;
  s.snapshot.feeds.push_back({1, feed});
  ipc::StageLatency stage{ipc::Text<24>::from("gate"), {}};
  for (u64 i = 0; i < 10 * times; ++i) stage.latency_ns.record(i < 10 ? 1'000 : 5);
  s.snapshot.stages.push_back(stage);
  for (const char* name : {"AAA", "BBB", "CCC"}) {
    ipc::InstrumentStatus instrument;
    instrument.symbol = Symbol::from(name);
    instrument.traded_qty = name[0] == 'B' ? 40 * times : 1'000'000;
    instrument.trades = name[0] == 'B' ? 2 * times : 5;
    s.instruments.push_back(instrument);
  }
  return s;
}

TEST(Rates, ArePerSecondOfTheInterval) {
  const Rates r = rates_between(sample(1, 0), sample(2, 500), 10);
  EXPECT_EQ(r.interval.v, 500 * kMillisecond.v);
  EXPECT_FALSE(r.restarted);
  EXPECT_EQ(r.packets_received_per_s, 2'000U);
  EXPECT_EQ(r.packets_sent_per_s, 200U);
  EXPECT_EQ(r.busy_permille, 125U);
  EXPECT_EQ(r.requests_per_s, 120U);
  EXPECT_EQ(r.passed_per_s, 100U);
  EXPECT_EQ(r.refused_per_s, 20U);
  EXPECT_EQ(r.fills_per_s, 40U);
  EXPECT_EQ(r.journal_records_per_s, 1'000U);
  ASSERT_EQ(r.feeds.size(), 1U);
  EXPECT_EQ(r.feeds[0].messages_per_s, 4'000U);
  EXPECT_EQ(r.feeds[0].line_packets_per_s[1], 620U);
  EXPECT_EQ(r.feeds[0].new_gaps, 2U);
}

TEST(Rates, ShowLatencyOfTheIntervalOnly) {
  const Rates r = rates_between(sample(1, 0), sample(2, 500), 10);
  ASSERT_EQ(r.stages.size(), 1U);
  EXPECT_EQ(r.stages[0].latency_ns.count(), 10U);
  EXPECT_EQ(r.stages[0].latency_ns.max(), 5U) << "the slow ones came before";
}

TEST(Rates, PutTheMostTradedFirst) {
  const Rates r = rates_between(sample(1, 0), sample(2, 1'000), 2);
  ASSERT_EQ(r.busiest.size(), 2U);
  EXPECT_EQ(r.busiest[0].now.symbol.str(), "BBB");
  EXPECT_EQ(r.busiest[0].traded_qty_per_s, 40U);
  EXPECT_EQ(r.busiest[0].trades_per_s, 2U);
  EXPECT_EQ(r.busiest[1].now.symbol.str(), "AAA");
}

TEST(Rates, AreNotTakenAcrossARestart) {
  Sample after = sample(5, 500);
  after.snapshot.pid = 11;
  const Rates r = rates_between(sample(1, 0), after, 10);
  EXPECT_TRUE(r.restarted);
  EXPECT_EQ(r.packets_received_per_s, 0U);
  EXPECT_EQ(r.feeds[0].messages_per_s, 0U);
  EXPECT_EQ(r.stages[0].latency_ns.count(), 0U);
  Sample same_pid = sample(5, 500);
  same_pid.snapshot.process.started_ns = 7;
  EXPECT_TRUE(rates_between(sample(1, 0), same_pid, 10).restarted);
}

TEST(Rates, StandWithoutAnEarlierLook) {
  const Sample only = sample(3, 100);
  const Rates r = rates_between(only, only, 10);
  EXPECT_EQ(r.packets_received_per_s, 0U);
  EXPECT_EQ(r.busy_permille, 0U);
}

}  // namespace
}  // namespace tradsys::cli
