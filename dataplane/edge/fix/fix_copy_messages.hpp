#pragma once
// What a FIX drop copy says: execution reports with whose they are, and trade capture reports.
#include "dataplane/edge/fix/fix_messages.hpp"

namespace tradsys::dataplane {

/// Whose order a copy is about.
struct FixCopyOrigin {
  std::string_view user{};  ///< of the client; the strategy's is STRAT
  u16 account = 0;
};

/// An ExecutionReport (8) with Account, the client as a party (FIX 4.2: ClientID) and, where the
/// version has it, CopyMsgIndicator.
void write_copy(fix::Writer& out, FixVersion version, const FixOrder& order,
                const FixExecution& execution, const FixCopyOrigin& origin) noexcept;

/// Whether a TradeCaptureReport tells of an execution, too: of a trade, its cancel and its
/// correction. FIX 4.2 has none: there, ExecTransType says it.
[[nodiscard]] bool is_trade(FixVersion version, const FixExecution& execution) noexcept;
/// A TradeCaptureReport (AE). The first one of a trade is named as its ExecID; a cancel or
/// correction names that one as what it refers to.
void write_trade(fix::Writer& out, const FixOrder& order, const FixExecution& execution,
                 const FixCopyOrigin& origin) noexcept;

}  // namespace tradsys::dataplane
