#pragma once
// What a drop copy says on top of OUCH. Each of its sequenced messages is the OUCH 5.0 message that
// the client got, byte for byte, and behind it an origin of fixed length: references are a client's
// own, so a reader of several clients needs to know whose they are. The origin has the form of an
// OUCH appendage option (length, tag, value), but is no part of one: not every message has an
// appendage. A reader takes the last kOriginBytes off and decodes the rest as usual.
//
//   offset  bytes  field
//   0       1      19: bytes that follow
//   1       1      tag 0xF0, of no option of OUCH 5.0
//   2       6      user of the client, padded with blanks; "STRAT" for the built-in strategy
//   8       2      session: place of the client in the configuration, big-endian; 0xFFFF the
//                  strategy's
//   10      2      account, big-endian
//   12      8      order number of the appliance, big-endian: the same in all messages of an order;
//                  0 where it never got one
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "dataplane/edge/ouch/ouch_client.hpp"
#include "hostsw/core/bytes.hpp"

namespace tradsys::dataplane {

inline constexpr usize kOriginBytes = 20;
inline constexpr u8 kOriginTag = 0xF0;
inline constexpr u16 kOriginStrategy = 0xFFFF;
inline constexpr std::string_view kStrategyUser = "STRAT";

/// Whose order a message of a drop copy is about.
struct Origin {
  std::array<char, 6> user{' ', ' ', ' ', ' ', ' ', ' '};
  u16 session = 0;
  u16 account = 0;
  u64 order_number = 0;
};

[[nodiscard]] inline Origin origin_of(const engine::ClientReport& report,
                                      std::string_view user) noexcept {
  Origin origin;
  for (usize i = 0; i < user.size() && i < origin.user.size(); ++i) origin.user[i] = user[i];
  origin.session = report.session == orders::kStrategySession ? kOriginStrategy : report.session;
  origin.account = report.account;
  origin.order_number = report.order_number;
  return origin;
}

/// Writes kOriginBytes.
inline usize encode(const Origin& origin, std::byte* out) noexcept {
  out[0] = std::byte{kOriginBytes - 1};
  out[1] = std::byte{kOriginTag};
  std::memcpy(out + 2, origin.user.data(), origin.user.size());
  store_be16(out + 8, origin.session);
  store_be16(out + 10, origin.account);
  store_be64(out + 12, origin.order_number);
  return kOriginBytes;
}

/// The origin at the end of a drop copy's message; nothing when there is none. The OUCH message is
/// all before it.
[[nodiscard]] inline std::optional<Origin> origin_at_end(Bytes message) noexcept {
  if (message.size() <= kOriginBytes) return std::nullopt;
  const std::byte* at = message.data() + message.size() - kOriginBytes;
  if (at[0] != std::byte{kOriginBytes - 1} || at[1] != std::byte{kOriginTag}) return std::nullopt;
  Origin origin;
  std::memcpy(origin.user.data(), at + 2, origin.user.size());
  origin.session = load_be16(at + 8);
  origin.account = load_be16(at + 10);
  origin.order_number = load_be64(at + 12);
  return origin;
}

/// Whether a drop copy passes a report on: answers to account queries are about no order.
[[nodiscard]] inline bool is_copied(const engine::ClientReport& report) noexcept {
  return report.kind != engine::ReportKind::kNextReference;
}

}  // namespace tradsys::dataplane
