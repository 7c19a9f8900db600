// Goal: addresses are read exactly or not at all. Method: forms that are often taken for valid.
#include "hostsw/config/address.hpp"

#include <gtest/gtest.h>

namespace tradsys::config {
namespace {

TEST(MacAddress, IsReadInOneFormOnly) {
  const auto mac = parse_mac("02:aB:00:00:0f:fE");
  ASSERT_TRUE(mac.has_value());
  EXPECT_EQ(to_string(*mac), "02:ab:00:00:0f:fe");
  for (const char* bad :
       {"", "02:ab:00:00:0f", "02-ab-00-00-0f-fe", "02:ab:00:00:0f:fe:", "2:ab:00:00:0f:fe0",
        "02:ab:00:00:0f:fg", "02:ab:00:00:0f: e", "02:ab:00:00:0f:-1", "02ab00000ffe"})
    EXPECT_FALSE(parse_mac(bad).has_value()) << bad;
}

TEST(MacAddress, TellsStationsFromGroups) {
  EXPECT_TRUE(parse_mac("02:00:00:00:00:01")->is_station());
  EXPECT_FALSE(parse_mac("01:00:5e:00:00:01")->is_station());
  EXPECT_FALSE(MacAddress{}.is_station());
}

TEST(Ipv4Address, IsReadInOneFormOnly) {
  const auto ip = parse_ipv4("10.0.255.1");
  ASSERT_TRUE(ip.has_value());
  EXPECT_EQ(ip->value, 0x0A00FF01U);
  EXPECT_EQ(to_string(*ip), "10.0.255.1");
  EXPECT_EQ(parse_ipv4("0.0.0.0")->value, 0U);
  for (const char* bad :
       {"", "10", "10.0.0", "10.0.0.", "10.0.0.256", "10.0.0.1.", "10.0.0.1 ", " 10.0.0.1",
        "10.0.0.-1", "10.0.0.01", "0x10.0.0.1", "10..0.1", "10.0.0.1.2"})
    EXPECT_FALSE(parse_ipv4(bad).has_value()) << bad;
}

TEST(Ipv4Address, KnowsGroupsHostsAndNetworks) {
  EXPECT_TRUE(parse_ipv4("239.1.2.3")->is_multicast());
  EXPECT_FALSE(parse_ipv4("240.0.0.1")->is_multicast());
  EXPECT_TRUE(parse_ipv4("10.0.0.1")->is_host());
  for (const char* other : {"0.0.0.0", "224.0.0.1", "255.255.255.255"})
    EXPECT_FALSE(parse_ipv4(other)->is_host()) << other;
  EXPECT_TRUE(parse_ipv4("10.0.0.200")->is_in(*parse_ipv4("10.0.0.1"), 24));
  EXPECT_FALSE(parse_ipv4("10.0.1.200")->is_in(*parse_ipv4("10.0.0.1"), 24));
  EXPECT_TRUE(parse_ipv4("99.0.0.1")->is_in(*parse_ipv4("10.0.0.1"), 0));
}

}  // namespace
}  // namespace tradsys::config
