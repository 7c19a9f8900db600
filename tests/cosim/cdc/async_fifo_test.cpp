// Goal: crossings lose, repeat and reorder nothing at any ratio of two clocks, also when bits that
// change near an edge are seen a clock late. Method: synchronisers with random delay of each bit
// (CDC_JITTER), clocks of random and drifting periods, random stalls. Seed: printed, TRADSYS_SEED
// overrides.
#include <gtest/gtest.h>

#include "Vasync_fifo_top.h"
#include "hostsw/core/random.hpp"
#include "tests/support/rtl/axis.hpp"
#include "tests/support/seed.hpp"

namespace tradsys {
namespace {

struct Crossing {
  explicit Crossing(u64 seed) : random(seed), sender(seed + 1), receiver(seed + 2) {
    Verilated::threadContextp()->randSeed(static_cast<int>(seed & 0x7FFF'FFFF) | 1);
    dut.s_valid_i = dut.event_valid_i = dut.m_ready_i = 0;
    dut.s_rst = dut.m_rst = 1;
    for (u32 i = 0; i < 8; ++i) {
      edge(true, true);
      edge(false, false);
    }
    dut.s_rst = dut.m_rst = 0;
  }
  void edge(bool s_clk, bool m_clk) {
    dut.s_clk = s_clk;
    dut.m_clk = m_clk;
    dut.eval();
  }
  /// A rising edge of the sender's clock.
  void send() {
    dut.eval();
    const bool taken = dut.s_valid_i && dut.s_ready_o;
    const bool event_taken = dut.event_valid_i && dut.event_ready_o;
    full += dut.s_valid_i && !dut.s_ready_o;
    edge(true, dut.m_clk);
    edge(false, dut.m_clk);
    sent += taken;
    events_sent += event_taken;
    if (!dut.s_valid_i || taken) dut.s_valid_i = !sender.now();
    dut.s_data_i = static_cast<u32>(mix64(sent));
    if (!dut.event_valid_i || event_taken) dut.event_valid_i = random.chance(200'000);
    dut.event_data_i = static_cast<u32>(mix64(events_sent + 7));
  }
  /// A rising edge of the receiver's clock.
  void receive() {
    dut.m_ready_i = !receiver.now();
    dut.eval();
    if (dut.m_valid_o && dut.m_ready_i) {
      ASSERT_EQ(dut.m_data_o, static_cast<u32>(mix64(received))) << received;
      ++received;
    }
    if (dut.event_valid_o) {
      ASSERT_EQ(dut.event_data_o, static_cast<u32>(mix64(events_received + 7)));
      ++events_received;
    }
    edge(dut.s_clk, true);
    edge(dut.s_clk, false);
  }

  Vasync_fifo_top dut;
  Random random;
  testing::Stalls sender, receiver;
  u64 sent = 0, received = 0, events_sent = 0, events_received = 0, full = 0;
};

TEST(AsyncFifo, NothingIsLostAtAnyRatioOfTheClocks) {
  const u64 seed = testing::test_seed(20'260'404);
  for (u64 run = 0; run < 20; ++run) {
    Crossing crossing(seed + 100 * run);
    u64 s_period = 100, m_period = 100, s_next = 0, m_next = 50;
    for (u32 step = 0; step < 20'000; ++step) {
      if (step % 500 == 0) {
        s_period = 20 + crossing.random.below(400);
        m_period = 20 + crossing.random.below(400);
      }
      if (s_next <= m_next) {
        crossing.send();
        s_next += s_period;
      } else {
        crossing.receive();
        m_next += m_period;
      }
      if (::testing::Test::HasFatalFailure()) FAIL() << "run " << run << ", step " << step;
    }
    crossing.dut.s_valid_i = crossing.dut.event_valid_i = 0;
    const u64 sent = crossing.sent, events = crossing.events_sent;
    for (u32 i = 0; i < 400; ++i) crossing.receive();
    EXPECT_EQ(crossing.received, sent);
    EXPECT_EQ(crossing.events_received, events);
    EXPECT_GT(sent, 1'000U);
    EXPECT_GT(events, 100U);
    EXPECT_GT(crossing.full, 100U);
  }
}

}  // namespace
}  // namespace tradsys
