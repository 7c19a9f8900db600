// Goal: captures are read in both byte orders and resolutions, what is none is refused with a
// reason, and our own files read back. Method: headers made by hand, files written and read again,
// cuts at every byte.
#include "hostsw/wire/pcap_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/bytes_text.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::wire {
namespace {

using tradsys::testing::bytes_of;
using tradsys::testing::TempDir;
using tradsys::testing::text_of;

std::string words(bool big_endian, std::initializer_list<u32> values) {
  std::string bytes;
  for (u32 value : values)
    for (u32 i = 0; i < 4; ++i)
      bytes += static_cast<char>((value >> (big_endian ? 24 - 8 * i : 8 * i)) & 0xFF);
  return bytes;
}

/// One frame "abc" of 60 bytes on the wire at 5 s and `fraction`.
std::string capture(bool big_endian, u32 magic, u32 fraction, u32 link_type = 1) {
  std::string bytes = words(big_endian, {magic, 0x0004'0002, 0, 0, 65'535, link_type});
  bytes += words(big_endian, {5, fraction, 3, 60});
  bytes += "abc";
  return bytes;
}

TEST(PcapReader, ReadsBothByteOrdersAndBothResolutions) {
  for (bool big_endian : {false, true}) {
    for (bool nanosecond : {false, true}) {
      const std::string file =
          capture(big_endian, nanosecond ? 0xA1B23C4D : 0xA1B2C3D4, nanosecond ? 7'000 : 7);
      Result<PcapReader> reader = PcapReader::of(bytes_of(file));
      ASSERT_TRUE(reader);
      EXPECT_EQ(reader.value().nanosecond(), nanosecond);
      PcapFrame frame;
      ASSERT_EQ(reader.value().next(frame), FileRead::kRecord);
      EXPECT_EQ(frame.time.v, 5'000'007'000);
      EXPECT_EQ(frame.wire_bytes, 60U);
      EXPECT_EQ(text_of(frame.data), "abc");
      EXPECT_EQ(reader.value().next(frame), FileRead::kEnd);
    }
  }
}

TEST(PcapReader, CutAtEveryByteItRefusesOrReportsTheTruncation) {
  const std::string file = capture(false, 0xA1B2C3D4, 7);
  for (usize n = 0; n < file.size(); ++n) {
    const std::string cut = file.substr(0, n);
    Result<PcapReader> reader = PcapReader::of(bytes_of(cut));
    EXPECT_EQ(reader.ok(), n >= 24) << n;
    if (!reader) continue;
    PcapFrame frame;
    EXPECT_EQ(reader.value().next(frame), n == 24 ? FileRead::kEnd : FileRead::kTruncated) << n;
  }
}

TEST(PcapReader, RefusesWhatItCannotReadAndSaysWhatToDo) {
  const std::string pcapng = words(false, {0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, 0, 28});
  const Result<PcapReader> other = PcapReader::of(bytes_of(pcapng), "day.pcapng");
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message().find("day.pcapng: is a pcapng file; convert"),
            std::string::npos);
  EXPECT_FALSE(PcapReader::of(bytes_of(std::string(64, 'x'))));
  const std::string raw_ip = capture(false, 0xA1B2C3D4, 0, 101);
  EXPECT_FALSE(PcapReader::of(bytes_of(raw_ip)));
}

TEST(PcapReader, AnImpossibleFrameLengthIsDamage) {
  std::string file = words(false, {0xA1B2C3D4, 0x0004'0002, 0, 0, 65'535, 1});
  file += words(false, {5, 0, 0x7FFF'FFFF, 60}) + std::string(64, 'x');
  Result<PcapReader> reader = PcapReader::of(bytes_of(file));
  ASSERT_TRUE(reader);
  PcapFrame frame;
  EXPECT_EQ(reader.value().next(frame), FileRead::kDamaged);
}

TEST(PcapWriter, WhatItWritesReadsBack) {
  const TempDir folder;
  Result<PcapWriter> writer = PcapWriter::create(folder / "out.pcap");
  ASSERT_TRUE(writer);
  EXPECT_TRUE(writer.value().write(Nanos{1'234'567'890'123'456'789}, bytes_of("first")));
  EXPECT_TRUE(writer.value().write(Nanos{0}, Bytes{}));
  EXPECT_TRUE(writer.value().close().ok());
  Result<PcapReader> reader = PcapReader::open(folder / "out.pcap");
  ASSERT_TRUE(reader);
  EXPECT_TRUE(reader.value().nanosecond());
  PcapFrame frame;
  ASSERT_EQ(reader.value().next(frame), FileRead::kRecord);
  EXPECT_EQ(frame.time.v, 1'234'567'890'123'456'789);
  EXPECT_EQ(frame.wire_bytes, 5U);
  EXPECT_EQ(text_of(frame.data), "first");
  ASSERT_EQ(reader.value().next(frame), FileRead::kRecord);
  EXPECT_TRUE(frame.data.empty());
  EXPECT_EQ(reader.value().next(frame), FileRead::kEnd);
}

TEST(PcapWriter, AFullDiskIsReported) {
  Result<PcapWriter> writer = PcapWriter::create("/dev/full");
  if (!writer) GTEST_SKIP() << "SKIPPED: no /dev/full on this host";
  writer.value().write(Nanos{1}, bytes_of("frame"));
  EXPECT_FALSE(writer.value().close().ok());
  EXPECT_FALSE(PcapWriter::create("/nonexistent/x.pcap"));
}

}  // namespace
}  // namespace tradsys::wire
