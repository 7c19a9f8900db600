#pragma once
// What is said on the local socket before memory takes over: one request, one answer, each a packet
// of fixed size. The answer to a granted request carries the descriptor of the memory. The socket
// then stays open and silent: its end is the end of the session, from either side.
#include <optional>

#include "hostsw/core/bytes.hpp"
#include "hostsw/core/decode.hpp"
#include "hostsw/ipc/layout.hpp"
#include "hostsw/ipc/market_board.hpp"
#include "hostsw/ipc/session_memory.hpp"

namespace tradsys::ipc {

enum class AttachKind : u32 {
  kSession = 1,  ///< an order session: SessionMemory
  kMarket = 2,  ///< best prices and trades: MarketBoard
};

struct AttachRequest {
  u64 magic;
  u64 layout_hash;
  AttachKind kind;
  tradsys::Text<6> user;  ///< of a session, padded with blanks
  tradsys::Text<10> password;
  tradsys::Text<4> reserved;
};
static_assert(WireRecord<AttachRequest>);

enum class AttachStatus : u32 {
  kGranted,
  kNotAuthorized,  ///< user, password, or the user id of the process
  kOtherRelease,  ///< the layouts differ
  kMalformed,
  kBusy,  ///< too many attachments; try again
  kNoMemory,  ///< the host has none left
};

struct AttachReply {
  u64 magic;
  u64 layout_hash;
  AttachStatus status;
  u32 reserved;
};
static_assert(WireRecord<AttachReply>);

inline constexpr u64 kAttachMagic = 0x3148'4354'4153'4454;  // "TDSATCH1" in file order
inline constexpr u64 kAttachLayout =
    layout_hash({sizeof(AttachRequest), sizeof(AttachReply), kSessionLayout, kMarketLayout});

[[nodiscard]] inline AttachReply reply_of(AttachStatus status) noexcept {
  return {kAttachMagic, kAttachLayout, status, 0};
}

/// Reads a request; what is wrong with it, or kGranted when nothing is so far.
[[nodiscard]] inline AttachStatus read_request(Bytes packet, AttachRequest& request) noexcept {
  if (packet.size() != sizeof request || !load_record(packet, request) ||
      request.magic != kAttachMagic)
    return AttachStatus::kMalformed;
  if (request.layout_hash != kAttachLayout) return AttachStatus::kOtherRelease;
  const bool known = request.kind == AttachKind::kSession || request.kind == AttachKind::kMarket;
  return known ? AttachStatus::kGranted : AttachStatus::kMalformed;
}

}  // namespace tradsys::ipc
