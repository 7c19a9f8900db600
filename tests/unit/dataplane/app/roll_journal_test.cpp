// Goal: a roll makes the new folder whole or not at all, never touches the old one, and refuses
// what cannot be rolled. Method: journals on disk, written by an engine in hand.
#include "dataplane/app/roll_journal.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "dataplane/app/dataplane.hpp"
#include "hostsw/journal/writer.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/dataplane/engine/engine_fixture.hpp"

namespace tradsys::dataplane {
namespace {

namespace fs = std::filesystem;

struct RollJournalTest : ::testing::Test {
  testing::TempDir dir_;
  config::DataplaneConfig config_;
  engine::Appliance day_;
  const fs::path old_ = dir_.path() / "mon";
  const fs::path new_ = dir_.path() / "tue";

  RollJournalTest() {
    for (u16 id = 0; id < 2; ++id) {
      config_.accounts.emplace_back();
      config_.accounts.back().id = id;
    }
    config_.clients.emplace_back();
    config_.books.instruments_max = 4;
    config_.orders_max = config_.trades_max = 1'000;
    config_.journal.segment_mib = 1;
    config_.journal.direct_io = false;
    day_.open_for_trading();
    engine::ClientRequest gtc = engine::Appliance::buy(1, 300);
    gtc.tif = TimeInForce::kGtc;
    day_.request(gtc);
    day_.venue(ExecKind::kAccepted, 1, 300);
    orders::VenueReport fill = day_.report(ExecKind::kFilled, 1, 100);
    fill.match_number = 7;
    day_.engine.venue_report(fill);
  }
  [[nodiscard]] journal::WriterConfig writer_config() const {
    journal::WriterConfig writer;
    writer.dir = old_;
    writer.segment_bytes = 1U << 20;
    writer.direct_io = false;
    return writer;
  }
  /// Writes the day as far as it went; the writer still holds the journal.
  journal::Writer write_day() {
    journal::Writer writer = journal::Writer::make(writer_config()).value();
    for (const engine::JournalRecord& record : day_.out.records)
      EXPECT_EQ(
          writer.append(static_cast<u16>(record.type), record.seq, record.ts_ns, record.payload),
          journal::AppendStatus::kOk);
    EXPECT_TRUE(writer.commit());
    return writer;
  }
  void end_and_write() {
    day_.engine.end_day({.ts_ns = 5'000});
    static_cast<void>(write_day());
  }
  [[nodiscard]] Result<RollSummary> roll() const {
    return roll_journal(config_, old_, new_, 9'000);
  }
  void expect_refused(const std::string& why) const {
    const Result<RollSummary> result = roll();
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message().find(why), std::string::npos) << result.error().message();
    EXPECT_FALSE(fs::exists(new_));
    EXPECT_FALSE(fs::exists(new_.string() + ".partial"));
  }
  [[nodiscard]] std::string contents() const {
    std::string all;
    for (const auto& entry : fs::directory_iterator(old_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      all += entry.path().string();
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
};

TEST_F(RollJournalTest, MakesAFolderThatReplaysToWhatItSays) {
  end_and_write();
  const std::string before = contents();
  const Result<RollSummary> result = roll();
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(result.value().day, 2U);
  EXPECT_EQ(result.value().orders, 1U);
  EXPECT_EQ(result.value().positions, 1U);
  EXPECT_EQ(result.value().trades, 1U);
  EXPECT_EQ(contents(), before);
  EXPECT_FALSE(fs::exists(new_.string() + ".partial"));
  config_.journal.dir = new_.string();
  const Result<ReplayReport> report = replay_journal(config_, 0);
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_EQ(report.value().state_hash, result.value().state_hash);
  EXPECT_EQ(report.value().last_seq, result.value().records);
  EXPECT_EQ(report.value().live_orders, 1U);
  EXPECT_EQ(report.value().executed_qty, 0U) << "of the new day";
}

TEST_F(RollJournalTest, GoesOnInAnotherDay) {
  end_and_write();
  ASSERT_TRUE(roll());
  journal::WriterConfig writer = writer_config();
  writer.dir = new_;
  journal::Writer next = journal::Writer::make(writer).value();
  const orders::DayEndEvent end{.ts_ns = 10'000};
  ASSERT_EQ(next.append(static_cast<u16>(orders::EventType::kDayEnd), next.next_seq(), 10'000,
                        std::as_bytes(std::span(&end, 1))),
            journal::AppendStatus::kOk);
  ASSERT_TRUE(next.commit());
  next = journal::Writer::make(writer_config()).value();  // lets go of it
  const Result<RollSummary> third = roll_journal(config_, new_, dir_.path() / "wed", 11'000);
  ASSERT_TRUE(third) << third.error().message();
  EXPECT_EQ(third.value().day, 3U);
  EXPECT_EQ(third.value().orders, 1U);
}

TEST_F(RollJournalTest, ADayThatHasNotEndedIsRefused) {
  static_cast<void>(write_day());
  expect_refused("has not ended");
}

TEST_F(RollJournalTest, AJournalThatIsWrittenIsRefused) {
  day_.engine.end_day({.ts_ns = 5'000});
  const journal::Writer writer = write_day();
  expect_refused("a dataplane writes this journal");
}

TEST_F(RollJournalTest, AnEmptyFolderIsRefused) {
  fs::create_directories(old_);
  expect_refused("holds no journal");
}

TEST_F(RollJournalTest, ATornTailIsRefused) {
  end_and_write();
  fs::path last;
  for (const auto& entry : fs::directory_iterator(old_))
    if (entry.path().extension() != ".lock") last = std::max(last, entry.path());
  std::fstream file(last, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(2 * 4'096);  // in the first batch, which is the last
  file.write("torn", 4);
  file.close();
  expect_refused("cut short");
}

TEST_F(RollJournalTest, WhatIsThereIsNotReplaced) {
  end_and_write();
  fs::create_directories(new_);
  std::ofstream(new_ / "kept") << "kept";
  const Result<RollSummary> result = roll();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message().find("is there already"), std::string::npos);
  EXPECT_TRUE(fs::exists(new_ / "kept"));
}

TEST_F(RollJournalTest, SmallerTablesAreRefusedInWords) {
  end_and_write();
  config_.accounts.pop_back();
  config_.books.instruments_max = 1;
  const Result<RollSummary> result = roll();
  ASSERT_FALSE(result);
  EXPECT_FALSE(fs::exists(new_));
}

}  // namespace
}  // namespace tradsys::dataplane
