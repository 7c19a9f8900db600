// Goal: a FIX client of the edge tile is told the truth of every order, once, in every version:
// over cut connections, restarts that lose the end of the journal, and a reset. Method: a FIX
// initiator on a TCP stack of its own, the simulated venue, virtual time; what the client is told
// is held against the dictionary by its own session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/support/fix/fix_rig.hpp"
#include "tests/unit/hostsw/wire/fix/fix_text.hpp"

namespace tradsys::dataplane {
namespace {

using testing::FixFields;
using testing::FixRig;

class FixClientTest : public ::testing::TestWithParam<ClientProtocol> {
 protected:
  [[nodiscard]] static bool is42() { return GetParam() == ClientProtocol::kFix42; }
  [[nodiscard]] static std::string trade_type(const std::string& state) {
    return is42() ? state : "F";
  }
};

INSTANTIATE_TEST_SUITE_P(Versions, FixClientTest,
                         ::testing::Values(ClientProtocol::kFix42, ClientProtocol::kFix44,
                                           ClientProtocol::kFix50Sp2));

/// Nothing that the client got was against the dictionary, and no ExecID came twice.
void expect_sound(FixRig& rig) {
  EXPECT_EQ(rig.peer().session().counters().rejected, 0U);
  EXPECT_EQ(rig.peer().session().counters().garbled, 0U);
  std::set<std::string> ids;
  for (const FixFields& m : rig.peer().received)
    if (m.at(35) == "8") {
      EXPECT_TRUE(m.contains(11));
      EXPECT_TRUE(ids.insert(m.at(17)).second) << m.at(17);
    }
}

TEST_P(FixClientTest, AnOrderLivesIsReplacedAndCanceled) {
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.peer().session().active());
  ASSERT_TRUE(rig.order("order-with-a-long-name-1", '1', 300, -50, "1=0|"));
  rig.run(20);
  auto told = rig.told("8", "order-with-a-long-name-1");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0][150], "0");
  EXPECT_EQ(told[0][39], "0");
  EXPECT_EQ(told[0][151], "300");
  EXPECT_EQ(told[0][14], "0");

  ASSERT_TRUE(rig.replace("second", "order-with-a-long-name-1", '1', 200, -40));
  rig.run(20);
  told = rig.told("8", "second");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0][150], "5");
  EXPECT_EQ(told[0][41], "order-with-a-long-name-1");
  EXPECT_EQ(told[0][38], "200");
  EXPECT_EQ(told[0][151], "200");

  ASSERT_TRUE(rig.cancel("third", "second", '1'));
  rig.run(20);
  told = rig.told("8", "third");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0][150], "4");
  EXPECT_EQ(told[0][39], "4");
  EXPECT_EQ(told[0][41], "second");
  EXPECT_EQ(told[0][151], "0");

  ASSERT_TRUE(rig.cancel("fourth", "second", '1'));
  ASSERT_TRUE(rig.cancel("fifth", "nobody", '1'));
  rig.run(20);
  ASSERT_EQ(rig.told("9", "fourth").size(), 1U);
  EXPECT_EQ(rig.told("9", "fourth")[0][102], "0");
  EXPECT_EQ(rig.told("9", "fourth")[0][434], "1");
  ASSERT_EQ(rig.told("9", "fifth").size(), 1U);
  EXPECT_EQ(rig.told("9", "fifth")[0][102], "1");
  expect_sound(rig);
}

TEST_P(FixClientTest, FillsAddUp) {
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.order("buy", '1', 1'000, 60));
  rig.run(20);
  auto told = rig.told("8", "buy");
  ASSERT_GE(told.size(), 2U);
  EXPECT_EQ(told[0][150], "0");
  u64 cum = 0;
  double value = 0;
  for (usize i = 1; i < told.size(); ++i) {
    const u64 qty = std::stoull(told[i][32]);
    cum += qty;
    value += static_cast<double>(qty) * std::stod(told[i][31]);
    EXPECT_EQ(std::stoull(told[i][14]), cum);
    EXPECT_EQ(std::stoull(told[i][151]), 1'000 - cum);
    EXPECT_NEAR(std::stod(told[i][6]), value / static_cast<double>(cum), 1e-7);
    EXPECT_EQ(told[i][39], cum == 1'000 ? "2" : "1");
    EXPECT_EQ(told[i][150], trade_type(told[i][39]));
  }
  ASSERT_TRUE(rig.peer().send_fix("H", "11=buy|54=1|55=" + rig.symbol() + "|"));
  ASSERT_TRUE(rig.peer().send_fix("H", "11=never|54=1|55=" + rig.symbol() + "|"));
  rig.run(20);
  ASSERT_EQ(rig.told("8", "never").size(), 1U);
  EXPECT_EQ(rig.told("8", "buy").back()[150], is42() ? told.back()[39] : "I");
  EXPECT_EQ(rig.told("8", "buy").back()[14], std::to_string(cum));
  EXPECT_EQ(rig.told("8", "never").back()[39], "8");
  expect_sound(rig);
}

TEST_P(FixClientTest, RefusalsHaveReasons) {
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.order("large", '1', 90'000, 0));
  ASSERT_TRUE(rig.order("account", '1', 100, 0, "1=7|"));
  ASSERT_TRUE(rig.order("stop", '1', 100, 0, "99=1|"));
  ASSERT_TRUE(rig.order("same", '1', 100, -50));
  rig.run(20);
  ASSERT_TRUE(rig.order("same", '1', 100, -50));
  ASSERT_TRUE(rig.peer().send_fix("V", "262=x|263=0|264=1|267=1|269=0|146=1|55=A|"));
  rig.run(20);
  const auto reason = [&](const std::string& id) {
    const auto told = rig.told("8", id);
    return told.empty() ? std::string("none") : told.back().at(39) + "/" + told.back().at(103);
  };
  EXPECT_EQ(reason("large"), "8/3");
  EXPECT_EQ(reason("account"), is42() ? "8/0" : "8/15");
  EXPECT_EQ(reason("stop"), is42() ? "8/0" : "8/11");
  EXPECT_EQ(reason("same"), "8/6");
  EXPECT_EQ(rig.peer().received.back().at(35), "j");
  EXPECT_EQ(rig.peer().received.back().at(380), "3");
  EXPECT_EQ(rig.tile().engine().core().store().size(), 1U);
  expect_sound(rig);
}

TEST_P(FixClientTest, AMassCancelTakesWhatItMeans) {
  if (is42()) GTEST_SKIP() << "FIX 4.2 has no mass cancel";
  FixRig rig(GetParam());
  rig.log_on();
  for (i64 i = 0; i < 20; ++i) {
    ASSERT_TRUE(rig.order("b" + std::to_string(i), '1', 100, -40 - i));
    ASSERT_TRUE(rig.order("s" + std::to_string(i), '2', 100, 40 + i));
  }
  rig.run(50);
  EXPECT_EQ(rig.tile().engine().core().store().size(), 40U);
  const std::string time = "60=20260721-09:30:00.000|";
  ASSERT_TRUE(rig.peer().send_fix("q", "11=m1|530=1|55=" + rig.symbol() + "|54=2|" + time));
  rig.run(50);
  ASSERT_EQ(rig.told("r", "m1").size(), 1U);
  EXPECT_EQ(rig.told("r", "m1")[0][531], "1");
  EXPECT_EQ(rig.told("r", "m1")[0][533], "20");
  EXPECT_EQ(rig.tile().engine().core().store().size(), 20U);
  EXPECT_EQ(rig.told("8", "s3").back()[39], "4");
  ASSERT_TRUE(rig.peer().send_fix("q", "11=m2|530=7|" + time));
  ASSERT_TRUE(rig.peer().send_fix("q", "11=m3|530=1|55=NOBODY|" + time));
  rig.run(50);
  EXPECT_EQ(rig.told("r", "m2")[0][533], "20");
  EXPECT_EQ(rig.told("r", "m3")[0][531], "0");
  EXPECT_EQ(rig.told("r", "m3")[0][532], "1");
  ASSERT_TRUE(rig.peer().send_fix("q", "11=m4|530=7|54=5|" + time));
  ASSERT_TRUE(rig.peer().send_fix("q", "11=m5|530=3|460=5|" + time));
  rig.run(50);
  ASSERT_EQ(rig.told("r", "m4").size(), 1U);
  ASSERT_EQ(rig.told("r", "m5").size(), 1U);
  EXPECT_EQ(rig.told("r", "m4")[0][532], "99");
  EXPECT_THAT(rig.told("r", "m4")[0][58], ::testing::HasSubstr("Side (54)"));
  EXPECT_EQ(rig.told("r", "m5")[0][532], "0");
  EXPECT_EQ(rig.tile().engine().core().store().size(), 0U);
  expect_sound(rig);
}

TEST_P(FixClientTest, AMassCancelIsJournaledAndSparesWhatIsEnteredBehindIt) {
  if (is42()) GTEST_SKIP() << "FIX 4.2 has no mass cancel";
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.order("before", '1', 100, -50));
  rig.run(20);
  ASSERT_TRUE(rig.peer().send_fix("q", "11=m|530=7|60=20260721-09:30:00.000|"));
  ASSERT_TRUE(rig.order("behind", '1', 100, -51));
  rig.run(50);
  EXPECT_EQ(rig.told("8", "before").back()[39], "4");
  EXPECT_EQ(rig.told("8", "behind").back()[39], "0");
  u32 journaled = 0;
  for (const MemoryRecord& r : rig.journal().records())
    journaled += r.type == static_cast<u16>(orders::EventType::kMassCancel) ? 1U : 0U;
  EXPECT_EQ(journaled, 1U) << "a restart goes on with it";
  expect_sound(rig);
}

TEST_P(FixClientTest, AnOrderWithoutASymbolIsToldSo) {
  if (GetParam() != ClientProtocol::kFix50Sp2) GTEST_SKIP() << "the dictionary requires it";
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.peer().send_fix(
      "D", "11=a|54=1|60=20260721-09:30:00.000|38=100|40=2|44=1.00|22=8|48=NILE|"));
  rig.run(20);
  ASSERT_EQ(rig.told("8", "a").size(), 1U);
  EXPECT_EQ(rig.told("8", "a")[0][39], "8");
  EXPECT_THAT(rig.told("8", "a")[0][58], ::testing::HasSubstr("Symbol (55)"));
  expect_sound(rig);
}

TEST_P(FixClientTest, AChangeNeedsNoSymbol) {
  if (is42()) GTEST_SKIP() << "FIX 4.2 requires it";
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.order("first", '1', 100, -50));
  rig.run(20);
  const std::string side_and_time = "54=1|60=20260721-09:30:00.000|";
  ASSERT_TRUE(rig.peer().send_fix("G", "11=second|41=first|38=200|40=2|44=1.00|" + side_and_time));
  rig.run(20);
  ASSERT_FALSE(rig.told("8", "second").empty());
  EXPECT_EQ(rig.told("8", "second").back()[39], "0");
  EXPECT_EQ(rig.told("8", "second").back()[55], rig.symbol());
  ASSERT_TRUE(rig.peer().send_fix("F", "11=end|41=second|38=200|" + side_and_time));
  rig.run(20);
  ASSERT_FALSE(rig.told("8", "end").empty());
  EXPECT_EQ(rig.told("8", "end").back()[39], "4");
  EXPECT_EQ(rig.told("8", "end").back()[55], rig.symbol());
  expect_sound(rig);
}

TEST_P(FixClientTest, AnOrderIsNamedByOrderIdToo) {
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.order("first", '1', 100, -50));
  ASSERT_TRUE(rig.order("other", '1', 100, -51));
  rig.run(20);
  const auto by_number = [&](const std::string& number, const std::string& original) {
    return "37=" + number + "|41=" + original + "|";
  };
  const std::string number = rig.told("8", "first").at(0)[37];
  const std::string rest = rig.terms('1') + "38=100|";
  ASSERT_TRUE(rig.peer().send_fix("H", "11=NONE|37=" + number + "|54=1|55=" + rig.symbol() + "|"));
  rig.run(20);
  EXPECT_EQ(rig.told("8", "first").size(), 2U) << "status";
  ASSERT_TRUE(rig.peer().send_fix("F", "11=both|" + by_number(number, "other") + rest));
  ASSERT_TRUE(rig.peer().send_fix("F", "11=strange|" + by_number("999999", "NONE") + rest));
  rig.run(20);
  EXPECT_EQ(rig.told("9", "both").at(0)[102], "1") << "two orders are named";
  EXPECT_EQ(rig.told("9", "strange").at(0)[102], "1");
  EXPECT_EQ(rig.tile().engine().core().store().size(), 2U);
  ASSERT_TRUE(rig.peer().send_fix("F", "11=end|" + by_number(number, "NONE") + rest));
  rig.run(20);
  ASSERT_EQ(rig.told("8", "end").size(), 1U);
  EXPECT_EQ(rig.told("8", "end")[0][39], "4");
  EXPECT_EQ(rig.told("8", "end")[0][41], "first");
  expect_sound(rig);
}

TEST_P(FixClientTest, AUserGoesAndComesWithinASession) {
  if (is42()) GTEST_SKIP() << "FIX 4.2 has no users";
  FixRig rig(GetParam());
  rig.log_on();
  u32 asked = 0;
  const auto status = [&](const std::string& type, const std::string& user,
                          const std::string& more = {}) {
    const std::string id = "u" + std::to_string(++asked);
    EXPECT_TRUE(
        rig.peer().send_fix("BE", "923=" + id + "|924=" + type + "|553=" + user + "|" + more));
    rig.run(50);
    for (const FixFields& m : rig.peer().received) {
      if (m.at(35) != "BF" || m.at(923) != id) continue;
      EXPECT_EQ(m.at(553), user);
      EXPECT_FALSE(m.at(927).empty());
      return m.at(926);
    }
    return std::string("no answer");
  };
  ASSERT_TRUE(rig.order("before", '1', 100, -50));
  rig.run(20);
  EXPECT_EQ(status("4", "CLI0"), "1");
  EXPECT_EQ(status("4", "NOBODY"), "3");
  EXPECT_EQ(status("2", "NOBODY"), "3");
  EXPECT_EQ(status("3", "CLI0", "554=a|925=b|"), "6") << "no change of passwords";
  EXPECT_EQ(rig.tile().engine().core().store().size(), 1U);
  EXPECT_EQ(status("2", "CLI0"), "2");
  rig.run(50);
  EXPECT_EQ(rig.told("8", "before").back()[39], "4") << "as at the end of a session";
  EXPECT_EQ(status("4", "CLI0"), "2");
  ASSERT_TRUE(rig.order("without", '1', 100, -50));
  rig.run(20);
  EXPECT_EQ(rig.told("8", "without").at(0)[39], "8");
  EXPECT_EQ(rig.told("8", "without").at(0)[58], "the user is logged off");
  EXPECT_EQ(status("1", "CLI0", "554=WRONG|"), "4");
  EXPECT_EQ(status("1", "CLI0", "554=" + rig.tile().config().clients[0].password + "|"), "1");
  ASSERT_TRUE(rig.order("after", '1', 100, -50));
  rig.run(100);
  EXPECT_EQ(rig.told("8", "after").back()[39], "0");
  EXPECT_EQ(rig.tile().engine().core().counters().requests, 2U);
  expect_sound(rig);
}

TEST_P(FixClientTest, HaltsAreNewsAndComeAgainAfterACrash) {
  FixRig rig(GetParam());
  rig.log_on();
  const auto news = [&] {
    std::vector<FixFields> found;
    for (const FixFields& m : rig.peer().received)
      if (m.at(35) == "B") found.push_back(m);
    return found;
  };
  EXPECT_TRUE(news().empty()) << "the states of the day's begin are no news";
  rig.set_state('H');
  rig.run(20);
  rig.set_state('H');
  rig.run(20);
  ASSERT_EQ(news().size(), 1U) << "said twice, told once";
  EXPECT_EQ(news()[0].at(148), "Trading halted: " + rig.symbol());
  EXPECT_EQ(news()[0].at(is42() ? 46 : 55), rig.symbol());
  EXPECT_EQ(news()[0].at(146), "1");
  const std::string number = news()[0].at(34);
  rig.peer().cut();
  rig.run(50);
  rig.set_state('T');
  rig.run(20);
  rig.log_on();
  EXPECT_EQ(news().size(), 1U) << "who is away hears nothing";
  rig.set_state('P');
  rig.run(5);
  rig.peer().cut();
  rig.peer().received.clear();
  rig.crash();
  rig.peer().begin_again(std::stoull(number));
  rig.log_on();
  ASSERT_EQ(news().size(), 2U) << "told again from the journal";
  EXPECT_EQ(news()[0].at(34), number);
  EXPECT_EQ(news()[0].at(148), "Trading halted: " + rig.symbol());
  EXPECT_EQ(news()[1].at(148), "Trading paused: " + rig.symbol());
  expect_sound(rig);
}

TEST_P(FixClientTest, OrdersEndWithTheirConnectionAndTheClientHearsOfItLater) {
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.order("left", '1', 100, -50));
  rig.run(20);
  EXPECT_EQ(rig.tile().engine().core().store().size(), 1U);
  rig.peer().cut();
  rig.run(100);
  EXPECT_EQ(rig.tile().engine().core().store().size(), 0U);
  EXPECT_EQ(rig.told("8", "left").size(), 1U);
  rig.log_on();
  ASSERT_EQ(rig.told("8", "left").size(), 2U);
  EXPECT_EQ(rig.told("8", "left")[1][39], "4");
  EXPECT_EQ(rig.told("8", "left")[1][43], "Y");
  expect_sound(rig);
}

TEST_P(FixClientTest, PendingStatesAreToldWhereWanted) {
  FixRig rig(GetParam(), [](EdgeConfig& c) { c.clients[0].fix.pending_reports = true; });
  rig.log_on();
  ASSERT_TRUE(rig.order("a", '1', 100, -50));
  rig.run(20);
  ASSERT_TRUE(rig.replace("b", "a", '1', 200, -50));
  rig.run(20);
  ASSERT_TRUE(rig.cancel("c", "b", '1'));
  rig.run(20);
  EXPECT_EQ(rig.told("8", "b").at(0)[39], "E");
  EXPECT_EQ(rig.told("8", "b").at(1)[150], "5");
  EXPECT_EQ(rig.told("8", "c").at(0)[39], "6");
  EXPECT_EQ(rig.told("8", "c").at(1)[39], "4");
  expect_sound(rig);
}

TEST_P(FixClientTest, WhoDoesNotReadIsNotWaitedFor) {
  FixRig rig(GetParam(), [](EdgeConfig& c) {
    c.clients[0].fix.waiting_max = 20;
    c.clients[0].cancel_on_disconnect = false;
    c.client_net.tcp.send_ring_bytes = 4'096;
  });
  rig.log_on();
  rig.peer().deaf = true;
  for (u32 i = 0; i < 100; ++i) ASSERT_TRUE(rig.order("o" + std::to_string(i), '1', 100, -50));
  rig.run(50);
  EXPECT_EQ(rig.client().slow_disconnects(), 1U);
  EXPECT_FALSE(rig.client().logged_on());
  rig.peer().deaf = false;
  rig.run(100);
  rig.log_on();
  rig.run(200);
  for (u32 i = 0; i < 100; ++i) EXPECT_EQ(rig.told("8", "o" + std::to_string(i)).size(), 1U) << i;
  expect_sound(rig);
}

TEST_P(FixClientTest, ASecondLoginIsRefused) {
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.peer().session().active());
  EXPECT_EQ(rig.client().counters().logins, 1U);
  testing::FixPeer* const first = &rig.peer();
  const net::ConnId other = first->connect_beside();
  rig.run(200);
  EXPECT_TRUE(first->session().active());
  EXPECT_TRUE(first->was_closed(other));
  EXPECT_EQ(rig.client().counters().rejected_logins, 1U);
}

TEST_P(FixClientTest, AResetStartsBothAtOne) {
  FixRig rig(GetParam());
  rig.log_on();
  ASSERT_TRUE(rig.order("a", '1', 100, -50));
  rig.run(20);
  rig.peer().session().logout();
  rig.run(100);
  EXPECT_FALSE(rig.client().logged_on());
  rig.peer().reset();
  rig.log_on();
  ASSERT_TRUE(rig.peer().session().active());
  EXPECT_EQ(rig.peer().session().numbers().next_out, 2U);
  ASSERT_TRUE(rig.order("b", '1', 100, -50));
  rig.run(20);
  EXPECT_EQ(rig.told("8", "b").size(), 1U);
  rig.crash();
  rig.peer().stay();
  rig.log_on();
  EXPECT_TRUE(rig.peer().session().active());
  ASSERT_TRUE(rig.order("c", '1', 100, -50));
  rig.run(20);
  EXPECT_EQ(rig.told("8", "c").size(), 1U);
  expect_sound(rig);
}

// The rig begins at 09:30:00 UTC.
TEST_P(FixClientTest, ItsHoursEndASessionAndTheNextDayBeginsAtOne) {
  FixRig rig(GetParam(), [](EdgeConfig& config) {
    config.clients[0].cancel_on_disconnect = false;
    config.clients[0].fix.hours =
        SessionHours{*parse_time_of_day("09:30:08"), *parse_time_of_day("09:30:04")};
  });
  rig.log_on();
  ASSERT_TRUE(rig.peer().session().active()) << "the day that began yesterday";
  ASSERT_TRUE(rig.order("yesterday", '1', 100, -50));
  rig.run(20);
  EXPECT_EQ(rig.told("8", "yesterday").size(), 1U);
  const u64 sent = rig.client().next_seq();
  rig.cut_and_return();
  ASSERT_TRUE(rig.peer().session().active());
  EXPECT_GT(rig.client().next_seq(), sent) << "numbers go on within a day";
  rig.run(4'000);
  EXPECT_FALSE(rig.client().logged_on());
  EXPECT_EQ(rig.peer().session().counters().rejected, 0U) << "a logout ended it";
  rig.log_on();
  EXPECT_FALSE(rig.peer().session().active()) << "closed until 09:30:08";
  EXPECT_GE(rig.client().counters().rejected_logins, 1U);
  rig.run(4'000);

  rig.peer().begin_day();
  rig.log_on();
  ASSERT_TRUE(rig.peer().session().active());
  EXPECT_EQ(rig.peer().session().numbers().next_out, 2U);
  EXPECT_EQ(rig.client().next_seq(), 2U);
  ASSERT_TRUE(rig.order("today", '1', 100, -50));
  rig.run(20);
  EXPECT_EQ(rig.told("8", "today").size(), 1U);
  rig.crash();
  rig.log_on();
  ASSERT_TRUE(rig.peer().session().active()) << "the journal knows which day has begun";
  ASSERT_TRUE(rig.cancel("end", "yesterday", '1'));
  rig.run(20);
  EXPECT_EQ(rig.told("8", "end").size(), 1U) << "orders of the day before are still its own";
  expect_sound(rig);
}

TEST_P(FixClientTest, AFieldThatCannotBePassedOnIsRefusedByItsNumber) {
  FixRig rig(GetParam());
  rig.log_on();
  for (const std::string& field :
       {std::string("168=20260721-10:00:00"), std::string("15=USD"), std::string("110=50"),
        std::string("111=50"), std::string("114=Y"), std::string("18=G")}) {
    const std::string tag = field.substr(0, field.find('='));
    ASSERT_TRUE(rig.order("t" + tag, '1', 100, -50, field + "|"));
    rig.run(20);
    const auto told = rig.told("8", "t" + tag);
    ASSERT_EQ(told.size(), 1U) << field;
    EXPECT_EQ(told[0].at(39), "8") << field;
    EXPECT_EQ(told[0].at(58), "field " + tag + " is not taken");
  }
  ASSERT_TRUE(rig.order("other", '1', 100, -50, "22=8|48=DUNE|"));
  ASSERT_TRUE(rig.order("same", '1', 100, -50, "22=8|48=" + rig.symbol() + "|"));
  rig.run(20);
  ASSERT_EQ(rig.told("8", "other").size(), 1U);
  EXPECT_EQ(rig.told("8", "other")[0].at(58), "field 48 is not taken");
  EXPECT_EQ(rig.told("8", "same")[0].at(39), "0") << "names the instrument once more";
  ASSERT_TRUE(rig.order("plain", '1', 100, -50, "110=0|114=N|58=note|"));
  rig.run(20);
  ASSERT_EQ(rig.told("8", "plain").size(), 1U);
  EXPECT_EQ(rig.told("8", "plain")[0].at(39), "0");
  ASSERT_TRUE(rig.peer().send_fix(
      "G", "41=plain|11=hidden|" + rig.handling() + rig.terms('1') +
               "38=100|40=2|111=10|44=" + rig.decimal(rig.price_at(-50)) + "|"));
  rig.run(20);
  ASSERT_EQ(rig.told("9", "hidden").size(), 1U);
  EXPECT_EQ(rig.told("9", "hidden")[0].at(58), "field 111 is not taken");
  expect_sound(rig);
}

TEST_P(FixClientTest, ACancelWithoutAPlaceInTheTableStillCancels) {
  FixRig rig(GetParam(), [](EdgeConfig& c) { c.clients[0].fix.requests_max = 8; });
  rig.log_on();
  for (u32 i = 0; i < 8; ++i) ASSERT_TRUE(rig.order("o" + std::to_string(i), '1', 100, -50));
  rig.run(20);
  ASSERT_TRUE(rig.order("much", '1', 100, -50));
  ASSERT_TRUE(rig.cancel("end", "o3", '1'));
  rig.run(20);
  EXPECT_EQ(rig.told("8", "much").at(0)[39], "8");
  ASSERT_EQ(rig.told("8", "o3").size(), 2U);
  EXPECT_EQ(rig.told("8", "o3")[1][39], "4");
  EXPECT_EQ(rig.tile().engine().core().store().size(), 7U);
  expect_sound(rig);
}

TEST(FixExecutionText, AFillWhileACancelIsPendingIsAFillInEveryVersion) {
  FixOrder order;
  order.qty = 100;
  order.cum_qty = 40;
  order.leaves_qty = 60;
  const FixExecution fill{.exec_type = 'F', .status = fix_status::kPendingCancel, .last_qty = 40};
  const auto text_of = [&](FixVersion version) {
    fix::Writer out;
    write_execution(out, version, order, fill);
    return testing::with_bars(out.body());
  };
  EXPECT_NE(text_of(FixVersion::kFix42).find("|150=1|39=6|"), std::string::npos)
      << text_of(FixVersion::kFix42);
  EXPECT_NE(text_of(FixVersion::kFix44).find("|150=F|39=6|"), std::string::npos);
  order.cum_qty = 100;
  EXPECT_NE(text_of(FixVersion::kFix42).find("|150=2|39=6|"), std::string::npos);
}

/// The crash takes the record of an order, but not the venue's refusal of it.
TEST_P(FixClientTest, ARefusalOfALostOrderIsToldAsTheVenueSaidIt) {
  FixRig rig(GetParam(), [](EdgeConfig& c) { c.clients[0].cancel_on_disconnect = false; });
  rig.log_on();
  const std::string off_the_tick = rig.decimal(rig.price_at(-50) + 10);  // of the venue alone
  ASSERT_TRUE(rig.peer().send_fix(
      "D", "11=lost|" + rig.handling() + rig.terms('1') + "38=100|40=2|44=" + off_the_tick + "|"));
  rig.steps(2);  // less than a commit takes
  ASSERT_EQ(rig.tile().engine().core().counters().requests, 1U);
  rig.crash();
  EXPECT_EQ(rig.tile().engine().core().counters().requests, 0U) << "its record is gone";
  EXPECT_EQ(rig.tile().engine().core().counters().adopted, 1U);
  EXPECT_TRUE(rig.told("8", "lost").empty()) << "its ClOrdID is not known yet";
  rig.log_on();
  const auto told = rig.told("8", "lost");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].at(39), "8");
  EXPECT_EQ(told[0].at(58), "refused by the venue");
  expect_sound(rig);
}

/// Orders under way, connections cut and crashes that lose the end of the journal at every moment:
/// in the end every order has exactly one end, and the numbers fit.
TEST_P(FixClientTest, NothingIsLostOrDoubledOverCrashes) {
  FixRig rig(GetParam(), [](EdgeConfig& c) { c.clients[0].cancel_on_disconnect = false; });
  rig.log_on();
  u32 next = 0;
  for (u32 round = 0; round < 12; ++round) {
    for (u32 burst = 0; burst < 10; ++burst) {
      for (u32 i = 0; i < 3; ++i, ++next) {
        rig.order("o" + std::to_string(next), next % 2 == 0 ? '1' : '2', 100,
                  next % 2 == 0 ? 60 : -60);
      }
      rig.steps(1 + (round * 7 + burst) % 11);
    }
    if (round % 3 == 2)
      rig.crash();
    else
      rig.peer().cut();
    rig.run(50);
    rig.log_on();
    rig.run(100);
    ASSERT_TRUE(rig.peer().session().active()) << "round " << round;
  }
  rig.run(500);
  u32 ends = 0;
  for (u32 i = 0; i < next; ++i) {
    u32 ended = 0;
    std::string trail;
    for (FixFields& m : rig.told("8", "o" + std::to_string(i))) {
      trail += m[150] + "/" + m[39] + (m.contains(58) ? "(" + m[58] + ") " : " ");
      ended += m[39] == "2" || m[39] == "4" || m[39] == "8" ? 1U : 0U;
    }
    EXPECT_LE(ended, 1U) << i << ": " << trail;
    EXPECT_FALSE(trail.empty()) << i;
    ends += ended;
  }
  EXPECT_EQ(ends + rig.tile().engine().core().store().size(), next);
  EXPECT_EQ(rig.peer().session().numbers().next_in, rig.client().next_seq());
  EXPECT_EQ(rig.peer().session().numbers().next_out, rig.client().session().numbers().next_in);
  expect_sound(rig);
}

}  // namespace
}  // namespace tradsys::dataplane
