// Goal: what a client asks for either reaches the venue as it was asked or is marked as
// unsupported. Method: OUCH 5.0 messages that differ from a plain order in one field each.
#include "dataplane/edge/ouch/ouch_client.hpp"

#include <gtest/gtest.h>

#include <array>

#include "dataplane/edge/ouch/ouch_venue.hpp"

namespace tradsys::dataplane {
namespace {

namespace in50 = ouch50::inbound;

in50::EnterOrder plain_order() {
  in50::EnterOrder m;
  m.user_ref_num = 7;
  m.side = 'B';
  m.quantity = 100;
  m.symbol = Symbol::from("NILE");
  m.price = 230'000;
  m.time_in_force = '0';
  m.display = 'Y';
  m.capacity = 'P';
  m.inter_market_sweep_eligibility = 'N';
  m.cross_type = 'N';
  return m;
}

engine::ClientRequest decoded(const in50::EnterOrder& m, Bytes appendage = {}) {
  std::array<std::byte, 128> bytes;
  encode(m, appendage, bytes.data());
  return request_of(in50::EnterOrderView{bytes.data()});
}

engine::ClientRequest decoded(const in50::ReplaceOrder& m, Bytes appendage = {}) {
  std::array<std::byte, 128> bytes;
  encode(m, appendage, bytes.data());
  return request_of(in50::ReplaceOrderView{bytes.data()});
}

TEST(OuchClient, TakesAPlainOrderInEveryCapacity) {
  for (const char capacity : {'A', 'P', 'R', 'O'}) {
    in50::EnterOrder m = plain_order();
    m.capacity = capacity;
    const engine::ClientRequest r = decoded(m);
    EXPECT_EQ(r.unsupported, 0) << capacity;
    EXPECT_EQ(r.capacity, capacity);
  }
}

TEST(OuchClient, MarksWhatCannotBePassedOn) {
  const auto spoiled = [](auto&& spoil) {
    in50::EnterOrder m = plain_order();
    spoil(m);
    return decoded(m).unsupported;
  };
  EXPECT_EQ(spoiled([](auto& m) { m.display = 'N'; }), 1);
  EXPECT_EQ(spoiled([](auto& m) { m.display = 'A'; }), 1);
  EXPECT_EQ(spoiled([](auto& m) { m.capacity = 'X'; }), 1);
  EXPECT_EQ(spoiled([](auto& m) { m.inter_market_sweep_eligibility = 'Y'; }), 1);
  EXPECT_EQ(spoiled([](auto& m) { m.cross_type = 'O'; }), 1);
  const std::array<std::byte, 3> post_only{std::byte{2}, std::byte{12}, std::byte{'P'}};
  EXPECT_EQ(decoded(plain_order(), post_only).unsupported, 1);
}

TEST(OuchClient, MarksTheSameInAReplace) {
  in50::ReplaceOrder m;
  m.orig_user_ref_num = 7;
  m.user_ref_num = 8;
  m.quantity = 100;
  m.price = 230'000;
  m.time_in_force = '0';
  m.display = 'Y';
  m.inter_market_sweep_eligibility = 'N';
  EXPECT_EQ(decoded(m).unsupported, 0);
  const std::array<std::byte, 3> post_only{std::byte{2}, std::byte{12}, std::byte{'P'}};
  EXPECT_EQ(decoded(m, post_only).unsupported, 1);
  m.display = 'N';
  EXPECT_EQ(decoded(m).unsupported, 1);
}

TEST(OuchClient, CapacityReachesTheVenueAndComesBack) {
  orders::Order order;
  order.order_id = 1;
  order.capacity = 'R';
  std::array<std::byte, kOuchInboundBytesMax> bytes;
  ASSERT_GT(encode_enter(order, Symbol::from("NILE"), bytes.data()), 0U);
  EXPECT_EQ(in50::EnterOrderView{bytes.data()}.capacity(), 'R');

  ouch50::outbound::OrderAccepted accepted;
  accepted.user_ref_num = 1;
  accepted.capacity = 'R';
  std::array<std::byte, kOuchOutboundBytesMax> answer;
  const usize n = encode(accepted, answer.data());
  orders::VenueReport report;
  Symbol symbol;
  u32 next_ref = 0;
  ASSERT_EQ(decode_venue_message(Bytes(answer).first(n), report, symbol, next_ref),
            VenueMessage::kReport);
  EXPECT_EQ(report.capacity, 'R');
}

TEST(OuchClient, ACancelInsteadOfATradeWithTheOwnFirmKeepsItsDetails) {
  ouch50::outbound::AiqCanceled m;
  m.user_ref_num = 5;
  m.decrement_shares = 40;
  m.order_cancel_reason = 'Q';
  m.quantity_prevented_from_trading = 25;
  m.execution_price = 9'990;
  std::array<std::byte, kOuchOutboundBytesMax> bytes{};
  usize n = encode(m, bytes.data());
  orders::VenueReport report;
  Symbol symbol;
  u32 next_ref = 0;
  for (const usize size : {n, n + 1}) {  // a later revision adds a byte
    ASSERT_EQ(decode_venue_message(Bytes(bytes).first(size), report, symbol, next_ref),
              VenueMessage::kReport);
    EXPECT_EQ(report.kind, ExecKind::kCanceled);
    EXPECT_EQ(report.self_trade, 1);
  }
  engine::ClientReport told;
  told.kind = engine::ReportKind::kCanceled;
  told.client_ref = 7;
  told.qty = report.qty;
  told.venue_reason = report.reason;
  told.self_trade = report.self_trade;
  told.price = report.price;
  told.prevented_qty = static_cast<u32>(report.match_number);
  n = encode_report(told, Symbol::from("NILE"), bytes.data());
  ASSERT_EQ(n, ouch50::outbound::AiqCanceled::kBytes);
  m.user_ref_num = 7;
  m.liquidity_flag = 'A';
  EXPECT_EQ(decode(ouch50::outbound::AiqCanceledView{bytes.data()}), m);
}

}  // namespace
}  // namespace tradsys::dataplane
