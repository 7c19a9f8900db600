// Goal: a replay of the journal rebuilds the state bit by bit, wherever the crash was, and notices
// a record that does not belong. Method: random traffic, then a replay of every prefix boundary.
#include <cstdlib>

#include "hostsw/core/random.hpp"
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::engine {
namespace {

u64 seed_from_environment() {
  const char* given = std::getenv("TRADSYS_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 1;
}

// Random requests, cancels and venue answers in any order that a venue could send them.
void random_traffic(Appliance& a, Random& random, int steps, std::vector<u64>& hashes) {
  u32 next_ref = 1;
  for (int step = 0; step < steps; ++step) {
    std::vector<orders::Order> live;
    a.engine.core().store().for_each([&](const orders::Order& order) { live.push_back(order); });
    const orders::Order* pick = live.empty() ? nullptr : &live[random.below(live.size())];
    switch (random.below(6)) {
      case 0: {
        ClientRequest r = Appliance::buy(next_ref++, static_cast<u32>(1 + random.below(500)));
        if (random.below(2) != 0) r.side = Side::kSell;
        a.request(r);
        break;
      }
      case 1:
        if (pick)
          a.request(Appliance::replace(pick->client_ref, next_ref++,
                                       static_cast<u32>(1 + random.below(500))));
        break;
      case 2:
        if (pick && random.below(3) == 0)
          a.engine.modify(0, pick->client_ref, pick->side,
                          static_cast<u32>(1 + random.below(pick->qty)), 1'500);
        else if (pick)
          a.engine.cancel(0, pick->client_ref, 0, 1'500);
        break;
      case 3:
        if (pick && pick->state == orders::OrderState::kPendingNew) {
          a.venue(random.below(10) ? ExecKind::kAccepted : ExecKind::kRejected, pick->order_id,
                  pick->qty);
        } else if (pick && pick->pending_order_id != 0 && pick->pending_qty > pick->cum_qty) {
          a.venue_replaced(pick->order_id, pick->pending_order_id,
                           pick->pending_qty - pick->cum_qty);
        }
        break;
      case 4:
        if (pick && pick->state == orders::OrderState::kLive) {
          a.venue(ExecKind::kFilled, pick->order_id,
                  static_cast<u32>(1 + random.below(pick->leaves_qty)));
        }
        break;
      default:
        if (pick && pick->state == orders::OrderState::kLive) {
          a.venue(ExecKind::kCanceled, pick->order_id, pick->leaves_qty);
        }
    }
    if (step % 50 == 0) a.engine.checkpoint(3'000);
    hashes.resize(a.out.records.size(), a.engine.core().state_hash());
  }
}

TEST(Replay, RebuildsTheSameStateAfterEveryRecord) {
  const u64 seed = seed_from_environment();
  SCOPED_TRACE(::testing::Message() << "TRADSYS_SEED=" << seed);
  Random random(seed);
  Appliance live;
  live.open_for_trading();
  std::vector<u64> hashes(live.out.records.size(), live.engine.core().state_hash());
  random_traffic(live, random, 5'000, hashes);
  ASSERT_GT(live.engine.core().counters().replaced, 20U);
  ASSERT_GT(live.engine.core().counters().filled_orders, 3U);
  Appliance again;
  for (const JournalRecord& record : live.out.records) {
    ASSERT_EQ(again.engine.replay(record.type, record.seq, record.payload), ReplayStatus::kApplied)
        << "record " << record.seq;
  }
  EXPECT_EQ(again.engine.core().state_hash(), live.engine.core().state_hash());
  EXPECT_EQ(again.engine.event_seq(), live.engine.event_seq());
  EXPECT_EQ(again.exposure(), live.exposure());
  EXPECT_EQ(again.out.reports.size(), live.out.reports.size());
  EXPECT_TRUE(again.out.entered.empty()) << "a replay sends nothing";
}

TEST(Replay, NoticesAMissingRecord) {
  Random random(7);
  Appliance live;
  live.open_for_trading();
  std::vector<u64> hashes;
  random_traffic(live, random, 300, hashes);
  live.engine.checkpoint(4'000);
  usize victim = 0;
  for (usize i = 0; i < live.out.records.size(); ++i) {
    if (live.out.records[i].type == orders::EventType::kVenue) victim = i;
  }
  Appliance again;
  ReplayStatus status = ReplayStatus::kApplied;
  for (usize i = 0; i < live.out.records.size() && status == ReplayStatus::kApplied; ++i) {
    const JournalRecord& record = live.out.records[i];
    if (i != victim) status = again.engine.replay(record.type, record.seq, record.payload);
  }
  EXPECT_NE(status, ReplayStatus::kApplied);
}

TEST(Replay, RefusesRecordsOfTheWrongSize) {
  Appliance a;
  const std::byte few[8]{};
  EXPECT_EQ(a.engine.replay(orders::EventType::kEnter, 1, few), ReplayStatus::kBadRecord);
  EXPECT_EQ(a.engine.replay(orders::EventType{99}, 1, few), ReplayStatus::kBadRecord);
}

}  // namespace
}  // namespace tradsys::engine
