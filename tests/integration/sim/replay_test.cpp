// Goal: `tradsys-sim replay` builds the vendor's books out of a real day, on good and on bad
// cables, the same way every time, and says so when its input is not whole. Method: run the real
// program on real files (skipped where they are absent) and on its synthetic market; read its JSON.
#include <gtest/gtest.h>

#include <fstream>

#include "hostsw/core/types.hpp"
#include "tests/integration/control/cli/run_program.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_data.hpp"

namespace tradsys::testing {
namespace {

constexpr const char* kDay = "itch50/ARL_2025-07-17_full_day_from_xnas_itch_mbo.itch50.gz";
constexpr const char* kOracle = "expected/ARL_2025-07-17_mbp10.csv.gz";
constexpr const char* kCut = "itch50/nasdaq_itch50_sod_first500bytes.itch";
constexpr const char* kRealFrames =
    "pcap/Nasdaq/Nasdaq.Equities.TotalView.Itch.v5.0/Multiple.Packets.pcap";

Outcome replay(std::vector<std::string> args) {
  args.insert(args.begin(), "replay");
  args.emplace_back("--json");
  return run_program(args, {.env = {}, .program = bin_folder() + "/tradsys-sim"});
}

u64 number(const std::map<std::string, std::string>& json, const std::string& key) {
  const auto found = json.find(key);
  if (found == json.end() || found->second.empty()) {
    ADD_FAILURE() << "no number '" << key << "'";
    return 0;
  }
  return std::stoull(found->second);
}

TEST(Replay, GivesTheVendorsLevelsAtEveryPointOfARealDay) {
  TRADSYS_REQUIRE_DATA(day, kDay);
  TRADSYS_REQUIRE_DATA(oracle, kOracle);
  const Outcome outcome = replay({day, "--check", oracle});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  auto json = parse_json(outcome.out);
  EXPECT_EQ(json["schema"], "tradsys/v1/sim-replay");
  EXPECT_EQ(json["messages"], "5867");
  EXPECT_EQ(json["points"], "3354");
  EXPECT_EQ(json["points_equal"], "3354");
  EXPECT_EQ(json["first_difference"], "null");
  EXPECT_EQ(json["stale_at_end"], "false");
  EXPECT_EQ(json["book_errors"], "0");
  EXPECT_EQ(json["gaps"], "0");
  EXPECT_EQ(json["lines.0.packets"], json["lines.1.packets"]);
}

TEST(Replay, RecoversWhatBothLinesLostAndEndsWithTheSameBooks) {
  TRADSYS_REQUIRE_DATA(day, kDay);
  TRADSYS_REQUIRE_DATA(oracle, kOracle);
  const std::string clean = parse_json(replay({day}).out)["books_hash"];
  ASSERT_EQ(clean.size(), 16U);
  const std::vector<std::vector<std::string>> cables{
      {"--loss", "1%", "--reorder", "1%", "--seed", "7"},
      {"--loss", "10", "--reorder", "10%", "--duplicate", "5%", "--seed", "3"},
  };
  for (const auto& cable : cables) {
    std::vector<std::string> args{day, "--check", oracle};
    args.insert(args.end(), cable.begin(), cable.end());
    const Outcome outcome = replay(args);
    SCOPED_TRACE(outcome.out);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    auto json = parse_json(outcome.out);
    EXPECT_EQ(json["points_equal"], "3354");
    EXPECT_EQ(json["books_hash"], clean);
    EXPECT_GT(number(json, "gaps"), 0U);
    EXPECT_GT(number(json, "recovered"), 0U);
    EXPECT_GT(number(json, "lines.0.missed_messages"), 0U);
    EXPECT_GT(number(json, "lines.1.missed_messages"), 0U);
  }
}

TEST(Replay, GivesTheSameBytesForTheSameSeedAndOthersForAnother) {
  const std::vector<std::string> args{"--messages", "3000",        "--loss", "5",     "--reorder",
                                      "5",          "--duplicate", "2",      "--seed"};
  const auto with_seed = [&args](const char* seed) {
    std::vector<std::string> all = args;
    all.emplace_back(seed);
    return replay(all).out;
  };
  const std::string first = with_seed("11");
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(first, with_seed("11"));
  EXPECT_NE(first, with_seed("12"));
}

TEST(Replay, PlaysASyntheticMarketWhenNoFileIsNamed) {
  const Outcome outcome = replay({"--messages", "5000"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  auto json = parse_json(outcome.out);
  EXPECT_GT(number(json, "messages"), 5000U);
  EXPECT_EQ(json["delivered"], json["messages"]);
  EXPECT_EQ(json["book_errors"], "0");
  EXPECT_GT(number(json, "live_orders"), 0U);
}

TEST(Replay, PlaysTheMessagesOfRealFrames) {
  TRADSYS_REQUIRE_DATA(frames, kRealFrames);
  const Outcome outcome = replay({frames});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  auto json = parse_json(outcome.out);
  EXPECT_EQ(json["messages"], "39");
  EXPECT_EQ(json["live_orders"], "38");
}

TEST(Replay, PlaysItsOwnCaptureToTheSameBooks) {
  const TempDir folder;
  const std::string capture = folder / "feed.pcap";
  auto first = parse_json(replay({"--messages", "2000", "--capture", capture}).out);
  auto again = parse_json(replay({capture}).out);
  EXPECT_EQ(again["messages"], first["messages"]) << "each message once, not once for each line";
  EXPECT_EQ(again["books_hash"], first["books_hash"]);
}

TEST(Replay, SaysWhereTheOracleDiffers) {
  TRADSYS_REQUIRE_DATA(day, kDay);
  const TempDir folder;
  const std::string oracle = folder / "wrong.csv";
  std::ofstream csv(oracle);
  csv << "message_index\n3,0,55100,101,1";
  for (int i = 3; i < 60; ++i) csv << ",0";
  csv << "\n9999,0";
  for (int i = 0; i < 60; ++i) csv << ",0";
  csv.close();
  const Outcome outcome = replay({day, "--check", oracle});
  EXPECT_EQ(outcome.code, 3);
  auto json = parse_json(outcome.out);
  EXPECT_EQ(json["points"], "2");
  EXPECT_EQ(json["points_equal"], "0");
  EXPECT_EQ(json["first_difference.message_index"], "3");
  EXPECT_EQ(json["first_difference.side"], "bid");
  EXPECT_EQ(json["first_difference.expected.quantity"], "101");
  EXPECT_EQ(json["first_difference.found.quantity"], "100");
}

TEST(Replay, PlaysWhatIsWholeOfACutFileAndReportsTheCut) {
  TRADSYS_REQUIRE_DATA(cut, kCut);
  const Outcome outcome = replay({cut});
  EXPECT_EQ(outcome.code, 1);
  auto json = parse_json(outcome.out);
  EXPECT_EQ(json["messages"], "16");
  EXPECT_EQ(json["delivered"], "16");
  EXPECT_EQ(json["source_complete"], "false");
  EXPECT_NE(outcome.err.find("cut inside a message after 16 whole messages"), std::string::npos)
      << outcome.err;
}

TEST(Replay, RefusesWhatIsNoFeed) {
  const TempDir folder;
  const std::string text = folder / "text.itch";
  std::ofstream(text) << std::string(40'000, 'x');
  std::ofstream(folder / "empty.itch").close();
  EXPECT_EQ(replay({text}).code, 1);
  EXPECT_EQ(replay({folder / "empty.itch"}).code, 1);
}

TEST(Replay, TellsAMissingFileFromABadOption) {
  EXPECT_EQ(replay({"/nowhere/day.itch"}).code, 4);
  EXPECT_EQ(replay({"--check", "/nowhere/oracle.csv"}).code, 4);
  EXPECT_EQ(replay({"--no-such-option"}).code, 2);
  EXPECT_EQ(replay({"--loss", "much"}).code, 2);
  EXPECT_EQ(replay({"--loss", "51%"}).code, 2);
}

}  // namespace
}  // namespace tradsys::testing
