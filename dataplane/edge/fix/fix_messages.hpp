#pragma once
// Bodies of what a FIX client is told: execution reports, refused cancels, mass cancel reports.
#include <tradsys/risk_spec.hpp>

#include "dataplane/edge/fix/fix_order.hpp"
#include "hostsw/wire/fix/writer.hpp"

namespace tradsys::dataplane {

enum class FixVersion : u8 { kFix42, kFix44, kFix50Sp2 };

/// What happened, beside what `FixOrder` says of the state after it. Reasons of 0xFF: none.
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
  u8 reject_reason = 0xFF;  ///< 103
  u64 ts_ns = 0;
};
void write_execution(fix::Writer& out, FixVersion version, const FixOrder& order,
                     const FixExecution& execution) noexcept;

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

/// OrdRejReason (103) of a refusal, as far as the version has one.
[[nodiscard]] u8 ord_rej_reason(FixVersion version, RejectReason reason) noexcept;

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
