// Goal: a pipe carries every byte once and in order over any number of wraps; no position that the
// other side may publish leads outside the ring. Method: random writes and takes against a plain
// queue; impossible positions written by hand; a writer and a reader in two threads.
#include "hostsw/ipc/byte_pipe.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <thread>
#include <vector>

#include "hostsw/core/random.hpp"
#include "tests/support/seed.hpp"

namespace tradsys::ipc {
namespace {

constexpr usize kRingBytes = 64;

class BytePipe : public ::testing::Test {
 protected:
  PipePositions positions_;
  std::vector<std::byte> ring_ = std::vector<std::byte>(kRingBytes);
  PipeWriter writer_{positions_, ring_};
  PipeReader reader_{positions_, ring_};
  std::byte buffer_[2 * kRingBytes]{};

  bool write(usize bytes) { return writer_.try_write(Bytes(buffer_).first(bytes)); }
};

TEST_F(BytePipe, CarriesWhatAQueueCarries) {
  Random random(testing::test_seed(3));
  std::deque<std::byte> expected;
  u8 next = 0;
  for (u32 i = 0; i < 20'000; ++i) {
    std::vector<std::byte> bytes(random.below(kRingBytes + 4));
    for (std::byte& b : bytes) b = std::byte{next++};
    const bool fits = bytes.size() <= kRingBytes - expected.size();
    ASSERT_EQ(writer_.try_write(bytes), fits) << "step " << i;
    if (fits)
      expected.insert(expected.end(), bytes.begin(), bytes.end());
    else
      next = static_cast<u8>(next - bytes.size());
    ASSERT_EQ(reader_.waiting(), expected.size());
    const usize n = reader_.take(MutableBytes(buffer_).first(random.below(kRingBytes)));
    for (usize k = 0; k < n; ++k, expected.pop_front()) ASSERT_EQ(buffer_[k], expected.front());
  }
  EXPECT_FALSE(writer_.broken() || reader_.broken());
}

TEST_F(BytePipe, TwoThreadsShareItWithoutAWord) {
  constexpr u32 kWords = 200'000;
  std::thread producer([this] {
    for (u32 i = 0; i < kWords;) {
      if (writer_.try_write(std::as_bytes(std::span(&i, 1))))
        ++i;
      else
        std::this_thread::yield();
    }
  });
  u32 wrong = 0;
  for (u32 i = 0; i < kWords;) {
    u32 word = 0;
    if (reader_.waiting() < sizeof word) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(reader_.take(std::as_writable_bytes(std::span(&word, 1))), sizeof word);
    wrong += word != i++ ? 1U : 0U;
  }
  producer.join();
  EXPECT_EQ(wrong, 0U);
}

TEST_F(BytePipe, AReaderTakesNothingOfAWriterWhoSaysTooMuch) {
  ASSERT_TRUE(write(8));
  for (const u64 lie : {u64{kRingBytes + 1}, ~u64{0}, u64{1} << 40}) {
    PipeReader reader(positions_, ring_);
    positions_.written = lie;
    EXPECT_EQ(reader.take(buffer_), 0U) << lie;
    EXPECT_TRUE(reader.broken()) << lie;
    positions_.written = 8;
    EXPECT_EQ(reader.take(buffer_), 0U) << "it stays broken";
  }
}

TEST_F(BytePipe, AWriterWhoGoesBackIsBroken) {
  ASSERT_TRUE(write(8));
  ASSERT_EQ(reader_.take(buffer_), 8U);
  positions_.written = 7;
  EXPECT_EQ(reader_.take(buffer_), 0U);
  EXPECT_TRUE(reader_.broken());
}

TEST_F(BytePipe, AWriterWritesNothingForAReaderWhoTookTooMuchOrGoesBack) {
  ASSERT_TRUE(write(kRingBytes));
  positions_.taken = kRingBytes + 1;
  EXPECT_FALSE(write(1));
  EXPECT_TRUE(writer_.broken());
  positions_.taken = kRingBytes;
  EXPECT_FALSE(write(1)) << "it stays broken";

  PipePositions other;
  PipeWriter writer(other, ring_);
  ASSERT_TRUE(writer.try_write(Bytes(buffer_).first(kRingBytes)));
  other.taken = 40;
  ASSERT_TRUE(writer.try_write(Bytes(buffer_).first(40)));
  other.taken = 39;
  EXPECT_FALSE(writer.try_write(Bytes(buffer_).first(1)));
  EXPECT_TRUE(writer.broken());
}

TEST_F(BytePipe, MoreThanARingIsNeverWritten) {
  EXPECT_FALSE(write(kRingBytes + 1));
  EXPECT_FALSE(writer_.broken());
  EXPECT_TRUE(write(kRingBytes));
  EXPECT_FALSE(write(1));
}

}  // namespace
}  // namespace tradsys::ipc
