// Goal: what a FIX client and the reader of a drop copy see on the wire is FIX over TCP without a
// flaw, over a cut connection, too. Method: captures at their ends of the cable, judged by tshark.
#include <gtest/gtest.h>

#include "hostsw/wire/pcap_file.hpp"
#include "tests/support/fix/fix_rig.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tshark.hpp"

namespace tradsys::testing {
namespace {

using dataplane::ClientProtocol;

class FixCapture : public ::testing::TestWithParam<ClientProtocol> {};

void add_drop_copy(dataplane::EdgeConfig& config) {
  dataplane::DropCopyConfig copy;
  copy.user = "COPY";
  copy.password = "SECRET";
  copy.tcp_port = 9'301;
  copy.accounts = {0};
  copy.protocol = config.clients[0].protocol;
  copy.fix.sender_comp_id = "TRADSYS";
  copy.fix.target_comp_id = "RISK";
  copy.fix.check_password = copy.protocol != ClientProtocol::kFix42;
  config.drop_copies.push_back(copy);
}

TEST_P(FixCapture, OfClientAndDropCopyIsFlawless) {
  TRADSYS_REQUIRE_TSHARK();
  const TempDir folder;
  FixRig rig(GetParam(), add_drop_copy);
  auto client = wire::PcapWriter::create(folder / "client.pcap");
  auto copy = wire::PcapWriter::create(folder / "copy.pcap");
  ASSERT_TRUE(client.ok() && copy.ok());
  rig.peer().record(&client.value());
  rig.reader(0).record(&copy.value());
  rig.log_on_readers();
  rig.log_on();
  ASSERT_TRUE(rig.peer().session().active());
  ASSERT_TRUE(rig.reader(0).session().active());
  for (u32 i = 0; i < 40; ++i) {
    const std::string id = "o" + std::to_string(i);
    ASSERT_TRUE(rig.order(id, i % 2 == 0 ? '1' : '2', 100, i % 4 == 0 ? 0 : i % 2 == 0 ? -50 : 50));
    rig.run(5);
    if (i % 5 == 0) rig.replace("r" + id, id, i % 2 == 0 ? '1' : '2', 200, -60);
    if (i == 20) rig.cut_and_return();
  }
  rig.run(200);
  rig.peer().session().logout();
  rig.run(200);
  rig.peer().record(nullptr);
  rig.reader(0).record(nullptr);
  ASSERT_TRUE(client.value().close().ok() && copy.value().close().ok());
  const auto judged = [&](const char* name, u16 port) {
    SCOPED_TRACE(name);
    auto layers =
        expect_flawless(dissect(folder / name, "-d tcp.port==" + std::to_string(port) + ",fix"));
    EXPECT_EQ(layers["data"], 0U) << "every payload is FIX";
    return layers["fix"];
  };
  EXPECT_GT(judged("client.pcap", sim::kClientOrderPort), 80U);
  EXPECT_GT(judged("copy.pcap", 9'301), 40U);
}

INSTANTIATE_TEST_SUITE_P(Versions, FixCapture,
                         ::testing::Values(ClientProtocol::kFix42, ClientProtocol::kFix44,
                                           ClientProtocol::kFix50Sp2));

}  // namespace
}  // namespace tradsys::testing
