// Goal: what an OUCH 4.2 client asks for becomes the request that was meant, and each report the
// message the protocol has for it. Method: one message or report at a time, read back field by
// field.
#include "dataplane/edge/ouch/ouch42_client.hpp"

#include <gtest/gtest.h>

namespace tradsys::dataplane {
namespace {

namespace in42 = ouch42::inbound;
namespace out42 = ouch42::outbound;
using engine::ClientReport;
using engine::ReportKind;

const OrderToken kToken = make_text<14>("TOKEN1");
const OrderToken kOldToken = make_text<14>("TOKEN0");
const Symbol kSymbol = Symbol::from("NILE");

ClientReport report(ReportKind kind) {
  ClientReport r;
  r.kind = kind;
  r.side = Side::kSellShort;
  r.capacity = 'R';
  r.client_ref = 7;
  r.price = 230'000;
  r.qty = 100;
  r.ts_ns = 3 * kDayNs + 5;
  r.order_number = 99;
  r.match_number = 1'234;
  r.clordid = kToken;
  r.previous_clordid = kOldToken;
  r.venue_reason = 'U';
  return r;
}

/// Encodes and hands the bytes to `check(View)` as the message that View is.
template <class View, class Check>
void expect_message(const ClientReport& r, Check&& check) {
  std::byte bytes[kOuchOutboundBytesMax];
  ASSERT_EQ(encode_report42(r, kSymbol, bytes), View::kBytes);
  ASSERT_EQ(static_cast<char>(bytes[0]), View::Message::kType);
  const View view{bytes};
  EXPECT_EQ(view.timestamp_ns(), 5U);
  check(view);
}

TEST(Ouch42Client, AcceptedAndReplaced) {
  const auto terms = [](const auto& m) {
    EXPECT_EQ(m.buy_sell_indicator(), 'T');
    EXPECT_EQ(m.shares(), 100U);
    EXPECT_EQ(m.stock(), kSymbol);
    EXPECT_EQ(m.price(), 230'000U);
    EXPECT_EQ(m.time_in_force(), 99'998U);
    EXPECT_EQ(m.firm(), make_text<4>(""));
    EXPECT_EQ(m.display(), 'Y');
    EXPECT_EQ(m.order_reference_number(), 99U);
    EXPECT_EQ(m.capacity(), 'R');
    EXPECT_EQ(m.intermarket_sweep_eligibility(), 'N');
    EXPECT_EQ(m.minimum_quantity(), 0U);
    EXPECT_EQ(m.cross_type(), 'N');
    EXPECT_EQ(m.order_state(), 'L');
    EXPECT_EQ(m.bbo_weight_indicator(), ' ');
  };
  expect_message<out42::AcceptedView>(report(ReportKind::kAccepted), [&](const auto& m) {
    EXPECT_EQ(m.order_token(), kToken);
    terms(m);
  });
  expect_message<out42::ReplacedView>(report(ReportKind::kReplaced), [&](const auto& m) {
    EXPECT_EQ(m.replacement_order_token(), kToken);
    EXPECT_EQ(m.previous_order_token(), kOldToken);
    terms(m);
  });
  ClientReport dead = report(ReportKind::kAccepted);
  dead.dead = 1;
  dead.price = kMarketPrice;
  dead.tif = TimeInForce::kIoc;
  expect_message<out42::AcceptedView>(dead, [](const auto& m) {
    EXPECT_EQ(m.order_state(), 'D');
    EXPECT_EQ(m.price(), 0x7FFF'FFFFU);
    EXPECT_EQ(m.time_in_force(), 0U);
  });
}

TEST(Ouch42Client, ExecutedCorrectedAndBroken) {
  const auto trade = [](const auto& m) {
    EXPECT_EQ(m.order_token(), kToken);
    EXPECT_EQ(m.executed_shares(), 100U);
    EXPECT_EQ(m.execution_price(), 230'000U);
    EXPECT_EQ(m.liquidity_flag(), 'A');
    EXPECT_EQ(m.match_number(), 1'234U);
  };
  expect_message<out42::ExecutedView>(report(ReportKind::kExecuted), trade);
  expect_message<out42::TradeCorrectionView>(report(ReportKind::kCorrected), [&](const auto& m) {
    trade(m);
    EXPECT_EQ(m.reason(), 'U');
  });
  expect_message<out42::BrokenTradeView>(report(ReportKind::kBroken), [](const auto& m) {
    EXPECT_EQ(m.order_token(), kToken);
    EXPECT_EQ(m.match_number(), 1'234U);
    EXPECT_EQ(m.broken_trade_reason(), 'U');
  });
}

TEST(Ouch42Client, CanceledModifiedAndCancelReject) {
  expect_message<out42::CanceledView>(report(ReportKind::kCanceled), [](const auto& m) {
    EXPECT_EQ(m.order_token(), kToken);
    EXPECT_EQ(m.decrement_shares(), 100U);
    EXPECT_EQ(m.cancel_order_reason(), 'U');
  });
  ClientReport own = report(ReportKind::kCanceled);
  own.self_trade = 1;
  own.prevented_qty = 60;
  own.venue_reason = 'Q';
  expect_message<out42::AiqCanceledView>(own, [](const auto& m) {
    EXPECT_EQ(m.order_token(), kToken);
    EXPECT_EQ(m.decrement_shares(), 100U);
    EXPECT_EQ(m.cancel_order_reason(), 'Q');
    EXPECT_EQ(m.quantity_prevented_from_trading(), 60U);
    EXPECT_EQ(m.execution_price(), 230'000U);
  });
  expect_message<out42::OrderModifiedView>(report(ReportKind::kModified), [](const auto& m) {
    EXPECT_EQ(m.order_token(), kToken);
    EXPECT_EQ(m.buy_sell_indicator(), 'T');
    EXPECT_EQ(m.shares(), 100U);
  });
  expect_message<out42::CancelRejectView>(report(ReportKind::kCancelRejected), [](const auto& m) {
    EXPECT_EQ(m.order_token(), kToken);
  });
}

TEST(Ouch42Client, RejectedNamesAReasonOfOursOrTheVenues) {
  ClientReport r = report(ReportKind::kRejected);
  expect_message<out42::RejectedOrderView>(
      r, [](const auto& m) { EXPECT_EQ(m.rejected_order_reason(), 'U'); });
  r.reject_reason = RejectReason::kInstrumentHalted;
  expect_message<out42::RejectedOrderView>(
      r, [](const auto& m) { EXPECT_EQ(m.rejected_order_reason(), 'H'); });
  for (u32 code = 1; code < 64; ++code) {
    const char letter = ouch42_reason(static_cast<RejectReason>(code));
    EXPECT_TRUE(letter >= 'A' && letter <= 'Z') << code;
  }
}

TEST(Ouch42Client, SomeReportsHaveNoMessage) {
  std::byte bytes[kOuchOutboundBytesMax];
  ClientReport replace = report(ReportKind::kRejected);
  replace.previous_client_ref = 6;
  EXPECT_EQ(encode_report42(replace, kSymbol, bytes), 0U);
  ClientReport lost = report(ReportKind::kRejected);
  lost.clordid.fill(' ');
  EXPECT_EQ(encode_report42(lost, kSymbol, bytes), 0U);
  EXPECT_EQ(encode_report42(report(ReportKind::kNextReference), kSymbol, bytes), 0U);
}

TEST(Ouch42Client, AReplaceKeepsTokensAndTerms) {
  in42::ReplaceOrder m{};
  m.existing_order_token = kOldToken;
  m.replacement_order_token = kToken;
  m.shares = 120;
  m.price = 231'000;
  m.time_in_force = 99'998;
  m.display = 'Y';
  m.intermarket_sweep_eligibility = 'N';
  const auto decoded = [&m] {
    std::byte bytes[in42::ReplaceOrder::kBytes];
    encode(m, bytes);
    return request_of(in42::ReplaceOrderView{bytes});
  };
  const engine::ClientRequest r = decoded();
  EXPECT_EQ(r.kind, RequestKind::kReplace);
  EXPECT_EQ(r.qty, 120U);
  EXPECT_EQ(r.price, 231'000U);
  EXPECT_EQ(r.tif, TimeInForce::kDay);
  EXPECT_EQ(r.clordid, kToken);
  EXPECT_EQ(r.unsupported, 0);
  m.minimum_quantity = 1;
  EXPECT_EQ(decoded().unsupported, 1);
  m.minimum_quantity = 0;
  m.display = 'N';
  EXPECT_EQ(decoded().unsupported, 1);
}

}  // namespace
}  // namespace tradsys::dataplane
