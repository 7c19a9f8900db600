#pragma once
// The ClOrdID we give the venue: it names the client's session and reference, so that an order the
// journal lost in a crash is found again in the venue's own stream.
#include <optional>

#include "dataplane/engine/reports.hpp"

namespace tradsys::engine {

inline constexpr char kBase36Digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Whose order it is.
struct VenueToken {
  u16 session = 0;
  u16 account = 0;
  u32 client_ref = 0;
  bool operator==(const VenueToken&) const = default;
};

/// "T", then in base 36: session (3), account (3), client reference (7). 36^3 = 46656 sessions or
/// accounts.
[[nodiscard]] constexpr orders::ClOrdId encode_token(const VenueToken& token) noexcept {
  orders::ClOrdId text{};
  text[0] = 'T';
  const auto put = [&text](u32 first, u32 last, u64 value) {
    for (u32 i = last; i >= first; --i, value /= 36) text[i] = kBase36Digits[value % 36];
  };
  put(1, 3, token.session);
  put(4, 6, token.account);
  put(7, 13, token.client_ref);
  return text;
}

/// Nothing when the text is not one of our tokens.
[[nodiscard]] constexpr std::optional<VenueToken> decode_token(
    const orders::ClOrdId& text) noexcept {
  if (text[0] != 'T') return std::nullopt;
  bool good = true;
  const auto get = [&text, &good](u32 first, u32 last) {
    u64 value = 0;
    for (u32 i = first; i <= last; ++i) {
      const char c = text[i];
      if (c >= '0' && c <= '9')
        value = value * 36 + static_cast<u64>(c - '0');
      else if (c >= 'A' && c <= 'Z')
        value = value * 36 + static_cast<u64>(c - 'A' + 10);
      else
        good = false;
    }
    return value;
  };
  const u64 session = get(1, 3);
  const u64 account = get(4, 6);
  const u64 client_ref = get(7, 13);
  if (!good || session > 0xFFFF || account > 0xFFFF || client_ref > 0xFFFF'FFFF)
    return std::nullopt;
  return VenueToken{static_cast<u16>(session), static_cast<u16>(account),
                    static_cast<u32>(client_ref)};
}

/// A request that a crash took out of the journal: how it ended.
[[nodiscard]] inline ClientReport lost_report(const VenueToken& token, u32 client_ref,
                                              RejectReason reason,
                                              const orders::VenueReport& report) noexcept {
  ClientReport out;
  out.kind = ReportKind::kRejected;
  out.reject_reason = reason;
  out.venue_reason = report.reason;
  out.session = token.session;
  out.account = token.account;
  out.client_ref = client_ref;
  out.ts_ns = report.ts_ns;
  out.clordid.fill(' ');
  return out;
}

static_assert(decode_token(encode_token({7, 12, 4'000'000'000})) ==
              VenueToken{7, 12, 4'000'000'000});
static_assert(36ULL * 36 * 36 * 36 * 36 * 36 * 36 > 0xFFFF'FFFFULL);

}  // namespace tradsys::engine
