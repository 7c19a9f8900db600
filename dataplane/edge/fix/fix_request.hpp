#pragma once
// What a FIX client asks for, in the engine's terms.
#include "dataplane/engine/reports.hpp"
#include "hostsw/core/symbol.hpp"
#include "hostsw/wire/fix/message.hpp"

namespace tradsys::dataplane {

/// A D or G. Sides, types and times in force that are none of ours stay invalid for the gate to
/// name; prices and quantities that do not fit are 0, which it refuses.
struct FixRequest {
  engine::ClientRequest ask;  ///< session, account, instrument and references are the caller's
  Symbol symbol;
  char side = '1';
  char ord_type = '2';
  char tif = '0';
  i32 not_taken = 0;  ///< tag of a field that asks for what is not done; 0: there is none
};
[[nodiscard]] FixRequest request_of(const fix::Message& m) noexcept;

/// TimeInForce (59): 0 day, 1 good till cancel, 3 immediate or cancel; others stay invalid for the
/// gate to name.
[[nodiscard]] TimeInForce tif_of_fix(char tif) noexcept;
[[nodiscard]] char fix_tif(TimeInForce tif) noexcept;
/// Book units (1e-4) of a decimal price; 0 for one that is negative, finer or too large.
[[nodiscard]] u32 price_of_fix(std::string_view text) noexcept;
/// Whole shares; 0 for what is none, or too many.
[[nodiscard]] u32 qty_of_fix(std::string_view text) noexcept;
/// Longer names are none of the market's.
[[nodiscard]] Symbol symbol_of_fix(std::string_view text) noexcept;

/// Tags of order entry.
namespace fix_tag {
inline constexpr i32 kAccount = 1, kAvgPx = 6, kClOrdID = 11, kCumQty = 14, kExecID = 17,
                     kExecInst = 18, kExecRefID = 19, kExecTransType = 20, kLastPx = 31,
                     kLastQty = 32, kNoLinesOfText = 33, kOrderID = 37, kOrderQty = 38,
                     kOrdStatus = 39, kOrdType = 40, kOrigClOrdID = 41, kOrigTime = 42,
                     kRelatdSym = 46, kRule80A = 47, kPrice = 44, kSide = 54, kSymbol = 55,
                     kText = 58, kTimeInForce = 59, kTransactTime = 60, kTradeDate = 75,
                     kStopPx = 99, kCxlRejReason = 102, kOrdRejReason = 103, kClientID = 109,
                     kMinQty = 110, kMaxFloor = 111, kNoRelatedSym = 146, kHeadline = 148,
                     kExecType = 150, kLeavesQty = 151, kExecRestatementReason = 378,
                     kCxlRejResponseTo = 434, kPartyIDSource = 447, kPartyID = 448,
                     kPartyRole = 452, kNoPartyIDs = 453, kTradeReportTransType = 487,
                     kOrderCapacity = 528, kMassCancelRequestType = 530, kMassCancelResponse = 531,
                     kMassCancelRejectReason = 532, kTotalAffectedOrders = 533, kNoSides = 552,
                     kPreviouslyReported = 570, kTradeReportID = 571, kTradeReportRefID = 572,
                     kOrdStatusReqID = 790, kCopyMsgIndicator = 797, kTradeReportType = 856,
                     kTrdMatchID = 880, kUserRequestID = 923, kUserRequestType = 924,
                     kUserStatus = 926, kUserStatusText = 927, kDisplayQty = 1138,
                     kMassActionReportID = 1369;
}  // namespace fix_tag

}  // namespace tradsys::dataplane
