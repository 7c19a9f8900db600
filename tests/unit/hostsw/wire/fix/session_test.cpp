// Goal: both sides of a FIX session keep the rules of the session level in every version: logon,
// numbers, gaps, resends, heartbeats, rejects, end. Method: a client and a server of ours in
// virtual time, and single messages by hand. What a foreign peer expects is in
// tests/conformance/fix.
#include "hostsw/wire/fix/session.hpp"

#include <gtest/gtest.h>

#include "tests/support/fix_pair.hpp"
#include "tests/unit/hostsw/wire/fix/fix_text.hpp"

namespace tradsys::fix {
namespace {

using testing::bytes_of;
using testing::fix_config;
using testing::FixPair;
using testing::with_bars;

class FixSession : public ::testing::TestWithParam<Dialect> {
 protected:
  FixPair pair_{GetParam()};
  /// A message of the client, by hand, with the time of now.
  void by_hand(const std::string& type, u64 sequence, const std::string& rest = "",
               const std::string& sender = "CLIENT") {
    by_hand_to(pair_.server, type, sequence, rest, sender);
  }
  void by_hand_to(testing::FixSide& server, const std::string& type, u64 sequence,
                  const std::string& rest = "", const std::string& sender = "CLIENT") {
    char time[kTimestampBytesMax];
    const std::string now(time, format_timestamp(pair_.now, 3, time));
    const std::string frame = testing::fix_message(
        "8=" + GetParam().begin_string + "|35=" + type + "|34=" + std::to_string(sequence) +
        "|49=" + sender + "|52=" + now + "|56=SERVER|" + rest);
    server.session.on_bytes(bytes_of(frame), pair_.now);
  }
  [[nodiscard]] std::string last_of_server() const { return with_bars(pair_.server.sent.back()); }
  void send_orders(u32 count) {
    for (u32 i = 0; i < count; ++i)
      EXPECT_TRUE(
          pair_.client.session.send_application("D", FixPair::order(std::to_string(++orders_))));
  }
  u32 orders_ = 0;
};

TEST_P(FixSession, LogsOnAndOffFromEitherSide) {
  pair_.connect();
  EXPECT_TRUE(pair_.client.session.active());
  EXPECT_TRUE(pair_.server.session.active());
  EXPECT_EQ(pair_.client.logons, 1U);
  pair_.client.session.logout("good night");
  pair_.carry();
  EXPECT_EQ(pair_.client.reasons, (std::vector{CloseReason::kLoggedOut}));
  EXPECT_EQ(pair_.server.reasons, (std::vector{CloseReason::kLoggedOut}));
  pair_.connect();
  EXPECT_TRUE(pair_.client.session.active());
  EXPECT_EQ(pair_.client.session.numbers(), pair_.server.session.numbers());
  EXPECT_EQ(pair_.client.session.numbers().next_out, 4U);  // two logons and a logout
}

TEST_P(FixSession, DeliversInOrderAndAfterACutOnceMore) {
  pair_.connect();
  send_orders(3);
  pair_.carry();
  send_orders(2);
  pair_.cut();  // the two are lost
  pair_.connect();
  send_orders(1);
  pair_.carry();
  EXPECT_EQ(pair_.server.told, (std::vector<std::string>{"1", "2", "3", "4", "5", "6"}));
  EXPECT_EQ(pair_.client.session.counters().resent, 2U);
  EXPECT_EQ(pair_.server.session.counters().resend_requests, 1U);
}

TEST_P(FixSession, AsksForAGapInWindowsWhereConfigured) {
  SessionConfig server = fix_config(Role::kAcceptor, GetParam());
  server.resend_window = 10;
  FixPair pair(fix_config(Role::kInitiator, GetParam()), server);
  pair.connect();
  for (u32 i = 1; i <= 35; ++i)
    EXPECT_TRUE(pair.client.session.send_application("D", FixPair::order(std::to_string(i))));
  pair.cut();
  pair.connect();
  pair.carry();
  EXPECT_EQ(pair.server.told.size(), 35U);
  EXPECT_EQ(pair.server.session.counters().resend_requests, 4U);
  EXPECT_EQ(pair.server.session.numbers().next_in, pair.client.session.numbers().next_out);
}

TEST_P(FixSession, WhatTheStoreLostBecomesAGapFill) {
  pair_.connect();
  pair_.client.store.restart(pair_.client.session.numbers().next_out);
  const u64 first = pair_.client.session.numbers().next_out;
  send_orders(2);
  pair_.client.outbox.clear();
  pair_.client.store.restart(first + 2);  // a ring that has turned over
  send_orders(1);
  pair_.carry();
  EXPECT_EQ(pair_.server.told, (std::vector<std::string>{"3"}));
  EXPECT_EQ(pair_.server.session.numbers().next_in, first + 3);
}

TEST_P(FixSession, KeepsTheLineAliveAndNoticesADeadPeer) {
  pair_.connect();
  pair_.wait(65'000);
  EXPECT_TRUE(pair_.client.session.active());
  EXPECT_EQ(pair_.client.types_sent().substr(1, 2), "00");
  for (i64 i = 0; i < 720; ++i) {  // the client says nothing any more
    pair_.now = pair_.now + Nanos{100'000'000};
    pair_.server.session.on_timer(pair_.now);
    pair_.server.outbox.clear();
  }
  EXPECT_NE(pair_.server.types_sent().find('1'), std::string::npos);
  EXPECT_EQ(pair_.server.reasons, (std::vector{CloseReason::kTimeout}));
}

TEST_P(FixSession, GivesUpOnAPeerThatNeverLogsOnOrOff) {
  pair_.server.session.start(pair_.now);
  pair_.wait(10'000);
  EXPECT_EQ(pair_.server.reasons, (std::vector{CloseReason::kTimeout}));
  pair_.connect();
  pair_.server.session.logout();
  for (i64 i = 0; i < 20; ++i) {
    pair_.now = pair_.now + Nanos{100'000'000};
    pair_.server.session.on_timer(pair_.now);
  }
  EXPECT_EQ(pair_.server.reasons.back(), CloseReason::kTimeout);
}

TEST_P(FixSession, ResetsBothSidesWhenTheLogonAsksForIt) {
  pair_.connect();
  send_orders(5);
  pair_.carry();
  pair_.cut();
  SessionConfig config = fix_config(Role::kInitiator, GetParam());
  config.reset_on_logon = true;
  testing::FixSide fresh(config);
  pair_.server.session.start(pair_.now);
  fresh.session.start(pair_.now);
  pair_.move(fresh, pair_.server);
  pair_.move(pair_.server, fresh);
  EXPECT_TRUE(fresh.session.active());
  EXPECT_EQ(pair_.server.session.numbers(), (SequenceNumbers{2, 2}));
  EXPECT_NE(last_of_server().find("|141=Y|"), std::string::npos);
}

TEST_P(FixSession, RefusesAResetThatItDidNotAskFor) {
  pair_.connect();
  send_orders(3);
  pair_.cut();
  pair_.client.session.start(pair_.now);
  char time[kTimestampBytesMax];
  const std::string now(time, format_timestamp(pair_.now, 3, time));
  const std::string version = GetParam().default_appl_ver_id.empty() ? "" : "1137=9|";
  const std::string logon =
      testing::fix_message("8=" + GetParam().begin_string + "|35=A|34=1|49=SERVER|52=" + now +
                           "|56=CLIENT|98=0|108=30|141=Y|" + version);
  pair_.client.session.on_bytes(bytes_of(logon), pair_.now);
  EXPECT_EQ(pair_.client.reasons.back(), CloseReason::kLogonRefused);
  EXPECT_EQ(pair_.client.session.numbers().next_out, 6U);  // two logons, three orders: kept
}

TEST_P(FixSession, RefusesTheWrongPeer) {
  const auto closed_by = [&](const std::string& type, const std::string& rest,
                             const std::string& sender) {
    pair_.server.session.start(pair_.now);
    by_hand(type, 1, rest, sender);
    return pair_.server.session.closed() ? pair_.server.reasons.back() : CloseReason::kLoggedOut;
  };
  const std::string logon =
      GetParam().default_appl_ver_id.empty() ? "98=0|108=30|" : "98=0|108=30|1137=9|";
  EXPECT_EQ(closed_by("0", "", "CLIENT"), CloseReason::kNotALogon);
  EXPECT_EQ(closed_by("A", logon, "STRANGER"), CloseReason::kLogonRefused);
  EXPECT_EQ(closed_by("A", "98=0|", "CLIENT"), CloseReason::kLogonRefused);
  pair_.server.lets_in = false;
  EXPECT_EQ(closed_by("A", logon, "CLIENT"), CloseReason::kLogonRefused);
  EXPECT_TRUE(pair_.server.sent.empty());
  pair_.server.lets_in = true;
  pair_.now = pair_.now + Nanos{1};
  closed_by("A", logon, "CLIENT");
  EXPECT_TRUE(pair_.server.session.active());
}

TEST_P(FixSession, EndsWhenANumberComesAgainWithoutPossDup) {
  pair_.connect();
  by_hand("0", 1);
  EXPECT_EQ(pair_.server.reasons, (std::vector{CloseReason::kSequenceTooLow}));
  EXPECT_NE(last_of_server().find("58=MsgSeqNum too low, expecting 2 but received 1|"),
            std::string::npos);
}

TEST_P(FixSession, RejectsWithReasonAndGoesOn) {
  pair_.connect();
  by_hand("D", 2, "11=x|40=1|54=1|55=COMI|60=20260721-09:30:00|21=1|59=z|");
  EXPECT_NE(last_of_server().find("|45=2|58=Value is incorrect (out of range) for this tag|371=59|"
                                  "372=D|373=5|"),
            std::string::npos)
      << last_of_server();
  by_hand("B", 3, "148=news|33=1|58=text|");
  EXPECT_NE(last_of_server().find("35=j|"), std::string::npos);
  by_hand("E", 4, "66=list|");
  EXPECT_NE(last_of_server().find("|45=4|58=Unsupported Message Type|372=E|380=3|"),
            std::string::npos);
  by_hand("D", 5, "11=ok|40=1|54=1|55=COMI|60=20260721-09:30:00|21=1|");
  EXPECT_EQ(pair_.server.told, (std::vector<std::string>{"ok"}));
  EXPECT_TRUE(pair_.server.session.active());
}

TEST_P(FixSession, LeavesTheReasonOutWhereTheVersionHasNoNumberForIt) {
  pair_.connect();
  by_hand("D", 2, "11=x|40=1|40=2|54=1|55=COMI|60=20260721-09:30:00|21=1|");
  const bool has_code = last_of_server().find("|373=13|") != std::string::npos;
  EXPECT_EQ(has_code, GetParam().begin_string != "FIX.4.2") << last_of_server();
}

TEST_P(FixSession, EndsAfterWrongNamesOrTimes) {
  pair_.connect();
  by_hand("0", 2, "", "STRANGER");
  EXPECT_EQ(pair_.server.types_sent(), "A35");
  by_hand("5", 3);
  EXPECT_EQ(pair_.server.reasons, (std::vector{CloseReason::kLoggedOut}));
  EXPECT_EQ(pair_.server.session.numbers().next_in, 4U);
}

TEST_P(FixSession, ATransportWithoutRoomLosesNothing) {
  pair_.connect();
  pair_.client.room = 0;
  send_orders(3);  // kept, not sent
  pair_.client.room = SIZE_MAX;
  send_orders(1);
  pair_.carry();
  EXPECT_EQ(pair_.server.told, (std::vector<std::string>{"1", "2", "3", "4"}));
}

TEST_P(FixSession, AResendThatDoesNotFitGoesOnLater) {
  pair_.connect();
  send_orders(50);
  pair_.cut();
  pair_.client.room = 1'000;
  pair_.connect();
  pair_.wait(2'000);
  EXPECT_EQ(pair_.server.told.size(), 50U);
}

TEST_P(FixSession, SaysPossResendAgainWhenItIsResent) {
  pair_.connect();
  EXPECT_TRUE(pair_.client.session.send_application("D", FixPair::order("1"), true));
  send_orders(1);
  pair_.cut();
  pair_.client.sent.clear();
  pair_.connect();
  const auto resent = [&](usize i) { return with_bars(pair_.client.sent.at(i)); };
  EXPECT_NE(resent(1).find("|43=Y|"), std::string::npos) << resent(1);
  EXPECT_NE(resent(1).find("|97=Y|"), std::string::npos) << resent(1);
  EXPECT_NE(resent(2).find("|43=Y|"), std::string::npos) << resent(2);
  EXPECT_EQ(resent(2).find("|97=Y|"), std::string::npos) << resent(2);
}

TEST_P(FixSession, FillsAGapOfMillionsAtOnce) {
  constexpr u64 kNext = 4'000'000'000'000;  // one by one this would take hours
  pair_.connect();
  testing::FixSide old(fix_config(Role::kAcceptor, GetParam()), {2, kNext});
  old.session.start(pair_.now);
  pair_.server.session.on_disconnected();
  pair_.client.session.on_disconnected();
  pair_.client.session.start(pair_.now);
  pair_.move(pair_.client, old);
  EXPECT_TRUE(old.session.send_application("8", FixPair::order("x")));
  old.outbox.clear();
  by_hand_to(old, "2", 3, "7=5|16=0|");
  EXPECT_EQ(old.types_sent().substr(2),
            "4"
            "8");
  EXPECT_NE(with_bars(old.sent.at(2)).find("|36=" + std::to_string(kNext + 1) + "|123=Y|"),
            std::string::npos)
      << with_bars(old.sent.at(2));
}

TEST_P(FixSession, RefusesAnApplicationVersionThatIsNotItsOwn) {
  if (GetParam().default_appl_ver_id.empty()) return;
  pair_.server.session.start(pair_.now);
  by_hand("A", 1, "98=0|108=30|1137=7|");
  EXPECT_EQ(pair_.server.reasons, (std::vector{CloseReason::kLogonRefused}));
  EXPECT_NE(last_of_server().find("|58=DefaultApplVerID is not supported, expecting FIX.5.0SP2|"),
            std::string::npos)
      << last_of_server();
  pair_.server.session.start(pair_.now);
  by_hand("A", 1, "98=0|108=30|1137=9|");
  const std::string order = with_bars(FixPair::order("1"));
  by_hand("D", 2, "1128=9|" + order);
  by_hand("D", 3, "1128=6|" + order);
  EXPECT_EQ(pair_.server.told, (std::vector<std::string>{"1"}));
  EXPECT_NE(last_of_server().find("|58=ApplVerID is not supported, expecting FIX.5.0SP2|"),
            std::string::npos);
  EXPECT_NE(last_of_server().find("|371=1128|"), std::string::npos);
  EXPECT_TRUE(pair_.server.session.active());
}

TEST_P(FixSession, RefusesDataWithoutItsLength) {
  pair_.connect();
  by_hand("D", 2, with_bars(FixPair::order("1")) + "355=x|");
  EXPECT_NE(last_of_server().find("|371=354|"), std::string::npos) << last_of_server();
  EXPECT_TRUE(pair_.server.told.empty());
}

TEST_P(FixSession, SaysNamesAndPasswordAsConfigured) {
  SessionConfig client = fix_config(Role::kInitiator, GetParam());
  client.sender_sub_id = "DESK";
  client.target_sub_id = "GATE";
  client.username = "user";
  client.password = "secret";
  SessionConfig server = fix_config(Role::kAcceptor, GetParam());
  server.username = "not said";
  FixPair pair(client, server);
  pair.connect();
  const std::string logon = with_bars(pair.client.sent.at(0));
  EXPECT_NE(logon.find("|49=CLIENT|50=DESK|"), std::string::npos) << logon;
  EXPECT_NE(logon.find("|56=SERVER|57=GATE|"), std::string::npos) << logon;
  EXPECT_NE(logon.find("|553=user|554=secret|"), std::string::npos) << logon;
  if (GetParam().begin_string == "FIX.4.2") return;  // its logon has no such fields
  EXPECT_EQ(with_bars(pair.server.sent.at(0)).find("|553="), std::string::npos);
  EXPECT_TRUE(pair.client.session.active());
}

TEST_P(FixSession, TheOwnerKeepsStaleOrdersFromBeingResent) {
  pair_.connect();
  send_orders(2);
  pair_.now = pair_.now + Nanos{20'000'000'000};
  pair_.client.session.on_timer(pair_.now);
  send_orders(1);
  pair_.client.stale_before = pair_.now;
  pair_.cut();
  pair_.connect();
  EXPECT_EQ(pair_.server.told, (std::vector<std::string>{"3"}));
  EXPECT_EQ(pair_.client.session.counters().resent, 1U);
  EXPECT_EQ(pair_.server.session.numbers().next_in, pair_.client.session.numbers().next_out);
}

INSTANTIATE_TEST_SUITE_P(Versions, FixSession,
                         ::testing::Values(dialect_fix42(), dialect_fix44(), dialect_fix50sp2()),
                         [](const auto& version) {
                           std::string name = version.param.begin_string;
                           std::erase(name, '.');
                           return name;
                         });

}  // namespace
}  // namespace tradsys::fix
