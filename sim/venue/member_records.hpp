#pragma once
// What the exchange is configured with and what it knows of its members' executions.
#include <tradsys/ouch50_spec.hpp>
#include <tradsys/risk_spec.hpp>
#include <vector>

#include "hostsw/core/symbol.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::sim {

/// One listed instrument; its number (ITCH stock locate) is its place in the list plus 1.
struct Listing {
  Symbol symbol;
  u32 price_step = 100;  ///< book units (four decimals)
  u32 round_lot = 1;
};

struct ExchangeConfig {
  std::vector<Listing> listings;
  u32 sessions_max = 8;
  u32 orders_max = 1U << 17;
  bool cancel_on_disconnect = true;
};

/// What the exchange did, for the invariants of the simulation. `signed_qty` of a session and
/// instrument is the sum of its fills: bought positive, sold negative.
struct ExchangeCounters {
  u64 orders = 0;
  u64 trades = 0;
  u64 ignored = 0;  ///< retransmissions, and cancels or replaces of orders that are dead
  u64 malformed = 0;  ///< messages that are no OUCH 5.0
};

/// A fill of a member's order, as the exchange's own books have it.
struct MemberFill {
  u16 session = 0;
  u16 instrument = 0;
  Side side = Side::kNone;
  bool broken = false;  ///< taken back: an earlier fill of this quantity does not count any more
  u32 qty = 0;
  Text<14> clordid = kSpaces<14>;
};

/// kNone for what is no side.
[[nodiscard]] constexpr Side side_of(char c) noexcept {
  return c == 'B' ? Side::kBuy : c == 'S' ? Side::kSell : c == 'T' ? Side::kSellShort : Side::kNone;
}
/// As OUCH spells it.
[[nodiscard]] constexpr char letter_of(Side side) noexcept {
  return side == Side::kBuy ? 'B' : side == Side::kSellShort ? 'T' : 'S';
}

/// A live order of a member session. qty - leaves is what was executed.
struct Member {
  u64 number = 0;
  u32 ref = 0;
  u32 price = 0;
  u32 qty = 0;
  u32 leaves = 0;
  u16 session = 0;
  u16 instrument = 0;
  Side side = Side::kNone;
  char tif = '0';
  char capacity = ouch50::capacity::kAgency;
  Text<14> clordid = kSpaces<14>;
};

/// One member's side of one of the last executions; match number 0 = none, or broken.
struct MemberTrade {
  u64 match_number = 0;
  u32 ref = 0;
  u32 price = 0;
  MemberFill fill;
};

/// The last executions of members, for the exchange to take back or to correct.
class MemberTrades {
 public:
  void keep(const MemberTrade& trade) noexcept { trades_[next_++ % trades_.size()] = trade; }
  /// The first one there is from place `pick` on; nullptr when there is none.
  [[nodiscard]] const MemberTrade* pick(u64 pick) const noexcept {
    for (usize i = 0; i < trades_.size(); ++i) {
      const MemberTrade& t = trades_[(pick + i) % trades_.size()];
      if (t.match_number != 0) return &t;
    }
    return nullptr;
  }
  [[nodiscard]] std::vector<MemberTrade>& all() noexcept { return trades_; }

 private:
  std::vector<MemberTrade> trades_ = std::vector<MemberTrade>(1'024);
  usize next_ = 0;
};

}  // namespace tradsys::sim
