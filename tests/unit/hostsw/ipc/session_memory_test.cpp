// Goal: memory that could be cut, resized or rewritten under the other side's feet is refused, and
// nobody but its maker can write the market board. Method: memory made here, honest and not, and
// the kernel's answers.
#include "hostsw/ipc/session_memory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>

#include "hostsw/ipc/market_board.hpp"

namespace tradsys::ipc {
namespace {

constexpr PipeSizes kSizes{4'096, 16'384};
constexpr usize kBytes = sizeof(SessionHeader) + 4'096 + 16'384;

Descriptor copy_of(int fd) { return Descriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

/// An unsealed memory with what `change` makes of an honest header.
template <class Change>
Descriptor forged(usize bytes, int seals, Change change) {
  Descriptor fd(::memfd_create("forged", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  EXPECT_EQ(::ftruncate(fd.get(), static_cast<off_t>(bytes)), 0);
  SessionHeader header{};
  header.magic = kSessionMagic;
  header.version = kSessionVersion;
  header.layout_hash = kSessionLayout;
  header.request_bytes = kSizes.request_bytes;
  header.report_bytes = kSizes.report_bytes;
  change(header);
  const void* const from = &header;
  EXPECT_EQ(::pwrite(fd.get(), from, std::min(bytes, sizeof header), 0),
            static_cast<ssize_t>(std::min(bytes, sizeof header)));
  EXPECT_EQ(::fcntl(fd.get(), F_ADD_SEALS, seals), 0);
  return fd;
}
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
constexpr auto kHonest = [](SessionHeader&) {};

TEST(SessionMemory, BothSidesSeeTheSamePipes) {
  Result<SessionMemory> made = SessionMemory::create(kSizes);
  ASSERT_TRUE(made) << made.error().message();
  Result<SessionMemory> opened = SessionMemory::open(copy_of(made.value().descriptor()));
  ASSERT_TRUE(opened) << opened.error().message();
  const SessionPipes& here = made.value().pipes();
  const SessionPipes& there = opened.value().pipes();
  PipeWriter writer(*there.requests, there.request_bytes());
  PipeReader reader(*here.requests, here.request_bytes());
  ASSERT_TRUE(writer.try_write(std::as_bytes(std::span("order", 5))));
  std::byte out[8];
  ASSERT_EQ(reader.take(out), 5U);
  EXPECT_EQ(std::memcmp(out, "order", 5), 0);
  EXPECT_NE(static_cast<void*>(here.requests), static_cast<void*>(there.requests));
}

TEST(SessionMemory, ItCanNeitherGrowNorShrinkNorBeUnsealed) {
  const Result<SessionMemory> made = SessionMemory::create(kSizes);
  ASSERT_TRUE(made);
  EXPECT_NE(::ftruncate(made.value().descriptor(), 64), 0);
  EXPECT_NE(::ftruncate(made.value().descriptor(), 1 << 20), 0);
  EXPECT_NE(::fcntl(made.value().descriptor(), F_ADD_SEALS, F_SEAL_WRITE), 0);
}

TEST(SessionMemory, AnHonestForgeryIsTaken) {
  EXPECT_TRUE(SessionMemory::open(forged(kBytes, kSeals, kHonest)));
}

TEST(SessionMemory, WhatIsNotSealedIsRefused) {
  for (const int seals : {0, F_SEAL_SHRINK, F_SEAL_SHRINK | F_SEAL_GROW}) {
    const Result<SessionMemory> opened = SessionMemory::open(forged(kBytes, seals, kHonest));
    ASSERT_FALSE(opened) << seals;
    EXPECT_NE(opened.error().message().find("not sealed"), std::string::npos);
  }
  EXPECT_FALSE(SessionMemory::open(Descriptor{}));
}

TEST(SessionMemory, WhatLiesAboutItselfIsRefused) {
  EXPECT_FALSE(SessionMemory::open(forged(kBytes - 64, kSeals, kHonest))) << "cut";
  EXPECT_FALSE(SessionMemory::open(forged(100, kSeals, kHonest))) << "no header";
  EXPECT_FALSE(SessionMemory::open(forged(kBytes, kSeals, [](SessionHeader& h) { h.magic ^= 1; })));
  EXPECT_FALSE(
      SessionMemory::open(forged(kBytes, kSeals, [](SessionHeader& h) { h.version += 1; })));
  EXPECT_FALSE(
      SessionMemory::open(forged(kBytes, kSeals, [](SessionHeader& h) { h.layout_hash ^= 1; })));
  EXPECT_FALSE(SessionMemory::open(
      forged(kBytes, kSeals, [](SessionHeader& h) { h.request_bytes = 4'095; })));
  EXPECT_FALSE(SessionMemory::open(
      forged(kBytes, kSeals, [](SessionHeader& h) { h.report_bytes = 1U << 31; })));
}

TEST(MarketBoard, AReaderSeesWhatIsWrittenAndFindsItByName) {
  Result<MarketBoard> board = MarketBoard::create(8);
  ASSERT_TRUE(board) << board.error().message();
  const Result<MarketReader> reader = MarketReader::open(copy_of(board.value().descriptor()));
  ASSERT_TRUE(reader) << reader.error().message();
  EXPECT_TRUE(reader.value().stale()) << "until the feed has spoken";
  EXPECT_FALSE(reader.value().find(Symbol::from("NILE")));
  const MarketQuote quote{.symbol = Symbol::from("NILE"), .bid_price = 234'700, .bid_qty = 900};
  board.value().quote(5, quote);
  board.value().quote(8, quote);  // there is no such row
  board.value().set_stale(false);
  board.value().set_open(true);
  EXPECT_EQ(reader.value().find(Symbol::from("NILE")), 5U);
  EXPECT_FALSE(reader.value().find(Symbol{})) << "rows that were never written have no name";
  MarketQuote seen;
  ASSERT_TRUE(reader.value().read(5, seen));
  EXPECT_EQ(seen, quote);
  EXPECT_FALSE(reader.value().read(8, seen));
  EXPECT_EQ(reader.value().version(5), 1U);
  EXPECT_TRUE(!reader.value().stale() && reader.value().is_open());
}

TEST(MarketBoard, TheKernelLetsNobodyElseWriteIt) {
  const Result<MarketBoard> board = MarketBoard::create(8);
  ASSERT_TRUE(board);
  const int fd = board.value().descriptor();
  EXPECT_EQ(::mmap(nullptr, 64, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
  EXPECT_LT(::pwrite(fd, "x", 1, 0), 0);
  const std::string name = "/proc/self/fd/" + std::to_string(fd);
  const Descriptor again(::open(name.c_str(), O_RDWR | O_CLOEXEC));
  if (again) {
    EXPECT_EQ(::mmap(nullptr, 64, PROT_READ | PROT_WRITE, MAP_SHARED, again.get(), 0), MAP_FAILED);
  }
}

TEST(MarketBoard, AMemoryThatOthersCanWriteIsNoBoard) {
  const Result<SessionMemory> session = SessionMemory::create(kSizes);
  ASSERT_TRUE(session);
  EXPECT_FALSE(MarketReader::open(copy_of(session.value().descriptor())));
}

}  // namespace
}  // namespace tradsys::ipc
