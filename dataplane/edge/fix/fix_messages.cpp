#include "dataplane/edge/fix/fix_messages.hpp"

#include "dataplane/edge/fix/fix_request.hpp"
#include "dataplane/edge/ouch/ouch_client.hpp"

namespace tradsys::dataplane {
namespace {

constexpr u32 kPriceDecimals = 4;

/// FIX 4.2 has no trade types: a fill is told by what it left, also while a cancel or replace is
/// pending (OrdStatus says that), cancel, correction and status by ExecTransType (20).
char exec_type_of(FixVersion version, const FixOrder& order, const FixExecution& e) noexcept {
  if (version != FixVersion::kFix42) return e.exec_type;
  if (e.exec_type == 'F')
    return order.cum_qty >= order.qty ? fix_status::kFilled : fix_status::kPartlyFilled;
  const bool by_state = e.exec_type == 'G' || e.exec_type == 'H' || e.exec_type == 'I';
  return by_state ? e.status : e.exec_type;
}
char exec_trans_type_of(char exec_type) noexcept {
  switch (exec_type) {
    case 'H':
      return '1';
    case 'G':
      return '2';
    case 'I':
      return '3';
    default:
      return '0';
  }
}

void put_if(fix::Writer& out, i32 tag, std::string_view text) noexcept {
  if (!text.empty()) out.text(tag, text);
}
/// In steps of 1e-8.
u64 average_of(const FixOrder& order) noexcept {
  if (order.cum_qty == 0) return 0;
  const u64 whole = order.value / order.cum_qty;
  const u64 rest = order.value % order.cum_qty;
  return whole * 10'000 + (rest * 10'000 + order.cum_qty / 2) / order.cum_qty;
}
/// OrdRejReason (103) of a refusal, as far as the version has one.
u8 ord_rej_reason(FixVersion version, RejectReason reason) noexcept {
  const bool newer = version != FixVersion::kFix42;
  const u8 other = newer ? 99 : 0;
  switch (reason) {
    case RejectReason::kNone:
      return 0;
    case RejectReason::kUnknownInstrument:
      return 1;
    case RejectReason::kMarketClosed:
    case RejectReason::kInstrumentHalted:
      return 2;
    case RejectReason::kMaxQuantity:
    case RejectReason::kMaxNotional:
    case RejectReason::kPositionLimit:
    case RejectReason::kConcentration:
    case RejectReason::kDailyQuantity:
    case RejectReason::kOpenOrders:
    case RejectReason::kOpenValue:
    case RejectReason::kGrossValue:
    case RejectReason::kNetValue:
    case RejectReason::kBuyingPower:
      return 3;
    case RejectReason::kDuplicateOrder:
    case RejectReason::kDuplicateId:
      return 6;
    case RejectReason::kUnknownOrder:
      return 5;
    case RejectReason::kUnsupported:
    case RejectReason::kInvalidType:
      return newer ? 11 : other;
    case RejectReason::kInvalidQuantity:
    case RejectReason::kMinQuantity:
    case RejectReason::kLotSize:
      return newer ? 13 : other;
    case RejectReason::kUnknownAccount:
      return newer ? 15 : other;
    default:
      return other;
  }
}

/// FIX 4.2 says Replaced of an order that has not traded.
char status_of(FixVersion version, const FixOrder& order, const FixExecution& e) noexcept {
  const bool replaced = version == FixVersion::kFix42 && e.exec_type == '5' && order.cum_qty == 0;
  return replaced ? fix_status::kReplaced : e.status;
}

void put_identity(fix::Writer& out, FixVersion version, const FixOrder& order,
                  const FixExecution& e) noexcept {
  put_order_id(out, order.order_number);
  put_if(out, fix_tag::kClOrdID, e.cl_ord_id);
  put_if(out, fix_tag::kOrigClOrdID, e.orig_cl_ord_id);
  if (version != FixVersion::kFix42) put_if(out, fix_tag::kOrdStatusReqID, e.status_req_id);
  out.text(fix_tag::kExecID, e.exec_id);
  if (version == FixVersion::kFix42)
    out.character(fix_tag::kExecTransType, exec_trans_type_of(e.exec_type));
  put_if(out, fix_tag::kExecRefID, e.exec_ref_id);
  out.character(fix_tag::kExecType, exec_type_of(version, order, e));
  out.character(fix_tag::kOrdStatus, status_of(version, order, e));
  if (e.refused) out.number(fix_tag::kOrdRejReason, ord_rej_reason(version, e.reject_reason));
  if (e.exec_type == 'D') out.number(fix_tag::kExecRestatementReason, 5);
}

void put_terms(fix::Writer& out, const FixOrder& order) noexcept {
  put_symbol(out, order.symbol);
  out.character(fix_tag::kSide, order.side);
  if (order.qty != 0) out.number(fix_tag::kOrderQty, order.qty);
  if (order.ord_type != '1' && order.price != 0)
    out.decimal(fix_tag::kPrice, order.price, kPriceDecimals);
  if (order.ord_type == '1' || order.ord_type == '2')
    out.character(fix_tag::kOrdType, order.ord_type);
  if (tif_of_fix(order.tif) != kUnknownTif) out.character(fix_tag::kTimeInForce, order.tif);
}

}  // namespace

void put_symbol(fix::Writer& out, const Symbol& symbol) noexcept {
  usize bytes = sizeof symbol.text;
  while (bytes > 1 && symbol.text[bytes - 1] == ' ') --bytes;
  out.text(fix_tag::kSymbol, {symbol.text, bytes});
}
void put_order_id(fix::Writer& out, u64 order_number) noexcept {
  if (order_number == 0)
    out.text(fix_tag::kOrderID, "NONE");
  else
    out.number(fix_tag::kOrderID, static_cast<i64>(order_number));
}

void write_execution(fix::Writer& out, FixVersion version, const FixOrder& order,
                     const FixExecution& e) noexcept {
  out.clear();
  put_identity(out, version, order, e);
  put_terms(out, order);
  if (e.last_qty != 0 || e.last_price != 0) {
    out.number(fix_tag::kLastQty, e.last_qty);
    out.decimal(fix_tag::kLastPx, e.last_price, kPriceDecimals);
  }
  out.number(fix_tag::kLeavesQty, order.leaves_qty).number(fix_tag::kCumQty, order.cum_qty);
  out.decimal(fix_tag::kAvgPx, average_of(order), 8);
  out.timestamp(fix_tag::kTransactTime, Nanos{static_cast<i64>(e.ts_ns)}, 3);
  put_if(out, fix_tag::kText, e.text);
}

void write_cancel_reject(fix::Writer& out, FixVersion version, const FixCancelReject& r) noexcept {
  out.clear();
  put_order_id(out, r.order_number);
  out.text(fix_tag::kClOrdID, r.cl_ord_id);
  out.text(fix_tag::kOrigClOrdID, r.orig_cl_ord_id.empty() ? "NONE" : r.orig_cl_ord_id);
  out.character(fix_tag::kOrdStatus, r.status);
  out.timestamp(fix_tag::kTransactTime, Nanos{static_cast<i64>(r.ts_ns)}, 3);
  out.character(fix_tag::kCxlRejResponseTo, r.response_to);
  const bool known =
      version != FixVersion::kFix42 || static_cast<u8>(r.reason) <= 3;  // 4.2 ends there
  const CxlRejReason reason = known ? r.reason : CxlRejReason::kOption;
  out.number(fix_tag::kCxlRejReason, static_cast<u8>(reason));
  put_if(out, fix_tag::kText, r.text);
}

orders::FixRequestEvent fix_request_of(const orders::EnterEvent& e, Symbol symbol) noexcept {
  const bool market = e.request.order_type == OrderType::kMarket;
  orders::FixRequestEvent r{.ts_ns = e.request.ts_ns,
                            .symbol = symbol.word(),
                            .client_ref = e.client_ref,
                            .target_ref = e.replaces_client_ref,
                            .price = e.request.price,
                            .qty = e.request.qty,
                            .session = e.request.session,
                            .request = e.request.kind == RequestKind::kReplace ? 'G' : 'D',
                            .side = fix_side_of(e.request.side),
                            .ord_type = market ? '1' : '2',
                            .tif = e.request.tif == TimeInForce::kIoc ? '3' : '0'};
  usize bytes = e.clordid.size();
  while (bytes != 0 && (e.clordid[bytes - 1] == ' ' || e.clordid[bytes - 1] == '\0')) --bytes;
  std::copy_n(e.clordid.begin(), bytes, r.id.begin());
  if (bytes == 0)
    bytes = static_cast<usize>(
        std::to_chars(r.id.data(), r.id.data() + r.id.size(), e.client_ref).ptr - r.id.data());
  r.id_bytes = static_cast<u8>(bytes);
  return r;
}

NotTakenText::NotTakenText(i32 tag) noexcept {
  char* end = std::ranges::copy(std::string_view("field "), text_).out;
  end = std::to_chars(end, end + 11, tag).ptr;
  end = std::ranges::copy(std::string_view(" is not taken"), end).out;
  bytes_ = static_cast<usize>(end - text_);
}

FixNumberText::FixNumberText(char letter, u64 first, u64 second) noexcept {
  text_[0] = letter;
  char* end = std::to_chars(text_ + 1, text_ + sizeof text_, first).ptr;
  *end++ = '.';
  end = std::to_chars(end, text_ + sizeof text_, second).ptr;
  bytes_ = static_cast<usize>(end - text_);
}

}  // namespace tradsys::dataplane
