// Goal: trading hears of the disk in time: durable numbers move on with commits, new orders stop
// while space runs out and come back with it, and stop for good after a failed write. Method: the
// tile on a disk that fails on command.
#include "dataplane/journal/journal_tile.hpp"

#include <gtest/gtest.h>

#include "tests/support/journal_disk.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::dataplane {
namespace {

using testing::disk_plan;
using testing::DiskFault;

class JournalTileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    static const journal::FileOps kDisk = testing::faulty_file_ops();
    disk_plan() = {};
    config_.dir = dir_ / "journal";
    config_.segment_bytes = 64 * 1024;
    config_.batch_bytes_max = 16 * 1024;
    config_.file_ops = &kDisk;
  }
  std::unique_ptr<JournalTile> make() {
    Result<std::unique_ptr<JournalTile>> tile = JournalTile::make(config_, link_);
    EXPECT_TRUE(tile.ok());
    return std::move(tile).value();
  }
  void push(u64 count) {
    for (u64 i = 0; i < count; ++i, ++next_seq_) link_.push(1, next_seq_, 1, {});
  }
  static void fail_from_now(int error) {
    DiskFault fault = DiskFault::kError;
    disk_plan().fault = fault;
    disk_plan().error = error;
    disk_plan().at = disk_plan().operations;
  }

  testing::TempDir dir_;
  journal::WriterConfig config_;
  JournalLink link_{64};
  u64 next_seq_ = 1;
};

TEST_F(JournalTileTest, SaysWhatIsDurable) {
  const auto tile = make();
  push(5);
  EXPECT_EQ(link_.durable_seq(), 0U);
  EXPECT_EQ(tile->poll(64), 5U);
  EXPECT_EQ(link_.durable_seq(), 5U);
  EXPECT_FALSE(tile->dropped_tail().has_value());
}

TEST_F(JournalTileTest, TakesNoNewOrdersWhileSpaceRunsOutAndTakesThemAgain) {
  const auto tile = make();
  EXPECT_TRUE(link_.ready());
  fail_from_now(ENOSPC);  // the reservation of the next segment
  for (int i = 0; i < 100 && !tile->space_problem(); ++i) tile->housekeep();
  ASSERT_TRUE(tile->space_problem().has_value());
  EXPECT_FALSE(link_.ready()) << "new orders wait";
  EXPECT_TRUE(link_.has_room(8)) << "cancels and executions go on";
  push(3);
  EXPECT_EQ(tile->poll(64), 3U);
  EXPECT_EQ(link_.durable_seq(), 3U);
  for (int i = 0; i < 100 && tile->space_problem(); ++i) tile->housekeep();  // space is back
  EXPECT_TRUE(link_.ready());
}

TEST_F(JournalTileTest, AFailedWriteStopsNewOrdersForGood) {
  const auto tile = make();
  push(3);
  fail_from_now(EIO);
  tile->poll(64);
  ASSERT_TRUE(tile->failure().has_value());
  EXPECT_TRUE(link_.failed());
  EXPECT_FALSE(link_.ready());
  EXPECT_EQ(link_.durable_seq(), 0U);
  const u64 operations = disk_plan().operations;
  for (int i = 0; i < 50; ++i) {
    push(3);
    EXPECT_EQ(tile->poll(64), 3U) << "cancels and executions never fill the link";
  }
  EXPECT_EQ(disk_plan().operations, operations) << "what the disk holds is unknown";
  EXPECT_EQ(link_.durable_seq(), 0U);
}

TEST_F(JournalTileTest, RefusesAJournalThatEndsBeforeWhatWasShownAsDurable) {
  {
    const auto tile = make();
    push(5);
    tile->poll(64);
  }
  config_.durable_seq_floor = 5;
  EXPECT_TRUE(JournalTile::make(config_, link_).ok());
  config_.durable_seq_floor = 6;
  const auto refused = JournalTile::make(config_, link_);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().what.find("6 was reported durable"), std::string::npos);
}

}  // namespace
}  // namespace tradsys::dataplane
