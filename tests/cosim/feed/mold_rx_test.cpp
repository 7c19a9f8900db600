// Goal: the card takes messages out of the packets of two lines exactly by its model, and what it
// delivers is what the software receiver delivers. Method: two lines that cut, lose, repeat and
// damage the same stream, with random stalls; after every few packets messages, state and counters
// are compared. Seed: printed, TRADSYS_SEED overrides.
#include <gtest/gtest.h>

#include "Vmd_mold_rx.h"
#include "dataplane/feed/mold_receiver.hpp"
#include "tests/support/rtl/mold_card.hpp"
#include "tests/support/rtl/scale.hpp"
#include "tests/support/seed.hpp"

namespace tradsys {
namespace {

using Card = testing::MoldCard<Vmd_mold_rx>;
using Message = std::vector<std::byte>;

constexpr u32 kGapWindow = 64;
constexpr u64 kMessagesMax = 56;  // of one packet: the FIFO of the model has 64
constexpr u64 kLatencyClocks = 7;
const wire::MoldSession kSession = make_text<10>("SESSION001");
const wire::MoldSession kOther = make_text<10>("SESSION002");

/// Message `sequence` of a stream, always the same.
Message message_of(u64 sequence) {
  Random random(sequence);
  static constexpr u32 kLengths[] = {12, 19, 23, 31, 35, 36, 36, 36, 40, 44, 50};
  const u64 kind = random.below(32);
  const u64 length = kind == 0   ? random.below(4)
                     : kind == 1 ? random.below(200)
                                 : kLengths[random.below(std::size(kLengths))];
  Message message(length);
  for (std::byte& b : message) b = static_cast<std::byte>(random.next());
  return message;
}

std::vector<std::byte> packet_of(const wire::MoldSession& session, u64 sequence,
                                 const std::vector<Message>& messages) {
  std::vector<std::byte> out(wire::kMoldHeaderBytes);
  wire::MoldHeader{session, sequence, static_cast<u16>(messages.size())}.store(out.data());
  for (const Message& message : messages) {
    const usize at = out.size();
    out.resize(at + 2 + message.size());
    store_be16(out.data() + at, static_cast<u16>(message.size()));
    if (!message.empty()) std::memcpy(out.data() + at + 2, message.data(), message.size());
  }
  return out;
}
std::vector<std::byte> packet_of(const wire::MoldSession& session, u64 sequence, u64 count) {
  std::vector<Message> messages;
  for (u64 i = 0; i < count; ++i) messages.push_back(message_of(sequence + i));
  return packet_of(session, sequence, messages);
}

struct CollectMessages {
  std::deque<std::pair<u64, Message>>* out;
  void operator()(u64 sequence, Bytes message) const {
    out->emplace_back(sequence, Message(message.begin(), message.end()));
  }
};

/// What the software receiver tells; checks each message.
struct SoftwareSink {
  u64 wrong = 0;
  void on_message(u64 sequence, Bytes message) {
    const Message expected = message_of(sequence);
    wrong += !std::equal(message.begin(), message.end(), expected.begin(), expected.end());
  }
  void on_stale(Nanos) {}
  void on_contiguous(Nanos) {}
  void on_end_of_session() {}
  void send_request(u32, Bytes) {}
};

feed::FeedConfig software_config() {
  feed::FeedConfig config;
  config.gap_window_messages = kGapWindow;
  config.request_servers = 0;
  config.far_ahead_messages_max = config.regression_messages_max = ~u64{0};
  config.anomaly_wait = Nanos{0};
  return config;
}

/// Card, model and software on the same packets.
struct MoldRxTest : ::testing::Test {
  MoldRxTest()
      : seed(testing::test_seed(20'260'403)),
        random(seed),
        card(seed + 1, kGapWindow),
        model(kGapWindow, kMessagesMax, CollectMessages{&expected}),
        software(software_config(), sink) {}

  void packet(bool line_b, const std::vector<std::byte>& payload,
              FrameFault fault = FrameFault::kNone) {
    packet(line_b, payload, fault, random.below(8) == 0 ? random.below(4) : 0);
  }
  void packet(bool line_b, const std::vector<std::byte>& payload, FrameFault fault,
              usize empty_beats) {
    card.send(line_b, payload, fault, empty_beats);
    if (fault != FrameFault::kNone) return;
    model.on_packet(line_b, payload);
    software.on_packet(line_b ? feed::kLineB : feed::kLineA, payload, Nanos{1});
  }
  void resume(u64 sequence) {
    card.resume(kSession, sequence);
    model.resume(kSession, sequence);
    software.resume(kSession, sequence);
  }
  void compare(bool stalls = true) {
    card.drain(stalls);
    ASSERT_EQ(card.messages.size(), expected.size());
    for (; !expected.empty(); expected.pop_front(), card.messages.pop_front()) {
      const testing::CardMessage& seen = card.messages.front();
      Message& wanted = expected.front().second;
      ASSERT_EQ(seen.sequence, expected.front().first);
      ASSERT_EQ(seen.length, wanted.size()) << "message " << seen.sequence;
      wanted.resize(seen.kept.size());
      ASSERT_EQ(seen.kept, wanted) << "message " << seen.sequence;
    }
    ASSERT_EQ(card.dut.expected_o, model.expected());
    ASSERT_EQ(card.dut.next_seen_o, model.next_seen());
    ASSERT_EQ(card.dut.live_o, model.live());
    ASSERT_EQ(card.dut.stale_o, model.stale());
    ASSERT_EQ(card.dut.ended_o, model.ended());
    ASSERT_EQ(card.dut.frozen_o, model.frozen());
    ASSERT_EQ(card.counters, model.counters());
  }
  u64 seed;
  Random random;
  std::deque<std::pair<u64, Message>> expected;
  Card card;
  fpga::MoldModel<CollectMessages> model;
  SoftwareSink sink;
  feed::MoldReceiver<SoftwareSink> software;
};

TEST_F(MoldRxTest, AMessageIsFoundAtEveryOffsetOfABeat) {
  u64 sequence = 1;
  for (u32 offset = 0; offset < 130; ++offset) {
    std::vector<Message> messages = {Message(offset), message_of(1'000 + offset), Message(56),
                                     Message(57),     message_of(7 * offset),     Message(0)};
    for (Message& message : messages)
      for (std::byte& b : message) b = static_cast<std::byte>(random.next());
    packet(offset % 2, packet_of(kSession, sequence, messages));
    sequence += messages.size();
    compare(offset % 3 == 0);
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(card.counters.messages, 780U);
}

TEST_F(MoldRxTest, APacketThatIsCutAnywhereIsRefusedAsAWhole) {
  const std::vector<std::byte> whole =
      packet_of(kSession, 1, {Message(36), Message(3), Message(90)});
  u64 packets = 0;
  for (usize size = 0; size < whole.size(); ++size) {
    for (usize empty_beats = 0; empty_beats < 3; ++empty_beats) {
      packet(false, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)},
             FrameFault::kNone, empty_beats);
      compare();
      if (HasFatalFailure()) return;
      ASSERT_EQ(card.counters.malformed, ++packets);
    }
  }
  ASSERT_EQ(card.counters.messages, 0U);
  packet(false, whole);
  compare();
  EXPECT_EQ(card.counters.messages, 3U);
}

TEST_F(MoldRxTest, HeartbeatEndAndContradiction) {
  packet(false, packet_of(kSession, 1, 3));
  packet(false, packet_of(kSession, 4, 0));
  compare();
  EXPECT_FALSE(card.dut.stale_o);
  packet(true, packet_of(kSession, 6, 0));  // two messages are missing
  compare();
  EXPECT_EQ(card.dut.next_seen_o, 6U);
  packet(false, packet_of(kSession, 3, 3));
  compare();
  EXPECT_EQ(card.dut.expected_o, 6U);
  std::vector<std::byte> end(wire::kMoldHeaderBytes);
  wire::MoldHeader{kSession, 5, 0xFFFF}.store(end.data());
  packet(false, end);  // an end before data that was seen
  compare();
  EXPECT_EQ(card.counters.contradictions, 1U);
  EXPECT_FALSE(card.dut.ended_o);
  wire::MoldHeader{kSession, 6, 0xFFFF}.store(end.data());
  packet(false, end);
  compare();
  EXPECT_TRUE(card.dut.ended_o);
  for (u32 i = 0; i < 3; ++i) packet(true, packet_of(kSession, 6, 1));  // behind the end
  compare();
  EXPECT_TRUE(card.dut.frozen_o);
  EXPECT_TRUE(card.dut.stale_o);
  resume(6);
  packet(true, packet_of(kSession, 6, 1));
  compare();
  EXPECT_FALSE(card.dut.frozen_o);
  EXPECT_FALSE(card.dut.stale_o);
}

TEST_F(MoldRxTest, AnotherSessionIsNeverBlendedIn) {
  packet(false, packet_of(kSession, 1, 2));
  packet(false, packet_of(kOther, 3, 2));
  packet(true, packet_of(kOther, 3, 2));
  packet(false, packet_of(kSession, 3, 1));  // plausible again
  compare();
  EXPECT_FALSE(card.dut.frozen_o);
  for (u32 i = 0; i < 3; ++i) packet(false, packet_of(kOther, 4, 2));
  packet(false, packet_of(kSession, 4, 1));
  compare();
  EXPECT_TRUE(card.dut.frozen_o);
  EXPECT_EQ(card.dut.expected_o, 4U);
}

TEST_F(MoldRxTest, APacketOfTooManyMessagesIsMissingAndTheStreamGoesOnFromTheHost) {
  packet(false, packet_of(kSession, 1, kMessagesMax));
  packet(false, packet_of(kSession, 1 + kMessagesMax, kMessagesMax + 1));
  compare();
  EXPECT_EQ(card.counters.too_long, 1U);
  EXPECT_EQ(card.dut.expected_o, 1 + kMessagesMax);
  EXPECT_EQ(card.dut.next_seen_o, 2 + 2 * kMessagesMax);
  // Most of it came another way: what is new finds room.
  packet(true, packet_of(kSession, 1 + kMessagesMax, 1));
  packet(true, packet_of(kSession, 1 + kMessagesMax, kMessagesMax + 1));
  compare();
  EXPECT_EQ(card.dut.expected_o, 2 + 2 * kMessagesMax);
}

TEST_F(MoldRxTest, AHoleIsDeclaredAfterItsTimeAndNotBefore) {
  constexpr u32 kWait = 500;
  card.dut.gap_wait_clocks_i = kWait;
  packet(false, packet_of(kSession, 1, 2));
  card.drain(false);
  ASSERT_FALSE(card.dut.stale_o);
  card.send(false, packet_of(kSession, 5, 1));
  u64 opened = 0;
  while (!card.dut.stale_o) {
    card.step(true, true);
    if (opened == 0 && card.dut.next_seen_o == 6) opened = card.clocks;
    ASSERT_LT(card.clocks, 2'000U);
  }
  EXPECT_NEAR(static_cast<double>(card.clocks - opened), kWait, 3);
  EXPECT_EQ(card.counters.gaps, 1U);
  card.send(true, packet_of(kSession, 3, 3));
  card.drain(false);
  EXPECT_FALSE(card.dut.stale_o);
  EXPECT_EQ(card.counters.gaps, 1U);
}

TEST_F(MoldRxTest, APacketInWorkWhenTheHostResumesBelongsToThePast) {
  for (u32 delay = 0; delay < 30; ++delay) {
    card.send(false, packet_of(kSession, model.expected(), 12));
    for (u32 i = 0; i < delay; ++i) card.step(true, true);
    resume(1'000 * (delay + 1));
    card.drain(false);
    // Either it was through before, or it counts against the new position and is none of it.
    card.messages.clear();
    ASSERT_EQ(card.dut.expected_o, model.expected()) << delay;
    packet(false, packet_of(kSession, model.expected(), 2));
    card.drain(false);
    ASSERT_EQ(card.messages.size(), 2U) << delay;
    ASSERT_EQ(card.messages.front().sequence, 1'000 * (delay + 1)) << delay;
    expected.clear();
    card.messages.clear();
  }
}

TEST_F(MoldRxTest, TheLatencyIsTheSameForEveryMessageAloneInItsPacket) {
  for (u64 sequence = 1; sequence < 300; ++sequence) {
    const Message message = message_of(sequence);
    if (message.size() > kFeedMessageBytesMax) continue;
    card.resume(kSession, sequence);
    card.send(false, packet_of(kSession, sequence, {message}));
    card.drain(false);
    ASSERT_EQ(card.messages.size(), 1U);
    const u64 beats_behind = 0;
    ASSERT_EQ(card.messages.front().at_clock - card.sent_at.back(), kLatencyClocks + beats_behind)
        << sequence << ", " << message.size() << " bytes";
    card.messages.clear();
  }
}

TEST_F(MoldRxTest, OneMessageGoesOutInEveryClock) {
  card.send(false, packet_of(kSession, 1, std::vector<Message>(40, Message(30))));
  card.drain(false);
  ASSERT_EQ(card.messages.size(), 40U);
  for (usize i = 1; i < 40; ++i)
    ASSERT_EQ(card.messages[i].at_clock, card.messages[i - 1].at_clock + 1) << i;
}

/// Two lines that lose, repeat and damage packets of one stream.
class BadLines {
 public:
  /// `forged`: some packets claim what is not so, too.
  BadLines(u64 seed, bool forged)
      : random_(seed), kinds_(forged ? 60 : 50), apart_max_(forged ? 100 : 20) {}

  /// The next packet of either line; empty when it was lost. `line_b` says whose it is.
  std::vector<std::byte> next(bool& line_b) {
    line_b = random_.chance(500'000);
    u64& line = next_[line_b];
    u64 first = line;
    u64 count = random_.below(12) == 0 ? random_.below(kinds_ + 10) : random_.below(10);
    if (line > next_[!line_b] + apart_max_) count = 0;  // lines do not run apart for long
    line += count;
    const u64 kind = random_.below(kinds_);
    if (kind < 4) return {};
    if (kind == 4) first -= std::min(first - 1, random_.below(40));  // repeated
    if (kind == 5) first = 1 + random_.below(line);  // very old
    if (kind == 50) first += random_.below(200);  // from the future
    std::vector<std::byte> payload = packet_of(kind == 51 ? kOther : kSession, first, count);
    if (kind == 6) payload.resize(1 + random_.below(payload.size()));
    if (kind == 7) payload.resize(payload.size() + random_.below(100), std::byte{7});
    if (kind == 8) store_be64(payload.data() + 10, 0);
    if (kind == 52) payload[random_.below(payload.size())] ^= std::byte{1};
    if (kind == 53) store_be64(payload.data() + 10, ~random_.below(9));
    return payload;
  }
  /// Where both lines go on from.
  u64 meet() { return next_[0] = next_[1] = std::max(next_[0], next_[1]); }

 private:
  Random random_;
  u64 kinds_;
  u64 apart_max_;
  u64 next_[2] = {1, 1};
};

TEST_F(MoldRxTest, TwoBadAndForgedLinesGiveTheStreamOfTheModel) {
  BadLines lines(seed + 9, true);
  u64 resumes = 0;
  for (u32 round = 0; round < 6'000 * testing::cosim_scale(); ++round) {
    for (u64 burst = random.below(6); burst > 0; --burst) {
      bool line_b = false;
      const std::vector<std::byte> payload = lines.next(line_b);
      const bool checksum = random.below(60) == 0;
      if (!payload.empty())
        packet(line_b, payload, checksum ? FrameFault::kChecksum : FrameFault::kNone);
    }
    compare();
    if (HasFatalFailure()) FAIL() << "round " << round;
    if (card.dut.frozen_o || (card.dut.stale_o && random.below(4) == 0)) {
      ++resumes;
      resume(lines.meet());
    }
  }
  const fpga::MoldModelCounters& c = card.counters;
  EXPECT_GT(c.messages, 5'000U);
  for (u64 seen :
       {c.malformed, c.too_long, c.wrong_session, c.duplicates, c.ahead, c.gaps, resumes})
    EXPECT_GT(seen, 5U);
}

TEST_F(MoldRxTest, WhatTheCardDeliversTheSoftwareDeliversToo) {
  BadLines lines(seed + 9, false);
  u64 together = 0;
  u64 doubts = 0;
  for (u32 round = 0; round < 6'000 * testing::cosim_scale(); ++round) {
    for (u64 burst = random.below(6); burst > 0; --burst) {
      bool line_b = false;
      const std::vector<std::byte> payload = lines.next(line_b);
      if (!payload.empty()) packet(line_b, payload);
    }
    for (const auto& [sequence, message] : expected) ASSERT_EQ(message, message_of(sequence));
    compare();
    ASSERT_EQ(sink.wrong, 0U);
    ASSERT_FALSE(card.dut.frozen_o);
    if (card.dut.next_seen_o != software.next_seen()) {
      // So much was lost at once that one of the two doubts the next packet.
      ++doubts;
      resume(lines.meet());
      continue;
    }
    // The software keeps what came early; the card waits for it or for the host.
    ASSERT_LE(card.dut.expected_o, software.expected());
    ASSERT_LE(software.stale(), static_cast<bool>(card.dut.stale_o));
    if (HasFatalFailure()) FAIL() << "round " << round;
    together += card.dut.expected_o == software.expected();
    if (!card.dut.stale_o) continue;
    // As the host does: where the software is contiguous the card goes on from there.
    if (software.stale()) {
      resume(lines.meet());
    } else {
      card.resume(kSession, software.expected());
      model.resume(kSession, software.expected());
      if (software.next_seen() == software.expected()) {
        packet(false, packet_of(kSession, software.expected(), 0));
        compare();
        ASSERT_FALSE(card.dut.stale_o);
      }
    }
  }
  EXPECT_GT(card.counters.messages, 5'000U);
  EXPECT_GT(together, 1'000U);
  EXPECT_LT(doubts, together / 100);
}

}  // namespace
}  // namespace tradsys
