// Goal: each misbehaviour happens as often as asked, at the right time, and the same way for one
// seed. Method: numbered frames through a wire with one fault at a time, in virtual time.
#include "sim/wire/lossy_wire.hpp"

#include <gtest/gtest.h>

#include "sim/wire/memory_port.hpp"

namespace tradsys::sim {
namespace {

constexpr u32 kFrames = 20'000;

struct WireRun {
  explicit WireRun(const LossyPath& path, u64 seed = 1, u32 frames_max = 4'096)
      : wire(wire_a, wire_b, {seed, path, path, frames_max}) {
    MemoryPort::join(a, wire_a);
    MemoryPort::join(b, wire_b);
  }
  void send(u32 number) {
    std::byte* out = a.tx_alloc();
    ASSERT_NE(out, nullptr);
    std::memset(out, 0, 60);
    std::memcpy(out, &number, 4);
    a.tx_send(60);
  }
  void pump() {
    wire.pump(now);
    nic::RxFrame frame;
    while (b.rx_burst(&frame, 1) == 1) {
      u32 number = 0;
      std::memcpy(&number, frame.data, 4);
      got.push_back(number);
      if (frame.data[59] != std::byte{0} || number >= kFrames) ++damaged;
      b.release(&frame, 1);
    }
  }
  /// One frame every 10 us, then the rest of the wire.
  WireRun& all() {
    for (u32 i = 0; i < kFrames; ++i) {
      send(i);
      pump();
      now = now + Nanos{10'000};
    }
    while (wire.next_event().v != INT64_MAX) {
      now = wire.next_event();
      pump();
    }
    return *this;
  }
  [[nodiscard]] u32 overtaken() const {
    u32 count = 0;
    for (usize i = 1; i < got.size(); ++i) count += got[i] < got[i - 1] ? 1U : 0U;
    return count;
  }

  MemoryPort a, b, wire_a, wire_b;
  LossyWire<MemoryPort, MemoryPort> wire;
  Nanos now{};
  std::vector<u32> got;
  u32 damaged = 0;
};

TEST(LossyWire, APerfectPathDeliversAllInOrderAfterTheDelay) {
  LossyPath path;
  path.delay = {7'000};
  WireRun run(path);
  run.send(0);
  run.pump();
  EXPECT_TRUE(run.got.empty());
  EXPECT_EQ(run.wire.next_event().v, 7'000);
  run.now = {6'999};
  run.pump();
  EXPECT_TRUE(run.got.empty());
  run.now = {7'000};
  run.pump();
  EXPECT_EQ(run.got.size(), 1u);
  WireRun whole(path);
  whole.all();
  EXPECT_EQ(whole.got.size(), kFrames);
  EXPECT_EQ(whole.overtaken(), 0u);
  EXPECT_EQ(whole.wire.a_to_b().delivered, kFrames);
  EXPECT_EQ(whole.wire.b_to_a().taken, 0u);
}

TEST(LossyWire, DropsAboutAsManyAsAsked) {
  LossyPath path;
  path.drop_per_million = 100'000;
  WireRun run(path);
  run.all();
  EXPECT_NEAR(static_cast<double>(run.wire.a_to_b().dropped), 2'000.0, 200.0);
  EXPECT_EQ(run.got.size() + run.wire.a_to_b().dropped, kFrames);
  EXPECT_EQ(run.overtaken(), 0u);
}

TEST(LossyWire, DuplicatesAndNothingElse) {
  LossyPath path;
  path.duplicate_per_million = 50'000;
  WireRun run(path);
  run.all();
  EXPECT_NEAR(static_cast<double>(run.wire.a_to_b().duplicated), 1'000.0, 150.0);
  EXPECT_EQ(run.got.size(), kFrames + run.wire.a_to_b().duplicated);
  EXPECT_EQ(run.overtaken(), 0u);
}

TEST(LossyWire, ReordersWithoutLoss) {
  LossyPath path;
  path.reorder_per_million = 50'000;
  WireRun run(path);
  run.all();
  EXPECT_GT(run.overtaken(), 500u);
  std::sort(run.got.begin(), run.got.end());
  for (u32 i = 0; i < kFrames; ++i) ASSERT_EQ(run.got[i], i);
}

TEST(LossyWire, DamagesOneBitOfSomeFrames) {
  LossyPath path;
  path.corrupt_per_million = 50'000;
  WireRun run(path);
  run.all();
  EXPECT_NEAR(static_cast<double>(run.wire.a_to_b().corrupted), 1'000.0, 150.0);
  EXPECT_EQ(run.got.size(), kFrames);
  EXPECT_GT(run.damaged, 0u);
}

TEST(LossyWire, TheSameSeedIsTheSameRunAndAnotherIsNot) {
  LossyPath path;
  path.drop_per_million = path.duplicate_per_million = path.reorder_per_million = 30'000;
  EXPECT_EQ(WireRun(path, 5).all().wire.trace_hash(), WireRun(path, 5).all().wire.trace_hash());
  EXPECT_NE(WireRun(path, 5).all().wire.trace_hash(), WireRun(path, 6).all().wire.trace_hash());
}

TEST(LossyWire, CountsWhatItCannotHold) {
  WireRun run(LossyPath{}, 1, 4);
  for (u32 i = 0; i < 6; ++i) run.send(i);
  run.pump();
  EXPECT_EQ(run.wire.a_to_b().overflowed, 2u);
  run.now = {10'000};
  run.pump();
  EXPECT_EQ(run.got.size(), 4u);
}

TEST(LossyWire, ACutWireDeliversNothingUntilItIsMended) {
  WireRun run(LossyPath{});
  LossyPath cut;
  cut.drop_per_million = 1'000'000;
  run.wire.set_paths(cut, cut);
  run.send(0);
  run.pump();
  run.wire.set_paths({}, {});
  run.send(1);
  run.pump();
  run.now = kSecond;
  run.pump();
  EXPECT_EQ(run.got, std::vector<u32>{1});
}

}  // namespace
}  // namespace tradsys::sim
