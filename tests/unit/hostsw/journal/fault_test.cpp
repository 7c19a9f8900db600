// Goal: after a failed write nothing more is accepted, the Error names file, offset and cause, and
// what was acknowledged is still there. Method: a disk that fails at a chosen operation.
#include <gtest/gtest.h>

#include "tests/support/journal_disk.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::journal {
namespace {

using tradsys::testing::append_numbered;
using tradsys::testing::disk_plan;
using tradsys::testing::DiskFault;
using tradsys::testing::DiskPlan;
using tradsys::testing::read_back;
using tradsys::testing::TempDir;
using tradsys::testing::write_batch;

class JournalFault : public ::testing::Test {
 protected:
  void SetUp() override {
    disk_plan() = DiskPlan{};
    config_ = {.dir = dir_ / "journal",
               .segment_bytes = 64 * 1024,
               .batch_bytes_max = 16 * 1024,
               .file_ops = &tradsys::testing::faulty_file_ops()};
  }
  static void fail_from_now(DiskFault fault, int error = EIO, u64 after = 0) {
    disk_plan().fault = fault;
    disk_plan().error = error;
    disk_plan().at = disk_plan().operations + after;
  }
  TempDir dir_;
  WriterConfig config_;
};

TEST_F(JournalFault, AWriteErrorStopsTheWriterForGood) {
  auto writer = Writer::make(config_);
  ASSERT_TRUE(writer.ok());
  write_batch(writer.value(), 3);
  ASSERT_EQ(append_numbered(writer.value(), 4), AppendStatus::kOk);
  fail_from_now(DiskFault::kError, EIO);
  const auto failed = writer.value().commit();
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().where.find(segment_name(0)), std::string::npos);
  EXPECT_NE(failed.error().what.find("offset 8192: Input/output error"), std::string::npos)
      << failed.error().message();
  EXPECT_NE(failed.error().what.find("durable up to sequence number 3"), std::string::npos);
  const u64 operations = disk_plan().operations;
  EXPECT_FALSE(writer.value().commit().ok()) << "the disk works again, the writer must not";
  EXPECT_EQ(append_numbered(writer.value(), 5), AppendStatus::kRefused);
  EXPECT_FALSE(writer.value().housekeep());
  EXPECT_EQ(disk_plan().operations, operations) << "nothing may be tried again";
  EXPECT_EQ(writer.value().durable_seq(), 3U);
}

TEST_F(JournalFault, AShortWriteStopsTheWriterAndANewOneDropsIt) {
  {
    auto writer = Writer::make(config_);
    ASSERT_TRUE(writer.ok());
    write_batch(writer.value(), 3);
    while (writer.value().pending_records() < 40)
      ASSERT_EQ(append_numbered(writer.value(), writer.value().next_seq()), AppendStatus::kOk);
    fail_from_now(DiskFault::kShortWrite);
    const auto failed = writer.value().commit();
    ASSERT_FALSE(failed.ok());
    EXPECT_NE(failed.error().what.find("stopped after 4096 bytes"), std::string::npos)
        << failed.error().message();
  }
  auto writer = Writer::make(config_);
  ASSERT_TRUE(writer.ok()) << writer.error().message();
  EXPECT_EQ(writer.value().durable_seq(), 3U);
  EXPECT_TRUE(writer.value().dropped_tail().has_value());
  write_batch(writer.value(), 5);
  EXPECT_EQ(read_back(config_.dir).records, 8U);
}

TEST_F(JournalFault, AFullDiskIsAnnouncedWhileTheReserveStillTakesCommits) {
  auto writer = Writer::make(config_);
  ASSERT_TRUE(writer.ok());
  write_batch(writer.value(), 3);
  fail_from_now(DiskFault::kError, ENOSPC, 1);  // the reservation of the next segment
  while (!writer.value().prepare_problem()) writer.value().housekeep();
  EXPECT_NE(writer.value().prepare_problem()->what.find("No space left"), std::string::npos);
  EXPECT_FALSE(writer.value().failure().has_value());
  const u64 reserve = writer.value().reserve_bytes();
  EXPECT_EQ(reserve, 64U * 1024 - 2 * kBlockBytes);
  write_batch(writer.value(), 3);
  EXPECT_EQ(writer.value().reserve_bytes(), reserve - kBlockBytes);
  while (writer.value().housekeep()) {  // space is back
  }
  EXPECT_FALSE(writer.value().prepare_problem().has_value());
  EXPECT_GT(writer.value().reserve_bytes(), 64U * 1024);
}

TEST_F(JournalFault, ARollWithoutSpaceRefusesTheCommit) {
  auto writer = Writer::make(config_);
  ASSERT_TRUE(writer.ok());
  while (writer.value().reserve_bytes() > 0) write_batch(writer.value(), 1);
  const u64 durable = writer.value().durable_seq();
  ASSERT_EQ(append_numbered(writer.value(), durable + 1), AppendStatus::kOk);
  fail_from_now(DiskFault::kError, ENOSPC, 1);
  const auto failed = writer.value().commit();
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().what.find("No space left"), std::string::npos)
      << failed.error().message();
  EXPECT_NE(failed.error().remedy.find("free space"), std::string::npos);
  EXPECT_EQ(read_back(config_.dir).records, durable);
}

TEST_F(JournalFault, AFileSystemThatRefusesDirectIoIsNamedAndServed) {
  static const FileOps base = tradsys::testing::faulty_file_ops();
  static const FileOps no_direct = [] {
    FileOps ops = base;
    ops.open = [](const char* path, int flags, unsigned mode) {
      if ((flags & O_DIRECT) == 0) return base.open(path, flags, mode);
      errno = EINVAL;
      return -1;
    };
    return ops;
  }();
  config_.file_ops = &no_direct;
  auto writer = Writer::make(config_);
  ASSERT_TRUE(writer.ok()) << writer.error().message();
  EXPECT_EQ(writer.value().io_mode(),
            "O_DSYNC (the file system refuses O_DIRECT: Invalid argument)");
  write_batch(writer.value(), 20);
  EXPECT_EQ(read_back(config_.dir).records, 20U);
}

TEST_F(JournalFault, StartingFailsCleanlyAtEveryOperationAndWorksAfterwards) {
  for (u64 at = 0; at < 40; ++at) {
    const TempDir dir;
    config_.dir = dir / "journal";
    disk_plan() = DiskPlan{};
    fail_from_now(DiskFault::kError, EIO, at);
    {
      auto writer = Writer::make(config_);
      if (writer.ok() && disk_plan().operations <= at) break;  // past the last operation
    }
    disk_plan() = DiskPlan{};
    auto writer = Writer::make(config_);
    ASSERT_TRUE(writer.ok()) << at << " " << writer.error().message();
    write_batch(writer.value(), 2);
    EXPECT_EQ(read_back(config_.dir).records, 2U) << at;
    ASSERT_LT(at, 39U);
  }
}

}  // namespace
}  // namespace tradsys::journal
