// Goal: a venue that speaks FIX is configured whole and in one meaning, or refused with the key,
// the fault and the remedy. Method: one whole file, changed in one place at a time.
#include "hostsw/config/fix_venue_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace tradsys::config {
namespace {

using ::testing::HasSubstr;

constexpr const char* kWhole = R"(instance = "edge1"
[[ports]]
name = "clients"
kind = "ring"
ip = "10.1.0.2"
[[ports]]
name = "orders"
kind = "ring"
ip = "10.2.0.2"
[feed]
[[feed.lines]]
port = "orders"
group = "239.1.1.1"
udp_port = 26400
[venue]
port = "orders"
ip = "10.2.0.9"
tcp_port = 9001
protocol = "fix50sp2"
password_file = "/etc/tradsys/venue.password"
[venue.fix]
sender_comp_id = "FIRM"
target_comp_id = "ADX"
username = "trader"
start_utc = "05:00:00"
end_utc = "12:00:00"
reset = "daily"
nin_tag = 5001
nin_role = 24
party_id = "FIRM"
capacity = "order_capacity"
instrument = "both"
[[venue.fix.accounts]]
account = 3
name = "HOUSE"
nin = "784-1"
[[clients]]
user = "ALPHA"
password_file = "/etc/tradsys/alpha.password"
account = 3
port = "clients"
tcp_port = 9100
[[accounts]]
id = 3
)";

std::string with(const std::string& from, const std::string& to) {
  std::string text = kWhole;
  const usize at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}
std::string refusal(const std::string& text) {
  const auto result = parse_dataplane_config(text, "dataplane.toml");
  return result.ok() ? "" : result.error().message();
}

TEST(FixVenueConfig, AWholeVenueIsLoadedAndPrintsBackTheSame) {
  const auto loaded = parse_dataplane_config(kWhole, "dataplane.toml");
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();
  const VenueSettings& venue = loaded.value().venue;
  EXPECT_EQ(venue.protocol, VenueProtocol::kFix50Sp2);
  EXPECT_EQ(venue.fix.reset, SequenceReset::kDaily);
  EXPECT_EQ(venue.fix.instrument, InstrumentNaming::kBoth);
  EXPECT_EQ(venue.fix.accounts.at(0).nin, "784-1");
  const std::string printed = print_dataplane_config(loaded.value());
  const auto again = parse_dataplane_config(printed, "again.toml");
  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_EQ(print_dataplane_config(again.value()), printed);
}

TEST(FixVenueConfig, EveryFaultIsNamedWithItsRemedy) {
  const struct {
    const char* from;
    const char* to;
    const char* message;
  } cases[]{
      {"protocol = \"fix50sp2\"", "protocol = \"fix43\"", "venue.protocol: \"fix43\""},
      {"target_comp_id = \"ADX\"\n", "", "venue.fix.target_comp_id: a FIX venue has a CompID"},
      {"target_comp_id = \"ADX\"", "target_comp_id = \"A\\u0001X\"",
       "contains a control character"},
      {"name = \"HOUSE\"", "name = \"\\u00c4\"",
       "venue.fix.accounts[0].name: a character of it cannot stand in a FIX field"},
      {"password_file = \"/etc/tradsys/venue.password\"\n", "",
       "venue.password_file: the user of the logon has no password"},
      {"username = \"trader\"\n", "",
       "venue.password_file: a logon without venue.fix.username carries no password"},
      {"start_utc = \"05:00:00\"", "start_utc = \"24:00:00\"",
       "venue.fix.start_utc: '24:00:00' is no time of day"},
      {"end_utc = \"12:00:00\"", "end_utc = \"12.00.00\"",
       "venue.fix.end_utc: '12.00.00' is no time of day"},
      {"reset = \"daily\"", "reset = \"weekly\"", "venue.fix.reset: \"weekly\""},
      {"reset = \"daily\"", "heartbeat_s = 0", "venue.fix.heartbeat_s: 0 is out of range 1..3600"},
      {"reset = \"daily\"", "handl_inst = \"4\"", "venue.fix.handl_inst: '4' is none of FIX"},
      {"\"order_capacity\"", "\"rule80a\"", "venue.fix.capacity: FIX 5.0 SP2 has no Rule80A (47)"},
      {"nin_tag = 5001", "nin_tag = 11", "venue.fix.nin_tag: 11 is a field with a meaning"},
      {"nin_tag = 5001", "nin_tag = 1", "venue.fix.nin_tag: 1 is account_tag, too"},
      {"nin = \"784-1\"\n", "", "venue.fix.accounts: account 3 has no nin"},
      {"account = 3\nname", "account = 4\nname",
       "venue.fix.accounts[0].account: there is no account 4"},
      {"[[venue.fix.accounts]]\n", "[[venue.fix.accounts]]\naccount = 3\n[[venue.fix.accounts]]\n",
       "venue.fix.accounts[1].account: 3 is used twice"},
  };
  for (const auto& c : cases) {
    const std::string message = refusal(with(c.from, c.to));
    EXPECT_THAT(message, HasSubstr(c.message));
    EXPECT_THAT(message, HasSubstr("; ")) << "with a remedy: " << message;
  }
}

TEST(FixVenueConfig, Fix42LacksWhatLaterVersionsHave) {
  const std::string text = with("protocol = \"fix50sp2\"", "protocol = \"fix42\"");
  const std::string message = refusal(text);
  EXPECT_THAT(message, HasSubstr("venue.fix.username: FIX 4.2 has no field for 'trader'"));
  EXPECT_THAT(message, HasSubstr("venue.fix.capacity: FIX 4.2 has no OrderCapacity (528)"));
}

TEST(FixVenueConfig, AnOuchVenueNeedsNoneOfIt) {
  std::string text = kWhole;
  text.replace(text.find("protocol = \"fix50sp2\""), 21, "user = \"FIRM01\"      ");
  text.erase(text.find("[venue.fix]"), text.find("[[clients]]") - text.find("[venue.fix]"));
  EXPECT_EQ(refusal(text), "");
}

TEST(FixVenueConfig, ThePasswordOfALogonMayBeLongerThanThatOfSoup) {
  const testing::TempDir dir;
  const auto secret = [&](const char* name, const char* line) {
    const std::string path = dir.path() / name;
    std::ofstream(path) << line << '\n';
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    return path;
  };
  std::string text = with("/etc/tradsys/venue.password", secret("venue", "sixteen-letters!"));
  text.replace(text.find("/etc/tradsys/alpha.password"), 27, secret("alpha", "SHORT"));
  const std::string path = dir.path() / "dataplane.toml";
  std::ofstream(path) << text;
  const auto loaded = load_dataplane_config(path, SecretFiles::kChecked);
  EXPECT_TRUE(loaded.ok()) << loaded.error().message();
}

}  // namespace
}  // namespace tradsys::config
