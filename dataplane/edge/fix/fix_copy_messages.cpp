#include "dataplane/edge/fix/fix_copy_messages.hpp"

#include "dataplane/edge/fix/fix_request.hpp"

namespace tradsys::dataplane {
namespace {

constexpr u32 kPriceDecimals = 4;
constexpr i64 kRoleClientId = 3;
constexpr usize kDateBytes = 8;  ///< YYYYMMDD, in front of a time

/// NoPartyIDs: a name of our own for the client.
void put_parties(fix::Writer& out, const FixCopyOrigin& origin) noexcept {
  if (origin.user.empty()) return;
  out.number(fix_tag::kNoPartyIDs, 1).text(fix_tag::kPartyID, origin.user);
  out.character(fix_tag::kPartyIDSource, 'D').number(fix_tag::kPartyRole, kRoleClientId);
}
char trans_type_of(const FixExecution& e) noexcept {
  return e.exec_type == 'H' ? '1' : e.exec_type == 'G' ? '2' : '0';
}
void put_trade_date(fix::Writer& out, u64 ts_ns) noexcept {
  char text[fix::kTimestampBytesMax];
  fix::format_timestamp(Nanos{static_cast<i64>(ts_ns)}, 3, text);
  out.text(fix_tag::kTradeDate, {text, kDateBytes});
}

}  // namespace

void write_copy(fix::Writer& out, FixVersion version, const FixOrder& order, const FixExecution& e,
                const FixCopyOrigin& origin) noexcept {
  write_execution(out, version, order, e);
  out.number(fix_tag::kAccount, origin.account);
  if (version != FixVersion::kFix42) {
    put_parties(out, origin);
    out.character(fix_tag::kCopyMsgIndicator, 'Y');
  } else if (!origin.user.empty()) {
    out.text(fix_tag::kClientID, origin.user);
  }
}

bool is_trade(FixVersion version, const FixExecution& e) noexcept {
  return version != FixVersion::kFix42 &&
         (e.exec_type == 'F' || e.exec_type == 'G' || e.exec_type == 'H');
}

void write_trade(fix::Writer& out, const FixOrder& order, const FixExecution& e,
                 const FixCopyOrigin& origin) noexcept {
  out.clear();
  out.text(fix_tag::kTradeReportID, e.exec_id);
  out.character(fix_tag::kTradeReportTransType, trans_type_of(e));
  out.character(fix_tag::kTradeReportType, '0').character(fix_tag::kExecType, e.exec_type);
  if (!e.exec_ref_id.empty()) out.text(fix_tag::kTradeReportRefID, e.exec_ref_id);
  if (e.match_number != 0) out.number(fix_tag::kTrdMatchID, static_cast<i64>(e.match_number));
  out.text(fix_tag::kExecID, e.exec_id).character(fix_tag::kOrdStatus, e.status);
  out.character(fix_tag::kPreviouslyReported, 'N');
  put_symbol(out, order.symbol);
  out.number(fix_tag::kLastQty, e.last_qty);
  out.decimal(fix_tag::kLastPx, e.last_price, kPriceDecimals);
  put_trade_date(out, e.ts_ns);
  out.timestamp(fix_tag::kTransactTime, Nanos{static_cast<i64>(e.ts_ns)}, 3);
  out.character(fix_tag::kNoSides, '1').character(fix_tag::kSide, order.side);
  put_order_id(out, order.order_number);
  if (!e.cl_ord_id.empty()) out.text(fix_tag::kClOrdID, e.cl_ord_id);
  put_parties(out, origin);
  out.number(fix_tag::kAccount, origin.account);
  out.character(fix_tag::kCopyMsgIndicator, 'Y');
}

}  // namespace tradsys::dataplane
