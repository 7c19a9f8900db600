#pragma once
// What a feed receiver can be told, and what it counts.
#include <array>
#include <optional>
#include <string_view>

#include "hostsw/core/result.hpp"
#include "hostsw/core/units.hpp"
#include "hostsw/wire/mold64.hpp"

namespace tradsys::feed {

/// The multicast lines, and the unicast answers of re-request servers as a line of their own.
inline constexpr u32 kLineA = 0;
inline constexpr u32 kLineB = 1;
inline constexpr u32 kRecoveryLine = 2;
inline constexpr u32 kLineCount = 3;

/// Why a receiver stopped delivering. It goes on only when its owner calls `resume`.
enum class FreezeReason : u8 {
  kNone,  ///< not frozen
  kSessionChange,  ///< the lines carry another session
  kRegression,  ///< the lines count on from a number long passed
  kContradiction,  ///< data beyond the announced end of session, or an end before data
  kFarAhead,  ///< the lines are further ahead than re-requests may bridge
  kUnrecoverableGap,  ///< no server answered for the missing messages
};
std::string_view name_of(FreezeReason reason) noexcept;

/// Defaults suit two lines in one rack; over a WAN raise `gap_wait` to 5-20 ms.
struct FeedConfig {
  /// Session to accept; none: the first packet on line A or B decides.
  std::optional<wire::MoldSession> session;
  /// First message wanted. 0: begin at the first packet seen, whatever it is.
  u64 first_sequence = 1;

  /// How long a hole may wait for the other line (or a late packet) before it is declared a gap.
  Nanos gap_wait = kMillisecond;
  /// A hole is declared at once when the stream has run this many messages past it.
  u64 gap_window_messages = 8'192;

  /// Live messages kept while an earlier one is missing: at most so many, in at most so many bytes.
  /// What does not fit is dropped, counted, and asked for again later.
  u32 buffer_messages = 1U << 16;
  u32 buffer_bytes = 4U << 20;

  /// Re-request servers; 0: a gap can be closed only by the lines themselves.
  u32 request_servers = 1;
  /// First wait for an answer; doubles with each silent attempt up to the maximum.
  Nanos request_timeout{20'000'000};
  Nanos request_timeout_max = kSecond;
  /// Attempts in a row without any progress before the gap is unrecoverable.
  u32 request_attempts_max = 10;
  /// Messages asked for in one request.
  u16 request_messages_max = wire::kMoldCountMax;

  /// Once the stream was contiguous, a jump further ahead than this is not believed; a late start
  /// is bridged over any distance.
  u64 far_ahead_messages_max = 1'000'000;
  /// A line that counts on from a number passed this long ago, or by this far, has regressed.
  Nanos regression_wait = kSecond;
  u64 regression_messages_max = 1'000'000;
  /// So many implausible packets in a row on lines A and B, no plausible one between, make the
  /// stream stale, and freeze it when no plausible one has come for `anomaly_wait` either; strays
  /// and forged packets beside a live stream do not.
  u32 anomalies_max = 3;
  Nanos anomaly_wait = kSecond;
  /// Both lines silent for this long make the stream stale (a live one sends heartbeats). 0: never.
  Nanos silence_max{5'000'000'000};
};

/// Names the first knob that is out of range.
Status validate(const FeedConfig& config);

/// Per line. `missed_messages` is what this line alone did not carry in order: late packets count
/// too.
struct LineCounters {
  u64 packets = 0;
  u64 heartbeats = 0;
  u64 messages = 0;  ///< first seen on this line
  u64 duplicates = 0;
  u64 missed_messages = 0;
};

/// Everything that ever happened to a stream; nothing is reset, also not by `resume`.
struct FeedCounters {
  std::array<LineCounters, kLineCount> line{};
  u64 delivered = 0;
  u64 malformed = 0;  ///< datagrams refused as damaged
  u64 wrong_session = 0;  ///< packets of another session
  u64 regressions = 0;  ///< packets that count on from a number long passed
  u64 contradictions = 0;  ///< data after the end of session, or an end before data
  u64 far_ahead = 0;  ///< packets too far ahead to be believed
  u64 doubted_jumps = 0;  ///< jumps beyond the gap window that waited for a second packet
  u64 unrequested = 0;  ///< answers before the stream was live
  u64 after_freeze = 0;  ///< packets that came while frozen
  u64 gaps = 0;  ///< holes declared
  u64 gap_messages = 0;  ///< messages missing in them when declared
  u64 requests = 0;  ///< re-requests sent
  u64 request_timeouts = 0;  ///< attempts that brought nothing
  u64 buffered = 0;  ///< messages that waited for an earlier one
  u64 buffer_dropped = 0;  ///< messages the buffer had no room for
  u64 silences = 0;  ///< times both lines fell silent
  u64 freezes = 0;

  /// Messages that only a re-request server brought.
  [[nodiscard]] u64 recovered() const noexcept { return line[kRecoveryLine].messages; }
};

}  // namespace tradsys::feed
