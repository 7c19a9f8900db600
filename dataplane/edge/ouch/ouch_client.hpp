#pragma once
// OUCH 5.0 as our clients speak it: inbound messages -> engine requests, engine reports -> outbound
// messages. Prices carry four decimals, as the books do.
#include <tradsys/ouch50_spec.hpp>

#include "dataplane/edge/ouch/ouch_options.hpp"
#include "dataplane/engine/reports.hpp"
#include "hostsw/core/symbol.hpp"

namespace tradsys::dataplane {

/// From this price on an order has no limit (OUCH 4.2 and 5.0: 0x7FFFFFFF).
inline constexpr u64 kOuchMarketPrice = 0x7FFF'FFFF;
/// Largest outbound message of ours.
inline constexpr usize kOuchOutboundBytesMax = 96;
inline constexpr u64 kDayNs = 86'400ULL * 1'000'000'000ULL;

/// Sides and times in force as OUCH spells them; what is none of ours stays invalid for the gate to
/// name.
[[nodiscard]] constexpr Side side_of_ouch(char c) noexcept {
  switch (c) {
    case 'B':
      return Side::kBuy;
    case 'S':
      return Side::kSell;
    case 'T':
      return Side::kSellShort;
    default:
      return Side::kNone;
  }
}
[[nodiscard]] constexpr char ouch_side(Side side) noexcept {
  switch (side) {
    case Side::kBuy:
      return 'B';
    case Side::kSellShort:
      return 'T';
    default:
      return 'S';
  }
}
inline constexpr TimeInForce kUnknownTif{0xFF};
[[nodiscard]] constexpr TimeInForce tif_of_ouch(char c) noexcept {
  switch (c) {
    case '0':
      return TimeInForce::kDay;
    case '3':
      return TimeInForce::kIoc;
    default:
      return kUnknownTif;
  }
}
[[nodiscard]] constexpr char ouch_tif(TimeInForce tif) noexcept {
  return tif == TimeInForce::kIoc ? '3' : '0';
}
/// Book price of an OUCH price: kMarketPrice for market orders, 0 (never valid) beyond 32 bits.
[[nodiscard]] constexpr u32 price_of_ouch(u64 price) noexcept {
  if (price >= kOuchMarketPrice) return price == kOuchMarketPrice ? kMarketPrice : 0;
  return static_cast<u32>(price);
}
[[nodiscard]] constexpr u64 ouch_price(u32 price) noexcept {
  return price == kMarketPrice ? kOuchMarketPrice : price;
}

[[nodiscard]] constexpr bool is_ouch_capacity(char c) noexcept {
  namespace capacity = ouch50::capacity;
  return c == capacity::kAgency || c == capacity::kPrincipal || c == capacity::kRiskless ||
         c == capacity::kOther;
}

/// A client's Enter Order as a request; the caller fills session, account and instrument.
[[nodiscard]] inline engine::ClientRequest request_of(
    const ouch50::inbound::EnterOrderView& m) noexcept {
  engine::ClientRequest r;
  r.kind = RequestKind::kNew;
  r.client_ref = m.user_ref_num();
  r.side = side_of_ouch(m.side());
  r.tif = tif_of_ouch(m.time_in_force());
  r.price = price_of_ouch(m.price());
  r.order_type = r.price == kMarketPrice ? OrderType::kMarket : OrderType::kLimit;
  r.qty = m.quantity();
  r.capacity = m.capacity();
  r.clordid = m.clordid();
  // What cannot be passed on is refused: an order must never go out as another one than was meant.
  r.unsupported = m.display() != ouch50::display::kVisible || !is_ouch_capacity(m.capacity()) ||
                  m.inter_market_sweep_eligibility() == ouch50::sweep::kEligible ||
                  m.cross_type() != ouch50::cross_type::kContinuous ||
                  !changes_nothing(m.appendage());
  return r;
}

[[nodiscard]] inline engine::ClientRequest request_of(
    const ouch50::inbound::ReplaceOrderView& m) noexcept {
  engine::ClientRequest r;
  r.kind = RequestKind::kReplace;
  r.client_ref = m.user_ref_num();
  r.replaces_client_ref = m.orig_user_ref_num();
  r.tif = tif_of_ouch(m.time_in_force());
  r.price = price_of_ouch(m.price());
  r.qty = m.quantity();
  r.clordid = m.clordid();
  r.unsupported = m.display() != ouch50::display::kVisible ||
                  m.inter_market_sweep_eligibility() == ouch50::sweep::kEligible ||
                  !changes_nothing(m.appendage());
  return r;
}

/// Encodes a report as the client's next sequenced message; returns its length. `symbol` is the
/// instrument's name.
[[nodiscard]] usize encode_report(const engine::ClientReport& report, Symbol symbol,
                                  std::byte* out) noexcept;

}  // namespace tradsys::dataplane
