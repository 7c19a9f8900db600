// Goal: what was committed is read back, in order and unchanged, across rolls and restarts; misuse
// is refused. Method: numbered records whose content follows from their number; small segments.
#include "hostsw/journal/writer.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "hostsw/journal/verify.hpp"
#include "tests/support/journal_disk.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::journal {
namespace {

using tradsys::testing::append_numbered;
using tradsys::testing::read_back;
using tradsys::testing::TempDir;
using tradsys::testing::write_batch;

WriterConfig small(const TempDir& dir) {
  return {.dir = dir / "journal", .segment_bytes = 64 * 1024, .batch_bytes_max = 16 * 1024};
}

TEST(JournalWriter, AFreshJournalIsEmptyAndStartsAtOne) {
  const TempDir dir;
  auto writer = Writer::make(small(dir));
  ASSERT_TRUE(writer.ok()) << writer.error().message();
  EXPECT_EQ(writer.value().next_seq(), 1U);
  EXPECT_EQ(writer.value().durable_seq(), 0U);
  EXPECT_EQ(writer.value().commit().value(), 0U);
  EXPECT_EQ(read_back(dir / "journal").status, ReadStatus::kEnd);
}

TEST(JournalWriter, RecordsAreDurableAfterCommitAndNotBefore) {
  const TempDir dir;
  auto writer = Writer::make(small(dir));
  ASSERT_TRUE(writer.ok());
  for (u64 seq = 1; seq <= 5; ++seq)
    ASSERT_EQ(append_numbered(writer.value(), seq), AppendStatus::kOk);
  EXPECT_EQ(read_back(dir / "journal").records, 0U);
  EXPECT_EQ(writer.value().durable_seq(), 0U);
  EXPECT_EQ(writer.value().commit().value(), 5U);
  const auto back = read_back(dir / "journal");
  EXPECT_EQ(back.records, 5U);
  EXPECT_FALSE(back.wrong);
}

TEST(JournalWriter, EveryPayloadLengthUpToTheLimitComesBack) {
  const TempDir dir;
  auto writer = Writer::make(small(dir));
  ASSERT_TRUE(writer.ok());
  std::vector<std::byte> payload(kPayloadBytesMax + 1, std::byte{0xA5});
  for (usize length = 0; length <= kPayloadBytesMax; ++length) {
    const Bytes part = Bytes(payload).first(length);
    if (writer.value().append(3, length + 1, 9, part) == AppendStatus::kOk) continue;
    ASSERT_TRUE(writer.value().commit().ok());
    ASSERT_EQ(writer.value().append(3, length + 1, 9, part), AppendStatus::kOk);
  }
  ASSERT_TRUE(writer.value().commit().ok());
  EXPECT_EQ(writer.value().append(3, writer.value().next_seq(), 9, payload),
            AppendStatus::kTooLarge);

  auto reader = Reader::open(dir / "journal");
  ASSERT_TRUE(reader.ok());
  Record record;
  for (usize length = 0; length <= kPayloadBytesMax; ++length) {
    ASSERT_EQ(reader.value().next(record), ReadStatus::kRecord);
    ASSERT_EQ(record.payload.size(), length);
    ASSERT_TRUE(std::all_of(record.payload.begin(), record.payload.end(),
                            [](std::byte b) { return b == std::byte{0xA5}; }));
  }
  EXPECT_EQ(reader.value().next(record), ReadStatus::kEnd);
  EXPECT_EQ(reader.value().next(record), ReadStatus::kEnd);
}

TEST(JournalWriter, AGapOrARepeatedSequenceNumberIsRefused) {
  const TempDir dir;
  auto writer = Writer::make(small(dir));
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ(append_numbered(writer.value(), 2), AppendStatus::kWrongSequence);
  EXPECT_EQ(append_numbered(writer.value(), 0), AppendStatus::kWrongSequence);
  EXPECT_EQ(append_numbered(writer.value(), 1), AppendStatus::kOk);
  EXPECT_EQ(append_numbered(writer.value(), 1), AppendStatus::kWrongSequence);
  EXPECT_EQ(append_numbered(writer.value(), 2), AppendStatus::kOk);
}

TEST(JournalWriter, AFullBatchAsksForACommitAndLosesNothing) {
  const TempDir dir;
  auto writer = Writer::make(small(dir));
  ASSERT_TRUE(writer.ok());
  u64 full = 0;
  for (u64 seq = 1; seq <= 1'000; ++seq) {
    AppendStatus status = append_numbered(writer.value(), seq);
    if (status == AppendStatus::kBatchFull) {
      ++full;
      ASSERT_TRUE(writer.value().commit().ok());
      status = append_numbered(writer.value(), seq);
    }
    ASSERT_EQ(status, AppendStatus::kOk);
  }
  ASSERT_EQ(writer.value().commit().value(), 1'000U);
  EXPECT_GT(full, 0U);
  const auto back = read_back(dir / "journal");
  EXPECT_EQ(back.records, 1'000U) << back.problem;
  EXPECT_FALSE(back.wrong);
}

TEST(JournalWriter, ReopeningContinuesSequenceAndChainAcrossManySegments) {
  const TempDir dir;
  Hash last{};
  for (u64 round = 0; round < 10; ++round) {
    auto writer = Writer::make(small(dir));
    ASSERT_TRUE(writer.ok()) << writer.error().message();
    EXPECT_EQ(writer.value().next_seq(), round * 100 + 1);
    EXPECT_EQ(writer.value().chain_hash(), last);
    for (int batch = 0; batch < 5; ++batch) {
      write_batch(writer.value(), 20);
      writer.value().housekeep();
    }
    last = writer.value().chain_hash();
  }
  const auto summary = verify(dir / "journal");
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary.value().status, ReadStatus::kEnd) << summary.value().problem.message();
  EXPECT_EQ(summary.value().records, 1'000U);
  EXPECT_EQ(summary.value().last_seq, 1'000U);
  EXPECT_EQ(summary.value().batches, 50U);
  EXPECT_GT(summary.value().segments, 3U);
  EXPECT_EQ(summary.value().chain_hash, hex(last));
  EXPECT_EQ(summary.value().first_ts_ns, 1'000U);
  EXPECT_EQ(summary.value().last_ts_ns, 1'000'000U);
  EXPECT_FALSE(read_back(dir / "journal").wrong);
}

TEST(JournalWriter, ARollDoesNotWaitWhenHousekeepingIsDone) {
  const TempDir dir;
  auto writer = Writer::make(small(dir));
  ASSERT_TRUE(writer.ok());
  for (int batch = 0; batch < 60; ++batch) {
    write_batch(writer.value(), 10);
    while (writer.value().housekeep()) {
    }
    EXPECT_GE(writer.value().reserve_bytes(), 60U * 1024U);
  }
  EXPECT_GT(writer.value().counters().rolls, 2U);
  EXPECT_EQ(writer.value().counters().stalled_rolls, 0U);
}

TEST(JournalWriter, ARollWithoutHousekeepingWaitsAndIsCounted) {
  const TempDir dir;
  auto writer = Writer::make(small(dir));
  ASSERT_TRUE(writer.ok());
  for (int batch = 0; batch < 60; ++batch) write_batch(writer.value(), 10);
  EXPECT_EQ(writer.value().counters().stalled_rolls, writer.value().counters().rolls);
  EXPECT_EQ(read_back(dir / "journal").records, 600U);
}

TEST(JournalWriter, AWriterThatStartsLateInASegmentHasTheNextOneReady) {
  const TempDir dir;
  {
    auto writer = Writer::make(small(dir));
    ASSERT_TRUE(writer.ok());
    for (int batch = 0; batch < 12; ++batch) write_batch(writer.value(), 10);
  }
  auto writer = Writer::make(small(dir));
  ASSERT_TRUE(writer.ok());
  EXPECT_GT(writer.value().reserve_bytes(), 60U * 1024U);
  for (int batch = 0; batch < 6; ++batch) write_batch(writer.value(), 10);
  EXPECT_EQ(writer.value().counters().rolls, 1U);
  EXPECT_EQ(writer.value().counters().stalled_rolls, 0U);
}

TEST(JournalWriter, ASecondWriterIsRefusedWhileTheFirstLives) {
  const TempDir dir;
  auto first = Writer::make(small(dir));
  ASSERT_TRUE(first.ok());
  const auto second = Writer::make(small(dir));
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().what.find("another process"), std::string::npos);
}

TEST(JournalWriter, WithoutDirectIoTheBytesOnDiskAreTheSame) {
  const TempDir direct_dir, buffered_dir;
  WriterConfig buffered_config = small(buffered_dir);
  buffered_config.direct_io = false;
  auto direct = Writer::make(small(direct_dir));
  auto buffered = Writer::make(buffered_config);
  ASSERT_TRUE(direct.ok() && buffered.ok());
  EXPECT_EQ(buffered.value().io_mode(), "O_DSYNC (direct_io is off)");
  write_batch(direct.value(), 50);
  write_batch(buffered.value(), 50);
  EXPECT_EQ(direct.value().chain_hash(), buffered.value().chain_hash());
  EXPECT_EQ(read_back(buffered_dir / "journal").records, 50U);
}

TEST(JournalWriter, ConfigurationOutOfRangeIsRefusedWithARemedy) {
  const TempDir dir;
  for (const usize batch : {usize{0}, usize{4096}, usize{10'000}, kBatchBytesMax + kBlockBytes}) {
    WriterConfig config = small(dir);
    config.batch_bytes_max = batch;
    EXPECT_FALSE(Writer::make(config).ok()) << batch;
  }
  for (const u64 segment : {u64{0}, u64{16 * 1024}, u64{100'001}, kSegmentBytesMax + kBlockBytes}) {
    WriterConfig config = small(dir);
    config.segment_bytes = segment;
    const auto writer = Writer::make(config);
    ASSERT_FALSE(writer.ok()) << segment;
    EXPECT_FALSE(writer.error().remedy.empty());
  }
}

TEST(JournalWriter, LeftoversOfAnInterruptedPreparationAreRemoved) {
  const TempDir dir;
  { ASSERT_TRUE(Writer::make(small(dir)).ok()); }
  const auto leftover = dir.path() / "journal" / (segment_name(1) + ".tmp");
  std::ofstream(leftover) << "half a segment";
  ASSERT_TRUE(Writer::make(small(dir)).ok());
  EXPECT_FALSE(std::filesystem::exists(leftover));
}

TEST(JournalReader, AMissingDirectoryOrSegmentIsAnError) {
  const TempDir dir;
  EXPECT_FALSE(Reader::open(dir / "nothing").ok());
  {
    auto writer = Writer::make(small(dir));
    ASSERT_TRUE(writer.ok());
    for (int batch = 0; batch < 60; ++batch) write_batch(writer.value(), 10);
  }
  std::filesystem::remove(dir.path() / "journal" / segment_name(1));
  const auto reader = Reader::open(dir / "journal");
  ASSERT_FALSE(reader.ok());
  EXPECT_NE(reader.error().where.find(segment_name(1)), std::string::npos);
}

}  // namespace
}  // namespace tradsys::journal
