// Goal: tiles land where an engineer would put them, on big and on tiny machines, and the plan says
// why. Method: synthetic machines; NIC and isolated cores are added by hand.
#include "drivers/topology/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace tradsys::topology {
namespace {

using ::testing::HasSubstr;

constexpr const char* kTwoSockets = "pack:2 numa:1 l3:2 core:4 pu:2";

Topology machine(const std::string& description, std::optional<u32> nic_node = std::nullopt,
                 const std::vector<u32>& isolated = {}) {
  auto topology = from_synthetic(description);
  EXPECT_TRUE(topology.ok());
  mark_isolated(topology.value(), isolated);
  topology.value().nics.push_back(
      {.name = "nic0", .pci_address = "0000:81:00.0", .node = nic_node});
  return std::move(topology).value();
}

Plan plan_of(const Topology& topology, const std::vector<TileWish>& tiles,
             const std::string& nic = "nic0") {
  auto plan = make_plan(topology, {tiles, nic});
  EXPECT_TRUE(plan.ok()) << plan.error().message();
  return std::move(plan).value();
}

const Core& core_of(const Topology& topology, const Plan& plan, const std::string& tile) {
  for (const Core& core : topology.cores) {
    for (const u32 cpu : core.cpus) {
      if (cpu == plan.find(tile)->cpu) return core;
    }
  }
  ADD_FAILURE() << tile << " is nowhere";
  return topology.cores.front();
}

TEST(Plan, PutsHotTilesOnTheNicsNodeAndOnOneCache) {
  const Topology m = machine(kTwoSockets, 1);
  const Plan plan = plan_of(m, {{"edge0"}, {"edge1"}, {"edge2"}, {"edge3"}, {"journal", false}});
  std::set<u32> cores, caches;
  for (const char* tile : {"edge0", "edge1", "edge2", "edge3"}) {
    EXPECT_EQ(core_of(m, plan, tile).node, 1U);
    caches.insert(core_of(m, plan, tile).l3);
    cores.insert(core_of(m, plan, tile).core_index);
    EXPECT_FALSE(plan.find(tile)->shared);
  }
  EXPECT_EQ(cores.size(), 4U);
  EXPECT_EQ(caches.size(), 1U);
  EXPECT_FALSE(plan.degraded);
}

TEST(Plan, ChoosesTheCacheThatHoldsTheMostTiles) {
  const Topology m = machine(kTwoSockets, 0);  // CPU 0 takes one core from the first cache
  const Plan plan = plan_of(m, {{"a"}, {"b"}, {"c"}, {"d"}});
  for (const char* tile : {"a", "b", "c", "d"}) EXPECT_EQ(core_of(m, plan, tile).l3, 1U) << tile;
}

TEST(Plan, LeavesTheSiblingsOfHotTilesIdle) {
  const Topology m = machine(kTwoSockets, 1);
  const Plan plan = plan_of(m, {{"edge0"}, {"edge1"}, {"journal", false}, {"control", false}});
  EXPECT_EQ(plan.idle_siblings.size(), 2U);
  for (const Placement& placement : plan.placements) {
    for (const u32 idle : plan.idle_siblings) EXPECT_NE(placement.cpu, idle) << placement.tile;
  }
}

TEST(Plan, KeepsHotTilesOffCpuZeroWhenThereAreMoreThanFourCores) {
  const Topology m = machine("core:8 pu:1");
  const Plan plan = plan_of(m, {{"a"}, {"b"}, {"c"}, {"d"}, {"e"}, {"f"}, {"g"}, {"cold", false}});
  for (const Placement& placement : plan.placements) {
    EXPECT_EQ(placement.cpu == 0, placement.tile == "cold");
  }
}

TEST(Plan, TakesIsolatedCoresFirst) {
  const Topology m = machine("core:8 pu:1", std::nullopt, {5, 6});
  const Plan plan = plan_of(m, {{"a"}, {"b"}, {"cold", false}});
  EXPECT_EQ(plan.find("a")->cpu, 5U);
  EXPECT_EQ(plan.find("b")->cpu, 6U);
  EXPECT_THAT(plan.find("a")->reason, HasSubstr("isolated"));
  EXPECT_EQ(plan.find("cold")->cpu, 0U);
  EXPECT_TRUE(plan.warnings.empty());
}

TEST(Plan, KeepsColdTilesOffIsolatedCores) {
  const Topology m = machine("core:8 pu:1", std::nullopt, {2, 3, 4, 5, 6, 7});
  const Plan plan = plan_of(m, {{"a"}, {"x", false}, {"y", false}, {"z", false}});
  for (const char* cold : {"x", "y", "z"}) EXPECT_LT(plan.find(cold)->cpu, 2U);
}

TEST(Plan, WarnsWhenATileIsAwayFromTheNic) {
  const Topology m = machine("pack:2 numa:1 core:4 pu:1", 0);
  const Plan plan = plan_of(m, {{"a"}, {"b"}, {"c"}, {"d"}});
  EXPECT_EQ(core_of(m, plan, "d").node, 1U);
  EXPECT_THAT(plan.warnings,
              ::testing::Contains(HasSubstr("tile d is not on the NIC's memory node")));
  EXPECT_FALSE(plan.degraded);
}

TEST(Plan, TreatsANicWithoutANodeAsNearToEverything) {
  const Topology m = machine(kTwoSockets);
  const Plan plan = plan_of(m, {{"a"}});
  EXPECT_THAT(plan.warnings, ::testing::Not(::testing::Contains(HasSubstr("NIC"))));
}

TEST(Plan, GivesTheOneHotTileOfATwoCoreMachineTheSecondCore) {
  const Topology m = machine("core:2 pu:1");
  const Plan plan = plan_of(m, {{"edge"}, {"journal", false}, {"control", false}});
  EXPECT_EQ(plan.find("edge")->cpu, 1U);
  EXPECT_EQ(plan.find("journal")->cpu, 0U);
  EXPECT_EQ(plan.find("control")->cpu, 0U);
  EXPECT_FALSE(plan.degraded);
  EXPECT_THAT(plan.warnings, ::testing::ElementsAre(HasSubstr("no isolated cores")));
}

TEST(Plan, IsDegradedWithAReasonWhenAHotTileMustShare) {
  const Topology m = machine("core:2 pu:1");
  const Plan plan = plan_of(m, {{"edge"}, {"venue"}, {"journal", false}});
  EXPECT_TRUE(plan.degraded);
  EXPECT_EQ(plan.find("edge")->cpu, 1U);
  EXPECT_FALSE(plan.find("edge")->shared);
  EXPECT_TRUE(plan.find("venue")->shared);
  EXPECT_EQ(plan.find("journal")->cpu, plan.find("venue")->cpu);
  EXPECT_THAT(plan.find("venue")->reason, HasSubstr("too few cores"));
  EXPECT_THAT(plan.warnings, ::testing::Contains(HasSubstr("2 hot tiles on 2 cores")));
}

TEST(Plan, SharesOnlyTheCoresThatMustBeShared) {
  const Topology m = machine("core:4 pu:1");
  const Plan plan = plan_of(m, {{"a"}, {"b"}, {"c"}, {"d"}, {"e"}});
  EXPECT_TRUE(plan.find("a")->shared && plan.find("e")->shared);
  EXPECT_FALSE(plan.find("b")->shared || plan.find("c")->shared || plan.find("d")->shared);
}

TEST(Plan, PlacesEverythingOnASingleCore) {
  const Topology m = machine("core:1 pu:1");
  const Plan plan = plan_of(m, {{"edge"}, {"journal", false}});
  EXPECT_TRUE(plan.degraded);
  for (const Placement& placement : plan.placements) {
    EXPECT_EQ(placement.cpu, 0U);
    EXPECT_TRUE(placement.shared);
  }
}

TEST(Plan, PlacesEveryTileOfEveryRequestOnEveryMachine) {
  for (const char* description : {"core:1 pu:1", "core:1 pu:2", "core:2 pu:2", "core:3 pu:1",
                                  "core:5 pu:2", "pack:2 numa:1 core:3 pu:2", kTwoSockets}) {
    const Topology m = machine(description, 0);
    for (u32 hot = 0; hot < 20; ++hot) {
      for (u32 cold = 0; cold < 4; ++cold) {
        std::vector<TileWish> tiles;
        for (u32 i = 0; i < hot; ++i) tiles.push_back({"hot" + std::to_string(i), true});
        for (u32 i = 0; i < cold; ++i) tiles.push_back({"cold" + std::to_string(i), false});
        const Plan plan = plan_of(m, tiles);
        ASSERT_EQ(plan.placements.size(), tiles.size());
        std::multiset<u32> used;
        for (const Placement& placement : plan.placements) used.insert(placement.cpu);
        for (usize i = 0; i < tiles.size(); ++i) {
          const Placement& placement = plan.placements[i];
          ASSERT_EQ(placement.tile, tiles[i].name);
          ASSERT_FALSE(placement.reason.empty());
          ASSERT_EQ(placement.shared, used.count(placement.cpu) > 1) << description << " " << hot;
        }
        if (!plan.degraded) {
          for (u32 i = 0; i < hot; ++i) ASSERT_FALSE(plan.placements[i].shared);
        }
      }
    }
  }
}

TEST(Plan, RefusesANicThatIsNotThere) {
  auto plan = make_plan(machine(kTwoSockets), {{{"edge"}}, "eth99"});
  ASSERT_FALSE(plan.ok());
  EXPECT_THAT(plan.error().message(), HasSubstr("eth99"));
}

TEST(Plan, ExplainsItselfCompletely) {
  const Topology m = machine("core:2 pu:2");
  const Plan plan = plan_of(m, {{"edge"}, {"venue"}, {"journal", false}});
  const std::string text = explain(m, plan);
  for (const char* part :
       {"2 cores", "DEGRADED", "edge -> cpu", "journal -> cpu", "warning: ", "left idle"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

}  // namespace
}  // namespace tradsys::topology
