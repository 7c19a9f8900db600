// Goal: kill -9 of the dataplane in the middle of order flow loses no acknowledged order, doubles
// none, and the journal rebuilds the state that was there. Method: venue and clients in a process
// of their own, 20 kills at random moments, a replay after each; at the end client, venue and
// dataplane must agree.
#include <gtest/gtest.h>

#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "hostsw/core/random.hpp"
#include "hostsw/ipc/status_region.hpp"
#include "sim/app/child_process.hpp"
#include "sim/app/up_config.hpp"
#include "tests/support/process/programs.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::sim {
namespace {

constexpr u32 kKills = 20;
constexpr u64 kOrdersPerClient = 6'000;

using testing::bin_dir;
using testing::sleep_ms;

// Value of "name": in a flat JSON line; every occurrence joined by commas.
std::string values_of(const std::string& json, const std::string& name) {
  std::string values;
  const std::string key = "\"" + name + "\":";
  for (usize at = json.find(key); at != std::string::npos; at = json.find(key, at + 1)) {
    const usize begin = at + key.size();
    if (!values.empty()) values += ',';
    values += json.substr(begin, json.find_first_of(",}", begin) - begin);
  }
  return values;
}

class CrashTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::setenv("TRADSYS_PROGRAM_DIR", bin_dir().c_str(), 1), 0);
    const auto paths = ipc::instance_paths("crash", dir_.path());
    ASSERT_TRUE(paths);
    ASSERT_TRUE(ipc::make_instance_folder(paths.value()));
    up_.orders_per_s = 1'000;
    Result<UpFiles> files = write_up_files(up_, paths.value(), "crash");
    ASSERT_TRUE(files) << files.error().message();
    files_ = files.value();
  }

  ChildProcess start_dataplane() {
    Result<ChildProcess> process = ChildProcess::start(
        "tradsys-dataplane", {"--config", files_.config.string()}, files_.dataplane_log);
    EXPECT_TRUE(process) << process.error().message();
    return std::move(process).value();
  }
  // Waits until the running dataplane has journaled `more` records; false after ten seconds.
  bool wait_for_records(u64 more) {
    ipc::OrderStatus first;
    bool seen = false;
    for (int i = 0; i < 2'000; ++i, sleep_ms(5)) {
      Result<ipc::StatusReader> reader = ipc::StatusReader::open(files_.status);
      ipc::OrderStatus now;
      if (!reader || reader.value().liveness(ipc::monotonic_now()) != ipc::Liveness::kAlive ||
          !reader.value().orders(now)) {
        continue;
      }
      if (!seen) first = now;
      seen = true;
      if (now.journal_seq >= first.journal_seq + more) return true;
    }
    return false;
  }
  // The last thing the killed process said of itself: its file outlives it.
  ipc::OrderStatus last_words() {
    Result<ipc::StatusReader> reader = ipc::StatusReader::open(files_.status);
    ipc::OrderStatus status;
    EXPECT_TRUE(reader && reader.value().orders(status));
    return status;
  }
  std::string replay(u64 until_seq) {
    const std::string command = bin_dir() + "/tradsys-dataplane --config " +
                                files_.config.string() + " --replay-only --until-seq " +
                                std::to_string(until_seq) + " 2>&1";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    std::string output;
    char buffer[512];
    while (pipe && std::fgets(buffer, sizeof buffer, pipe)) output += buffer;
    EXPECT_EQ(::pclose(pipe), 0) << output;
    return output;
  }

  testing::TempDir dir_;
  UpConfig up_;
  UpFiles files_;
};

TEST_F(CrashTest, TwentyKillsInTheMiddleOfOrderFlowLoseAndDoubleNothing) {
  const u64 seed = testing::test_seed(1);
  SCOPED_TRACE(::testing::Message() << "TRADSYS_SEED=" << seed);
  Random random(seed);
  const std::filesystem::path report = dir_ / "venue.json";
  std::vector<std::string> arguments = venue_arguments(up_, files_);
  for (const std::string& word : {std::string("--orders"), std::to_string(kOrdersPerClient),
                                  std::string("--report"), report.string()}) {
    arguments.push_back(word);
  }
  if (seed % 2 == 0) arguments.push_back("--keep-orders-on-disconnect");
  Result<ChildProcess> venue = ChildProcess::start("tradsys-venue", arguments, files_.venue_log);
  ASSERT_TRUE(venue) << venue.error().message();
  u32 compared = 0;
  for (u32 kill = 0; kill < kKills; ++kill) {
    ChildProcess dataplane = start_dataplane();
    ASSERT_TRUE(wait_for_records(50 + random.below(400))) << "kill " << kill;
    sleep_ms(random.below(30));
    ASSERT_EQ(::kill(dataplane.pid(), SIGKILL), 0);
    while (dataplane.running()) sleep_ms(1);
    const ipc::OrderStatus last = last_words();
    const std::string replayed = replay(last.state_hash_seq);
    // What was published but not yet on disk cannot be compared; it was not acknowledged either.
    if (values_of(replayed, "last_seq") != std::to_string(last.state_hash_seq)) continue;
    ++compared;
    char hash[32];
    std::snprintf(hash, sizeof hash, "\"%016" PRIx64 "\"", last.state_hash);
    ASSERT_EQ(values_of(replayed, "state_hash"), hash) << "kill " << kill;
  }
  EXPECT_GT(compared, kKills / 2);

  ChildProcess dataplane = start_dataplane();
  for (int i = 0; i < 6'000 && venue.value().running(); ++i) sleep_ms(10);
  ASSERT_FALSE(venue.value().running()) << "the clients are not done";
  std::stringstream text;
  text << std::ifstream(report).rdbuf();
  const std::string json = text.str();
  const std::string all = std::to_string(kOrdersPerClient) + "," + std::to_string(kOrdersPerClient);
  EXPECT_EQ(values_of(json, "sent"), all) << json;
  EXPECT_EQ(values_of(json, "terminal"), all) << json;
  EXPECT_EQ(values_of(json, "impossible"), "0,0") << json;
  EXPECT_EQ(values_of(json, "position_mismatches"), "0,0") << json;
}

}  // namespace
}  // namespace tradsys::sim
