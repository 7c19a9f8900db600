// Goal: files of messages are read whole, plain and compressed, and every kind of broken end is
// told apart. Method: files written by the test, then cut at every byte, damaged or missing.
#include "hostsw/wire/binary_file.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "tests/support/bytes_text.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::wire {
namespace {

using tradsys::testing::bytes_of;
using tradsys::testing::TempDir;
using tradsys::testing::text_of;

constexpr std::string_view kThree("\0\3abc\0\1d\0\2ef", 12);

std::string read_all(BinaryFileReader& reader, FileRead& end) {
  std::string all;
  Bytes message;
  while ((end = reader.next(message)) == FileRead::kRecord) all += text_of(message) + "|";
  return all;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  std::ofstream(path, std::ios::binary).write(content.data(), static_cast<i64>(content.size()));
}

std::string gzip(const std::filesystem::path& path, std::string_view content) {
  gzFile file = gzopen(path.c_str(), "wb");
  EXPECT_EQ(gzwrite(file, content.data(), static_cast<unsigned>(content.size())),
            static_cast<int>(content.size()));
  gzclose(file);
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(BinaryFile, CutAtEveryByteItReturnsWholeMessagesAndReportsTheRest) {
  const usize ends[] = {0, 5, 8, 12};
  for (usize n = 0; n <= kThree.size(); ++n) {
    BinaryFileReader reader = BinaryFileReader::of(bytes_of(kThree.substr(0, n)));
    FileRead end{};
    read_all(reader, end);
    usize whole = 0;
    while (whole < 3 && ends[whole + 1] <= n) ++whole;
    EXPECT_EQ(reader.messages(), whole) << n;
    EXPECT_EQ(reader.trailing_bytes(), n - ends[whole]) << n;
    EXPECT_EQ(reader.position(), ends[whole]) << n;
    EXPECT_EQ(end, n == ends[whole] ? FileRead::kEnd : FileRead::kTruncated) << n;
  }
}

TEST(BinaryFile, ALengthOfZeroMarksTheEndAndNothingBehindItIsRead) {
  const std::string_view marked("\0\1a\0\0\0\1b", 8);
  BinaryFileReader reader = BinaryFileReader::of(bytes_of(marked));
  FileRead end{};
  EXPECT_EQ(read_all(reader, end), "a|");
  EXPECT_EQ(end, FileRead::kEnd);
  EXPECT_TRUE(reader.end_marked());
  Bytes message;
  EXPECT_EQ(reader.next(message), FileRead::kEnd);
}

TEST(BinaryFile, ReadsPlainAndCompressedFilesByTheirContent) {
  const TempDir folder;
  write_file(folder / "plain.gz", kThree);
  gzip(folder / "packed.itch", kThree);
  for (const char* name : {"plain.gz", "packed.itch"}) {
    Result<BinaryFileReader> reader = BinaryFileReader::open(folder / name);
    ASSERT_TRUE(reader) << name;
    FileRead end{};
    EXPECT_EQ(read_all(reader.value(), end), "abc|d|ef|") << name;
    EXPECT_EQ(end, FileRead::kEnd) << name;
  }
}

TEST(BinaryFile, StreamsFilesLargerThanItsWindow) {
  const TempDir folder;
  std::string content;
  for (u32 i = 0; i < 60; ++i) {
    const u32 length = 65'535 - i * 1'000;
    content += static_cast<char>(length >> 8);
    content += static_cast<char>(length & 0xFF);
    content += std::string(length, static_cast<char>('a' + i % 26));
  }
  ASSERT_GT(content.size(), 2 * ByteSource::kWindowBytes);
  gzip(folder / "large.gz", content);
  Result<BinaryFileReader> reader = BinaryFileReader::open(folder / "large.gz");
  ASSERT_TRUE(reader);
  Bytes message;
  for (u32 i = 0; i < 60; ++i) {
    ASSERT_EQ(reader.value().next(message), FileRead::kRecord);
    ASSERT_EQ(text_of(message), std::string(65'535 - i * 1'000, static_cast<char>('a' + i % 26)));
  }
  EXPECT_EQ(reader.value().next(message), FileRead::kEnd);
}

TEST(BinaryFile, ACutOrDamagedArchiveIsReportedAsSuch) {
  const TempDir folder;
  std::string content;
  for (u32 i = 0; i < 5'000; ++i)
    content += std::string("\0\4", 2) + std::to_string(1'000 + i * 7 % 9'000);
  const std::string packed = gzip(folder / "whole.gz", content);
  write_file(folder / "cut.gz", std::string_view(packed).substr(0, packed.size() / 2));
  std::string damaged = packed;
  damaged[packed.size() / 2] = static_cast<char>(damaged[packed.size() / 2] ^ 0x55);
  write_file(folder / "damaged.gz", damaged);
  for (const char* name : {"cut.gz", "damaged.gz"}) {
    Result<BinaryFileReader> reader = BinaryFileReader::open(folder / name);
    ASSERT_TRUE(reader) << name;
    FileRead end{};
    read_all(reader.value(), end);
    EXPECT_EQ(end, FileRead::kDamaged) << name;
    EXPECT_LT(reader.value().messages(), 5'000U) << name;
  }
}

TEST(BinaryFile, AFileThatCannotBeOpenedIsNamed) {
  const TempDir folder;
  const Result<BinaryFileReader> missing = BinaryFileReader::open(folder / "missing.itch");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message().find("missing.itch: No such file"), std::string::npos);
  EXPECT_FALSE(BinaryFileReader::open(folder.path()));
}

}  // namespace
}  // namespace tradsys::wire
