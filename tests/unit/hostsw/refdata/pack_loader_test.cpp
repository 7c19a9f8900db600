// Goal: a pack with anything wrong in it is refused, with file, line, key and remedy. Method: one
// sound pack;
//   each case changes one line of it. Truncation at every byte must never crash.
#include "hostsw/refdata/pack_loader.hpp"

#include <gtest/gtest.h>

#include "hostsw/refdata/toml_reader.hpp"

namespace tradsys::refdata {
namespace {

const std::string kSound = R"(schema = 1
[market]
name = "x"
title = "Example"
mic = "XXXX"
currency = "AED"
time_zone = "Asia/Dubai"
price_decimals = 3
trading_weekdays = ["mon", "tue"]
clock_guard_ms = 50
[[utc_offset]]
name = "all"
source = "s"
confidence = "high"
minutes = 240
[[session]]
name = "normal"
from = 2026-01-01
source = "s"
confidence = "medium"
phase = [
  { kind = "pre_open", begin = 09:30:00, end = 10:00:00, takes = ["limit"] },
  { kind = "continuous", begin = 10:00:00, end = 14:00:00, takes = ["limit", "market"] },
]
[[holiday]]
name = "h"
from = 2026-02-01
to = 2026-02-02
source = "s"
confidence = "low"
[[tick_table]]
name = "main"
source = "s"
confidence = "high"
basis = "order_price"
band = [ { from = "0", tick = "0.001" },
  { from = "1", tick = "0.01" } ]
[[price_limit]]
name = "main"
source = "s"
confidence = "high"
up_bp = 1500
down_bp = 1000
[[lot]]
name = "main"
source = "s"
confidence = "high"
size = 10
)";

std::string changed(const std::string& line, const std::string& into) {
  std::string text = kSound;
  const usize at = text.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return text.replace(at, line.size(), into);
}

TEST(PackLoader, ReadsASoundPack) {
  const auto pack = parse_pack(kSound, "x.toml");
  ASSERT_TRUE(pack.ok()) << pack.error().message();
  EXPECT_EQ(pack.value().trading_weekdays, 0b110);
  EXPECT_EQ(pack.value().clock_guard, Nanos{50'000'000});
  EXPECT_EQ(pack.value().utc_offsets.at(0).offset, Nanos{4 * 3'600 * kSecond.v});
  EXPECT_EQ(pack.value().sessions.at(0).phases.size(), 2U);
  EXPECT_EQ(pack.value().holidays.at(0).to, make_date(2026, 2, 2));
  EXPECT_EQ(pack.value().tick_tables.at(0).table.tick_at(100'000'000), 1'000'000);
  EXPECT_EQ(pack.value().lots.at(0).size, 10U);
  EXPECT_EQ(pack.value().sessions.at(0).where, "x.toml:16");
  EXPECT_TRUE(pack.value().sessions.at(0).hard_block);
  EXPECT_FALSE(pack.value().sessions.at(0).reviewed);
}

struct Bad {
  const char* line;
  const char* into;
  const char* where;  ///< start of the error's place
};

TEST(PackLoader, RefusesWhatIsWrongAndSaysWhere) {
  const Bad cases[] = {
      {"schema = 1", "schema = 2", "x.toml:1: schema"},
      {"schema = 1\n", "", "x.toml:1: schema"},
      {"price_decimals = 3", "price_decimals = 9", "x.toml:8: price_decimals"},
      {"price_decimals = 3", "price_decimals = 3.0", "x.toml:8: price_decimals"},
      {"mic = \"XXXX\"", "mic = 7", "x.toml:5: mic"},
      {"mic = \"XXXX\"", "mik = \"XXXX\"", "x.toml:2: mic"},
      {"\"tue\"", "\"teu\"", "x.toml:9: trading_weekdays"},
      {"clock_guard_ms = 50", "clock_guard_ms = -1", "x.toml:10: clock_guard_ms"},
      {"minutes = 240", "minutes = 900", "x.toml:15: minutes"},
      {"source = \"s\"\nconfidence = \"medium\"", "confidence = \"medium\"", "x.toml:16: source"},
      {"confidence = \"medium\"", "confidence = \"certain\"", "x.toml:20: confidence"},
      {"confidence = \"medium\"", "confidence = \"medium\"\nreviewd = true", "x.toml:21: reviewd"},
      {"confidence = \"medium\"", "confidence = \"medium\"\nreviewed = 1", "x.toml:21: reviewed"},
      {"from = 2026-01-01", "from = \"2026-01-01\"", "x.toml:18: from"},
      {"from = 2026-01-01", "from = 2026-02-30", "x.toml:18"},
      {"end = 10:00:00", "end = 09:30:00", "x.toml:22: end"},
      {"begin = 10:00:00", "begin = 09:59:59", "x.toml:23: begin"},
      {"begin = 10:00:00", "begin = 600", "x.toml:23: begin"},
      {"kind = \"continuous\"", "kind = \"open\"", "x.toml:23: kind"},
      {"takes = [\"limit\"]", "takes = \"limit\"", "x.toml:22: takes"},
      {"to = 2026-02-02", "to = 2026-01-31", "x.toml:28: to"},
      {"to = 2026-02-02\n", "", "x.toml:27: from"},
      {"basis = \"order_price\"", "basis = \"price\"", "x.toml:35: basis"},
      {"tick = \"0.001\"", "tick = 0.001", "x.toml:36: tick"},
      {"tick = \"0.001\"", "tick = \"0.0000000001\"", "x.toml:36: tick"},
      {"tick = \"0.001\"", "tick = \"0\"", "x.toml:36: from"},
      {"from = \"1\"", "from = \"0\"", "x.toml:37: from"},
      {"down_bp = 1000", "down_bp = 10001", "x.toml:43: down_bp"},
      {"size = 10", "size = 0", "x.toml:48: size"},
      {"[[lot]]", "[lot]", "x.toml:44: lot"},
      {"[[lot]]", "[[lots]]", "x.toml:44: lots"},
      {"[[lot]]",
       "[[price_limit]]\nname = \"main\"\nsource = \"s\"\nconfidence = \"high\"\n[[lot]]",
       "x.toml:44: up_bp"},
      {"schema = 1", "schema = = 1", "x.toml:1"},
  };
  for (const Bad& bad : cases) {
    const auto pack = parse_pack(changed(bad.line, bad.into), "x.toml");
    ASSERT_FALSE(pack.ok()) << bad.into;
    EXPECT_EQ(pack.error().where.substr(0, std::string_view(bad.where).size()), bad.where)
        << pack.error().message();
    EXPECT_FALSE(pack.error().what.empty());
  }
}

TEST(PackLoader, RefusesTwoRulesThatStartOnOneDay) {
  std::string twice = kSound + R"([[lot]]
name = "main"
source = "s"
confidence = "high"
size = 20
)";
  const auto pack = parse_pack(twice, "x.toml");
  ASSERT_FALSE(pack.ok());
  EXPECT_NE(pack.error().what.find("x.toml:44"), std::string::npos) << pack.error().message();
}

TEST(PackLoader, NeverCrashesOnATruncatedFile) {
  u32 accepted = 0;
  for (usize bytes = 0; bytes < kSound.size(); ++bytes)
    accepted += parse_pack(std::string_view(kSound).substr(0, bytes), "x.toml").ok();
  EXPECT_LT(accepted, 40U) << "only a cut after a whole value of a last key leaves a sound pack";
}

TEST(PackLoader, NamesAFileItCannotRead) {
  const auto pack = load_pack("no/such/pack.toml");
  ASSERT_FALSE(pack.ok());
  EXPECT_EQ(pack.error().where, "no/such/pack.toml");
}

TEST(PackLoader, ReadsDecimalsExactly) {
  EXPECT_EQ(parse_decimal("0.001"), 100'000);
  EXPECT_EQ(parse_decimal("12"), 1'200'000'000);
  EXPECT_EQ(parse_decimal("92233720368.54775807"), std::numeric_limits<i64>::max());
  for (const char* wrong :
       {"", ".", "1.", ".5", "-1", "1e3", "0.000000001", "92233720368.54775808", " 1"})
    EXPECT_FALSE(parse_decimal(wrong)) << wrong;
}

}  // namespace
}  // namespace tradsys::refdata
