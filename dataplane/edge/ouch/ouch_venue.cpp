#include "dataplane/edge/ouch/ouch_venue.hpp"

namespace tradsys::dataplane {
namespace {

namespace in50 = ouch50::inbound;
namespace out50 = ouch50::outbound;

/// Fills the report from each message type the order engine knows.
struct ReportFiller {
  orders::VenueReport& report;
  Symbol& symbol;
  u32& next_ref;
  VenueMessage result = VenueMessage::kNoEffect;

  void on(out50::OrderAcceptedView m) noexcept {
    fill(ExecKind::kAccepted, m.user_ref_num(), m.quantity());
    report.price = price_of_ouch(m.price());
    report.venue_order_number = m.order_reference_number();
    report.side = side_of_ouch(m.side());
    report.tif = tif_of_ouch(m.time_in_force());
    report.dead = m.order_state() == 'D';
    report.capacity = m.capacity();
    report.clordid = m.clordid();
    symbol = m.symbol();
  }
  void on(out50::ReplacedView m) noexcept {
    fill(ExecKind::kReplaced, m.user_ref_num(), m.quantity());
    report.previous_order_id = m.orig_user_ref_num();
    report.price = price_of_ouch(m.price());
    report.venue_order_number = m.order_reference_number();
    report.side = side_of_ouch(m.side());
    report.tif = tif_of_ouch(m.time_in_force());
    report.dead = m.order_state() == 'D';
    report.capacity = m.capacity();
    report.clordid = m.clordid();
    symbol = m.symbol();
  }
  void on(out50::OrderExecutedView m) noexcept {
    fill(ExecKind::kFilled, m.user_ref_num(), m.quantity());
    report.price = price_of_ouch(m.price());
    report.match_number = m.match_number();
  }
  void on(out50::BrokenTradeView m) noexcept {
    fill(ExecKind::kBusted, m.user_ref_num(), 0);
    report.match_number = m.match_number();
    report.reason = m.broken_trade_reason();
  }
  void on(out50::TradeCorrectionView m) noexcept {
    fill(ExecKind::kCorrected, m.user_ref_num(), m.quantity());
    report.price = price_of_ouch(m.price());
    report.match_number = m.match_number();
    report.reason = m.trade_correction_reason();
  }
  void on(out50::CanceledView m) noexcept {
    fill(ExecKind::kCanceled, m.user_ref_num(), m.quantity());
    report.reason = m.cancel_order_reason();
  }
  void on(out50::AiqCanceledView m) noexcept {
    fill(ExecKind::kCanceled, m.user_ref_num(), m.decrement_shares());
    report.reason = m.order_cancel_reason();
    report.self_trade = 1;
    report.price = price_of_ouch(m.execution_price());
    report.match_number = m.quantity_prevented_from_trading();
  }
  void on(out50::RejectedOrderView m) noexcept {
    fill(ExecKind::kRejected, m.user_ref_num(), 0);
    report.reason = static_cast<char>('A' + m.rejected_order_reason() % 26);
    report.clordid = m.clordid();
  }
  void on(out50::CancelRejectView m) noexcept {
    fill(ExecKind::kCancelRejected, m.user_ref_num(), 0);
  }
  void on(out50::AccountQueryResponseView m) noexcept {
    next_ref = m.next_user_ref_num();
    result = VenueMessage::kAccountQueryResponse;
  }

  void fill(ExecKind kind, u32 order_id, u32 qty) noexcept {
    report.kind = kind;
    report.order_id = order_id;
    report.qty = qty;
    result = VenueMessage::kReport;
  }
};

}  // namespace

usize encode_enter(const orders::Order& order, Symbol symbol, std::byte* out) noexcept {
  in50::EnterOrder m{};
  m.user_ref_num = static_cast<u32>(order.order_id);
  m.side = ouch_side(order.side);
  m.quantity = order.qty;
  m.symbol = symbol;
  m.price = ouch_price(order.price);
  m.time_in_force = ouch_tif(order.tif);
  m.display = 'Y';
  m.capacity = order.capacity;
  m.inter_market_sweep_eligibility = 'N';
  m.cross_type = 'N';
  m.clordid = engine::encode_token({order.session, order.account, order.client_ref});
  return encode(m, out);
}

usize encode_replace(const orders::Order& order, std::byte* out) noexcept {
  in50::ReplaceOrder m{};
  m.orig_user_ref_num = static_cast<u32>(order.order_id);
  m.user_ref_num = static_cast<u32>(order.pending_order_id);
  m.quantity = order.pending_qty;
  m.price = ouch_price(order.pending_price);
  m.time_in_force = ouch_tif(order.tif);
  m.display = 'Y';
  m.inter_market_sweep_eligibility = 'N';
  m.clordid = engine::encode_token({order.session, order.account, order.pending_client_ref});
  return encode(m, out);
}

usize encode_cancel(u64 order_id, u32 qty, std::byte* out) noexcept {
  in50::CancelOrder m{};
  m.user_ref_num = static_cast<u32>(order_id);
  m.quantity = qty;
  return encode(m, out);
}

usize encode_account_query(std::byte* out) noexcept { return encode(in50::AccountQuery{}, out); }

VenueMessage decode_venue_message(Bytes message, orders::VenueReport& report, Symbol& symbol,
                                  u32& next_ref) noexcept {
  ReportFiller filler{report, symbol, next_ref};
  if (out50::dispatch(message, filler) != DecodeResult::kOk) return VenueMessage::kMalformed;
  return filler.result;
}

}  // namespace tradsys::dataplane
