// Goal: what an operator writes of a port reaches the interface behind it. Method: settings in, the
// parts of a dataplane out.
#include "dataplane/app/edge_config_from.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace tradsys::dataplane {
namespace {

TEST(EdgeConfigFrom, EachInterfaceHasTheTcpTimesOfItsPort) {
  const testing::TempDir dir;
  const std::filesystem::path secret = dir / "password";
  std::ofstream(secret) << "pw\n";
  ASSERT_EQ(::chmod(secret.c_str(), 0600), 0);
  config::DataplaneConfig config;
  config.venue.password_file = secret.string();
  config.ports.resize(2);
  config.ports[0].name = config.venue.port = "orders";
  config.ports[1].name = "clients";
  config.ports[1].tcp_rto_min_ms = 20;
  config.ports[1].tcp_keepalive_s = 60;
  config.clients.resize(1);
  config.clients[0].port = "clients";
  config.clients[0].password_file = secret.string();
  config.feed.lines.resize(1);
  config.feed.lines[0].port = "orders";
  const Result<DataplaneParts> parts = make_parts(config);
  ASSERT_TRUE(parts.ok()) << parts.error().message();
  const EdgeConfig& edge = parts.value().edge;
  EXPECT_EQ(edge.venue_net.tcp.rto_min, Nanos{10'000'000});
  EXPECT_EQ(edge.venue_net.tcp.keepalive_idle, Nanos{0});
  EXPECT_EQ(edge.client_net.tcp.rto_min, Nanos{20'000'000});
  EXPECT_EQ(edge.client_net.tcp.keepalive_idle, Nanos{60'000'000'000});
}

}  // namespace
}  // namespace tradsys::dataplane
