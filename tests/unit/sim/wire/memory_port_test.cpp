// Goal: the in-memory cable carries frames in order, counts what does not fit, and loses no buffer.
// Method: two joined ports, small buffer counts.
#include "sim/wire/memory_port.hpp"

#include <gtest/gtest.h>

namespace tradsys::sim {
namespace {

bool send(MemoryPort& port, u8 mark, u32 len_bytes = 60) {
  std::byte* out = port.tx_alloc();
  if (out == nullptr) return false;
  out[0] = static_cast<std::byte>(mark);
  return port.tx_send(len_bytes);
}

TEST(MemoryPort, CarriesFramesInOrderBothWays) {
  MemoryPort a(4), b(4);
  MemoryPort::join(a, b);
  EXPECT_TRUE(send(a, 1, 60));
  EXPECT_TRUE(send(a, 2, 1'514));
  EXPECT_TRUE(send(b, 3));
  nic::RxFrame frames[4];
  ASSERT_EQ(b.rx_burst(frames, 4), 2u);
  EXPECT_EQ(frames[0].data[0], std::byte{1});
  EXPECT_EQ(frames[1].data[0], std::byte{2});
  EXPECT_EQ(frames[1].len_bytes, 1'514u);
  b.release(frames, 2);
  ASSERT_EQ(a.rx_burst(frames, 1), 1u);
  a.release(frames, 1);
  EXPECT_EQ(a.free_buffers() + b.free_buffers(), 8u);
}

TEST(MemoryPort, RefusesWhenTheReceiverHoldsEveryBuffer) {
  MemoryPort a(2), b(2);
  MemoryPort::join(a, b);
  EXPECT_TRUE(send(a, 1));
  EXPECT_TRUE(send(a, 2));
  EXPECT_FALSE(send(a, 3));
  EXPECT_EQ(a.counters().tx_exhausted, 1u);
  nic::RxFrame frames[2];
  ASSERT_EQ(b.rx_burst(frames, 2), 2u);
  EXPECT_FALSE(send(a, 4)) << "received but not released";
  std::swap(frames[0], frames[1]);
  b.release(frames, 2);
  EXPECT_TRUE(send(a, 5));
}

TEST(MemoryPort, AnAbandonedBufferIsFreeAgain) {
  MemoryPort a(1), b(1);
  MemoryPort::join(a, b);
  ASSERT_NE(a.tx_alloc(), nullptr);
  a.tx_abandon();
  EXPECT_EQ(b.free_buffers(), 1u);
  EXPECT_EQ(b.waiting(), 0u);
}

TEST(MemoryPort, AnUnpluggedPortSendsNothing) {
  MemoryPort a(1);
  EXPECT_EQ(a.tx_alloc(), nullptr);
}

}  // namespace
}  // namespace tradsys::sim
