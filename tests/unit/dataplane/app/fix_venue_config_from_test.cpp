// Goal: the fields that a FIX venue gets with each order are those that its configuration says, for
// each account. Method: settings in, texts out, bars for separators.
#include "dataplane/app/fix_venue_config_from.hpp"

#include <gtest/gtest.h>

#include "tests/unit/hostsw/wire/fix/fix_text.hpp"

namespace tradsys::dataplane {
namespace {

using testing::with_bars;

config::DataplaneConfig settings() {
  config::DataplaneConfig config;
  config.venue.protocol = config::VenueProtocol::kFix44;
  config.accounts.resize(2);
  config.accounts[0].id = 1;
  config.accounts[1].id = 3;
  return config;
}
FixVenueConfig filled(const config::DataplaneConfig& config) {
  VenueConfig venue;
  EXPECT_TRUE(fill_fix_venue(config, venue).ok());
  return venue.fix;
}

TEST(FixVenueConfigFrom, ByItselfAnAccountIsItsNumber) {
  const FixVenueConfig fix = filled(settings());
  ASSERT_EQ(fix.account_fields.size(), 4U);
  EXPECT_EQ(with_bars(fix.account_fields[1]), "1=1|");
  EXPECT_EQ(with_bars(fix.account_fields[3]), "1=3|");
  EXPECT_EQ(with_bars(fix.order_fields), "21=1|");
  EXPECT_EQ(fix.header_fields, "");
  EXPECT_TRUE(fix.names_symbol);
  EXPECT_EQ(fix.security_id_source, "");
  EXPECT_EQ(fix.capacity_tag, 0);
}

TEST(FixVenueConfigFrom, PartiesInvestorsAndHeadersOfADialect) {
  config::DataplaneConfig config = settings();
  config::FixVenueSettings& s = config.venue.fix;
  s.account_tag = 0;
  s.nin_tag = 5'001;
  s.nin_role = 24;
  s.party_id = "FIRM";
  s.party_id_source = "C";
  s.accounts = {{.account = 1, .name = "A", .nin = "N1"}, {.account = 3, .name = {}, .nin = "N3"}};
  s.handl_inst.clear();
  s.ex_destination = "XADS";
  s.instrument = config::InstrumentNaming::kSecurityId;
  s.security_id_source = "M";
  s.capacity = config::CapacityField::kOrderCapacity;
  s.on_behalf_of_comp_id = "CLIENT";
  s.sender_location_id = "RACK";
  s.start_utc = "05:00:01";
  const FixVenueConfig fix = filled(config);
  EXPECT_EQ(with_bars(fix.account_fields[3]),
            "5001=N3|453=2|448=FIRM|447=C|452=1|448=N3|447=D|452=24|");
  EXPECT_EQ(with_bars(fix.order_fields), "100=XADS|");
  EXPECT_EQ(with_bars(fix.header_fields), "115=CLIENT|142=RACK|");
  EXPECT_FALSE(fix.names_symbol);
  EXPECT_EQ(fix.security_id_source, "M");
  EXPECT_EQ(fix.capacity_tag, 528);
  EXPECT_EQ(fix.hours.start, parse_time_of_day("05:00:01"));
}

TEST(FixVenueConfigFrom, AMissingPasswordFileIsSaid) {
  config::DataplaneConfig config = settings();
  config.venue.fix.username = "trader";
  config.venue.password_file = "/nowhere/venue.password";
  VenueConfig venue;
  const Status status = fill_fix_venue(config, venue);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message().find("/nowhere/venue.password"), std::string::npos);
}

}  // namespace
}  // namespace tradsys::dataplane
