// Goal: two lines become one stream; holes wait, are declared, asked for and closed; the sink is
// told. Method: a receiver with a recording sink is fed by hand; every message must come once, in
// order and whole.
#include "dataplane/feed/mold_receiver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/feed_harness.hpp"

namespace tradsys::feed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace tradsys::testing;

TEST(MoldReceiver, DeliversInOrderPacketsOfEitherLineOnce) {
  FeedHarness feed;
  feed.data(kLineA, 1, 3);
  feed.data(kLineB, 1, 3);
  feed.data(kLineB, 4, 2);
  feed.data(kLineA, 4, 2);
  EXPECT_EQ(feed.sink.next, 6U);
  EXPECT_EQ(feed.sink.messages, 5U);
  EXPECT_EQ(feed.sink.faults, 0U);
  EXPECT_THAT(feed.sink.events, ElementsAre("contiguous"));
  const FeedCounters& counters = feed.receiver.counters();
  EXPECT_EQ(counters.line[kLineA].messages, 3U);
  EXPECT_EQ(counters.line[kLineA].duplicates, 2U);
  EXPECT_EQ(counters.line[kLineB].messages, 2U);
  EXPECT_EQ(counters.line[kLineB].duplicates, 3U);
  EXPECT_EQ(counters.gaps, 0U);
}

TEST(MoldReceiver, ArbitratesMessagesNotPacketsWhenTheLinesCutDifferently) {
  FeedHarness feed;
  feed.data(kLineA, 1, 2);
  feed.data(kLineB, 1, 5);
  feed.data(kLineA, 3, 6);
  EXPECT_EQ(feed.sink.messages, 8U);
  EXPECT_EQ(feed.sink.faults, 0U);
  EXPECT_EQ(feed.receiver.counters().line[kLineB].messages, 3U);
}

TEST(MoldReceiver, IsStaleUntilTheFirstPacketProvesContiguous) {
  FeedHarness feed;
  EXPECT_TRUE(feed.receiver.stale());
  EXPECT_EQ(feed.receiver.state(), FeedState::kJoining);
  feed.packet(kLineA, feed_heartbeat(1));
  EXPECT_FALSE(feed.receiver.stale());
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
  EXPECT_EQ(feed.receiver.session(), kFeedSession);
}

TEST(MoldReceiver, AHoleThatTheOtherLineFillsInTimeIsNoGap) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, 3, 2);
  EXPECT_EQ(feed.sink.messages, 1U);
  feed.after(Nanos{999'999});
  feed.data(kLineB, 2, 1);
  EXPECT_EQ(feed.sink.messages, 4U);
  feed.after(kSecond);
  EXPECT_THAT(feed.sink.events, ElementsAre("contiguous"));
  EXPECT_THAT(feed.sink.requests, IsEmpty());
  EXPECT_EQ(feed.receiver.counters().line[kLineA].missed_messages, 1U);
  EXPECT_EQ(feed.receiver.counters().buffered, 2U);
}

TEST(MoldReceiver, AHoleThatOutlivesTheTimerIsDeclaredAskedForAndClosed) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, 5, 2);
  feed.after(kMillisecond);
  EXPECT_TRUE(feed.receiver.stale());
  ASSERT_EQ(feed.sink.requests.size(), 1U);
  EXPECT_EQ(feed.sink.requests[0].sequence, 2U);
  EXPECT_EQ(feed.sink.requests[0].count, 3U);
  EXPECT_EQ(feed.sink.requests[0].session, kFeedSession);
  feed.data(kLineA, 7, 1);
  EXPECT_EQ(feed.sink.messages, 1U) << "live packets wait";
  feed.data(kRecoveryLine, 2, 3);
  EXPECT_EQ(feed.sink.next, 8U);
  EXPECT_EQ(feed.sink.faults, 0U);
  EXPECT_THAT(feed.sink.events, ElementsAre("contiguous", "stale", "contiguous"));
  EXPECT_EQ(feed.receiver.counters().recovered(), 3U);
  EXPECT_EQ(feed.receiver.counters().gaps, 1U);
  EXPECT_EQ(feed.receiver.counters().gap_messages, 3U);
}

TEST(MoldReceiver, AHeartbeatRevealsTheLossOfTheLastPacket) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.packet(kLineB, feed_heartbeat(4));
  feed.after(kMillisecond);
  ASSERT_EQ(feed.sink.requests.size(), 1U);
  EXPECT_EQ(feed.sink.requests[0].sequence, 2U);
  EXPECT_EQ(feed.sink.requests[0].count, 2U);
  EXPECT_EQ(feed.receiver.counters().line[kLineB].heartbeats, 1U);
}

TEST(MoldReceiver, NewEvidenceOfAHoleDoesNotPostponeItsDeclaration) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  for (u64 i = 0; i < 3; ++i) {
    feed.packet(kLineA, feed_heartbeat(3 + i));
    feed.after(Nanos{400'000});
  }
  ASSERT_EQ(feed.sink.requests.size(), 1U);
  EXPECT_EQ(feed.sink.requests[0].count, 3U) << "messages 2 to 4";
}

TEST(MoldReceiver, TheEndOfTheSessionRevealsLossAndComesAfterTheLastMessageOnce) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.packet(kLineA, feed_end(3));
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
  feed.after(kMillisecond);
  feed.data(kRecoveryLine, 2, 1);
  EXPECT_THAT(feed.sink.events, ElementsAre("contiguous", "stale", "contiguous", "end"));
  feed.packet(kLineB, feed_end(3));
  feed.packet(kLineA, feed_heartbeat(3));
  EXPECT_EQ(feed.sink.events.size(), 4U);
  EXPECT_EQ(feed.receiver.state(), FeedState::kEnded);
  EXPECT_EQ(feed.sink.next, 3U);
}

TEST(MoldReceiver, AStreamFarPastAHoleDeclaresItWithoutWaiting) {
  FeedConfig config;
  config.gap_window_messages = 10;
  FeedHarness feed(config);
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, 3, 8);
  EXPECT_THAT(feed.sink.requests, IsEmpty());
  feed.data(kLineA, 11, 1);
  ASSERT_EQ(feed.sink.requests.size(), 1U);
  EXPECT_EQ(feed.sink.requests[0].count, 1U);
}

TEST(MoldReceiver, APartialAnswerIsFollowedAtOnceByARequestForTheRest) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, 10, 1);
  feed.after(kMillisecond);
  feed.data(kRecoveryLine, 2, 3);
  ASSERT_EQ(feed.sink.requests.size(), 2U);
  EXPECT_EQ(feed.sink.requests[1].sequence, 5U);
  EXPECT_EQ(feed.sink.requests[1].count, 5U);
  feed.data(kRecoveryLine, 2, 3);
  EXPECT_EQ(feed.sink.requests.size(), 2U) << "an answer that brings nothing new asks for nothing";
  feed.data(kRecoveryLine, 5, 5);
  EXPECT_EQ(feed.sink.next, 11U);
  EXPECT_FALSE(feed.receiver.stale());
}

TEST(MoldReceiver, AnAnswerThatReachesBackAndAheadIsTakenOnlyWhereItIsNew) {
  FeedHarness feed;
  feed.data(kLineA, 1, 3);
  feed.data(kLineA, 6, 2);
  feed.after(kMillisecond);
  feed.data(kRecoveryLine, 2, 9);
  EXPECT_EQ(feed.sink.next, 11U);
  EXPECT_EQ(feed.sink.faults, 0U);
  EXPECT_EQ(feed.receiver.counters().recovered(), 5U);
  EXPECT_EQ(feed.receiver.counters().line[kRecoveryLine].duplicates, 4U);
  EXPECT_EQ(feed.receiver.buffered_messages(), 0U);
}

TEST(MoldReceiver, SilentServersAreRotatedWithGrowingWaits) {
  FeedConfig config;
  config.request_servers = 2;
  config.request_timeout = Nanos{10};
  config.request_timeout_max = Nanos{35};
  FeedHarness feed(config);
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, 3, 1);
  feed.after(kMillisecond);
  for (i64 wait : {10, 20, 35, 35}) {
    const usize sent = feed.sink.requests.size();
    feed.after(Nanos{wait - 1});
    EXPECT_EQ(feed.sink.requests.size(), sent) << wait;
    feed.after(Nanos{1});
    EXPECT_EQ(feed.sink.requests.size(), sent + 1) << wait;
  }
  EXPECT_THAT(feed.sink.servers, ElementsAre(0, 1, 0, 1, 0));
  feed.data(kRecoveryLine, 2, 1);
  EXPECT_FALSE(feed.receiver.stale());
  EXPECT_EQ(feed.receiver.counters().request_timeouts, 4U);
}

TEST(MoldReceiver, ASecondHoleGetsItsOwnWaitForTheOtherLine) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, 3, 1);
  feed.after(kMillisecond);
  ASSERT_EQ(feed.sink.requests.size(), 1U);
  feed.data(kLineA, 5, 1);
  feed.data(kRecoveryLine, 2, 1);
  EXPECT_EQ(feed.sink.next, 4U);
  EXPECT_EQ(feed.sink.requests.size(), 1U) << "message 4 may still come on line B";
  EXPECT_TRUE(feed.receiver.stale());
  feed.data(kLineB, 4, 1);
  EXPECT_FALSE(feed.receiver.stale());
  EXPECT_EQ(feed.receiver.counters().gaps, 1U);
}

TEST(MoldReceiver, WithoutServersALateLineStillClosesTheGap) {
  FeedConfig config;
  config.request_servers = 0;
  FeedHarness feed(config);
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, 3, 1);
  feed.after(kMillisecond);
  EXPECT_TRUE(feed.receiver.stale());
  EXPECT_THAT(feed.sink.requests, IsEmpty());
  feed.data(kLineB, 2, 2);
  EXPECT_FALSE(feed.receiver.stale());
  EXPECT_EQ(feed.sink.next, 4U);
}

TEST(MoldReceiver, WhatTheBufferCannotHoldIsAskedForAgain) {
  FeedConfig config;
  config.buffer_messages = 64;
  FeedHarness feed(config);
  feed.data(kLineA, 1, 1);
  for (u64 first = 3; first < 103; first += 10) feed.data(kLineA, first, 10);
  EXPECT_EQ(feed.receiver.buffered_messages(), 63U);
  EXPECT_EQ(feed.receiver.counters().buffer_dropped, 37U);
  feed.after(kMillisecond);
  feed.data(kRecoveryLine, 2, 1);
  EXPECT_EQ(feed.sink.next, 66U);
  feed.after(kMillisecond);
  ASSERT_EQ(feed.sink.requests.size(), 2U);
  EXPECT_EQ(feed.sink.requests[1].sequence, 66U);
  EXPECT_EQ(feed.sink.requests[1].count, 37U);
  feed.data(kRecoveryLine, 66, 37);
  EXPECT_EQ(feed.sink.next, 103U);
  EXPECT_EQ(feed.sink.faults, 0U);
}

TEST(MoldReceiver, AnOpenStartBeginsAtTheFirstPacketSeen) {
  FeedConfig config;
  config.first_sequence = 0;
  FeedHarness feed(config);
  feed.sink.next = 500;
  feed.data(kLineB, 500, 2);
  EXPECT_EQ(feed.sink.messages, 2U);
  EXPECT_EQ(feed.sink.faults, 0U);
  EXPECT_FALSE(feed.receiver.stale());
}

TEST(MoldReceiver, JoiningLateFromNumberOneAsksForWhatWasMissed) {
  FeedHarness feed;
  feed.data(kLineA, 101, 1);
  feed.after(kMillisecond);
  ASSERT_EQ(feed.sink.requests.size(), 1U);
  EXPECT_EQ(feed.sink.requests[0].sequence, 1U);
  EXPECT_EQ(feed.sink.requests[0].count, 100U);
  feed.data(kRecoveryLine, 1, 100);
  EXPECT_EQ(feed.sink.next, 102U);
  EXPECT_THAT(feed.sink.events, ElementsAre("contiguous"));
}

TEST(MoldReceiver, AStartLateInTheDayIsBridgedOverAnyDistance) {
  FeedConfig config;
  config.buffer_messages = 1'024;
  FeedHarness feed(config);
  constexpr u64 kLive = 5'000'000;
  feed.data(kLineA, kLive, 1);
  feed.data(kLineB, kLive, 1);
  ASSERT_EQ(feed.sink.requests.size(), 1U);
  u64 live = kLive + 1;
  for (u32 answers = 0; feed.sink.next < live && answers < 200'000; ++answers) {
    const wire::MoldHeader request = feed.sink.requests.back();
    feed.packet(kRecoveryLine,
                feed_packet(request.sequence, std::min<u64>(request.messages(), 60)));
    if (answers % 1'000 == 0) feed.data(kLineA, live++, 1);
    feed.after({50'000});
  }
  EXPECT_EQ(feed.sink.next, live);
  EXPECT_EQ(feed.sink.faults, 0U);
  EXPECT_FALSE(feed.receiver.stale());
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
}

TEST(MoldReceiver, SilenceOfBothLinesMakesTheStreamStaleAndAHeartbeatHealsIt) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.after(Nanos{4'999'999'999});
  EXPECT_FALSE(feed.receiver.stale());
  feed.after(Nanos{1});
  feed.after(kSecond);
  EXPECT_THAT(feed.sink.events, ElementsAre("contiguous", "stale"));
  EXPECT_EQ(feed.receiver.counters().silences, 1U);
  feed.packet(kLineB, feed_heartbeat(2));
  EXPECT_FALSE(feed.receiver.stale());
}

TEST(FeedConfig, NamesTheKnobThatIsOutOfRange) {
  EXPECT_TRUE(validate(FeedConfig{}).ok());
  FeedConfig config;
  config.request_messages_max = 0xFFFF;
  ASSERT_FALSE(validate(config).ok());
  EXPECT_EQ(validate(config).error().where, "feed: request_messages_max");
  config = {};
  config.buffer_bytes = 1;
  ASSERT_FALSE(validate(config).ok());
  EXPECT_EQ(validate(config).error().where, "feed: buffer_bytes");
}

}  // namespace
}  // namespace tradsys::feed
