// Goal: a thread gets the processor and the name that it asks for, or a clear refusal.
// Method: each in a thread of its own, checked with the kernel's answer.
#include "drivers/topology/host_thread.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <thread>

#include "drivers/topology/topology.hpp"

namespace tradsys::topology {
namespace {

TEST(HostThread, RunsWhereItIsPinned) {
  const auto machine = discover();
  ASSERT_TRUE(machine.ok());
  std::thread([&] {
    for (const Core& core : machine.value().cores) {
      ASSERT_TRUE(pin_current_thread(core.cpus.front()).ok());
      EXPECT_EQ(sched_getcpu(), static_cast<int>(core.cpus.front()));
    }
  }).join();
}

TEST(HostThread, IsToldThatAProcessorIsNotThere) {
  std::thread([] {
    for (const u32 cpu : {1'023U, 4'000'000U}) {
      const Status status = pin_current_thread(cpu);
      ASSERT_FALSE(status.ok());
      EXPECT_NE(status.error().message().find(std::to_string(cpu)), std::string::npos);
    }
  }).join();
}

TEST(HostThread, CarriesItsName) {
  std::thread([] {
    name_current_thread("a-name-that-is-too-long");
    char name[16];
    ASSERT_EQ(pthread_getname_np(pthread_self(), name, sizeof name), 0);
    EXPECT_STREQ(name, "a-name-that-is-");
    prefer_memory_of_node(0);
    prefer_memory_of_node(1'000);
    make_sleeps_precise();
  }).join();
}

}  // namespace
}  // namespace tradsys::topology
