// Goal: a drop copy in FIX has all that happens to the orders of its accounts, whoever sent them
// and in whatever protocol, once and in order, with whose they are, and each trade as a trade
// capture report; over cut connections, crashes and from any number on; and it has no word. Method:
// a FIX client, one that the test speaks for, the strategy's session and readers of every version
// at one edge tile, in virtual time; what a reader is told is held against the dictionary by its
// session.
#include <gtest/gtest.h>

#include <set>

#include "tests/support/fix/fix_rig.hpp"

namespace tradsys::dataplane {
namespace {

using testing::FixFields;
using testing::FixRig;

constexpr std::array kVersions{ClientProtocol::kFix42, ClientProtocol::kFix44,
                               ClientProtocol::kFix50Sp2};

DropCopyConfig copy_of(ClientProtocol protocol, u16 place, std::vector<u16> accounts = {}) {
  DropCopyConfig copy;
  copy.user = "COPY" + std::to_string(place);
  copy.password = "SECRET";
  copy.tcp_port = static_cast<u16>(9'301 + place);
  copy.accounts = std::move(accounts);
  copy.protocol = protocol;
  copy.fix.sender_comp_id = "TRADSYS";
  copy.fix.target_comp_id = "RISK" + std::to_string(place);
  copy.fix.check_password = protocol != ClientProtocol::kFix42;
  return copy;
}

/// A reader of every version, and one of an account that nobody has.
void all_readers(EdgeConfig& config) {
  config.clients[0].cancel_on_disconnect = false;
  config.drop_copies.clear();
  for (u16 i = 0; i < kVersions.size(); ++i) config.drop_copies.push_back(copy_of(kVersions[i], i));
  config.drop_copies.push_back(copy_of(ClientProtocol::kFix44, 3, {7}));
}

std::vector<FixFields> messages(testing::FixPeer& reader, std::string_view type) {
  std::vector<FixFields> found;
  for (const FixFields& m : reader.received)
    if (m.at(35) == type) found.push_back(m);
  return found;
}

/// Nothing is against the dictionary, no ExecID comes twice, every message has whose it is.
void expect_sound(testing::FixPeer& reader, bool fix42) {
  EXPECT_EQ(reader.session().counters().rejected, 0U);
  EXPECT_EQ(reader.session().counters().garbled, 0U);
  std::set<std::string> ids;
  for (const FixFields& m : messages(reader, "8")) {
    EXPECT_TRUE(ids.insert(m.at(17)).second) << m.at(17);
    EXPECT_EQ(m.at(1), "0");
    EXPECT_EQ(m.at(fix42 ? 109 : 448), "CLI0") << "user";
    EXPECT_EQ(m.contains(797) ? m.at(797) : "", fix42 ? "" : "Y");
  }
  ids.clear();
  for (const FixFields& m : messages(reader, "AE")) {
    EXPECT_TRUE(ids.insert(m.at(571)).second) << m.at(571);
    EXPECT_EQ(m.at(797), "Y");
  }
}

/// What happened, without identifiers of the stream.
std::string story_of(testing::FixPeer& reader) {
  std::string story;
  for (const FixFields& m : reader.received) {
    if (m.at(35) != "8") continue;
    for (const i32 tag : {11, 41, 14, 151, 32, 31, 6, 37, 17})
      story += m.contains(tag) ? m.at(tag) + "," : ",";
    story += "\n";
  }
  return story;
}

class FixDropCopyTest : public ::testing::TestWithParam<ClientProtocol> {};
INSTANTIATE_TEST_SUITE_P(Clients, FixDropCopyTest, ::testing::ValuesIn(kVersions));

TEST_P(FixDropCopyTest, HasWhatHappensToTheOrdersOfEveryFixClient) {
  FixRig rig(GetParam(), all_readers);
  rig.log_on();
  rig.log_on_readers();
  ASSERT_TRUE(rig.order("rests", '1', 300, -50));
  ASSERT_TRUE(rig.order("trades", '1', 1'000, 60));
  ASSERT_TRUE(rig.order("refused", '1', 90'000, 0));
  rig.run(20);
  ASSERT_TRUE(rig.replace("second", "rests", '1', 200, -40));
  rig.run(20);
  ASSERT_TRUE(rig.cancel("third", "second", '1'));
  rig.run(50);
  const u32 fills = static_cast<u32>(rig.told("8", "trades").size()) - 1;
  ASSERT_GE(fills, 1U);
  for (usize r = 0; r < kVersions.size(); ++r) {
    SCOPED_TRACE(r);
    testing::FixPeer& reader = rig.reader(r);
    const bool fix42 = r == 0;
    expect_sound(reader, fix42);
    EXPECT_EQ(messages(reader, "8").size(), 5 + fills) << "as the client was told";
    EXPECT_EQ(story_of(reader), story_of(rig.reader(1)));
    const std::vector<FixFields> trades = messages(reader, "AE");
    ASSERT_EQ(trades.size(), fix42 ? 0 : fills);
    for (usize i = 0; i < trades.size(); ++i) {
      FixFields trade = trades[i];
      FixFields report = rig.told("8", "trades")[i + 1];
      EXPECT_EQ(trade[571], report[17]) << "named as the execution that the client was told of";
      for (const i32 tag : {11, 17, 31, 32, 37, 54, 55}) EXPECT_EQ(trade[tag], report[tag]) << tag;
      EXPECT_EQ(trade[487], "0");
      EXPECT_EQ(trade[552], "1");
      EXPECT_EQ(trade[1], "0");
      EXPECT_EQ(trade[448], "CLI0");
      EXPECT_EQ(trade[75], trade[60].substr(0, 8));
      EXPECT_EQ(trade[571], "T" + trade[880] + "." + trade[37]);
    }
  }
  EXPECT_TRUE(rig.reader(3).received.empty()) << "another account";
}

TEST_P(FixDropCopyTest, NothingIsLostOrDoubledOverCutsAndCrashes) {
  FixRig rig(GetParam(), all_readers);
  rig.log_on();
  rig.log_on_readers();
  for (u32 round = 0; round < 9; ++round) {
    for (u32 i = 0; i < 8; ++i) {
      const bool buys = i % 2 == 0;
      rig.order("o" + std::to_string(round) + "-" + std::to_string(i), buys ? '1' : '2', 100,
                buys ? 60 : -60);
      rig.steps(1 + (round * 7 + i) % 11);
    }
    if (round % 3 == 2)
      rig.crash();
    else
      rig.reader(round % 3).cut();
    rig.run(50);
    if (round % 3 == 2) rig.log_on();
    for (usize r = 0; r < kVersions.size(); ++r)
      if (!rig.reader(r).connected()) rig.reader(r).connect();
    rig.run(100);
  }
  rig.run(200);
  u64 fills = 0;
  for (const FixFields& m : rig.peer().received)
    fills += m.at(35) == "8" && m.contains(31) ? 1U : 0U;
  EXPECT_GT(fills, 40U);
  for (usize r = 0; r < kVersions.size(); ++r) {
    SCOPED_TRACE(r);
    testing::FixPeer& reader = rig.reader(r);
    ASSERT_TRUE(reader.session().active());
    expect_sound(reader, r == 0);
    EXPECT_EQ(story_of(reader), story_of(rig.reader(1)));
    EXPECT_EQ(messages(reader, "AE").size(), r == 0 ? 0 : fills);
    const auto& copy = *rig.tile().desk().fix().copies().copy(static_cast<u16>(r));
    EXPECT_EQ(reader.session().numbers().next_in, copy.next_seq());
  }
}

TEST_P(FixDropCopyTest, IsToldAgainFromAnyNumber) {
  FixRig rig(GetParam(), all_readers);
  rig.log_on();
  ASSERT_TRUE(rig.order("early", '1', 1'000, 60));
  rig.run(50);
  rig.crash();
  rig.log_on_readers();  // for the first time: everything is asked for again
  rig.run(50);
  const usize told = messages(rig.reader(1), "8").size();
  EXPECT_EQ(told, rig.told("8", "early").size());
  for (const FixFields& m : messages(rig.reader(1), "AE")) EXPECT_EQ(m.at(43), "Y");
}

TEST_P(FixDropCopyTest, HasNoWord) {
  FixRig rig(GetParam(), all_readers);
  rig.log_on();
  ASSERT_TRUE(rig.order("own", '1', 100, -50));
  rig.run(20);
  rig.log_on_readers();
  for (usize r = 0; r < kVersions.size(); ++r) {
    SCOPED_TRACE(r);
    testing::FixPeer& reader = rig.reader(r);
    const std::string terms = rig.terms('1');
    ASSERT_TRUE(reader.send_fix("D", "11=x|21=1|" + terms + "38=100|40=2|44=1|"));
    ASSERT_TRUE(reader.send_fix("G", "11=y|41=own|21=1|" + terms + "38=100|40=2|44=1|"));
    ASSERT_TRUE(reader.send_fix("F", "11=z|41=own|" + terms + "38=100|"));
    rig.run(20);
    const std::vector<FixFields> refused = messages(reader, "j");
    ASSERT_EQ(refused.size(), 3U);
    EXPECT_EQ(refused[0].at(372), "D");
    EXPECT_EQ(refused[0].at(380), r == 0 ? "0" : "6");
    EXPECT_NE(refused[0].at(58).find("drop copy"), std::string::npos);
    EXPECT_EQ(refused[2].at(45), std::to_string(reader.session().numbers().next_out - 1));
    EXPECT_EQ(rig.tile().desk().fix().copies().copy(static_cast<u16>(r))->refused(), 3U);
  }
  EXPECT_EQ(rig.tile().engine().core().store().size(), 1U);
  EXPECT_EQ(rig.tile().engine().core().counters().requests, 1U);
}

}  // namespace
}  // namespace tradsys::dataplane
