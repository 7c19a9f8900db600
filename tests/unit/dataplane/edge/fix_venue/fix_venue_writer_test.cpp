// Goal: a FIX venue is asked in exactly the fields of its dialect, and every ClOrdID is read back
// as what it names. Method: bodies of one order in several dialects, compared as texts.
#include "dataplane/edge/fix_venue/fix_venue_writer.hpp"

#include <gtest/gtest.h>

#include "tests/unit/dataplane/edge/fix_venue/venue_texts.hpp"

namespace tradsys::dataplane {
namespace {

// 2026-07-21 09:30 UTC
constexpr Nanos kAt{1'784'626'200'000'000'000};
const Symbol kSymbol = Symbol::from("COMI");

VenueConfig config_of(VenueProtocol protocol) {
  VenueConfig config;
  config.protocol = protocol;
  config.fix.account_fields.resize(4);
  config.fix.account_fields[3] = "1=ACC3\x01";
  return config;
}

TEST(FixVenueWriter, ANewOrder) {
  VenueConfig config = config_of(VenueProtocol::kFix42);
  config.fix.order_fields = "21=1\x01";
  config.fix.capacity_tag = 47;
  FixVenueWriter writer(config);
  EXPECT_EQ(with_bars(writer.enter(venue_test_order(), kSymbol, kAt)),
            "11=T0020030000025000015|1=ACC3|21=1|55=COMI|54=1|60=20260721-09:30:00.000|38=100|40=2|"
            "44=81.5000|59=0|47=A|");
}

TEST(FixVenueWriter, AMarketOrderHasNoPriceAndAnImmediateOneItsTime) {
  const VenueConfig config = config_of(VenueProtocol::kFix44);
  FixVenueWriter writer(config);
  orders::Order order = venue_test_order();
  order.order_type = OrderType::kMarket;
  order.tif = TimeInForce::kIoc;
  order.side = Side::kSellShort;
  EXPECT_EQ(with_bars(writer.enter(order, kSymbol, kAt)),
            "11=T0020030000025000015|1=ACC3|55=COMI|54=5|60=20260721-09:30:00.000|38=100|40=1|"
            "59=3|");
}

TEST(FixVenueWriter, AReplaceNamesBothVersionsAndTheWholeQuantity) {
  VenueConfig config = config_of(VenueProtocol::kFix50Sp2);
  config.fix.names_symbol = false;
  config.fix.security_id_source = "M";
  config.fix.names_order_id = true;
  FixVenueWriter writer(config);
  orders::Order order = venue_test_order();
  order.venue_order_number = 9'001;
  order.pending_order_id = 42;
  order.pending_client_ref = 78;
  order.pending_qty = 150;
  order.pending_price = 820'000;
  order.cum_qty = 20;
  EXPECT_EQ(with_bars(writer.replace(order, kSymbol, kAt)),
            "41=T0020030000025000015|37=9001|11=T0020030000026000016|1=ACC3|48=COMI|22=M|54=1|"
            "60=20260721-09:30:00.000|38=150|40=2|44=82.0000|59=0|");
}

TEST(FixVenueWriter, ACancelHasANameOfItsOwnAndSaysWhichVersionItMeans) {
  const VenueConfig config = config_of(VenueProtocol::kFix44);
  FixVenueWriter writer(config);
  orders::Order order = venue_test_order();
  order.pending_order_id = 42;
  order.pending_client_ref = 78;
  order.pending_qty = 150;
  const VenueIdText id = id_of_cancel(42, 1'784'626'200'000'000);
  EXPECT_EQ(with_bars(writer.cancel(order, OrderVersion::kPending, kSymbol, id, kAt)),
            "41=T0020030000026000016|11=" + std::string(id.view()) +
                "|1=ACC3|55=COMI|54=1|60=20260721-09:30:00.000|38=150|");
  const auto read = read_venue_id(id.view());
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->cancel);
  EXPECT_EQ(read->order_id, 42U);
}

TEST(FixVenueWriter, AStatusRequestHasAnIdWhereTheVersionKnowsOne) {
  const VenueConfig old = config_of(VenueProtocol::kFix42);
  const VenueConfig later = config_of(VenueProtocol::kFix44);
  FixVenueWriter writer42(old);
  FixVenueWriter writer44(later);
  EXPECT_EQ(with_bars(writer42.status(venue_test_order(), OrderVersion::kCurrent, kSymbol)),
            "11=T0020030000025000015|1=ACC3|55=COMI|54=1|");
  EXPECT_EQ(with_bars(writer44.status(venue_test_order(), OrderVersion::kCurrent, kSymbol)),
            "11=T0020030000025000015|790=T0020030000025000015|1=ACC3|55=COMI|54=1|");
}

TEST(FixVenueWriter, AnOrderIdThatIsNoNumberIsNotMadeUp) {
  VenueConfig config = config_of(VenueProtocol::kFix44);
  config.fix.names_order_id = true;
  FixVenueWriter writer(config);
  orders::Order order = venue_test_order();
  order.venue_order_number = u64{1} << 63 | 12;  // a hash
  EXPECT_EQ(writer.status(order, OrderVersion::kCurrent, kSymbol).find("37="), std::string::npos);
}

TEST(VenueId, AreReadBackAndNothingElseIs) {
  constexpr engine::VenueToken kToken{15, 255, 4'294'967'295};
  constexpr VenueIdText kId = id_of_order(kToken, kVenueOrderIdMax);
  const auto read = read_venue_id(kId.view());
  ASSERT_TRUE(read);
  EXPECT_EQ(kId.view().size(), 20U);
  EXPECT_EQ(read->order_id, kVenueOrderIdMax);
  EXPECT_EQ(engine::decode_token(read->token), kToken);
  for (const char* other :
       {"", "NONE", "T002003000002500001", "T00200300000250000155", "X0020030000025000015",
        "T002003000002500001-", "C00001612345678a1", "T0020030000025000000", "C0000001234567890"})
    EXPECT_FALSE(read_venue_id(other)) << other;
}

}  // namespace
}  // namespace tradsys::dataplane
