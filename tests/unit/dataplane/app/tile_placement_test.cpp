// Goal: tiles run where the plan or the operator says, and simulation binds nothing unasked.
// Method: machines that do not exist.
#include "dataplane/app/tile_placement.hpp"

#include <gtest/gtest.h>

#include "drivers/topology/topology.hpp"

namespace tradsys::dataplane {
namespace {

topology::Topology machine() {
  topology::Topology t = topology::from_synthetic("pack:2 numa:1 l3:1 core:4 pu:2").value();
  t.nics = {{.name = "ens1", .pci_address = "0000:81:00.0", .node = 1}};
  return t;
}

config::DataplaneConfig production() {
  config::DataplaneConfig config;
  config::PortSettings port;
  port.name = "venue";
  port.kind = config::PortKind::kPci;
  port.device = "0000:81:00.0";
  config.ports = {port};
  config.venue.port = "venue";
  return config;
}

TEST(TilePlacement, ProductionBindsBothTilesNearTheNic) {
  const topology::Topology t = machine();
  const Result<TilePlacement> placed = place_tiles(production(), t);
  ASSERT_TRUE(placed.ok());
  ASSERT_TRUE(placed.value().edge_cpu && placed.value().journal_cpu);
  EXPECT_NE(*placed.value().edge_cpu, *placed.value().journal_cpu);
  EXPECT_EQ(placed.value().edge_node, 1U);
  EXPECT_NE(placed.value().explanation.find("edge"), std::string::npos);
  EXPECT_NE(placed.value().explanation.find("journal"), std::string::npos);
}

TEST(TilePlacement, SimulationBindsNothingUnasked) {
  config::DataplaneConfig config = production();
  config.idle = config::IdlePolicy::kAdaptive;
  const Result<TilePlacement> placed = place_tiles(config, machine());
  ASSERT_TRUE(placed.ok());
  EXPECT_FALSE(placed.value().edge_cpu || placed.value().journal_cpu);
  EXPECT_NE(placed.value().explanation.find("no tile is bound"), std::string::npos);
}

TEST(TilePlacement, TheOperatorsCoreGoesBeforeThePlan) {
  config::DataplaneConfig config = production();
  config.idle = config::IdlePolicy::kAdaptive;
  config.tiles.edge_core = 2;
  const Result<TilePlacement> placed = place_tiles(config, machine());
  ASSERT_TRUE(placed.ok());
  EXPECT_EQ(placed.value().edge_cpu, 2U);
  EXPECT_EQ(placed.value().edge_node, 0U);
  EXPECT_TRUE(placed.value().journal_cpu) << "it must not inherit the edge's core";
}

TEST(TilePlacement, ACoreThatIsNotThereIsRefusedByItsKey) {
  config::DataplaneConfig config = production();
  config.tiles.journal_core = 99;
  const Result<TilePlacement> placed = place_tiles(config, machine());
  ASSERT_FALSE(placed.ok());
  EXPECT_EQ(placed.error().where, "tiles.journal_core");
}

}  // namespace
}  // namespace tradsys::dataplane
