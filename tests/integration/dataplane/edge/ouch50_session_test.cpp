// Goal: what an OUCH 5.0 client asks for beside orders and cancels (modify, options, account
// query), and a mass cancel of the tile, work end to end and over a restart. Method: as
// ouch42_session_test; one client speaks 5.0, one 4.2.
#include "tests/integration/dataplane/edge/session_rack.hpp"

namespace tradsys::testing {
namespace {

namespace in50 = ouch50::inbound;
namespace out50 = ouch50::outbound;
using dataplane::ClientProtocol;
using orders::MassCancelEvent;
using Lines = std::vector<std::string>;

/// "A 1 100": type, reference, and what matters of the rest.
struct LineMaker {
  std::string line;
  void put(char type, u64 ref, const std::string& rest = "") {
    line = std::string(1, type) + " " + std::to_string(ref) + rest;
  }
  static std::string text(u64 n) { return " " + std::to_string(n); }
  void on(out50::OrderAcceptedView m) { put('A', m.user_ref_num(), text(m.quantity())); }
  void on(out50::CanceledView m) { put('C', m.user_ref_num(), text(m.quantity())); }
  void on(out50::OrderExecutedView m) { put('E', m.user_ref_num(), text(m.quantity())); }
  void on(out50::OrderModifiedView m) {
    put('M', m.user_ref_num(), text(m.quantity()) + " " + m.side());
  }
  void on(out50::RejectedOrderView m) {
    put('J', m.user_ref_num(), text(m.rejected_order_reason()));
  }
  void on(out50::CancelRejectView m) { put('I', m.user_ref_num()); }
  void on(out50::AccountQueryResponseView m) { put('Q', m.next_user_ref_num()); }
};
std::string line_of(Bytes message) {
  LineMaker maker;
  if (out50::dispatch(message, maker) != DecodeResult::kOk) return "malformed";
  return maker.line;
}
std::string type_of_42(Bytes message) { return {1, static_cast<char>(message[0])}; }

class Ouch50 : public ::testing::Test {
 protected:
  Ouch50() : rack({ClientProtocol::kOuch50, ClientProtocol::kOuch42}) {
    rack.client(0).to_line = line_of;
    rack.client(1).to_line = type_of_42;
  }
  in50::EnterOrder order(u32 ref, u32 quantity, char side = 'B') const {
    in50::EnterOrder m{};
    m.user_ref_num = ref;
    m.side = side;
    m.quantity = quantity;
    m.symbol = rack.symbol();
    m.price = side == 'B' ? 500'000 : 500'500;
    m.time_in_force = '0';
    m.display = 'Y';
    m.capacity = 'P';
    m.inter_market_sweep_eligibility = 'N';
    m.cross_type = 'N';
    return m;
  }
  static in50::ModifyOrder modify(u32 ref, char side, u32 quantity) {
    in50::ModifyOrder m{};
    m.user_ref_num = ref;
    m.side = side;
    m.quantity = quantity;
    return m;
  }
  template <class... Message>
  Lines answers(const Message&... message) {
    (rack.client(0).say(message), ...);
    rack.run();
    return rack.client(0).told();
  }
  Lines answers_with(const in50::EnterOrder& m, const std::vector<u8>& appendage) {
    rack.client(0).say(m, std::as_bytes(std::span(appendage)));
    rack.run();
    return rack.client(0).told();
  }

  SessionRack rack;
};

TEST_F(Ouch50, AModifyReducesAndAnotherSideIsRefused) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order(1, 100, 'S')), (Lines{"A 1 100"}));
  EXPECT_EQ(answers(modify(1, 'S', 60)), (Lines{"M 1 60 S"}));
  EXPECT_EQ(answers(modify(1, 'T', 60)), (Lines{"I 1"}));
  EXPECT_EQ(answers(modify(1, 'S', 70), modify(9, 'S', 70)), Lines{});
  EXPECT_EQ(rack.tile().desk().malformed(0), 0U);
  rack.client(0).disconnect();
  rack.crash();
  rack.client(0).connect(1);
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(rack.client(0).told(), (Lines{"A 1 100", "M 1 60 S", "I 1"}));
}

TEST_F(Ouch50, OptionsThatChangeNothingPassAndOthersAreRefused) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers_with(order(1, 100), {2, 12, 'N', 5, 3, 0, 0, 0, 0}), (Lines{"A 1 100"}));
  const std::string unsupported = std::to_string(static_cast<u16>(RejectReason::kUnsupported));
  EXPECT_EQ(answers_with(order(2, 100), {2, 12, 'P'}), (Lines{"J 2 " + unsupported}));
  EXPECT_EQ(answers_with(order(3, 100), {2, 99, 'P'}), (Lines{"J 3 " + unsupported}));
}

TEST_F(Ouch50, AnAccountQueryNamesTheNextReferenceAlsoAfterARestart) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(in50::AccountQuery{}), (Lines{"Q 1"}));
  EXPECT_EQ(answers(order(5, 100), order(5, 100), order(4, 100)), (Lines{"A 5 100"}));
  EXPECT_EQ(answers(in50::AccountQuery{}), (Lines{"Q 6"}));
  rack.client(0).disconnect();
  rack.crash();
  rack.client(0).connect(rack.client(0).next_sequence());
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(in50::AccountQuery{}), (Lines{"Q 6"}));
}

TEST_F(Ouch50, AMassCancelTakesWhatItNames) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order(1, 10), order(2, 20, 'S'), order(3, 30)),
            (Lines{"A 1 10", "A 2 20", "A 3 30"}));
  EXPECT_EQ(rack.tile().mass_cancel({.session = 1}).orders, 0U);
  rack.run();
  EXPECT_EQ(rack.client(0).told(), Lines{}) << "orders of another session";
  EXPECT_EQ(rack.tile().mass_cancel({.session = 0, .side = Side::kSell}).orders, 1U);
  rack.run();
  EXPECT_EQ(rack.client(0).told(), (Lines{"C 2 20"}));
  EXPECT_EQ(rack.tile().mass_cancel({.instrument = SessionRack::kInstrument}).orders, 2U);
  EXPECT_EQ(answers(order(4, 40)).size(), 3U) << "two canceled, one accepted after it";
  EXPECT_EQ(rack.tile().engine().core().store().size(), 1U);
}

TEST_F(Ouch50, AnOperatorsMassCancelNamesWhatIsThere) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order(1, 10)), (Lines{"A 1 10"}));
  const std::array<char, 40> amina{"amina"};
  EXPECT_FALSE(rack.tile().mass_cancel({.account = 200}, amina));
  EXPECT_FALSE(rack.tile().mass_cancel({.session = 200}, amina));
  EXPECT_FALSE(rack.tile().mass_cancel({.instrument = 200}, amina));
  EXPECT_FALSE(rack.tile().mass_cancel({.strategy = 200}, amina));
  EXPECT_EQ(rack.tile().engine().core().store().size(), 1U);
  const auto outcome = rack.tile().mass_cancel({.account = 0, .strategy = 0}, amina);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->orders, 1U);
  rack.run();
  EXPECT_EQ(rack.client(0).told(), (Lines{"C 1 10"}));
}

TEST_F(Ouch50, AMassCancelOutlivesACrash) {
  ASSERT_TRUE(rack.come_up());
  EXPECT_EQ(answers(order(1, 10), order(2, 20)).size(), 2U);
  EXPECT_EQ(rack.tile().mass_cancel({.account = 0}).orders, 2U);
  // On disk is the mass cancel, and none of its cancels: they have the numbers after it.
  rack.client(0).disconnect();
  rack.crash_after(orders::EventType::kMassCancel);
  rack.client(0).connect(rack.client(0).next_sequence());
  ASSERT_TRUE(rack.come_up());
  rack.run();
  EXPECT_EQ(rack.tile().engine().core().store().size(), 0U);
  EXPECT_EQ(rack.venue().exchange().live_member_orders(), 0U);
  Lines told = rack.client(0).told();
  std::sort(told.begin(), told.end());
  EXPECT_EQ(told, (Lines{"C 1 10", "C 2 20"}));
  EXPECT_EQ(answers(order(3, 30)), (Lines{"A 3 30"}));
}

}  // namespace
}  // namespace tradsys::testing
