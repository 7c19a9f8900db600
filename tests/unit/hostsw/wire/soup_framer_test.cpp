// Goal: a byte stream becomes the same packets however TCP cuts it, in bounded memory, and a bad
// length stops it. Method: a stream with packets of every kind is cut at each byte, then at random;
// bad lengths by hand.
#include "hostsw/wire/soup_framer.hpp"

#include <gtest/gtest.h>

#include "hostsw/core/random.hpp"
#include "tests/support/bytes_text.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::wire {
namespace {

using tradsys::testing::bytes_of;
using tradsys::testing::test_seed;
using tradsys::testing::text_of;

using Packets = std::vector<std::pair<char, std::string>>;

const std::string kStream = std::string("\0\1H", 3) + std::string("\0\4Sabc", 6) +
                            std::string("\0\1S", 3) + std::string("\0\2Jx", 4) +
                            std::string("\0\1R", 3);
const Packets kPackets{{'H', ""}, {'S', "abc"}, {'S', ""}, {'J', "x"}, {'R', ""}};

struct Collector {
  Packets packets;
  bool operator()(const SoupPacket& packet) {
    packets.emplace_back(packet.type(), text_of(packet.payload()));
    return true;
  }
};

TEST(SoupFramer, CutAtAnyByteTheStreamGivesTheSamePackets) {
  for (usize cut = 0; cut <= kStream.size(); ++cut) {
    SoupFramer framer(64);
    Collector seen;
    EXPECT_EQ(framer.feed(bytes_of(kStream.substr(0, cut)), seen), FrameResult::kOk);
    EXPECT_EQ(framer.feed(bytes_of(kStream.substr(cut)), seen), FrameResult::kOk);
    EXPECT_EQ(seen.packets, kPackets) << cut;
    EXPECT_EQ(framer.torn_bytes(), 0U);
  }
}

TEST(SoupFramer, RandomCutsGiveTheSamePackets) {
  Random random(test_seed(1));
  for (u32 round = 0; round < 1'000; ++round) {
    SoupFramer framer(16);
    Collector seen;
    for (usize at = 0; at < kStream.size();) {
      const usize n = static_cast<usize>(random.between(0, kStream.size() - at));
      ASSERT_EQ(framer.feed(bytes_of(std::string_view(kStream).substr(at, n)), seen),
                FrameResult::kOk);
      at += n;
    }
    ASSERT_EQ(seen.packets, kPackets);
  }
}

TEST(SoupFramer, AWholePacketIsPassedOnInPlace) {
  SoupFramer framer(64);
  const std::byte* const begin = bytes_of(kStream).data();
  const std::byte* seen = nullptr;
  framer.feed(bytes_of(kStream), [&](const SoupPacket& packet) {
    seen = packet.bytes.data();
    return false;
  });
  EXPECT_EQ(seen, begin);
}

TEST(SoupFramer, AZeroLengthStopsTheStreamWhereverItIsCut) {
  const std::string stream = std::string("\0\1H\0\0\0\1H", 8);
  for (usize cut = 0; cut < stream.size(); ++cut) {
    SoupFramer framer(64);
    Collector seen;
    framer.feed(bytes_of(stream.substr(0, cut)), seen);
    EXPECT_EQ(framer.feed(bytes_of(stream.substr(cut)), seen), FrameResult::kZeroLength) << cut;
    EXPECT_EQ(framer.feed(bytes_of("\0\1H"), seen), FrameResult::kZeroLength);
    EXPECT_EQ(seen.packets.size(), 1U);
    framer.reset();
    EXPECT_EQ(framer.feed(bytes_of(kStream), seen), FrameResult::kOk);
  }
}

TEST(SoupFramer, APacketAboveTheMaximumIsRefusedBeforeItIsBuffered) {
  const std::string exact("\0\16Sxxxxxxxxxxxxx", 16);
  const std::string over("\0\17Sxxxxxxxxxxxxxx", 17);
  for (usize cut = 0; cut < exact.size(); ++cut) {
    SoupFramer framer(16);
    Collector seen;
    framer.feed(bytes_of(exact.substr(0, cut)), seen);
    EXPECT_EQ(framer.feed(bytes_of(exact.substr(cut)), seen), FrameResult::kOk);
    EXPECT_EQ(seen.packets.size(), 1U);
    framer.feed(bytes_of(over.substr(0, cut)), seen);
    EXPECT_EQ(framer.feed(bytes_of(over.substr(cut)), seen), FrameResult::kOversize) << cut;
    EXPECT_LE(framer.torn_bytes(), 16U);
  }
}

TEST(SoupText, NumbersArePaddedOnTheLeftAndReadFromEitherSide) {
  EXPECT_EQ(trimmed(number_text(0)), "0");
  EXPECT_EQ(number_text(135), make_text<20>("                 135"));
  EXPECT_EQ(parse_number(number_text(~u64{0})), ~u64{0});
  EXPECT_EQ(parse_number(make_text<20>("42")), 42U);
  Text<20> nul_padded{};
  nul_padded[0] = '7';
  EXPECT_EQ(parse_number(nul_padded), 7U);
  for (const char* bad : {"", "-1", "+1", "1 2", "0x1", "18446744073709551616", "1a"})
    EXPECT_FALSE(parse_number(make_text<20>(bad))) << bad;
}

TEST(SoupText, CredentialsAreComparedWithoutCaseAndPadding) {
  EXPECT_TRUE(same_credential("User  ", "  uSER"));
  EXPECT_FALSE(same_credential("user", "use"));
  EXPECT_FALSE(same_credential("use", "user"));
  EXPECT_FALSE(same_credential("a[", "a{"));
  EXPECT_EQ(trimmed(session_text("DAY1")), "DAY1");
  EXPECT_EQ(session_text("DAY1")[9], '1');
}

}  // namespace
}  // namespace tradsys::wire
