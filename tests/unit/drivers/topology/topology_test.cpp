// Goal: the machine is read into plain data, whatever it looks like.
// Method: synthetic machines of hwloc with known shapes, and this machine as it is.
#include "drivers/topology/topology.hpp"

#include <gtest/gtest.h>

namespace tradsys::topology {
namespace {

Topology synthetic(const std::string& description) {
  auto topology = from_synthetic(description);
  EXPECT_TRUE(topology.ok()) << topology.error().message();
  return std::move(topology).value();
}

TEST(Topology, ReadsASyntheticMachineOfTwoSockets) {
  const Topology machine = synthetic("pack:2 numa:1 l3:2 core:4 pu:2");
  ASSERT_EQ(machine.cores.size(), 16U);
  EXPECT_EQ(machine.node_count, 2U);
  EXPECT_EQ(machine.cores[0].cpus, (std::vector<u32>{0, 1}));
  EXPECT_EQ(machine.cores[7].node, 0U);
  EXPECT_EQ(machine.cores[8].node, 1U);
  EXPECT_EQ(machine.cores[3].l3, machine.cores[0].l3);
  EXPECT_NE(machine.cores[4].l3, machine.cores[0].l3);
}

TEST(Topology, ReadsAMachineWithoutL3OrSiblings) {
  const Topology machine = synthetic("core:2 pu:1");
  ASSERT_EQ(machine.cores.size(), 2U);
  EXPECT_EQ(machine.node_count, 1U);
  EXPECT_EQ(machine.cores[1].cpus, std::vector<u32>{1});
}

TEST(Topology, RefusesADescriptionThatIsNone) {
  auto topology = from_synthetic("two big boxes");
  ASSERT_FALSE(topology.ok());
  EXPECT_NE(topology.error().message().find("two big boxes"), std::string::npos);
}

TEST(Topology, FindsAtLeastOneCoreOfThisMachine) {
  auto machine = discover();
  ASSERT_TRUE(machine.ok()) << machine.error().message();
  ASSERT_FALSE(machine.value().cores.empty());
  for (const Core& core : machine.value().cores) EXPECT_FALSE(core.cpus.empty());
  for (const Nic& nic : machine.value().nics) EXPECT_EQ(machine.value().find_nic(nic.name), &nic);
  EXPECT_EQ(machine.value().find_nic(""), nullptr);
}

TEST(CpuList, ReadsRangesAndSingles) {
  EXPECT_EQ(parse_cpu_list("2-5,8").value(), (std::vector<u32>{2, 3, 4, 5, 8}));
  EXPECT_EQ(parse_cpu_list("0").value(), std::vector<u32>{0});
  EXPECT_TRUE(parse_cpu_list("").value().empty());
}

TEST(CpuList, RefusesWhatIsNoList) {
  for (const char* text :
       {"x", "1-", "5-2", "1,,2", "1,", "-3", "1 2", "99999999999", "0-4000000000"}) {
    EXPECT_FALSE(parse_cpu_list(text).ok()) << text;
  }
}

TEST(Isolation, NeedsEveryHardwareThreadOfACore) {
  Topology machine = synthetic("core:2 pu:2");
  mark_isolated(machine, {1, 2, 3});
  EXPECT_FALSE(machine.cores[0].isolated);
  EXPECT_TRUE(machine.cores[1].isolated);
}

}  // namespace
}  // namespace tradsys::topology
