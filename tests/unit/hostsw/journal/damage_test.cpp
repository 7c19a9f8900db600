// Goal: a journal cut or changed anywhere never yields a record that was not written, and says
// where it is damaged. Method: cut the file at every byte of its last two batches; flip every byte
// of every block in use; swap, repeat and remove batches.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "hostsw/core/random.hpp"
#include "hostsw/journal/crc32c.hpp"
#include "hostsw/journal/writer.hpp"
#include "tests/support/journal_disk.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::journal {
namespace {

using tradsys::testing::read_back;
using tradsys::testing::ReadBack;
using tradsys::testing::TempDir;
using tradsys::testing::write_batch;

/// Four batches of 8 records, one block each, in one segment: blocks 1..4; block 0 is the header.
class JournalDamage : public ::testing::Test {
 protected:
  static constexpr u64 kBatches = 4, kRecordsPerBatch = 8;
  static constexpr u64 kEnd = (1 + kBatches) * kBlockBytes;

  void SetUp() override {
    config_ = {.dir = dir_ / "journal", .segment_bytes = 48 * 1024, .batch_bytes_max = 16 * 1024};
    auto writer = Writer::make(config_);
    ASSERT_TRUE(writer.ok());
    for (u64 batch = 0; batch < kBatches; ++batch) write_batch(writer.value(), kRecordsPerBatch);
    ASSERT_EQ(writer.value().counters().written_bytes, kBatches * kBlockBytes);
    file_ = config_.dir / segment_name(0);
    std::ifstream in(file_, std::ios::binary);
    image_.assign(std::istreambuf_iterator<char>(in), {});
    ASSERT_EQ(image_.size(), config_.segment_bytes);
  }
  void put(const std::string& image) const {
    std::ofstream(file_, std::ios::binary | std::ios::trunc)
        .write(image.data(), static_cast<std::streamsize>(image.size()));
  }
  void put_byte(u64 offset, char value) const {
    std::fstream(file_, std::ios::binary | std::ios::in | std::ios::out)
        .seekp(static_cast<std::streamoff>(offset))
        .put(value);
  }
  /// Changes one byte, reads the journal, and changes it back.
  ReadBack flipped(u64 offset, u8 mask) {
    put_byte(offset, static_cast<char>(image_[offset] ^ mask));
    const ReadBack back = read_back(config_.dir);
    put_byte(offset, image_[offset]);
    return back;
  }

  TempDir dir_;
  WriterConfig config_;
  std::filesystem::path file_;
  std::string image_;
};

TEST_F(JournalDamage, CutAtEveryByteOfTheLastTwoBatchesYieldsAPrefix) {
  for (u64 cut = kEnd - 2 * kBlockBytes; cut <= kEnd; ++cut) {
    put(image_.substr(0, cut));
    const ReadBack back = read_back(config_.dir);
    ASSERT_FALSE(back.wrong) << cut;
    ASSERT_EQ(back.records, (cut / kBlockBytes - 1) * kRecordsPerBatch) << cut;
    ASSERT_EQ(back.status, cut % kBlockBytes == 0 ? ReadStatus::kEnd : ReadStatus::kTornTail)
        << cut;
  }
}

TEST_F(JournalDamage, AWriterContinuesBehindEveryCut) {
  for (u64 cut = kEnd - 2 * kBlockBytes; cut <= kEnd; cut += 509) {
    put(image_.substr(0, cut));
    const u64 kept = (cut / kBlockBytes - 1) * kRecordsPerBatch;
    auto writer = Writer::make(config_);
    ASSERT_TRUE(writer.ok()) << writer.error().message();
    ASSERT_EQ(writer.value().durable_seq(), kept) << cut;
    ASSERT_EQ(writer.value().dropped_tail().has_value(), cut % kBlockBytes != 0) << cut;
    for (int batch = 0; batch < 12; ++batch)
      write_batch(writer.value(), kRecordsPerBatch);  // rolls
    const ReadBack back = read_back(config_.dir);
    ASSERT_EQ(back.status, ReadStatus::kEnd) << cut << " " << back.problem;
    ASSERT_EQ(back.records, kept + 12 * kRecordsPerBatch) << cut;
    ASSERT_FALSE(back.wrong) << cut;
    for (u64 i = 1; std::filesystem::remove(config_.dir / segment_name(i)); ++i) {
    }
  }
}

TEST_F(JournalDamage, AFlipOfAnyByteIsNoticedAtItsBatch) {
  Random random(tradsys::testing::test_seed(5));
  for (u64 offset = kBlockBytes; offset < kEnd; ++offset) {
    const ReadBack back = flipped(offset, static_cast<u8>(1U << random.below(8)));
    const u64 batch = offset / kBlockBytes - 1;
    ASSERT_FALSE(back.wrong) << offset;
    ASSERT_EQ(back.records, batch * kRecordsPerBatch) << offset;
    ASSERT_EQ(back.status, batch + 1 == kBatches ? ReadStatus::kTornTail : ReadStatus::kCorrupt)
        << offset;
    ASSERT_NE(back.problem.find(segment_name(0) + ": offset " +
                                std::to_string((batch + 1) * kBlockBytes)),
              std::string::npos)
        << back.problem;
  }
}

TEST_F(JournalDamage, AFlipInTheSegmentHeaderIsRefused) {
  for (u64 offset = 0; offset < kBlockBytes; offset += 3) {
    const ReadBack back = flipped(offset, 0x10);
    ASSERT_EQ(back.status, ReadStatus::kCorrupt) << offset;
    ASSERT_EQ(back.records, 0U) << offset;
    ASSERT_NE(back.problem.find(segment_name(0)), std::string::npos) << back.problem;
  }
}

TEST_F(JournalDamage, AFlipBehindTheEndKeepsEveryRecord) {
  for (u64 offset = kEnd; offset < image_.size(); offset += 97) {
    const ReadBack back = flipped(offset, 0x80);
    ASSERT_EQ(back.status, ReadStatus::kTornTail) << offset;
    ASSERT_EQ(back.records, kBatches * kRecordsPerBatch) << offset;
  }
}

TEST_F(JournalDamage, AWriterRefusesDamageInTheMiddleAndLeavesItAlone) {
  std::string image = image_;
  image[2 * kBlockBytes + 200] = static_cast<char>(image[2 * kBlockBytes + 200] ^ 1);
  put(image);
  const auto writer = Writer::make(config_);
  ASSERT_FALSE(writer.ok());
  EXPECT_NE(writer.error().where.find("offset 8192"), std::string::npos)
      << writer.error().message();
  std::ifstream in(file_, std::ios::binary);
  const std::string after{std::istreambuf_iterator<char>(in), {}};
  EXPECT_TRUE(after == image);
}

TEST_F(JournalDamage, ALostBlockInFrontOfLaterOnesIsCorruption) {
  std::string image = image_;
  std::fill_n(image.begin() + static_cast<long>(2 * kBlockBytes), kBlockBytes, '\0');
  put(image);
  const ReadBack back = read_back(config_.dir);
  EXPECT_EQ(back.status, ReadStatus::kCorrupt);
  EXPECT_EQ(back.records, kRecordsPerBatch);
}

TEST_F(JournalDamage, BatchesOutOfOrderOrRepeatedAreCorruption) {
  const auto block = [this](u64 i) { return image_.substr(i * kBlockBytes, kBlockBytes); };
  std::string swapped = image_;
  swapped.replace(2 * kBlockBytes, kBlockBytes, block(3))
      .replace(3 * kBlockBytes, kBlockBytes, block(2));
  put(swapped);
  EXPECT_EQ(read_back(config_.dir).status, ReadStatus::kCorrupt);
  EXPECT_EQ(read_back(config_.dir).records, kRecordsPerBatch);
  std::string repeated = image_;
  repeated.replace(kEnd, kBlockBytes, block(4));
  put(repeated);
  EXPECT_EQ(read_back(config_.dir).status, ReadStatus::kCorrupt);
  EXPECT_EQ(read_back(config_.dir).records, kBatches * kRecordsPerBatch);
}

TEST_F(JournalDamage, AForgedHistoryDoesNotMatchTheChain) {
  TempDir other_dir;
  WriterConfig other = config_;
  other.dir = other_dir / "journal";
  {
    auto writer = Writer::make(other);
    ASSERT_TRUE(writer.ok());
    ASSERT_EQ(writer.value().append(99, 1, 0, {}), AppendStatus::kOk);  // another first record
    for (u64 seq = 2; seq <= kRecordsPerBatch; ++seq)
      ASSERT_EQ(tradsys::testing::append_numbered(writer.value(), seq), AppendStatus::kOk);
    ASSERT_TRUE(writer.value().commit().ok());
    write_batch(writer.value(), kRecordsPerBatch);
  }
  std::ifstream in(other.dir / segment_name(0), std::ios::binary);
  const std::string forged{std::istreambuf_iterator<char>(in), {}};
  std::string image = image_.substr(0, 3 * kBlockBytes);
  image.replace(2 * kBlockBytes, kBlockBytes, forged, 2 * kBlockBytes, kBlockBytes);
  put(image);
  const ReadBack back = read_back(config_.dir);
  EXPECT_EQ(back.status, ReadStatus::kCorrupt);
  EXPECT_EQ(back.records, kRecordsPerBatch);
}

TEST_F(JournalDamage, ATornTailThatWouldLoseADurableRecordIsRefused) {
  put(image_.substr(0, kEnd - 100));
  WriterConfig config = config_;
  config.durable_seq_floor = kBatches * kRecordsPerBatch;
  const auto refused = Writer::make(config);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("reported durable"), std::string::npos);
  config.durable_seq_floor = (kBatches - 1) * kRecordsPerBatch;
  EXPECT_TRUE(Writer::make(config).ok());
}

TEST_F(JournalDamage, AnotherFormatVersionIsNamed) {
  SegmentHeader header{};
  std::memcpy(&header, image_.data(), sizeof header);
  header.version = 9;
  header.crc32c = 0;
  header.crc32c = crc32c(std::as_bytes(std::span(&header, 1)));
  std::string image = image_;
  std::memcpy(image.data(), &header, sizeof header);
  put(image);
  const ReadBack back = read_back(config_.dir);
  EXPECT_EQ(back.status, ReadStatus::kCorrupt);
  EXPECT_NE(back.problem.find("version 9, this program reads version 1"), std::string::npos)
      << back.problem;
}

}  // namespace
}  // namespace tradsys::journal
