#pragma once
// OUCH 4.2 as our clients speak it. The client names an order by its token, which is the ClOrdID of
// the engine's records; the reference is ours (TokenMap).
#include <tradsys/ouch42_spec.hpp>

#include "dataplane/edge/ouch/ouch_client.hpp"
#include "dataplane/edge/ouch/token_map.hpp"

namespace tradsys::dataplane {

/// Seconds an order lives: 0 is immediate or cancel, 99998 the market hours. No other can be passed
/// on.
inline constexpr u32 kOuch42Ioc = 0;
inline constexpr u32 kOuch42MarketHours = 99'998;
[[nodiscard]] constexpr TimeInForce tif_of_seconds(u32 seconds) noexcept {
  if (seconds == kOuch42Ioc) return TimeInForce::kIoc;
  return seconds == kOuch42MarketHours ? TimeInForce::kDay : kUnknownTif;
}
[[nodiscard]] constexpr u32 seconds_of(TimeInForce tif) noexcept {
  return tif == TimeInForce::kIoc ? kOuch42Ioc : kOuch42MarketHours;
}

/// The letter a client of OUCH 4.2 is told for a refusal of ours.
[[nodiscard]] char ouch42_reason(RejectReason reason) noexcept;

/// A client's Enter Order as a request; the caller fills session, account, instrument and
/// reference.
[[nodiscard]] engine::ClientRequest request_of(const ouch42::inbound::EnterOrderView& m) noexcept;
[[nodiscard]] engine::ClientRequest request_of(const ouch42::inbound::ReplaceOrderView& m) noexcept;

/// Encodes a report as the client's next sequenced message; 0 when OUCH 4.2 has none for it: a
/// refused replace is told as the cancel that follows it, and a request that names no token was
/// never of this client's making.
[[nodiscard]] usize encode_report42(const engine::ClientReport& report, Symbol symbol,
                                    std::byte* out) noexcept;

}  // namespace tradsys::dataplane
