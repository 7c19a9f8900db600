// Goal: MoldUDP64 packets are read and composed exactly, and damaged ones are refused as a unit.
// Method: packets composed by hand and by the builder, then cut, overfilled and contradicted.
#include "hostsw/wire/mold64.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/bytes_text.hpp"

namespace tradsys::wire {
namespace {

using tradsys::testing::bytes_of;
using tradsys::testing::text_of;

const MoldSession kSession = make_text<10>("000010059B");

std::vector<std::byte> copy_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

std::vector<std::byte> packet_of(u64 sequence, const std::vector<std::string>& messages) {
  MoldPacketBuilder builder;
  builder.start(kSession, sequence);
  for (const std::string& message : messages) EXPECT_TRUE(builder.add(bytes_of(message)));
  return copy_of(builder.packet());
}

TEST(MoldPacket, ReadsWhatTheDocumentShows) {
  const std::vector<std::byte> packet = packet_of(0x0102030405060708, {"ab", "", "c"});
  const std::string golden("000010059B\1\2\3\4\5\6\7\10\0\3\0\2ab\0\0\0\1c", 29);
  EXPECT_EQ(text_of(packet), golden);
  MoldPacketReader reader(packet);
  ASSERT_TRUE(reader.valid());
  EXPECT_EQ(reader.header().session, kSession);
  EXPECT_EQ(reader.header().next_sequence(), 0x010203040506070BU);
  std::vector<std::pair<u64, std::string>> seen;
  Bytes message;
  for (u64 at = reader.sequence(); reader.next(message); at = reader.sequence())
    seen.emplace_back(at, text_of(message));
  const std::vector<std::pair<u64, std::string>> expected{
      {0x0102030405060708, "ab"}, {0x0102030405060709, ""}, {0x010203040506070A, "c"}};
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(reader.trailing_bytes(), 0U);
}

TEST(MoldPacket, AnEmptyMessageConsumesASequenceNumber) {
  const std::vector<std::byte> packet = packet_of(7, {"", ""});
  MoldPacketReader reader(packet);
  EXPECT_EQ(reader.header().next_sequence(), 9U);
  EXPECT_EQ(reader.remaining(), 2U);
}

TEST(MoldPacket, CountFFFFIsTheEndOfTheSessionAndNot65535Messages) {
  MoldPacketBuilder builder;
  const std::vector<std::byte> packet = copy_of(builder.end_of_session(kSession, 42));
  MoldPacketReader reader(packet);
  ASSERT_TRUE(reader.valid());
  EXPECT_TRUE(reader.header().is_end_of_session());
  EXPECT_EQ(reader.remaining(), 0U);
  EXPECT_EQ(reader.header().next_sequence(), 42U);
  EXPECT_FALSE(builder.add(bytes_of("x"))) << "nothing can be added to the end of a session";
}

TEST(MoldPacket, ABuilderWithoutMessagesMakesAHeartbeat) {
  const std::vector<std::byte> packet = packet_of(5, {});
  MoldPacketReader reader(packet);
  ASSERT_TRUE(reader.valid());
  EXPECT_TRUE(reader.header().is_heartbeat());
  EXPECT_EQ(reader.header().next_sequence(), 5U);
}

TEST(MoldPacket, CutAtEveryByteItIsRefusedAndSaysWhatIsMissing) {
  const std::vector<std::byte> whole = packet_of(1, {"abc", "", "defgh"});
  const usize ends[] = {25, 27, 34};
  for (usize n = 0; n < whole.size(); ++n) {
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<i64>(n));
    MoldPacketReader reader(cut);
    Bytes message;
    EXPECT_FALSE(reader.valid()) << n;
    EXPECT_FALSE(reader.next(message)) << n;
    EXPECT_GT(reader.missing_bytes(), 0U) << n;
    u32 whole_blocks = 0;
    for (usize end : ends) whole_blocks += n >= end ? 1 : 0;
    EXPECT_EQ(reader.whole_blocks(), whole_blocks) << n;
  }
}

TEST(MoldPacket, BytesBehindTheLastBlockAreReportedAndTolerated) {
  std::vector<std::byte> packet = packet_of(1, {"abc"});
  packet.resize(packet.size() + 6);
  MoldPacketReader reader(packet);
  ASSERT_TRUE(reader.valid());
  EXPECT_EQ(reader.trailing_bytes(), 6U);
  EXPECT_EQ(reader.blocks().size(), 5U);
}

TEST(MoldPacket, SequenceZeroAndSequencesBeyond64BitsAreDamage) {
  EXPECT_FALSE(MoldPacketReader(packet_of(0, {"a"})).valid());
  EXPECT_FALSE(MoldPacketReader(packet_of(0, {})).valid());
  EXPECT_TRUE(MoldPacketReader(packet_of(~u64{0} - 1, {"a"})).valid());
  EXPECT_FALSE(MoldPacketReader(packet_of(~u64{0}, {"a"})).valid());
}

TEST(MoldPacket, SkippingPassesOverMessagesAndStopsAtTheEnd) {
  const std::vector<std::byte> packet = packet_of(10, {"a", "b", "c"});
  MoldPacketReader reader(packet);
  Bytes message;
  reader.skip(2);
  EXPECT_EQ(reader.sequence(), 12U);
  ASSERT_TRUE(reader.next(message));
  EXPECT_EQ(text_of(message), "c");
  reader.skip(~u64{0});
  EXPECT_EQ(reader.sequence(), 13U);
}

TEST(MoldPacketBuilder, RefusesWhatDoesNotFitAndKeepsWhatItHas) {
  MoldPacketBuilder builder(kMoldHeaderBytes + 10);
  builder.start(kSession, 1);
  EXPECT_TRUE(builder.add(bytes_of("12345")));
  EXPECT_FALSE(builder.add(bytes_of("12")));
  EXPECT_TRUE(builder.add(bytes_of("1")));
  EXPECT_FALSE(builder.add(Bytes{}));
  EXPECT_EQ(builder.count(), 2U);
  EXPECT_EQ(builder.next_sequence(), 3U);
  EXPECT_EQ(builder.packet().size(), kMoldHeaderBytes + 10);
}

TEST(MoldRequest, SurvivesTheWireAndRefusesWhatIsNoRequest) {
  const MoldRequest request = encode_mold_request(kSession, 99, 7);
  MoldHeader parsed;
  ASSERT_TRUE(decode_mold_request(request, parsed));
  EXPECT_EQ(parsed.session, kSession);
  EXPECT_EQ(parsed.sequence, 99U);
  EXPECT_EQ(parsed.count, 7U);
  EXPECT_FALSE(decode_mold_request(Bytes(request).first(19), parsed));
  EXPECT_FALSE(decode_mold_request(packet_of(1, {"a"}), parsed));
  const std::pair<u64, u16> useless[] = {{0, 1}, {1, 0}, {1, 0xFFFF}};
  for (const auto& [sequence, count] : useless) {
    MoldRequest bytes;
    MoldHeader{kSession, sequence, count}.store(bytes.data());
    EXPECT_FALSE(decode_mold_request(bytes, parsed)) << sequence << ' ' << count;
  }
}

}  // namespace
}  // namespace tradsys::wire
