#pragma once
// What a session with the venue is and counts, in any protocol.
#include "hostsw/core/types.hpp"

namespace tradsys::dataplane {

/// How far the session is.
enum class VenueState : u8 {
  kDown,  ///< no connection
  kConnecting,  ///< TCP, login or logout under way
  kReplaying,  ///< logged in, catching up with the stream
  kReconciling,  ///< the venue is asked for what it holds
  kReady,  ///< orders may go out
  kStopped,  ///< the venue's stream is over or not the journal's: an operator has to look
};

struct VenueCounters {
  u64 connects = 0;
  u64 disconnects = 0;
  u64 login_rejects = 0;
  u64 stream_mismatches = 0;  ///< another session, or not the next message: see kStopped
  u64 messages_in = 0;
  u64 messages_out = 0;
  u64 malformed = 0;
  u64 send_refused = 0;  ///< cancels the transport had no room for: sent again by housekeeping
  u64 differences = 0;  ///< orders that the venue holds otherwise than we do: an alarm
  u64 unanswered = 0;  ///< status requests that the venue did not answer: an alarm
};

}  // namespace tradsys::dataplane
