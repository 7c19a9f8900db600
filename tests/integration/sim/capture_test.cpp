// Goal: an independent dissector finds nothing wrong with the feed and the order sessions of the
// simulations. Method: let the real program capture a replay and a world on clean cables; tshark
// judges every frame with checksums on. Skipped where tshark is absent.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/integration/control/cli/run_program.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tshark.hpp"

namespace tradsys::testing {
namespace {

constexpr u64 kEndOfSession = 0xFFFF;

Outcome sim(const std::vector<std::string>& args) {
  return run_program(args, {.env = {}, .program = bin_folder() + "/tradsys-sim"});
}

/// Messages that tshark saw go to a multicast group.
u64 messages_to(const std::vector<Dissection>& frames, const std::string& group) {
  u64 total = 0;
  for (const Dissection& d : frames) {
    if (d.ip_dst != group || d.mold_count.empty()) continue;
    const u64 count = std::stoull(d.mold_count);
    if (count != kEndOfSession) total += count;
  }
  return total;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Capture, OfAReplayHoldsEveryMessageOnBothLines) {
  TRADSYS_REQUIRE_TSHARK();
  const TempDir folder;
  const std::string path = folder / "feed.pcap";
  const Outcome outcome = sim({"replay", "--messages", "1000", "--capture", path, "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto frames = dissect(path, "-d udp.port==26477,moldudp64");
  auto layers = expect_flawless(frames);
  EXPECT_EQ(layers["moldudp64"], layers["udp"]);
  auto json = parse_json(outcome.out);
  for (const char* group : {"233.54.12.111", "233.54.12.112"}) {
    EXPECT_EQ(std::to_string(messages_to(frames, group)), json["messages"]) << group;
  }
}

TEST(Capture, OfAWorldHoldsTheOrderSessions) {
  TRADSYS_REQUIRE_TSHARK();
  const TempDir folder;
  const Outcome outcome = sim({"run", "--orders", "1000", "--capture", folder.path(), "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const std::string decode =
      "-d udp.port==26477,moldudp64 -d tcp.port==9001,soupbintcp -d tcp.port==9101,soupbintcp "
      "-d tcp.port==9102,soupbintcp -d tcp.port==9201,soupbintcp -d tcp.port==9202,soupbintcp";
  for (const char* name : {"venue.pcap", "client.pcap"}) {
    SCOPED_TRACE(name);
    auto layers = expect_flawless(dissect(folder / name, decode));
    EXPECT_GT(layers["soupbintcp"], 1'000U);
    EXPECT_EQ(layers["data"], 0U) << "every payload belongs to a known protocol";
  }
}

TEST(Capture, ChangesNothingAndIsTheSameFileEveryTime) {
  const TempDir a;
  const TempDir b;
  const std::vector<std::string> args{"run", "--orders", "500", "--json"};
  const auto captured = [&args](const TempDir& folder) {
    std::vector<std::string> all = args;
    all.insert(all.end(), {"--capture", folder.path()});
    return sim(all).out;
  };
  const std::string plain = sim(args).out;
  EXPECT_EQ(captured(a), plain);
  EXPECT_EQ(captured(b), plain);
  for (const char* name : {"venue.pcap", "client.pcap"}) {
    const std::string first = content_of(a / name);
    EXPECT_GT(first.size(), 10'000U);
    EXPECT_TRUE(first == content_of(b / name)) << name << " differs between equal runs";
  }
}

TEST(Capture, NeedsAFolderAndASingleSeed) {
  const TempDir folder;
  EXPECT_EQ(sim({"run", "--orders", "10", "--capture", folder / "absent"}).code, 1);
  EXPECT_EQ(sim({"run", "--orders", "10", "--seeds", "2", "--capture", folder.path()}).code, 2);
}

}  // namespace
}  // namespace tradsys::testing
