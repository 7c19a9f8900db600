// Goal: login, replay, heartbeats, silence, end and logout of SoupBinTCP sessions, and that no
// misuse of the protocol does more than close the session. Method: both state machines joined by a
// pipe in virtual time; raw packets by hand where a conforming peer would not send them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/seed.hpp"
#include "tests/support/soup_harness.hpp"

namespace tradsys::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace tradsys::testing;

const std::string kHeartbeatUp("\0\1R", 3);

TEST(SoupSession, LogsInWithTheBytesOfTheDocument) {
  SoupPair pair;
  pair.server.start(pair.now);
  pair.client.start(soup_login("user", "secret", 0), pair.now);
  EXPECT_EQ(pair.client_side.sent,
            std::string("\0\x2FLuser  secret              ", 29) + std::string(19, ' ') + "0");
  pair.server.on_bytes(bytes_of(pair.client_side.sent), pair.now);
  EXPECT_EQ(pair.server_side.sent,
            std::string("\0\x1F", 2) + "A      DAY1" + std::string(19, ' ') + "1");
  pair.client.on_bytes(bytes_of(pair.server_side.sent), pair.now);
  EXPECT_TRUE(pair.client.logged_in());
  EXPECT_THAT(pair.client_side.events, ElementsAre("accepted 1"));
}

TEST(SoupSession, CarriesMessagesBothWaysWhateverTheCuts) {
  Random random(test_seed(1));
  SoupPair pair;
  pair.connect();
  std::vector<std::string> expected;
  for (u32 i = 0; i < 300; ++i) {
    expected.push_back(std::string(random.below(50), 'x') + std::to_string(i));
    EXPECT_TRUE(pair.client.send_unsequenced(bytes_of(expected.back()), pair.now));
    EXPECT_EQ(pair.server.send_sequenced(bytes_of(expected.back()), pair.now), i + 1);
    if (random.chance(300'000)) pair.exchange(&random);
  }
  pair.exchange(&random);
  EXPECT_EQ(pair.client_side.messages, expected);
  EXPECT_EQ(pair.server_side.messages, expected);
  EXPECT_EQ(pair.client_side.faults, 0U);
  EXPECT_EQ(pair.client.next_sequence(), 301U);
}

TEST(SoupSession, RefusesAWrongUserAndAnUnknownSession) {
  SoupPair pair;
  pair.connect(soup_login("user", "wrong"));
  pair.connect(soup_login("user", "secret", 1, "DAY2"));
  EXPECT_THAT(pair.client_side.events,
              ElementsAre("rejected A", "closed rejected", "rejected S", "closed rejected"));
  EXPECT_THAT(pair.server_side.events, ElementsAre("closed rejected", "closed rejected"));
  pair.connect(soup_login("user", "secret", 1, "DAY1"));
  EXPECT_TRUE(pair.client.logged_in());
}

TEST(SoupSession, ReplaysFromAnyNumberTheStoreHolds) {
  SoupPair pair;
  for (const char* text : {"a", "b", "c", "d"})
    pair.server.send_sequenced(bytes_of(text), pair.now);
  pair.connect(soup_login("user", "secret", 3));
  EXPECT_THAT(pair.client_side.messages, ElementsAre("c", "d"));
  pair.client.on_disconnected();
  pair.server.on_disconnected();
  pair.server.send_sequenced(bytes_of("e"), pair.now);
  pair.connect(soup_login("user", "secret", pair.client.next_sequence()));
  EXPECT_THAT(pair.client_side.messages, ElementsAre("c", "d", "e"));
  EXPECT_EQ(pair.client_side.faults, 0U);
  EXPECT_THAT(pair.client_side.events,
              ElementsAre("accepted 3", "closed disconnected", "accepted 5"));
}

TEST(SoupSession, SequenceZeroMeansOnlyWhatIsNewAndOthersAreAnsweredWithTheNearest) {
  SoupPair pair({}, 1U << 16, 4);
  for (u32 i = 1; i <= 10; ++i) pair.server.send_sequenced(bytes_of(std::to_string(i)), pair.now);
  pair.connect(soup_login("user", "secret", 0));
  EXPECT_THAT(pair.client_side.messages, IsEmpty());
  pair.client.logout(pair.now);
  pair.connect(soup_login("user", "secret", 99));
  pair.client.logout(pair.now);
  pair.connect(soup_login("user", "secret", 1));
  EXPECT_THAT(pair.client_side.messages, ElementsAre("7", "8", "9", "10"));
  EXPECT_THAT(pair.client_side.events, ElementsAre("accepted 11", "closed logout", "accepted 11",
                                                   "closed logout", "accepted 7"));
}

TEST(SoupSession, BothSidesSendAHeartbeatAfterASecondOfSayingNothing) {
  SoupPair pair;
  pair.connect();
  pair.after(Nanos{999'999'999});
  EXPECT_EQ(pair.client_side.sent + pair.server_side.sent, "");
  pair.after(Nanos{1});
  EXPECT_EQ(pair.client_side.sent, kHeartbeatUp);
  EXPECT_EQ(pair.server_side.sent, std::string("\0\1H", 3));
  pair.exchange();
  EXPECT_EQ(pair.client.counters().heartbeats_in, 1U);
  EXPECT_EQ(pair.server.counters().heartbeats_in, 1U);
  EXPECT_TRUE(pair.client.send_unsequenced(bytes_of("x"), pair.now + Nanos{1}));
  pair.exchange();
  pair.after(kSecond);
  EXPECT_EQ(pair.client_side.sent, "") << "data counts as a sign of life";
}

TEST(SoupSession, FifteenSecondsOfSilenceCloseEitherSide) {
  SoupPair pair;
  pair.connect();
  for (u32 i = 0; i < 14; ++i) pair.after(kSecond);
  EXPECT_FALSE(pair.client.closed());
  pair.after(kSecond);
  EXPECT_THAT(pair.client_side.events, ElementsAre("accepted 1", "closed silence"));
  EXPECT_THAT(pair.server_side.events, ElementsAre("accepted 1", "closed silence"));
}

TEST(SoupSession, AServerWaits30SecondsForTheLoginAndAClientForTheAnswer) {
  SoupPair pair;
  pair.server.start(pair.now);
  pair.client.start(soup_login(), pair.now);
  pair.after(Nanos{29'999'999'999});
  EXPECT_FALSE(pair.server.closed());
  pair.after(Nanos{1});
  EXPECT_THAT(pair.client_side.events, ElementsAre("closed login_timeout"));
  EXPECT_THAT(pair.server_side.events, ElementsAre("closed login_timeout"));
}

TEST(SoupSession, TheEndOfTheSessionComesAfterTheLastMessage) {
  SoupPair pair;
  pair.connect();
  pair.server_side.room = 4;
  pair.server.send_sequenced(bytes_of("a"), pair.now);
  pair.server.send_sequenced(bytes_of("b"), pair.now);
  pair.server.end_session(pair.now);
  EXPECT_FALSE(pair.server.closed()) << "no room yet for what is left";
  pair.server_side.room = 100;
  pair.after(kMillisecond);
  pair.exchange();
  EXPECT_THAT(pair.client_side.messages, ElementsAre("a", "b"));
  EXPECT_THAT(pair.client_side.events, ElementsAre("accepted 1", "end", "closed end_of_session"));
  EXPECT_THAT(pair.server_side.events, ElementsAre("accepted 1", "closed end_of_session"));
}

TEST(SoupSession, LogoutClosesBothSidesAtOnce) {
  SoupPair pair;
  pair.connect();
  pair.client.logout(pair.now);
  pair.exchange();
  EXPECT_THAT(pair.client_side.events, ElementsAre("accepted 1", "closed logout"));
  EXPECT_THAT(pair.server_side.events, ElementsAre("accepted 1", "closed logout"));
  EXPECT_FALSE(pair.client.send_unsequenced(bytes_of("x"), pair.now));
}

TEST(SoupSession, AClientTooSlowForTheStoreIsDroppedNotSkipped) {
  SoupPair pair({}, 1U << 16, 4);
  pair.connect();
  pair.server_side.room = 0;
  for (u32 i = 0; i < 5; ++i) pair.server.send_sequenced(bytes_of("x"), pair.now);
  EXPECT_THAT(pair.server_side.events, ElementsAre("accepted 1", "closed too_slow"));
}

TEST(SoupSession, AClientThatTakesNothingForFiveSecondsIsDroppedThoughItBeats) {
  SoupPair pair;
  pair.connect();
  pair.server_side.room = 0;
  pair.server.send_sequenced(bytes_of("x"), pair.now);
  for (u32 i = 0; i < 4; ++i) {
    pair.after(kSecond);
    pair.server.on_bytes(bytes_of(pair.take(pair.client_side.sent, nullptr)), pair.now);
  }
  EXPECT_TRUE(pair.server.logged_in());
  pair.after(kSecond);
  EXPECT_EQ(pair.server_side.events.back(), "closed too_slow");
}

TEST(SoupSession, AClientThatTakesALittleStays) {
  SoupPair pair;
  pair.connect();
  for (u32 i = 0; i < 10; ++i) {
    pair.server_side.room = 4;  // one message
    pair.server.send_sequenced(bytes_of("x"), pair.now);
    pair.server_side.room = 0;
    pair.server.send_sequenced(bytes_of("y"), pair.now);
    pair.after(kSecond);
    pair.server.on_bytes(bytes_of(pair.take(pair.client_side.sent, nullptr)), pair.now);
    pair.server_side.sent.clear();
  }
  EXPECT_TRUE(pair.server.logged_in());
}

TEST(SoupSession, ATransportWithoutRoomRefusesWholeMessages) {
  SoupPair pair;
  pair.connect();
  pair.client_side.room = 3;
  EXPECT_FALSE(pair.client.send_unsequenced(bytes_of("x"), pair.now));
  EXPECT_EQ(pair.client_side.sent, "");
  EXPECT_EQ(pair.client.counters().send_refused, 1U);
  EXPECT_FALSE(pair.client.closed());
  pair.client_side.room = 0;
  pair.client.logout(pair.now);
  pair.client.start(soup_login(), pair.now);
  EXPECT_EQ(pair.client_side.events.back(), "closed send_failed");
}

/// What `bytes` does to a server that has (or has not) seen a login.
std::vector<std::string> after_raw_bytes(const std::string& bytes, bool logged_in) {
  SoupPair pair;
  if (logged_in)
    pair.connect();
  else
    pair.server.start(pair.now);
  pair.server.on_bytes(bytes_of(bytes), pair.now);
  EXPECT_THAT(pair.server_side.messages, IsEmpty());
  return pair.server_side.events;
}

TEST(SoupServerSession, WhatHasNoPlaceHereClosesTheSession) {
  std::string login("\0\x2FL", 3);
  login += "user  secret              " + std::string(19, ' ') + "1";
  const std::string short_login = std::string("\0\x2EL", 3) + login.substr(3, 45);
  std::string bad_number = login;
  bad_number.back() = 'x';
  EXPECT_THAT(after_raw_bytes(login, true), ElementsAre("accepted 1", "closed protocol"))
      << "login twice";
  EXPECT_THAT(after_raw_bytes(short_login, false), ElementsAre("closed protocol"));
  EXPECT_THAT(after_raw_bytes(bad_number, false), ElementsAre("closed protocol"));
  EXPECT_THAT(after_raw_bytes(std::string("\0\2Ux", 4), false), ElementsAre("closed protocol"))
      << "data before the login";
  EXPECT_THAT(after_raw_bytes(std::string("\0\2Sx\0\2Ux", 8), true),
              ElementsAre("accepted 1", "closed protocol"))
      << "a packet only servers send; nothing behind it is read";
  EXPECT_THAT(after_raw_bytes(std::string("\0\0", 2), true),
              ElementsAre("accepted 1", "closed protocol"));
  EXPECT_THAT(after_raw_bytes(std::string("\xFF\xFFU", 3), true),
              ElementsAre("accepted 1", "closed protocol"));
  EXPECT_THAT(after_raw_bytes(std::string("\0\4+abc\0\1R", 9), true), ElementsAre("accepted 1"));
}

TEST(SoupClientSession, WhatHasNoPlaceHereClosesTheSession) {
  const std::string accepted =
      std::string("\0\x1F", 2) + "A      DAY1" + std::string(19, ' ') + "1";
  std::string zero = accepted;
  zero.back() = '0';
  const auto after = [](const std::string& bytes) {
    SoupPair pair;
    pair.client.start(soup_login(), pair.now);
    pair.client.on_bytes(bytes_of(bytes), pair.now);
    EXPECT_THAT(pair.client_side.messages, IsEmpty());
    return pair.client_side.events;
  };
  EXPECT_THAT(after(accepted + accepted), ElementsAre("accepted 1", "closed protocol"));
  EXPECT_THAT(after(accepted + std::string("\0\2JA", 4)),
              ElementsAre("accepted 1", "closed protocol"));
  EXPECT_THAT(after(zero), ElementsAre("closed protocol"));
  EXPECT_THAT(after(std::string("\0\2Sx", 4)), ElementsAre("closed protocol"))
      << "data before the answer";
  EXPECT_THAT(after(std::string("\0\1Z", 3)), ElementsAre("closed protocol"));
  EXPECT_THAT(after(std::string("\0\1J", 3)), ElementsAre("closed protocol"));
  EXPECT_THAT(after(accepted + std::string("\0\2Ux", 4)),
              ElementsAre("accepted 1", "closed protocol"));
}

}  // namespace
}  // namespace tradsys::wire
