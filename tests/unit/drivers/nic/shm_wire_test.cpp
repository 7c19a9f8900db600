// Goal: a shared-memory wire carries frames both ways, counts what it drops, and refuses what would
// corrupt it: a second holder of a side, another geometry, a file that is something else.
// Method: both sides in one process; broken peers are played by writing into the segment file.
#include "drivers/nic/shm_wire.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>
#include <optional>

#include "drivers/nic/shm/shm_segment.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::nic {
namespace {

class ShmWireTest : public ::testing::Test {
 protected:
  Result<ShmWire> attach(ShmSide side, u32 slots = 64) {
    return ShmWire::attach({folder_ / "wire", side, slots});
  }
  ShmWire must_attach(ShmSide side) {
    auto wire = attach(side);
    EXPECT_TRUE(wire.ok()) << wire.error().message();
    return std::move(wire).value();
  }
  static bool send(ShmWire& wire, u32 len_bytes, u32 seed) {
    std::byte* out = wire.tx_alloc();
    for (u32 i = 0; i < len_bytes; ++i) out[i] = static_cast<std::byte>(seed + i);
    return wire.tx_send(len_bytes);
  }
  // Overwrites eight bytes of the segment as a broken peer would.
  void poke(usize offset, u64 value) const {
    std::fstream file(folder_ / "wire", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  testing::TempDir folder_;
};

constexpr usize kLeftHead = offsetof(ShmSegmentHeader, ring);

TEST_F(ShmWireTest, CarriesFramesBothWays) {
  ShmWire left = must_attach(ShmSide::kLeft);
  ShmWire right = must_attach(ShmSide::kRight);
  for (u32 i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(send(left, 60 + i % 1'000, i));
    ASSERT_TRUE(send(right, 1'514, i + 1));
    RxFrame frame;
    ASSERT_EQ(right.rx_burst(&frame, 1), 1U);
    EXPECT_EQ(frame.len_bytes, 60 + i % 1'000);
    EXPECT_EQ(frame.data[59], static_cast<std::byte>(i + 59));
    right.release(&frame, 1);
    ASSERT_EQ(left.rx_burst(&frame, 1), 1U);
    EXPECT_EQ(frame.len_bytes, 1'514U);
    EXPECT_EQ(frame.data[1'513], static_cast<std::byte>(i + 1'514));
    left.release(&frame, 1);
  }
  EXPECT_EQ(left.counters().rx_bytes, 1'514'000U);
}

TEST_F(ShmWireTest, DropsAndCountsWhenFullAndRecovers) {
  ShmWire left = must_attach(ShmSide::kLeft);
  ShmWire right = must_attach(ShmSide::kRight);
  u32 sent = 0;
  while (send(left, 60, sent)) ++sent;
  EXPECT_EQ(sent, 64U);
  EXPECT_EQ(left.counters().tx_dropped, 1U);
  RxFrame frames[64];
  ASSERT_EQ(right.rx_burst(frames, 64), 64U);
  EXPECT_FALSE(send(left, 60, 0)) << "frames in the receiver's hands still fill the ring";
  EXPECT_EQ(frames[63].data[0], std::byte{63});
  right.release(frames, 64);
  EXPECT_TRUE(send(left, 60, 0));
}

TEST_F(ShmWireTest, StartsEmptyAfterAttaching) {
  ShmWire left = must_attach(ShmSide::kLeft);
  ASSERT_TRUE(send(left, 60, 1));
  ShmWire right = must_attach(ShmSide::kRight);
  RxFrame frame;
  EXPECT_EQ(right.rx_burst(&frame, 1), 0U);
  ASSERT_TRUE(send(left, 61, 2));
  ASSERT_EQ(right.rx_burst(&frame, 1), 1U);
  EXPECT_EQ(frame.len_bytes, 61U);
}

TEST_F(ShmWireTest, ForgetsAnAbandonedFrame) {
  ShmWire left = must_attach(ShmSide::kLeft);
  ShmWire right = must_attach(ShmSide::kRight);
  ASSERT_NE(left.tx_alloc(), nullptr);
  left.tx_abandon();
  ASSERT_TRUE(send(left, 60, 5));
  RxFrame frames[2];
  EXPECT_EQ(right.rx_burst(frames, 2), 1U);
}

TEST_F(ShmWireTest, KnowsWhetherThePeerIsThereAndHowOftenItCame) {
  ShmWire left = must_attach(ShmSide::kLeft);
  EXPECT_FALSE(left.peer_attached());
  EXPECT_EQ(left.peer_attach_count(), 0U);
  for (u64 round = 1; round <= 3; ++round) {
    std::optional<ShmWire> right(must_attach(ShmSide::kRight));
    EXPECT_TRUE(left.peer_attached());
    EXPECT_EQ(left.peer_attach_count(), round);
    right.reset();
    EXPECT_FALSE(left.peer_attached());
  }
}

TEST_F(ShmWireTest, RefusesASecondHolderOfOneSide) {
  ShmWire left = must_attach(ShmSide::kLeft);
  auto second = attach(ShmSide::kLeft);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().what.find("held by a living process"), std::string::npos);
}

TEST_F(ShmWireTest, RefusesAnotherSizeWhileThePeerIsThere) {
  {
    ShmWire left = must_attach(ShmSide::kLeft);
    auto right = attach(ShmSide::kRight, 128);
    ASSERT_FALSE(right.ok());
    EXPECT_NE(right.error().what.find("64 slots"), std::string::npos);
  }
  EXPECT_TRUE(attach(ShmSide::kRight, 128).ok()) << "made anew once nobody uses it";
}

TEST_F(ShmWireTest, RefusesAFileThatIsSomethingElse) {
  std::ofstream(folder_ / "wire") << "a precious file of the user";
  auto wire = attach(ShmSide::kLeft);
  ASSERT_FALSE(wire.ok());
  EXPECT_NE(wire.error().what.find("not a frame segment"), std::string::npos);
  std::string text;
  std::getline(std::ifstream(folder_ / "wire") >> std::ws, text);
  EXPECT_EQ(text, "a precious file of the user");
}

TEST_F(ShmWireTest, RefusesBadSettings) {
  EXPECT_FALSE(attach(ShmSide::kLeft, 100).ok());
  EXPECT_FALSE(attach(ShmSide::kLeft, 32).ok());
  EXPECT_FALSE(ShmWire::attach({folder_ / "no" / "such" / "folder"}).ok());
}

TEST_F(ShmWireTest, SkipsEverythingWhenThePeersPositionMakesNoSense) {
  ShmWire left = must_attach(ShmSide::kLeft);
  ShmWire right = must_attach(ShmSide::kRight);
  RxFrame frame;
  for (const u64 head : {u64{65}, u64{1} << 40, ~u64{0}, u64{1'000}}) {
    poke(kLeftHead, head);
    EXPECT_EQ(right.rx_burst(&frame, 1), 0U);
  }
  EXPECT_EQ(right.resync_count(), 4U);
}

TEST_F(ShmWireTest, TurnsAnImpossibleLengthIntoAnEmptyFrame) {
  ShmWire left = must_attach(ShmSide::kLeft);
  ShmWire right = must_attach(ShmSide::kRight);
  ASSERT_TRUE(send(left, 60, 1));
  poke(ShmSegment::kHeaderBytes, 0xFFFF'FFFF);
  RxFrame frame;
  ASSERT_EQ(right.rx_burst(&frame, 1), 1U);
  EXPECT_EQ(frame.len_bytes, 0U);
  right.release(&frame, 1);
}

}  // namespace
}  // namespace tradsys::nic
