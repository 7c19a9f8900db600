// Goal: a reader gets a whole value or none. Method: odd sizes by hand; one writing thread and two
// reading ones, on a value large enough to be torn.
#include "hostsw/core/seqlock.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace tradsys {
namespace {

TEST(SeqLock, KeepsValuesOfEverySize) {
  struct Odd {
    u8 bytes[13];
  };
  SeqLock<Odd> lock;
  Odd in{}, out{};
  for (u8 i = 0; i < 13; ++i) in.bytes[i] = static_cast<u8>(i + 1);
  lock.store(in);
  ASSERT_TRUE(lock.load(out));
  for (u8 i = 0; i < 13; ++i) EXPECT_EQ(out.bytes[i], i + 1);
}

TEST(SeqLock, IsZeroBeforeTheFirstStoreAndCountsStores) {
  SeqLock<u64> lock;
  u64 value = 9;
  EXPECT_TRUE(lock.load(value));
  EXPECT_EQ(value, 0U);
  EXPECT_EQ(lock.stores(), 0U);
  lock.store(5);
  lock.store(6);
  EXPECT_EQ(lock.stores(), 2U);
  EXPECT_TRUE(lock.load(value));
  EXPECT_EQ(value, 6U);
}

TEST(SeqLock, ReadersNeverSeeATornValueOrAnOlderOne) {
  using Value = std::array<u64, 512>;
  SeqLock<Value> lock;
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    Value value;
    for (u64 n = 1; !stop; ++n) {
      value.fill(n);
      lock.store(value);
    }
  });
  std::atomic<u64> torn{0}, backwards{0};
  std::vector<std::thread> readers;
  for (int r = 0; r < 2; ++r)
    readers.emplace_back([&] {
      // Many tries, and more until some values were seen: where the writer was put to sleep inside
      // a store, every try fails until it runs again.
      u64 last = 0, seen = 0;
      for (u32 tries = 0; tries < 100'000 || seen < 20; ++tries) {
        Value value;
        if (!lock.load(value)) {
          std::this_thread::yield();
          continue;
        }
        for (const u64 word : value) torn += word != value[0];
        backwards += value[0] < last;
        seen += value[0] != last;
        last = value[0];
        if (seen % 64 == 0) std::this_thread::yield();
      }
    });
  for (std::thread& reader : readers) reader.join();
  stop = true;
  writer.join();
  EXPECT_EQ(torn, 0U);
  EXPECT_EQ(backwards, 0U);
}

}  // namespace
}  // namespace tradsys
