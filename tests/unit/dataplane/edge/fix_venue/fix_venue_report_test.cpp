// Goal: whatever a FIX venue says of an order, in any version, becomes the one thing that it means
// for the order as we know it; what cannot be understood is named and nothing is made up. Method:
// messages as texts, read and held against an order.
#include "dataplane/edge/fix_venue/fix_venue_report.hpp"

#include <gtest/gtest.h>

#include "dataplane/edge/fix_venue/fix_venue_meaning.hpp"
#include "tests/unit/dataplane/edge/fix_venue/venue_texts.hpp"

namespace tradsys::dataplane {
namespace {

constexpr const char* kId = "T0020030000025000015";  // of venue_test_order()
constexpr const char* kNextId = "T0020030000026000016";

struct Outcome {
  FixVenueReport said;
  FixVenueMeaning meaning;
  orders::VenueReport report;
};

Outcome outcome_of(const std::string& fields, const orders::Order* order,
                   const std::string& type = "8") {
  const VenueText text("35=" + type + "|34=2|49=V|52=20260721-09:30:00|56=T|" + fields);
  EXPECT_TRUE(text.parsed) << fields;
  Outcome outcome;
  outcome.said = read_fix_venue_report(text.message);
  outcome.meaning = outcome.said.says == FixVenueSays::kStatus && order != nullptr
                        ? meaning_of_status(outcome.said, *order, outcome.report)
                        : meaning_of(outcome.said, order, outcome.report);
  return outcome;
}
Outcome live(const std::string& fields) {
  const orders::Order order = venue_test_order();
  return outcome_of(std::string("11=") + kId + "|" + fields, &order);
}
orders::Order replacing() {
  orders::Order order = venue_test_order();
  order.pending_order_id = 42;
  order.pending_client_ref = 78;
  order.pending_qty = 150;
  order.pending_price = 820'000;
  order.cum_qty = 20;
  order.leaves_qty = 80;
  return order;
}

TEST(FixVenueReport, AnAcceptedOrderBringsAllThatAnAdoptionNeeds) {
  const Outcome o = outcome_of(std::string("11=") + kId +
                                   "|37=V17|17=1|150=0|39=0|55=COMI|54=5|38=100|44=81.50|59=3|"
                                   "151=100|14=0|6=0|528=P|",
                               nullptr);
  EXPECT_TRUE(o.meaning.tells);
  EXPECT_EQ(o.report.kind, ExecKind::kAccepted);
  EXPECT_EQ(o.report.order_id, 41U);
  EXPECT_EQ(o.report.qty, 100U);
  EXPECT_EQ(o.report.price, 815'000U);
  EXPECT_EQ(o.report.side, Side::kSellShort);
  EXPECT_EQ(o.report.tif, TimeInForce::kIoc);
  EXPECT_EQ(o.report.capacity, 'P');
  EXPECT_EQ(o.said.symbol, Symbol::from("COMI"));
  EXPECT_EQ(engine::decode_token(o.report.clordid), (engine::VenueToken{2, 3, 77}));
  EXPECT_FALSE(is_said_number(o.report.venue_order_number)) << "V17 is a text";
  EXPECT_EQ(live("17=1|150=0|39=0|38=70|151=0|14=0|").report.qty, 70U) << "open is not said";
}

TEST(FixVenueReport, TradesOfEveryVersion) {
  for (const char* type : {"1", "2", "F"}) {
    const Outcome o =
        live(std::string("17=4711|20=0|150=") + type + "|39=1|32=40.0|31=81.4900|151=60|14=40|");
    EXPECT_TRUE(o.meaning.tells) << type;
    EXPECT_EQ(o.report.kind, ExecKind::kFilled);
    EXPECT_EQ(o.report.qty, 40U);
    EXPECT_EQ(o.report.price, 814'900U);
    EXPECT_EQ(o.report.match_number, 4'711U);
  }
}

TEST(FixVenueReport, ATradeIsNeverDroppedBecauseOfItsPrice) {
  const Outcome o = live("17=A|150=F|39=1|32=40|31=81.123456|151=60|14=40|");
  EXPECT_TRUE(o.meaning.tells);
  EXPECT_TRUE(o.meaning.malformed);
  EXPECT_EQ(o.report.qty, 40U);
  EXPECT_EQ(o.report.price, 815'000U) << "the order's";
  EXPECT_FALSE(live("17=A|150=F|39=1|31=81|151=60|14=40|").meaning.tells) << "no quantity";
  EXPECT_TRUE(live("17=A|150=F|39=1|31=81|151=60|14=40|").meaning.malformed);
}

TEST(FixVenueReport, TradesAreTakenBackAndCorrectedByTheirExecId) {
  const std::string of_trade = "17=9|19=E77|32=30|31=80|39=1|151=60|14=40|";
  for (const char* bust : {"150=H|", "20=1|150=1|"}) {
    const Outcome o = live(of_trade + bust);
    EXPECT_EQ(o.report.kind, ExecKind::kBusted) << bust;
    EXPECT_EQ(o.report.match_number, number_of_text("E77"));
  }
  for (const char* correction : {"150=G|", "20=2|150=1|"}) {
    const Outcome o = live(of_trade + correction);
    EXPECT_EQ(o.report.kind, ExecKind::kCorrected) << correction;
    EXPECT_EQ(o.report.qty, 30U);
    EXPECT_EQ(o.report.price, 800'000U);
  }
  EXPECT_TRUE(live("17=9|32=30|31=80|39=1|150=H|").meaning.malformed) << "of which trade?";
}

TEST(FixVenueReport, AllThatIsLeftIsCanceledByWhomeverAndExpires) {
  const orders::Order order = venue_test_order();
  const std::string cancel_id(id_of_cancel(41, 5).view());
  const Outcome asked =
      outcome_of("11=" + cancel_id + "|41=" + kId + "|17=9|150=4|39=4|151=0|14=0|", &order);
  EXPECT_EQ(asked.report.kind, ExecKind::kCanceled);
  EXPECT_EQ(asked.report.order_id, 41U);
  EXPECT_EQ(asked.report.qty, 100U);
  EXPECT_EQ(asked.report.reason, 'U');
  EXPECT_EQ(live("17=9|150=4|39=4|151=0|14=0|").report.reason, 'S') << "unsolicited";
  EXPECT_EQ(live("17=9|150=C|39=C|151=0|14=0|").report.reason, 'T');
  EXPECT_EQ(live("17=9|150=3|39=3|151=0|14=0|").report.kind, ExecKind::kCanceled);
  EXPECT_EQ(live("17=9|150=4|39=4|59=3|151=0|14=0|").report.reason, 'I');
}

TEST(FixVenueReport, WhatIsGoodTillCanceledIsDoneForTheDayAndLivesOn) {
  orders::Order order = venue_test_order();
  order.tif = TimeInForce::kGtc;
  const std::string id = std::string("11=") + kId + "|17=9|";
  EXPECT_FALSE(outcome_of(id + "150=3|39=3|151=0|14=0|", &order).meaning.tells);
  const Outcome status = outcome_of(id + "150=I|39=3|151=100|14=0|", &order);
  EXPECT_FALSE(status.meaning.tells);
  EXPECT_FALSE(status.meaning.differs);
  EXPECT_TRUE(outcome_of(id + "150=I|39=3|151=60|14=40|", &order).meaning.differs);
  order.state = orders::OrderState::kPendingNew;
  const Outcome there = outcome_of(id + "150=I|39=3|151=100|14=0|", &order);
  EXPECT_EQ(there.report.kind, ExecKind::kAccepted) << "the venue has it";
}

TEST(FixVenueReport, AFillUnderAPendingReportIsATradeOnce) {
  orders::Order order = venue_test_order();
  const std::string fill = std::string("11=") + kId + "|17=9|32=40|31=81.5|151=60|14=40|";
  for (const char* type : {"150=6|39=6|", "150=E|39=E|"}) {
    const Outcome o = outcome_of(fill + type, &order);
    ASSERT_TRUE(o.meaning.tells) << type;
    EXPECT_EQ(o.report.kind, ExecKind::kFilled);
    EXPECT_EQ(o.report.qty, 40U);
  }
  order.cum_qty = 40;
  EXPECT_FALSE(outcome_of(fill + "150=6|39=6|", &order).meaning.tells) << "is known";
}

TEST(FixVenueReport, AReplaceNamesWhatItReplacedAndItsQuantityFollowsWhereItIsNotSaid) {
  const orders::Order order = replacing();
  const std::string ids = std::string("11=") + kNextId + "|41=" + kId + "|17=9|150=5|";
  const Outcome o = outcome_of(ids + "39=1|44=82.5|151=125|14=25|", &order);
  EXPECT_EQ(o.report.kind, ExecKind::kReplaced);
  EXPECT_EQ(o.report.order_id, 42U);
  EXPECT_EQ(o.report.previous_order_id, 41U);
  EXPECT_EQ(o.report.qty, 125U);
  EXPECT_EQ(o.report.price, 825'000U);
  const Outcome bare = outcome_of(ids + "39=1|151=0|14=20|", &order);
  EXPECT_EQ(bare.report.qty, 130U);
  EXPECT_EQ(bare.report.price, 820'000U);
  EXPECT_EQ(outcome_of(ids + "39=2|151=0|14=150|", &order).report.qty, 0U) << "nothing is left";
}

TEST(FixVenueReport, RefusalsOfOrdersReplacesAndCancels) {
  const orders::Order order = replacing();
  const Outcome refused = live("17=9|150=8|39=8|103=3|151=0|14=0|");
  EXPECT_EQ(refused.report.kind, ExecKind::kRejected);
  EXPECT_EQ(refused.report.reason, 'D');
  const Outcome replace = outcome_of(
      std::string("37=1|11=") + kNextId + "|41=" + kId + "|39=1|434=2|102=0|", &order, "9");
  EXPECT_EQ(replace.report.kind, ExecKind::kRejected);
  EXPECT_EQ(replace.report.order_id, 42U);
  const std::string cancel_id(id_of_cancel(41, 5).view());
  const Outcome cancel =
      outcome_of("37=1|11=" + cancel_id + "|41=" + kId + "|39=2|434=1|102=1|", &order, "9");
  EXPECT_EQ(cancel.report.kind, ExecKind::kCancelRejected);
  EXPECT_EQ(cancel.report.order_id, 41U);
  EXPECT_TRUE(cancel.said.unknown_order);
}

TEST(FixVenueReport, WhatIsPendingChangesNothing) {
  for (const char* type : {"A", "E", "6", "7", "9", "B"})
    EXPECT_FALSE(live(std::string("17=9|39=A|151=100|14=0|150=") + type + "|").meaning.tells)
        << type;
  EXPECT_TRUE(live("17=9|39=0|151=100|14=0|150=Z|").meaning.malformed);
  EXPECT_TRUE(live("17=9|39=0|151=100|14=0|").meaning.malformed);
}

TEST(FixVenueReport, ARestatementReducesAndNeverEnlarges) {
  const Outcome less = live("17=9|150=D|39=0|44=81.5|151=60|14=0|378=5|");
  EXPECT_EQ(less.report.kind, ExecKind::kCanceled);
  EXPECT_EQ(less.report.qty, 40U);
  EXPECT_FALSE(less.meaning.differs);
  const Outcome more = live("17=9|150=D|39=0|44=81.5|151=160|14=0|");
  EXPECT_FALSE(more.meaning.tells);
  EXPECT_TRUE(more.meaning.differs);
  EXPECT_TRUE(live("17=9|150=D|39=0|44=80|151=100|14=0|").meaning.differs) << "another price";
  EXPECT_FALSE(live("17=9|150=D|39=0|151=0|14=0|").meaning.tells) << "live with nothing left";
}

TEST(FixVenueReport, AStatusSaysWhatIsMissingAndRaisesWhatDiffers) {
  const std::string same = "17=0|150=I|39=0|44=81.5|151=100|14=0|";
  EXPECT_FALSE(live(same).meaning.tells);
  EXPECT_FALSE(live(same).meaning.differs);
  EXPECT_EQ(live("17=0|20=3|150=0|39=0|151=100|14=0|").said.says, FixVenueSays::kStatus) << "4.2";
  EXPECT_TRUE(live("17=0|150=I|39=1|44=81.5|151=60|14=40|").meaning.differs);
  EXPECT_TRUE(live("17=0|150=I|39=0|44=82|151=100|14=0|").meaning.differs);
  const Outcome filled = live("17=0|150=I|39=2|151=0|14=100|");
  EXPECT_TRUE(filled.meaning.differs);
  EXPECT_FALSE(filled.meaning.tells) << "trades are not made up";
  const Outcome gone = live("17=0|150=I|39=8|103=5|151=0|14=0|");
  EXPECT_TRUE(gone.meaning.differs);
  EXPECT_EQ(gone.report.kind, ExecKind::kCanceled);

  for (const char* status : {"A", "E", "6", "7", "9"}) {
    const Outcome waits = live(std::string("17=0|150=I|151=0|14=0|39=") + status + "|");
    EXPECT_FALSE(waits.meaning.tells || waits.meaning.differs) << status;
  }

  orders::Order unanswered = venue_test_order();
  unanswered.state = orders::OrderState::kPendingNew;
  const std::string id = std::string("11=") + kId + "|";
  const Outcome never = outcome_of(id + "17=0|150=I|39=8|103=5|151=0|14=0|", &unanswered);
  EXPECT_EQ(never.report.kind, ExecKind::kRejected);
  EXPECT_FALSE(never.meaning.differs);
  const Outcome there = outcome_of(id + same, &unanswered);
  EXPECT_TRUE(there.meaning.tells);
  EXPECT_EQ(there.report.kind, ExecKind::kAccepted);

  const orders::Order order = replacing();
  const Outcome replace = outcome_of(std::string("11=") + kNextId + "|17=0|150=I|39=8|", &order);
  EXPECT_EQ(replace.report.kind, ExecKind::kRejected);
  EXPECT_EQ(replace.report.order_id, 42U);
}

TEST(FixVenueReport, WhatIsNotOursNamesNoOrder) {
  const Outcome o = outcome_of("11=BROKER7|17=1|150=F|39=2|32=1|31=1|151=0|14=1|", nullptr);
  EXPECT_TRUE(o.meaning.tells);
  EXPECT_EQ(o.report.order_id, 0U) << "the engine raises an alarm";
}

TEST(FixVenueReport, NumbersAreKeptAndTextsAreHashed) {
  EXPECT_EQ(number_of_text("123456789012345678"), 123'456'789'012'345'678U);
  EXPECT_EQ(number_of_text(""), 0U);
  EXPECT_NE(number_of_text("0"), 0U);
  EXPECT_NE(number_of_text("007"), number_of_text("7"));
  EXPECT_NE(number_of_text("E1"), number_of_text("E2"));
  EXPECT_FALSE(is_said_number(number_of_text("1234567890123456789")));
  EXPECT_EQ(cl_ord_id_in("1=A\x01"
                         "11=X\x01"
                         "55=C\x01"),
            "X");
  EXPECT_EQ(cl_ord_id_in("111=A\x01"), "");
}

}  // namespace
}  // namespace tradsys::dataplane
