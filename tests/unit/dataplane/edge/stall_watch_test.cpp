// Goal: a stall is a time without a byte taken while bytes wait, as the watching process lived it.
// Method: session states by hand.
#include "dataplane/edge/stall_watch.hpp"

#include <gtest/gtest.h>

namespace tradsys::dataplane {
namespace {

constexpr Nanos kTick{10'000'000};

class StallWatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    session_.snd_una = 1'000;
    session_.snd_nxt = session_.snd_max = session_.snd_end = 1'000;
  }
  void queue(u32 bytes) { session_.snd_end += bytes; }
  /// So many ticks; `each` before every one.
  template <class Each>
  void run(u32 ticks, Each&& each) {
    for (u32 i = 0; i < ticks; ++i) {
      each();
      now_ = now_ + kTick;
      watch_.look(&session_, now_);
    }
  }
  void run(u32 ticks) {
    run(ticks, [] {});
  }

  net::TcpSession session_{};
  StallWatch watch_;
  Nanos now_{};
};

TEST_F(StallWatchTest, NothingWaitsForNothing) {
  run(1'000);
  EXPECT_FALSE(watch_.stalled());
}

TEST_F(StallWatchTest, AClosedWindowIsAStallAlthoughThePeerAnswers) {
  queue(100);
  run(100);
  EXPECT_FALSE(watch_.stalled()) << "the first look only notes where it stands";
  run(1);
  EXPECT_TRUE(watch_.stalled());
  EXPECT_FALSE(watch_.dead());
  run(400);
  EXPECT_TRUE(watch_.dead());
}

TEST_F(StallWatchTest, ASlowPeerIsNone) {
  queue(100'000);
  run(2'000, [this, tick = 0]() mutable {
    if (++tick % 90 == 0) ++session_.snd_una;
  });
  EXPECT_FALSE(watch_.stalled());
}

TEST_F(StallWatchTest, EndsWithTheFirstByteTakenOrTheConnection) {
  queue(100);
  run(200);
  ASSERT_TRUE(watch_.stalled());
  session_.snd_una += 1;
  run(1);
  EXPECT_FALSE(watch_.stalled());
  run(200);
  ASSERT_TRUE(watch_.stalled());
  watch_.look(nullptr, now_);
  EXPECT_FALSE(watch_.stalled());
}

TEST_F(StallWatchTest, APauseOfOurOwnIsNotThePeers) {
  queue(100);
  run(2);
  now_ = now_ + Nanos{60'000'000'000};
  watch_.look(&session_, now_);
  EXPECT_FALSE(watch_.stalled());
}

}  // namespace
}  // namespace tradsys::dataplane
