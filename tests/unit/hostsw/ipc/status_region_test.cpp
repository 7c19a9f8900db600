// Goal: a reader sees whole records of a living writer, the last state of a dead one, and refuses
// files it does not understand. Method: reader and writer in two processes; kill -9; files changed
// on disk.
#include "hostsw/ipc/status_region.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <thread>

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::ipc {
namespace {

using tradsys::testing::ChildProcess;
using tradsys::testing::TempDir;

void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

/// Waits up to five seconds for a file another process makes.
template <class T>
Result<T> open_soon(const std::filesystem::path& path) {
  for (int i = 0; i < 1'000 && !std::filesystem::exists(path); ++i) pause_ms(5);
  return T::open(path);
}

InstrumentStatus numbered(u64 n) {
  InstrumentStatus status;
  status.symbol = Symbol::from("S" + std::to_string(n % 1'000));
  status.bid_qty = status.ask_qty = status.trades = n;
  for (ShownLevel& level : status.bids) level.qty = n;
  for (ShownLevel& level : status.asks) level.qty = n;
  return status;
}
bool is_whole(const InstrumentStatus& status) {
  const u64 n = status.trades;
  bool whole = status.bid_qty == n && status.ask_qty == n;
  for (const ShownLevel& level : status.bids) whole = whole && level.qty == n;
  for (const ShownLevel& level : status.asks) whole = whole && level.qty == n;
  return whole;
}

void overwrite(const std::filesystem::path& path, usize offset, u64 value, usize bytes) {
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(static_cast<std::streamoff>(offset))
      .write(reinterpret_cast<const char*>(&value), static_cast<std::streamsize>(bytes));
}

TEST(StatusRegion, AFreshRegionFailsClosedAndIsPrivate) {
  const TempDir dir;
  auto writer = StatusWriter::create(dir / "status", 3);
  ASSERT_TRUE(writer.ok()) << writer.error().message();
  struct stat file {};
  ASSERT_EQ(::stat((dir / "status").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
  auto reader = StatusReader::open(dir / "status");
  ASSERT_TRUE(reader.ok()) << reader.error().message();
  EXPECT_EQ(reader.value().instruments(), 3U);
  InstrumentStatus instrument;
  instrument.stale = instrument.killed = 0;
  ASSERT_TRUE(reader.value().instrument(2, instrument));
  EXPECT_EQ(instrument.stale, 1);
  EXPECT_EQ(instrument.killed, 1);
  EXPECT_FALSE(reader.value().instrument(3, instrument));
  ProcessStatus process;
  ASSERT_TRUE(reader.value().process(process));
  EXPECT_EQ(process.state, ProcessState::kStarting);
}

TEST(StatusRegion, EverySectionComesOutAsItWentIn) {
  const TempDir dir;
  auto writer = StatusWriter::create(dir / "status", 2);
  ASSERT_TRUE(writer.ok());
  auto reader = StatusReader::open(dir / "status");
  ASSERT_TRUE(reader.ok());
  for (u32 i = 0; i < kFeedsMax; ++i) {
    FeedStatus feed, back;
    feed.gaps = 100 + i;
    writer.value().feed(i, feed);
    ASSERT_TRUE(reader.value().feed(i, back));
    EXPECT_EQ(back.gaps, 100U + i);
  }
  for (u32 i = 0; i < kStagesMax; ++i) {
    StageLatency stage, back;
    stage.name = Text<24>::from("stage");
    stage.latency_ns.record(1'000 * (i + 1));
    writer.value().stage(i, stage);
    ASSERT_TRUE(reader.value().stage(i, back));
    EXPECT_EQ(back.latency_ns.max(), 1'000U * (i + 1));
    EXPECT_EQ(back.name.str(), "stage");
  }
  for (u32 i = 0; i < kSessionsMax; ++i) {
    SessionStatus session, back;
    session.logins = i;
    writer.value().session(i, session);
    ASSERT_TRUE(reader.value().session(i, back));
    EXPECT_EQ(back.logins, i);
  }
  OrderStatus orders, orders_back;
  orders.verdicts[63] = 7;
  orders.state_hash = 0x1234;
  writer.value().orders(orders);
  ASSERT_TRUE(reader.value().orders(orders_back));
  EXPECT_EQ(orders_back.verdicts[63], 7U);
  EXPECT_EQ(orders_back.state_hash, 0x1234U);
  FeedStatus none;
  EXPECT_FALSE(reader.value().feed(kFeedsMax, none));
  writer.value().instrument(1, numbered(42));
  EXPECT_EQ(reader.value().find(Symbol::from("S42")), 1U);
  EXPECT_EQ(reader.value().find(Symbol::from("NONE")), 2U);
}

TEST(StatusRegion, AReaderInAnotherProcessNeverSeesATornRecord) {
  const TempDir dir;
  const std::filesystem::path path = dir / "status";
  ChildProcess writing([&] {
    auto writer = StatusWriter::create(path, 1);
    if (!writer) return 1;
    for (u64 n = 1;; ++n) writer.value().instrument(0, numbered(n));
  });
  auto reader = open_soon<StatusReader>(path);
  ASSERT_TRUE(reader.ok()) << reader.error().message();
  u64 seen = 0, last = 0;
  for (int i = 0; i < 1'000'000 && seen < 1'000; ++i) {
    InstrumentStatus status;
    if (!reader.value().instrument(0, status)) continue;
    ASSERT_TRUE(is_whole(status));
    ASSERT_GE(status.trades, last);
    if (status.trades == last) std::this_thread::yield();
    seen += status.trades != last;
    last = status.trades;
  }
  EXPECT_GT(seen, 10U);
}

TEST(StatusRegion, AKilledWriterIsDeadAndItsLastStateStaysReadable) {
  const TempDir dir;
  const std::filesystem::path path = dir / "status";
  ChildProcess writing([&] {
    auto writer = StatusWriter::create(path, 1);
    if (!writer) return 1;
    writer.value().instrument(0, numbered(77));
    for (;;) {
      writer.value().heartbeat(monotonic_now());
      pause_ms(1);
    }
  });
  auto reader = open_soon<StatusReader>(path);
  ASSERT_TRUE(reader.ok()) << reader.error().message();
  while (reader.value().beats() < 3) pause_ms(1);
  EXPECT_EQ(reader.value().liveness(monotonic_now(), {60 * kSecond.v}), Liveness::kAlive);
  EXPECT_EQ(reader.value().liveness(monotonic_now() + kSecond, kMillisecond), Liveness::kStalled);
  EXPECT_EQ(reader.value().owner_pid(), static_cast<u32>(writing.pid()));
  EXPECT_FALSE(StatusWriter::create(path, 1).ok()) << "a living owner must not be replaced";
  writing.kill();
  EXPECT_EQ(reader.value().liveness(monotonic_now(), {60 * kSecond.v}), Liveness::kDead);
  InstrumentStatus status;
  ASSERT_TRUE(reader.value().instrument(0, status));
  EXPECT_EQ(status.trades, 77U);
  auto next = StatusWriter::create(path, 1);
  ASSERT_TRUE(next.ok()) << next.error().message();
  EXPECT_EQ(StatusReader::open(path).value().liveness(monotonic_now()), Liveness::kAlive);
  EXPECT_EQ(reader.value().liveness(monotonic_now()), Liveness::kDead)
      << "the old file is another one";
}

TEST(StatusRegion, AWriterThatDiedWhilePublishingDoesNotHangItsReaders) {
  SeqLock<u64> lock;
  lock.store(5);
  reinterpret_cast<std::atomic<u64>*>(&lock)->fetch_add(1);  // the version: odd = being written
  u64 value = 0;
  EXPECT_FALSE(lock.load(value));
}

TEST(StatusRegion, AnotherVersionOrLayoutIsRefusedNamingBoth) {
  const TempDir dir;
  const std::filesystem::path path = dir / "status";
  { ASSERT_TRUE(StatusWriter::create(path, 1).ok()); }
  overwrite(path, offsetof(SharedHeader, version), 9, 4);
  auto reader = StatusReader::open(path);
  ASSERT_FALSE(reader.ok());
  EXPECT_NE(reader.error().what.find("is version 9"), std::string::npos)
      << reader.error().message();
  EXPECT_NE(reader.error().what.find("knows version 1"), std::string::npos);
  overwrite(path, offsetof(SharedHeader, version), kStatusLayout.version, 4);
  EXPECT_TRUE(StatusReader::open(path).ok());
  overwrite(path, offsetof(SharedHeader, layout_hash), 0xABC, 8);
  reader = StatusReader::open(path);
  ASSERT_FALSE(reader.ok());
  EXPECT_NE(reader.error().what.find("layout 0000000000000abc"), std::string::npos)
      << reader.error().message();
}

TEST(StatusRegion, AFileCutAnywhereOrOfAnotherKindIsRefused) {
  const TempDir dir;
  const std::filesystem::path path = dir / "status";
  { ASSERT_TRUE(StatusWriter::create(path, 4).ok()); }
  const usize whole = std::filesystem::file_size(path);
  for (usize bytes = whole - 1; bytes > 0; bytes = bytes * 2 / 3) {
    std::filesystem::resize_file(path, bytes);
    EXPECT_FALSE(StatusReader::open(path).ok()) << bytes;
  }
  std::filesystem::resize_file(path, 0);
  EXPECT_FALSE(StatusReader::open(path).ok());
  std::ofstream(path) << std::string(10'000, 'x');
  const auto reader = StatusReader::open(path);
  ASSERT_FALSE(reader.ok());
  EXPECT_NE(reader.error().what.find("not a status region"), std::string::npos);
  EXPECT_FALSE(StatusReader::open(dir / "absent").ok());
}

TEST(StatusRegion, AnItemCountThatDoesNotFitTheSizeIsRefused) {
  const TempDir dir;
  const std::filesystem::path path = dir / "status";
  { ASSERT_TRUE(StatusWriter::create(path, 4).ok()); }
  for (const u64 count : {u64{3}, u64{5}, u64{1} << 40, ~u64{0}}) {
    overwrite(path, offsetof(SharedHeader, item_count), count, 8);
    EXPECT_FALSE(StatusReader::open(path).ok()) << count;
  }
}

TEST(StatusRegion, NothingIsLeftWhenCreationFails) {
  const TempDir dir;
  EXPECT_FALSE(StatusWriter::create(dir / "no/such/folder", 1).ok());
  EXPECT_FALSE(StatusWriter::create(dir / "status", kInstrumentsMax + 1).ok());
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

}  // namespace
}  // namespace tradsys::ipc
