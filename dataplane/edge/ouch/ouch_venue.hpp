#pragma once
// OUCH 5.0 as the venue speaks it: orders -> inbound messages, outbound messages -> venue reports.
#include <tradsys/ouch50_spec.hpp>

#include "dataplane/edge/ouch/ouch_client.hpp"
#include "dataplane/engine/venue_token.hpp"

namespace tradsys::dataplane {

/// Largest inbound message of ours.
inline constexpr usize kOuchInboundBytesMax = 64;

/// Encoders return the length. The venue's UserRefNum is our order id, its ClOrdID our token.
[[nodiscard]] usize encode_enter(const orders::Order& order, Symbol symbol,
                                 std::byte* out) noexcept;
[[nodiscard]] usize encode_replace(const orders::Order& order, std::byte* out) noexcept;
[[nodiscard]] usize encode_cancel(u64 order_id, u32 qty, std::byte* out) noexcept;
[[nodiscard]] usize encode_account_query(std::byte* out) noexcept;

/// What an outbound message of the venue was.
enum class VenueMessage : u8 { kReport, kAccountQueryResponse, kNoEffect, kMalformed };

/// Decodes one sequenced message. `report.instrument` is left unknown and `symbol` set where the
/// message names one; the caller looks it up. `next_ref` is set by an Account Query Response.
[[nodiscard]] VenueMessage decode_venue_message(Bytes message, orders::VenueReport& report,
                                                Symbol& symbol, u32& next_ref) noexcept;

}  // namespace tradsys::dataplane
