// Goal: contradictory and hostile input is counted, freezes the stream only when it persists, and
// never costs memory or a wrong message. Method: hand-made packets against a recording sink.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataplane/feed/mold_receiver.hpp"
#include "tests/support/feed_harness.hpp"

namespace tradsys::feed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace tradsys::testing;

const wire::MoldSession kOther = make_text<10>("SESSION002");

TEST(MoldReceiverFaults, OneStrayPacketOfAnotherSessionIsCountedAndIgnored) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  for (u64 i = 2; i < 50; ++i) {
    feed.packet(kLineA, feed_packet(i, 1, kOther));
    feed.packet(kLineB, feed_packet(i, 1, kOther));
    feed.data(kLineA, i, 1);
  }
  EXPECT_EQ(feed.sink.next, 50U);
  EXPECT_EQ(feed.receiver.counters().wrong_session, 96U);
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
}

TEST(MoldReceiverFaults, ASessionChangeFreezesAndIsNeverBlended) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  for (u64 i = 2; i < 6; ++i) feed.packet(kLineB, feed_packet(i, 1, kOther));
  EXPECT_TRUE(feed.receiver.stale()) << "no order may rely on these books any more";
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
  feed.after(kSecond);
  feed.packet(kLineB, feed_packet(6, 1, kOther));
  EXPECT_EQ(feed.receiver.state(), FeedState::kFrozen);
  EXPECT_EQ(feed.receiver.freeze_reason(), FreezeReason::kSessionChange);
  EXPECT_TRUE(feed.receiver.stale());
  feed.data(kLineA, 2, 1);
  feed.after(kSecond);
  EXPECT_EQ(feed.sink.next, 2U);
  EXPECT_EQ(feed.receiver.counters().after_freeze, 1U);
  EXPECT_THAT(feed.sink.events, ElementsAre("contiguous", "stale", "frozen session_change"));
}

TEST(MoldReceiverFaults, StraysBesideALiveStreamNeverFreezeIt) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  for (u64 second = 0; second < 10; ++second) {
    for (u64 i = 0; i < 20; ++i) feed.packet(kLineB, feed_packet(900 + i, 1, kOther));
    EXPECT_TRUE(feed.receiver.stale());
    feed.after({900'000'000});
    feed.packet(kLineA, feed_heartbeat(2));
    EXPECT_FALSE(feed.receiver.stale()) << "the stream's own heartbeat heals it";
  }
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
  EXPECT_EQ(feed.receiver.counters().wrong_session, 200U);
}

TEST(MoldReceiverFaults, OnePacketThatJumpsFarIsNotBelieved) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.packet(kLineB, feed_heartbeat(500'000));
  EXPECT_EQ(feed.receiver.counters().doubted_jumps, 1U);
  EXPECT_FALSE(feed.receiver.stale());
  feed.data(kLineA, 2, 1);
  feed.packet(kLineB, feed_heartbeat(500'000));
  feed.data(kLineA, 3, 1);
  EXPECT_EQ(feed.sink.next, 4U);
  EXPECT_FALSE(feed.receiver.stale());
  EXPECT_THAT(feed.sink.requests, IsEmpty());
}

TEST(MoldReceiverFaults, TwoPacketsInARowThatJumpFarAreBelieved) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, 20'000, 1);
  feed.data(kLineB, 20'000, 1);
  EXPECT_TRUE(feed.receiver.stale());
  ASSERT_EQ(feed.sink.requests.size(), 1U);
  EXPECT_EQ(feed.sink.requests[0].sequence, 2U);
}

TEST(MoldReceiverFaults, AFrozenReceiverGoesOnWhenItsOwnerSaysWhere) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  for (u32 i = 0; i < 3; ++i) feed.packet(kLineA, feed_packet(9, 1, kOther));
  feed.receiver.resume(kOther, 7);
  feed.sink.next = 7;
  EXPECT_TRUE(feed.receiver.stale());
  feed.packet(kLineA, feed_packet(9, 1, kOther));
  feed.after(kMillisecond);
  ASSERT_EQ(feed.sink.requests.size(), 1U);
  EXPECT_EQ(feed.sink.requests[0].session, kOther);
  EXPECT_EQ(feed.sink.requests[0].sequence, 7U);
  feed.packet(kRecoveryLine, feed_packet(7, 2, kOther));
  EXPECT_EQ(feed.sink.next, 10U);
  EXPECT_FALSE(feed.receiver.stale());
  EXPECT_EQ(feed.receiver.freeze_reason(), FreezeReason::kNone);
}

TEST(MoldReceiverFaults, ASnapshotAheadOfTheLinesIsNoRegression) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  for (u32 i = 0; i < 3; ++i) feed.packet(kLineA, feed_packet(9, 1, kOther));
  feed.now = feed.now + kSecond + kSecond;
  feed.receiver.resume(kOther, 50);
  feed.sink.next = 50;
  for (u64 i = 40; i < 52; ++i) feed.packet(kLineA, feed_packet(i, 1, kOther));
  EXPECT_EQ(feed.sink.next, 52U);
  EXPECT_EQ(feed.sink.faults, 0U);
  EXPECT_EQ(feed.receiver.counters().regressions, 0U);
}

TEST(MoldReceiverFaults, OldPacketsOfALaggingLineAreDuplicatesNotRegression) {
  FeedHarness feed;
  feed.data(kLineA, 1, 20);
  for (u64 i = 1; i < 20; ++i) feed.data(kLineB, i, 1);
  feed.packet(kLineB, feed_heartbeat(3));
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
  EXPECT_EQ(feed.receiver.counters().regressions, 0U);
}

TEST(MoldReceiverFaults, ADamagedCopyOfWhatWasDeliveredChangesNothing) {
  FeedHarness feed;
  feed.data(kLineA, 1, 5);
  const std::vector<std::byte> whole = feed_packet(1, 5);
  for (usize n = 20; n < whole.size(); ++n)
    feed.packet(kLineB, {whole.begin(), whole.begin() + static_cast<i64>(n)});
  feed.data(kLineA, 6, 1);
  EXPECT_EQ(feed.sink.next, 7U);
  EXPECT_EQ(feed.sink.faults, 0U);
  EXPECT_EQ(feed.receiver.counters().malformed, 0U) << "a copy is not looked into";
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
}

TEST(MoldReceiverFaults, LinesThatCountOnFromALongPassedNumberFreezeTheStream) {
  FeedHarness feed;
  feed.data(kLineA, 1, 20);
  feed.now = feed.now + kSecond;
  feed.packet(kLineA, feed_heartbeat(5));
  feed.packet(kLineB, feed_heartbeat(5));
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
  feed.data(kLineA, 5, 1);
  EXPECT_EQ(feed.receiver.freeze_reason(), FreezeReason::kRegression);
  EXPECT_EQ(feed.receiver.counters().regressions, 3U);
}

TEST(MoldReceiverFaults, AHealthyLineOutvotesOneThatRepeatsThePast) {
  FeedHarness feed;
  feed.data(kLineA, 1, 20);
  for (u32 i = 0; i < 20; ++i) {
    feed.now = feed.now + kSecond;
    feed.packet(kLineA, feed_heartbeat(21));
    feed.packet(kLineB, feed_heartbeat(5));
  }
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
  EXPECT_EQ(feed.receiver.counters().regressions, 20U);
}

TEST(MoldReceiverFaults, AHugeSequenceIsCountedAndCostsNothing) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, ~u64{0} - 1, 1);
  feed.packet(kLineA, feed_heartbeat(~u64{0}));
  feed.data(kLineA, 2, 1);
  EXPECT_EQ(feed.sink.next, 3U);
  EXPECT_EQ(feed.receiver.next_seen(), 3U);
  EXPECT_EQ(feed.receiver.counters().far_ahead, 2U);
  EXPECT_EQ(feed.receiver.buffered_messages(), 0U);
}

TEST(MoldReceiverFaults, LinesTooFarAheadToBridgeFreezeTheStream) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  for (u64 i = 0; i < 3; ++i) feed.data(kLineA, 5'000'000 + i, 1);
  EXPECT_TRUE(feed.receiver.stale());
  feed.after(kSecond);
  feed.data(kLineA, 5'000'003, 1);
  EXPECT_EQ(feed.receiver.freeze_reason(), FreezeReason::kFarAhead);
  EXPECT_THAT(feed.sink.requests, IsEmpty());
}

TEST(MoldReceiverFaults, ACountBeyondThePayloadIsMalformed) {
  FeedHarness feed;
  std::vector<std::byte> packet = feed_packet(1, 2);
  for (u16 count : {u16{3}, u16{0xFFFE}}) {
    store_be16(packet.data() + 18, count);
    feed.packet(kLineA, packet);
  }
  EXPECT_EQ(feed.receiver.counters().malformed, 2U);
  EXPECT_EQ(feed.sink.messages, 0U);
  EXPECT_EQ(feed.receiver.state(), FeedState::kJoining);
}

TEST(MoldReceiverFaults, APacketCutAtAnyByteIsRefusedWhole) {
  FeedHarness feed;
  feed.data(kLineA, 1, 1);
  const std::vector<std::byte> whole = feed_packet(2, 4);
  for (usize n = 0; n < whole.size(); ++n)
    feed.packet(kLineA, {whole.begin(), whole.begin() + static_cast<i64>(n)});
  EXPECT_EQ(feed.receiver.counters().malformed, whole.size());
  EXPECT_EQ(feed.sink.next, 2U);
  feed.packet(kLineA, whole);
  EXPECT_EQ(feed.sink.next, 6U);
}

TEST(MoldReceiverFaults, DataBehindTheEndOfTheSessionFreezesTheStream) {
  FeedHarness feed;
  feed.data(kLineA, 1, 2);
  feed.packet(kLineA, feed_end(3));
  for (u32 i = 0; i < 3; ++i) feed.data(kLineA, 3, 1);
  EXPECT_TRUE(feed.receiver.stale());
  feed.after(kSecond);
  feed.data(kLineA, 3, 1);
  EXPECT_EQ(feed.receiver.freeze_reason(), FreezeReason::kContradiction);
  EXPECT_EQ(feed.sink.next, 3U);
}

TEST(MoldReceiverFaults, AnEndBeforeKnownDataIsNotBelieved) {
  FeedHarness feed;
  feed.data(kLineA, 1, 5);
  feed.packet(kLineB, feed_end(3));
  feed.data(kLineA, 6, 1);
  EXPECT_EQ(feed.receiver.counters().contradictions, 1U);
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
  EXPECT_EQ(feed.sink.next, 7U);
}

TEST(MoldReceiverFaults, ServersThatNeverAnswerFreezeTheStreamAfterTheLastAttempt) {
  FeedConfig config;
  config.request_attempts_max = 4;
  FeedHarness feed(config);
  feed.data(kLineA, 1, 1);
  feed.data(kLineA, 3, 1);
  for (u32 i = 0; i < 20; ++i) feed.after(kSecond);
  EXPECT_EQ(feed.sink.requests.size(), 4U);
  EXPECT_EQ(feed.receiver.freeze_reason(), FreezeReason::kUnrecoverableGap);
  EXPECT_EQ(feed.sink.next, 2U) << "nothing is delivered across a gap";
}

TEST(MoldReceiverFaults, AnswersNeverFreezeTheStreamAndNeverStartIt) {
  FeedHarness feed;
  feed.data(kRecoveryLine, 1, 1);
  EXPECT_EQ(feed.receiver.state(), FeedState::kJoining);
  EXPECT_FALSE(feed.receiver.session_known());
  EXPECT_EQ(feed.receiver.counters().unrequested, 1U);
  feed.data(kLineA, 1, 1);
  for (u32 i = 0; i < 10; ++i) {
    feed.packet(kRecoveryLine, feed_packet(2, 1, kOther));
    feed.data(kRecoveryLine, 9'000'000, 1);
  }
  EXPECT_EQ(feed.receiver.state(), FeedState::kLive);
  EXPECT_EQ(feed.sink.next, 2U);
}

TEST(MoldReceiverFaults, AConfiguredSessionIsTheOnlyOneAccepted) {
  FeedConfig config;
  config.session = kFeedSession;
  FeedHarness feed(config);
  feed.packet(kLineA, feed_packet(1, 1, kOther));
  EXPECT_EQ(feed.sink.messages, 0U);
  feed.data(kLineA, 1, 1);
  EXPECT_EQ(feed.sink.messages, 1U);
  EXPECT_EQ(feed.receiver.counters().wrong_session, 1U);
}

}  // namespace
}  // namespace tradsys::feed
