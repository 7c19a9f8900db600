// Goal: a mass cancel names exactly the orders of its session, account, instrument, strategy and
// side that were there before it, live and in a replay. Method: every combination of the fields
// over orders of every kind, against the definition written out again.
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::engine {
namespace {

using orders::MassCancelEvent;
using orders::Order;

std::vector<Order> every_kind_of_order() {
  std::vector<Order> all;
  for (u16 bits = 0; bits < 16; ++bits) {
    for (const Side side : {Side::kBuy, Side::kSell, Side::kSellShort}) {
      Order o;
      o.order_id = all.size() + 1;
      o.session = bits & 1U;
      o.account = (bits >> 1U) & 1U;
      o.instrument = (bits >> 2U) & 1U;
      o.strategy = static_cast<u8>((bits >> 3U) & 1U);
      o.side = side;
      all.push_back(o);
    }
  }
  return all;
}

TEST(MassCancel, NamesWhatAllOfItsFieldsName) {
  constexpr u16 kAny = MassCancelEvent::kAny;
  u32 combinations = 0;
  for (const u16 session : {u16{1}, kAny})
    for (const u16 account : {u16{1}, kAny})
      for (const u16 instrument : {u16{1}, kAny})
        for (const u16 strategy : {u16{1}, kAny})
          for (const Side side : {Side::kNone, Side::kBuy, Side::kSell}) {
            const MassCancelEvent what{.orders_before = 40,
                                       .session = session,
                                       .account = account,
                                       .instrument = instrument,
                                       .strategy = strategy,
                                       .side = side};
            ++combinations;
            for (const Order& o : every_kind_of_order()) {
              const bool expected =
                  (session == kAny || o.session == 1) && (account == kAny || o.account == 1) &&
                  (instrument == kAny || o.instrument == 1) &&
                  (strategy == kAny || o.strategy == 1) &&
                  (side == Side::kNone || (side == Side::kBuy) == (o.side == Side::kBuy)) &&
                  o.order_id < 40;
              ASSERT_EQ(names(what, o), expected) << o.order_id;
            }
          }
  EXPECT_EQ(combinations, 48U);
}

TEST(MassCancel, IsJournaledBeforeItsCancelsAndSparesWhatComesLater) {
  Appliance a;
  a.open_for_trading();
  for (u32 ref = 1; ref <= 3; ++ref) {
    a.request(Appliance::buy(ref, 100));
    a.venue(ExecKind::kAccepted, ref, 100);
  }
  const MassCancelEvent what = a.engine.mass_cancel({.ts_ns = 7, .session = 0});
  EXPECT_EQ(a.out.records.back().type, orders::EventType::kMassCancel);
  a.request(Appliance::buy(4, 100));
  const auto meant = [&what](const Order& order) { return names(what, order); };
  const auto step = [&](u32 limit) {
    return a.engine.cancel_where(meant, orders::CancelOrigin::kMassCancel, 8, limit);
  };
  EXPECT_EQ(step(2), 2U);
  EXPECT_EQ(step(2), 1U);
  EXPECT_EQ(step(2), 0U);
  EXPECT_EQ(a.out.canceled.size(), 3U);
  EXPECT_EQ(a.engine.core().store().find_client(0, 4)->cancel_pending, 0);

  Appliance again;
  for (const JournalRecord& r : a.out.records)
    ASSERT_EQ(again.engine.replay(r.type, r.seq, r.payload), ReplayStatus::kApplied);
  EXPECT_EQ(again.engine.core().state_hash(), a.engine.core().state_hash());
}

}  // namespace
}  // namespace tradsys::engine
