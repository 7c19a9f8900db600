// Goal: a journal that is being written reads as whole, however the writer's commits fall between
// the reader's looks at the file. Method: a reader is stopped at the end of what it has seen, the
// writer goes on behind its back, the reader goes on.
#include <gtest/gtest.h>

#include "hostsw/journal/writer.hpp"
#include "tests/support/journal_disk.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::journal {
namespace {

using tradsys::testing::is_numbered;
using tradsys::testing::TempDir;
using tradsys::testing::write_batch;

class JournalLiveRead : public ::testing::Test {
 protected:
  void make_writer(u64 segment_bytes) {
    config_ = {.dir = dir_ / "journal", .segment_bytes = segment_bytes};
    auto writer = Writer::make(config_);
    ASSERT_TRUE(writer.ok());
    writer_ = std::make_unique<Writer>(std::move(writer).value());
  }
  void write_batches(u64 count) {
    for (u64 i = 0; i < count; ++i) write_batch(*writer_, 4);
  }
  void prepare_next_segment() {
    while (writer_->housekeep()) {
    }
  }
  /// Reads exactly `count` records and does not look for more.
  void read(Reader& reader, u64 count) {
    Record record;
    for (u64 i = 0; i < count; ++i) {
      ASSERT_EQ(reader.next(record), ReadStatus::kRecord) << reader.problem().message();
      ASSERT_TRUE(is_numbered(record)) << record.seq;
    }
  }
  static u64 rest_of(Reader& reader, ReadStatus& status) {
    Record record;
    u64 count = 0;
    while ((status = reader.next(record)) == ReadStatus::kRecord) ++count;
    return count;
  }

  TempDir dir_;
  WriterConfig config_;
  std::unique_ptr<Writer> writer_;
};

TEST_F(JournalLiveRead, TwoCommitsBehindAReadAheadAreNoDamage) {
  make_writer(u64{4} << 20);
  write_batches(300);  // the reader's window holds zeros where the next batches come
  Result<Reader> reader = Reader::open(config_.dir);
  ASSERT_TRUE(reader.ok());
  read(reader.value(), 300 * 4);
  write_batches(3);
  ReadStatus status{};
  EXPECT_EQ(rest_of(reader.value(), status), 3U * 4);
  EXPECT_EQ(status, ReadStatus::kEnd) << reader.value().problem().message();
}

TEST_F(JournalLiveRead, AWriterThatMovedToTheNextSegmentIsFollowed) {
  make_writer(u64{1} << 20);
  write_batches(100);
  prepare_next_segment();
  Result<Reader> reader = Reader::open(config_.dir);
  ASSERT_TRUE(reader.ok());
  ASSERT_EQ(reader.value().segment_count(), 2U);
  read(reader.value(), 100 * 4);
  write_batches(200);  // 255 blocks fit the first segment
  ASSERT_EQ(writer_->counters().rolls, 1U);
  ReadStatus status{};
  EXPECT_EQ(rest_of(reader.value(), status), 200U * 4);
  EXPECT_EQ(status, ReadStatus::kEnd) << reader.value().problem().message();
}

}  // namespace
}  // namespace tradsys::journal
