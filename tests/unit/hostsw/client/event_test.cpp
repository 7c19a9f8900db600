// Goal: events say what the OUCH messages say, requests are OUCH messages the appliance takes.
// Method: messages encoded by the generated codec, and decoded again.
#include "hostsw/client/event.hpp"

#include <gtest/gtest.h>

namespace tradsys::client {
namespace {

namespace in = ouch50::inbound;
namespace out50 = ouch50::outbound;

template <class Message>
Event event_of(const Message& message, u32& next_ref, bool* answered = nullptr) {
  std::byte bytes[128];
  Event event{.sequence = 7};
  const bool was = read_event({bytes, encode(message, bytes)}, event, next_ref);
  if (answered != nullptr) *answered = was;
  return event;
}

TEST(ClientEvent, AnAcceptedOrderIsLiveOrGone) {
  u32 next = 1;
  out50::OrderAccepted m{};
  m.user_ref_num = 5;
  m.side = 'T';
  m.quantity = 300;
  m.price = 234'700;
  m.symbol = Symbol::from("NILE");
  m.order_state = 'L';
  const Event e = event_of(m, next);
  EXPECT_EQ(e.kind, Event::Kind::kAccepted);
  EXPECT_EQ(e.ref, 5U);
  EXPECT_EQ(e.qty, 300U);
  EXPECT_EQ(e.price, 234'700U);
  EXPECT_EQ(e.way, Way::kSellShort);
  EXPECT_EQ(e.symbol, Symbol::from("NILE"));
  EXPECT_EQ(e.sequence, 7U);
  EXPECT_EQ(next, 6U) << "a reference that was told is used";
  m.order_state = 'D';
  EXPECT_EQ(event_of(m, next).qty, 0U);
}

TEST(ClientEvent, ReplacesTradesAndEndsAreTold) {
  u32 next = 1;
  out50::Replaced replaced{};
  replaced.orig_user_ref_num = 5;
  replaced.user_ref_num = 6;
  replaced.side = 'B';
  replaced.quantity = 200;
  EXPECT_EQ(event_of(replaced, next).previous, 5U);
  EXPECT_EQ(event_of(replaced, next).kind, Event::Kind::kReplaced);
  out50::OrderExecuted executed{};
  executed.user_ref_num = 6;
  executed.quantity = 50;
  executed.price = 1'000;
  executed.match_number = 99;
  const Event fill = event_of(executed, next);
  EXPECT_EQ(fill.kind, Event::Kind::kExecuted);
  EXPECT_EQ(fill.match, 99U);
  EXPECT_EQ(fill.qty, 50U);
  out50::Canceled canceled{};
  canceled.user_ref_num = 6;
  canceled.quantity = 150;
  EXPECT_EQ(event_of(canceled, next).kind, Event::Kind::kCanceled);
  EXPECT_EQ(event_of(canceled, next).qty, 150U);
  out50::RejectedOrder rejected{};
  rejected.user_ref_num = 7;
  rejected.rejected_order_reason = 0x11;
  EXPECT_EQ(event_of(rejected, next).reason, 0x11U);
  EXPECT_EQ(next, 8U);
  out50::BrokenTrade broken{};
  broken.match_number = 99;
  EXPECT_EQ(event_of(broken, next).kind, Event::Kind::kBroken);
  EXPECT_EQ(event_of(broken, next).match, 99U);
}

TEST(ClientEvent, AnAnswerToAQueryOnlyRaisesTheNextReference) {
  u32 next = 10;
  bool answered = false;
  out50::AccountQueryResponse m{};
  m.next_user_ref_num = 12;
  EXPECT_EQ(event_of(m, next, &answered).kind, Event::Kind::kOther);
  EXPECT_TRUE(answered);
  EXPECT_EQ(next, 12U);
  m.next_user_ref_num = 3;  // of an earlier connection, replayed
  event_of(m, next);
  EXPECT_EQ(next, 12U);
}

TEST(ClientEvent, WhatIsNoMessageChangesNothing) {
  u32 next = 4;
  Event event{};
  EXPECT_FALSE(read_event({}, event, next));
  EXPECT_FALSE(read_event(std::as_bytes(std::span("A", 1)), event, next)) << "cut";
  EXPECT_EQ(event.kind, Event::Kind::kOther);
  EXPECT_EQ(next, 4U);
}

TEST(ClientEvent, RequestsAreWhatTheySay) {
  std::byte bytes[64];
  const NewOrder order{.symbol = Symbol::from("NILE"),
                       .way = Way::kSell,
                       .qty = 100,
                       .price = 5'000,
                       .immediate = true};
  ASSERT_EQ(write_enter(3, order, bytes), in::EnterOrder::kBytes);
  const in::EnterOrderView enter{bytes};
  EXPECT_EQ(enter.user_ref_num(), 3U);
  EXPECT_EQ(enter.side(), 'S');
  EXPECT_EQ(enter.time_in_force(), '3');
  EXPECT_EQ(enter.price(), 5'000U);
  ASSERT_EQ(write_replace(3, 4, 200, 6'000, bytes), in::ReplaceOrder::kBytes);
  EXPECT_EQ(in::ReplaceOrderView{bytes}.orig_user_ref_num(), 3U);
  EXPECT_EQ(in::ReplaceOrderView{bytes}.quantity(), 200U);
  ASSERT_EQ(write_cancel(4, 50, bytes), in::CancelOrder::kBytes);
  EXPECT_EQ(in::CancelOrderView{bytes}.quantity(), 50U);
}

}  // namespace
}  // namespace tradsys::client
