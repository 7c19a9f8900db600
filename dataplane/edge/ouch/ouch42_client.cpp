#include "dataplane/edge/ouch/ouch42_client.hpp"

namespace tradsys::dataplane {
namespace {

namespace in42 = ouch42::inbound;
namespace out42 = ouch42::outbound;
using engine::ClientReport;
using engine::ReportKind;

constexpr Text<4> kOwnFirm{' ', ' ', ' ', ' '};

u32 price42(u32 price) noexcept { return static_cast<u32>(ouch_price(price)); }
char liquidity_of(const ClientReport& r) noexcept {
  return r.tif == TimeInForce::kIoc ? ouch42::liquidity::kRemoved : ouch42::liquidity::kAdded;
}

/// What Accepted and Replaced have in common.
template <class Message>
void fill_terms(Message& m, const ClientReport& r, Symbol symbol) noexcept {
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.buy_sell_indicator = ouch_side(r.side);
  m.shares = r.qty;
  m.stock = symbol;
  m.price = price42(r.price);
  m.time_in_force = seconds_of(r.tif);
  m.firm = kOwnFirm;
  m.display = ouch42::display::kVisible;
  m.order_reference_number = r.order_number;
  m.capacity = r.capacity;
  m.intermarket_sweep_eligibility = ouch42::sweep::kNotEligible;
  m.cross_type = ouch42::cross_type::kContinuous;
  m.order_state = r.dead != 0 ? ouch42::order_state::kDead : ouch42::order_state::kLive;
  m.bbo_weight_indicator = ' ';
}

template <class Message>
Message about(const ClientReport& r) noexcept {
  Message m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.order_token = r.clordid;
  return m;
}

usize accepted(const ClientReport& r, Symbol symbol, std::byte* out) noexcept {
  auto m = about<out42::Accepted>(r);
  fill_terms(m, r, symbol);
  return encode(m, out);
}

usize replaced(const ClientReport& r, Symbol symbol, std::byte* out) noexcept {
  out42::Replaced m{};
  fill_terms(m, r, symbol);
  m.replacement_order_token = r.clordid;
  m.previous_order_token = r.previous_clordid;
  return encode(m, out);
}

usize executed(const ClientReport& r, std::byte* out) noexcept {
  auto m = about<out42::Executed>(r);
  m.executed_shares = r.qty;
  m.execution_price = price42(r.price);
  m.liquidity_flag = liquidity_of(r);
  m.match_number = r.match_number;
  return encode(m, out);
}

usize corrected(const ClientReport& r, std::byte* out) noexcept {
  auto m = about<out42::TradeCorrection>(r);
  m.executed_shares = r.qty;
  m.execution_price = price42(r.price);
  m.liquidity_flag = liquidity_of(r);
  m.match_number = r.match_number;
  m.reason = r.venue_reason;
  return encode(m, out);
}

usize canceled(const ClientReport& r, std::byte* out) noexcept {
  if (r.self_trade != 0) {
    auto m = about<out42::AiqCanceled>(r);
    m.decrement_shares = r.qty;
    m.cancel_order_reason = r.venue_reason;
    m.quantity_prevented_from_trading = r.prevented_qty;
    m.execution_price = price42(r.price);
    m.liquidity_flag = liquidity_of(r);
    return encode(m, out);
  }
  auto m = about<out42::Canceled>(r);
  m.decrement_shares = r.qty;
  m.cancel_order_reason = r.venue_reason;
  return encode(m, out);
}

usize rejected(const ClientReport& r, std::byte* out) noexcept {
  if (r.previous_client_ref != 0 || r.clordid[0] == ' ') return 0;
  auto m = about<out42::RejectedOrder>(r);
  m.rejected_order_reason =
      r.reject_reason != RejectReason::kNone ? ouch42_reason(r.reject_reason) : r.venue_reason;
  return encode(m, out);
}

usize broken(const ClientReport& r, std::byte* out) noexcept {
  auto m = about<out42::BrokenTrade>(r);
  m.match_number = r.match_number;
  m.broken_trade_reason = r.venue_reason;
  return encode(m, out);
}

usize modified(const ClientReport& r, std::byte* out) noexcept {
  auto m = about<out42::OrderModified>(r);
  m.buy_sell_indicator = ouch_side(r.side);
  m.shares = r.qty;
  return encode(m, out);
}

}  // namespace

char ouch42_reason(RejectReason reason) noexcept {
  namespace letter = ouch42::reject_reason;
  switch (reason) {
    case RejectReason::kKill:
    case RejectReason::kMarketClosed:
    case RejectReason::kVenueDown:
    case RejectReason::kBookStale:
    case RejectReason::kFeedSilent:
      return letter::kClosed;
    case RejectReason::kInstrumentHalted:
      return letter::kHalted;
    case RejectReason::kUnknownInstrument:
    case RejectReason::kInstrumentDisabled:
      return letter::kInvalidStock;
    case RejectReason::kUnknownAccount:
    case RejectReason::kUnknownStrategy:
    case RejectReason::kAccountDisabled:
    case RejectReason::kRestricted:
      return letter::kFirmNotAuthorized;
    case RejectReason::kInvalidQuantity:
    case RejectReason::kMinQuantity:
    case RejectReason::kLotSize:
    case RejectReason::kMaxQuantity:
    case RejectReason::kMaxNotional:
      return letter::kTooLarge;
    case RejectReason::kInvalidPrice:
    case RejectReason::kTickSize:
    case RejectReason::kPriceBand:
    case RejectReason::kPriceCollar:
    case RejectReason::kFatFinger:
    case RejectReason::kShortSalePrice:
      return letter::kInvalidPrice;
    default:
      return letter::kOther;
  }
}

engine::ClientRequest request_of(const in42::EnterOrderView& m) noexcept {
  engine::ClientRequest r;
  r.kind = RequestKind::kNew;
  r.side = side_of_ouch(m.buy_sell_indicator());
  r.tif = tif_of_seconds(m.time_in_force());
  r.price = price_of_ouch(m.price());
  r.order_type = r.price == kMarketPrice ? OrderType::kMarket : OrderType::kLimit;
  r.qty = m.shares();
  r.capacity = m.capacity();
  r.clordid = m.order_token();
  // As in OUCH 5.0: an order must never go out as another one than was meant.
  const char customer = m.customer_type();
  r.unsupported = m.display() != ouch42::display::kVisible || !is_ouch_capacity(m.capacity()) ||
                  m.intermarket_sweep_eligibility() == ouch42::sweep::kEligible ||
                  m.cross_type() != ouch42::cross_type::kContinuous || m.minimum_quantity() != 0 ||
                  (customer != ' ' && customer != 'N') || m.firm() != kOwnFirm;
  return r;
}

engine::ClientRequest request_of(const in42::ReplaceOrderView& m) noexcept {
  engine::ClientRequest r;
  r.kind = RequestKind::kReplace;
  r.tif = tif_of_seconds(m.time_in_force());
  r.price = price_of_ouch(m.price());
  r.qty = m.shares();
  r.clordid = m.replacement_order_token();
  r.unsupported = m.display() != ouch42::display::kVisible || m.minimum_quantity() != 0 ||
                  m.intermarket_sweep_eligibility() == ouch42::sweep::kEligible;
  return r;
}

usize encode_report42(const ClientReport& report, Symbol symbol, std::byte* out) noexcept {
  switch (report.kind) {
    case ReportKind::kAccepted:
      return accepted(report, symbol, out);
    case ReportKind::kReplaced:
      return replaced(report, symbol, out);
    case ReportKind::kExecuted:
      return executed(report, out);
    case ReportKind::kCanceled:
    case ReportKind::kExpired:
      return canceled(report, out);
    case ReportKind::kRejected:
      return rejected(report, out);
    case ReportKind::kBroken:
      return broken(report, out);
    case ReportKind::kCorrected:
      return corrected(report, out);
    case ReportKind::kModified:
      return modified(report, out);
    case ReportKind::kNextReference:
    case ReportKind::kDoneForDay:
      return 0;
    case ReportKind::kCancelRejected:
      break;
  }
  return encode(about<out42::CancelReject>(report), out);
}

}  // namespace tradsys::dataplane
