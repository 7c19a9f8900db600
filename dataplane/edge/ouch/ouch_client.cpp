#include "dataplane/edge/ouch/ouch_client.hpp"

namespace tradsys::dataplane {
namespace {

namespace out50 = ouch50::outbound;
using engine::ClientReport;
using engine::ReportKind;

usize accepted(const ClientReport& r, Symbol symbol, std::byte* out) noexcept {
  out50::OrderAccepted m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.user_ref_num = r.client_ref;
  m.side = ouch_side(r.side);
  m.quantity = r.qty;
  m.symbol = symbol;
  m.price = ouch_price(r.price);
  m.time_in_force = ouch_tif(r.tif);
  m.display = 'Y';
  m.order_reference_number = r.order_number;
  m.capacity = r.capacity;
  m.inter_market_sweep_eligibility = 'N';
  m.cross_type = 'N';
  m.order_state = r.dead != 0 ? 'D' : 'L';
  m.clordid = r.clordid;
  return encode(m, out);
}

usize replaced(const ClientReport& r, Symbol symbol, std::byte* out) noexcept {
  out50::Replaced m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.orig_user_ref_num = r.previous_client_ref;
  m.user_ref_num = r.client_ref;
  m.side = ouch_side(r.side);
  m.quantity = r.qty;
  m.symbol = symbol;
  m.price = ouch_price(r.price);
  m.time_in_force = ouch_tif(r.tif);
  m.display = 'Y';
  m.order_reference_number = r.order_number;
  m.capacity = r.capacity;
  m.inter_market_sweep_eligibility = 'N';
  m.cross_type = 'N';
  m.order_state = r.dead != 0 ? 'D' : 'L';
  m.clordid = r.clordid;
  return encode(m, out);
}

usize executed(const ClientReport& r, std::byte* out) noexcept {
  out50::OrderExecuted m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.user_ref_num = r.client_ref;
  m.quantity = r.qty;
  m.price = ouch_price(r.price);
  m.liquidity_flag = r.tif == TimeInForce::kIoc ? 'R' : 'A';
  m.match_number = r.match_number;
  return encode(m, out);
}

usize canceled_for_own_firm(const ClientReport& r, std::byte* out) noexcept {
  out50::AiqCanceled m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.user_ref_num = r.client_ref;
  m.decrement_shares = r.qty;
  m.order_cancel_reason = r.venue_reason;
  m.quantity_prevented_from_trading = r.prevented_qty;
  m.execution_price = ouch_price(r.price);
  m.liquidity_flag = r.tif == TimeInForce::kIoc ? 'R' : 'A';
  return encode(m, out);
}

usize canceled(const ClientReport& r, std::byte* out) noexcept {
  if (r.self_trade != 0) return canceled_for_own_firm(r, out);
  out50::Canceled m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.user_ref_num = r.client_ref;
  m.quantity = r.qty;
  m.cancel_order_reason = r.venue_reason;
  return encode(m, out);
}

/// Reasons of ours are their spec codes; a venue's own letter is passed on above them.
usize rejected(const ClientReport& r, std::byte* out) noexcept {
  out50::RejectedOrder m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.user_ref_num = r.client_ref;
  m.rejected_order_reason = r.reject_reason != RejectReason::kNone
                                ? static_cast<u16>(r.reject_reason)
                                : static_cast<u16>(0x100 + static_cast<u8>(r.venue_reason));
  m.clordid = r.clordid;
  return encode(m, out);
}

usize broken(const ClientReport& r, std::byte* out) noexcept {
  out50::BrokenTrade m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.user_ref_num = r.client_ref;
  m.match_number = r.match_number;
  m.broken_trade_reason = r.venue_reason;
  m.clordid = r.clordid;
  return encode(m, out);
}

usize corrected(const ClientReport& r, std::byte* out) noexcept {
  out50::TradeCorrection m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.user_ref_num = r.client_ref;
  m.quantity = r.qty;
  m.price = ouch_price(r.price);
  m.liquidity_flag = r.tif == TimeInForce::kIoc ? 'R' : 'A';
  m.match_number = r.match_number;
  m.trade_correction_reason = r.venue_reason;
  m.clordid = r.clordid;
  return encode(m, out);
}

usize modified(const ClientReport& r, std::byte* out) noexcept {
  out50::OrderModified m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.user_ref_num = r.client_ref;
  m.side = ouch_side(r.side);
  m.quantity = r.qty;
  return encode(m, out);
}

usize next_reference(const ClientReport& r, std::byte* out) noexcept {
  out50::AccountQueryResponse m{};
  m.timestamp_ns = r.ts_ns % kDayNs;
  m.next_user_ref_num = r.client_ref;
  return encode(m, out);
}

}  // namespace

usize encode_report(const ClientReport& report, Symbol symbol, std::byte* out) noexcept {
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
    case ReportKind::kDoneForDay:
      return 0;  // OUCH knows no order that outlives its day
    case ReportKind::kRejected:
      return rejected(report, out);
    case ReportKind::kBroken:
      return broken(report, out);
    case ReportKind::kCorrected:
      return corrected(report, out);
    case ReportKind::kModified:
      return modified(report, out);
    case ReportKind::kNextReference:
      return next_reference(report, out);
    case ReportKind::kCancelRejected:
      break;
  }
  out50::CancelReject m{};
  m.timestamp_ns = report.ts_ns % kDayNs;
  m.user_ref_num = report.client_ref;
  return encode(m, out);
}

}  // namespace tradsys::dataplane
