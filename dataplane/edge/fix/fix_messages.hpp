#pragma once
// Bodies of what a FIX client is told: execution reports, refused cancels, mass cancel reports.
#include <tradsys/risk_spec.hpp>

#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/fix/fix_order.hpp"
#include "hostsw/wire/fix/writer.hpp"

namespace tradsys::dataplane {

/// What happened, beside what `FixOrder` says of the state after it.
struct FixExecution {
  char exec_type = '0';  ///< as FIX 4.4 spells it; FIX 4.2 gets what it knows instead
  char status = '0';  ///< OrdStatus
  std::string_view exec_id{};
  std::string_view exec_ref_id{};
  std::string_view cl_ord_id{};  ///< of the request that is answered
  std::string_view orig_cl_ord_id{};
  std::string_view status_req_id{};
  std::string_view text{};
  u32 last_qty = 0;  ///< of a trade
  u32 last_price = 0;
  u64 match_number = 0;  ///< of a trade, its cancel or its correction
  bool refused = false;
  RejectReason reject_reason = RejectReason::kNone;  ///< refused: none is the venue's own
  u64 ts_ns = 0;
};
void write_execution(fix::Writer& out, FixVersion version, const FixOrder& order,
                     const FixExecution& execution) noexcept;

/// Symbol (55), without its blanks.
void put_symbol(fix::Writer& out, const Symbol& symbol) noexcept;
/// OrderID (37); 0: NONE.
void put_order_id(fix::Writer& out, u64 order_number) noexcept;

/// Why a cancel or replace was refused (102).
enum class CxlRejReason : u8 {
  kTooLate = 0,
  kUnknownOrder = 1,
  kOption = 2,
  kPending = 3,
  kDuplicateId = 6
};
struct FixCancelReject {
  std::string_view cl_ord_id{};
  std::string_view orig_cl_ord_id{};
  std::string_view text{};
  u64 order_number = 0;
  char status = '8';  ///< of the order that was meant
  char response_to = '1';  ///< 1 cancel, 2 replace
  CxlRejReason reason = CxlRejReason::kTooLate;
  u64 ts_ns = 0;
};
void write_cancel_reject(fix::Writer& out, FixVersion version,
                         const FixCancelReject& reject) noexcept;

/// As FIX spells it (54).
[[nodiscard]] constexpr char fix_side_of(Side side) noexcept {
  return side == Side::kBuy ? '1' : side == Side::kSell ? '2' : '5';
}
/// A request of another protocol as FIX tells of it. Its ClOrdID is the client's text, or its
/// reference where it gave none.
[[nodiscard]] orders::FixRequestEvent fix_request_of(const orders::EnterEvent& e,
                                                     Symbol symbol) noexcept;

/// "field 210 is not taken": why a D or G is refused.
class NotTakenText {
 public:
  explicit NotTakenText(i32 tag) noexcept;
  [[nodiscard]] std::string_view view() const noexcept { return {text_, bytes_}; }

 private:
  char text_[40];
  usize bytes_ = 0;
};

/// An identifier of up to 47 characters.
class FixNumberText {
 public:
  FixNumberText(char letter, u64 first, u64 second) noexcept;
  [[nodiscard]] std::string_view view() const noexcept { return {text_, bytes_}; }

 private:
  char text_[48];
  usize bytes_ = 0;
};

}  // namespace tradsys::dataplane
