#pragma once
// What a session is told, and what it asks for: OUCH 5.0 without its spelling.
#include <tradsys/ouch50_spec.hpp>

#include "hostsw/core/symbol.hpp"
#include "hostsw/core/units.hpp"

namespace tradsys::client {

enum class Way : u8 { kBuy, kSell, kSellShort };

struct NewOrder {
  Symbol symbol;
  Way way = Way::kBuy;
  u32 qty = 0;  ///< shares
  u32 price = 0;  ///< four decimals
  bool immediate = false;  ///< what does not trade at once is canceled; else for the day
};

/// One sequenced message.
struct Event {
  enum class Kind : u8 {
    kAccepted,  ///< live with qty at price; qty 0: accepted and gone at once
    kReplaced,  ///< `previous` is now `ref`, with qty open at price
    kExecuted,  ///< qty at price
    kCanceled,  ///< qty less is open
    kRejected,  ///< `ref` never lived; a replaced order lives on; `reason`
    kCancelRejected,  ///< a cancel came too late, or a modify asked for more
    kReduced,  ///< a modify left qty open
    kBroken,  ///< the execution `match` never happened
    kCorrected,  ///< the execution `match` was qty at price
    kGap,  ///< messages before this number are not kept any more: ask risk what you hold
    kOther,  ///< a message that changes no order
  };
  Kind kind = Kind::kOther;
  u64 sequence = 0;  ///< number of the message; the same in every replay
  u32 ref = 0;  ///< of the order, as enter() and replace() gave it
  u32 previous = 0;
  u32 qty = 0;
  u32 price = 0;  ///< four decimals
  u64 match = 0;
  u16 reason = 0;  ///< of a rejection: the gate's or the venue's, see docs/CLI.md
  Symbol symbol{};
  Way way = Way::kBuy;
};

/// Decodes a sequenced message; kOther for what changes no order. `next_ref` is raised to what an
/// account query was answered with; returns whether it was one.
bool read_event(Bytes message, Event& event, u32& next_ref) noexcept;

/// Write an OUCH message to `out`, which has 64 bytes; return its length.
[[nodiscard]] usize write_enter(u32 ref, const NewOrder& order, std::byte* out) noexcept;
[[nodiscard]] usize write_replace(u32 old_ref, u32 ref, u32 qty, u32 price,
                                  std::byte* out) noexcept;
[[nodiscard]] usize write_cancel(u32 ref, u32 qty, std::byte* out) noexcept;

}  // namespace tradsys::client
