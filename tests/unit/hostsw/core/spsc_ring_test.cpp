// Goal: a link loses, doubles and reorders nothing, and says when it is full or empty. Method:
// cases by hand, then two threads with records whose content follows from their number.
#include "hostsw/core/spsc_ring.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace tradsys {
namespace {

struct Numbered {
  u64 number;
  u64 mirror;  // ~number: a torn record shows
};

TEST(SpscRing, HoldsExactlyItsSlotsAndSaysWhenFull) {
  SpscRing<u32> ring(3);
  EXPECT_EQ(ring.free_slots(), 3U);
  EXPECT_TRUE(ring.try_push(1) && ring.try_push(2) && ring.try_push(3));
  EXPECT_FALSE(ring.try_push(4));
  EXPECT_EQ(ring.free_slots(), 0U);
  EXPECT_EQ(ring.waiting(), 3U);
  u32 out = 0;
  for (u32 expected = 1; expected <= 3; ++expected) {
    EXPECT_TRUE(ring.try_pop(out));
    EXPECT_EQ(out, expected);
  }
  EXPECT_FALSE(ring.try_pop(out));
  EXPECT_EQ(out, 3U) << "an empty ring leaves the record alone";
}

TEST(SpscRing, BurstsKeepTheOrderAcrossTheWrap) {
  SpscRing<u32> ring(5);
  u32 pushed = 0, popped = 0;
  for (int round = 0; round < 50; ++round) {
    while (ring.try_push(pushed)) ++pushed;
    u32 out[3];
    const usize count = ring.pop_burst(out, 3);
    ASSERT_EQ(count, 3U);
    for (usize i = 0; i < count; ++i) ASSERT_EQ(out[i], popped++);
  }
  u32 rest[8];
  EXPECT_EQ(ring.pop_burst(rest, 8), 2U);
  EXPECT_EQ(ring.pop_burst(rest, 8), 0U);
}

TEST(SpscRing, TwoThreadsSeeEveryRecordOnceWholeAndInOrder) {
  constexpr u64 kRecords = 300'000;
  SpscRing<Numbered> ring(64);
  std::thread producer([&] {
    for (u64 n = 0; n < kRecords; ++n)
      while (!ring.try_push({n, ~n})) std::this_thread::yield();
  });
  u64 expected = 0, wrong = 0;
  std::vector<Numbered> burst(16);
  while (expected < kRecords) {
    const usize count = ring.pop_burst(burst.data(), 1 + expected % burst.size());
    if (count == 0) std::this_thread::yield();
    for (usize i = 0; i < count; ++i, ++expected)
      wrong += burst[i].number != expected || burst[i].mirror != ~expected;
  }
  producer.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(ring.waiting(), 0U);
}

}  // namespace
}  // namespace tradsys
