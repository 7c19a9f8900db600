// Goal: after start, polling the edge tile neither touches the heap nor enters the kernel, with
// orders, executions and market data going through it; its housekeeping does not either.
// Method: the production tile on DPDK ring ports between a venue and a client, and a client through
// shared memory. A trap counts the
// calls of malloc and its family in the tile's thread; another ends the process at the first system
// call of that thread. Each trap is shown to work.
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/integration/dataplane/edge/allocation_trap.hpp"
#include "tests/integration/dataplane/edge/edge_rack.hpp"
#include "tests/integration/dataplane/edge/system_call_trap.hpp"
#include "tests/support/eal_environment.hpp"

namespace tradsys::testing {
namespace {

const auto* const kEal = use_eal();

constexpr const char* kNoFilter =
    "SKIPPED: this machine does not let a process filter system calls";

std::string text(const RackTraffic& t) {
  return std::to_string(t.feed_messages) + " feed messages, " + std::to_string(t.orders) +
         " orders, " + std::to_string(t.executions) + " executions, " +
         std::to_string(t.strategy_orders) + " of the strategy, " +
         std::to_string(t.journal_records) + " records, " + std::to_string(t.shm_orders) +
         " orders through shared memory";
}

TEST(PollTraps, TheAllocationTrapFires) {
  const AllocationTrap trap;
  int* volatile made = new int(1);
  EXPECT_EQ(trap.count(), 1U);
  delete made;
  EXPECT_EQ(trap.count(), 2U);
}

TEST(PollTraps, TheSystemCallTrapFires) {
  const TrapOutcome outcome = run_without_system_calls([] {}, [] { return ::getppid() == 0; });
  if (outcome.kind == TrapOutcome::Kind::kUnavailable) GTEST_SKIP() << kNoFilter;
  EXPECT_EQ(outcome.kind, TrapOutcome::Kind::kSystemCall);
  EXPECT_EQ(outcome.text, "system call 110");  // getppid on x86-64
  const TrapOutcome nothing = run_without_system_calls([] {}, [] { return 0; });
  EXPECT_EQ(nothing.kind, TrapOutcome::Kind::kClean) << nothing.text;
}

TEST(PollTraps, ATileAtWorkNeverTouchesTheHeap) {
  EdgeRack rack;
  ASSERT_TRUE(rack.warm_up()) << text(rack.traffic());
  rack.start_peers();
  u64 count = 0;
  RackTraffic seen;
  {
    const AllocationTrap trap;
    seen = rack.run_tile();
    count = trap.count();
  }
  EXPECT_EQ(count, 0U);
  EXPECT_TRUE(seen.enough()) << text(seen);
}

TEST(PollTraps, ATileAtWorkNeverEntersTheKernel) {
  EdgeRack rack;
  ASSERT_TRUE(rack.warm_up()) << text(rack.traffic());
  const TrapOutcome outcome = run_without_system_calls(
      [&rack] { rack.start_peers(); }, [&rack] { return rack.run_tile().enough() ? 0 : 1; });
  if (outcome.kind == TrapOutcome::Kind::kUnavailable) GTEST_SKIP() << kNoFilter;
  EXPECT_EQ(outcome.kind, TrapOutcome::Kind::kClean) << outcome.text;
}

}  // namespace
}  // namespace tradsys::testing
