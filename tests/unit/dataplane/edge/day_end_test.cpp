// Goal: a whole edge tile ends its day when the venue's does, tells a FIX client in its own words,
// and leaves alone what is not today's. Method: a FIX client, the simulated venue, virtual time;
// for orders that outlive the day, which that venue does not have, the reports in hand.
#include <gtest/gtest.h>

#include "tests/support/fix/fix_rig.hpp"

namespace tradsys::dataplane {
namespace {

using testing::FixRig;

TEST(DayWatch, WaitsForWhatIsUnderWayAndKeepsTheFirstWord) {
  DayWatch watch;
  EXPECT_FALSE(watch.due({}, Nanos{100 * kSecond.v}));
  watch.heard(orders::DayEndCause::kVenueSession, Nanos{10 * kSecond.v});
  watch.heard(orders::DayEndCause::kFeed, Nanos{11 * kSecond.v});
  EXPECT_EQ(watch.cause(), orders::DayEndCause::kVenueSession);
  EXPECT_FALSE(watch.due({}, Nanos{11 * kSecond.v - 1}));
  EXPECT_FALSE(watch.due(Nanos{10'500'000'000}, Nanos{11 * kSecond.v}));
  EXPECT_TRUE(watch.due(Nanos{10'500'000'000}, Nanos{11'500'000'000}));
}

TEST(DayEnd, OfTheVenueEndsTheDayOnceAndOnlyOnce) {
  FixRig rig(ClientProtocol::kFix44);
  rig.log_on();
  ASSERT_TRUE(rig.order("rests", '1', 300, -50));
  rig.run(50);
  ASSERT_EQ(rig.told("8", "rests").size(), 1U);
  rig.venue().close_day();
  rig.run(500);
  EXPECT_FALSE(rig.tile().day_over()) << "what is under way has its time";
  rig.run(1'000);
  EXPECT_TRUE(rig.tile().day_over());
  EXPECT_EQ(rig.told("8", "rests").size(), 2U) << "canceled by the venue, and not told again";
  EXPECT_EQ(rig.tile().engine().core().store().size(), 0U);
  EXPECT_EQ(rig.tile().engine().core().counters().unknown_reports, 0U);
  const u64 seq = rig.tile().engine().event_seq();
  ASSERT_TRUE(rig.order("late", '1', 100, -50));
  rig.run(2'000);
  ASSERT_EQ(rig.told("8", "late").size(), 1U);
  EXPECT_EQ(rig.told("8", "late")[0].at(103), "2") << "exchange closed";
  EXPECT_GT(rig.tile().engine().event_seq(), seq);
  u32 ends = 0;
  for (const MemoryRecord& record : rig.journal().records())
    ends += record.type == static_cast<u16>(orders::EventType::kDayEnd) ? 1U : 0U;
  EXPECT_EQ(ends, 1U);
  rig.crash();
  EXPECT_TRUE(rig.tile().day_over());
}

TEST(DayEnd, OfAnOperatorWaitsForOrdersThatAreAtTheVenue) {
  FixRig rig(ClientProtocol::kFix44);
  rig.log_on();
  ASSERT_TRUE(rig.order("rests", '1', 300, -50));
  rig.run(50);
  u32 in_the_way = 0;
  EXPECT_FALSE(rig.tile().end_day({}, in_the_way));
  EXPECT_EQ(in_the_way, 1U);
  EXPECT_FALSE(rig.tile().day_over());
  ASSERT_TRUE(rig.cancel("cancel", "rests", '1'));
  rig.run(50);
  EXPECT_TRUE(rig.tile().end_day({}, in_the_way));
  EXPECT_TRUE(rig.tile().day_over());
}

TEST(DayEnd, AFeedThatIsOverBeforeTheVenueWasMetIsYesterdays) {
  FixRig rig(ClientProtocol::kFix44, [](EdgeConfig& c) { ++c.venue.server.port; });
  rig.tile().on_messages_over();
  rig.run(3'000);
  EXPECT_FALSE(rig.tile().day_over());
}

TEST(DayBegin, AnEmptyJournalBeginsHaltedUnlessConfiguredOtherwise) {
  FixRig halted(ClientProtocol::kFix44, [](EdgeConfig& c) { c.begin_active = false; });
  EXPECT_TRUE(halted.tile().killed());
  halted.log_on();
  ASSERT_TRUE(halted.order("A", '1', 100, -50));
  halted.run(50);
  ASSERT_EQ(halted.told("8", "A").size(), 1U);
  EXPECT_EQ(halted.told("8", "A")[0].at(58), "kill");
  FixRig active(ClientProtocol::kFix44, [](EdgeConfig& c) { c.begin_active = true; });
  EXPECT_FALSE(active.tile().killed());
}

TEST(DayBegin, ClientSessionsAreCalledByTheDay) {
  EXPECT_EQ(day_session_name("TRADSYS001", 1), "TRADSYS001");
  EXPECT_EQ(day_session_name("TRADSYS001", 2), "TRADSYS002");
  EXPECT_EQ(day_session_name("TRADSYS001", 1'234), "TRADSYS234");
  EXPECT_EQ(day_session_name("A", 2), "002");
}

TEST(DayEnd, AVenueThatHasNoSuchOrderRefusesGoodTillCanceled) {
  FixRig rig(ClientProtocol::kFix44);
  rig.log_on();
  ASSERT_TRUE(rig.order("gtc", '1', 300, -50, "59=1|"));
  rig.run(50);
  ASSERT_EQ(rig.told("8", "gtc").size(), 1U);
  EXPECT_EQ(rig.told("8", "gtc")[0].at(39), "8");
  EXPECT_EQ(rig.told("8", "gtc")[0].at(59), "1");
  EXPECT_EQ(rig.told("8", "gtc")[0].at(58), "unsupported");
}

/// Adds a record to the rig's journal, as a roll would have written it.
template <class Record>
void write(FixRig& rig, orders::EventType type, const Record& record) {
  rig.journal().push(static_cast<u16>(type), rig.journal().records().back().seq + 1, 1,
                     std::as_bytes(std::span(&record, 1)));
}

TEST(DayBegin, AFixClientFindsItsOrderOfTheDayBefore) {
  FixRig rig(ClientProtocol::kFix44);
  orders::Order order;
  order.order_id = 1'000'000;
  order.client_ref = 5;
  order.qty = 300;
  order.cum_qty = 100;
  order.leaves_qty = 200;
  order.price = order.worst_price = rig.price_at(-50);
  order.instrument = 1;
  order.side = Side::kBuy;
  order.tif = TimeInForce::kGtc;
  write(rig, orders::EventType::kCarriedOrder, order);
  orders::FixCarriedOrderEvent known{.order_number = order.order_id,
                                     .value = u64{100} * order.price,
                                     .symbol = Symbol::from(rig.symbol()).word(),
                                     .client_ref = order.client_ref,
                                     .price = order.price,
                                     .qty = 300,
                                     .cum_qty = 100,
                                     .leaves_qty = 200,
                                     .status = '1',
                                     .id_bytes = 3};
  known.id = {'M', 'O', 'N'};
  write(rig, orders::EventType::kFixCarriedOrder, known);
  rig.clock().advance_by(Nanos{60'000});
  rig.crash();
  rig.run(6'000);
  const auto& store = rig.tile().engine().core().store();
  ASSERT_NE(store.find(order.order_id), nullptr);
  EXPECT_EQ(store.find(order.order_id)->cancel_pending, 0) << "its client is away, as at night";

  rig.log_on();
  ASSERT_TRUE(rig.peer().send_fix("H", "11=MON|54=1|55=" + rig.symbol() + "|"));
  ASSERT_TRUE(rig.order("TUE", '1', 100, -50));
  rig.run(50);
  ASSERT_EQ(rig.told("8", "MON").size(), 1U);
  const testing::FixFields status = rig.told("8", "MON").back();
  EXPECT_EQ(status.at(14), "100");
  EXPECT_EQ(status.at(151), "200");
  EXPECT_EQ(status.at(39), "1");
  EXPECT_EQ(std::stod(status.at(6)), order.price / 10'000.0);
  ASSERT_EQ(rig.told("8", "TUE").size(), 1U);
  EXPECT_EQ(rig.told("8", "TUE").back().at(39), "0");
  EXPECT_GT(rig.tile().engine().core().last_client_ref(0), order.client_ref);
  ASSERT_TRUE(rig.order("MON", '1', 100, -50));
  ASSERT_TRUE(rig.cancel("C", "MON", '1'));
  rig.run(50);
  EXPECT_EQ(rig.told("8", "MON").back().at(103), "6") << "the identifier is taken";
  EXPECT_NE(store.find(order.order_id)->cancel_pending, 0);
}

/// What a client is told, as text with bars.
struct Told {
  FixVersion version;
  std::vector<std::string> messages;
  fix::Writer body;
  void tell(const FixOrder& order, const FixExecution& e) {
    write_execution(body, version, order, e);
    keep("8");
  }
  void refuse(const FixCancelReject& reject) {
    write_cancel_reject(body, version, reject);
    keep("9");
  }
  void keep(const std::string& type) {
    std::string text = "35=" + type + "|" + std::string(body.body());
    for (char& c : text)
      if (c == fix::kSoh) c = '|';
    messages.push_back(text);
  }
  [[nodiscard]] FixNumberText exec_id() const { return {'E', 0, messages.size() + 1}; }
};

class FixDayTest : public ::testing::TestWithParam<FixVersion> {
 protected:
  Told told_{.version = GetParam(), .messages = {}, .body = {}};
  FixReporter<Told> reporter_{told_, {.requests_max = 16}};
  engine::ClientReport report_;

  void SetUp() override {
    orders::FixRequestEvent request{.client_ref = 1, .price = 10'000, .qty = 100, .tif = '1'};
    request.id = {'A'};
    request.id_bytes = 1;
    ASSERT_TRUE(reporter_.apply(request));
    report_ = {.kind = engine::ReportKind::kAccepted, .client_ref = 1, .qty = 100};
    report_.order_number = 7;
    reporter_.on_report(report_, Symbol::from("COMI"));
  }
  std::string say(engine::ReportKind kind) {
    report_.kind = kind;
    reporter_.on_report(report_, Symbol::from("COMI"));
    return told_.messages.back();
  }
};

INSTANTIATE_TEST_SUITE_P(Versions, FixDayTest,
                         ::testing::Values(FixVersion::kFix42, FixVersion::kFix44,
                                           FixVersion::kFix50Sp2));

TEST_P(FixDayTest, AnOrderThatStaysIsDoneForTheDayAndStillLives) {
  const std::string text = say(engine::ReportKind::kDoneForDay);
  for (const char* field : {"|150=3|", "|39=3|", "|59=1|", "|151=100|", "|11=A|"})
    EXPECT_NE(text.find(field), std::string::npos) << field << " in " << text;
  EXPECT_TRUE(reporter_.table().find(1)->live());
}

TEST_P(FixDayTest, AnOrderThatEndsIsExpiredOnce) {
  const std::string text = say(engine::ReportKind::kExpired);
  for (const char* field : {"|150=C|", "|39=C|", "|151=0|"})
    EXPECT_NE(text.find(field), std::string::npos) << field << " in " << text;
  const usize count = told_.messages.size();
  say(engine::ReportKind::kExpired);
  say(engine::ReportKind::kCanceled);
  EXPECT_EQ(told_.messages.size(), count);
}

}  // namespace
}  // namespace tradsys::dataplane
